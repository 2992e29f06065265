//! Requests a minute of one address.
//!

use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use governor::{
    Quota, RateLimiter, clock::Clock, middleware::NoOpMiddleware, state::keyed::HashMapStateStore,
};

use super::wait::{Wait, WaitFor};

/// The pace of each address: a minute's worth at once, then evenly.
pub struct Requests {
    quota: Quota,
    limiter: Mutex<Known>,
}

struct Known {
    limiter: Limiter,
    since_sweep: usize,
}

type Limiter = RateLimiter<IpAddr, HashMapStateStore<IpAddr>, TokioClock, NoOpMiddleware<Instant>>;

/// tokio's clock, which a test can move.
#[derive(Debug, Clone, Default)]
struct TokioClock;

/// Addresses that are remembered, give or take a sweep's worth. With more than these about, within
/// a minute, all are forgotten: each begins anew with its minute's worth, and memory has its bound.
const MOST_ADDRESSES: usize = 65_536;
/// Requests between two sweeps of addresses that have been quiet for long enough.
const SWEEP_REQUESTS: usize = 8192;

impl Requests {
    /// So many a minute.
    pub fn new(per_minute: NonZeroU32) -> Self {
        let quota = Quota::per_minute(per_minute);
        Self { quota, limiter: Mutex::new(Known::new(quota)) }
    }

    /// Counts a request of an address.
    pub fn admit(&self, address: IpAddr) -> Result<(), Wait> {
        let mut known = self.limiter.lock().unwrap_or_else(PoisonError::into_inner);
        known.since_sweep += 1;
        if known.since_sweep > SWEEP_REQUESTS {
            known.since_sweep = 0;
            known.limiter.retain_recent();
            if known.limiter.len() > MOST_ADDRESSES {
                tracing::warn!("more addresses than can be counted: their counts begin anew");
                *known = Known::new(self.quota);
            }
        }
        known.limiter.check_key(&address).map_err(|until| {
            let time = until.earliest_possible().duration_since(TokioClock.now());
            Wait { time, reason: WaitFor::Requests }
        })
    }
}

impl Known {
    fn new(quota: Quota) -> Self {
        let limiter = RateLimiter::new(quota, HashMapStateStore::default(), TokioClock);
        Self { limiter, since_sweep: 0 }
    }
}

impl Clock for TokioClock {
    type Instant = Instant;

    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }
}

#[cfg(test)]
mod tests {
    use std::{net::Ipv4Addr, time::Duration};

    use super::*;

    fn requests(per_minute: u32) -> Requests {
        Requests::new(NonZeroU32::new(per_minute).unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_has_its_minutes_worth_and_then_its_pace() {
        let requests = requests(60);
        let (one, other) = (Ipv4Addr::new(192, 0, 2, 1).into(), Ipv4Addr::new(192, 0, 2, 2).into());
        for _ in 0..60 {
            requests.admit(one).unwrap();
        }
        let wait = requests.admit(one).unwrap_err();
        assert_eq!((wait.reason, wait.seconds()), (WaitFor::Requests, 1));
        requests.admit(other).unwrap();
        tokio::time::advance(Duration::from_secs(1)).await;
        requests.admit(one).unwrap();
        requests.admit(one).unwrap_err();
        tokio::time::advance(Duration::from_secs(60)).await;
        for _ in 0..60 {
            requests.admit(one).unwrap();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn any_number_of_addresses_takes_a_bounded_memory() {
        let requests = requests(2);
        let most = MOST_ADDRESSES + SWEEP_REQUESTS;
        let known = || requests.limiter.lock().unwrap().limiter.len();
        for bits in 0..300_000 {
            requests.admit(Ipv4Addr::from_bits(bits).into()).unwrap();
            assert!(bits % 1000 != 0 || known() <= most);
        }
        assert!(known() <= most);
        // The quiet ones go first.
        tokio::time::advance(Duration::from_secs(61)).await;
        let one = Ipv4Addr::new(192, 0, 2, 1).into();
        for _ in 0..=SWEEP_REQUESTS {
            let _too_many = requests.admit(one);
        }
        assert_eq!(known(), 1);
        requests.admit(one).unwrap_err();
    }
}
