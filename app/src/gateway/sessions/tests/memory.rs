//! Sessions in this process, and in the file between two runs.
//!

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    sync::atomic::{AtomicU32, Ordering},
    time::SystemTime,
};

use super::{super::file, *};

#[tokio::test]
async fn a_session_is_visited_by_its_token_alone() {
    let school = School::new();
    let sessions = school.memory().await;
    let token = school.token(&sessions).await;
    let mut visit = sessions.visit(&token, soon()).await.unwrap();
    assert!(visit.client().name().is_some());
    assert_eq!(visit.period(), None);
    visit.choose_period(Some("Trimestre 2".to_owned()));
    visit.leave().await.unwrap();
    let read = token.to_text().parse::<Token>().unwrap();
    let mut visit = sessions.visit(&read, soon()).await.unwrap();
    assert_eq!(visit.period(), Some("Trimestre 2"));
    visit.choose_period(None);
    // As a handler that panics does.
    drop(visit);
    let visit = sessions.visit_id(&token.id(), soon()).await.unwrap();
    assert_eq!(visit.period(), None);
    assert_eq!((sessions.count(), sessions.live().await), (1, Some(1)));
    for _ in 0..100 {
        let guess = sessions.visit(&Token::random().unwrap(), soon()).await;
        assert_eq!(guess.unwrap_err(), SessionError::NotFound);
    }
    let now = Instant::now();
    assert_eq!(sessions.visit(&token, now).await.unwrap_err(), SessionError::Busy);
}

#[tokio::test]
async fn one_call_at_a_time_is_in_a_session() {
    let school = School::new();
    let sessions = school.memory().await;
    let token = school.token(&sessions).await;
    static INSIDE: AtomicU32 = AtomicU32::new(0);
    let visits = (0..50).map(|_| {
        let (sessions, token) = (sessions.clone(), token.clone());
        tokio::spawn(async move {
            let visit = sessions.visit(&token, soon()).await.unwrap();
            assert_eq!(INSIDE.fetch_add(1, Ordering::SeqCst), 0);
            tokio::task::yield_now().await;
            INSIDE.fetch_sub(1, Ordering::SeqCst);
            visit.leave().await.unwrap();
        })
    });
    for visit in visits.collect::<Vec<_>>() {
        visit.await.unwrap();
    }
}

#[tokio::test]
async fn a_token_that_is_used_lives_and_one_that_is_not_expires() {
    let school = School::new();
    let sessions = school.memory().await;
    let (used, unused) = (school.token(&sessions).await, school.token(&sessions).await);
    tokio::time::pause();
    for _ in 0..3 {
        tokio::time::advance(TTL / 2).await;
        sessions.visit(&used, soon()).await.unwrap().leave().await.unwrap();
    }
    assert_eq!(sessions.visit(&unused, soon()).await.unwrap_err(), SessionError::Expired);
    assert_eq!(sessions.count(), 1, "it is swept");
    // A visit that lasts longer than a token lives keeps it alive.
    let visit = sessions.visit(&used, soon()).await.unwrap();
    tokio::time::advance(TTL * 2).await;
    sessions.sweep();
    assert_eq!(sessions.visit(&used, Instant::now()).await.unwrap_err(), SessionError::Busy);
    visit.leave().await.unwrap();
    sessions.visit(&used, soon()).await.unwrap().leave().await.unwrap();
    tokio::time::advance(TTL).await;
    sessions.sweep();
    assert_eq!(sessions.count(), 0);
    assert_eq!(sessions.visit(&used, soon()).await.unwrap_err(), SessionError::Expired);
    tokio::time::advance(Duration::from_secs(25 * 3600)).await;
    assert_eq!(sessions.visit(&used, soon()).await.unwrap_err(), SessionError::NotFound);
}

#[tokio::test]
async fn the_next_run_goes_on_with_the_sessions_of_the_last() {
    let school = School::new();
    let sessions = school.memory().await;
    let (first, second) = (school.token(&sessions).await, school.token(&sessions).await);
    let mut visit = sessions.visit(&first, soon()).await.unwrap();
    let name = visit.client().name().unwrap();
    visit.choose_period(Some("Trimestre 1".to_owned()));
    visit.leave().await.unwrap();
    sessions.close().await;
    assert!(matches!(sessions.visit(&first, soon()).await, Err(SessionError::Unreachable(_))));
    let path = school.data.path().join("gateway.sessions");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let content = fs::read(&path).unwrap();
    let token = first.to_text();
    for secret in ["demonstration", "pronotevs", "127.0.0.1", "Trimestre", &name, &*token] {
        let found = content.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "{secret}");
    }
    school.simulator.control().forget_calls();
    let again = school.memory().await;
    assert!(!path.exists(), "no session is gone on with twice");
    let visit = again.visit(&first, soon()).await.unwrap();
    assert_eq!(visit.period(), Some("Trimestre 1"));
    visit.client().staff().await.unwrap();
    visit.leave().await.unwrap();
    call(&again, &second).await.unwrap();
    assert_eq!(school.logins(), 0);
    // What is not closed has written nothing.
    drop(again);
    assert_eq!(school.memory().await.count(), 0);
}

#[tokio::test]
async fn a_damaged_file_gives_what_it_has_and_is_put_aside() {
    let school = School::new();
    let sessions = school.memory().await;
    for _ in 0..3 {
        school.token(&sessions).await;
    }
    sessions.close().await;
    let path = school.data.path().join("gateway.sessions");
    let aside = school.data.path().join("gateway.sessions.unread");
    let whole = fs::read(&path).unwrap();
    let mut bent = whole.clone();
    let last = bent.len() - 100;
    bent[last] ^= 1;
    let key = fs::read(school.data.path().join("gateway.key")).unwrap();
    let key = (key, "A".repeat(43) + "=");
    for (content, key, count, what) in [
        (whole.as_slice(), key.0.as_slice(), 3, "whole"),
        (&whole[..whole.len() - 1], &key.0, 3, "without its end"),
        (&bent, &key.0, 2, "bent"),
        (&whole[..whole.len() / 2], &key.0, 1, "half"),
        (&whole, key.1.as_bytes(), 0, "of another key"),
        (b"{}", &key.0, 0, "of another kind"),
        (b"", &key.0, 0, "empty"),
    ] {
        fs::write(&path, content).unwrap();
        fs::write(school.data.path().join("gateway.key"), key).unwrap();
        drop(fs::remove_file(&aside));
        assert_eq!(school.memory().await.count(), count, "{what}");
        assert_eq!(aside.exists(), what != "whole", "{what}");
        assert!(!path.exists(), "{what}");
    }
}

#[tokio::test]
async fn time_between_two_runs_counts_unless_the_clock_stepped_back() {
    let school = School::new();
    let sessions = school.memory().await;
    let client = school.log_in(&sessions, &School::credentials()).await;
    let (path, seal) = (school.data.path().join("x"), sessions.seal().clone());
    let (written, day) = (SystemTime::now(), Duration::from_secs(86_400));
    let seconds = Duration::from_secs;
    for (idle, read, wanted) in [
        (seconds(5), written + seconds(7), seconds(12)),
        (seconds(5), written - day, seconds(5)),
        (seconds(5), SystemTime::UNIX_EPOCH, seconds(5)),
        (seconds(0), written + day, day),
    ] {
        let (sender, receiver) = tokio::sync::mpsc::channel(1);
        let record = super::super::Record::of(&client, None).await;
        let id = Token::random().unwrap().id();
        sender.send(file::Entry { id, idle, record }).await.unwrap();
        drop(sender);
        let (path, seal) = (path.clone(), seal.clone());
        let read = tokio::task::spawn_blocking(move || {
            file::write(&path, &seal, written, receiver).unwrap();
            let mut entries = Vec::new();
            file::read(&path, &seal, read, |entry| entries.push((entry.id, entry.idle)));
            entries
        });
        assert_eq!(read.await.unwrap(), [(id, wanted)]);
    }
}
