//! Why an address is not reached, in words for whoever may allow it.
//!
//! Names a host at most: paths and queries of an address may hold what is nobody's business.

/// Why an address is not reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// Another scheme than `https`.
    #[error("expected https, found {0}")]
    Scheme(String),
    /// A user name or a password in the address.
    #[error("a user name or a password in the address of {0}")]
    Credentials(String),
    /// A port of another service.
    #[error("port {port} of {host}: only 443, 444, 80 and those from 1024 on are PRONOTE's")]
    Port {
        /// The host.
        host: String,
        /// What was asked for.
        port: u16,
    },
    /// No host, or one that ends with a dot: another name for a host that has one already.
    #[error("expected the name of a host, found {0:?}")]
    Name(String),
    /// A host that nobody allowed.
    #[error("{0} is not among gateway.allowed_hosts, nor in the table of portals")]
    Host(String),
    /// An address of a local network, in the URL itself.
    #[error("{0} is a private address, and gateway.allow_private_hosts is off")]
    Private(String),
    /// An address that is no server's, in the URL itself.
    #[error("{0} is the address of no school's server")]
    Never(String),
    /// A name that led to such addresses only.
    #[error("{0} has no public address (one of a local network needs gateway.allow_private_hosts)")]
    Unresolved(String),
}

impl Forbidden {
    /// One word, for counting.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Scheme(_) => "scheme",
            Self::Credentials(_) => "credentials",
            Self::Port { .. } => "port",
            Self::Name(_) => "name",
            Self::Host(_) => "host",
            Self::Private(_) | Self::Never(_) => "address",
            Self::Unresolved(_) => "resolved",
        }
    }
}
