//! A PRONOTE server to test clients against: every generation, a nasty school.
//!
//! ```
//! use pronote_client::simulator::{Simulator, SimulatorOptions};
//!
//! let simulator = Simulator::start(SimulatorOptions::default())?;
//! assert!(simulator.page("eleve").starts_with("http://127.0.0.1:"));
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! It answers as those say who have watched PRONOTE, and as other people's clients expect (`interop/` runs them
//! against it). It holds nothing of PRONOTE's own code, and nobody in its school exists.
//!
//! [`Simulator::start`] serves on a loopback port; [`Simulator::in_process`] answers without a socket. [`Control`] plans
//! faults, sets the clock ahead and tells what was asked. [`ACCOUNTS`] are who can log in.

mod account;
mod call;
mod clock;
mod control;
mod download;
mod envelope;
mod fault;
mod functions;
mod http;
mod ids;
mod json;
mod login;
mod mailbox;
mod net;
mod optional;
mod options;
mod page;
mod portal;
pub mod portals;
mod push;
mod rsa;
mod school;
mod server;
mod session;
mod state;
mod upload;

use std::{io, net::SocketAddr, sync::Arc, thread};

use tokio::sync::oneshot;

pub use account::{ACCOUNTS, Account, Security};
pub use control::Control;
pub use fault::{Fault, InvalidFault, Page, Plan};
pub use http::{Manner, Reply, Request};
pub use optional::OPTIONAL_FIELDS;
pub use options::SimulatorOptions;
pub use portal::Portals;
pub use state::Call;

use server::Server;

/// A running server; it stops when it is dropped.
#[derive(Debug)]
pub struct Simulator {
    address: SocketAddr,
    control: Control,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Simulator {
    /// Starts a server on a thread of its own, and returns once it listens.
    pub fn start(options: SimulatorOptions) -> io::Result<Self> {
        let address = options.address;
        let server = Arc::new(Server::new(options));
        let control = Control::new(Arc::clone(&server));
        // Bound here, so that whoever starts it may connect at once; tokio takes it over on the thread.
        let listener = net::bind(address)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new().name("simulator".to_owned()).spawn(move || {
            runtime.block_on(net::serve(listener, server, stopped));
            // Connections that still wait for a slow answer are cut.
            runtime.shutdown_background();
        })?;
        Ok(Self { address, control, stop: Some(stop), thread: Some(thread) })
    }

    /// The same school without a socket.
    pub fn in_process(options: SimulatorOptions) -> Control {
        Control::new(Arc::new(Server::new(options)))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The root of the site: `http://127.0.0.1:4242/pronote`.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.control.root())
    }

    /// A page of the site: `page("eleve")`, `page("mobile.parent")`.
    pub fn page(&self, name: &str) -> String {
        format!("{}/{name}.html", self.url())
    }

    /// Faults, clock, sessions, and what was asked.
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// Waits until the server stops, which it does only when it is told to.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            let _stopped = thread.join();
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _stopped = thread.join();
        }
    }
}
