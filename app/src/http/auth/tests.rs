//! Who gets in, who is slowed, who is asked.

use std::{
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use hyper::header::AUTHORIZATION;
use tokio::time::Instant;
use warp::Reply;

use super::*;

struct Box {
    auth: Auth,
    account: Arc<Mutex<Account>>,
}

impl Box {
    fn new() -> Self {
        let account = Account { username: "admin".into(), password_hash: None };
        let account = Arc::new(Mutex::new(account));
        let now = account.clone();
        let now = move || now.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let this = Self { auth: Auth::new(now, Counter::default()).unwrap(), account };
        this.set_password("right");
        this
    }

    fn set_password(&self, password: &str) {
        self.account.lock().unwrap().password_hash = Some(PasswordHash::of(password).unwrap());
    }

    async fn sign_in(&self, peer: u8, user: &str, password: &str) -> u16 {
        let mut headers = HeaderMap::new();
        headers.typed_insert(Authorization::basic(user, password));
        let peer = IpAddr::from([192, 0, 2, peer]).into();
        match self.auth.check(peer, &headers).await {
            Ok(User(name)) => {
                assert_eq!(name, user);
                200
            }
            Err(problem) => problem.into_response().status().as_u16(),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_right_user_with_the_right_password_and_nobody_else() {
    let home = Box::new();
    for (user, password, status) in [
        ("admin", "right", 200),
        ("admin", "Right", 401),
        ("admin", "", 401),
        ("Admin", "right", 401),
        ("", "right", 401),
        ("adminright", "", 401),
        ("admin", "right", 200),
    ] {
        assert_eq!(home.sign_in(1, user, password).await, status, "{user}:{password}");
    }
    home.set_password("new");
    assert_eq!(home.sign_in(1, "admin", "right").await, 401, "a new password counts at once");
    assert_eq!(home.sign_in(1, "admin", "new").await, 200);
    home.account.lock().unwrap().password_hash = None;
    assert_eq!(home.sign_in(1, "admin", "new").await, 401, "no password lets nobody in");
    assert_eq!(home.auth.0.failures.get(), 7);
}

#[tokio::test(start_paused = true)]
async fn who_guesses_is_slowed_and_nobody_else_is() {
    let home = Box::new();
    assert_eq!(home.sign_in(1, "admin", "right").await, 200);
    let begun = Instant::now();
    for _ in 0..5 {
        assert_eq!(home.sign_in(1, "admin", "wrong").await, 401);
    }
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert_eq!(home.sign_in(1, "admin", "wrong").await, 401);
    assert_eq!(begun.elapsed().as_secs(), 1, "the sixth");
    let sixteen = (0..16).map(|_| home.sign_in(1, "admin", "wrong"));
    let answers = futures_util::future::join_all(sixteen).await;
    let refused = answers.iter().filter(|status| **status == 429).count();
    assert_eq!(refused, 14, "two at a time");
    let now = Instant::now();
    assert_eq!(home.sign_in(1, "admin", "right").await, 200, "what was verified goes on");
    assert_eq!(home.sign_in(2, "admin", "right").await, 200);
    assert_eq!(home.sign_in(2, "admin", "wrong").await, 401);
    assert_eq!(now.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn a_page_that_asks_for_many_things_is_verified_once() {
    let home = Box::new();
    let together = (0..10).map(|_| home.sign_in(1, "admin", "right"));
    assert_eq!(futures_util::future::join_all(together).await, [200; 10]);
    assert_eq!(home.auth.0.remembered.len(), 1);
}

#[tokio::test]
async fn without_credentials_one_is_asked_for_them() {
    let home = Box::new();
    for header in [None, Some("Bearer x"), Some("Basic !!"), Some("Basic YQ==")] {
        let mut headers = HeaderMap::new();
        headers.extend(header.map(|value| (AUTHORIZATION, value.parse().unwrap())));
        let peer = IpAddr::from([192, 0, 2, 1]).into();
        let answer = home.auth.check(peer, &headers).await.unwrap_err().into_response();
        assert_eq!(answer.status(), 401, "{header:?}");
        let asked = &answer.headers()["www-authenticate"];
        assert_eq!(asked, "Basic realm=\"Beffroi\", charset=\"UTF-8\"");
    }
    assert_eq!(home.auth.0.failures.get(), 0, "that is no wrong password");
}
