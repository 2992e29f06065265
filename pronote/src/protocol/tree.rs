//! An answer as two flat lists: its texts end to end, and its values as they came.
//!
//! A tree of maps allocates and hashes each field; answers are read once, and their objects are small.

mod grower;

use std::fmt;

use serde_json::Number;

/// Any JSON, to be read through [`super::value::Node`].
#[derive(Default)]
pub struct Tree {
    texts: String,
    items: Vec<Item>,
}

/// A value where it stands. What PRONOTE wraps is seen without its wrapper.
#[derive(Clone, Copy)]
pub(super) enum Part<'a> {
    Null,
    Bool(bool),
    Number(&'a Number),
    Text(&'a str),
    List(Parts<'a>),
    Object(Fields<'a>),
}

/// The values of a list.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a> {
    tree: &'a Tree,
    next: usize,
    left: u32,
}

/// The fields of an object.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    tree: &'a Tree,
    first: usize,
    end: u32,
}

/// What is in a list or an object follows it; `end` is the place after all that.
enum Item {
    Null,
    Bool(bool),
    Number(Number),
    /// A part of the texts.
    Text {
        start: u32,
        end: u32,
    },
    List {
        count: u32,
        end: u32,
    },
    /// Names and values by turns.
    Object {
        end: u32,
    },
    /// A part of the texts; its value follows, and the name after that is at `next`.
    Name {
        start: u32,
        end: u32,
        next: u32,
    },
    /// An object `{"_T": …, "V": …}`, and the place of its `V`.
    Wrapper {
        inner: u32,
        end: u32,
    },
}

impl Tree {
    /// Reads JSON that nests at most 128 levels deep.
    pub fn read(json: &[u8]) -> Option<Self> {
        // Checked at once: faster than text by text.
        let json = str::from_utf8(json).ok()?;
        // PRONOTE's answers have a value, or a name, for every eight bytes or so.
        let mut tree = Self {
            texts: String::with_capacity(json.len()),
            items: Vec::with_capacity(json.len() / 8),
        };
        let mut reader = serde_json::Deserializer::from_str(json);
        tree.grow(&mut reader).ok()?;
        reader.end().ok()?;
        Some(tree)
    }

    /// The outermost value.
    pub(super) fn root(&self) -> Option<Part<'_>> {
        self.part(0)
    }

    fn part(&self, place: usize) -> Option<Part<'_>> {
        let next = place + 1;
        Some(match self.items.get(place)? {
            Item::Null => Part::Null,
            Item::Bool(flag) => Part::Bool(*flag),
            Item::Number(number) => Part::Number(number),
            Item::Text { start, end } | Item::Name { start, end, .. } => {
                Part::Text(self.texts.get(index(*start)..index(*end)).unwrap_or_default())
            }
            Item::List { count, .. } => Part::List(Parts { tree: self, next, left: *count }),
            Item::Object { end } => Part::Object(Fields { tree: self, first: next, end: *end }),
            Item::Wrapper { inner, .. } => return self.part(index(*inner)),
        })
    }

    /// The place after a value and all that is in it.
    fn after(&self, place: usize) -> usize {
        match self.items.get(place) {
            Some(Item::List { end, .. } | Item::Object { end } | Item::Wrapper { end, .. }) => {
                index(*end)
            }
            _ => place + 1,
        }
    }

    fn is_text(&self, start: u32, end: u32, text: &str) -> bool {
        // Most differ in length already.
        index(end - start) == text.len()
            && self.texts.as_bytes().get(index(start)..index(end)) == Some(text.as_bytes())
    }
}

impl<'a> Fields<'a> {
    /// The field of a name; of several the first.
    pub(super) fn get(self, name: &str) -> Option<Part<'a>> {
        self.tree.part(self.place(name)?)
    }

    /// The names of all fields, and their values.
    pub(super) fn entries(self) -> impl Iterator<Item = (&'a str, Part<'a>)> {
        let mut place = self.first;
        std::iter::from_fn(move || {
            if place >= index(self.end) {
                return None;
            }
            let Some(Item::Name { next, .. }) = self.tree.items.get(place) else { return None };
            let Some(Part::Text(name)) = self.tree.part(place) else { return None };
            let value = self.tree.part(place + 1)?;
            place = index(*next);
            Some((name, value))
        })
    }

    fn place(self, name: &str) -> Option<usize> {
        let mut place = self.first;
        while place < index(self.end) {
            let Some(Item::Name { start, end, next }) = self.tree.items.get(place) else { break };
            if self.tree.is_text(*start, *end, name) {
                return Some(place + 1);
            }
            place = index(*next);
        }
        None
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        self.left = self.left.checked_sub(1)?;
        let part = self.tree.part(self.next);
        self.next = self.tree.after(self.next);
        part
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (index(self.left), Some(index(self.left)))
    }
}

#[cfg(any(test, feature = "fuzz"))]
impl From<serde_json::Value> for Tree {
    fn from(value: serde_json::Value) -> Self {
        let mut tree = Self::default();
        tree.grow(&value).expect("any JSON is a tree");
        tree
    }
}

// Nothing of an answer in a log.
impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tree({} values)", self.items.len())
    }
}

fn index(place: u32) -> usize {
    place as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::value::Node;

    #[test]
    fn each_field_is_found_whatever_stands_before_it() {
        let tree = Tree::read(
            br#"{"a": [[], {"c": 1}, "x"], "aa": {"a": null, "b": {"_T": 1, "V": {"_T": 2, "V": "w"}}},
                "\u00e9": -1.5, "d": true, "d": false, "last": 18446744073709551615}"#,
        )
        .unwrap();
        let top = Node::new(&tree);
        assert_eq!(top.field("a").list().count(), 3);
        assert_eq!(top.field("a").list().nth(1).unwrap().field("c").integer(), Some(1));
        assert_eq!(top.field("aa").field("b").str(), Some("w"), "a wrapper in a wrapper");
        assert!(!top.field("aa").field("a").is_there() && !top.field("b").is_there());
        assert_eq!(top.field("é").number(), Some(-1.5));
        assert_eq!(top.field("d").flag(), Some(true), "the first of two");
        assert_eq!(top.field("last").text().as_deref(), Some("18446744073709551615"));
    }

    #[test]
    fn what_is_no_json_is_no_tree() {
        for json in [&b""[..], b"{", b"[1,]", b"{} {}", b"\"\xff\"", &[b'['; 1000]] {
            assert!(Tree::read(json).is_none(), "{json:?}");
        }
        assert!(!Node::new(&Tree::default()).is_there());
    }
}
