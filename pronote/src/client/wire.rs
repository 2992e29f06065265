//! One session on the wire: numbers, keys and names.
//!

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;
use url::Url;

use super::push::POLLING;
use crate::{
    Address, Error,
    error::LoginError,
    http::{Browser, HttpError, HttpFault, Page},
    protocol::{
        crypto::Cipher,
        envelope::{Answer, EnvelopeError, Request},
        error::RefusalKind,
        generation::{self, Generation},
        order::Order,
        packing::Packing,
        start_page::{NotAStartPage, StartPage},
        version::Version,
    },
};

/// What a session is made of between two calls.
#[derive(Debug, Clone)]
pub(crate) struct Wire {
    pub(crate) address: Address,
    pub(crate) version: Option<Version>,
    pub(crate) generation: &'static Generation,
    pub(crate) session: u32,
    pub(crate) space: u32,
    pub(crate) order: Order,
    pub(crate) cipher: Cipher,
    pub(crate) packing: Packing,
    /// No version was told: the first payload goes under both names.
    both_payloads: bool,
}

/// A server may ask to be asked again; this often, then it is an error.
const MAX_WAITS: u32 = 5;

impl Wire {
    pub(crate) fn new(address: Address, page: &StartPage) -> Self {
        Self {
            address,
            version: page.version,
            generation: page.generation(),
            session: page.session,
            space: page.space,
            order: Order::first(),
            cipher: Cipher::initial(),
            packing: page.packing,
            both_payloads: page.version.is_none() && page.looks_old,
        }
    }

    /// A session that goes on where another process left it.
    pub(crate) fn resumed(
        address: Address,
        version: Option<Version>,
        (session, space): (u32, u32),
        order: Order,
        cipher: Cipher,
        packing: Packing,
    ) -> Self {
        let generation = version.map_or_else(Generation::newest, Generation::of);
        let both_payloads = false;
        Self { address, version, generation, session, space, order, cipher, packing, both_payloads }
    }

    /// The version that `FonctionParametres` tells is the right one.
    pub(crate) fn learn_version(&mut self, version: Option<Version>) {
        if let Some(version) = version {
            self.version = Some(version);
            self.generation = Generation::of(version);
            self.both_payloads = false;
        }
        if let Some(version) = self.version.filter(|v| generation::is_newer_than_known(*v)) {
            tracing::warn!(%version, "this PRONOTE is newer than what this client knows");
        }
    }

    /// Calls a function. `reply` is the cipher from the answer on, where the call changes it.
    pub(crate) async fn call(
        &mut self,
        browser: &Browser,
        function: &str,
        data: &Value,
        signature: Option<&Value>,
        reply: Option<Cipher>,
    ) -> Result<Answer, Error> {
        for _ in 0..MAX_WAITS {
            let before = self.cipher.clone();
            match self.once(browser, function, data, signature, reply.clone()).await {
                Err(EnvelopeOr::Envelope(EnvelopeError::Wait(ms))) => {
                    // It was counted and not carried out: the keys are still the same.
                    self.cipher = before;
                    sleep(Duration::from_millis(ms.into())).await;
                }
                Err(EnvelopeOr::Envelope(EnvelopeError::Refused(refusal))) => {
                    return Err(self.blame(Error::Refused(refusal)));
                }
                Err(EnvelopeOr::Envelope(problem)) => {
                    let function = function.to_owned();
                    return Err(self.blame(Error::Answer { function, problem }));
                }
                Err(EnvelopeOr::Error(error)) => return Err(error),
                Ok(answer) => match answer.refusal() {
                    Some(refusal) => return Err(self.blame(Error::Refused(refusal))),
                    None => return Ok(answer),
                },
            }
        }
        let problem = EnvelopeError::Wait(0);
        Err(Error::Answer { function: function.to_owned(), problem })
    }

    /// What to send to hear what is new, as the poll of this number.
    pub(crate) fn poll(&self, number: u32) -> (Url, String) {
        let sign = if self.generation.polls_backwards { "-" } else { "" };
        let order = self.cipher.encrypt(format!("{sign}{number}").as_bytes());
        let (space, session) = (self.space, self.session);
        let url = self.address.below(&format!("appelpolling/{space}/{session}/{order}"));
        let (function, data) = (POLLING.to_owned(), Value::Null);
        let request = Request { session, order, function, data, signature: None };
        (url, request.write(self.generation.names, self.packing, &self.cipher))
    }

    async fn once(
        &mut self,
        browser: &Browser,
        function: &str,
        data: &Value,
        signature: Option<&Value>,
        reply: Option<Cipher>,
    ) -> Result<Answer, EnvelopeOr> {
        let order = self.order.take(&self.cipher);
        let (space, session) = (self.space, self.session);
        let url = self.address.below(&format!("appelfonction/{space}/{session}/{order}"));
        let request = Request {
            session,
            order,
            function: function.to_owned(),
            data: data.clone(),
            signature: signature.cloned(),
        };
        let body = self.body(&request);
        if let Some(cipher) = reply {
            self.cipher = cipher;
        }
        let page = browser.post_json(url, body).await.inspect_err(|error| {
            // It never left, so the server has not counted it.
            if matches!(error.fault, HttpFault::Unreachable(_) | HttpFault::Forbidden(_)) {
                self.order.give_back();
            }
        });
        let page = page.map_err(|error| EnvelopeOr::Error(error.into()))?;
        let read = Answer::read(&page.body, self.packing, &self.cipher);
        if !matches!(read, Err(EnvelopeError::NotJson)) {
            return read.map_err(EnvelopeOr::Envelope);
        }
        Err(EnvelopeOr::Error(self.no_json(&page, function)))
    }

    /// What an answer is that is no JSON: a page for people, or a broken server's.
    pub(crate) fn no_json(&self, page: &Page, function: &str) -> Error {
        match NotAStartPage::of_page(&page.text()) {
            NotAStartPage::Other if page.status != 200 => {
                HttpError::at("POST", &page.url, HttpFault::Status(page.status)).into()
            }
            NotAStartPage::Other => self.blame(Error::Answer {
                function: function.to_owned(),
                problem: EnvelopeError::NotJson,
            }),
            reason => reason.into(),
        }
    }

    fn body(&self, request: &Request) -> String {
        if !self.both_payloads {
            return request.write(self.generation.names, self.packing, &self.cipher);
        }
        // As the generations before and after 2024.3.9 name it; the rest of the names is one.
        let mut request = request.clone();
        let data = request.data.clone();
        request.data = Value::Null;
        let both = json!({"donnees": data, "data": data});
        let secured =
            self.packing.pack(crate::protocol::packing::Author::Client, both, &self.cipher);
        let names = self.generation.names;
        json!({
            names.session: request.session,
            names.order: request.order,
            names.function: request.function,
            names.secured: secured,
        })
        .to_string()
    }

    /// A failure that an unknown version may explain says so.
    pub(crate) fn blame(&self, error: Error) -> Error {
        let unknown = self.version.filter(|version| generation::is_newer_than_known(*version));
        let suspicious = match &error {
            Error::Answer { .. } => true,
            Error::Refused(refusal) => {
                matches!(refusal.kind, RefusalKind::Impossible | RefusalKind::Other)
            }
            Error::Login(LoginError::WrongCredentials) => true,
            _ => false,
        };
        match unknown {
            Some(version) if suspicious => Error::TooNew { version, source: Box::new(error) },
            _ => error,
        }
    }
}

enum EnvelopeOr {
    Envelope(EnvelopeError),
    Error(Error),
}
