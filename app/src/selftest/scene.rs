//! The language of the scenes: what moves, and what must ring.

use std::{str::FromStr, time::Duration};

/// A scene: a name, and steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    /// What is true when it succeeds.
    pub name: String,
    /// In this order.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The board is opened.
    Start,
    /// A contact closes.
    Close(Contact),
    /// A contact opens.
    Open(Contact),
    /// Nobody moves for so long.
    Wait(Duration),
    /// So often it has rung since this was last asked.
    Rings(Contact, usize),
    /// The board is unplugged.
    Lose,
    /// The board is plugged in again.
    Restore,
}

/// A contact of a scene; which line that is, the stage knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contact {
    /// The one that every stage has.
    A,
    /// Another one.
    B,
}

/// A line that is no step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {number} of the scenes: {text:?} is no step")]
pub struct NoStep {
    number: usize,
    text: String,
}

/// Reads scenes: one step a line; `#` begins a remark, and `scene` a scene.
///
/// # Errors
/// A line that is no step, or one that comes before the first scene.
pub fn read(text: &str) -> Result<Vec<Scene>, NoStep> {
    let mut scenes: Vec<Scene> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix("scene ") {
            scenes.push(Scene { name: name.into(), steps: Vec::new() });
            continue;
        }
        let wrong = || NoStep { number, text: line.into() };
        let scene = scenes.last_mut().ok_or_else(wrong)?;
        scene.steps.push(line.parse().map_err(|()| wrong())?);
    }
    Ok(scenes)
}

impl Scene {
    /// Whether a stage that has the contact A only cannot play it.
    pub fn takes_two_contacts(&self) -> bool {
        let b = |step: &Step| {
            matches!(
                step,
                Step::Close(Contact::B) | Step::Open(Contact::B) | Step::Rings(Contact::B, _)
            )
        };
        self.steps.iter().any(b)
    }

    /// Whether a stage must be able to unplug its board.
    pub fn unplugs(&self) -> bool {
        self.steps.contains(&Step::Lose)
    }
}

impl FromStr for Step {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let step = match *words.as_slice() {
            ["box", "starts"] => Self::Start,
            ["board", "goes", "away"] => Self::Lose,
            ["board", "comes", "back"] => Self::Restore,
            ["wait", ms, "ms"] => Self::Wait(Duration::from_millis(ms.parse().map_err(drop)?)),
            [contact, "closes"] => Self::Close(contact.parse()?),
            [contact, "opens"] => Self::Open(contact.parse()?),
            [contact, "rings", times] => {
                Self::Rings(contact.parse()?, times.parse().map_err(drop)?)
            }
            _ => return Err(()),
        };
        Ok(step)
    }
}

impl FromStr for Contact {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "A" => Ok(Self::A),
            "B" => Ok(Self::B),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scenes_are_read_and_what_is_no_step_is_named() {
        let scenes =
            read("# why\nscene one\nA closes\nwait 5 ms\n\nscene two\nB rings 2\n").unwrap();
        assert_eq!(scenes.len(), 2);
        assert_eq!(
            scenes[0].steps,
            [Step::Close(Contact::A), Step::Wait(Duration::from_millis(5))]
        );
        assert!(scenes[1].takes_two_contacts() && !scenes[0].takes_two_contacts());
        for wrong in ["A closes", "scene x\nC closes", "scene x\nwait long", "scene x\nA rings -1"]
        {
            let error = read(wrong).unwrap_err();
            let last = wrong.lines().last().unwrap();
            assert!(error.to_string().contains(last), "{error}");
        }
    }
}
