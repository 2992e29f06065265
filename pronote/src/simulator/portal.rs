//! The place where portals (ENT) are hooked in.
//!
//! A portal signs a user in and sends the browser back to the school's page with a ticket.

use super::http::{Reply, Request};
use crate::protocol::space::Space;

/// Portals in front of the school, on the same server.
pub trait Portals: Send + Sync {
    /// Answers a request that is not for the school, or leaves it (`None` becomes 404).
    fn answer(&self, request: &Request) -> Option<Reply>;

    /// Where the page of a space sends a browser that has no ticket; `None` shows PRONOTE's own form.
    /// `service` is the page's address, where the ticket is to come back.
    fn gate(&self, request: &Request, space: Space, service: &str) -> Option<String>;

    /// The username that a ticket stands for. A ticket is good for once.
    fn redeem(&self, ticket: &str, service: &str) -> Option<String>;
}
