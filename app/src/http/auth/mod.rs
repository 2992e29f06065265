//! Who is calling: a program by HTTP Basic, a browser by its sign-in.
//!
//! A password takes tens of milliseconds and 19 MiB to verify, on purpose: so it is done once per
//! credential and one at a time, and what was verified is known again by a keyed digest.

mod attempts;
mod claim;
mod remembered;
mod sessions;

use std::{fmt::Display, net::SocketAddr, sync::Arc};

use headers::{Authorization, HeaderMap, HeaderMapExt, HeaderValue, authorization::Basic};
use prometheus_client::metrics::counter::Counter;
use subtle::{Choice, ConstantTimeEq};
use tokio::{
    sync::Semaphore,
    task::spawn_blocking,
    time::{Instant, sleep},
};
use tracing::warn;
use warp::{Filter, Rejection};

use super::{guard, peer::Peer, problem::Problem};
use crate::store::{PasswordHash, conf::Auth as Account};
use attempts::{Attempt, Attempts};
use claim::ClaimCode;
use remembered::{Digest, Remembered};
use sessions::Sessions;
pub use sessions::carried;

/// Who may call. Clones are the same.
#[derive(Clone)]
pub struct Auth(Arc<Inner>);

/// Who is calling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User(pub String);

struct Inner {
    account: Box<dyn Fn() -> Account + Send + Sync>,
    remembered: Remembered,
    sessions: Sessions,
    claim: ClaimCode,
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
            sessions: Sessions::default(),
            claim: ClaimCode::random()?,
            attempts: Arc::default(),
            one_at_a_time: Arc::new(Semaphore::new(1)),
            failures,
        })))
    }

    /// Takes the user out of a request, or refuses it.
    pub fn user(&self) -> impl Filter<Extract = (User,), Error = Rejection> + Clone + use<> {
        let auth = self.clone();
        warp::ext::get::<SocketAddr>().and(guard::headers_with_host()).and_then(
            move |address: SocketAddr, headers: HeaderMap| {
                let auth = auth.clone();
                async move { auth.check(address.into(), &headers).await.map_err(Rejection::from) }
            },
        )
    }

    /// The user whom a request's cookie or credentials name, where it has any that are right.
    pub async fn check(&self, peer: Peer, headers: &HeaderMap) -> Result<User, Problem> {
        if let Some(user) = self.signed_in(headers) {
            return Ok(user);
        }
        let Some(Authorization(given)) = headers.typed_get::<Authorization<Basic>>() else {
            return Err(refusal(headers, "sign in with the box's user name and password"));
        };
        self.check_password(peer, &given).await.map_err(|problem| match problem {
            Refused::Wrong => refusal(headers, "the user name or the password is wrong"),
            Refused::Other(problem) => problem,
        })
    }

    /// Signs a browser in: the cookie to set.
    pub async fn sign_in(
        &self,
        peer: Peer,
        username: &str,
        password: &str,
    ) -> Result<HeaderValue, Problem> {
        let Authorization(given) = Authorization::basic(username, password);
        // A name with a colon would be another one's here.
        let given = if username.contains(':') { Authorization::basic("", "").0 } else { given };
        self.check_password(peer, &given).await.map_err(|problem| match problem {
            Refused::Wrong => Problem::signed_out("the user name or the password is wrong"),
            Refused::Other(problem) => problem,
        })?;
        self.open_session()
    }

    /// The cookie of a new sign-in.
    pub fn open_session(&self) -> Result<HeaderValue, Problem> {
        let opened = self.0.sessions.open(&(self.0.account)(), Instant::now());
        opened.map_err(|error| Problem::internal("signing in", error))
    }

    /// Ends a browser's sign-in, if it has one: the cookie to set.
    pub fn sign_out(&self, headers: &HeaderMap) -> HeaderValue {
        self.0.sessions.close(&(self.0.account)(), headers, Instant::now())
    }

    /// Who is signed in by a cookie that comes from our own page.
    pub fn signed_in(&self, headers: &HeaderMap) -> Option<User> {
        let account = (self.0.account)();
        let ours = !guard::is_from_another_site(headers);
        let known = ours && self.0.sessions.knows(&account, headers, Instant::now());
        known.then_some(User(account.username))
    }

    /// The code by which somebody may set the first password; `None` where there is a password.
    pub fn claim_code(&self) -> Option<String> {
        (self.0.account)().password_hash.is_none().then(|| self.0.claim.expose())
    }

    /// Whether this is the claim code, counted and slowed as wrong passwords are.
    pub async fn check_claim(&self, peer: Peer, typed: &str) -> Result<(), Problem> {
        let attempt = self.attempt(peer)?;
        if self.0.claim.is(typed) {
            attempt.right();
            return Ok(());
        }
        self.wrong(peer, &attempt).await;
        Err(Problem::field("code", "that is not the code that this start of the box has printed"))
    }

    async fn check_password(&self, peer: Peer, given: &Basic) -> Result<User, Refused> {
        let user = || User(given.username().to_owned());
        let digest = self.0.remembered.digest(given.username(), given.password());
        if self.0.remembered.knows(&(self.0.account)(), &digest) {
            return Ok(user());
        }
        let attempt = self.attempt(peer)?;
        if self.verify(given, digest).await? {
            attempt.right();
            return Ok(user());
        }
        self.wrong(peer, &attempt).await;
        Err(Refused::Wrong)
    }

    fn attempt(&self, peer: Peer) -> Result<Attempt, Problem> {
        self.0.attempts.begin(peer).ok_or_else(|| {
            self.0.failures.inc();
            Problem::too_many("too many attempts to sign in at once; wait a moment", 5)
        })
    }

    async fn wrong(&self, peer: Peer, attempt: &Attempt) {
        self.0.failures.inc();
        let wait = attempt.wrong();
        if !wait.is_zero() {
            warn!("many wrong passwords from {peer}: answers are held back for {wait:?}");
        }
        sleep(wait).await;
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

/// Why a password does not let somebody in.
enum Refused {
    Wrong,
    Other(Problem),
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Other(problem)
    }
}

/// 401. A page has a form for that: the browser's own window must not open over it.
fn refusal(headers: &HeaderMap, detail: &str) -> Problem {
    if guard::is_asked_by_a_script(headers) {
        Problem::signed_out(detail)
    } else {
        Problem::unauthorized(detail)
    }
}

#[cfg(test)]
mod tests;
