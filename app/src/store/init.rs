//! The first configuration: two triggers, and a random password or none yet.

use std::{fs, io, path::Path};

use serde_json::{Value, json};

use super::{
    PasswordError, PasswordHash,
    atomic::Draft,
    conf::Document,
    file::{self, Files},
    password::random_password,
    problem::in_words,
};

/// Why there is no new configuration.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// There is one, and it stays.
    #[error("{0} exists already and is left as it is; `beffroi passwd` sets a new password")]
    Exists(String),
    /// It cannot be written.
    #[error("{0}")]
    Disk(String),
    /// The password cannot be had.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The system gives no random numbers.
    #[error("no random numbers for a password: {0}")]
    Random(#[from] getrandom::Error),
}

/// The port of a new box: pySonnerie's.
pub const PORT: u16 = 8443;

/// Writes conf.json into a data folder, with its folder `musiques`, and returns the password of
/// `admin`, which is written nowhere. What exists is never overwritten.
pub fn init(data: &Path, port: u16) -> Result<String, InitError> {
    refuse_to_overwrite(data)?;
    let password = random_password()?;
    write(
        data,
        &json!({ "username": "admin", "password": PasswordHash::of(&password)?.expose() }),
        port,
    )?;
    Ok(password)
}

/// The same without a password: whoever has the claim code sets it in the page.
pub fn init_unclaimed(data: &Path, port: u16) -> Result<(), InitError> {
    refuse_to_overwrite(data)?;
    write(data, &json!({ "username": "admin" }), port)
}

fn refuse_to_overwrite(data: &Path) -> Result<(), InitError> {
    let conf = Files::new(data).conf;
    match conf.symlink_metadata() {
        Ok(_) => Err(InitError::Exists(conf.display().to_string())),
        Err(_) => Ok(()),
    }
}

fn write(data: &Path, auth: &Value, port: u16) -> Result<(), InitError> {
    let files = Files::new(data);
    let disk = |path: &Path, error: &io::Error| {
        InitError::Disk(format!("{} cannot be written: {}", path.display(), in_words(error)))
    };
    let sounds = data.join("musiques");
    fs::create_dir_all(&sounds).map_err(|error| disk(&sounds, &error))?;
    let bytes = file::write(&document(auth, port)).map_err(InitError::Disk)?;
    match Draft::write(&files.conf, &bytes).and_then(Draft::commit_new) {
        Ok(()) => Ok(()),
        // Another `init` was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(InitError::Exists(files.conf.display().to_string()))
        }
        Err(error) => Err(disk(&files.conf, &error)),
    }
}

fn document(auth: &Value, port: u16) -> Document {
    let whole = json!({
        "server": {
            "host": "0.0.0.0",
            "port": port,
            "tls_cert": "certs/cert.pem",
            "tls_key": "certs/key.pem",
        },
        "auth": auth,
        "serial": {
            "enabled": false,
            "port": "/dev/ttyUSB0",
            "baudrate": 115_200,
            "timeout": 1.0,
        },
        "triggers": {
            "GPIO23": {
                "name": "Bouton entree",
                "type": "GPIO23",
                "music_file": "bell.mp3",
                "start_seconds": 0.0,
                "end_seconds": null,
                "volume": 1.0,
            },
            "TEST": {
                "name": "Test",
                "type": "api",
                "music_file": "test-tone.wav",
                "start_seconds": 0.0,
                "end_seconds": null,
                "volume": 1.0,
            },
        },
        "board": { "kind": "auto" },
        "audio": { "device": "default" },
    });
    match whole {
        Value::Object(document) => document,
        _ => Document::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::{os::unix::fs::PermissionsExt as _, sync::Barrier, thread};

    use super::*;
    use crate::store::Store;

    #[test]
    fn the_first_configuration_has_no_problem_and_one_password() {
        let folder = tempfile::TempDir::new().unwrap();
        let data = folder.path().join("deep/data");
        let password = init(&data, 9443).unwrap();
        let store = Store::open(&data).unwrap();
        assert_eq!(*store.problems(), []);
        let conf = store.conf();
        assert_eq!(conf.server.port, 9443);
        assert!(conf.auth.password_hash.as_ref().unwrap().verify(&password));
        assert_eq!(conf.bells.triggers.len(), 2);
        assert!(data.join("musiques").is_dir());
        let mode = fs::metadata(data.join("conf.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn an_unclaimed_box_rings_and_lets_nobody_in() {
        let folder = tempfile::TempDir::new().unwrap();
        init_unclaimed(folder.path(), PORT).unwrap();
        let store = Store::open(folder.path()).unwrap();
        let problems = store.problems();
        let [told] = problems.as_slice() else { panic!("{problems:?}") };
        assert!(!told.is_error() && told.to_string().contains("claim code"), "{told}");
        assert_eq!(store.conf().auth.password_hash, None);
        assert_eq!(store.conf().bells.triggers.len(), 2);
        assert!(matches!(init_unclaimed(folder.path(), PORT), Err(InitError::Exists(_))));
    }

    #[test]
    fn of_many_at_once_one_makes_it_and_nobody_overwrites_it() {
        let folder = tempfile::TempDir::new().unwrap();
        let start = Barrier::new(4);
        let one = || {
            start.wait();
            init(folder.path(), 8443)
        };
        let passwords: Vec<_> = thread::scope(|scope| {
            let all: Vec<_> = (0..4).map(|_| scope.spawn(one)).collect();
            all.into_iter().filter_map(|one| one.join().unwrap().ok()).collect()
        });
        assert_eq!(passwords.len(), 1);
        let hash = Store::open(folder.path()).unwrap().conf().auth.password_hash.clone().unwrap();
        assert!(hash.verify(&passwords[0]));
        assert!(matches!(init(folder.path(), 8443), Err(InitError::Exists(_))));
    }
}
