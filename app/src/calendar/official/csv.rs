//! The data set as CSV.
//!
//! Its columns have labels (`Date de début`) or identifiers (`start_date`), whichever was asked for;
//! they are found by name, between semicolons, commas or tabs.

use super::{super::text::plain, Row, Unreadable};

/// The columns that are read, by the names that they have had.
const DESCRIPTION: &[&str] = &["description"];
const POPULATION: &[&str] = &["population"];
const START: &[&str] = &["start date", "date de debut"];
const END: &[&str] = &["end date", "date de fin"];
const ZONES: &[&str] = &["zones", "zone"];
const ACADEMY: &[&str] = &["location", "academies", "academie"];

/// The lines of the file.
pub fn rows(text: &str) -> Result<Vec<Row>, Unreadable> {
    let head = text.lines().next().unwrap_or_default();
    let delimiter = [';', '\t', ','].into_iter().max_by_key(|mark| head.matches(*mark).count());
    let mut records = records(text, delimiter.unwrap_or(';'))?.into_iter();
    let names: Vec<_> = records.next().unwrap_or_default().iter().map(|name| plain(name)).collect();
    let column = |known: &[&str]| names.iter().position(|name| known.contains(&name.as_str()));
    let (description, start, end) = (column(DESCRIPTION), column(START), column(END));
    let (zones, academy) = (column(ZONES), column(ACADEMY));
    if description.is_none() || start.is_none() || end.is_none() || zones.or(academy).is_none() {
        return Err(Unreadable::new(format!(
            "expected the columns description, start_date, end_date and zones, found {:?}",
            names.iter().take(12).collect::<Vec<_>>()
        )));
    }
    let population = column(POPULATION);
    let row = |record: Vec<String>| {
        let field =
            |at: Option<usize>| at.and_then(|at| record.get(at)).cloned().unwrap_or_default();
        let zone = field(zones);
        Row {
            label: field(description),
            population: field(population),
            start: field(start),
            end: field(end),
            place: if zone.trim().is_empty() { field(academy) } else { zone },
        }
    };
    Ok(records.filter(|record| record.iter().any(|field| !field.is_empty())).map(row).collect())
}

/// RFC 4180: a field may stand in quotes, and then hold anything, quotes doubled.
fn records(text: &str, delimiter: char) -> Result<Vec<Vec<String>>, Unreadable> {
    let mut records = Vec::new();
    let mut record = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                field.push('"');
                letters.next();
            }
            '"' if quoted || field.is_empty() => quoted = !quoted,
            '\r' if !quoted && letters.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            letter if letter == delimiter && !quoted => record.push(std::mem::take(&mut field)),
            letter => field.push(letter),
        }
    }
    if quoted {
        return Err(Unreadable::new("a quote is opened and never closed: the file is cut short"));
    }
    if !field.is_empty() || !record.is_empty() {
        record.push(field);
        records.push(record);
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_may_stand_in_quotes() {
        let text = "a;\"b;c\";\"say \"\"d\"\"\"\r\n\"two\nlines\";;e";
        let wanted = [vec!["a", "b;c", "say \"d\""], vec!["two\nlines", "", "e"]];
        assert_eq!(records(text, ';').unwrap(), wanted);
        assert!(records("a;\"b", ';').is_err());
    }
}
