//! A running service on a data folder of its own, and ways to look at it.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::standstill::Standstill;

/// Longer than anything here takes on a busy machine; what is waited for usually comes at once.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The password of every box in these tests.
pub const PASSWORD: &str = "change-me";

/// A data folder with one sound, `tone.wav`: one second of 1 kHz, 48 kHz mono.
pub struct DataFolder(TempDir);

impl DataFolder {
    /// With a configuration on top of a free port, the file output and one trigger.
    pub fn new(changes: &Value) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        fs::create_dir(folder.path().join("musiques")).unwrap();
        write_tone(&folder.path().join("musiques/tone.wav"), Duration::from_secs(1));
        let mut conf = json!({
            "server": { "host": "127.0.0.1", "port": 0 },
            "auth": { "username": "admin", "password": PASSWORD },
            "audio": { "device": "file:heard.wav" },
            "triggers": {
                "GPIO23": { "name": "Entrance", "type": "GPIO23", "music_file": "tone.wav" },
            },
        });
        merge(&mut conf, changes);
        fs::write(folder.conf(), serde_json::to_vec_pretty(&conf).unwrap()).unwrap();
        folder
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn conf(&self) -> PathBuf {
        self.path().join("conf.json")
    }

    /// conf.json as it is on disk.
    pub fn conf_json(&self) -> Value {
        serde_json::from_slice(&fs::read(self.conf()).unwrap()).unwrap()
    }

    /// The program on this folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_beffroi"));
        command.arg("--data").arg(self.path()).args(arguments).env_remove("RUST_LOG");
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).stdin(Stdio::null()).output().unwrap()
    }
}

/// A tone that no silence can be mistaken for.
pub fn write_tone(path: &Path, length: Duration) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 48_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for frame in 0..(length.as_secs_f64() * 48_000.0) as u32 {
        let phase = f64::from(frame) * std::f64::consts::TAU * 1000.0 / 48_000.0;
        writer.write_sample((phase.cos() * 16_000.0) as i16).unwrap();
    }
    writer.finalize().unwrap();
}

fn merge(into: &mut Value, changes: &Value) {
    match (into, changes) {
        (Value::Object(into), Value::Object(changes)) => {
            for (key, change) in changes {
                merge(into.entry(key).or_insert(Value::Null), change);
            }
        }
        (into, changes) => *into = changes.clone(),
    }
}

/// The real binary, running. Killed when dropped.
pub struct Service {
    pub folder: DataFolder,
    pub url: String,
    child: Child,
    log: Lines,
}

/// What a program says, line by line, read as it comes.
pub struct Lines(Receiver<String>);

impl Lines {
    pub fn of(pipe: impl Read + Send + 'static) -> Self {
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self(lines)
    }

    /// The next line that holds `words`.
    pub fn wait_for(&self, words: &str) -> String {
        let until = Instant::now() + PATIENCE;
        let mut seen = String::new();
        loop {
            match self.0.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) if line.contains(words) => return line,
                Ok(line) => seen = seen + &line + "\n",
                Err(error) => panic!("no {words:?} in what it says ({error}):\n{seen}"),
            }
        }
    }

    /// All that has not been waited for, until the program closes its mouth.
    pub fn rest(&self) -> String {
        self.0.iter().map(|line| line + "\n").collect()
    }
}

impl Service {
    /// Starts the service and waits until it listens.
    pub fn start(folder: DataFolder) -> Self {
        Self::spawn(folder, &["run", "--board", "mock"]).listening()
    }

    /// Likewise, by a line of shell that ends in the program.
    pub fn start_by_shell(folder: DataFolder, script: &str) -> Self {
        Self::spawn_by_shell(folder, script).listening()
    }

    /// Likewise, without waiting for anything.
    pub fn spawn_by_shell(folder: DataFolder, script: &str) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        Self::of(folder, shell)
    }

    /// Starts the program without waiting for anything.
    pub fn spawn(folder: DataFolder, arguments: &[&str]) -> Self {
        let command = folder.command(arguments);
        Self::of(folder, command)
    }

    /// Waits until it listens.
    pub fn listening(mut self) -> Self {
        let line = self.wait_for_log("https://127.0.0.1:");
        let url = line.split_whitespace().find(|word| word.starts_with("https://")).unwrap();
        self.url = url.trim_end_matches(['/', ',', '.']).to_owned();
        self
    }

    fn of(folder: DataFolder, mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Lines::of(child.stderr.take().unwrap());
        Self { folder, url: String::new(), child, log }
    }

    /// The next line of the log that holds `words`.
    pub fn wait_for_log(&self, words: &str) -> String {
        self.log.wait_for(words)
    }

    /// The log of a service that has ended.
    pub fn rest_of_log(&self) -> String {
        self.log.rest()
    }

    /// What the log has said since somebody looked.
    pub fn log(&self) -> Vec<String> {
        self.log.0.try_iter().collect()
    }

    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// kill -9; the folder goes on.
    pub fn kill(mut self) -> DataFolder {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let next = DataFolder(tempfile::tempdir().unwrap());
        std::mem::replace(&mut self.folder, next)
    }

    /// SIGTERM; how long it took on a machine that moves, and the exit code.
    pub fn terminate(&mut self) -> (Duration, Option<i32>) {
        let (machine, since) = (Standstill::watch(), Instant::now());
        self.signal(rustix::process::Signal::TERM);
        let status = self.child.wait().unwrap();
        let took = since.elapsed();
        (took.saturating_sub(machine.lost()), status.code())
    }

    /// A command of the program against this service; its answer.
    pub fn tell(&self, arguments: &[&str]) -> String {
        let output = self.folder.run(arguments);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {complaint}");
        said
    }

    /// The health that the box tells everybody.
    pub fn health(&self) -> Value {
        json_of(&self.get("/api/health", false))
    }

    /// The body of a GET, by the curl of this machine.
    pub fn get(&self, route: &str, signed_in: bool) -> String {
        let mut curl = Command::new("curl");
        curl.args(["-sk", "--max-time", "20"]);
        if signed_in {
            curl.args(["-u", &format!("admin:{PASSWORD}")]);
        }
        let output = curl.arg(format!("{}{route}", self.url)).output().unwrap();
        assert!(output.status.success(), "{route}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Asks again and again until the answer is as wanted.
    pub fn until<T>(&self, wanted: &str, mut look: impl FnMut(&Self) -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look(self) {
                return found;
            }
            assert!(Instant::now() < until, "never {wanted}");
            thread::yield_now();
        }
    }

    /// The newest ring of the journal, once it is over.
    pub fn newest_ring(&self) -> Value {
        self.until("a ring that is over", |service| {
            let journal = json_of(&service.get("/api/journal?limit=1", true));
            let ring = journal.as_array()?.first()?.clone();
            (ring["outcome"] != "playing").then_some(ring)
        })
    }

    /// What the box has sounded so far: 16-bit samples of the left channel.
    pub fn heard(&self) -> Vec<i16> {
        let Ok(mut reader) = hound::WavReader::open(self.folder.path().join("heard.wav")) else {
            return Vec::new();
        };
        let channels = usize::from(reader.spec().channels);
        reader.samples::<i16>().map_while(Result::ok).step_by(channels).collect()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Already dead is fine.
        drop(self.child.kill());
        drop(self.child.wait());
        if thread::panicking() {
            let rings = fs::read_to_string(self.folder.path().join("journal/rings.jsonl"));
            let said = self.log().join("\n");
            println!("the box said:\n{said}\nit rang:\n{}", rings.unwrap_or_default());
        }
    }
}

/// How many frames are louder than a whisper.
pub fn loud_frames(samples: &[i16]) -> usize {
    // By windows of 1 ms: a tone passes through zero too.
    samples.chunks(48).filter(|window| window.iter().any(|s| s.unsigned_abs() > 500)).count() * 48
}

pub fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text:?}"))
}
