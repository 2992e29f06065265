//! What the engine decides.

/// The engine.
#[derive(Debug, Default)]
pub struct Core {}
