//! A day's lessons and the marks of the period, read from the simulator.
//!
//! `cargo run -p pronote-client --features simulator --example timetable`, or against a school:
//! `… --example timetable -- https://0123456a.index-education.net/pronote/eleve.html USER PASSWORD`

use std::error::Error;

use jiff::civil::date;
use pronote_client::{
    Client, Credentials, LoginOptions, Transport,
    simulator::{Simulator, SimulatorOptions},
};

#[allow(clippy::print_stdout)] // an example speaks to whoever runs it
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let school = (arguments.next(), arguments.next(), arguments.next());
    let options = SimulatorOptions {
        now: Some(date(2026, 11, 19).at(10, 0, 0, 0)),
        ..SimulatorOptions::default()
    };
    let simulator = Simulator::start(options)?;
    let (address, username, password) = match school {
        (Some(address), Some(username), Some(password)) => (address, username, password),
        _ => (simulator.page("eleve"), "demonstration".to_owned(), "pronotevs".to_owned()),
    };

    let transport = Transport::new()?;
    let address = address.parse()?;
    let credentials = Credentials::Password { username, password: password.into() };
    let login = Client::log_in(&transport, &address, &credentials, LoginOptions::default());
    let client = login.await?.done()?;
    let pupil = client.pupil();
    println!("{}, {}", pupil.name.unwrap_or_default(), pupil.class.unwrap_or_default());

    let day = client.school().next_day.unwrap_or(date(2026, 11, 20));
    println!("\n{day}");
    for lesson in client.timetable(day, day).await?.visible() {
        let subject = lesson.subject.as_ref().map_or("?", |subject| subject.name.as_str());
        let note = if lesson.is_cancelled { " (cancelled)" } else { "" };
        println!("{}  {subject}, {}{note}", lesson.start.time(), lesson.rooms.join(", "));
    }

    for period in client.periods().iter().filter(|period| period.is_default) {
        println!("\n{}", period.name);
        for average in client.marks(period).await?.averages {
            let mark = average.pupil.map_or("-".to_owned(), |mark| mark.to_string());
            println!("{mark:>6}  {}", average.subject.name);
        }
    }
    client.log_out().await?;
    Ok(())
}
