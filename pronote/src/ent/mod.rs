//! The portals (ENT) that sign a user in for PRONOTE.
//!
//! A portal is walked through as a person does it: look at the page, do what it asks, until
//! PRONOTE's start page carries the identifier and the secret of a login ([`sign_in`]). What a
//! page is, is told from the page ([`classify`]); a portal of the table ([`Portals`]) says only
//! where the way begins and who may be given the password.
//!
//! ```no_run
//! use pronote_client::ent::{Credentials, Portals, Profile, Terms, sign_in};
//! use pronote_client::http::{Browser, Transport};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let pronote = "https://0060000a.index-education.net/pronote/eleve.html".parse()?;
//! let portal = Portals::built_in().find("cas_agora06").ok_or("an unknown portal")?;
//! let credentials = Credentials::new("j.dupont", "a password", Profile::of_space(&pronote));
//! let browser = Browser::new(Transport::new()?);
//! let landed = sign_in(&browser, portal, &credentials, &pronote, Terms::default()).await?;
//! assert!(landed.html.contains("Start"));
//! # Ok(())
//! # }
//! ```

mod credentials;
mod decide;
mod error;
mod form;
mod hops;
mod kind;
mod login;
mod oze;
mod page;
mod portal;
mod table;
mod toutatice;
mod walk;
mod ways;
mod web;
mod words;

#[cfg(test)]
mod page_tests;
#[cfg(all(test, feature = "simulator"))]
#[allow(clippy::unwrap_used, clippy::panic, reason = "clippy sees no test behind this cfg")]
mod tests;

pub use credentials::{Credentials, Profile};
pub use error::{EntError, Failure, Hop, Need};
pub use form::{Choice, Field, FieldKind, Form};
pub use kind::{PageKind, Shut, classify};
pub use page::Page;
pub use portal::{EDUCONNECT, Family, Portal};
pub use table::{Portals, TableError};
pub use walk::{Landed, detect, sign_in};
pub use ways::Way;
pub use web::{Answer, Terms, Web};
