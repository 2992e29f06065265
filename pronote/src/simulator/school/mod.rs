//! A made-up school: its people, its year and all that happens in it.
//!
//! Everything is computed from tables and small hashes: the same school every time, and nothing to load.

pub(crate) mod attendance;
pub(crate) mod calendar;
pub(crate) mod files;
pub(crate) mod marks;
pub(crate) mod mishaps;
pub(crate) mod people;
pub(crate) mod texts;
pub(crate) mod timetable;

/// A number that looks random and is not: the same for the same `seed`.
pub(crate) fn scatter(seed: u32) -> u32 {
    let mut x = seed.wrapping_add(0x9E37_79B9);
    x = (x ^ (x >> 16)).wrapping_mul(0x21F0_AAAD);
    x = (x ^ (x >> 15)).wrapping_mul(0x735A_2D97);
    x ^ (x >> 15)
}

/// The item of `table` that `seed` falls on.
pub(crate) fn pick<T>(table: &[T], seed: u32) -> &T {
    let length = u32::try_from(table.len()).expect("tables are short");
    let index = usize::try_from(scatter(seed) % length).expect("smaller than the table");
    table.get(index).expect("smaller than the table")
}
