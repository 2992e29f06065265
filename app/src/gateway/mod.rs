//! The gateway to PRONOTE: sessions behind tokens, and who may reach what.
//!
//! It knows nothing of the bell, and speaks no HTTP of its own: [`crate::http`] serves it.

pub mod limits;
pub mod papillon;
pub mod reach;
pub mod sessions;
#[cfg(test)]
mod testing;
