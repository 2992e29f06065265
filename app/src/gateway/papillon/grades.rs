//! `/grades`: the marks and averages of the selected period.
//!

use pronote_client::{Key, features};
use serde::Serialize;

use super::{
    Asker, Failure, offered,
    parts::{Number, Subject, midnight, rank},
};

/// The marks of a period, and what PRONOTE has made of them.
#[derive(Debug, Serialize)]
pub struct Grades {
    grades: Vec<Grade>,
    averages: Vec<Average>,
    overall_average: Number,
}

#[derive(Debug, Serialize)]
struct Grade {
    id: Key,
    subject: Subject,
    date: Option<String>,
    description: String,
    is_bonus: bool,
    is_optional: bool,
    is_out_of_20: bool,
    grade: Figures,
}

#[derive(Debug, Serialize)]
struct Figures {
    value: Number,
    out_of: Option<Number>,
    coefficient: Option<Number>,
    average: Number,
    max: Number,
    min: Number,
    significant: i64,
}

#[derive(Debug, Serialize)]
struct Average {
    subject: Subject,
    average: Number,
    class_average: Number,
    max: Number,
    min: Number,
    out_of: Number,
    significant: i64,
}

/// The marks and averages of the selected period. One call.
pub async fn grades(asker: Asker<'_>) -> Result<Grades, Failure> {
    let marks = match asker.period() {
        Some(period) => offered(asker.client.marks(&period).await)?,
        None => features::Marks::default(),
    };
    Ok(Grades {
        grades: marks.marks.into_iter().map(Grade::from).collect(),
        averages: marks.averages.iter().map(Average::from).collect(),
        overall_average: Number::of(marks.overall),
    })
}

impl From<features::SubjectMark> for Grade {
    fn from(mark: features::SubjectMark) -> Self {
        let out_of = mark.out_of.or(mark.default_out_of);
        Self {
            id: mark.key,
            subject: Subject::of(mark.subject.as_ref()),
            date: mark.date.map(midnight),
            description: mark.description.unwrap_or_default(),
            is_bonus: mark.is_bonus,
            is_optional: mark.is_optional,
            is_out_of_20: mark.is_out_of_20,
            grade: Figures {
                value: Number::of(mark.mark),
                out_of: out_of.and_then(|out_of| out_of.number()).map(Number),
                coefficient: mark.coefficient.map(Number),
                average: Number::of(mark.average),
                max: Number::of(mark.max),
                min: Number::of(mark.min),
                significant: rank(mark.mark),
            },
        }
    }
}

impl From<&features::Average> for Average {
    fn from(average: &features::Average) -> Self {
        Self {
            subject: Subject::of(Some(&average.subject)),
            average: Number::of(average.pupil),
            class_average: Number::of(average.class),
            max: Number::of(average.max),
            min: Number::of(average.min),
            out_of: Number::of(average.out_of.or(average.default_out_of)),
            significant: rank(average.pupil),
        }
    }
}
