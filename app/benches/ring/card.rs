//! A sound card made of a clock, for a computer that has none.
//!
//! An ALSA plugin (`paced.c`) that takes frames no faster than a card plays them, and says when the
//! first audible one of each sound would have been heard. The bell and `ffplay` play to the same.

use std::{
    env, fs,
    io::{self, BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::Command,
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use anyhow::{Context as _, bail};
use rustix::fs::{CWD, FileType, Mode};

/// Names the folder of the card to the process that plays to it.
const FOLDER: &str = "BEFFROI_PACED_CARD";

/// What the card says.
pub enum Heard {
    /// The first audible frame, and when it sounds, on the clock of `beffroi_boards::clock`.
    Loud(Duration),
    /// It has been silent for a while.
    Quiet,
}

/// Runs this program again, as one whose ALSA has the card only.
pub fn run_on_it() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    build(folder.path())?;
    let status = Command::new(env::current_exe()?)
        .env(FOLDER, folder.path())
        .env("ALSA_CONFIG_PATH", folder.path().join("asound.conf"))
        .status()?;
    if !status.success() {
        bail!("the measurement on the paced card failed: {status}");
    }
    Ok(())
}

/// What the card says from now on; `None`: this process has an ordinary ALSA.
pub fn listen() -> anyhow::Result<Option<Receiver<Heard>>> {
    let Some(folder) = env::var_os(FOLDER).map(PathBuf::from) else { return Ok(None) };
    // Written to as well, so that it does not end when a player closes the card.
    let heard = fs::File::options().read(true).write(true).open(folder.join("heard"))?;
    let (said, words) = channel();
    thread::spawn(move || {
        for line in BufReader::new(heard).lines().map_while(Result::ok) {
            let word = match line.split_once(' ') {
                Some(("loud", ns)) => ns.parse().map(Duration::from_nanos).map(Heard::Loud).ok(),
                _ => Some(Heard::Quiet),
            };
            if word.is_some_and(|word| said.send(word).is_err()) {
                break;
            }
        }
    });
    Ok(Some(words))
}

fn build(folder: &Path) -> anyhow::Result<()> {
    let (plugin, heard) = (folder.join("paced.so"), folder.join("heard"));
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/ring/paced.c");
    let built = Command::new("cc")
        .args(["-O2", "-shared", "-fPIC", "-DPIC", "-o"])
        .arg(&plugin)
        .arg(source)
        .arg("-lasound")
        .status()
        .context("a C compiler")?;
    if !built.success() {
        bail!("the paced card was not built: {built}");
    }
    rustix::fs::mknodat(CWD, &heard, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)
        .map_err(io::Error::from)?;
    let conf = format!(
        "pcm_type.paced {{ lib {plugin:?} }}\n\
         pcm.!default {{ type paced heard {heard:?} hint {{ show on description \"paced\" }} }}\n"
    );
    Ok(fs::write(folder.join("asound.conf"), conf)?)
}
