//! Bells, days, changes and explanations, in words.
//!

use super::{Words, date, dates, hours, quoted};
use crate::schedule::{
    bell::{Bell, Day},
    explain::{Answer, Explanation},
    model::{Change, ChangeKind, Entry, EntryDay, WrittenBell, written_time},
    why::Step,
};

impl Explanation {
    /// What happens, and then the chain of rules: a sentence each.
    pub fn words(&self) -> Vec<Words> {
        let (day, time) = (date(self.at.date()), written_time(self.at.time()));
        let head = |en: &str, fr: &str| {
            Words::new(format!("{}, {time}: {en}", day.en), format!("{}, {time} : {fr}", day.fr))
        };
        let mut sentences = Vec::new();
        let mut own = self.day.as_slice();
        match &self.answer {
            Answer::Rings { bells } => {
                for bell in bells {
                    let Words { en, fr } = bell.words();
                    sentences.push(head(&format!("{en} rings"), &format!("{fr} sonne")));
                }
                own = bells.first().map_or(own, |bell| &bell.why);
            }
            Answer::Silenced { silenced } => {
                for bell in silenced {
                    let name = quoted(&bell.label);
                    sentences.push(head(
                        &format!("the bell{} does not ring", name.en),
                        &format!("la sonnerie{} ne sonne pas", name.fr),
                    ));
                }
                own = silenced.first().map_or(own, |bell| &bell.why);
            }
            Answer::NoBell { before, after } => {
                sentences.push(head(
                    "no bell is written down for this minute",
                    "aucune sonnerie n’est écrite pour cette minute",
                ));
                sentences.extend(before.as_ref().map(|bell| {
                    let Words { en, fr } = bell.dated();
                    Words::new(
                        format!("The last one before: {en}"),
                        format!("La dernière avant : {fr}"),
                    )
                }));
                sentences.extend(after.as_ref().map(|bell| {
                    let Words { en, fr } = bell.dated();
                    Words::new(
                        format!("The first one after: {en}"),
                        format!("La première après : {fr}"),
                    )
                }));
            }
        }
        sentences.extend(own.iter().map(Step::words));
        sentences
    }
}

impl Bell {
    /// `“Début des cours” (GPIO23)`, or `GPIO23` where it has no label.
    pub fn words(&self) -> Words {
        named(&self.label, &self.id.trigger)
    }

    /// As [`Self::words`], with its date and time before.
    pub fn dated(&self) -> Words {
        let (day, time) = (date(self.id.date), written_time(self.id.time));
        let Words { en, fr } = self.words();
        Words::new(format!("{} {time}, {en}", day.en), format!("{} {time}, {fr}", day.fr))
    }

    /// Why it rings, in a line: what the day is, and what was done to the bell.
    pub fn because(&self) -> Words {
        because(&self.why)
    }
}

impl Day {
    /// Why it is what it is, in a line.
    pub fn because_words(&self) -> Words {
        because(&self.why)
    }
}

impl WrittenBell {
    /// `08:25 “Début des cours” (GPIO23)`.
    pub fn words(&self) -> Words {
        let Words { en, fr } = named(&self.label, &self.trigger);
        let time = written_time(self.time);
        Words::new(format!("{time} {en}"), format!("{time} {fr}"))
    }
}

impl Change {
    /// What it changes.
    pub fn words(&self) -> Words {
        let day = dates(self.date, self.date);
        let Words { en, fr } = match &self.kind {
            ChangeKind::Shift { from, minutes } => {
                let from = written_time(*from);
                Words::new(
                    format!("bells from {from} on are shifted by {minutes:+} min"),
                    format!("les sonneries à partir de {from} sont décalées de {minutes:+} min"),
                )
            }
            ChangeKind::Mute(span) => {
                let hours = hours(*span);
                Words::new(format!("silence {}", hours.en), format!("silence {}", hours.fr))
            }
            ChangeKind::Bell(bell) => {
                let bell = bell.words();
                Words::new(
                    format!("one more bell, {}", bell.en),
                    format!("une sonnerie de plus, {}", bell.fr),
                )
            }
            ChangeKind::Cancel { time, trigger } => {
                let time = written_time(*time);
                Words::new(
                    format!("the bell of {time} ({trigger}) is cancelled"),
                    format!("la sonnerie de {time} ({trigger}) est annulée"),
                )
            }
        };
        Words::new(format!("{}: {en}", day.en), format!("{} : {fr}", day.fr))
    }
}

impl Entry {
    /// What it says.
    pub fn words(&self) -> Words {
        let (name, span) = (quoted(&self.label), dates(self.from, self.to));
        let mut what = match &self.day {
            EntryDay::Usual => Words::default(),
            EntryDay::Silent => Words::new(", no bells", ", sans sonnerie"),
            EntryDay::Typed { day_type } => {
                Words::new(format!(", day type {day_type}"), format!(", journée type {day_type}"))
            }
        };
        for span in &self.silent_hours {
            let hours = hours(*span);
            what.en.push_str(&format!(", silence {}", hours.en));
            what.fr.push_str(&format!(", silence {}", hours.fr));
        }
        Words::new(
            format!("{}{}{}", span.en, name.en, what.en),
            format!("{}{}{}", span.fr, name.fr, what.fr),
        )
    }
}

fn named(label: &str, trigger: &str) -> Words {
    match label {
        "" => Words::new(trigger, trigger),
        _ => Words::new(format!("“{label}” ({trigger})"), format!("« {label} » ({trigger})")),
    }
}

fn because(why: &[Step]) -> Words {
    let (mut en, mut fr) = (Vec::new(), Vec::new());
    for step in why.iter().filter(|step| step.holds) {
        let words = step.words();
        en.push(words.en);
        fr.push(words.fr);
    }
    Words::new(en.join("; "), fr.join(" ; "))
}
