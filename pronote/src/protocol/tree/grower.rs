//! How a tree grows out of whatever serde reads.
//!

use std::fmt;

use serde::{
    Deserializer,
    de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use serde_json::Number;

use super::{Fields, Item, Tree, index};

impl Tree {
    /// Adds the value that a deserializer holds.
    pub(super) fn grow<'de, D: Deserializer<'de>>(&mut self, from: D) -> Result<(), D::Error> {
        Grower(self).deserialize(from)
    }

    /// What an opened container turned out to be.
    fn settle<E>(&mut self, place: usize, item: Item) -> Result<(), E> {
        if let Some(opened) = self.items.get_mut(place) {
            *opened = item;
        }
        Ok(())
    }

    /// Makes a text the name of the value that follows it.
    fn name(&mut self, place: usize, next: u32) {
        if let Some(item) = self.items.get_mut(place)
            && let Item::Text { start, end } = *item
        {
            *item = Item::Name { start, end, next };
        }
    }
}

/// Adds one value to a tree, with all that is in it.
struct Grower<'t>(&'t mut Tree);

impl Grower<'_> {
    fn add<E>(self, item: Item) -> Result<(), E> {
        self.0.items.push(item);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Grower<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Grower<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.add(Item::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<(), E> {
        self.add(Item::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.add(Item::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.add(Item::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.add(Number::from_f64(number).map_or(Item::Null, Item::Number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        let start = place(self.0.texts.len())?;
        self.0.texts.push_str(text);
        let end = place(self.0.texts.len())?;
        self.add(Item::Text { start, end })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self(tree) = self;
        let own = tree.items.len();
        tree.items.push(Item::Null);
        let mut count = 0;
        while list.next_element_seed(Grower(tree))?.is_some() {
            count += 1;
        }
        let end = place(tree.items.len())?;
        tree.settle(own, Item::List { count, end })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let Self(tree) = self;
        let own = tree.items.len();
        tree.items.push(Item::Null);
        let mut end = place(tree.items.len())?;
        while object.next_key_seed(Grower(tree))?.is_some() {
            object.next_value_seed(Grower(tree))?;
            let name = index(end);
            end = place(tree.items.len())?;
            tree.name(name, end);
        }
        let fields = Fields { tree, first: own + 1, end };
        let item = match (fields.place("_T"), fields.place("V")) {
            (Some(_), Some(inner)) => Item::Wrapper { inner: place(inner)?, end },
            _ => Item::Object { end },
        };
        tree.settle(own, item)
    }
}

fn place<E: de::Error>(index: usize) -> Result<u32, E> {
    u32::try_from(index).map_err(|_| E::custom("more than four billion values"))
}
