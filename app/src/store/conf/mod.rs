//! conf.json: a JSON document, typed on the way in, masked on the way out.
//!
//! The document is the truth and is never normalised: what we do not understand stays in it.

mod board;
mod fields;
mod gateway;
mod read;
mod schedule;
mod sections;
mod show;
mod subscription;
#[cfg(test)]
mod tests;
mod trigger;
mod types;

pub use fields::found;
pub use gateway::{Attachments, Gateway, GatewayLimits, HostPattern, SessionStore};
pub use read::{Reading, read, trigger_path};
pub use schedule::{read_schedule, rewritten};
pub use show::{masked, shown_trigger, triggers};
pub use subscription::Subscription;
pub use trigger::TriggerBody;
pub use types::{Audio, Auth, Board, BoardKind, Clock, Conf, Line, Serial, Server, UnknownBoard};

/// A JSON object as the file has it, in its owner's order.
pub type Document = serde_json::Map<String, serde_json::Value>;
