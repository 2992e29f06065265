//! The whole service, wired top to bottom.
