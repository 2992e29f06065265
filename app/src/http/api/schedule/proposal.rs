//! `/api/schedule/proposal`: tables as a school's PRONOTE would have them.
//!
//! Nothing is kept but what PRONOTE said, so that it is not asked twice a day: what of it is right
//! is for people to say, in a draft of theirs.

use jiff::Timestamp;
use pronote_client::Address;
use serde::Serialize;
use serde_json::{Map, json};
use utoipa::ToSchema;

use super::{
    Answer, Api, Arc, Filter, Problem, Routes, StatusCode, Value, blocking, body, get_or_head,
    json as answer, other_methods, with,
};
use crate::{
    engine::TriggerId,
    gateway::Refusal,
    proposal::{Asked, Proposal, SourceError, propose},
    schedule::DaysOff as _,
};

/// Whether a PRONOTE can be asked, and what came of it last.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposalSource {
    /// Why none can be asked, in words; `null`: one can.
    unavailable: Option<String>,
    /// When one was asked last; `null`: never.
    last: Option<SchoolAsked>,
}

/// When a PRONOTE was asked, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SchoolAsked {
    /// Where its pages are.
    #[schema(example = "https://0123456a.index-education.net/pronote/")]
    address: String,
    /// When it was asked.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// From when on it is asked again: until then, what it said counts.
    #[schema(value_type = String, format = DateTime)]
    again: Timestamp,
    /// Why it said nothing; `null`: it did.
    failed: Option<String>,
}

/// What is asked.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "it describes the body, whose fields are read one by one")]
pub struct ProposalQuestion {
    /// The address of the school's PRONOTE, as people paste it.
    #[schema(example = "https://0123456a.index-education.net/pronote/eleve.html")]
    address: String,
    /// The trigger that the bells are to ring.
    #[schema(example = "GPIO23")]
    trigger: String,
}

/// Tables as a school's PRONOTE would have them.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposedTables {
    /// The school's name; `null`: PRONOTE does not tell it.
    school: Option<String>,
    /// When it was asked: now, or within the last day.
    asked: SchoolAsked,
    /// Parts of the section `schedule` of conf.json: `day_types`, `weeks`, `calendar`. What PRONOTE
    /// says nothing of is not there.
    #[schema(value_type = Object)]
    schedule: Map<String, Value>,
    /// What to look at, a sentence each.
    notes: Vec<String>,
}

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("schedule" / "proposal");
    let get = path.and(get_or_head()).and(with(api)).map(|api: Arc<Api>| get(&api));
    let post = path.and(warp::post()).and(with(api)).and(body::json()).then(post_question);
    get.or(post).unify().or(path.and(other_methods("GET, HEAD, POST"))).unify().boxed()
}

/// Whether a school's PRONOTE can be asked for tables, and when one was asked last. Asks nobody.
#[utoipa::path(get, path = "/api/schedule/proposal", tag = "schedule",
    responses((status = 200, description = "Whether it can", body = ProposalSource)))]
pub fn get(api: &Api) -> Answer {
    let source = api.services.school.as_ref();
    let unavailable = source.is_none().then(|| unavailable(api).to_owned());
    let last = source.and_then(|source| Some(SchoolAsked::of(&source.last()?)));
    answer(StatusCode::OK, &ProposalSource { unavailable, last })
}

/// Asks a school's PRONOTE what it tells anybody before a login, and proposes tables that follow
/// from it. A school is asked once a day at most, and an hour after a failure. Nothing is applied.
#[utoipa::path(post, path = "/api/schedule/proposal", tag = "schedule",
    request_body = ProposalQuestion,
    responses(
        (status = 200, description = "The proposal", body = ProposedTables),
        (status = 400, description = "The body is not JSON", body = Problem),
        (status = 413, description = "The body is too large", body = Problem),
        (status = 415, description = "The body says that it is not JSON", body = Problem),
        (status = 422, description = "A field is wrong, or the address may not be reached; `field` names it", body = Problem),
        (status = 429, description = "The school wants to be left alone for now; `Retry-After` says for how long", body = Problem),
        (status = 502, description = "The school's PRONOTE cannot be reached, or answers nonsense", body = Problem),
        (status = 503, description = "The gateway to PRONOTE is off, or stops", body = Problem),
        (status = 504, description = "The school's PRONOTE does not answer in time", body = Problem),
    ))]
pub async fn post_question(api: Arc<Api>, body: Result<Value, Problem>) -> Answer {
    let body = body?;
    let (address, trigger) = question(&api, &body)?;
    let none = || Problem::new(StatusCode::SERVICE_UNAVAILABLE, unavailable(&api));
    let source = api.services.school.as_ref().ok_or_else(none)?;
    source.permits(&address).map_err(|forbidden| Problem::field("address", forbidden))?;
    let asked = source.ask(&address, Timestamp::now()).await;
    let (school, asked) = asked.map_err(|error| refused(&error))?;
    blocking("proposing tables", move || {
        let schedule = &api.services.store.conf().schedule;
        let (days_off, _) = api.services.shelf.days_of(&schedule.school);
        let is_off = |date| days_off.day_off(date).is_some();
        let Proposal { schedule, notes } = propose(&school, &trigger, is_off);
        let asked = SchoolAsked::of(&asked);
        answer(StatusCode::OK, &ProposedTables { school: school.name, asked, schedule, notes })
    })
    .await
}

impl SchoolAsked {
    fn of(asked: &Asked) -> Self {
        let failed = asked.answer.as_ref().err().cloned();
        Self { address: asked.address.clone(), at: asked.at, again: asked.again(), failed }
    }
}

fn question(api: &Api, body: &Value) -> Result<(Address, TriggerId), Problem> {
    if !body.is_object() {
        let example = json!({ "address": "https://0123456a.index-education.net/pronote/", "trigger": "GPIO23" });
        return Err(Problem::field("", format!("an object is expected, such as {example}")));
    }
    let text = |field: &str, expected: &str| {
        let text = body.get(field).and_then(Value::as_str).map(str::trim);
        let missing = || Problem::field(field, format!("missing, expected {expected}"));
        text.filter(|text| !text.is_empty()).ok_or_else(missing)
    };
    let address = text("address", "the web address of the school's PRONOTE")?;
    let address: Address = address.parse().map_err(|invalid| Problem::field("address", invalid))?;
    let trigger: TriggerId = text("trigger", "the id of a trigger")?
        .parse()
        .map_err(|invalid| Problem::field("trigger", invalid))?;
    if !api.services.store.conf().bells.triggers.contains_key(&trigger) {
        return Err(Problem::field("trigger", format!("there is no trigger {trigger}")));
    }
    Ok((address, trigger))
}

/// Why no school can be asked.
fn unavailable(api: &Api) -> &'static str {
    if api.services.store.conf().gateway.enabled {
        "PRONOTE is asked by the box's gateway, which could not be opened: the log of the box says why"
    } else {
        "PRONOTE is asked by the box's gateway, which is off: set gateway.enabled in conf.json to true and restart the box"
    }
}

fn refused(error: &SourceError) -> Problem {
    let words = error.to_string();
    let status = match error {
        SourceError::Recently { wait, .. } => {
            return Problem::too_many(words, wait.as_secs().max(1));
        }
        SourceError::Refused(refusal) => match refusal {
            Refusal::Wait(wait) | Refusal::TooMany(wait) => {
                return Problem::too_many(words, wait.seconds());
            }
            Refusal::Busy | Refusal::Store => return Problem::unavailable(words),
            Refusal::TooSlow(_) => StatusCode::GATEWAY_TIMEOUT,
            Refusal::Internal => return Problem::internal("asking PRONOTE", words),
            // What belongs to a session is not asked of anybody here.
            Refusal::Pronote(_)
            | Refusal::UnknownToken
            | Refusal::ExpiredToken
            | Refusal::LoginFailed(_)
            | Refusal::NotFound
            | Refusal::NotReplyable => StatusCode::BAD_GATEWAY,
        },
    };
    Problem::new(status, words)
}
