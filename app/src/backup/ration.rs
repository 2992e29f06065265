//! A reader that gives no more than it was allowed to.
//!

use std::{
    cell::Cell,
    io::{self, Read},
    rc::Rc,
};

/// Reads on from another, as far as [`Allowance::grant`] lets it.
pub struct Rationed<R> {
    inner: R,
    left: Rc<Cell<u64>>,
}

/// What lets a [`Rationed`] reader go on.
pub struct Allowance(Rc<Cell<u64>>);

impl<R> Rationed<R> {
    /// Nothing is allowed yet.
    pub fn new(inner: R) -> (Self, Allowance) {
        let left = Rc::new(Cell::new(0));
        (Self { inner, left: Rc::clone(&left) }, Allowance(left))
    }
}

impl Allowance {
    /// From here on, so many bytes and no more.
    pub fn grant(&self, bytes: u64) {
        self.0.set(bytes);
    }
}

impl<R: Read> Read for Rationed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.left.get();
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(into.len());
        if most == 0 && !into.is_empty() {
            return Err(io::Error::other(
                "it says more of itself than any backup of a Beffroi does",
            ));
        }
        let read = self.inner.read(into.get_mut(..most).unwrap_or_default())?;
        self.left.set(left - read as u64);
        Ok(read)
    }
}
