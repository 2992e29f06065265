//! The threads that carry the engine, and the handle by which others reach it.
