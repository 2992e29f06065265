//! What a simulator remembers: sessions, tokens, devices, and what users wrote.
//!
//! Everything is bounded; at a bound the oldest makes room.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::time::Duration;

use jiff::civil::DateTime;

use super::account;
use super::clock::Clock;
use super::fault::Plan;
use super::mailbox::Mailbox;
use super::session::Session;
use crate::protocol::space::Space;

/// A call that was answered, for tests to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The session's number.
    pub session: u32,
    /// The function, or `start`, `file` …
    pub place: String,
    /// `Erreur.G`, where it was refused.
    pub refused: Option<i64>,
}

/// A secret that an app logs in with instead of a password.
pub(crate) struct Token {
    pub account: usize,
    pub secret: String,
    /// The app that it is bound to; any for a QR code.
    pub app: Option<String>,
    pub until: Option<DateTime>,
}

pub(crate) struct State {
    pub clock: Clock,
    pub sessions: HashMap<u32, Session>,
    pub next_session: u32,
    pub faults: Vec<Plan>,
    pub calls: VecDeque<Call>,
    pub answered: u64,
    pub tokens: Vec<Token>,
    pub accounts: BTreeMap<usize, AccountState>,
    pub failures: u32,
    pub suspended_until: Option<DateTime>,
    pub done: HashSet<(u32, u32)>,
    pub handed_in: BTreeMap<(u32, u32), String>,
    pub news: BTreeMap<(usize, u32), NewsState>,
    pub mailboxes: BTreeMap<usize, Mailbox>,
}

/// What an account has changed about itself.
#[derive(Default)]
pub(crate) struct AccountState {
    pub failures: u32,
    pub refused_until: Option<DateTime>,
    pub password: Option<String>,
    pub pin: Option<String>,
    /// The code that was sent by mail, for making the PIN anew.
    pub reset_code: Option<String>,
    /// What the account is called now.
    pub username: Option<String>,
    /// The devices that are known, by their `identifiantNav`.
    pub devices: BTreeMap<String, Device>,
    pub last_login: Option<DateTime>,
    pub mode: Option<u64>,
}

/// A device that an account was used on.
pub(crate) struct Device {
    /// Empty where the user gave none.
    pub name: String,
    /// 1 an app, 2 a browser.
    pub kind: u32,
    pub last: DateTime,
}

/// What an account did with a piece of news.
#[derive(Default)]
pub(crate) struct NewsState {
    pub is_read: Option<bool>,
    pub is_deleted: bool,
    /// Answers by the question's rank.
    pub answers: BTreeMap<u32, Answered>,
}

pub(crate) struct Answered {
    pub value: serde_json::Value,
    pub free: Option<String>,
    pub at: DateTime,
}

const CALLS_KEPT: usize = 4096;
const TOKENS_KEPT: usize = 1024;

/// No function has a longer name.
const PLACE_LENGTH: usize = 48;

/// Devices that an account may have; more and the modal asks again.
const DEVICES_KEPT: usize = 256;

impl AccountState {
    /// Remembers a device.
    pub(crate) fn trust(&mut self, id: String, device: Device) {
        if self.devices.len() >= DEVICES_KEPT {
            self.devices.clear();
        }
        self.devices.insert(id, device);
    }
}

impl State {
    pub(crate) fn new(clock: Clock, faults: Vec<Plan>) -> Self {
        Self {
            clock,
            sessions: HashMap::new(),
            next_session: 0,
            faults,
            calls: VecDeque::new(),
            answered: 0,
            tokens: Vec::new(),
            accounts: BTreeMap::new(),
            failures: 0,
            suspended_until: None,
            done: HashSet::new(),
            handed_in: BTreeMap::new(),
            news: BTreeMap::new(),
            mailboxes: BTreeMap::new(),
        }
    }

    pub(crate) fn record(&mut self, session: u32, mut place: String, refused: Option<i64>) {
        self.answered += 1;
        if self.calls.len() == CALLS_KEPT {
            self.calls.pop_front();
        }
        if place.len() > PLACE_LENGTH {
            place = place.chars().take(PLACE_LENGTH).collect();
        }
        self.calls.push_back(Call { session, place, refused });
    }

    /// Adds a session; the one that has been idle longest makes room.
    pub(crate) fn open(&mut self, session: Session, most: usize) {
        if self.sessions.len() >= most.max(1) {
            let idlest = self.sessions.values().min_by_key(|session| session.last_call);
            if let Some(number) = idlest.map(|session| session.number) {
                self.sessions.remove(&number);
            }
        }
        self.sessions.insert(session.number, session);
    }

    /// The account that a name opens in a space.
    pub(crate) fn find_account(&self, space: Space, typed: &str) -> Option<usize> {
        let renamed =
            |index: &usize| account::get(*index).space == space && self.is_called(*index, typed);
        let is_known = |index: &usize| self.is_called(*index, typed);
        let mut renamed = self.accounts.keys().copied().filter(renamed);
        renamed.next().or_else(|| account::find(space, typed).filter(is_known))
    }

    /// Whether this is what an account is called now.
    pub(crate) fn is_called(&self, index: usize, typed: &str) -> bool {
        let account = account::get(index);
        let changed = self.accounts.get(&index).and_then(|state| state.username.as_deref());
        let name = changed.unwrap_or(account.username);
        account.folded_name(typed) == account.folded_name(name)
    }

    pub(crate) fn account(&mut self, account: usize) -> &mut AccountState {
        self.accounts.entry(account).or_default()
    }

    /// Hands out a token; an app has one at a time for an account.
    pub(crate) fn issue(&mut self, token: Token) {
        self.tokens.retain(|known| {
            token.app.is_none() || known.account != token.account || known.app != token.app
        });
        if self.tokens.len() == TOKENS_KEPT {
            self.tokens.remove(0);
        }
        self.tokens.push(token);
    }

    /// Counts a failed login, and what comes of it.
    pub(crate) fn fail(
        &mut self,
        account: Option<usize>,
        before_refusal: u32,
        before_suspension: u32,
    ) {
        let until = self.clock.now().saturating_add(Duration::from_secs(30 * 60));
        self.failures += 1;
        if self.failures >= before_suspension {
            self.failures = 0;
            self.suspended_until = Some(until);
        }
        if let Some(account) = account {
            let state = self.account(account);
            state.failures += 1;
            if state.failures >= before_refusal {
                state.failures = 0;
                state.refused_until = Some(until);
            }
        }
    }
}
