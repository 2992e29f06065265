//! The real program on a data folder of its own.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use beffroi::{sounds::SoundFolder, store};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::figures;

/// Killed when dropped.
pub struct Program {
    child: Child,
    folder: Option<TempDir>,
    pub url: String,
}

impl Program {
    /// A data folder with a gateway that has no limit on how much it asks.
    pub fn folder(token_ttl_seconds: u32) -> anyhow::Result<TempDir> {
        let folder = tempfile::tempdir()?;
        store::init(folder.path(), 0)?;
        SoundFolder::new(folder.path().join("musiques")).ship()?;
        let path = folder.path().join("conf.json");
        let mut conf: Value = serde_json::from_slice(&fs::read(&path)?)?;
        let gateway = json!({
            "listen": "127.0.0.1:0",
            "token_ttl_seconds": token_ttl_seconds,
            "allowed_hosts": ["127.0.0.1"],
            "allow_private_hosts": true,
            "limits": {
                "failed_logins_per_hour": 0,
                "requests_per_minute_per_address": 0,
                "calls_per_second_per_school": 0,
            },
        });
        let conf_fields = conf.as_object_mut().context("an object")?;
        conf_fields.insert("server".into(), json!({ "host": "127.0.0.1", "port": 0 }));
        conf_fields.insert("audio".into(), json!({ "device": "null" }));
        conf_fields.insert("gateway".into(), gateway);
        fs::write(path, serde_json::to_vec(&conf)?)?;
        Ok(folder)
    }

    /// Starts it, and returns once the gateway listens.
    pub async fn start(folder: TempDir) -> anyhow::Result<Self> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_beffroi"))
            .arg("--data")
            .arg(folder.path())
            .args(["run", "--board", "mock"])
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut log = BufReader::new(child.stderr.take().context("its log")?).lines();
        let mut program = Self { child, folder: Some(folder), url: String::new() };
        let (sender, url) = tokio::sync::oneshot::channel();
        thread::spawn(move || {
            let mut sender = Some(sender);
            while let Some(Ok(line)) = log.next() {
                let url = line.split_once("the gateway listens on ").map(|(_, url)| url.to_owned());
                if let Some((sender, url)) = url.and_then(|url| Some((sender.take()?, url))) {
                    sender.send(url).ok();
                } else if line.contains(" WARN ") || line.contains(" ERROR ") {
                    println!("the gateway says: {line}");
                }
            }
        });
        program.url = url.await.context("the gateway does not listen")?;
        Ok(program)
    }

    /// User and system time so far.
    pub fn cpu_ms(&self) -> anyhow::Result<f64> {
        figures::cpu_ms(&self.proc("stat"))
    }

    /// Its resident memory.
    pub fn resident_mb(&self) -> anyhow::Result<f64> {
        let status = fs::read_to_string(self.proc("status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kb = line.and_then(|line| line.split_ascii_whitespace().next());
        Ok(kb.context("a status without VmRSS")?.parse::<f64>()? / 1024.0)
    }

    /// SIGTERM: its data folder, and how long it took.
    pub fn stop(mut self) -> anyhow::Result<(TempDir, Duration)> {
        let begun = Instant::now();
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM)?;
        let status = self.child.wait()?;
        anyhow::ensure!(status.success(), "it ended with {status}");
        Ok((self.folder.take().context("its folder")?, begun.elapsed()))
    }

    fn proc(&self, file: &str) -> PathBuf {
        Path::new("/proc").join(self.child.id().to_string()).join(file)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Already dead is fine.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
