//! Prints the days off of a place: `days_off PLACE [REGION] FROM TO`.
//!
//! Other tools check the calendar by it (`make calendar`).

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "what it prints is all it is for")]

use std::process::ExitCode;

use beffroi::calendar::{DaysOff, Holidays, Kind, Place, Region, Site};
use jiff::civil::Date;
use serde_json::json;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let asked = match arguments.as_slice() {
        [place, from, to] => read(place, None, from, to),
        [place, region, from, to] => read(place, Some(region), from, to),
        _ => Err("usage: days_off PLACE [REGION] FROM TO".to_owned()),
    };
    let (site, from, to) = match asked {
        Ok(asked) => asked,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::from(2);
        }
    };
    let off = DaysOff::new(&Holidays::bundled(), site.place, site.region);
    let mut day = from;
    while day <= to {
        if let Some(why) = off.day_off(day) {
            let kind = match why.kind {
                Kind::SchoolHoliday => "school",
                Kind::PublicHoliday => "public",
            };
            println!("{day},{kind},{}", why.label_en);
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    ExitCode::SUCCESS
}

fn read(
    place: &str,
    region: Option<&str>,
    from: &str,
    to: &str,
) -> Result<(Site, Date, Date), String> {
    let section = json!({ "place": place, "region": region });
    let site = section.as_object().map_or(Ok(None), Site::read);
    let site = site.map_err(|unknown| unknown.to_string())?;
    let site = site.unwrap_or(Site { place: Place::ZoneA, region: Region::Metropole });
    let day = |text: &str| text.parse().map_err(|_| format!("expected a day, found {text:?}"));
    Ok((site, day(from)?, day(to)?))
}
