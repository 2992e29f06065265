//! The strings behind the school: what a test pulls, and what it looks at.
//!

use std::{fmt, sync::Arc, time::Duration};

use jiff::civil::DateTime;

use super::fault::Plan;
use super::http::{Reply, Request};
use super::push;
use super::server::Server;
use super::state::Call;
use crate::protocol::version::Version;

/// A handle on a school; it also answers requests without a socket.
#[derive(Clone)]
pub struct Control {
    server: Arc<Server>,
}

impl Control {
    pub(crate) fn new(server: Arc<Server>) -> Self {
        Self { server }
    }

    /// Answers a request. How the answer travels is up to the caller.
    pub fn answer(&self, request: &Request) -> Reply {
        self.server.answer(request)
    }

    /// The version that is spoken.
    pub fn version(&self) -> Version {
        self.server.options.version
    }

    /// The folder of the site: `/pronote`.
    pub fn root(&self) -> &str {
        &self.server.options.root
    }

    /// Pushes a word to every session that is open, as PRONOTE names what is new:
    /// `notificationsCommunication`, `actualisationMessage`. Whoever polls hears of it at once.
    pub fn push(&self, name: &str) {
        push::to_all(&self.server, name);
    }

    /// Adds a fault to those planned; the first that fits a call strikes it.
    pub fn plan(&self, plan: Plan) {
        self.server.state().faults.push(plan);
    }

    /// Forgets the faults that are still planned.
    pub fn clear_faults(&self) {
        self.server.state().faults.clear();
    }

    /// How many faults are still planned.
    pub fn faults_left(&self) -> usize {
        self.server.state().faults.len()
    }

    /// School time.
    pub fn now(&self) -> DateTime {
        self.server.state().clock.now()
    }

    /// Sets the clock ahead: sessions expire, QR codes too, suspensions end.
    pub fn advance(&self, by: Duration) {
        self.server.state().clock.advance(by);
    }

    /// Ends every session, as a restart of PRONOTE does.
    pub fn end_sessions(&self) {
        self.server.state().sessions.clear();
    }

    /// How many sessions there are.
    pub fn sessions(&self) -> usize {
        self.server.state().sessions.len()
    }

    /// Withdraws every token and QR code.
    pub fn withdraw_tokens(&self) {
        self.server.state().tokens.clear();
    }

    /// Forgets every device that the security modal has seen.
    pub fn forget_devices(&self) {
        self.server.state().accounts.values_mut().for_each(|account| account.devices.clear());
    }

    /// The last code that a user was sent by mail to make a PIN anew with; good until it is used.
    pub fn mailed_code(&self) -> Option<String> {
        self.server.state().accounts.values().find_map(|account| account.reset_code.clone())
    }

    /// The last calls, oldest first; at most 4096 are kept.
    pub fn calls(&self) -> Vec<Call> {
        self.server.state().calls.iter().cloned().collect()
    }

    /// How many calls there were of a function or place.
    pub fn count(&self, place: &str) -> usize {
        self.server.state().calls.iter().filter(|call| call.place == place).count()
    }

    /// How many calls were answered in all.
    pub fn answered(&self) -> u64 {
        self.server.state().answered
    }

    /// Forgets the calls so far.
    pub fn forget_calls(&self) {
        self.server.state().calls.clear();
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").field("version", &self.version()).finish_non_exhaustive()
    }
}
