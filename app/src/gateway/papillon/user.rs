//! `/user`: who is logged in, and the periods of the year.
//!

use jiff::civil::Date;
use pronote_client::{Client, Key, Period};
use serde::Serialize;

use super::{Asker, Failure, periods, readable};

/// Who is logged in: the pupil, or a parent's first child.
#[derive(Debug, Serialize)]
pub struct User {
    name: Option<String>,
    class: Option<String>,
    establishment: Option<String>,
    phone: Option<String>,
    profile_picture: Option<String>,
    delegue: Vec<String>,
    periods: Vec<UserPeriod>,
}

#[derive(Debug, Serialize)]
struct UserPeriod {
    start: Option<String>,
    end: Option<String>,
    name: String,
    id: Key,
    /// Whether answers are about it.
    actual: bool,
}

/// Who is logged in. One call, for the telephone.
pub async fn user(asker: Asker<'_>) -> Result<User, Failure> {
    let client = asker.client;
    let phone = readable(client.personal().await)?.and_then(|personal| personal.phone);
    let pupil = client.pupil();
    let photo = client.photo_url();
    Ok(User {
        name: pupil.name.or_else(|| client.name()),
        class: pupil.class,
        establishment: pupil.establishment,
        phone,
        profile_picture: photo.and_then(|url| asker.links.photo(client, &url)),
        delegue: pupil.delegate_of,
        periods: all(client, asker),
    })
}

fn all(client: &Client, asker: Asker<'_>) -> Vec<UserPeriod> {
    let periods = client.periods();
    let selected = periods::selected(&periods, asker.period, asker.today).map(|found| found.key);
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let one = |period: &Period| UserPeriod {
        start: day(period.start),
        end: day(period.end),
        name: period.name.clone(),
        id: period.key,
        actual: Some(period.key) == selected,
    };
    periods.iter().map(one).collect()
}
