//! The sound folder: names that stay in it, files that are really files.
