//! What all sessions share: connections, limits and manners.
//!

use std::{fmt, sync::Arc, time::Duration};

use url::Url;

use super::{
    browser,
    manners::{Ledger, Manners},
};

/// A desktop Firefox; PRONOTE turns away what looks too old.
const USER_AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

/// Says why an address is not to be asked. Called before each hop, redirects included; addresses
/// behind a name are for a resolver (see [`TransportBuilder::customise`]).
pub type AddressCheck = Arc<dyn Fn(&Url) -> Result<(), String> + Send + Sync>;

/// Connections, limits and manners. Cheap to clone; one for a whole program.
#[derive(Clone)]
pub struct Transport(pub(crate) Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) client: reqwest::Client,
    pub(crate) limits: Limits,
    pub(crate) ledger: Ledger,
    pub(crate) check: Option<AddressCheck>,
}

/// How long and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For a connection.
    pub connect: Duration,
    /// For one request and its whole answer.
    pub hop: Duration,
    /// For a request with all its redirects.
    pub total: Duration,
    /// For a whole login, the portal's part included.
    pub login: Duration,
    /// The largest answer.
    pub body_bytes: usize,
    /// The most redirects of one request.
    pub redirects: usize,
}

/// Why no transport could be made.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client could not be made: {}", browser::cause(.0))]
pub struct UnusableTransport(#[from] reqwest::Error);

/// Makes a [`Transport`].
pub struct TransportBuilder {
    limits: Limits,
    manners: Manners,
    check: Option<AddressCheck>,
    client: reqwest::ClientBuilder,
}

impl Transport {
    /// A transport with every limit and all manners on.
    pub fn new() -> Result<Self, UnusableTransport> {
        Self::builder().build()
    }

    /// A transport to be changed first.
    pub fn builder() -> TransportBuilder {
        TransportBuilder {
            limits: Limits::default(),
            manners: Manners::default(),
            check: None,
            client: reqwest::Client::builder(),
        }
    }
}

impl TransportBuilder {
    /// Other limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Other manners.
    #[must_use]
    pub fn manners(mut self, manners: Manners) -> Self {
        self.manners = manners;
        self
    }

    /// A check of every address before it is asked.
    #[must_use]
    pub fn check_addresses(mut self, check: AddressCheck) -> Self {
        self.check = Some(check);
        self
    }

    /// A change to the client itself: a resolver (`dns_resolver`), a proxy, a certificate.
    #[must_use]
    pub fn customise(
        mut self,
        change: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
    ) -> Self {
        self.client = change(self.client);
        self
    }

    /// Makes it. Where the program has installed no TLS provider, ring becomes the one.
    pub fn build(self) -> Result<Transport, UnusableTransport> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Another thread may have been faster: then there is one, which is all we want.
            drop(rustls::crypto::ring::default_provider().install_default());
        }
        let client = self
            .client
            .user_agent(USER_AGENT)
            .connect_timeout(self.limits.connect)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Transport(Arc::new(Shared {
            client,
            limits: self.limits,
            ledger: Ledger::new(self.manners),
            check: self.check,
        })))
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            hop: Duration::from_secs(15),
            total: Duration::from_secs(45),
            login: Duration::from_secs(120),
            body_bytes: 8 << 20,
            redirects: 15,
        }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("limits", &self.0.limits).finish_non_exhaustive()
    }
}
