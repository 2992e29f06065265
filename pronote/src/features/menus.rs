//! Menus of the canteen.
//!

use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::MAX_WEEKS;
use crate::{
    Client, Error, Key,
    client::Feature,
    key::part,
    protocol::{
        tab, time,
        value::{self, Node},
    },
};

const FEATURE: Feature = Feature { name: "menus", function: "PageMenus", tab: tab::MENUS };

/// What there is to eat on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Menu {
    /// The day.
    pub date: Date,
    /// Its meals.
    pub meals: Vec<Meal>,
}

/// One meal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meal {
    /// Its name in every session.
    pub key: Key,
    /// A name that the school gave it.
    pub name: Option<String>,
    /// Lunch or dinner.
    pub kind: MealKind,
    /// What there is, in the order of the menu.
    pub dishes: Vec<Dish>,
}

/// Lunch or dinner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MealKind {
    /// At noon.
    Lunch,
    /// In the evening.
    Dinner,
    /// Another one, as PRONOTE numbers it.
    Other(i64),
}

/// Something to eat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dish {
    /// Its name.
    pub name: String,
    /// The part of the meal.
    pub part: MenuPart,
    /// `Bio`, `Fait maison`
    pub labels: Vec<Label>,
    /// What some cannot eat.
    pub allergens: Vec<Label>,
}

/// The parts of a meal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MenuPart {
    /// First course.
    Starter,
    /// Main course.
    Main,
    /// Side dish.
    Side,
    /// Drinks and the rest.
    Drink,
    /// Dessert.
    Dessert,
    /// Cheese.
    Cheese,
    /// Another part, as PRONOTE numbers it.
    Other(i64),
}

/// A label on a dish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Its name in every session.
    pub key: Key,
    /// Its words.
    pub name: String,
    /// `#RRGGBB`
    pub color: Option<String>,
}

impl Client {
    /// The menus from one day to another, both included; one call for each week.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), pronote_client::Error> {
    /// # use jiff::civil::date;
    /// for menu in client.menus(date(2026, 9, 7), date(2026, 9, 11)).await? {
    ///     println!("{}: {} meals", menu.date, menu.meals.len());
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn menus(&self, from: Date, to: Date) -> Result<Vec<Menu>, Error> {
        let last = from.saturating_add(i64::from(MAX_WEEKS).weeks());
        if to < from || to > last {
            let message = format!("expected a last day from {from} to {last}, found {to}");
            return Err(Error::Invalid(message));
        }
        let mut menus = Vec::new();
        let mut monday = time::monday(from);
        while monday <= to {
            let date = value::date_time(monday.at(0, 0, 0, 0));
            let reply = self.call(FEATURE, |_| Ok(json!({"date": date}))).await?;
            menus.extend(read(reply.node()));
            monday = monday.saturating_add(1.week());
        }
        menus.retain(|menu| (from..=to).contains(&menu.date));
        menus.sort_by_key(|menu| menu.date);
        menus.dedup_by_key(|menu| menu.date);
        Ok(menus)
    }
}

pub(super) fn read(answer: Node<'_>) -> Vec<Menu> {
    answer.field("ListeJours").list().filter_map(menu).collect()
}

fn menu(node: Node<'_>) -> Option<Menu> {
    let date = node.field("Date").date()?;
    let meals = node.field("ListeRepas").list().enumerate();
    Some(Menu { date, meals: meals.map(|(place, node)| meal(date, place, node)).collect() })
}

fn meal(date: Date, place: usize, node: Node<'_>) -> Meal {
    let dishes = node.field("ListePlats").list().flat_map(|part| {
        let of = MenuPart::of_code(part.kind());
        part.field("ListeAliments").list().filter_map(move |node| dish(of, node))
    });
    let code = node.kind().unwrap_or(0);
    Meal {
        key: Key::of("meal", &[&date, &code, &place]),
        name: node.label(),
        kind: match code {
            0 => MealKind::Lunch,
            1 => MealKind::Dinner,
            code => MealKind::Other(code),
        },
        dishes: dishes.collect(),
    }
}

fn dish(part: MenuPart, node: Node<'_>) -> Option<Dish> {
    Some(Dish {
        name: node.label()?,
        part,
        labels: node.field("listeLabelsAlimentaires").list().filter_map(label).collect(),
        allergens: node.field("listeAllergenesAlimentaire").list().filter_map(label).collect(),
    })
}

fn label(node: Node<'_>) -> Option<Label> {
    let (name, color) = (node.label()?, node.field("couleur").text());
    Some(Label { key: Key::of("label", &[&name, &part(color.as_ref())]), name, color })
}

impl MenuPart {
    fn of_code(code: Option<i64>) -> Self {
        match code {
            Some(0) => Self::Starter,
            Some(1) => Self::Main,
            Some(2) => Self::Side,
            Some(3) | None => Self::Drink,
            Some(4) => Self::Dessert,
            Some(5) => Self::Cheese,
            Some(code) => Self::Other(code),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn menus_are_read() {
        let answer = json!({"ListeJours": {"_T": 24, "V": [
            {"Date": {"_T": 7, "V": "07/09/2026"}, "ListeRepas": {"_T": 24, "V": [
                {"G": 0, "ListePlats": {"_T": 24, "V": [
                    {"G": 1, "ListeAliments": {"_T": 24, "V": [
                        {"L": "Gratin", "listeLabelsAlimentaires": {"_T": 24, "V": [{"L": "Bio", "couleur": "#00FF00"}]}},
                        {},
                    ]}},
                    {"G": 5},
                ]}},
                {"G": 1, "L": "Internat"},
            ]}},
            {},
        ]}});
        let menus = read(Node::new(&answer.into()));
        let [menu] = &menus[..] else { panic!("one day of two") };
        assert_eq!(menu.date, date(2026, 9, 7));
        let [lunch, dinner] = &menu.meals[..] else { panic!("two meals") };
        assert_eq!((lunch.dishes.len(), lunch.dishes[0].part), (1, MenuPart::Main));
        assert_eq!(lunch.dishes[0].labels[0].color.as_deref(), Some("#00FF00"));
        assert_eq!((dinner.kind, dinner.name.as_deref()), (MealKind::Dinner, Some("Internat")));
    }
}
