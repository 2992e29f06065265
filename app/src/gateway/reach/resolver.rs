//! Names to addresses, those left out that the gateway may not reach.
//!
//! The addresses that are given back are the ones that are connected to: there is no second look-up
//! that a name server could answer differently.

use std::{
    future::Future,
    io,
    net::{IpAddr, SocketAddr, ToSocketAddrs as _},
    pin::Pin,
    sync::Arc,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::{sync::Semaphore, task};

use super::{Forbidden, Rule};

/// Asks for the addresses of a name.
pub type LookUp = Arc<dyn Fn(String) -> Answer + Send + Sync>;

/// The addresses of a name, to come.
pub type Answer = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// The resolver of the gateway's transport.
pub struct Resolver {
    rule: Arc<Rule>,
    look_up: LookUp,
}

/// The system asks its name servers in a thread that cannot be stopped: slow ones hold no more
/// than these.
const THREADS: usize = 32;

impl Resolver {
    /// A resolver that asks by `look_up`.
    pub fn new(rule: Arc<Rule>, look_up: LookUp) -> Self {
        Self { rule, look_up }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (rule, name) = (self.rule.clone(), name.as_str().to_owned());
        let answer = (self.look_up)(name.clone());
        Box::pin(async move {
            let mut addresses = answer.await?;
            addresses.retain(|address| rule.admits(*address));
            if addresses.is_empty() {
                return Err(rule.refused(Forbidden::Unresolved(name)).into());
            }
            // Port 0 is replaced by the one that is asked for.
            let addresses = addresses.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}

/// The system's own look-up, in a thread of the service's: hosts file, name servers.
pub fn system() -> LookUp {
    let threads = Arc::new(Semaphore::new(THREADS));
    Arc::new(move |name| {
        let threads = threads.clone();
        Box::pin(async move {
            let seat = threads.acquire_owned().await.map_err(io::Error::other)?;
            let ask = move || {
                let found = (name.as_str(), 0).to_socket_addrs();
                drop(seat);
                found.map(|found| found.map(|address| address.ip()).collect())
            };
            task::spawn_blocking(ask).await.map_err(io::Error::other)?
        })
    })
}
