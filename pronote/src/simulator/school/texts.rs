//! What teachers write: accents, emoji, HTML in every state of repair.
//!

pub(crate) const HOMEWORK: [&str; 9] = [
    "<div>Finir l'exercice n°&nbsp;12 page 34.</div>",
    "<div style=\"font-family: Arial;\">Apprendre la leçon&nbsp;: <b>« L'Europe en 1914 »</b><br/>et la carte p.&nbsp;56 &amp; 57.</div>",
    "<p>Lire les chapitres 3 → 5.</p><ul><li>relever les &lt;adjectifs&gt;</li><li>répondre aux questions 😀👩‍🔬</li></ul>",
    "Rendre le DM : 2x² − 4x + 1 < 0 si x > 1 & x ≠ 3",
    "<div>Préparer l'exposé (voir <a href=\"https://exemple.fr/?a=1&amp;b=2\">ce lien</a>)</div><script>alert('non')</script>",
    "",
    "<div><div><div>Œuvre à écouter : « L'Été » — ♫<br><br><br></div></div>",
    "<table><tr><td>verbe</td><td>être</td></tr></table>À savoir par cœur !",
    "<div>&#201;crire &quot;100&nbsp;mots&quot; sur l&#39;&icirc;le d&eacute;serte \u{200f}(RTL)</div>",
];

pub(crate) const CONTENTS: [(&str, &str); 5] = [
    ("Les fractions", "<div>Cours&nbsp;: définitions, <i>exemples</i>, exercices 1 à 4.</div>"),
    ("Séance 3 : « L'Odyssée »", "<div>Lecture de l'extrait &amp; questions.</div>"),
    ("", "<div>Correction du contrôle</div>"),
    ("TP n°2 🧪", "<p>Mesures, tableau, <u>graphique</u></p>"),
    ("Révisions", ""),
];

/// Attachments: kind (0 link, 1 file, 2 cloud, 3 kiosk, 4 meeting) and name.
pub(crate) const FILES: [(u32, &str); 7] = [
    (1, "Fiche d'exercices n°3.pdf"),
    (1, "carte de l'Europe – 1914.png"),
    (0, "https://exemple.fr/vidéo?id=1&t=2"),
    (1, "énoncé (corrigé) & annexes +100%.txt"),
    (2, "Diaporama partagé.odp"),
    (1, "œuvre 🎨.jpg"),
    (1, "sans-extension"),
];

pub(crate) const THEMES: [&str; 3] = ["Nombres & calculs", "Se repérer", "Lire l'été"];

/// News: author, category, title, first day of the year it shows, whether it asks a question.
pub(crate) struct NewsItem {
    pub author: &'static str,
    pub category: u32,
    pub title: Option<&'static str>,
    pub day: i32,
    pub questions: &'static [Question],
    pub is_survey: bool,
    pub is_anonymous: bool,
    pub file: Option<u32>,
}

/// A question: kind (0 to acknowledge, 1 text, 2 one choice, 3 several, 4 nothing, 5 text only).
pub(crate) struct Question {
    pub kind: u32,
    pub title: &'static str,
    pub text: &'static str,
    pub choices: &'static [&'static str],
    pub most: u32,
}

pub(crate) const CATEGORIES: [&str; 4] =
    ["Divers", "Vie scolaire", "Sorties & voyages", "Orientation"];

const fn said(text: &'static str, kind: u32) -> Question {
    Question { kind, title: "", text, choices: &[], most: 0 }
}

pub(crate) const NEWS: [NewsItem; 6] = [
    NewsItem {
        author: "Mme AVERSE P.",
        category: 1,
        title: Some("Rentrée : ce qu'il faut savoir"),
        day: 1,
        questions: &[said(
            "<div>Bonne année à tous&nbsp;! 🎒<br/>Les manuels seront distribués lundi.</div>",
            4,
        )],
        is_survey: false,
        is_anonymous: false,
        file: Some(0),
    },
    NewsItem {
        author: "M. SATIN D.",
        category: 1,
        title: Some("Règlement intérieur (à signer)"),
        day: 3,
        questions: &[said("<p>Merci d'en prendre connaissance &amp; d'accuser réception.</p>", 0)],
        is_survey: false,
        is_anonymous: false,
        file: Some(3),
    },
    NewsItem {
        author: "Mme L'HERMINE-BROCARD Y.",
        category: 2,
        title: Some("Voyage à Œstland : sondage"),
        day: 20,
        questions: &[
            Question {
                kind: 2,
                title: "Participation",
                text: "<div>Votre enfant participera-t-il&nbsp;?</div>",
                choices: &["Oui", "Non", "Je ne sais pas encore", "Autre (à préciser)"],
                most: 1,
            },
            Question {
                kind: 3,
                title: "Activités",
                text: "<div>Deux au plus&nbsp;:</div>",
                choices: &["Escalade 🧗", "Poterie", "Théâtre « d'ombres »"],
                most: 2,
            },
            Question {
                kind: 1,
                title: "Remarques",
                text: "<div>Allergies, régimes…</div>",
                choices: &[],
                most: 0,
            },
        ],
        is_survey: true,
        is_anonymous: false,
        file: None,
    },
    NewsItem {
        author: "Mme BOURRACHE L.",
        category: 0,
        title: None,
        day: 35,
        questions: &[said("<div>Infirmerie fermée jeudi.</div>", 5)],
        is_survey: false,
        is_anonymous: false,
        file: None,
    },
    NewsItem {
        author: "M. GIVRE H.",
        category: 0,
        title: Some("Cantine : votre avis <anonyme>"),
        day: 50,
        questions: &[Question {
            kind: 2,
            title: "",
            text: "<div>Êtes-vous satisfaits&nbsp;?</div>",
            choices: &["😀", "😐", "🙁"],
            most: 1,
        }],
        is_survey: true,
        is_anonymous: true,
        file: None,
    },
    NewsItem {
        author: "Mme AVERSE P.",
        category: 3,
        title: Some("Forum des métiers & « portes ouvertes »"),
        day: 70,
        questions: &[said("<p>Samedi 9h–12h.</p><p><img src=\"x\" alt=\"\"/></p>", 0)],
        is_survey: false,
        is_anonymous: false,
        file: Some(1),
    },
];

/// Dishes by course: 0 starter, 1 main, 2 side, 3 other, 4 dessert, 5 cheese.
pub(crate) const DISHES: [(u32, &[&str]); 6] = [
    (
        0,
        &[
            "Velouté de potiron",
            "Œufs mimosa",
            "Salade d'endives aux noix",
            "Carottes râpées à l'orange",
        ],
    ),
    (1, &["Poulet rôti", "Poisson pané & citron", "Bœuf bourguignon", "Lasagnes végétariennes 🌱"]),
    (2, &["Purée maison", "Haricots verts", "Riz pilaf", "Gratin dauphinois"]),
    (3, &["Pain bio", "Eau"]),
    (5, &["Comté", "Yaourt nature", "Chèvre"]),
    (4, &["Crème brûlée", "Pomme", "Île flottante", "Compote sans sucre ajouté"]),
];

/// Labels of dishes: name and colour, where it has one.
pub(crate) const LABELS: [(&str, Option<&str>); 4] = [
    ("Fait maison - Recette du chef", Some("#3CB371")),
    ("Issu de l'agriculture biologique", Some("#6B8E23")),
    ("Produits locaux", None),
    ("Végétarien", Some("#90EE90")),
];

pub(crate) const ALLERGENS: [(&str, &str); 3] =
    [("Gluten", "#DEB887"), ("Lait", "#F5F5DC"), ("Fruits à coque", "#8B4513")];
