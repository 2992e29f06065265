//! The journal for a spreadsheet: CSV (RFC 4180), as the reader's language has it.
//!
//! A French Excel expects semicolons and decimal commas, and takes `1.5` for the first of May. All
//! of them take bytes for Latin-1 unless a mark at the beginning says UTF-8; programs ask for JSON.

use std::io;

use csv::{Terminator, Writer, WriterBuilder};
use jiff::{Timestamp, tz::TimeZone};

use crate::{
    engine::{Cause, Outcome},
    http::words::Words,
    store::journal::JournalEntry,
};

/// The languages there are: the values of the parameter.
pub const LANGUAGES: [&str; 2] = ["en", "fr"];

/// How a sheet is written.
#[derive(Debug, Clone)]
pub struct Sheet {
    french: bool,
    zone: TimeZone,
}

/// What says that UTF-8 follows.
const MARK: &[u8] = "\u{feff}".as_bytes();

const HEADINGS: [[&str; 2]; 12] = [
    ["number", "numéro"],
    ["time", "heure"],
    ["time UTC", "heure UTC"],
    ["trigger", "déclencheur"],
    ["name", "nom"],
    ["sound", "son"],
    ["cause", "cause"],
    ["by", "par"],
    ["outcome", "issue"],
    ["stopped by", "arrêtée par"],
    ["seconds", "secondes"],
    ["reason", "raison"],
];

impl Sheet {
    /// A sheet in one of [`LANGUAGES`]; its times are of `zone`.
    pub fn new(language: &str, zone: TimeZone) -> Self {
        Self { french: language == "fr", zone }
    }

    /// The beginning of the file: its mark and its headings.
    ///
    /// # Errors
    /// None that is known: memory is written.
    pub fn head(&self) -> io::Result<Vec<u8>> {
        let mut bytes = MARK.to_vec();
        bytes.extend(
            self.lines(|writer| writer.write_record(HEADINGS.map(|words| self.word(words))))?,
        );
        Ok(bytes)
    }

    /// The lines of these rings.
    ///
    /// # Errors
    /// None that is known: memory is written.
    pub fn rows(&self, entries: &[JournalEntry]) -> io::Result<Vec<u8>> {
        self.lines(|writer| {
            entries.iter().try_for_each(|entry| writer.write_record(self.row(entry)))
        })
    }

    fn lines(
        &self,
        write: impl FnOnce(&mut Writer<Vec<u8>>) -> csv::Result<()>,
    ) -> io::Result<Vec<u8>> {
        let separator = if self.french { b';' } else { b',' };
        let mut builder = WriterBuilder::new();
        builder.delimiter(separator).terminator(Terminator::CRLF);
        let mut writer = builder.from_writer(Vec::new());
        write(&mut writer)?;
        writer.into_inner().map_err(|error| error.into_error())
    }

    fn row(&self, entry: &JournalEntry) -> [String; 12] {
        let stopped_by = match &entry.outcome {
            Outcome::Stopped { by } => self.who(by),
            _ => String::new(),
        };
        let reason = match &entry.outcome {
            Outcome::Failed { reason } | Outcome::Missed { reason } => reason.as_str(),
            _ => "",
        };
        let seconds = entry.seconds.to_string();
        [
            entry.id.0.to_string(),
            self.local(&entry.time),
            harmless(&entry.time),
            harmless(entry.trigger.as_deref().unwrap_or_default()),
            harmless(&entry.name),
            harmless(entry.sound.as_deref().unwrap_or_default()),
            self.word(cause(&entry.cause)).to_owned(),
            harmless(&by(&entry.cause)),
            self.word(outcome(&entry.outcome)).to_owned(),
            harmless(&stopped_by),
            if self.french { seconds.replace('.', ",") } else { seconds },
            harmless(&if self.french { Words::french().say(reason) } else { reason.to_owned() }),
        ]
    }

    /// As every spreadsheet takes a time, to the second.
    fn local(&self, time: &str) -> String {
        let parsed = time.parse::<Timestamp>();
        let local = parsed.map(|time| time.to_zoned(self.zone.clone()).datetime());
        local.map_or_else(|_| String::new(), |it| it.strftime("%Y-%m-%d %H:%M:%S").to_string())
    }

    fn who(&self, cause: &Cause) -> String {
        let by = by(cause);
        if by.is_empty() { self.word(self::cause(cause)).to_owned() } else { by }
    }

    fn word(&self, [english, french]: [&'static str; 2]) -> &'static str {
        if self.french { french } else { english }
    }
}

fn by(cause: &Cause) -> String {
    match cause {
        Cause::Line { line } | Cause::Serial { line } => line.to_string(),
        Cause::Api { user } => user.clone(),
        Cause::Schedule { label, .. } => label.clone(),
        Cause::Cli => String::new(),
    }
}

fn cause(cause: &Cause) -> [&'static str; 2] {
    match cause {
        Cause::Line { .. } => ["contact", "contact"],
        Cause::Serial { .. } => ["serial board", "carte série"],
        Cause::Api { .. } => ["person or program", "personne ou programme"],
        Cause::Cli => ["command on the box", "commande sur la boîte"],
        Cause::Schedule { .. } => ["bell tables", "horaires"],
    }
}

fn outcome(outcome: &Outcome) -> [&'static str; 2] {
    match outcome {
        Outcome::Playing => ["plays", "sonne"],
        Outcome::Played => ["played", "jouée"],
        Outcome::Replaced => ["replaced", "remplacée"],
        Outcome::Stopped { .. } => ["stopped", "arrêtée"],
        Outcome::Failed { .. } => ["failed", "en échec"],
        Outcome::Missed { .. } => ["missed", "manquée"],
        Outcome::Interrupted => ["cut off", "coupée"],
    }
}

/// A text that would be a formula becomes a text again.
fn harmless(text: &str) -> String {
    const BEGINNINGS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.starts_with(BEGINNINGS) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(language: &str) -> Sheet {
        Sheet::new(language, TimeZone::get("Europe/Paris").unwrap())
    }

    fn entry(name: &str, outcome: Outcome) -> JournalEntry {
        let mut entry: JournalEntry = serde_json::from_value(serde_json::json!({
            "id": 7, "time": "2026-09-01T06:00:00.012Z", "trigger": "GPIO23", "name": "",
            "cause": {"kind": "line", "line": "GPIO23"}, "sound": "bell.mp3", "seconds": 4.5,
            "outcome": "played",
        }))
        .unwrap();
        (entry.name, entry.outcome) = (name.into(), outcome);
        entry
    }

    fn line(language: &str, entry: JournalEntry) -> String {
        String::from_utf8(sheet(language).rows(&[entry]).unwrap()).unwrap()
    }

    #[test]
    fn a_sheet_is_written_as_its_reader_s_language_has_it() {
        let head = String::from_utf8(sheet("fr").head().unwrap()).unwrap();
        assert!(head.starts_with("\u{feff}numéro;heure;heure UTC;déclencheur;nom;"), "{head}");
        assert!(head.ends_with(";raison\r\n"), "{head}");
        let english = "7,2026-09-01 08:00:00,2026-09-01T06:00:00.012Z,GPIO23,Entrance,bell.mp3,\
                       contact,GPIO23,played,,4.5,\r\n";
        assert_eq!(line("en", entry("Entrance", Outcome::Played)), english);
        let by = Cause::Cli;
        let french = "7;2026-09-01 08:00:00;2026-09-01T06:00:00.012Z;GPIO23;Entrance;bell.mp3;\
                      contact;GPIO23;arrêtée;commande sur la boîte;4,5;\r\n";
        assert_eq!(line("fr", entry("Entrance", Outcome::Stopped { by })), french);
    }

    #[test]
    fn separators_quotes_and_line_ends_stay_in_their_field() {
        for (name, written) in [
            ("a,b", "\"a,b\""),
            ("a\"b", "\"a\"\"b\""),
            ("a\r\nb", "\"a\r\nb\""),
            ("a;b", "a;b"),
            ("=1+1", "'=1+1"),
            ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
            ("+33 1", "'+33 1"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("＝1", "'＝1"),
            ("A=1", "A=1"),
        ] {
            let line = line("en", entry(name, Outcome::Played));
            let wanted = format!(",GPIO23,{written},bell.mp3,");
            assert!(line.contains(&wanted), "{name:?}: {line:?}");
        }
        let reason = "@evil;".to_owned();
        let line = line("fr", entry("a;b", Outcome::Failed { reason }));
        assert!(line.contains(";\"a;b\";") && line.ends_with(";\"'@evil;\"\r\n"), "{line:?}");
    }
}
