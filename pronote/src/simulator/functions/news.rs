//! News and surveys: `PageActualites`, `SaisieActualites`.
//!
//! Until 2026.1.2 the list holds all; since 2026.1.3 the questions are another call.

use jiff::ToSpan;
use serde_json::Value;

use super::{file, nothing, put, put_some};
use crate::protocol::generation::News;
use crate::protocol::space::Space;
use crate::simulator::call::{Answer, Call, Outcome, Trouble};
use crate::simulator::ids::Kind;
use crate::simulator::json::{Json, domain, element, html, list, moment, object};
use crate::simulator::mailbox::clip;
use crate::simulator::school::people::row;
use crate::simulator::school::texts::{CATEGORIES, NEWS, NewsItem, Question};
use crate::simulator::state::Answered;

pub(crate) fn page(call: &mut Call<'_>) -> Outcome {
    let has_details = call.generation().news == News::Detailed;
    if has_details && call.get("genreRequeteActualite").as_u64() == Some(1) {
        let number = call.object(call.get("actualite"), Kind::News)?;
        let item = item(call, number);
        return Ok(Answer::from(object!({
            "detailsActualite": object!({ "listeQuestions": list(questions(call, number, item)) }),
        })));
    }
    let items: Vec<Json> = (0u32..)
        .zip(&NEWS)
        .filter(|(number, _)| {
            !call.state.news.get(&(call.account_index, *number)).is_some_and(|news| news.is_deleted)
        })
        .map(|(number, item)| item_json(call, number, item, has_details))
        .collect();
    let categories = list((0u32..).zip(CATEGORIES).map(|(number, name)| {
        let mut category = object!({ "L": name, "N": call.id(Kind::Category, number) });
        if number == 0 {
            put(&mut category, "estDefaut", true);
        }
        category
    }));
    let name = if has_details { "listeNatures" } else { "listeCategories" };
    let mut data = object!({
        "listeModesAff": Json::array([object!({ "G": 0, "listeActualites": list(items) }), object!({ "G": 1, "listeActualites": list([]) })]),
    });
    put(&mut data, name, categories);
    Ok(Answer::from(data))
}

/// Marks read, acknowledges, answers, deletes.
pub(crate) fn save(call: &mut Call<'_>) -> Outcome {
    let items = call.get("listeActualites").as_array().ok_or(Trouble::Impossible)?.clone();
    for item in items.iter().take(50) {
        let number = call.object(item, Kind::News)?;
        check_public(call, item)?;
        let is = |name: &str| item.get(name).and_then(Value::as_bool);
        let mut answers = Vec::new();
        if is("marqueLueSeulement") != Some(true) {
            let asked = item.get("listeQuestions").and_then(Value::as_array);
            for question in asked.into_iter().flatten().take(20) {
                answers.extend(answer_of(call, number, question)?);
            }
        }
        let state = call.state.news.entry((call.account_index, number)).or_default();
        state.is_read = is("lue").or(state.is_read);
        state.is_deleted |= is("supprimee") == Some(true);
        state.answers.extend(answers);
    }
    Ok(Answer::from(nothing()))
}

/// `public` must be the user, or for a parent one of the children.
fn check_public(call: &Call<'_>, item: &Value) -> Result<(), Trouble> {
    let id = item
        .get("public")
        .and_then(|public| public.get("N"))
        .and_then(Value::as_str)
        .ok_or(Trouble::Impossible)?;
    match call.session.ids.read(id).ok_or(Trouble::Stale)? {
        (Kind::Pupil, pupil) if call.account().pupils.contains(&pupil) => Ok(()),
        (Kind::Guardian | Kind::Staff | Kind::Teacher, _) => Ok(()),
        _ => Err(Trouble::Refused),
    }
}

fn answer_of(
    call: &Call<'_>,
    news: u32,
    question: &Value,
) -> Result<Option<(u32, Answered)>, Trouble> {
    let number = call.object(question, Kind::Question)?;
    let asked = item(call, news).questions.get(usize::try_from(number & 0xF).unwrap_or(usize::MAX));
    if number >> 4 != news || asked.is_none() {
        return Err(Trouble::Impossible);
    }
    let Some(reply) = question.get("reponse") else { return Ok(None) };
    let value = match reply.get("valeurReponse") {
        Some(Value::String(text)) => Value::String(clip(text)),
        Some(typed) if typed.get("V").is_some_and(Value::is_string) => typed.clone(),
        _ => return Err(Trouble::Impossible),
    };
    let free = reply.get("valeurReponseLibre").and_then(Value::as_str).map(clip);
    Ok(Some((number & 0xF, Answered { value, free, at: call.now })))
}

fn item_json(call: &Call<'_>, number: u32, item: &NewsItem, has_details: bool) -> Json {
    let created = call.server.calendar.first_monday.saturating_add(item.day.days()).at(9, 5, 0, 0);
    let state = call.state.news.get(&(call.account_index, number));
    let is_read = state.and_then(|state| state.is_read).unwrap_or(number.is_multiple_of(2));
    let category = object!({ "L": *row(&CATEGORIES, item.category), "N": call.id(Kind::Category, item.category) });
    let public = match call.account().space {
        Space::Pupil | Space::Parent => {
            object!({ "N": call.id(Kind::Pupil, call.pupil), "G": 4, "L": call.pupil().name() })
        }
        _ => object!({ "N": call.id(Kind::Staff, 0), "G": 34, "L": call.account().name() }),
    };
    let mut out = object!({
        "N": call.id(Kind::News, number),
        "auteur": item.author,
        "dateCreation": moment(created),
        "dateDebut": moment(created.date().at(0, 0, 0, 0)),
        "dateFin": moment(call.server.calendar.last.at(23, 59, 59, 0)),
        "lue": is_read,
        "estInformation": !item.is_survey,
        "estSondage": item.is_survey,
        "reponseAnonyme": item.is_anonymous,
        "genrePublic": 4,
        "public": element(public),
    });
    put_some(&mut out, "L", item.title);
    if has_details {
        put(&mut out, "nature", element(category));
        put(&mut out, "informationListeContenu", object!({ "avecPJ": item.file.is_some() }));
    } else {
        put(&mut out, "categorie", element(category));
        put(&mut out, "listeQuestions", list(questions(call, number, item)));
    }
    out
}

fn questions(call: &Call<'_>, news: u32, item: &NewsItem) -> Vec<Json> {
    (0u32..)
        .zip(item.questions)
        .map(|(rank, question)| question_json(call, news, item, rank, question))
        .collect()
}

fn question_json(
    call: &Call<'_>,
    news: u32,
    item: &NewsItem,
    rank: u32,
    question: &Question,
) -> Json {
    let answered =
        call.state.news.get(&(call.account_index, news)).and_then(|state| state.answers.get(&rank));
    let choices = (1u32..).zip(question.choices).map(|(number, choice)| {
        let mut out = object!({ "L": *choice, "N": call.id(Kind::Question, news << 12 | rank << 8 | number), "rang": number });
        if choice.starts_with("Autre") {
            put(&mut out, "estReponseLibre", true);
        }
        out
    });
    let mut reply = object!({
        // Clients read this one as a number.
        "N": (news << 4 | rank).to_string(),
        "avecReponse": answered.is_some(),
        "estReponseAttendue": question.kind < 4,
    });
    if let Some(answered) = answered {
        put(&mut reply, "valeurReponse", &answered.value);
        put_some(&mut reply, "valeurReponseLibre", answered.free.clone());
        put(&mut reply, "reponduLe", moment(answered.at));
    } else if question.choices.is_empty() {
        put(&mut reply, "valeurReponse", "");
    } else {
        put(&mut reply, "valeurReponse", domain("[]"));
    }
    let files = item.file.iter().filter(|_| rank == 0).map(|number| file(call, *number));
    object!({
        "N": call.id(Kind::Question, news << 4 | rank),
        "L": if question.title.is_empty() { format!("Question {}", rank + 1) } else { question.title.to_owned() },
        "titre": question.title,
        "rang": rank + 1,
        "genreReponse": question.kind,
        "texte": html(question.text),
        "tailleReponse": 200,
        "avecMaximum": question.most > 1,
        "nombreReponsesMax": question.most,
        "listePiecesJointes": list(files),
        "listeChoix": list(choices),
        "reponse": element(reply),
    })
}

fn item(_: &Call<'_>, number: u32) -> &'static NewsItem {
    row(&NEWS, number)
}
