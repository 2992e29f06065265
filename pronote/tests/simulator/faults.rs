//! What goes wrong goes wrong as planned: order, idleness, errors, connections.
//!

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use pronote_client::protocol::envelope::EnvelopeError;
use pronote_client::protocol::packing::Packing;
use pronote_client::protocol::tab;
use pronote_client::simulator::{
    ACCOUNTS, Fault, Manner, Page, Plan, Request, Simulator, SimulatorOptions,
};
use serde_json::json;

use crate::generations::{options, send};
use crate::mini::{Mini, enter};

fn ping(mini: &mut Mini<'_>) -> Result<(), i64> {
    match mini.call("Navigation", json!({ "onglet": 7 }), Some(tab::HOME)) {
        Ok(_) => Ok(()),
        Err(EnvelopeError::Refused(refusal)) => Err(refusal.code),
        Err(_) => Err(-1),
    }
}

#[test]
fn order_idleness_and_unknown_sessions_expire_the_page() {
    let school = Simulator::in_process(options());
    let fresh = || {
        let (mut mini, _) = enter(send(&school), &ACCOUNTS[0]);
        assert_eq!(ping(&mut mini), Ok(()));
        mini
    };
    let mut skipped = fresh();
    skipped.order.take(&skipped.cipher);
    assert_eq!((ping(&mut skipped), ping(&mut skipped)), (Err(11), Err(8)));
    let mut garbled = fresh();
    garbled.cipher = garbled.cipher.with_material(b"another key");
    assert_eq!(ping(&mut garbled), Err(13));
    let mut idle = fresh();
    school.advance(Duration::from_secs(19 * 60));
    assert_eq!(ping(&mut idle), Ok(()));
    school.advance(Duration::from_secs(21 * 60));
    assert_eq!((ping(&mut idle), ping(&mut idle)), (Err(10), Err(8)));
    let mut ended = fresh();
    school.end_sessions();
    assert_eq!(ping(&mut ended), Err(8));
    let mut out = fresh();
    assert!(out.call("SaisieDeconnexion", json!({}), Some(tab::HOME)).is_ok());
    assert_eq!(ping(&mut out), Err(8));
}

#[test]
fn each_code_is_answered_where_and_as_often_as_planned() {
    for code in [3, 5, 8, 10, 11, 13, 21, 22, 25, 99] {
        let school = Simulator::in_process(options());
        let (mut mini, _) = enter(send(&school), &ACCOUNTS[0]);
        school.plan(Fault::Refusal(code).once().at("Navigation"));
        assert_eq!(ping(&mut mini), Err(code));
        assert_eq!(school.faults_left(), 0);
        // After a refusal that ends nothing the session goes on, in order.
        let expected = if [5, 8, 10, 11, 13].contains(&code) { Err(8) } else { Ok(()) };
        assert_eq!(ping(&mut mini), expected, "{code}");
        assert_eq!(school.count("Navigation"), 2);
    }
}

#[test]
fn answers_are_spoiled_after_the_call_was_carried_out() {
    let packing = Packing { encrypted: true, compressed: false };
    for fault in [Fault::Garbage, Fault::WrongKey, Fault::Huge(1_000_000)] {
        let school = Simulator::in_process(SimulatorOptions { packing, ..options() });
        let (mut mini, _) = enter(send(&school), &ACCOUNTS[0]);
        school.plan(fault.clone().once());
        assert_eq!(ping(&mut mini), Err(-1), "{fault:?}");
        assert_eq!(ping(&mut mini), Ok(()), "{fault:?}: the order went on");
    }
    let school = Simulator::in_process(options());
    let (mut mini, _) = enter(send(&school), &ACCOUNTS[0]);
    school.plan(Fault::Business("Non.".into()).once());
    let answer = mini.call("Navigation", json!({}), Some(tab::HOME)).unwrap();
    assert_eq!(answer.refusal().and_then(|refusal| refusal.message).as_deref(), Some("Non."));
    school.plan(Fault::Wait(2).once());
    let waits = mini.call("Navigation", json!({}), Some(tab::HOME)).unwrap_err();
    assert_eq!(waits, EnvelopeError::Wait(2000));
}

#[test]
fn pages_stand_in_for_the_real_one() {
    let school = Simulator::in_process(options());
    for (page, words) in [
        (Page::Suspended, "Votre adresse IP est provisoirement suspendue"),
        (Page::Closed, "Le site n'est pas disponible"),
        (Page::Busy, "Le site est momentanément indisponible"),
        (Page::Incompatible, "navigateur"),
        (Page::Foreign, "portail"),
    ] {
        school.plan(Fault::Page(page).once().at("start"));
        let reply = school.answer(&Request::get("/pronote/eleve.html"));
        assert!(String::from_utf8_lossy(&reply.body).contains(words), "{page:?}");
    }
    school.plan(Fault::Status(503).once());
    assert_eq!(school.answer(&Request::get("/pronote/eleve.html")).status, 503);
}

#[test]
fn requests_that_make_no_sense_are_refused_in_order() {
    let school = Simulator::in_process(options());
    for (function, tab, code) in [
        ("NoSuchFunction", Some(tab::HOME), 21),
        ("PageMenus", Some(tab::PUPILS), 3),
        ("PageMenus", Some(tab::NEWS), 21),
        ("PageMenus", None, 21),
        ("PageMenus", Some(tab::MENUS), 21),
    ] {
        let (mut mini, _) = enter(send(&school), &ACCOUNTS[0]);
        let error = mini.call(function, json!({ "date": 4 }), tab).unwrap_err();
        assert!(
            matches!(error, EnvelopeError::Refused(refusal) if refusal.code == code),
            "{function} {tab:?}"
        );
        assert_eq!(ping(&mut mini), Ok(()), "{function}");
    }
    for path in [
        "/",
        "/pronote/nothing.html",
        "/pronote/appelfonction/3",
        "/pronote/FichiersExternes/zz/a.pdf?Session=1",
    ] {
        assert_eq!(school.answer(&Request::get(path)).status, 404, "{path}");
    }
    let reply = school.answer(&Request::post("/pronote/appelfonction/3/1000000/zz", "not json"));
    assert!(String::from_utf8_lossy(&reply.body).contains("expiré"));
}

#[test]
fn sessions_are_bounded_and_the_idlest_makes_room() {
    let school = Simulator::in_process(SimulatorOptions { sessions: 3, ..options() });
    let (mut first, _) = enter(send(&school), &ACCOUNTS[0]);
    school.advance(Duration::from_secs(1));
    let mut others: Vec<_> = (0..3).map(|_| enter(send(&school), &ACCOUNTS[0]).0).collect();
    assert_eq!(school.sessions(), 3);
    assert_eq!(ping(&mut first), Err(8));
    assert_eq!(ping(others.last_mut().unwrap()), Ok(()));
}

#[test]
fn connections_are_cut_dropped_and_refused_on_the_wire() {
    let simulator = Simulator::start(options()).unwrap();
    let get = |path: &str| {
        let mut stream = TcpStream::connect(simulator.address()).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut bytes = Vec::new();
        // A cut connection may end with a reset.
        let _ended = stream.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let whole = get("/pronote/eleve.html");
    assert!(whole.starts_with("HTTP/1.1 200") && whole.trim_end().ends_with("</html>"));
    simulator.control().plan(Fault::Travel(Manner::Dropped).once());
    assert_eq!(get("/pronote/eleve.html"), "");
    simulator.control().plan(Fault::Travel(Manner::Cut).once());
    let cut = get("/pronote/eleve.html");
    assert!(cut.starts_with("HTTP/1.1 200") && !cut.contains("</html>"), "{cut}");
    simulator.control().plan("drip-0@start*1".parse::<Plan>().unwrap());
    assert!(get("/pronote/eleve.html").contains("PRONOTE 2026.2.6"));
    let address = simulator.address();
    drop(simulator);
    assert!(TcpStream::connect(address).is_err(), "it stops when it is dropped");
}
