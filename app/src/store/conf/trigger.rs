//! A trigger as the file and the API write it.

use std::time::Duration;

use beffroi_hal::LineId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::fields::{self, Fields};
use crate::{
    engine::{Cue, SoundName, Source, Trigger},
    store::{FieldError, Problem},
};

/// A trigger as the file and the API write it. Keys that it does not know are kept as they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TriggerBody {
    /// What people call it. The trigger's id where it is absent.
    #[serde(default)]
    #[schema(max_length = 200, example = "Bouton entree")]
    pub name: String,
    /// The line that fires it (`GPIO23`), or `api` where only a caller does. A line fires one
    /// trigger.
    #[serde(rename = "type")]
    #[schema(example = "GPIO23")]
    pub source: String,
    /// The bare name of a file in the sound folder: mp3, wav, flac, ogg or m4a.
    #[schema(example = "bell.mp3")]
    pub music_file: String,
    /// Where in the file to begin, in seconds.
    #[serde(default)]
    #[schema(minimum = 0.0, maximum = 86400.0, default = 0.0, example = 2.5)]
    pub start_seconds: f64,
    /// Where in the file to end, in seconds, after the start; `null` or past its end: at its end.
    #[serde(default)]
    #[schema(minimum = 0.0, maximum = 86400.0, example = 10.0)]
    pub end_seconds: Option<f64>,
    /// 0.0 (silent) to 1.0 (as recorded), linear.
    #[serde(default = "full_volume")]
    #[schema(minimum = 0.0, maximum = 1.0, default = 1.0, example = 0.8)]
    pub volume: f64,
}

impl TriggerBody {
    /// Its keys.
    pub const KEYS: [&'static str; 6] =
        ["name", "type", "music_file", "start_seconds", "end_seconds", "volume"];

    /// Reads a trigger: as it is written with every default filled in, and as the engine takes it.
    pub fn read(
        path: &str,
        id: &str,
        value: &Value,
        problems: &mut Vec<Problem>,
    ) -> Option<(Self, Trigger)> {
        fields::read(path, value, problems, |fields| {
            let name = fields.optional("name", "a text of at most 200 bytes", |value| {
                fields::text(value).filter(|name| name.len() <= 200)
            });
            let source = source(fields);
            let sound = sound(fields);
            let (start, end) = span(fields);
            let volume = fields.optional("volume", "a number 0.0–1.0", fields::number(0.0, 1.0));
            let (source, sound) = (source?, sound?);
            let body = Self {
                name: name.unwrap_or_else(|| id.into()),
                source: match &source {
                    Source::Line(line) => line.to_string(),
                    Source::Api => "api".into(),
                },
                music_file: sound.to_string(),
                start_seconds: start,
                end_seconds: end,
                volume: volume.unwrap_or(full_volume()),
            };
            let trigger = Trigger { name: body.name.clone(), source, cue: body.cue(sound) };
            Some((body, trigger))
        })
    }

    /// The cue of a sound that is tried before a trigger has it; keys as in a trigger.
    ///
    /// # Errors
    /// The first key that is wrong.
    pub fn cue_to_try(sound: &SoundName, asked: &Map<String, Value>) -> Result<Cue, FieldError> {
        let mut body = asked.clone();
        body.insert("type".into(), "api".into());
        body.insert("music_file".into(), json!(sound));
        let mut problems = Vec::new();
        match Self::read("", "", &body.into(), &mut problems) {
            Some((_, trigger)) => Ok(trigger.cue),
            None => Err(problems.into_iter().find(Problem::is_error).map_or_else(
                || FieldError { field: String::new(), message: "cannot be understood".into() },
                |problem| FieldError {
                    field: problem.path.trim_start_matches('.').into(),
                    message: problem.message,
                },
            )),
        }
    }

    fn cue(&self, sound: SoundName) -> Cue {
        Cue {
            sound,
            start: Duration::from_secs_f64(self.start_seconds),
            end: self.end_seconds.map(Duration::from_secs_f64),
            #[expect(clippy::cast_possible_truncation, reason = "0.0 to 1.0, checked")]
            volume: self.volume as f32,
        }
    }
}

const fn full_volume() -> f64 {
    1.0
}

fn source(fields: &mut Fields<'_>) -> Option<Source> {
    let expected = "the name of a line such as \"GPIO23\", or \"api\"";
    fields.required("type", expected, |value| {
        let text = value.as_str()?;
        if text.eq_ignore_ascii_case("api") {
            return Some(Source::Api);
        }
        text.parse::<LineId>().ok().map(Source::Line)
    })
}

fn sound(fields: &mut Fields<'_>) -> Option<SoundName> {
    let text = fields.required("music_file", "the name of a sound file", fields::text)?;
    text.parse().map_err(|error| fields.error("music_file", format!("{error}"))).ok()
}

fn span(fields: &mut Fields<'_>) -> (f64, Option<f64>) {
    // A day: no sound is longer, and a number of milliseconds by mistake is caught.
    const EXPECTED: &str = "seconds, 0–86400";
    let start = fields.optional("start_seconds", EXPECTED, fields::number(0.0, 86_400.0));
    let end = fields.optional("end_seconds", EXPECTED, fields::number(0.0, 86_400.0));
    let start = start.unwrap_or(0.0);
    if let Some(end) = end {
        if end < start {
            fields.error("end_seconds", format!("{end} is before start_seconds {start}"));
        } else if end == start {
            fields.error("end_seconds", format!("{end} is start_seconds: nothing would ring"));
        }
    }
    (start, end)
}
