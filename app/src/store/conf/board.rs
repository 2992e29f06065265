//! The section `board`: lines, outputs, and who has which offset.

use std::{collections::BTreeMap, time::Duration};

use beffroi_hal::{Bias, LineId, MAX_LINES, OutputConfig, Polarity};
use serde_json::Value;

use super::{
    Board, BoardKind, Line,
    fields::{self, Fields},
};
use crate::store::Problem;

const OFFSET: &str = "the line's number on its chip, such as 23";
const LEVEL: &str = "\"low\" or \"high\"";

/// Reads the section. Lines that only triggers name come later, by [`Offsets::add_line`].
pub fn read(section: &mut Fields<'_>) -> Option<(Board, Offsets)> {
    let kind = section.optional("kind", "one of auto, raspberry-pi, serial, mock", |kind| {
        kind.as_str()?.parse::<BoardKind>().ok()
    });
    let mut board =
        Board { kind: kind.unwrap_or_default(), lines: Vec::new(), outputs: Vec::new() };
    let mut offsets = Offsets::default();
    section.entries("lines", |path, name, value, problems| {
        let line = line_id(path, name, problems)
            .and_then(|id| fields::read(path, value, problems, |fields| line(fields, id)));
        let Some(line) = line else { return };
        if let Err(reason) = offsets.add_line(&mut board.lines, line) {
            problems.push(Problem::error(path, reason));
        }
    });
    section.entries("outputs", |path, name, value, problems| {
        let output = line_id(path, name, problems)
            .and_then(|id| fields::read(path, value, problems, |fields| output(fields, id)));
        let Some(output) = output else { return };
        match offsets.take(output.offset, &output.id) {
            Ok(()) => board.outputs.push(output),
            Err(reason) => problems.push(Problem::error(path, reason)),
        }
    });
    Some((board, offsets))
}

/// Which offset is whose: the kernel gives a line to one request only, and one refused line
/// would cost the whole board.
#[derive(Debug, Default)]
pub struct Offsets(BTreeMap<u32, LineId>);

impl Offsets {
    /// Adds a line that is not yet among `lines`; the error says in words why it cannot be.
    pub fn add_line(&mut self, lines: &mut Vec<Line>, line: Line) -> Result<(), String> {
        if lines.iter().any(|known| known.id == line.id) {
            return Err(format!("line {} is named twice", line.id));
        }
        if lines.len() >= MAX_LINES {
            return Err(format!("line {} is one too many: at most {MAX_LINES} lines", line.id));
        }
        if let Some(offset) = line.offset {
            self.take(offset, &line.id)?;
        }
        lines.push(line);
        Ok(())
    }

    fn take(&mut self, offset: u32, id: &LineId) -> Result<(), String> {
        if let Some(owner) = self.0.get(&offset) {
            return Err(format!("{id} has offset {offset}, which is that of {owner} already"));
        }
        self.0.insert(offset, id.clone());
        Ok(())
    }
}

fn line_id(path: &str, name: &str, problems: &mut Vec<Problem>) -> Option<LineId> {
    let id = name.parse();
    if let Err(error) = &id {
        problems.push(Problem::error(path, format!("{error}")));
    }
    id.ok()
}

fn line(fields: &mut Fields<'_>, id: LineId) -> Option<Line> {
    let default = Line::named(id);
    let offset = fields.optional("offset", OFFSET, fields::whole(0, u32::MAX));
    let bias = fields.optional(
        "bias",
        "one of \"pull-up\", \"pull-down\", \"disabled\", \"as-is\"",
        one_of::<Bias>,
    );
    let active = fields.optional("active", LEVEL, one_of::<Polarity>);
    let debounce =
        fields.optional("debounce_ms", "milliseconds, 0–10000", fields::whole(0, 10_000));
    Some(Line {
        offset: offset.or(default.offset),
        bias: bias.unwrap_or(default.bias),
        active: active.unwrap_or(default.active),
        debounce: debounce.map_or(default.debounce, |ms| Duration::from_millis(ms.into())),
        ..default
    })
}

fn output(fields: &mut Fields<'_>, id: LineId) -> Option<OutputConfig> {
    let parse = fields::whole(0, u32::MAX);
    let offset = match id.implied_offset() {
        Some(implied) => Some(fields.optional("offset", OFFSET, parse).unwrap_or(implied)),
        None => fields.required("offset", OFFSET, parse),
    };
    let active = fields.optional("active", LEVEL, one_of::<Polarity>).unwrap_or(Polarity::High);
    Some(OutputConfig { id, offset: offset?, active })
}

fn one_of<T: serde::de::DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}
