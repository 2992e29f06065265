//! What the gateway's tests share: a Redis of their own.
//!

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

/// A `redis-server` on a free loopback port; it stops when it is dropped.
pub struct Redis {
    server: Child,
    port: u16,
    _folder: TempDir,
}

impl Redis {
    /// Starts one, and returns once it answers.
    pub fn start() -> Self {
        // Another program may take the port in between: then the next one.
        let free = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        (0..5).find_map(|_| Self::start_at(free())).expect("apt-get install redis-server")
    }

    /// Starts one on a port, if that is free.
    pub fn start_at(port: u16) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut server = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--save", "", "--port"])
            .arg(port.to_string())
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("apt-get install redis-server");
        let mut log = BufReader::new(server.stdout.take().unwrap()).lines();
        let ready = log.any(|line| line.unwrap().contains("Ready to accept connections"));
        // It dies of a pipe that nobody reads.
        std::thread::spawn(move || log.count());
        let started = Self { server, port, _folder: folder };
        ready.then_some(started)
    }

    /// `redis://127.0.0.1:PORT/0`
    pub fn address(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    /// What it answers to a command, as texts.
    pub fn command(&self, words: &[&str]) -> Vec<String> {
        let mut command = redis::Cmd::new();
        command.arg(words);
        let client = redis::Client::open(self.address()).unwrap();
        let answer: redis::Value = command.query(&mut client.get_connection().unwrap()).unwrap();
        match redis::from_redis_value(answer.clone()) {
            Ok(all) => all,
            Err(_) => vec![redis::from_redis_value(answer).unwrap()],
        }
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }
}
