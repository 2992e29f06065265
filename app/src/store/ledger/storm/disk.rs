//! A disk as a power cut sees it.
//!

use std::{mem, sync::Arc};

use super::{
    super::{account, line::Line},
    dice::Dice,
};

/// The ledger's file.
#[derive(Default)]
pub struct Disk {
    pub text: Vec<u8>,
    /// So much of it is safe from a moment on.
    safe: Vec<(i64, usize)>,
    /// All that it said before it was written anew in short: for the check alone.
    archive: Vec<u8>,
    /// By how much it was longer then.
    shorter: i64,
    /// In short, and how much of the text it has.
    copy: Option<(Vec<u8>, usize)>,
    /// What a power cut before a moment may bring back.
    replaced: Option<(i64, Box<Disk>)>,
}

impl Disk {
    /// Writes lines; from when on they are safe.
    pub fn write(&mut self, lines: &[Line], now: i64, dice: &mut Dice) -> i64 {
        lines.iter().for_each(|line| line.write(&mut self.text));
        let before = self.safe.last().map_or(0, |(from, _)| *from);
        // A slow card. The folder, too, is waited for.
        let folder = self.replaced.as_ref().map_or(0, |(until, _)| *until);
        let from = before.max(folder).max(now + dice.below(800_000_000));
        self.safe.push((from, self.text.len()));
        from
    }

    /// How much was ever written, as long as no power cut has taken any of it.
    pub fn length(&self) -> i64 {
        self.shorter + self.text.len() as i64
    }

    /// All that was ever written down.
    pub fn lines(&self) -> impl Iterator<Item = &[u8]> {
        [&self.archive, &self.text].into_iter().flat_map(|text| text.split(|byte| *byte == b'\n'))
    }

    /// One step of writing it anew in short: it is begun, or brought up to date and put in place.
    pub fn shorten(&mut self, boot: &Arc<str>, now: i64, dice: &mut Dice) {
        let Some((mut short, has)) = self.copy.take() else {
            self.copy = Some((account::in_short(&self.text, 1_000_000, boot), self.text.len()));
            return;
        };
        short.extend(&self.text[has..]);
        let old = Self {
            text: mem::replace(&mut self.text, short),
            safe: mem::take(&mut self.safe),
            archive: self.archive.clone(),
            shorter: self.shorter,
            ..Self::default()
        };
        self.archive.extend(&old.text);
        self.shorter += old.text.len() as i64 - self.text.len() as i64;
        // All of it was waited for before it took the other's place.
        self.safe = vec![(0, self.text.len())];
        let until = now + dice.below(800_000_000);
        let old = match self.replaced.take() {
            // Neither of the two renamings is safe.
            Some((until, older)) if until > now => older,
            _ => Box::new(old),
        };
        self.replaced = Some((until, old));
    }

    /// The program ends.
    pub fn kill(&mut self) {
        self.copy = None;
    }

    /// The power goes, and comes back at a machine that counts its time anew.
    pub fn cut(&mut self, now: i64, dice: &mut Dice) {
        self.kill();
        if let Some((until, old)) = self.replaced.take()
            && until > now
            && dice.one_in(2)
        {
            *self = *old;
        }
        let safe = self.safe.iter().rev().find(|(from, _)| *from <= now).map_or(0, |(_, to)| *to);
        let left = safe + usize::try_from(dice.below((self.text.len() - safe) as i64 + 1)).unwrap();
        self.text.truncate(left);
        if !self.text.ends_with(b"\n") {
            self.text.push(b'\n');
        }
        self.safe = vec![(0, self.text.len())];
    }
}
