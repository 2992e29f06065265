//! A `redis-server` for one test.

use std::{
    io::{BufRead as _, BufReader},
    net::TcpListener,
    process::{Child, Command, Stdio},
    thread,
};

use tempfile::TempDir;

/// A server on a free loopback port. Killed when dropped.
pub struct Redis {
    server: Child,
    port: u16,
    _folder: TempDir,
}

impl Redis {
    /// Starts one, and returns once it answers.
    pub fn start() -> Self {
        // Somebody else may take the port in between: then the next one.
        let free = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        (0..5).find_map(|_| Self::start_at(free())).expect("a free port")
    }

    fn start_at(port: u16) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut server = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--save", "", "--port", &port.to_string()])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("apt-get install redis-server");
        let mut log = BufReader::new(server.stdout.take().unwrap()).lines();
        let ready = log.any(|line| line.unwrap().contains("Ready to accept connections"));
        // It ends when nobody reads what it says.
        thread::spawn(move || log.count());
        let started = Self { server, port, _folder: folder };
        ready.then_some(started)
    }

    /// `redis://127.0.0.1:PORT/0`
    pub fn address(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // Already dead is fine.
        drop(self.server.kill());
        drop(self.server.wait());
    }
}
