//! A client of a few lines: it does what it is told, right or wrong.
//!

use pronote_client::protocol::crypto::{Cipher, login_material};
use pronote_client::protocol::envelope::{self, Answer, EnvelopeError};
use pronote_client::protocol::error::Refusal;
use pronote_client::protocol::generation::Generation;
use pronote_client::protocol::order::Order;
use pronote_client::protocol::packing::{Author, Packing};
use pronote_client::protocol::start_page::StartPage;
use pronote_client::simulator::{Account, Reply, Request};
use serde_json::{Value, json};

/// Whatever answers requests: a school in process, or a socket.
pub type Send<'a> = Box<dyn FnMut(&Request) -> Reply + 'a>;

pub struct Mini<'a> {
    pub send: Send<'a>,
    pub page: StartPage,
    pub cipher: Cipher,
    pub order: Order,
    /// The school's periods, as the first call told them.
    pub periods: Vec<Value>,
    pub generation: &'static Generation,
    pub packing: Packing,
}

/// What came back, as the server wrote it.
#[derive(Debug)]
pub struct Response {
    pub data: Value,
    refusal: Option<Refusal>,
}

/// How to log in.
#[derive(Clone, Copy, Default)]
pub struct Mode<'a> {
    pub wants_token: bool,
    pub has_code: bool,
    pub has_token: bool,
    pub from_portal: bool,
    pub app: &'a str,
}

const SEED: [u8; 16] = *b"0123456789abcdef";

impl<'a> Mini<'a> {
    /// Gets the page and says hello.
    pub fn open(
        mut send: Send<'a>,
        page: &str,
        device: Option<&str>,
    ) -> Result<(Self, Value), EnvelopeError> {
        let reply = send(&Request::get(page));
        assert_eq!(reply.status, 200, "{page}");
        let page = StartPage::read(str::from_utf8(&reply.body).unwrap()).unwrap();
        let generation = page.generation();
        let mut mini = Self {
            send,
            packing: page.packing,
            page,
            cipher: Cipher::initial(),
            order: Order::first(),
            periods: Vec::new(),
            generation,
        };
        let seed = match &mini.page.key {
            Some(key) => key.encrypt(&SEED, &[9; 40]).unwrap(),
            None => SEED.to_vec(),
        };
        let hello =
            json!({ "Uuid": data_encoding::BASE64.encode(&seed), "identifiantNav": device });
        let next = mini.cipher.with_seed(&SEED);
        let parameters = mini.raw("FonctionParametres", hello, None, Some(next))?.data;
        mini.periods =
            parameters["General"]["ListePeriodes"].as_array().cloned().unwrap_or_default();
        Ok((mini, parameters))
    }

    /// Identification and Authentification; the answer to the latter.
    pub fn log_in(
        &mut self,
        name: &str,
        secret: &str,
        mode: Mode<'_>,
    ) -> Result<Value, EnvelopeError> {
        let identity = self
            .call(
                "Identification",
                json!({
                    "genreConnexion": 0,
                    "genreEspace": self.page.space,
                    "identifiant": name,
                    "pourENT": mode.from_portal,
                    "enConnexionAuto": false,
                    "demandeConnexionAuto": false,
                    "demandeConnexionAppliMobile": mode.wants_token,
                    "demandeConnexionAppliMobileJeton": mode.has_code,
                    "enConnexionAppliMobile": mode.has_token,
                    "uuidAppliMobile": mode.app,
                    "loginTokenSAV": "",
                }),
                None,
            )?
            .data;
        let folds = |field: &str| identity[field] == 1;
        let fold = |text: &str, is: bool| if is { text.to_lowercase() } else { text.to_owned() };
        let name = if mode.from_portal { String::new() } else { fold(name, folds("modeCompLog")) };
        let secret = fold(secret, folds("modeCompMdp"));
        let alea = identity["alea"].as_str().unwrap_or_default();
        let login = self.cipher.with_material(&login_material(&name, alea, &secret));
        let challenge = identity["challenge"].as_str().unwrap();
        let solution = login.solve(self.generation.challenge, challenge).unwrap_or_default();
        let answer = self
            .call(
                "Authentification",
                json!({
                    "connexion": 0, "challenge": solution, "espace": self.page.space,
                }),
                None,
            )?
            .data;
        if let Some(cle) = answer["cle"].as_str() {
            self.cipher = login.session(cle).unwrap();
        }
        Ok(answer)
    }

    /// A call of a function from a tab.
    pub fn call(
        &mut self,
        function: &str,
        data: Value,
        tab: Option<u32>,
    ) -> Result<Response, EnvelopeError> {
        let signature = tab.map(|tab| json!({ "onglet": tab }));
        self.raw(function, data, signature, None)
    }

    /// A call with a signature of its own.
    pub fn raw(
        &mut self,
        function: &str,
        data: Value,
        signature: Option<Value>,
        next: Option<Cipher>,
    ) -> Result<Response, EnvelopeError> {
        let order = self.order.take(&self.cipher);
        let path =
            format!("/pronote/appelfonction/{}/{}/{order}", self.page.space, self.page.session);
        let request = envelope::Request {
            session: self.page.session,
            order,
            function: function.to_owned(),
            data,
            signature,
        };
        let body = request.write(self.generation.names, self.packing, &self.cipher);
        let reply = (self.send)(&Request::post(&path, body));
        if let Some(next) = next {
            self.cipher = next;
        }
        let refusal = Answer::read(&reply.body, self.packing, &self.cipher)?.refusal();
        let names = self.generation.names;
        let mut body: Value = serde_json::from_slice(&reply.body).unwrap();
        let secured = body[names.secured].take();
        let mut secured = self.packing.unpack(Author::Server, secured, &self.cipher)?;
        Ok(Response { data: secured[names.payload].take(), refusal })
    }
}

impl Response {
    /// The refusal of the function itself.
    pub fn refusal(&self) -> Option<Refusal> {
        self.refusal.clone()
    }
}

/// Logs an account in by its password, as far as the first call.
pub fn enter<'a>(send: Send<'a>, account: &Account) -> (Mini<'a>, Value) {
    let page = account.space.page(pronote_client::protocol::space::Site::Desktop);
    let (mut mini, _) = Mini::open(send, &format!("/pronote/{page}"), None).unwrap();
    let answer = mini.log_in(account.username, account.password, Mode::default()).unwrap();
    (mini, answer)
}
