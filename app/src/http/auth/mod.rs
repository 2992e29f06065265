//! HTTP Basic: who is calling?
//!
//! A password takes tens of milliseconds and 19 MiB to verify, on purpose: so it is done once per
//! credential and one at a time, and what was verified is known again by a keyed digest.

mod attempts;
mod remembered;

use std::{fmt::Display, net::SocketAddr, sync::Arc};

use headers::{Authorization, HeaderMap, HeaderMapExt, authorization::Basic};
use prometheus_client::metrics::counter::Counter;
use subtle::{Choice, ConstantTimeEq};
use tokio::{sync::Semaphore, task::spawn_blocking, time::sleep};
use tracing::warn;
use warp::{Filter, Rejection};

use super::{peer::Peer, problem::Problem};
use crate::store::{PasswordHash, conf::Auth as Account};
use attempts::Attempts;
use remembered::{Digest, Remembered};

/// Who may call. Clones are the same.
#[derive(Clone)]
pub struct Auth(Arc<Inner>);

/// Who is calling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User(pub String);

struct Inner {
    account: Box<dyn Fn() -> Account + Send + Sync>,
    remembered: Remembered,
    attempts: Arc<Attempts>,
    one_at_a_time: Arc<Semaphore>,
    failures: Counter,
}

impl Auth {
    /// Whoever `account` says at the moment of a call may call. `failures` counts the others.
    pub fn new(
        account: impl Fn() -> Account + Send + Sync + 'static,
        failures: Counter,
    ) -> Result<Self, getrandom::Error> {
        Ok(Self(Arc::new(Inner {
            account: Box::new(account),
            remembered: Remembered::new()?,
            attempts: Arc::default(),
            one_at_a_time: Arc::new(Semaphore::new(1)),
            failures,
        })))
    }

    /// Takes the user out of a request, or refuses it.
    pub fn user(&self) -> impl Filter<Extract = (User,), Error = Rejection> + Clone + use<> {
        let auth = self.clone();
        warp::ext::get::<SocketAddr>().and(warp::header::headers_cloned()).and_then(
            move |address: SocketAddr, headers: HeaderMap| {
                let auth = auth.clone();
                async move { auth.check(address.into(), &headers).await.map_err(Rejection::from) }
            },
        )
    }

    async fn check(&self, peer: Peer, headers: &HeaderMap) -> Result<User, Problem> {
        let Some(Authorization(given)) = headers.typed_get::<Authorization<Basic>>() else {
            return Err(Problem::unauthorized("sign in with the box's user name and password"));
        };
        let digest = self.0.remembered.digest(given.username(), given.password());
        if self.0.remembered.knows(&(self.0.account)(), &digest) {
            return Ok(User(given.username().to_owned()));
        }
        let Some(attempt) = self.0.attempts.begin(peer) else {
            self.0.failures.inc();
            return Err(Problem::too_many(
                "too many attempts to sign in at once; wait a moment",
                5,
            ));
        };
        if self.verify(&given, digest).await? {
            attempt.right();
            return Ok(User(given.username().to_owned()));
        }
        self.0.failures.inc();
        let wait = attempt.wrong();
        if !wait.is_zero() {
            warn!("many wrong passwords from {peer}: answers are held back for {wait:?}");
        }
        sleep(wait).await;
        Err(Problem::unauthorized("the user name or the password is wrong"))
    }

    /// The work is the same for a user that does not exist.
    async fn verify(&self, given: &Basic, digest: Digest) -> Result<bool, Problem> {
        let failed = |why: &dyn Display| Problem::internal("verifying a password", why);
        let turn = self.0.one_at_a_time.clone().acquire_owned().await;
        let turn = turn.map_err(|closed| failed(&closed))?;
        let account = (self.0.account)();
        // Another request with the same credentials may have been before us.
        if self.0.remembered.knows(&account, &digest) {
            return Ok(true);
        }
        let same_user = given.username().as_bytes().ct_eq(account.username.as_bytes());
        let (password, hash) = (given.password().to_owned(), account.password_hash.clone());
        // The turn goes along: a caller that hangs up ends our wait, not the work.
        let work = spawn_blocking(move || {
            let right = match hash {
                Some(hash) => hash.verify(&password),
                None => PasswordHash::of(&password).is_ok_and(|_| false),
            };
            (right, turn)
        });
        let (same_password, _turn) = work.await.map_err(|panic| failed(&panic))?;
        let right = bool::from(same_user & Choice::from(u8::from(same_password)));
        if right {
            self.0.remembered.add(&account, digest);
        }
        Ok(right)
    }
}

#[cfg(test)]
mod tests {
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
}
