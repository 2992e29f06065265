//! Pages told apart: rows of HTML, and any HTML at all.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use url::Url;

use super::{
    credentials::{Credentials, Profile},
    form::FieldKind,
    kind::{PageKind, Shut, classify},
    login,
    page::{MAX_FIELDS, MAX_FORMS, MAX_HTML, MAX_LINKS, MAX_TEXT, Page},
    table::Portals,
    ways,
};

fn page(html: &str) -> Page {
    let url = Url::parse("https://cas.example.fr/cas/login?service=x").unwrap();
    Page::read(&url, 200, html)
}

/// A kind without what it holds.
fn word(html: &str) -> &'static str {
    classify(&page(html)).words()
}

const LOGIN: &str = "<form method=post><input name=u><input type=password name=p></form>";

#[test]
fn pages_are_told_apart() {
    for (html, kind) in [
        (
            "<script>Start({\"h\":1,\"a\":3,\"e\":\"x\",\"f\":\"y\"});</script>",
            PageKind::Start { granted: true },
        ),
        (
            "<body onload=\"try { Start ({h:'1',a:3,e:'x',f:'y'}) } catch (e) {}\">",
            PageKind::Start { granted: true },
        ),
        ("<body onload=\"Start ({h:1,a:3,e:'',f:''})\">", PageKind::Start { granted: false }),
        ("<p>Le site n&rsquo;est pas disponible.", PageKind::PronoteShut(Shut::Closed)),
        (LOGIN, PageKind::Login(0)),
        (
            "<form><input name=q></form><form><input name=u><input type=password name=p></form>",
            PageKind::Login(1),
        ),
        // The form sits badly in its table, and its button outside.
        (
            "<table><form id=f><tr><td><input name=u><td><INPUT TYPE=Password NAME=p></form></table><button form=f name=go>",
            PageKind::Login(0),
        ),
        ("<form><input type=hidden name=SAMLResponse value=x></form>", PageKind::AutoPost(0)),
        (
            "<form method=post><input type=hidden name=wresult value=x></form><script>document.forms[0].submit()</script>",
            PageKind::AutoPost(0),
        ),
        (
            "<form method=post action=/logout><input type=hidden name=csrf value=x></form><script>f.submit()</script>",
            PageKind::Other,
        ),
        ("<form><input type=hidden name='shib_idp_ls_supported'></form>", PageKind::Storage(0)),
        (
            "<form><input type=password name=a><input type=password name=b></form>",
            PageKind::NewPassword,
        ),
        ("<form><input name=totp></form>", PageKind::SecondFactor),
        ("<p>Code de vérification</p><form><input name=a></form>", PageKind::SecondFactor),
        ("<div class='h-captcha'></div>", PageKind::Captcha),
        (
            "<p>La charte<form><input type=checkbox name=ok><input type=submit value=\"J'accepte\"></form>",
            PageKind::Consent,
        ),
        (
            "<form><button name=_eventId_AttributeReleaseRejected>Non</button></form>",
            PageKind::Consent,
        ),
        ("<p>Identifiant ou mot de passe incorrect", PageKind::Wrong),
        ("<p>Trop de tentatives", PageKind::Locked),
        ("<p>L'application n'est pas autorisée à utiliser CAS", PageKind::UnknownService),
        ("<h1>Maintenance</h1>", PageKind::Maintenance),
        ("<noscript><form><input type=password name=p></form></noscript>", PageKind::Other),
        ("", PageKind::Other),
    ] {
        assert_eq!(classify(&page(html)), kind, "{html}");
    }
    let next = || PageKind::Jump(Url::parse("https://cas.example.fr/cas/next").unwrap());
    for (html, kind) in [
        ("<META HTTP-EQUIV=Refresh CONTENT='0; url=next'>", next()),
        ("<script>window.location = 'next';</script>", next()),
        ("<base href='/cas/sub/'><meta http-equiv=refresh content='0;url=../next'>", next()),
        ("<script src=app.js></script><script>location='next'</script>", PageKind::Other),
        ("<script>if (a) location='next'</script>", PageKind::Other),
        ("<noscript><meta http-equiv=refresh content='0;url=next'></noscript>", PageKind::Other),
    ] {
        assert_eq!(classify(&page(html)), kind, "{html}");
    }
    assert_eq!(
        word(
            "<select name=user_idp></select><form><select name=user_idp><option value=a>A</select></form>"
        ),
        "a choice of where one comes from"
    );
    assert_eq!(word("<a href='?idpId=x'>Élève</a>"), "a choice of where one comes from");
    assert_eq!(
        word(
            "<form><button name=typeUser value=eleve>É</button><button name=typeUser value=responsable>R</button></form>"
        ),
        "a choice of profile or account"
    );
}

#[test]
fn a_server_in_trouble_is_out_of_service() {
    let url = Url::parse("https://cas.example.fr/").unwrap();
    assert_eq!(classify(&Page::read(&url, 503, "")), PageKind::Maintenance);
    assert_eq!(classify(&Page::read(&url, 404, "")), PageKind::Other);
}

#[test]
fn a_form_is_sent_as_a_browser_does() {
    let page = page(concat!(
        "<form method=POST action='a?b&amp;c=&#233;'><input type=hidden name=h value='&quot;&amp;amp;'>",
        "<input name=u value=old><input type=password name=p><input type=checkbox name=off><input ",
        "type=checkbox name=on checked><input type=radio name=r value=1><input type=radio name=r value=2 ",
        "checked><select name=s><option value=x>X<option value=y selected>Y</select><textarea name=t></textarea>",
        "<input name=no disabled value=z><input value=nameless><input type=reset name=z><button name=cancel value=1>",
        "</button><button name=go value=2>Go</button><button name=other value=3></button></form>",
    ));
    let form = &page.forms[0];
    let url = form.action.as_ref().unwrap().as_str();
    assert_eq!(url, "https://cas.example.fr/cas/a?b&c=%C3%A9");
    let who = Credentials::new("moi", "a b&é", Profile::Pupil);
    let filled = login::fill(form, &who).unwrap();
    let sent = "h=%22%26amp%3B&u=moi&p=a+b%26%C3%A9&on=on&r=2&s=y&t=&go=2";
    assert_eq!(filled.encoded().as_str(), sent);
    let shown = format!("{filled:?}");
    assert!(shown.contains("\"p\"") && !shown.contains("moi") && !shown.contains("a b"), "{shown}");
}

#[test]
fn educonnects_form_says_who_logs_in() {
    let html = "<form method=post><input type=hidden name=csrf_token value=k><input name=j_username><input type=password name=j_password><input type=checkbox checked name=_shib_idp_revokeConsent value=true></form>";
    for (profile, sent) in [
        (Profile::Pupil, "csrf_token=k&j_username=u&j_password=p&typeUser=eleve&_eventId_proceed="),
        (
            Profile::Guardian,
            "csrf_token=k&j_username=u&j_password=p&typeUser=responsable&_eventId_proceed=",
        ),
        (Profile::Staff, "csrf_token=k&j_username=u&j_password=p&_eventId_proceed="),
    ] {
        let filled =
            login::fill(&page(html).forms[0], &Credentials::new("u", "p", profile)).unwrap();
        assert_eq!(filled.encoded().as_str(), sent);
    }
    let two = "<form><input type=hidden name=typeUser value=eleve><input name=j_username><input type=password name=j_password></form><form><input type=hidden name=typeUser value=responsable><input name=j_username><input type=password name=j_password></form>";
    let page = page(two);
    let chosen = login::choose(&page, 0, &Credentials::new("u", "p", Profile::Guardian)).unwrap();
    assert_eq!(chosen.field("typeUser").unwrap().value, "responsable");
}

#[test]
fn the_way_that_the_portal_and_the_profile_name_is_taken() {
    let kosmos = "<form><input type=radio name=selection value=ATS_parent_eleve id=a><label for=a>Élève</label><input type=radio name=selection value=EDU_parent_eleve id=b><label for=b>ÉduConnect</label></form>";
    let links = "<a href='?idpId=parentEleveEN-IdP'>Élève</a><a href='?idpId=agent'>Agent</a><a href='/cas/login?idpId=agri'>Élève agricole</a>";
    let people = "<form><button name=typeUser value=responsable>Parent</button><button name=typeUser value=eleve>Élève</button></form>";
    for (html, portal, profile, value) in [
        (kosmos, "cas_seinesaintdenis_edu", Profile::Pupil, Some("EDU_parent_eleve")),
        (kosmos, "cas_arsene76", Profile::Pupil, Some("ATS_parent_eleve")),
        (kosmos, "eclat_bfc", Profile::Guardian, Some("EDU_parent_eleve")),
        (kosmos, "cas_kosmos", Profile::Staff, None),
        (
            links,
            "ac_orleans_tours",
            Profile::Pupil,
            Some("https://cas.example.fr/cas/login?idpId=parentEleveEN-IdP"),
        ),
        (people, "cas_kosmos", Profile::Guardian, Some("responsable")),
        (people, "cas_agora06", Profile::Pupil, Some("eleve")),
    ] {
        let page = page(html);
        let ways = match classify(&page) {
            PageKind::Discovery(ways) | PageKind::Choice(ways) => ways,
            kind => panic!("{kind:?}"),
        };
        let portal = Portals::built_in().find(portal).unwrap();
        let pronote = Url::parse("https://a.index-education.net/pronote/eleve.html").unwrap();
        let entry = portal.entry(&pronote, profile).unwrap();
        let way = ways::pick(&ways, portal, &entry, &Credentials::new("u", "p", profile));
        assert_eq!(way.map(|way| way.value.as_str()), value, "{}, {profile:?}", portal.id);
    }
}

/// Pages made to be slow to read or large in memory.
#[test]
fn no_page_takes_long_or_much() {
    let bombs = [
        "<form>".repeat(400_000),
        "<b a=1><p>".repeat(200_000),
        "<div>".repeat(400_000),
        format!("<input {}>", (0..200_000).map(|n| format!("a{n} ")).collect::<String>()),
        "<form><input name=a>".to_owned() + &"<option value=x>o".repeat(200_000),
        "<a href=/?idp=1>".repeat(200_000),
        "<label>".repeat(300_000),
        "<label>x".to_owned() + &"y ".repeat(1_000_000),
        "<script>location ".to_owned() + &"location='".repeat(300_000),
        "<script>Start({".to_owned() + &"Start({".repeat(300_000),
        "&lt".repeat(700_000),
        "<".repeat(2_000_000),
        "<!--".repeat(500_000),
        "<meta http-equiv=refresh content='0;url=/x'>".repeat(50_000),
        "İ".repeat(1_000_000),
        // Each link would be as long as the base.
        format!("<base href='/{}/'>", "a".repeat(300_000)) + &"<a href=x>".repeat(20_000),
        format!("<base href='/{}/'>", "a".repeat(300_000))
            + &"<form action=x></form>".repeat(10_000),
        // Each field would search the text.
        "un mot ".repeat(20_000) + "<form>" + &"<input name=a><select name=b>".repeat(500),
        "un mot ".repeat(20_000) + "<form>" + &"<input type=radio name=a value=b>".repeat(1000),
    ];
    for bomb in &bombs {
        let start = Instant::now();
        check_bounds(bomb);
        // A generous bound for an unoptimised build on a busy machine; a quadratic reader needs
        // minutes.
        let name: String = bomb.chars().take(20).collect();
        assert!(start.elapsed() < Duration::from_secs(10), "{name}: {:?}", start.elapsed());
    }
}

fn check_bounds(html: &str) {
    let page = page(html);
    let kind = classify(&page);
    assert!(page.forms.len() <= MAX_FORMS && page.links.len() <= MAX_LINKS);
    let fields = page.forms.iter().flat_map(|form| &form.fields);
    let controls: usize = fields.map(|field| 1 + field.options.len()).sum();
    assert!(controls <= MAX_FIELDS);
    // The piece that goes over the bound is still taken.
    assert!(page.text.len() <= MAX_TEXT + 4 && page.script.len() <= MAX_TEXT + MAX_HTML + 1);
    let index = match kind {
        PageKind::AutoPost(index) | PageKind::Login(index) | PageKind::Storage(index) => index,
        _ => return,
    };
    let form = page.forms.get(index).unwrap();
    let _sent = form.fill_by_script().map(|filled| filled.encoded());
    if matches!(kind, PageKind::Login(_)) {
        let who = Credentials::new("u", "p", Profile::Pupil);
        assert!(login::fill(form, &who).is_some());
        assert!(form.fields.iter().any(|field| field.kind == FieldKind::Password));
    }
}

/// Pieces that pages are made of, in any order.
fn tag_soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<form method=post action='/x?é'>".to_owned()),
        Just("</form>".to_owned()),
        Just("<table><tr><td>".to_owned()),
        Just("<input type=password name=p>".to_owned()),
        Just("<input name=j_username value='&amp;&#xfffe;&unknown;'>".to_owned()),
        Just("<input type=hidden name=SAMLRequest".to_owned()),
        Just("<select name=selection><option>".to_owned()),
        Just("<button form=f name=typeUser value=eleve>".to_owned()),
        Just("<label for=x>".to_owned()),
        Just("</label></select></button></a>".to_owned()),
        Just("<a href='https://[::1]:99999/'>".to_owned()),
        Just("<base href='mailto:x'>".to_owned()),
        Just("<meta http-equiv=refresh content='0;url=//'>".to_owned()),
        Just("<script>location='//[';Start ({h:1,e:</script>".to_owned()),
        Just("<body onload=\"Start({a:1})\">".to_owned()),
        Just("<noscript><title><textarea>".to_owned()),
        Just("choisissez un compte, mot de passe incorrect".to_owned()),
        any::<String>(),
        "[<>/=\"'& a-z!-]{0,40}",
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_page_is_something(html in tag_soup(), status in any::<u16>()) {
        check_bounds(&html);
        let url = Url::parse("https://cas.example.fr/").unwrap();
        prop_assert!(!classify(&Page::read(&url, status, &html)).words().is_empty());
    }

    #[test]
    fn any_bytes_are_something(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        check_bounds(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_table_is_read_or_refused_in_words(text in "[a-z\t=:/.{}#\n -]{0,200}") {
        if let Err(error) = Portals::parse(&text) {
            prop_assert!(error.to_string().contains("line "));
        }
    }
}
