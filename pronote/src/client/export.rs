//! A session put away, for another process to go on with.
//!

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use zeroize::Zeroize;

use super::{Client, Polls, State, View, Wire};
use crate::{
    Address,
    account::Account,
    http::{Browser, Transport},
    login::{Credentials, LoginOptions, Token},
    protocol::{crypto::Cipher, order::Order, packing::Packing, version::Version},
    school::School,
};

/// A session that sleeps. It holds secrets: the session's key, its cookies, and the credentials
/// where the client kept them. Whoever goes on with it must be alone in doing so, as each call
/// has its number.
#[derive(Clone, Serialize, Deserialize)]
pub struct Export {
    address: Address,
    version: Option<Version>,
    session: u32,
    space: u32,
    order: Order,
    key: [u8; 16],
    iv: [u8; 16],
    packing: Packing,
    cookies: String,
    credentials: Option<Credentials>,
    school: Arc<School>,
    account: Account,
    epoch: u32,
    /// How many polls were answered.
    #[serde(default)]
    polls: u32,
    #[serde(default)]
    doubtful: bool,
}

impl Client {
    /// The session as it is between two calls.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use pronote_client::{Client, Export, LoginOptions, Transport};
    ///
    /// let text = serde_json::to_string(&client.export().await)?;
    /// // … and in another process:
    /// let export: Export = serde_json::from_str(&text)?;
    /// let client = Client::import(&Transport::new()?, &export, LoginOptions::default());
    /// client.keep_alive().await?;
    /// # Ok(()) }
    /// ```
    pub async fn export(&self) -> Export {
        let state = self.shared.state.lock().await;
        let view = self.view();
        let wire = &state.wire;
        Export {
            address: wire.address.clone(),
            version: wire.version,
            session: wire.session,
            space: wire.space,
            order: wire.order.clone(),
            key: *wire.cipher.key(),
            iv: *wire.cipher.iv(),
            packing: wire.packing,
            cookies: state.browser.cookies_json(),
            credentials: state.credentials.clone(),
            school: Arc::clone(&view.school),
            account: view.account.clone(),
            epoch: state.epoch,
            polls: self.shared.polls.answered(state.epoch),
            doubtful: state.doubtful,
        }
    }

    /// Goes on with a session. Nothing is asked of the server; if the session has ended meanwhile,
    /// the first call logs in again.
    pub fn import(transport: &Transport, export: &Export, options: LoginOptions) -> Self {
        let wire = Wire::resumed(
            export.address.clone(),
            export.version,
            (export.session, export.space),
            export.order.clone(),
            Cipher::of_parts(export.key, export.iv),
            export.packing,
        );
        let school = School::clone(&export.school);
        let view = View::new(&wire, school, export.account.clone(), export.epoch);
        let state = State {
            browser: Arc::new(Browser::with_cookies_json(transport.clone(), &export.cookies)),
            wire,
            credentials: export.credentials.clone(),
            epoch: export.epoch,
            doubtful: export.doubtful,
        };
        let polls = Polls::resumed(export.epoch, export.polls);
        Self::of(transport.clone(), options, Mutex::new(state), view, polls)
    }
}

impl Export {
    /// Takes in a token that a keeper was handed after this was made ([`LoginOptions::keeper`]): the
    /// one in here is used up. The session that went with it is not known, so the next call logs in.
    pub fn take_token(&mut self, token: Token) {
        if matches!(self.credentials, Some(Credentials::QrCode { .. } | Credentials::Token(_))) {
            self.credentials = Some(Credentials::Token(token));
        }
        self.doubtful = true;
    }
}

impl Drop for Export {
    fn drop(&mut self) {
        self.key.zeroize();
        self.iv.zeroize();
        self.cookies.zeroize();
    }
}

impl std::fmt::Debug for Export {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Export").field("address", &self.address).finish_non_exhaustive()
    }
}
