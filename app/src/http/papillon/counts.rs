//! What the routes count: requests by route and status, and their time.
//!

use std::time::Duration;

use hyper::StatusCode;
use prometheus_client::{
    metrics::{
        counter::Counter,
        family::Family,
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};

type Labels = Vec<(&'static str, String)>;

/// Counts, shared by all clones. Nothing of a caller is in them.
#[derive(Debug, Clone)]
pub struct Counts {
    requests: Family<Labels, Counter>,
    seconds: Histogram,
}

impl Counts {
    /// Counts a request that was answered. `route` is one of ours, not what the caller wrote.
    pub fn count(&self, route: &'static str, status: StatusCode, took: Duration) {
        let labels = vec![("route", route.to_owned()), ("status", status.as_str().to_owned())];
        self.requests.get_or_create(&labels).inc();
        self.seconds.observe(took.as_secs_f64());
    }

    /// Names the counts.
    pub fn register(&self, all: &mut Registry) {
        let (requests, seconds) = (self.requests.clone(), self.seconds.clone());
        all.register("gateway_requests", "Requests to the gateway", requests);
        let words = "How long the gateway's answers took, PRONOTE's part included";
        all.register_with_unit("gateway_request", words, Unit::Seconds, seconds);
    }
}

impl Default for Counts {
    fn default() -> Self {
        // From a millisecond to half a minute.
        let seconds = Histogram::new(exponential_buckets(0.001, 2.0, 16));
        Self { requests: Family::default(), seconds }
    }
}
