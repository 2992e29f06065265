//! What must outlive the process: conf.json, passwords, the journal of rings.
