//! The ways on from a page that offers several, and which of them to take.
//!

use url::Url;

use super::{
    credentials::Credentials,
    form::{Field, FieldKind, Form},
    page::Page,
    portal::Portal,
    words,
};

/// One way on from a page that offers several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// What a person reads.
    pub label: String,
    /// What is sent for it, or the address of the link.
    pub value: String,
    /// The form and the name of the field, or `None` for a link.
    pub field: Option<(usize, String)>,
}

/// Names by which a page asks where somebody comes from.
const ORIGINS: [&str; 7] =
    ["selection", "user_idp", "idp", "idpid", "idp_ident", "origin", "entityid"];

/// The ways by which a page asks where one comes from: fields and links of certain names.
pub fn origins(page: &Page) -> Vec<Way> {
    let is_origin = |name: &str| ORIGINS.contains(&name.to_lowercase().as_str());
    let mut origins = in_fields(page, |_, field| is_origin(&field.name));
    origins.extend(page.links.iter().filter_map(|link| {
        let target = Url::parse(&link.value).ok()?;
        let known = target.query_pairs().any(|(name, _)| is_origin(&name));
        known.then(|| Way { label: link.label.clone(), value: link.value.clone(), field: None })
    }));
    origins
}

/// The ways of a page that says that one is to choose.
pub fn choices(page: &Page) -> Vec<Way> {
    // Once for the page and once for each form, not for each field.
    let says_choose = page.says(words::CHOOSE);
    let has_text = |form: &Form| form.fields.iter().any(|f| f.kind == FieldKind::Text);
    let closed: Vec<bool> = page.forms.iter().map(|form| !says_choose || has_text(form)).collect();
    in_fields(page, |index, field| field.name == "typeUser" || closed.get(index) == Some(&false))
}

/// The way that the caller chose, or that the portal's own address names, or that fits the
/// profile; `None` where that leaves several or none.
pub fn pick<'a>(
    ways: &'a [Way],
    portal: &Portal,
    entry: &Url,
    credentials: &Credentials,
) -> Option<&'a Way> {
    if let [only] = ways {
        return Some(only);
    }
    if let Some(choice) = credentials.choice() {
        let wanted = words::fold(choice);
        let chosen =
            ways.iter().find(|way| way.value == choice || words::fold(&way.label) == wanted);
        if chosen.is_some() {
            return chosen;
        }
    }
    let named = || {
        // The table's first address says `selection=EDU_parent_eleve`, `idpId=parentEleveEN-IdP`…
        let names: Vec<String> = entry.query_pairs().map(|(_, value)| value.into_owned()).collect();
        only(ways, |way| {
            names.iter().any(|name| !name.is_empty() && answers(way).any(|answer| answer == *name))
        })
    };
    let by_profile = || {
        let profile = credentials.profile();
        only(ways, |way| Some(way.value.as_str()) == profile.education_connect())
            .or_else(|| only(ways, |way| speaks_of(way, profile.words())))
    };
    let by_provider = || {
        let educonnect: &[&str] = &["educonnect", "edu_", "=edu", "-edu"];
        let fits = |way: &Way| speaks_of(way, educonnect) || way.value.eq_ignore_ascii_case("edu");
        let narrowed: Vec<Way> = ways.iter().filter(|way| fits(way)).cloned().collect();
        match narrowed.as_slice() {
            [] => None,
            [way] => ways.iter().find(|w| *w == way),
            several => {
                let way = only(several, |way| speaks_of(way, credentials.profile().words()))?;
                ways.iter().find(|w| *w == way)
            }
        }
    };
    let provider = || portal.family.is_educonnect().then(by_provider).flatten();
    named().or_else(provider).or_else(by_profile)
}

/// What a way sends: its value, and the values in the query of a link.
fn answers(way: &Way) -> impl Iterator<Item = String> {
    let query = Url::parse(&way.value)
        .ok()
        .map(|url| url.query_pairs().map(|(_, value)| value.into_owned()).collect::<Vec<_>>());
    std::iter::once(way.value.clone()).chain(query.unwrap_or_default())
}

fn speaks_of(way: &Way, words: &[&str]) -> bool {
    let text = words::fold(&format!("{} {}", way.label, way.value));
    words.iter().any(|word| text.contains(word))
}

fn only(ways: &[Way], test: impl Fn(&Way) -> bool) -> Option<&Way> {
    let mut fitting = ways.iter().filter(|way| test(way));
    let first = fitting.next()?;
    // The same place twice, as by an image and its caption, is one way.
    fitting.all(|way| way.value == first.value).then_some(first)
}

fn in_fields(page: &Page, test: impl Fn(usize, &Field) -> bool) -> Vec<Way> {
    let mut ways = Vec::new();
    for (index, form) in page.forms.iter().enumerate() {
        for field in form.fields.iter().filter(|f| !f.name.is_empty() && test(index, f)) {
            let way = |label: &str, value: &str| Way {
                label: if label.is_empty() { value.to_owned() } else { label.to_owned() },
                value: value.to_owned(),
                field: Some((index, field.name.clone())),
            };
            match field.kind {
                FieldKind::Radio => ways.push(way(&field.label, &field.value)),
                FieldKind::Submit if !field.turns_back() && !field.value.is_empty() => {
                    ways.push(way(&field.label, &field.value));
                }
                FieldKind::Select => {
                    let options = field.options.iter().filter(|o| !o.value.is_empty());
                    ways.extend(options.map(|o| way(&o.label, &o.value)));
                }
                _ => {}
            }
        }
    }
    ways
}
