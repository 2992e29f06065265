//! Faults on demand: what is repaired silently, what is told, what is left alone.
//!

use std::time::Duration;

use pronote_client::{
    Error, Unavailable,
    http::HttpFault,
    protocol::start_page::NotAStartPage,
    simulator::{Fault, Manner, Page},
};

use super::{newest, pupil};

#[tokio::test]
async fn an_expired_session_is_logged_into_again_once() {
    for code in [8, 10, 11, 13] {
        let simulator = newest();
        let client = pupil(&simulator).await;
        let control = simulator.control();
        control.forget_calls();
        control.plan(Fault::Refusal(code).once().at("PageEquipePedagogique"));
        assert!(!client.staff().await.unwrap().is_empty(), "{code}");
        assert_eq!(control.count("Authentification"), 1, "{code}");
        control.plan(Fault::Refusal(code).always().at("PageEquipePedagogique"));
        let error = client.staff().await.unwrap_err();
        assert!(matches!(error, Error::Refused(ref refusal) if refusal.code == code), "{error}");
        assert_eq!(control.count("Authentification"), 2, "{code}: once a call, not for ever");
    }
}

#[tokio::test]
async fn other_refusals_never_log_in_again() {
    for code in [3, 5, 21, 22, 25, 99] {
        let simulator = newest();
        let client = pupil(&simulator).await;
        let control = simulator.control();
        control.forget_calls();
        control.plan(Fault::Refusal(code).once().at("PageEquipePedagogique"));
        match client.staff().await.unwrap_err() {
            Error::Unavailable { reason: Unavailable::Denied, .. } => assert_eq!(code, 3),
            Error::Refused(refusal) => assert_eq!(refusal.code, code),
            error => panic!("{code}: {error}"),
        }
        assert_eq!(control.count("Authentification"), 0, "{code}");
        client.menus(super::NOW.date(), super::NOW.date()).await.unwrap();
    }
}

#[tokio::test]
async fn a_ban_page_is_no_reason_to_log_in() {
    let simulator = newest();
    let client = pupil(&simulator).await;
    let control = simulator.control();
    control.forget_calls();
    control.plan(Fault::Page(Page::Suspended).always());
    let error = client.staff().await.unwrap_err();
    assert!(matches!(error, Error::Page(NotAStartPage::Suspended)), "{error}");
    assert_eq!(control.count("start"), 0);
}

#[tokio::test]
async fn pages_that_are_no_start_page_are_told_apart() {
    for (page, reason) in [
        (Page::Suspended, NotAStartPage::Suspended),
        (Page::Closed, NotAStartPage::Closed),
        (Page::Busy, NotAStartPage::Busy),
        (Page::Foreign, NotAStartPage::Other),
    ] {
        let simulator = newest();
        simulator.control().plan(Fault::Page(page).always().at("start"));
        let account = super::account(super::Space::Pupil, "demonstration");
        let error = super::log_in(&simulator, account).await.unwrap_err();
        assert!(matches!(error, Error::Page(found) if found == reason), "{page:?}: {error}");
    }
}

#[tokio::test]
async fn whatever_breaks_is_an_error_and_the_session_goes_on() {
    for fault in [
        Fault::Status(500),
        Fault::Status(404),
        Fault::Garbage,
        Fault::WrongKey,
        Fault::Huge(9 << 20),
        Fault::Travel(Manner::Cut),
        Fault::Travel(Manner::Dropped),
        Fault::Business("Impossible".to_owned()),
    ] {
        let simulator = newest();
        let client = pupil(&simulator).await;
        let control = simulator.control();
        control.plan(fault.clone().once().at("PageEquipePedagogique"));
        let error = client.staff().await.expect_err(&format!("{fault:?}"));
        assert!(!error.to_string().is_empty() && !error.ends_session(), "{fault:?}: {error}");
        assert!(!client.staff().await.unwrap().is_empty(), "{fault:?}: the next call is well");
    }
}

#[tokio::test]
async fn a_slow_answer_is_waited_for_and_an_endless_one_is_not() {
    let simulator = newest();
    let client = pupil(&simulator).await;
    let control = simulator.control();
    let slow = Fault::Travel(Manner::After(Duration::from_millis(300)));
    control.plan(slow.once().at("PageEquipePedagogique"));
    assert!(!client.staff().await.unwrap().is_empty());
    let endless = Fault::Travel(Manner::Dripping(Duration::from_secs(2)));
    control.plan(endless.once().at("PageEquipePedagogique"));
    let error = client.staff().await.unwrap_err();
    assert!(
        matches!(error, Error::Http(ref error) if error.fault == HttpFault::TimedOut),
        "{error}"
    );
    assert!(!client.staff().await.unwrap().is_empty(), "logged in again where it had to be");
}

#[tokio::test]
async fn a_server_that_asks_to_wait_is_asked_again() {
    let simulator = newest();
    let client = pupil(&simulator).await;
    simulator.control().plan(Fault::Wait(0).once().at("PageEquipePedagogique").times(2));
    assert!(!client.staff().await.unwrap().is_empty());
    assert_eq!(simulator.control().count("Authentification"), 1, "in the same session");
}

#[tokio::test]
async fn a_call_that_is_given_up_spoils_nothing() {
    let simulator = newest();
    let client = pupil(&simulator).await;
    let slow = Fault::Travel(Manner::After(Duration::from_secs(2)));
    simulator.control().plan(slow.once().at("PageEquipePedagogique"));
    let given_up = tokio::time::timeout(Duration::from_millis(100), client.staff()).await;
    assert!(given_up.is_err());
    assert!(!client.staff().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_breaks_on_an_unknown_version_says_so() {
    let simulator = super::start(super::options("2027.0.1", super::PACKINGS[0]));
    let client = pupil(&simulator).await;
    simulator.control().plan(Fault::Garbage.once().at("PageEquipePedagogique"));
    let error = client.staff().await.unwrap_err();
    assert!(matches!(error, Error::TooNew { .. }), "{error}");
    assert!(error.to_string().starts_with("PRONOTE 2027.0.1 is newer"), "{error}");
    simulator.control().plan(Fault::Refusal(10).once().at("PageEquipePedagogique"));
    assert!(!client.staff().await.unwrap().is_empty(), "an expired session is no riddle");
}

#[tokio::test]
async fn nothing_that_pronote_says_is_printed_by_accident() {
    let simulator = newest();
    let client = pupil(&simulator).await;
    let fault = Fault::Business("Fanny PARENT est punie".to_owned());
    simulator.control().plan(fault.once().at("PageEquipePedagogique"));
    let error = client.staff().await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("Fanny"), "{error:?}");
    let Error::Refused(refusal) = error else { panic!("{error:?}") };
    assert_eq!(refusal.message.as_deref(), Some("Fanny PARENT est punie"));
}
