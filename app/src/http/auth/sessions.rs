//! Sign-ins of browsers: a cookie that only the box's own page can use.
//!
//! Kept in memory, by digest: who reads the process's data folder finds none, and a restart ends
//! them all. The cookie is the browser's to keep for a month; what it is worth is decided here.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use data_encoding::BASE64URL_NOPAD;
use headers::{Cookie, HeaderMap, HeaderMapExt, HeaderValue};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;
use tokio::time::Instant;

use crate::store::conf::Auth as Account;

/// `__Host-`: browsers take it over HTTPS only, for this host and nothing beside it (RFC 6265bis).
const NAME: &str = "__Host-beffroi";

/// A sign-in that nobody uses for so long ends: the evening ends that of a school's office.
pub const IDLE: Duration = Duration::from_secs(12 * 3600);

/// However much it is used, it ends after so long.
pub const LONGEST: Duration = Duration::from_secs(30 * 24 * 3600);

/// Sign-ins at once. Of more, the one that was unused for longest ends.
const SESSIONS: usize = 64;

/// Who is signed in.
#[derive(Default)]
pub struct Sessions(Mutex<Book>);

#[derive(Default)]
struct Book {
    /// Whom they are of. A changed password ends them all.
    account: Option<Account>,
    /// The one that was used last comes last.
    open: VecDeque<Session>,
}

struct Session {
    digest: [u8; 32],
    since: Instant,
    used: Instant,
}

impl Sessions {
    /// Signs somebody in: the cookie to set.
    pub fn open(&self, account: &Account, now: Instant) -> Result<HeaderValue, getrandom::Error> {
        let mut token = [0; 32];
        getrandom::fill(&mut token)?;
        let token = BASE64URL_NOPAD.encode(&token);
        let session = Session { digest: digest(&token), since: now, used: now };
        let mut book = self.book(account, now);
        if book.open.len() >= SESSIONS {
            book.open.pop_front();
        }
        book.open.push_back(session);
        Ok(cookie(&token, LONGEST))
    }

    /// Whether a request is that of somebody who is signed in; from then on it is used.
    pub fn knows(&self, account: &Account, headers: &HeaderMap, now: Instant) -> bool {
        let mut book = self.book(account, now);
        let found = given(headers).and_then(|digest| book.take(&digest));
        let known = found.map(|session| book.open.push_back(Session { used: now, ..session }));
        known.is_some()
    }

    /// Signs out whoever asks: the cookie that takes the browser's away.
    pub fn close(&self, account: &Account, headers: &HeaderMap, now: Instant) -> HeaderValue {
        let mut book = self.book(account, now);
        if let Some(digest) = given(headers) {
            book.take(&digest);
        }
        cookie("", Duration::ZERO)
    }

    /// Those that still count.
    fn book(&self, account: &Account, now: Instant) -> MutexGuard<'_, Book> {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |known: &Account| {
            known.username == account.username && known.password_hash == account.password_hash
        };
        if !book.account.as_ref().is_some_and(same) {
            *book = Book { account: Some(account.clone()), open: VecDeque::new() };
        }
        book.open.retain(|session| now - session.used < IDLE && now - session.since < LONGEST);
        book
    }
}

impl Book {
    fn take(&mut self, digest: &[u8; 32]) -> Option<Session> {
        let at = self.open.iter().position(|session| session.digest.ct_eq(digest).into())?;
        self.open.remove(at)
    }
}

/// Whether a request carries a cookie of ours, whatever it is worth.
pub fn carried(headers: &HeaderMap) -> bool {
    given(headers).is_some()
}

fn given(headers: &HeaderMap) -> Option<[u8; 32]> {
    headers.typed_get::<Cookie>()?.get(NAME).map(digest)
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

fn cookie(token: &str, age: Duration) -> HeaderValue {
    let age = age.as_secs();
    let text = format!("{NAME}={token}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={age}");
    HeaderValue::try_from(text).expect("a cookie of letters, digits, - and _")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::PasswordHash;

    fn account() -> Account {
        let password_hash = PasswordHash::of("right").ok();
        Account { username: "admin".into(), password_hash }
    }

    /// The headers of the browser that was told to keep this cookie.
    fn browser(cookie: &HeaderValue) -> HeaderMap {
        let (pair, rest) = cookie.to_str().unwrap().split_once(';').unwrap();
        assert_eq!(rest, " Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=2592000");
        let mut headers = HeaderMap::new();
        headers.insert("cookie", format!("other=x; {pair}").parse().unwrap());
        headers
    }

    #[tokio::test(start_paused = true)]
    async fn a_sign_in_lasts_while_it_is_used_and_not_for_ever() {
        let (sessions, account, begun) = (Sessions::default(), account(), Instant::now());
        let one = browser(&sessions.open(&account, begun).unwrap());
        let other = browser(&sessions.open(&account, begun).unwrap());
        let mut now = begun;
        while now + IDLE / 2 < begun + LONGEST {
            now += IDLE / 2;
            assert!(sessions.knows(&account, &one, now), "{:?}", now - begun);
        }
        assert!(!sessions.knows(&account, &other, now), "nobody has used it");
        assert!(!sessions.knows(&account, &one, begun + LONGEST));
    }

    #[test]
    fn a_sign_in_ends_by_signing_out_and_with_its_password() {
        let (sessions, account, now) = (Sessions::default(), account(), Instant::now());
        let one = browser(&sessions.open(&account, now).unwrap());
        let other = browser(&sessions.open(&account, now).unwrap());
        let gone = sessions.close(&account, &one, now);
        assert!(gone.to_str().unwrap().contains("=; ") && gone.to_str().unwrap().ends_with("=0"));
        assert!(!sessions.knows(&account, &one, now) && sessions.knows(&account, &other, now));
        let changed = self::account(); // a salt of its own
        assert!(!sessions.knows(&changed, &other, now));
        assert!(!sessions.knows(&account, &other, now), "nor when it is as before again");
        assert!(!sessions.knows(&account, &HeaderMap::new(), now));
    }

    #[test]
    fn sign_ins_are_bounded_and_the_least_used_ends() {
        let (sessions, account, now) = (Sessions::default(), account(), Instant::now());
        let open = |_| browser(&sessions.open(&account, now).unwrap());
        let first: Vec<_> = (0..SESSIONS).map(open).collect();
        assert!(sessions.knows(&account, &first[0], now), "used again");
        open(0);
        assert!(sessions.knows(&account, &first[0], now));
        assert!(!sessions.knows(&account, &first[1], now));
    }
}
