//! `/menu`: what there is to eat.
//!

use jiff::{ToSpan, civil::Date};
use pronote_client::{
    Key,
    features::{self, Meal, MealKind, MenuPart},
};
use serde::Serialize;

use super::{Asker, Failure, offered};

/// A meal.
#[derive(Debug, Serialize)]
pub struct Menu {
    id: Key,
    name: Option<String>,
    date: String,
    #[serde(rename = "type")]
    kind: Kind,
    first_meal: Option<Vec<Dish>>,
    main_meal: Option<Vec<Dish>>,
    side_meal: Option<Vec<Dish>>,
    other_meal: Option<Vec<Dish>>,
    cheese: Option<Vec<Dish>>,
    dessert: Option<Vec<Dish>>,
}

#[derive(Debug, Serialize)]
struct Kind {
    is_lunch: bool,
    is_dinner: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Dish {
    name: String,
    labels: Vec<Label>,
}

#[derive(Debug, Clone, Serialize)]
struct Label {
    id: Key,
    name: String,
    color: Option<String>,
}

/// Each week is a call; canteens do not plan further ahead than this.
const WEEKS_AT_MOST: i64 = 8;

/// The meals from one day to another, of 8 weeks at most. One call a week.
pub async fn menu(asker: Asker<'_>, from: Date, to: Date) -> Result<Vec<Menu>, Failure> {
    let to = to.min(from.saturating_add(WEEKS_AT_MOST.weeks()).saturating_sub(1.day()));
    if to < from {
        return Ok(Vec::new());
    }
    let days = offered(asker.client.menus(from, to).await)?;
    let meals = days.iter().flat_map(|day| day.meals.iter().map(|meal| one(day.date, meal)));
    Ok(meals.collect())
}

fn one(date: Date, meal: &Meal) -> Menu {
    let part = |is: fn(MenuPart) -> bool| {
        let dishes = meal.dishes.iter().filter(|dish| is(dish.part)).map(Dish::from);
        Some(dishes.collect()).filter(|dishes: &Vec<_>| !dishes.is_empty())
    };
    Menu {
        id: meal.key,
        name: meal.name.clone(),
        date: date.to_string(),
        kind: Kind {
            is_lunch: meal.kind == MealKind::Lunch,
            is_dinner: meal.kind == MealKind::Dinner,
        },
        first_meal: part(|part| part == MenuPart::Starter),
        main_meal: part(|part| part == MenuPart::Main),
        side_meal: part(|part| part == MenuPart::Side),
        other_meal: part(|part| matches!(part, MenuPart::Drink | MenuPart::Other(_))),
        cheese: part(|part| part == MenuPart::Cheese),
        dessert: part(|part| part == MenuPart::Dessert),
    }
}

impl From<&features::Dish> for Dish {
    fn from(dish: &features::Dish) -> Self {
        let label = |label: &features::Label| Label {
            id: label.key,
            name: label.name.clone(),
            color: label.color.clone(),
        };
        Self { name: dish.name.clone(), labels: dish.labels.iter().map(label).collect() }
    }
}
