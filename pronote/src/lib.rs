//! A PRONOTE client that speaks every server from 2023 to today.
//!
//! Log in with [`Client::log_in`], then ask: [`Client::timetable`], [`Client::homework`], [`Client::marks`] …
//! ([`features`] has what comes back). [`protocol`] is the language itself, pure and without i/o;
//! [`ent`] are the portals, [`http`] the manners, and `simulator` (a feature) is a server to test against.
//!
//! ```no_run
//! use pronote_client::{Client, Credentials, LoginOptions, Transport};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let transport = Transport::new()?;
//! let address = "https://0123456a.index-education.net/pronote/parent.html".parse()?;
//! let credentials = Credentials::Password { username: "a.dupont".into(), password: "…".into() };
//! let client =
//!     Client::log_in(&transport, &address, &credentials, LoginOptions::default()).await?.done()?;
//! for child in client.children() {
//!     println!("{:?}, {:?}", child.name, child.class);
//! }
//! # Ok(()) }
//! ```

mod account;
mod address;
pub mod client;
pub mod ent;
pub mod error;
pub mod features;
pub mod http;
mod key;
pub mod login;
pub mod protocol;
mod school;
mod secret;
#[cfg(feature = "simulator")]
pub mod simulator;

pub use account::{Period, Pupil};
pub use address::{Address, InvalidAddress};
pub use client::{Client, Export, LogIn};
pub use error::{Error, LoginError, Unavailable};
pub use http::Transport;
pub use key::{InvalidKey, Key};
pub use login::{Credentials, LoginOptions, QrCode, Token};
pub use school::{Break, Holiday, PeriodKind, School, SchoolPeriod, WeekFrequency};
pub use secret::Secret;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
