//! One request at one of the fake hosts.

use std::collections::HashMap;

use url::form_urlencoded;

use super::{
    super::http::{Reply, Request},
    FakePortals, PREFIX, Trouble, html,
    people::Person,
    state::SamlRequest,
};
use crate::ent::EDUCONNECT;

/// A request, its host and path as the real portal would see them.
pub struct Visit<'a> {
    /// The world.
    pub portals: &'a FakePortals,
    /// The host that is played.
    pub host: String,
    /// The path at that host.
    pub path: String,
    /// `http://127.0.0.1:4242/ent/` on a server with one name, `https://` otherwise.
    origin: String,
    /// What goes before a cookie's path.
    prefix: String,
    request: &'a Request,
    fields: HashMap<String, String>,
}

impl<'a> Visit<'a> {
    /// The visit, where the request is for a portal at all.
    pub fn of(portals: &'a FakePortals, request: &'a Request) -> Option<Self> {
        let fields = form_urlencoded::parse(&request.body).into_owned().collect();
        if let Some(rest) = request.path.strip_prefix(PREFIX) {
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            let (origin, prefix) = (request.origin() + PREFIX, format!("{PREFIX}{host}"));
            let (host, path) = (host.to_owned(), format!("/{path}"));
            return Some(Self { portals, host, path, origin, prefix, request, fields });
        }
        let host = request.header("host")?.to_owned();
        let known = host == EDUCONNECT || portals.portal_at(&host).is_some();
        let (path, origin) = (request.path.clone(), "https://".to_owned());
        known.then(|| Self { portals, host, path, origin, prefix: String::new(), request, fields })
    }

    /// `GET /path` or `POST /path`, to be matched.
    pub fn route(&self) -> (&str, &str) {
        (self.request.method.as_str(), self.path.as_str())
    }

    /// The address of a path at a host.
    pub fn url(&self, host: &str, path: &str) -> String {
        format!("{}{host}{path}", self.origin)
    }

    /// The address of a path at this host.
    pub fn here(&self, path: &str) -> String {
        self.url(&self.host, path)
    }

    /// The path at this host as a relative address.
    pub fn local(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// This address with a number that grows.
    pub fn again(&self) -> String {
        let round = self.parameter("round").and_then(|n| n.parse::<u32>().ok()).unwrap_or(0);
        self.here(&format!("{}?round={}", self.path, round + 1))
    }

    /// A parameter of the query.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.request.parameter(name)
    }

    /// A field of the form; empty where it was not sent.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// Whether a field was sent.
    pub fn has_field(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.request.cookie(name)
    }

    /// A `Set-Cookie` for a path at this host.
    pub fn set_cookie(&self, reply: Reply, name: &str, value: &str, path: &str) -> Reply {
        reply.with("set-cookie", format!("{name}={value}; Path={}{path}; HttpOnly", self.prefix))
    }

    /// Who has this cookie of a portal.
    pub fn who(&self, cookie: &str) -> Option<&'static Person> {
        let forgets = self.portals.options.trouble == Trouble::Forgetful;
        self.portals.state().who(self.cookie(cookie)).filter(|_| !forgets)
    }

    /// Signs somebody in and sends them on: to the service with a ticket, or to `home`.
    pub fn welcome(
        &self,
        person: &'static Person,
        cookie: &str,
        service: &str,
        home: Reply,
    ) -> Reply {
        let value = self.portals.state().sign_in(person);
        let reply = if service.is_empty() { home } else { self.hand_over(person, service) };
        self.set_cookie(reply, cookie, &value, "/")
    }

    /// To the service, with a ticket.
    pub fn hand_over(&self, person: &'static Person, service: &str) -> Reply {
        if self.portals.options.trouble == Trouble::UnknownService {
            return html::page("CAS", html::NOT_ALLOWED);
        }
        let ticket = self.portals.state().ticket(person, service);
        let joint = if service.contains('?') { '&' } else { '?' };
        Reply::redirect(&format!("{service}{joint}ticket={ticket}"))
    }

    /// The page that sends the browser to EduConnect by a form.
    pub fn to_educonnect_by_form(&self, consumer: &str, relay: &str) -> Reply {
        let request = self.saml_request(consumer, relay);
        let action = self.url(EDUCONNECT, "/idp/profile/SAML2/POST/SSO");
        html::self_posting(&action, &[("RelayState", relay), ("SAMLRequest", &request)])
    }

    /// The redirect that does the same.
    pub fn to_educonnect_by_redirect(&self, consumer: &str, relay: &str) -> Reply {
        let request = html::url_encoded(&self.saml_request(consumer, relay));
        let relay = html::url_encoded(relay);
        let path =
            format!("/idp/profile/SAML2/Redirect/SSO?SAMLRequest={request}&RelayState={relay}");
        Reply::redirect(&self.url(EDUCONNECT, &path))
    }

    fn saml_request(&self, consumer: &str, relay: &str) -> String {
        let mut state = self.portals.state();
        let request = state.token("PHNhbWxw");
        let (consumer, relay) = (self.here(consumer), relay.to_owned());
        state.saml_requests.insert(request.clone(), SamlRequest { consumer, relay });
        request
    }
}
