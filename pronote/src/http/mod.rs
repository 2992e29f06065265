//! HTTP with manners: limits on time and size, a pace, few failed logins.
//!
//! A [`Transport`] is shared by every session; a [`Browser`] is one session's cookies.

mod browser;
mod download;
mod error;
mod manners;
mod page;
mod transport;

pub use browser::Browser;
pub use download::Download;
pub use error::{HttpError, HttpFault};
pub use manners::{Held, HeldFor, Manners};
pub use page::Page;
pub use transport::{AddressCheck, Limits, Transport, TransportBuilder, UnusableTransport};

pub(crate) use manners::AccountMark;
