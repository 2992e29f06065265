//! From the first call to the user's name: parameters, challenge, tokens, modal.
//!

pub(crate) mod authentication;
pub(crate) mod identification;
pub(crate) mod parameters;
pub(crate) mod security;
pub(crate) mod token;
pub(crate) mod user;
