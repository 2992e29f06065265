//! `/evaluations`: the evaluations of skills in the selected period.
//!

use pronote_client::{Key, features};
use serde::Serialize;

use super::{
    Asker, Failure, offered,
    parts::{Number, Subject, midnight},
};

/// One evaluation.
#[derive(Debug, Serialize)]
pub struct Evaluation {
    id: Key,
    subject: Subject,
    name: Option<String>,
    description: String,
    teacher: Option<String>,
    date: Option<String>,
    paliers: Vec<String>,
    coefficient: Option<Number>,
    acquisitions: Vec<Acquisition>,
}

#[derive(Debug, Serialize)]
struct Acquisition {
    id: Key,
    name: Option<String>,
    coefficient: Option<Number>,
    abbreviation: Option<String>,
    domain: Option<String>,
    level: Option<String>,
}

/// The evaluations of the selected period. One call.
pub async fn evaluations(asker: Asker<'_>) -> Result<Vec<Evaluation>, Failure> {
    let Some(period) = asker.period() else { return Ok(Vec::new()) };
    let listed = offered(asker.client.evaluations(&period).await)?;
    Ok(listed.into_iter().map(Evaluation::from).collect())
}

impl From<features::Evaluation> for Evaluation {
    fn from(evaluation: features::Evaluation) -> Self {
        Self {
            id: evaluation.key,
            subject: Subject::of(evaluation.subject.as_ref()),
            name: evaluation.name,
            description: evaluation.description.unwrap_or_default(),
            teacher: evaluation.teacher,
            date: evaluation.date.map(midnight),
            paliers: evaluation.stages,
            coefficient: evaluation.coefficient.map(Number),
            acquisitions: evaluation.acquisitions.into_iter().map(Acquisition::from).collect(),
        }
    }
}

impl From<features::Acquisition> for Acquisition {
    fn from(acquisition: features::Acquisition) -> Self {
        Self {
            id: acquisition.key,
            name: acquisition.name,
            coefficient: acquisition.coefficient.map(Number),
            abbreviation: acquisition.abbreviation,
            domain: acquisition.domain,
            level: acquisition.level,
        }
    }
}
