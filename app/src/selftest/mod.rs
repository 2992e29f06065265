//! `beffroi selftest`: the box tried with its own contacts and its own sound card.
//!
//! Scenes written once (`data/selftest/scenes.txt`) are played on a stage: the mock board, or a
//! Raspberry Pi on which a wire stands for a finger. Then a tone, for a person to hear.

mod hand;
mod scene;
mod stage;
mod tone;

use std::time::Duration;

use beffroi_boards::mock::MockHandle;
use beffroi_hal::{LineConfig, LineId};

use crate::{
    engine::{Cue, SoundName},
    player::AudioConfig,
    sounds::SoundFolder,
};
use stage::Stage;

pub use hand::{NoWire, Wire};

/// What is tried.
pub struct Plan {
    /// The board, and who moves its contacts.
    pub hand: HandChoice,
    /// The lines of the contacts A and B, wired as the configuration says.
    pub lines: Vec<LineConfig>,
    /// The sound output.
    pub audio: AudioConfig,
}

/// Who moves the contacts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandChoice {
    /// A finger on the mock board.
    Mock,
    /// Wires on the pin header; without any, no contact is tried.
    Wires(Vec<Wire>),
}

/// How a scene went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// As it should.
    Right,
    /// Otherwise, in words.
    Wrong(String),
    /// It could not be played here, and what that takes.
    Skipped(&'static str),
}

const SCENES: &str = include_str!("../../../data/selftest/scenes.txt");
const TONE: &str = "test-tone.wav";
/// What a contact rings: short, so that a scene is over soon.
const BEEP: Duration = Duration::from_millis(100);

/// Plays every scene, and then a tone; `told` hears of each as it ends.
///
/// # Errors
/// Nothing could be tried, in words: the board, a wire, a folder for the sounds.
pub fn run(plan: Plan, mut told: impl FnMut(&str, &Verdict)) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let sounds = SoundFolder::new(folder.path());
    sounds.ship()?;
    let tone: SoundName = TONE.parse()?;
    let scenes = scene::read(SCENES)?;
    match stage(&plan, &sounds, &tone) {
        None => told("contacts", &Verdict::Skipped("no --wire OUTPUT:INPUT was named")),
        Some(Err(reason)) => told("contacts", &Verdict::Wrong(reason)),
        Some(Ok(mut stage)) => {
            for scene in &scenes {
                let verdict = if scene.takes_two_contacts() && stage.contacts() < 2 {
                    Verdict::Skipped("it takes a second wire")
                } else if scene.unplugs() && !stage.can_unplug() {
                    Verdict::Skipped("it takes a board that can be unplugged")
                } else {
                    stage.play(scene).map_or_else(Verdict::Wrong, |()| Verdict::Right)
                };
                told(&scene.name, &verdict);
            }
        }
    }
    let (what, verdict) = tone::play(plan.audio, sounds, tone);
    told(&what, &verdict);
    Ok(())
}

/// `None`: there is nobody to move a contact.
fn stage(plan: &Plan, sounds: &SoundFolder, tone: &SoundName) -> Option<Result<Stage, String>> {
    let hand: Box<dyn hand::Hand> = match &plan.hand {
        HandChoice::Mock => Box::new(MockHandle::default()),
        HandChoice::Wires(wires) if wires.is_empty() => return None,
        HandChoice::Wires(wires) => match hand::Wires::open(wires, &plan.lines) {
            Ok(wires) => Box::new(wires),
            Err(error) => return Some(Err(error.to_string())),
        },
    };
    let cue = Cue { sound: tone.clone(), start: Duration::ZERO, end: Some(BEEP), volume: 1.0 };
    let sound = match tone::open(plan.audio.clone(), sounds.clone(), &cue) {
        Ok(sound) => sound,
        Err(reason) => return Some(Err(reason)),
    };
    let lines = plan.lines.iter().cloned();
    let lines = lines.map(|line| LineConfig { debounce: stage::DEBOUNCE, ..line }).collect();
    Some(Stage::set(hand, lines, &cue, sound))
}

/// The lines that a plan is for: the inputs of the wires, or two of the mock board.
pub fn lines(hand: &HandChoice) -> Vec<LineId> {
    match hand {
        HandChoice::Wires(wires) => wires.iter().take(2).map(|wire| wire.input.clone()).collect(),
        HandChoice::Mock => ["GPIO23", "GPIO24"].iter().filter_map(|id| id.parse().ok()).collect(),
    }
}

#[cfg(test)]
mod tests;
