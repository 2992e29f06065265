//! Whatever a server answers: no panic, no hang, nothing out of proportion.
//!

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Map, Value, json};

use super::readers::read_all;
use crate::protocol::{
    crypto::Cipher,
    envelope::{Answer, Request},
    generation::GENERATIONS,
    packing::Packing,
    start_page::StartPage,
};

/// The names that the readers look for: a random object is read rather than passed over.
const NAMES: &[&str] = &[
    "N",
    "L",
    "G",
    "P",
    "E",
    "General",
    "ListeCours",
    "DateDuCours",
    "DateDuCoursFin",
    "place",
    "duree",
    "ListeContenus",
    "listeVisios",
    "url",
    "cahierDeTextes",
    "estDevoir",
    "dispenseEleve",
    "ListeTravauxAFaire",
    "PourLe",
    "DonneLe",
    "descriptif",
    "Matiere",
    "ListePieceJointe",
    "ListeThemes",
    "TAFFait",
    "ListeCahierDeTextes",
    "Date",
    "listeContenus",
    "listeDevoirs",
    "listeServices",
    "note",
    "bareme",
    "service",
    "date",
    "commentaire",
    "coefficient",
    "libelleSujet",
    "moyGenerale",
    "listeEvaluations",
    "listeNiveauxDAcquisitions",
    "item",
    "domaine",
    "listeAbsences",
    "dateDebut",
    "dateFin",
    "dateDemande",
    "placeDemande",
    "programmation",
    "placeExecution",
    "listeModesAff",
    "listeActualites",
    "listeQuestions",
    "detailsActualite",
    "texte",
    "listeChoix",
    "rang",
    "reponse",
    "valeurReponse",
    "public",
    "listeMessagerie",
    "listeEtiquettes",
    "listePossessionsMessages",
    "messagePourParticipants",
    "objet",
    "profondeur",
    "listeMessages",
    "contenu",
    "estHTML",
    "public_gauche",
    "listeBoutons",
    "messagePourReponse",
    "listeRessourcesPourCommunication",
    "listeRessources",
    "fonction",
    "ListeJours",
    "ListeRepas",
    "ListePlats",
    "ListeAliments",
    "listeLabelsAlimentaires",
    "liste",
    "matieres",
    "volumeHoraire",
    "ListeServices",
    "ObjetListeAppreciations",
    "ListeAppreciations",
    "Informations",
    "iCal",
    "paramICal",
    "PremierLundi",
    "PlacesParJour",
    "ListeHeures",
    "ListeHeuresFin",
    "ListePeriodes",
    "listeJoursFeries",
    "DomainesFrequences",
    "LibellesFrequences",
    "recreations",
    "periodeNotation",
    "ressource",
    "listeOnglets",
    "Onglet",
    "listeOngletsPourPeriodes",
    "listePeriodes",
    "periodeParDefaut",
    "autorisations",
    "AvecDiscussion",
    "actionsDoubleAuth",
    "modesPossibles",
    "reglesSaisieMDP",
    "Erreur",
    "RapportSaisie",
    "dataSec",
    "donneesSec",
    "data",
    "donnees",
    "Signature",
];

const TEXTS: &[&str] = &[
    "",
    " ",
    "07/09/2026",
    "07/09/2026 08:00:00",
    "31/02/2026 25:61",
    "08h00",
    "99h99",
    "15,5",
    "|1",
    "|9|20",
    "|",
    "[1..4294967295]",
    "[5..1]",
    "[[]",
    "-1",
    "4294967296",
    "1e308",
    "true",
    "<div><br>é&eacute;&#x110000;",
    "<script>",
    "37#abc",
    "https://example.org/",
    "\u{0}\u{f8ff}",
];

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => select(TEXTS).prop_map(Value::from),
        1 => ".{0,12}".prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        2 => (0..80_i64).prop_map(Value::from),
        1 => any::<i16>().prop_map(|number| Value::from(f64::from(number) / 4.0)),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ]
}

fn answer() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(7, 200, 6, |inner| {
        let object = vec((select(NAMES), inner.clone()), 0..8).prop_map(|fields| {
            fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>()
        });
        prop_oneof![
            4 => object.prop_map(Value::Object),
            2 => vec(inner.clone(), 0..6).prop_map(Value::Array),
            2 => inner.clone().prop_map(|value| json!({"_T": 24, "V": value})),
            1 => (0..30_u8, inner).prop_map(|(kind, value)| json!({"_T": kind, "V": value})),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_answer_is_read(value in answer()) {
        read_all(&value);
    }

    #[test]
    fn any_page_is_a_start_page_or_none(html in ".{0,200}", inside in ".{0,60}") {
        let _page = StartPage::read(&html);
        let _page = StartPage::read(&format!("PRONOTE {inside} Start ({{h:1,{inside}}})"));
    }

    #[test]
    fn any_start_page_says_what_it_holds(session in any::<u32>(), space in 0..40_u32, secret in "[A-Za-z0-9+/=_.:-]{1,20}") {
        for html in [
            format!("onload=\"try {{ Start ({{h:'{session}',a:{space},e:'x',f:'{secret}'}}) }}\""),
            format!("Start({{\"h\":{session},\"a\":{space},\"e\":\"x\",\"f\":\"{secret}\"}});"),
        ] {
            let page = StartPage::read(&html).unwrap();
            prop_assert_eq!((page.session, page.space), (session, space));
            prop_assert_eq!(&page.portal.as_ref().unwrap().secret, &secret);
        }
    }

    #[test]
    fn any_bytes_are_an_envelope_or_an_error(body in vec(any::<u8>(), 0..200), encrypted: bool, compressed: bool) {
        let packing = Packing { encrypted, compressed };
        let _answer = Answer::read(&body, packing, &Cipher::initial());
        let hex = data_encoding::HEXLOWER.encode(&body);
        let body = json!({"dataSec": hex}).to_string();
        let _answer = Answer::read(body.as_bytes(), packing, &Cipher::initial());
    }

    #[test]
    fn any_json_is_an_envelope_or_an_error(value in answer(), encrypted: bool) {
        let packing = Packing { encrypted, compressed: false };
        let body = json!({"dataSec": value, "Erreur": null}).to_string();
        if let Ok(answer) = Answer::read(body.as_bytes(), packing, &Cipher::initial()) {
            let _refusal = answer.refusal();
        }
        let _answer = Answer::read(value.to_string().as_bytes(), packing, &Cipher::initial());
    }

    #[test]
    fn any_request_is_read_as_it_was_written(data in answer(), session: u32, encrypted: bool, compressed: bool) {
        // `null` is no parameter at all.
        let data = json!({"value": data});
        let request = Request {
            session,
            order: "ab".to_owned(),
            function: "Navigation".to_owned(),
            data,
            signature: None,
        };
        let (packing, cipher) = (Packing { encrypted, compressed }, Cipher::initial());
        for generation in &GENERATIONS {
            let body = request.write(generation.names, packing, &cipher);
            let read = Request::read(body.as_bytes(), generation.names, packing, &cipher).unwrap();
            prop_assert_eq!(read.data.to_string(), request.data.to_string());
        }
    }
}

#[test]
fn deep_nesting_is_an_error_and_no_overflow() {
    let body = format!("{{\"dataSec\":{}", "[".repeat(1 << 20));
    assert!(Answer::read(body.as_bytes(), Packing::default(), &Cipher::initial()).is_err());
}
