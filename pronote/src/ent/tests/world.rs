//! The fake portals and a school's PRONOTE, without a socket.

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use cookie_store::CookieStore;
use url::Url;
use zeroize::Zeroizing;

use super::{Answer, Portal, Portals, Profile, Web};
use crate::{
    http::HttpFault,
    protocol::space::Space,
    simulator::{
        Portals as _, Reply, Request,
        portals::{FakePortals, PortalOptions},
    },
};

const SCHOOL: &str = "0780001a.index-education.net";

/// A browser and the hosts that it can reach.
pub struct World {
    portals: Option<FakePortals>,
    jar: Mutex<CookieStore>,
    /// Host and body of each form.
    sent: Mutex<Vec<(String, String)>>,
    /// How many requests there were.
    pub requests: AtomicUsize,
    /// What PRONOTE shows instead of its page.
    pub pronote_says: Option<&'static str>,
    /// What `/start` shows at any other host.
    pub portal_says: Option<&'static str>,
    /// A host that must not be asked.
    pub forbidden: Option<&'static str>,
}

/// The school's page for a profile.
pub fn pronote(profile: Profile) -> Url {
    let page = if profile == Profile::Guardian { "parent" } else { "eleve" };
    format!("https://{SCHOOL}/pronote/{page}.html").parse().unwrap()
}

impl World {
    pub fn new(school: &Portal) -> Self {
        Self::with(school, |_| {})
    }

    pub fn with(school: &Portal, change: impl FnOnce(&mut PortalOptions)) -> Self {
        let mut options = PortalOptions::default();
        change(&mut options);
        let portals = Some(FakePortals::new(school, options));
        Self { portals, ..Self::without_portal() }
    }

    pub fn without_portal() -> Self {
        Self {
            portals: None,
            jar: Mutex::default(),
            sent: Mutex::default(),
            requests: AtomicUsize::new(0),
            pronote_says: None,
            portal_says: None,
            forbidden: None,
        }
    }

    /// The hosts that were sent a form with this text in it.
    pub fn saw_password(&self, password: &str) -> Vec<String> {
        let sent = self.sent.lock().unwrap();
        sent.iter()
            .filter(|(_, body)| body.contains(password))
            .map(|(host, _)| host.clone())
            .collect()
    }

    fn answer(&self, request: &Request, url: &Url) -> Reply {
        if url.host_str() == Some(SCHOOL) {
            return self.school(request, url);
        }
        if let Some(text) = self.portal_says.filter(|_| url.path() == "/start") {
            return Reply::html(200, text);
        }
        let answer = self.portals.as_ref().and_then(|portals| portals.answer(request));
        answer.unwrap_or_else(|| Reply::html(404, "<p>404</p>"))
    }

    fn school(&self, request: &Request, url: &Url) -> Reply {
        let mut service = url.clone();
        let rest: Vec<_> = url.query_pairs().filter(|(name, _)| name != "ticket").collect();
        service.set_query(None);
        if !rest.is_empty() {
            service.query_pairs_mut().extend_pairs(rest);
        }
        let start = |more: &str| {
            Reply::html(
                200,
                format!(
                    "<html><title>PRONOTE 2025.2.5</title><body id=\"id_body\" onload=\"try {{ Start ({{h:3622780,a:3{more}}}) }} catch (e) {{}}\"></body>"
                ),
            )
        };
        if let Some(text) = self.pronote_says {
            return Reply::html(200, text);
        }
        let Some(portals) = &self.portals else { return start("") };
        if let Some(ticket) = request.parameter("ticket")
            && let Some(user) = portals.redeem(&ticket, service.as_str())
        {
            let cookie = format!("PRONOTE={user}; Path=/pronote; Secure");
            return Reply::redirect(service.as_str()).with("set-cookie", cookie);
        }
        if let Some(user) = request.cookie("PRONOTE") {
            return start(&format!(",g:1,e:'{user}',f:'0123456789ABCDEF'"));
        }
        let gate = portals.gate(request, Space::Pupil, service.as_str());
        gate.map_or_else(|| start(""), |address| Reply::redirect(&address))
    }
}

impl Web for World {
    async fn hop(&self, url: &Url, form: Option<&Zeroizing<String>>) -> Result<Answer, HttpFault> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let host = url.host_str().unwrap().to_owned();
        if self.forbidden == Some(host.as_str()) {
            return Err(HttpFault::Forbidden("not this one".into()));
        }
        let mut jar = self.jar.lock().unwrap();
        let cookies = jar.get_request_values(url).map(|(name, value)| format!("{name}={value}"));
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        if let Some(form) = form {
            self.sent.lock().unwrap().push((host.clone(), form.to_string()));
        }
        let request = Request {
            method: if form.is_some() { "POST" } else { "GET" }.into(),
            path: url.path().into(),
            query: url.query().unwrap_or_default().into(),
            headers: vec![("host".into(), host), ("cookie".into(), cookies)],
            body: form.map(|form| Bytes::from(form.to_string())).unwrap_or_default(),
        };
        let reply = self.answer(&request, url);
        for (_, cookie) in reply.headers.iter().filter(|(name, _)| *name == "set-cookie") {
            jar.parse(cookie, url).unwrap();
        }
        let location = reply.headers.iter().find(|(name, _)| *name == "location");
        Ok(Answer {
            status: reply.status,
            location: location.map(|(_, value)| value.clone()),
            text: Zeroizing::new(String::from_utf8_lossy(&reply.body).into_owned()),
        })
    }

    fn cookie(&self, url: &Url, name: &str) -> Option<String> {
        let jar = self.jar.lock().unwrap();
        let found = jar.get_request_values(url).find(|(known, _)| *known == name);
        found.map(|(_, value)| value.to_owned())
    }
}

/// The table is shared by all tests, and so is this short name for it.
pub fn portal(id: &str) -> &'static Portal {
    Portals::built_in().find(id).unwrap()
}
