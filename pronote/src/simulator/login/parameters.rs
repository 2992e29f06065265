//! `FonctionParametres`: the seed comes in, the settings of the school go out.
//!

use crate::protocol::space::Site;
use crate::simulator::call::{Answer, Call, Outcome, Trouble};
use crate::simulator::ids::Kind;
use crate::simulator::json::{Json, day, days, domain, list, mark, moment, object, set};
use crate::simulator::rsa::KeyPair;
use crate::simulator::school::calendar::{Calendar, PLACES_A_DAY, end, label, start};
use crate::simulator::school::people::SCHOOL;
use crate::simulator::server::random;
use crate::simulator::session::Phase;
use data_encoding::BASE64;

/// Levels of evaluations: label, abbreviation.
pub(crate) const LEVELS: [(&str, &str); 7] = [
    ("Très bonne maîtrise", "A+"),
    ("Maîtrise satisfaisante", "A"),
    ("Presque maîtrisé", "C"),
    ("Maîtrise fragile", "D"),
    ("Maîtrise insuffisante", "E"),
    ("Absent", "Abs"),
    ("Non évalué < dispensé >", "NE"),
];

pub(crate) fn answer(call: &mut Call<'_>) -> Outcome {
    if !matches!(call.session.phase, Phase::New) {
        return Err(Trouble::Impossible);
    }
    let seed = seed(call).ok_or(Trouble::Impossible)?;
    let known = call.get("identifiantNav").as_str().filter(|device| device.len() <= 64);
    let device = known.map_or_else(|| data_encoding::HEXUPPER.encode(&random()), str::to_owned);
    call.session.device.clone_from(&device);
    call.session.phase = Phase::Greeted;
    // The answer itself is under the new vector already.
    call.session.cipher = call.session.cipher.with_seed(&seed);
    let data = object!({
        "identifiantNav": device,
        "DateServeurHttp": moment(call.now),
        "Nom": SCHOOL,
        "URLMobile": call.session.space.page(Site::Mobile),
        "Theme": 0,
        "avecMembre": false,
        "pourNouvelleCaledonie": false,
        "General": general(call),
    });
    Ok(Answer::from(data))
}

/// 16 bytes in base 64, with or without line breaks, hidden with RSA where the page said so.
fn seed(call: &Call<'_>) -> Option<Vec<u8>> {
    let text: String = call.text("Uuid").chars().filter(|c| !c.is_whitespace()).collect();
    let bytes = BASE64.decode(text.as_bytes()).ok()?;
    let seed = if call.server.options.has_rsa { KeyPair::ours().open(&bytes)? } else { bytes };
    (seed.len() == 16).then_some(seed)
}

fn general(call: &Call<'_>) -> Json {
    let calendar = &call.server.calendar;
    let version = call.server.options.version;
    let holidays = (0..).zip(&calendar.holidays).map(|(index, holiday)| {
        object!({
            "L": holiday.name,
            "N": call.id(Kind::Holiday, index),
            "dateDebut": day(holiday.from),
            "dateFin": day(holiday.to),
        })
    });
    let levels = (1..).zip(LEVELS).map(|(rank, (name, short))| {
        object!({ "L": name, "N": call.id(Kind::Level, rank), "G": rank, "P": rank, "abbreviation": short })
    });
    object!({
        "versionPN": version.to_string(),
        "version": format!("PRONOTE {version}"),
        "millesime": version.year.to_string(),
        "NomEtablissement": SCHOOL,
        "NomEtablissementConnexion": SCHOOL,
        "langue": "fr",
        "PremierLundi": day(calendar.first_monday),
        "PremiereDate": day(calendar.first_monday),
        "DerniereDate": day(calendar.last),
        "JourOuvre": day(calendar.next_open(call.now.date())),
        "ListePeriodes": periods(call),
        "ListeHeures": hours(|place| start(place.min(PLACES_A_DAY - 1))),
        "ListeHeuresFin": hours(|place| end(place.min(PLACES_A_DAY - 1))),
        "ListeHeuresFinPourVS": hours(|place| end(place.min(PLACES_A_DAY - 1))),
        "PlacesParJour": PLACES_A_DAY,
        "PlacesParHeure": 2,
        "DureeSequence": 60,
        "PlaceDemiJourneeAbsence": 10,
        "debutDemiPension": 8,
        "finDemiPension": 11,
        "JoursDemiPension": set("[0,1,3,4]"),
        "JoursOuvres": days("[1..5]"),
        "DemiJourneesOuvrees": Json::array(["[0..4]", "[0,1,3,4]"].map(set)),
        "recreations": list([
            object!({ "L": "Récréation du matin", "place": 4 }),
            object!({ "L": "Récréation de l'après-midi", "place": 16 }),
        ]),
        "DomainesFrequences": Json::array([domain(all_weeks(calendar)), domain(calendar.fortnight(1)), domain(calendar.fortnight(2))]),
        "LibellesFrequences": Json::array(["", "Q1", "Q2", ""].map(Json::from)),
        "listeJoursFeries": list(holidays),
        "listeAnnotationsAutorisees": set("[0..8]"),
        "BaremeNotation": mark("20,00"),
        "ListeNiveauxDAcquisitions": list(levels),
        "nomCookieAppli": "validationAppliMobile",
        "AfficherSemainesCalendaires": 0,
        "JoursFeries": domain("[]"),
    })
}

/// The periods, as a plain array.
pub(crate) fn periods(call: &Call<'_>) -> Json {
    Json::array((0..).zip(&call.server.calendar.periods).map(|(index, period)| {
        object!({
            "L": period.name,
            "N": call.id(Kind::Period, index),
            "G": 1,
            "periodeNotation": period.notation,
            "dateDebut": day(period.from),
            "dateFin": day(period.to),
        })
    }))
}

fn all_weeks(calendar: &Calendar) -> String {
    format!("[1..{}]", calendar.last_week())
}

/// One entry more than there are places: the last is told twice.
fn hours(time: impl Fn(u32) -> jiff::civil::Time) -> Json {
    list((0..=PLACES_A_DAY).map(|place| {
        let mut hour = object!({ "G": place, "L": label(time(place)) });
        // Half hours are marked inactive.
        if place % 2 == 1 {
            hour.put("A", false);
        }
        hour
    }))
}
