//! Values as PRONOTE wraps them: `{"_T": 7, "V": "07/09/2026"}`.
//!
//! Reading never fails: what is absent, hidden or of another shape is `None` or an empty list.

use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    domain::Domain,
    html,
    mark::Mark,
    time,
    tree::{Part, Tree},
};

/// A place in an answer, whether there is something or not. Wrappers are looked through.
#[derive(Clone, Copy)]
pub struct Node<'a>(Option<Part<'a>>);

/// An object's id (`N`): text, or a number for what the client makes up. It dies with the session.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Id {
    /// `0`, or `-1001` for what is new
    Number(i64),
    /// `37#base64url`
    Text(Box<str>),
}

impl<'a> Node<'a> {
    /// Nothing.
    pub const NOTHING: Node<'static> = Node(None);

    /// The outermost place.
    pub fn new(tree: &'a Tree) -> Self {
        Self(tree.root())
    }

    /// The field of a name, exact case.
    pub fn field(self, name: &str) -> Self {
        match self.0 {
            Some(Part::Object(fields)) => Self(fields.get(name)),
            _ => Self::NOTHING,
        }
    }

    /// The first of several names that is there.
    pub fn either(self, names: &[&str]) -> Self {
        let found = names.iter().map(|name| self.field(name)).find(|node| node.is_there());
        found.unwrap_or(Self::NOTHING)
    }

    /// Whether there is something, `null` excepted.
    pub fn is_there(self) -> bool {
        !matches!(self.0, None | Some(Part::Null))
    }

    /// Whether it is an object.
    pub fn is_object(self) -> bool {
        matches!(self.0, Some(Part::Object(_)))
    }

    /// The items of a list or plain array; none where it is something else.
    pub fn list(self) -> impl Iterator<Item = Node<'a>> {
        let parts = match self.0 {
            Some(Part::List(parts)) => Some(parts),
            _ => None,
        };
        parts.into_iter().flatten().map(|part| Self(Some(part)))
    }

    /// The fields of an object by their names; none where it is something else.
    pub fn fields(self) -> impl Iterator<Item = (&'a str, Node<'a>)> {
        let fields = match self.0 {
            Some(Part::Object(fields)) => Some(fields.entries()),
            _ => None,
        };
        fields.into_iter().flatten().map(|(name, part)| (name, Self(Some(part))))
    }

    /// Text that is not empty; a number counts as its text.
    pub fn text(self) -> Option<String> {
        match self.0? {
            Part::Text(text) => {
                Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
            }
            Part::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// Text as it stands, empty or not.
    pub fn str(self) -> Option<&'a str> {
        match self.0? {
            Part::Text(text) => Some(text),
            _ => None,
        }
    }

    /// HTML as plain text; nothing where no text is left.
    pub fn plain(self) -> Option<String> {
        self.str().map(html::to_text).filter(|text| !text.is_empty())
    }

    /// A whole number, or the text of one.
    pub fn integer(self) -> Option<i64> {
        match self.0? {
            Part::Number(number) => {
                number.as_i64().or_else(|| number.as_f64().filter(|n| n.fract() == 0.0).map(whole))
            }
            Part::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// A whole number from 0 to 4294967295.
    pub fn natural(self) -> Option<u32> {
        u32::try_from(self.integer()?).ok()
    }

    /// A number, or the text of one, with a comma or a point.
    pub fn number(self) -> Option<f64> {
        match self.0? {
            Part::Number(number) => number.as_f64(),
            Part::Text(text) => Mark::read(text)?.number(),
            _ => None,
        }
    }

    /// A mark.
    pub fn mark(self) -> Option<Mark> {
        match self.0? {
            Part::Number(number) => number.as_f64().map(Mark::Number),
            Part::Text(text) => Mark::read(text),
            _ => None,
        }
    }

    /// True or false; 0 and 1 too.
    pub fn flag(self) -> Option<bool> {
        match self.0? {
            Part::Bool(flag) => Some(flag),
            Part::Number(number) => number.as_i64().map(|number| number != 0),
            Part::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// True, where it is there at all.
    pub fn is_true(self) -> bool {
        self.flag().unwrap_or(false)
    }

    /// A date with its time.
    pub fn date_time(self) -> Option<DateTime> {
        self.str().and_then(time::date_time)
    }

    /// A date.
    pub fn date(self) -> Option<Date> {
        self.str().and_then(time::date)
    }

    /// An hour of the day: `08h00`.
    pub fn time(self) -> Option<Time> {
        self.str().and_then(time::time)
    }

    /// A set of numbers; empty where there is none.
    pub fn domain(self) -> Domain {
        match self.0 {
            Some(Part::Text(text)) => Domain::read(text),
            Some(Part::List(_)) => Domain::of_numbers(self.list().filter_map(Node::natural)),
            _ => Domain::default(),
        }
    }

    /// The id under `N`.
    pub fn id(self) -> Option<Id> {
        match self.field("N").0? {
            Part::Text("") => None,
            Part::Text(text) => Some(Id::Text(text.into())),
            Part::Number(number) => number.as_i64().map(Id::Number),
            _ => None,
        }
    }

    /// The label under `L`.
    pub fn label(self) -> Option<String> {
        self.field("L").text()
    }

    /// The kind under `G`.
    pub fn kind(self) -> Option<i64> {
        self.field("G").integer()
    }

    /// The labels of a list's items; those without one are left out.
    pub fn labels(self) -> Vec<String> {
        self.list().filter_map(Node::label).collect()
    }
}

impl Id {
    /// The id as a value.
    pub fn value(&self) -> Value {
        match self {
            Self::Number(number) => (*number).into(),
            Self::Text(text) => (&**text).into(),
        }
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

/// `{"_T": kind, "V": value}`
pub fn typed(kind: u8, value: impl Into<Value>) -> Value {
    json!({"_T": kind, "V": value.into()})
}

/// A date and time, `_T` 7, as the official client writes it.
pub fn date_time(moment: DateTime) -> Value {
    typed(7, time::write(moment))
}

/// A list or an element, `_T` 24.
pub fn list(items: impl Into<Value>) -> Value {
    typed(24, items)
}

/// A set of numbers, `_T` 8.
pub fn domain(domain: &Domain) -> Value {
    typed(8, domain.to_string())
}

#[allow(clippy::cast_possible_truncation)] // saturates, which is what a tolerant reader wants
fn whole(number: f64) -> i64 {
    number as i64
}

#[cfg(test)]
mod tests {
    use jiff::civil::datetime;

    use super::*;

    #[test]
    fn wrappers_are_looked_through() {
        let answer = json!({
            "date": {"_T": 7, "V": "07/09/2026 08:00:00"},
            "liste": {"_T": 24, "V": [{"L": " un ", "N": "1#a"}, {"L": "", "N": 0}, {"_T": 24, "V": {"L": "trois"}}]},
            "nu": [{"L": "a"}],
            "note": {"_T": 10, "V": "|3"},
            "poids": "1,5",
            "vide": null,
            "semaines": {"_T": 8, "V": "[2..3]"},
        });
        let answer = answer.into();
        let node = Node::new(&answer);
        assert_eq!(node.field("date").date_time(), Some(datetime(2026, 9, 7, 8, 0, 0, 0)));
        assert_eq!(node.field("liste").labels(), ["un", "trois"]);
        assert_eq!(node.field("nu").labels(), ["a"]);
        let ids: Vec<_> = node.field("liste").list().map(Node::id).collect();
        assert_eq!(ids, [Some("1#a".into()), Some(Id::Number(0)), None]);
        assert_eq!(node.field("note").mark(), Some(Mark::NotMarked));
        assert_eq!(node.field("poids").number(), Some(1.5));
        assert!(!node.field("vide").is_there());
        assert_eq!(node.either(&["rien", "vide", "poids"]).text().as_deref(), Some("1,5"));
        assert!(node.field("semaines").domain().contains(3));
    }

    #[test]
    fn what_is_of_another_shape_is_nothing() {
        let odd = json!({"a": [], "b": {}, "c": "text", "d": true, "e": 1.5});
        let odd = odd.into();
        let node = Node::new(&odd);
        assert_eq!(node.field("a").text(), None);
        assert_eq!(node.field("b").list().count(), 0);
        assert_eq!(node.field("c").integer(), None);
        assert_eq!(node.field("c").date(), None);
        assert_eq!(node.field("d").number(), None);
        assert_eq!(node.field("e").integer(), None);
        assert_eq!(node.field("c").field("deeper").field("still").id(), None);
    }

    #[test]
    fn an_id_is_sent_back_as_it_came() {
        for value in [json!(0), json!(-1001), json!("37#x_y")] {
            let element = json!({"N": value});
            assert_eq!(Node::new(&element.into()).id().unwrap().value(), value);
        }
    }
}
