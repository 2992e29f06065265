//! A real Redis, started for one test.
//!

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::store::conf::SessionStore;

/// The server; it ends with the test. What it has answered to is on disk.
pub(super) struct Redis {
    child: Child,
    port: u16,
    data: TempDir,
}

pub(super) const PASSWORD: &str = "open-sesame";

impl Redis {
    pub(super) fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        // Somebody else may take the port meanwhile.
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let mut child = spawn(port, &data);
            if answers(&mut child, port) {
                return Self { child, port, data };
            }
        }
        panic!("redis-server does not start");
    }

    pub(super) fn store(&self) -> SessionStore {
        SessionStore::Redis(format!("redis://:{PASSWORD}@127.0.0.1:{}/0", self.port))
    }

    /// What other programs would see.
    pub(super) fn connection(&self) -> redis::Connection {
        let SessionStore::Redis(address) = self.store() else { unreachable!() };
        redis::Client::open(address).unwrap().get_connection().unwrap()
    }

    pub(super) fn stop(&mut self) {
        self.signal(Signal::KILL);
        self.child.wait().unwrap();
    }

    pub(super) fn start_again(&mut self) {
        self.child = spawn(self.port, &self.data);
        assert!(answers(&mut self.child, self.port));
    }

    /// It keeps its connections and says nothing.
    pub(super) fn hang(&self) {
        self.signal(Signal::STOP);
    }

    pub(super) fn go_on(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }
}

fn spawn(port: u16, data: &TempDir) -> Child {
    let mut command = Command::new("redis-server");
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
    command.args(["--appendonly", "yes", "--appendfsync", "always", "--requirepass", PASSWORD]);
    command.arg("--dir").arg(data.path()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("redis-server is installed, as `make test` does")
}

/// Waits until it has read its data.
fn answers(child: &mut Child, port: u16) -> bool {
    let end = Instant::now() + Duration::from_secs(20);
    while Instant::now() < end && child.try_wait().unwrap().is_none() {
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) {
            let mut answer = [0; 12];
            write!(stream, "AUTH {PASSWORD}\r\nPING\r\n").unwrap();
            if stream.read_exact(&mut answer).is_ok() && &answer == b"+OK\r\n+PONG\r\n" {
                return true;
            }
        }
        thread::sleep(Duration::from_millis(10));
    }
    false
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It may have been stopped.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
