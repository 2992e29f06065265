//! What the fake portals remember: flows, who is signed in where, tickets.

use std::collections::HashMap;

use super::people::Person;

/// Everything, under one lock.
#[derive(Default)]
pub struct State {
    last: u64,
    /// Who is signed in, by cookie value.
    signed_in: HashMap<String, &'static Person>,
    /// What a form must bring back, by the cookie of its browser.
    pub expected: HashMap<String, String>,
    /// EduConnect's flows, by cookie value.
    pub flows: HashMap<String, Flow>,
    /// Requests that portals made to EduConnect.
    pub saml_requests: HashMap<String, SamlRequest>,
    saml_responses: HashMap<String, &'static Person>,
    tickets: HashMap<String, (&'static Person, String)>,
}

/// One login at EduConnect.
#[derive(Clone)]
pub struct Flow {
    /// The page that comes next.
    pub step: Step,
    /// Pages so far, for `execution=e1s3`.
    pub number: u32,
    /// What the next form must bring back.
    pub token: String,
    /// To whom the answer goes.
    pub request: SamlRequest,
    /// Who signed in.
    pub person: Option<&'static Person>,
}

/// The pages of EduConnect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// What does the browser store?
    Probe,
    /// Name and password.
    Login,
    /// The same, after a wrong one.
    LoginAgain,
    /// Something that only a person can do.
    Stop,
    /// Which account?
    Choice,
    /// Store this.
    Save,
    /// The answer.
    Response,
}

/// Where a SAML answer goes, and what goes back with it.
#[derive(Clone, Default)]
pub struct SamlRequest {
    /// The address.
    pub consumer: String,
    /// `RelayState`.
    pub relay: String,
}

impl State {
    /// A value that was never given before, with the characters that encodings trip over.
    pub fn token(&mut self, kind: &str) -> String {
        self.last += 1;
        format!("{kind}_{:08x}+/&é=\"<'>==", self.last.wrapping_mul(0x9e37_79b9))
    }

    /// The same for cookies and tickets, which are plain.
    pub fn plain(&mut self, kind: &str) -> String {
        self.last += 1;
        format!("{kind}-{}-{:08x}", self.last, self.last.wrapping_mul(0x9e37_79b9))
    }

    /// Somebody signs in: the value of their cookie.
    pub fn sign_in(&mut self, person: &'static Person) -> String {
        let cookie = self.plain("S");
        self.signed_in.insert(cookie.clone(), person);
        cookie
    }

    /// Who has this cookie.
    pub fn who(&self, cookie: Option<&str>) -> Option<&'static Person> {
        self.signed_in.get(cookie?).copied()
    }

    /// An answer of EduConnect, good for once.
    pub fn respond(&mut self, person: &'static Person) -> String {
        let response = self.token("PHNhbWw");
        self.saml_responses.insert(response.clone(), person);
        response
    }

    /// Whom an answer of EduConnect is about.
    pub fn take_response(&mut self, response: &str) -> Option<&'static Person> {
        self.saml_responses.remove(response)
    }

    /// A ticket for a service.
    pub fn ticket(&mut self, person: &'static Person, service: &str) -> String {
        let ticket = self.plain("ST");
        self.tickets.insert(ticket.clone(), (person, service.to_owned()));
        ticket
    }

    /// Whom a ticket is about; it is good for once, and for its service.
    pub fn redeem(&mut self, ticket: &str, service: &str) -> Option<&'static Person> {
        let (person, wanted) = self.tickets.remove(ticket)?;
        (wanted == service).then_some(person)
    }
}
