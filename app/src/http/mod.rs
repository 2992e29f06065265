//! The bell API over HTTPS.
