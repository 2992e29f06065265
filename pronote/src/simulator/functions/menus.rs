//! `PageMenus`: what the canteen serves in the week of a day.
//!

use super::{put, put_some};
use crate::simulator::call::{Answer, Call, Outcome, Trouble};
use crate::simulator::ids::Kind;
use crate::simulator::json::{Json, day, domain, list, object, read_day};
use crate::simulator::school::people::row;
use crate::simulator::school::scatter;
use crate::simulator::school::texts::{ALLERGENS, DISHES, LABELS};
use jiff::ToSpan;
use jiff::civil::Date;

pub(crate) fn page(call: &mut Call<'_>) -> Outcome {
    let asked = read_day(call.get("date")).ok_or(Trouble::Impossible)?;
    let calendar = &call.server.calendar;
    let week = calendar.week(asked);
    let monday = calendar.monday(week);
    let days = (0..5)
        .map(|offset: i32| monday.saturating_add(offset.days()))
        // No meals on Wednesdays.
        .filter(|date| calendar.is_open(*date) && date.weekday().to_monday_zero_offset() != 2)
        .map(|date| object!({ "Date": day(date), "ListeRepas": list(meals(call, date)) }));
    Ok(Answer::from(object!({
        "AvecRepasMidi": true,
        "AvecRepasSoir": true,
        "DomaineDePresence": domain(format!("[1..{}]", calendar.last_week())),
        "ListeAllergenes": list((0..).zip(ALLERGENS).map(|(rank, _)| allergen(call, rank))),
        "Listelabels": list((0..).zip(LABELS).map(|(rank, _)| label(call, rank))),
        "ListeJours": list(days),
    })))
}

fn meals(call: &Call<'_>, date: Date) -> Vec<Json> {
    let number = u32::try_from(
        call.server.calendar.week(date) * 8 + i32::from(date.weekday().to_monday_zero_offset()),
    )
    .unwrap_or(0);
    // Dinner on Mondays and Thursdays, for the boarders.
    let kinds = if number.is_multiple_of(4) || number % 8 == 3 { 0..2 } else { 0..1 };
    kinds
        .map(|kind| {
            let mut meal = object!({
                "N": call.id(Kind::Menu, number << 1 | kind),
                "G": kind,
                "ListePlats": list(courses(call, number << 1 | kind)),
            });
            put_some(&mut meal, "L", (number % 3 == 1).then_some("Menu « Saveurs d'automne » 🍂"));
            meal
        })
        .collect()
}

fn courses(call: &Call<'_>, meal: u32) -> Vec<Json> {
    (0..)
        .zip(DISHES)
        // A course is missing now and then.
        .filter(|(rank, _)| !scatter(meal ^ rank).is_multiple_of(7) || *rank == 1)
        .map(|(rank, (kind, dishes))| {
            let count = 1 + scatter(meal ^ rank ^ 0xF0) % 2;
            let length = u32::try_from(dishes.len()).expect("a few dishes");
            let foods = (0..count).map(|choice| {
                let index = (scatter(meal ^ rank << 4) + choice) % length;
                let name = usize::try_from(index).ok().and_then(|index| dishes.get(index));
                food(call, rank << 8 | index, name.copied().unwrap_or_default())
            });
            object!({ "G": kind, "ListeAliments": list(foods) })
        })
        .collect()
}

fn food(call: &Call<'_>, number: u32, name: &str) -> Json {
    let seed = scatter(number ^ 0xF00D);
    object!({
        "N": call.id(Kind::Food, number),
        "L": name,
        "listeLabelsAlimentaires": list((0..seed % 3).map(|rank| label(call, (seed + rank) % 4))),
        "listeAllergenesAlimentaire": list((0..seed / 4 % 3).map(|rank| allergen(call, rank))),
    })
}

fn label(call: &Call<'_>, rank: u32) -> Json {
    let (name, colour) = *row(&LABELS, rank);
    let mut label = object!({ "L": name, "N": call.id(Kind::Food, 0x1_0000 | rank) });
    put_some(&mut label, "couleur", colour);
    label
}

fn allergen(call: &Call<'_>, rank: u32) -> Json {
    let (name, colour) = *row(&ALLERGENS, rank);
    let mut allergen = object!({ "L": name, "N": call.id(Kind::Food, 0x2_0000 | rank) });
    put(&mut allergen, "couleur", colour);
    allergen
}
