//! A list of which a wrong element spoils no other.
//!

use std::ops::Deref;

use serde::{Serialize, Serializer, ser::SerializeSeq as _};
use serde_json::Value;

/// A list as it is in force: the elements that are right, in their order, and those that are not
/// and have been left out. Written again, the latter follow the former: nothing is lost.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<T> {
    /// What is in force.
    pub right: Vec<T>,
    /// What is not.
    pub left_out: Vec<LeftOut>,
}

/// An element that is wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftOut {
    /// As it is written.
    pub written: Value,
    /// What is wrong with it: where, what was found, what was expected.
    pub why: String,
}

impl<T> Deref for Listed<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.right
    }
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { right: Vec::new(), left_out: Vec::new() }
    }
}

impl<T> From<Vec<T>> for Listed<T> {
    fn from(right: Vec<T>) -> Self {
        Self { right, left_out: Vec::new() }
    }
}

impl<'a, T> IntoIterator for &'a Listed<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.right.iter()
    }
}

impl<T: Serialize> Serialize for Listed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let length = self.right.len() + self.left_out.len();
        let mut list = serializer.serialize_seq(Some(length))?;
        for element in &self.right {
            list.serialize_element(element)?;
        }
        for element in &self.left_out {
            list.serialize_element(&element.written)?;
        }
        list.end()
    }
}
