//! A disk that is full, for tests: as any user, and for real.
//!
//! A limit counts for a whole process, so a scene runs in a child: the same test once more. It runs
//! under a limit on the size of files (any user may set one; EFBIG), and on a tiny tmpfs in a
//! namespace of its own, where that is allowed (ENOSPC).

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

const FOLDER: &str = "BEFFROI_TEST_FULL_DISK";

/// A folder on a disk that can be filled.
pub struct Disk {
    /// The folder.
    pub folder: PathBuf,
    tmpfs: bool,
}

/// Runs `scene` on each kind of disk. `name` is the full name of the calling test.
pub fn scene(name: &str, scene: impl FnOnce(&Disk)) {
    if let Some(folder) = env::var_os(FOLDER) {
        let folder = PathBuf::from(folder);
        return scene(&Disk { tmpfs: folder.ends_with("tmpfs"), folder });
    }
    // The signal must be ignored, or the first long write ends the process.
    run(name, "limit", &["sh", "-c", r#"trap "" XFSZ; exec "$0" "$@""#]);
    let namespace = ["unshare", "--user", "--map-root-user", "--mount"];
    if Command::new("unshare")
        .args(&namespace[1..])
        .arg("true")
        .output()
        .is_ok_and(|o| o.status.success())
    {
        let mount = format!(r#"mount -t tmpfs -o size=64k none "${FOLDER}" && exec "$0" "$@""#);
        run(name, "tmpfs", &[&namespace[..], &["sh", "-c", &mount]].concat());
    } else {
        println!("no namespaces here: a full tmpfs is not tried");
    }
}

impl Disk {
    /// From now on nothing longer than a few bytes can be written.
    pub fn fill(&self) {
        if self.tmpfs {
            let block = vec![0; 64 << 10];
            // It takes what there is room for, and fails.
            assert!(fs::write(self.ballast(), block).is_err(), "a full tmpfs takes more");
        } else {
            limit("16:");
        }
    }

    /// There is room again.
    pub fn free(&self) {
        if self.tmpfs {
            fs::remove_file(self.ballast()).unwrap();
        } else {
            limit("unlimited:");
        }
    }

    fn ballast(&self) -> PathBuf {
        self.folder.join("ballast")
    }
}

// Only the soft limit, which anybody may raise again.
fn limit(bytes: &str) {
    let pid = format!("--pid={}", std::process::id());
    let status = Command::new("prlimit").arg(pid).arg(format!("--fsize={bytes}")).status();
    assert!(status.unwrap().success(), "prlimit");
}

fn run(name: &str, kind: &str, wrapper: &[&str]) {
    let parent = TempDir::new().unwrap();
    let folder: &Path = &parent.path().join(kind);
    fs::create_dir(folder).unwrap();
    let output = Command::new(wrapper[0])
        .args(&wrapper[1..])
        .arg(env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture"])
        .env(FOLDER, folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{kind}: {said}");
}
