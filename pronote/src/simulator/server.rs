//! Answers requests: pages, calls, files. No socket here.
//!

use std::sync::{Mutex, MutexGuard, PoisonError};

use getrandom::fill;
use tokio::sync::watch;

use super::call::Trouble;
use super::clock::Clock;
use super::envelope;
use super::fault::{Fault, Page, refusal, strike};
use super::http::{Reply, Request};
use super::ids::Ids;
use super::options::SimulatorOptions;
use super::page;
use super::school::calendar::Calendar;
use super::session::{Phase, PortalLogin, Session};
use super::state::State;
use super::{account, download, push, upload};
use crate::protocol::crypto::Cipher;
use crate::protocol::generation::Generation;
use crate::protocol::space::{Site, Space};

/// A school that answers requests; what the sockets and the in-process handle share.
pub(crate) struct Server {
    pub options: SimulatorOptions,
    pub generation: &'static Generation,
    pub calendar: Calendar,
    state: Mutex<State>,
    /// Counts what was pushed.
    told: watch::Sender<u64>,
}

impl Server {
    pub(crate) fn new(options: SimulatorOptions) -> Self {
        let clock = Clock::new(options.now);
        Self {
            generation: Generation::of(options.version),
            calendar: Calendar::of(clock.now().date()),
            state: Mutex::new(State::new(clock, options.faults.clone())),
            options,
            told: watch::Sender::new(0),
        }
    }

    /// Whoever holds a poll looks whether it is answered now.
    pub(crate) fn tell(&self) {
        self.told.send_modify(|told| *told += 1);
    }

    /// Hears of everything that is pushed from now on.
    pub(crate) fn listen(&self) -> watch::Receiver<u64> {
        self.told.subscribe()
    }

    /// Answers a poll that was held long enough.
    pub(crate) fn answer_at_last(&self, request: &Request) -> Reply {
        let mut parts = request.path.rsplit('/');
        let (order, number) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        push::answer(self, request, number, order, false)
    }

    /// The memory of the school. A handler that panicked has not made it worse.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a request.
    pub(crate) fn answer(&self, request: &Request) -> Reply {
        let Some(path) = request.path.strip_prefix(self.options.root.as_str()) else {
            return self.elsewhere(request);
        };
        let mut parts = path.trim_start_matches('/').split('/');
        let (first, rest) = (parts.next().unwrap_or_default(), parts.collect::<Vec<_>>());
        match (request.method.as_str(), first, rest.as_slice()) {
            ("POST", "appelfonction", [_, number, order]) => {
                envelope::answer(self, request, number, order)
            }
            ("POST", "appelpolling", [_, number, order]) => {
                push::answer(self, request, number, order, true)
            }
            ("POST", "appeldeconnexion", [_, _]) => self.leave(request),
            ("POST", "uploadfilesession", [_, number]) => {
                self.struck("upload", number, |state| upload::receive(self, state, request, number))
            }
            ("GET", "FichiersExternes", [secret, name]) => {
                let session = request.parameter("Session").unwrap_or_default();
                self.struck("file", &session, |state| download::file(state, &session, secret, name))
            }
            ("GET", "UrlUnique", [name]) => {
                let session = request.parameter("S").unwrap_or_default();
                self.struck("pdf", &session, |state| download::pdf(state, &session, name))
            }
            ("GET", "ical", [_]) => {
                self.struck("ical", "", |state| download::calendar(self, state, request))
            }
            ("GET" | "HEAD", page, []) if page.eq_ignore_ascii_case("infomobileapp.json") => {
                self.struck("discovery", "", |state| self.discover(state, request))
            }
            ("GET" | "HEAD", page, []) => match Space::of_page(page) {
                Some((space, site)) => {
                    self.struck("start", "", |state| self.start(state, request, space, site))
                }
                None => self.elsewhere(request),
            },
            _ => self.elsewhere(request),
        }
    }

    /// Runs what answers a place other than a function, and lets faults strike it.
    fn struck(&self, place: &str, session: &str, run: impl FnOnce(&mut State) -> Reply) -> Reply {
        let mut state = self.state();
        let fault = strike(&mut state.faults, place);
        state.record(session.parse().unwrap_or(0), place.to_owned(), None);
        if let Some(reply) =
            fault.as_ref().and_then(|fault| fault.instead(self.generation.names.wait))
        {
            return reply;
        }
        let reply = run(&mut state);
        fault.map_or_else(|| reply.clone(), |fault: Fault| fault.spoil(reply.clone()))
    }

    fn elsewhere(&self, request: &Request) -> Reply {
        let portal = self.options.portals.as_ref().and_then(|portals| portals.answer(request));
        portal.unwrap_or_else(|| Reply::html(404, "<h1>404</h1>"))
    }

    fn discover(&self, state: &State, request: &Request) -> Reply {
        const ID: &str = "0D264427-EEFC-4810-A9E9-346942A862A4";
        if !request.parameter("id").is_some_and(|id| id.eq_ignore_ascii_case(ID)) {
            return Reply::html(404, "<h1>404</h1>");
        }
        let service = format!("{}{}/", request.origin(), self.options.root);
        let portals = self.options.portals.as_ref();
        let gate = portals.and_then(|portals| portals.gate(request, Space::Pupil, &service));
        let now = state.clock.now();
        Reply::json(&page::discovery(
            &self.options,
            &now.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            gate.as_deref(),
        ))
    }

    fn start(&self, state: &mut State, request: &Request, space: Space, site: Site) -> Reply {
        let now = state.clock.now();
        if state.suspended_until.is_some_and(|until| now < until) {
            return page::stand_in(Page::Suspended);
        }
        let portal = match self.signed_in(request, space, site) {
            Ok(portal) => portal,
            Err(elsewhere) => return elsewhere,
        };
        let Some(space_number) = space.number(site) else {
            return Reply::html(404, "<h1>404</h1>");
        };
        state.next_session += 1;
        // Numbers look like PRONOTE's; the step keeps them apart from the order of arrival.
        let number = 1_000_000 + state.next_session.wrapping_mul(7919) % 8_000_000;
        let call = page::StartCall {
            session: number,
            space_number,
            portal_user: portal.as_ref().map(|user| (user.name.as_str(), user.secret.as_str())),
        };
        let reply = page::start(&self.options, &call)
            .with("set-cookie", format!("CASTGC-SIM={number}; Path=/; HttpOnly"));
        let session = Session {
            number,
            space,
            site,
            cipher: Cipher::initial(),
            expected: 1,
            phase: Phase::New,
            last_call: now,
            ids: Ids::new(random()),
            device: String::new(),
            portal,
            uploads: Default::default(),
            calls: 0,
            polled: 0,
            pushed: Vec::new(),
        };
        state.open(session, self.options.sessions);
        reply
    }

    /// Who a portal says that this is; `Err` sends the browser to the portal.
    fn signed_in(
        &self,
        request: &Request,
        space: Space,
        site: Site,
    ) -> Result<Option<PortalLogin>, Reply> {
        let Some(portals) = &self.options.portals else { return Ok(None) };
        if request.parameter("login").is_some_and(|login| login == "true") {
            return Ok(None);
        }
        let service = format!("{}{}/{}", request.origin(), self.options.root, space.page(site));
        let user = request.parameter("ticket").and_then(|ticket| portals.redeem(&ticket, &service));
        if let Some(account) = user.and_then(|name| account::find(space, &name)) {
            let hex = |bytes: [u8; 16]| data_encoding::HEXUPPER.encode(&bytes);
            return Ok(Some(PortalLogin { name: hex(random()), secret: hex(random()), account }));
        }
        match portals.gate(request, space, &service) {
            Some(location) => Err(Reply::redirect(&location)),
            None => Ok(None),
        }
    }

    /// The beacon of a page that is left.
    fn leave(&self, request: &Request) -> Reply {
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let number =
            body.get("ns").and_then(|number| number.as_u64().or(number.as_str()?.parse().ok()));
        let mut state = self.state();
        if let Some(number) = number.and_then(|number| u32::try_from(number).ok()) {
            state.sessions.remove(&number);
        }
        Reply::html(200, "")
    }
}

/// A refusal as an answer.
pub(crate) fn refuse(code: i64) -> Reply {
    Reply::json(&refusal(code).write())
}

/// The answer to a call that met trouble, where the trouble is not of the signature.
pub(crate) fn code_of(trouble: &Trouble) -> Option<i64> {
    match trouble {
        Trouble::Refused => Some(3),
        Trouble::Expired => Some(10),
        Trouble::Impossible => Some(21),
        Trouble::Stale => Some(22),
        Trouble::TooManyLogins => Some(25),
        Trouble::Said(_) => None,
    }
}

/// Random bytes; the system's source does not fail on any machine that runs this.
pub(crate) fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    fill(&mut bytes).expect("the system gives random bytes");
    bytes
}
