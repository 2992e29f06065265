//! A login within its budgets: asked for before, its outcome told after.
//!
//! A login counts against its account from the moment that it is let go, so that many at once are no
//! more guesses than one after the other. It is taken back when it succeeds, or fails for a reason
//! that nobody holds against the account. One whose outcome nobody tells stays counted: whoever
//! hangs up early does not guess for free. So let a login run to its end, whoever waits for it.

use std::{fmt, net::IpAddr};

use pronote_client::{
    Error,
    ent::{EDUCONNECT, Portal},
};
use tokio::time::Instant;

use super::{
    Limits,
    mark::Mark,
    shared::Login,
    verdict::{OfAccount, OfHost},
    wait::{Wait, WaitFor},
};

/// A login that somebody asks for.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    /// The caller's address, of IPv6 its /64.
    pub caller: IpAddr,
    /// The host of PRONOTE.
    pub host: &'a str,
    /// The portal that judges the password, where it is not PRONOTE itself.
    pub portal: Option<&'a Portal>,
    /// The user's name.
    pub username: &'a str,
}

/// A login that may go.
#[must_use = "a login whose outcome is not told counts as failed"]
pub struct LoginPermit {
    limits: Limits,
    host: String,
    account: Mark,
    address: Mark,
    id: u64,
    told: bool,
}

/// A school's network hides hundreds of pupils behind one address: it may fail as often as so many
/// accounts. (With 3 for an account: 60 wrong passwords an hour.)
const ACCOUNTS_OF_AN_ADDRESS: usize = 20;

impl Attempt<'_> {
    /// Where the password is judged: an account of EduConnect is one account, whatever PRONOTE or
    /// portal it is used for.
    fn realm(&self) -> String {
        match self.portal {
            Some(portal) if portal.family.is_educonnect() => EDUCONNECT.to_owned(),
            Some(portal) => portal.host().to_ascii_lowercase(),
            None => super::name(self.host),
        }
    }
}

impl Limits {
    /// Whether a login may be tried now. It waits for Redis a moment at most.
    pub async fn permit_login(&self, attempt: Attempt<'_>) -> Result<LoginPermit, Wait> {
        let inner = &*self.0;
        let held = |wait| {
            inner.metrics.login("held");
            wait
        };
        self.permit_host(attempt.host).await.map_err(held)?;
        let mut permit = LoginPermit {
            limits: self.clone(),
            host: super::name(attempt.host),
            account: inner.marks.account(&attempt.realm(), attempt.username),
            address: inner.marks.address(attempt.caller),
            id: inner.next_id(),
            told: true,
        };
        if let Err(wait) = permit.reserve().await {
            self.end_trial(&permit.host, OfHost::Nothing).await;
            return Err(held(wait));
        }
        permit.told = false;
        Ok(permit)
    }
}

impl LoginPermit {
    /// Tells what came of it.
    pub async fn close<T>(mut self, result: &Result<T, Error>) {
        let inner = &*self.limits.0;
        let (verdict, of_host) = (OfAccount::of(result), OfHost::of(result));
        self.told = true;
        {
            let mut failures = inner.failures();
            match verdict {
                OfAccount::LetIn => failures.clear(&self.account),
                OfAccount::TurnedAway => failures.add(self.address, self.id, Instant::now()),
                OfAccount::Nothing => failures.remove(&self.account, self.id),
            }
        }
        inner.metrics.login(match (verdict, result) {
            (OfAccount::LetIn, _) => "ok",
            (OfAccount::TurnedAway, _) => "refused",
            (OfAccount::Nothing, Err(error)) if Wait::asked_by(error).is_some() => "held",
            (OfAccount::Nothing, _) => "failed",
        });
        if let Some(shared) = inner.shared.as_ref().filter(|_| inner.failed_logins > 0) {
            match verdict {
                OfAccount::LetIn => shared.take_back(&self.account, None).await,
                OfAccount::TurnedAway => shared.add(&self.address, self.id).await,
                OfAccount::Nothing => shared.take_back(&self.account, Some(self.id)).await,
            }
        }
        self.limits.end_trial(&self.host, of_host).await;
    }

    /// Counts it, unless the account or the address has spent its budget: here, and in Redis.
    async fn reserve(&self) -> Result<(), Wait> {
        let inner = &*self.limits.0;
        if inner.failed_logins == 0 {
            return Ok(());
        }
        let budget = inner.failed_logins;
        let of_address = budget.saturating_mul(ACCOUNTS_OF_AN_ADDRESS);
        {
            let (mut failures, now) = (inner.failures(), Instant::now());
            let wait = |time, reason| Err(Wait { time, reason });
            if let Some(time) = failures.wait(&self.account, budget, now) {
                return wait(time, WaitFor::FailedLogins);
            }
            if let Some(time) = failures.wait(&self.address, of_address, now) {
                return wait(time, WaitFor::FailedLoginsOfAddress);
            }
            failures.add(self.account, self.id, now);
        }
        let Some(shared) = &inner.shared else { return Ok(()) };
        let login = Login {
            account: (&self.account, budget),
            address: (&self.address, of_address),
            id: self.id,
        };
        let permitted = shared.reserve(&login).await.unwrap_or(Ok(()));
        if permitted.is_err() {
            inner.failures().remove(&self.account, self.id);
        }
        permitted
    }
}

impl Drop for LoginPermit {
    fn drop(&mut self) {
        let inner = &*self.limits.0;
        if self.told {
            return;
        }
        // The account's count stays; the address's is this instance's own, as nobody waits here.
        inner.metrics.login("failed");
        inner.failures().add(self.address, self.id, Instant::now());
        inner.breakers().undecided(&self.host);
    }
}

impl fmt::Debug for LoginPermit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginPermit").field("host", &self.host).finish_non_exhaustive()
    }
}
