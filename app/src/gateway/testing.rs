//! A `redis-server` of a test's own, for the gateway and for the whole program.
//!
//! It uses nothing of the crate: the tests in `tests/suite/sessions` have it too, by its path.

use std::{
    io::{BufRead as _, BufReader},
    net::TcpListener,
    process::{Child, Command, Stdio},
    thread,
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// A server on a free loopback port; it ends when it is dropped.
pub struct Redis {
    server: Child,
    port: u16,
    folder: TempDir,
}

/// What it asks of everybody.
pub const PASSWORD: &str = "open-sesame";

impl Redis {
    /// Starts one, and returns once it answers.
    pub fn start() -> Self {
        // In memory: on a busy disk it would be silent for longer than its callers wait.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let free = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        // Another program may take the port in between: then the next one.
        let started = (0..5).map(|_| free()).find_map(|port| Some((launch(port, &folder)?, port)));
        let (server, port) = started.expect("a free port");
        Self { server, port, folder }
    }

    /// `redis://:PASSWORD@127.0.0.1:PORT/0`
    pub fn address(&self) -> String {
        format!("redis://:{PASSWORD}@127.0.0.1:{}/0", self.port)
    }

    /// What other programs would see.
    pub fn connection(&self) -> redis::Connection {
        redis::Client::open(self.address()).unwrap().get_connection().unwrap()
    }

    /// What it answers to a command, as texts.
    pub fn command(&self, words: &[&str]) -> Vec<String> {
        let answer: redis::Value =
            redis::Cmd::new().arg(words).query(&mut self.connection()).unwrap();
        match redis::from_redis_value(answer.clone()) {
            Ok(all) => all,
            Err(_) => vec![redis::from_redis_value(answer).unwrap()],
        }
    }

    /// Kills it.
    pub fn stop(&mut self) {
        self.signal(Signal::KILL);
        self.server.wait().unwrap();
    }

    /// Starts it again after [`Self::stop`], with all that it has ever answered to.
    pub fn start_again(&mut self) {
        self.server = launch(self.port, &self.folder).expect("the port is still free");
    }

    /// It keeps its connections and says nothing.
    pub fn hang(&self) {
        self.signal(Signal::STOP);
    }

    /// It goes on after [`Self::hang`].
    pub fn go_on(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.server), signal).unwrap();
    }
}

/// `None`: the port is taken.
fn launch(port: u16, folder: &TempDir) -> Option<Child> {
    let mut command = Command::new("redis-server");
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--requirepass", PASSWORD]);
    // Not synced: what the kernel has outlives a kill.
    command.args(["--save", "", "--appendonly", "yes", "--appendfsync", "no"]);
    command.arg("--dir").arg(folder.path()).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut server = command.spawn().expect("redis-server is installed, as `make test` does");
    let mut log = BufReader::new(server.stdout.take().unwrap()).lines();
    if log.any(|line| line.unwrap().contains("Ready to accept connections")) {
        // It dies of a pipe that nobody reads.
        thread::spawn(move || log.count());
        return Some(server);
    }
    server.wait().unwrap();
    None
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It may have been stopped.
        drop(self.server.kill());
        drop(self.server.wait());
    }
}
