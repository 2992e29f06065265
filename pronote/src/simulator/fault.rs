//! Faults on demand: what goes wrong, where, and how many times.
//!

use std::{str::FromStr, time::Duration};

use super::http::{Manner, Reply};
use super::page;
use crate::protocol::error::Refusal;

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// `{"Erreur": {"G": …}}`; the call is not carried out.
    Refusal(i64),
    /// A bare HTTP status; the call is not carried out.
    Status(u16),
    /// One of the pages that stand in for the real one; the call is not carried out.
    Page(Page),
    /// Carried out, and refused in the signature (`Signature.MessageErreur`).
    Business(String),
    /// Carried out, and answered with this manner of travelling.
    Travel(Manner),
    /// Carried out, and answered with text that is no JSON.
    Garbage,
    /// Carried out, and answered under a key that nobody has.
    WrongKey,
    /// Carried out, and answered with the wrong order number.
    WrongOrder,
    /// Carried out, and answered with this many bytes of nothing.
    Huge(usize),
    /// Not carried out: asked to come back after so many seconds.
    Wait(u32),
}

/// A page that is not the one that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// "Votre adresse IP est provisoirement suspendue"
    Suspended,
    /// "Le site n'est pas disponible"
    Closed,
    /// "Le site est momentanément indisponible"
    Busy,
    /// The browser is said to be too old.
    Incompatible,
    /// A page of some other site.
    Foreign,
}

/// A fault, where it strikes and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What goes wrong.
    pub fault: Fault,
    /// A function (`PageMenus`), or `start`, `file`, `upload`, `ical`, `pdf`, `discovery`; `None` is everywhere.
    pub place: Option<String>,
    /// How many calls are struck; `None` is all of them.
    pub times: Option<u32>,
    /// How many calls that it could strike go by first.
    pub skip: u32,
}

impl Fault {
    /// Everywhere and always.
    pub fn always(self) -> Plan {
        Plan { fault: self, place: None, times: None, skip: 0 }
    }

    /// The next call only.
    pub fn once(self) -> Plan {
        Plan { times: Some(1), ..self.always() }
    }
}

impl Plan {
    /// At this function or place only.
    #[must_use]
    pub fn at(mut self, place: &str) -> Self {
        self.place = Some(place.to_owned());
        self
    }

    /// After so many calls that it lets go by.
    #[must_use]
    pub fn after(mut self, calls: u32) -> Self {
        self.skip = calls;
        self
    }

    /// So many times.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }
}

/// What strikes this call, if any; plans that are used up are forgotten.
pub(crate) fn strike(plans: &mut Vec<Plan>, place: &str) -> Option<Fault> {
    let plan = plans.iter_mut().find(|plan| plan.place.as_deref().is_none_or(|at| at == place))?;
    if plan.skip > 0 {
        plan.skip -= 1;
        return None;
    }
    if let Some(times) = &mut plan.times {
        *times = times.saturating_sub(1);
    }
    let fault = plan.fault.clone();
    plans.retain(|plan| plan.times != Some(0));
    Some(fault)
}

impl Fault {
    /// The answer, where the call is not carried out at all.
    pub(crate) fn instead(&self, wait_name: &str) -> Option<Reply> {
        match self {
            Self::Refusal(code) => Some(Reply::json(&refusal(*code).write())),
            Self::Status(status) => Some(Reply::html(*status, format!("<h1>{status}</h1>"))),
            Self::Page(page) => Some(page::stand_in(*page)),
            Self::Wait(seconds) => Some(Reply::json(&serde_json::json!({
                wait_name: { "ParametresAtt": { "delai": seconds, "repeterRequete": true } }
            }))),
            _ => None,
        }
    }

    /// The answer, where the call was carried out.
    pub(crate) fn spoil(&self, mut reply: Reply) -> Reply {
        match self {
            Self::Travel(manner) => reply.manner = *manner,
            Self::Garbage => reply.body = "{\"dataSec\": \u{fffd}\u{0}<html>".into(),
            Self::Huge(bytes) => reply.body = vec![b' '; *bytes].into(),
            _ => {}
        }
        reply
    }
}

/// A refusal in the words that users see.
pub(crate) fn refusal(code: i64) -> Refusal {
    let title = match code {
        3 => "Accès refusé",
        5 => "Votre adresse IP est provisoirement suspendue.",
        8 => "La page a expiré ! (1)",
        10 => "La page a expiré ! (3)",
        11 => "La page a expiré ! (4)",
        13 => "La page a expiré ! (6)",
        21 => "Impossible d'afficher la page",
        22 => "La page demandée n'est plus disponible",
        25 => "Vous avez dépassé le nombre d'erreurs d'authentification autorisées !",
        _ => "Erreur inattendue",
    };
    Refusal::new(code, title)
}

/// Why a text is no fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected a fault such as 25, http-503, suspended, closed, busy, incompatible, foreign, slow-2000, drip-10, cut, drop, garbage, wrong-key, wrong-order, huge-1000000, wait-2 or message, then @PLACE and *TIMES if wanted; found {0:?}"
)]
pub struct InvalidFault(String);

impl FromStr for Plan {
    type Err = InvalidFault;

    /// `25@PageMenus*3`: error 25 at the next three calls of `PageMenus`.
    fn from_str(text: &str) -> Result<Self, InvalidFault> {
        let invalid = || InvalidFault(text.to_owned());
        let (rest, times) = match text.split_once('*') {
            Some((rest, times)) => (rest, Some(times.parse().map_err(|_| invalid())?)),
            None => (text, None),
        };
        let (name, place) = match rest.split_once('@') {
            Some((name, place)) => (name, Some(place.to_owned())),
            None => (rest, None),
        };
        let (word, number) = name.split_once('-').unwrap_or((name, ""));
        let count = || number.parse::<u32>().map_err(|_| invalid());
        let fault = match (name, word) {
            ("suspended", _) => Fault::Page(Page::Suspended),
            ("closed", _) => Fault::Page(Page::Closed),
            ("busy", _) => Fault::Page(Page::Busy),
            ("incompatible", _) => Fault::Page(Page::Incompatible),
            ("foreign", _) => Fault::Page(Page::Foreign),
            ("cut", _) => Fault::Travel(Manner::Cut),
            ("drop", _) => Fault::Travel(Manner::Dropped),
            ("garbage", _) => Fault::Garbage,
            ("wrong-key", _) => Fault::WrongKey,
            ("wrong-order", _) => Fault::WrongOrder,
            ("message", _) => Fault::Business("Cette action n'est pas autorisée.".to_owned()),
            (_, "http") => Fault::Status(number.parse().map_err(|_| invalid())?),
            (_, "slow") => Fault::Travel(Manner::After(Duration::from_millis(count()?.into()))),
            (_, "drip") => Fault::Travel(Manner::Dripping(Duration::from_millis(count()?.into()))),
            (_, "huge") => Fault::Huge(number.parse().map_err(|_| invalid())?),
            (_, "wait") => Fault::Wait(count()?),
            _ => Fault::Refusal(name.parse().map_err(|_| invalid())?),
        };
        Ok(Self { fault, place, times, skip: 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_are_read() {
        for (text, expected) in [
            ("25", Fault::Refusal(25).always()),
            ("10@PageMenus*2", Fault::Refusal(10).always().at("PageMenus").times(2)),
            ("http-503@start", Fault::Status(503).always().at("start")),
            ("cut*1", Fault::Travel(Manner::Cut).once()),
            ("wrong-key", Fault::WrongKey.always()),
            ("slow-20", Fault::Travel(Manner::After(Duration::from_millis(20))).always()),
        ] {
            assert_eq!(text.parse::<Plan>(), Ok(expected), "{text}");
        }
        for text in ["", "nothing", "slow-x", "25*x", "http-99999"] {
            assert!(text.parse::<Plan>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_plan_strikes_where_and_as_often_as_it_says() {
        let mut plans = vec![Fault::Garbage.once().at("PageMenus").after(1)];
        let struck: Vec<_> = ["Navigation", "PageMenus", "PageMenus", "PageMenus"]
            .iter()
            .map(|place| strike(&mut plans, place).is_some())
            .collect();
        assert_eq!(struck, [false, false, true, false]);
        assert_eq!(plans, []);
    }
}
