//! The walk from a portal's door to PRONOTE's start page.
//!
//! Two stages: at the portal until it lets us in, then to PRONOTE with its cookies. Both look at
//! one page after the other and do what it asks.

use url::Url;
use zeroize::Zeroizing;

use super::{
    credentials::Credentials,
    decide::{A_WAY, A_WAY_WITHOUT_LOGIN, Stage, Step},
    error::{EntError, Failure, Hop},
    form::Filled,
    hops::{Hops, Loaded, Stop},
    kind::{PageKind, classify},
    oze,
    page::Page,
    portal::{Family, Portal},
    table::Portals,
    toutatice,
    web::{Terms, Web},
};

/// PRONOTE's start page, and what is needed to go on from it.
pub struct Landed {
    /// Where the page came from.
    pub final_url: Url,
    /// The page, which holds the one-time secret.
    pub html: Zeroizing<String>,
    /// How often the password was sent.
    pub passwords_sent: u32,
    /// The pages on the way.
    pub trail: Vec<Hop>,
}

/// Signs in at `portal` and opens the PRONOTE page `pronote` (`…/pronote/eleve.html`), whose start
/// page then carries the identifier `e` and the one-time secret `f`.
pub async fn sign_in<W: Web>(
    web: &W,
    portal: &Portal,
    credentials: &Credentials,
    pronote: &Url,
    terms: Terms,
) -> Result<Landed, EntError> {
    let mut walk = Walk {
        hops: Hops::new(web, terms),
        portal,
        credentials: credentials.clone(),
        pronote: without_login(pronote),
        trail: Vec::new(),
        sent_to: None,
        suspicion: None,
        passwords_sent: 0,
        conversation: None,
    };
    // Boxed: the walk holds a page and its forms, and the caller's future would carry them.
    let ended = tokio::time::timeout(terms.deadline, Box::pin(walk.run())).await;
    let stop = match ended {
        Ok(Ok(loaded)) => {
            return Ok(Landed {
                final_url: loaded.page.url,
                html: loaded.text,
                passwords_sent: walk.passwords_sent,
                trail: walk.trail,
            });
        }
        Ok(Err(stop)) => stop,
        Err(_) => (Failure::TooSlow(terms.deadline.as_secs()), walk.here("no page yet")),
    };
    Err(EntError {
        portal: portal.id.clone(),
        failure: stop.0,
        hop: stop.1,
        passwords_sent: walk.passwords_sent,
        trail: walk.trail,
    })
}

/// The portals of `portals` to which the PRONOTE page `pronote` sends a visitor, the likeliest
/// first; none where it shows its own login. Nothing is signed in.
pub async fn detect<'t, W: Web>(
    web: &W,
    portals: &'t Portals,
    pronote: &Url,
    terms: Terms,
) -> Result<Vec<&'t Portal>, EntError> {
    let mut hops = Hops::new(web, terms);
    let opened = hops.get(without_login(pronote)).await;
    let (failure, hop) = match opened {
        Ok(_) => {
            let found = hops.hosts.iter().skip(1).rev().map(|host| portals.at_host(host));
            return Ok(found.into_iter().find(|at| !at.is_empty()).unwrap_or_default());
        }
        Err(stop) => stop,
    };
    Err(EntError { portal: "PRONOTE".into(), failure, hop, passwords_sent: 0, trail: Vec::new() })
}

/// One login under way.
pub(super) struct Walk<'a, W> {
    pub(super) hops: Hops<'a, W>,
    pub(super) portal: &'a Portal,
    pub(super) credentials: Credentials,
    pub(super) pronote: Url,
    trail: Vec<Hop>,
    /// The form that has the password.
    pub(super) sent_to: Option<SentTo>,
    /// A page of the portal spoke of a refusal, and may have meant something else.
    pub(super) suspicion: Option<Stop>,
    pub(super) passwords_sent: u32,
    /// The first `execution` that an identity provider named; Toutatice asks for it.
    pub(super) conversation: Option<String>,
}

/// A form that was filled, as it is known again.
pub(super) struct SentTo {
    /// The host of its page.
    pub(super) host: String,
    /// The names of its fields for user and password.
    pub(super) fields: (String, String),
}

impl<W: Web> Walk<'_, W> {
    async fn run(&mut self) -> Result<Loaded, Stop> {
        let entry = self.entry()?;
        let door = match self.portal.family {
            Family::Edifice => self.knock(entry).await?,
            _ => self.hops.get(entry).await?,
        };
        if self.portal.family == Family::Oze {
            self.credentials = oze::with_domain(&self.credentials, self.portal.host());
        }
        let loaded = self.follow(door, Stage::Portal).await?;
        if matches!(classify(&loaded.page), PageKind::Start { granted: true }) {
            return Ok(loaded);
        }
        match self.portal.family {
            Family::Toutatice => toutatice::converse(self, &loaded.page).await?,
            Family::Oze => oze::open_pronote(self).await?,
            _ => {}
        }
        let page = self.hops.get(self.pronote.clone()).await?;
        let arrived = self.follow(page, Stage::Pronote).await;
        arrived.map_err(|stop| {
            let was_let_in = !matches!(
                stop.0,
                Failure::Changed(A_WAY | A_WAY_WITHOUT_LOGIN)
                    | Failure::ChoiceNeeded(_)
                    | Failure::StrangeForm
            );
            self.suspicion.take().filter(|_| !was_let_in).unwrap_or(stop)
        })
    }

    /// Goes on until the stage is over.
    async fn follow(&mut self, mut loaded: Loaded, stage: Stage) -> Result<Loaded, Stop> {
        loop {
            let page = &loaded.page;
            let kind = classify(page);
            let hop = Hop::new(page.host(), &kind, page.status);
            self.trail.push(hop.clone());
            self.note_conversation(page);
            let step = self.decide(page, kind, stage).map_err(|failure| (failure, hop))?;
            loaded = match step {
                Step::Settled => return Ok(loaded),
                Step::Open(url) => self.hops.get(url).await?,
                Step::Send(filled) => {
                    let portal = self.portal;
                    self.hops.submit(&filled, &|host| portal.trusts(host)).await?
                }
            };
        }
    }

    /// Edifice: its form is made by a script, so the fields are posted as the script would.
    async fn knock(&mut self, entry: Url) -> Result<Loaded, Stop> {
        if !entry.host_str().is_some_and(|host| self.portal.trusts(host)) {
            return Err((Failure::StrangeForm, self.here("a login form")));
        }
        let mut filled = Filled::post_to(entry);
        filled.set("email", self.credentials.user());
        filled.set("password", self.credentials.password());
        self.sent_to = Some(SentTo {
            host: filled.action.host_str().unwrap_or_default().to_owned(),
            fields: ("email".into(), "password".into()),
        });
        self.passwords_sent += 1;
        let portal = self.portal;
        self.hops.submit(&filled, &|host| portal.trusts(host)).await
    }

    fn note_conversation(&mut self, page: &Page) {
        if self.conversation.is_none() {
            let execution = page.url.query_pairs().find(|(name, _)| name == "execution");
            self.conversation = execution.map(|(_, value)| value.into_owned());
        }
    }

    fn entry(&self) -> Result<Url, Stop> {
        let wrong = || (Failure::Changed("an address"), self.here("the table of portals"));
        self.entry_url().ok_or_else(wrong)
    }

    pub(super) fn entry_url(&self) -> Option<Url> {
        self.portal.entry(&self.pronote, self.credentials.profile())
    }

    /// The last host, for a failure that has no page.
    pub(super) fn here(&self, page: &'static str) -> Hop {
        let host = self.hops.hosts.last().map_or(self.portal.host(), String::as_str);
        Hop { host: host.to_owned(), page, status: 0 }
    }
}

/// PRONOTE shows its own form where the address says `login=true`.
fn without_login(pronote: &Url) -> Url {
    let mut url = pronote.clone();
    let kept: Vec<(String, String)> = pronote
        .query_pairs()
        .filter(|(name, _)| name != "login")
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
    url
}

impl std::fmt::Debug for Landed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Landed")
            .field("host", &self.final_url.host_str())
            .field("trail", &self.trail)
            .finish_non_exhaustive()
    }
}
