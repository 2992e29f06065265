//! A stop logs nobody out.

use std::time::Instant;

use serde_json::{Value, json};

use super::{Caller, WHO, account, folder, school, start};
use crate::harness::PATIENCE;

const SESSIONS: usize = 12;

#[tokio::test]
async fn sigterm_puts_the_sessions_away_sealed_and_the_next_start_goes_on_with_them() {
    let (school, caller) = (school(), Caller::new());
    let (mut service, url) = start(folder("memory"));
    let mut users: Vec<(String, Value)> = Vec::new();
    for index in 0..SESSIONS {
        let token = caller.log_in(&url, &school, account(index)).await;
        let user = caller.get(&format!("{url}/user?token={token}")).await.unwrap();
        let period = &user.1["periods"][index % 3]["name"];
        let choice = json!({ "token": token, "periodName": period });
        assert_eq!(caller.post(&format!("{url}/changePeriod"), &choice).await.unwrap().0, 200);
        let user = caller.get(&format!("{url}/user?token={token}")).await.unwrap();
        assert_eq!(user.1["periods"][index % 3]["actual"], true, "{user:?}");
        users.push((token, user.1));
    }
    let logins = school.control().sessions();

    let (took, code) = service.terminate();
    assert_eq!(code, Some(0));
    assert!(took.as_secs_f64() < 2.0, "{took:?}");
    let file = service.folder.path().join("gateway.sessions");
    let written = std::fs::read(&file).unwrap();
    let names = users.iter().filter_map(|(_, user)| user["name"].as_str());
    let secrets = users.iter().map(|(token, _)| token.as_str());
    let accounts =
        (0..WHO.len()).flat_map(|index| [account(index).username, account(index).password]);
    // The first line names the format.
    let sealed = written.split(|byte| *byte == b'\n').skip(1).collect::<Vec<_>>().concat();
    assert!(sealed.len() > SESSIONS * 1000, "{} bytes", sealed.len());
    for word in names.chain(secrets).chain(accounts).chain(["127.0.0.1", "session"]) {
        assert!(!sealed.windows(word.len()).any(|part| part == word.as_bytes()), "{word}");
    }

    let (_service, url) = start(service.kill());
    assert!(!file.exists(), "whoever takes the disk later finds nothing");
    for (token, before) in users {
        let (status, user) = caller.get(&format!("{url}/user?token={token}")).await.unwrap();
        assert_eq!((status, user), (200, before));
    }
    assert_eq!(school.control().sessions(), logins, "nobody had to log in again");
}

#[tokio::test]
async fn a_session_in_the_middle_of_a_slow_call_is_kept_too() {
    let (school, caller) = (school(), Caller::new());
    let (mut service, url) = start(folder("memory"));
    let token = caller.log_in(&url, &school, account(0)).await;
    school.control().plan("slow-20000@PageEmploiDuTemps".parse().unwrap());
    school.control().forget_calls();
    let slow = format!("{url}/timetable?token={token}&dateString=2026-12-10");
    let asking = tokio::spawn({
        let caller = caller.clone();
        async move { caller.get(&slow).await.map(|(status, _)| status) }
    });
    let begun = Instant::now();
    while school.control().count("PageEmploiDuTemps") == 0 {
        assert!(begun.elapsed() < PATIENCE);
        tokio::task::yield_now().await;
    }
    let (took, code) = service.terminate();
    assert_eq!(code, Some(0));
    assert!(took.as_secs_f64() < 2.0, "{took:?}");
    assert_ne!(asking.await.unwrap().ok(), Some(200));

    school.control().clear_faults();
    school.control().forget_calls();
    let (_service, url) = start(service.kill());
    let (status, user) = caller.get(&format!("{url}/user?token={token}")).await.unwrap();
    assert_eq!((status, user["name"].is_string()), (200, true), "{user}");
    assert!(school.control().calls().iter().all(|call| call.refused.is_none()));
    assert_eq!(school.control().count("Authentification"), 1, "its next number was not known");
}
