//! A serial board over a pty pair: presses, states, garbage, unplugging.

use std::{
    fs::{self, File},
    io::Write as _,
    os::unix::fs::symlink,
    path::PathBuf,
};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::{Value, json};

use crate::harness::{DataFolder, Service, json_of};

/// The board's end of a serial line.
fn plug_in(folder: &DataFolder) -> File {
    let board = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
    grantpt(&board).unwrap();
    unlockpt(&board).unwrap();
    let device = PathBuf::from(ptsname(&board, Vec::new()).unwrap().into_string().unwrap());
    // By a stable name, as under /dev/serial/by-id.
    let name = folder.path().join("usb-board");
    drop(fs::remove_file(&name));
    symlink(device, &name).unwrap();
    File::from(board)
}

fn board_status(health: &Value) -> Option<bool> {
    let boards = health["board"]["boards"].as_array()?;
    boards.iter().find(|board| board["kind"] == "serial")?["ready"].as_bool()
}

#[test]
fn a_serial_board_rings_through_garbage_and_comes_back_after_it_was_unplugged() {
    let folder = DataFolder::new(&json!({ "audio": { "device": "null" } }));
    let port = folder.path().join("usb-board");
    let mut conf = folder.conf_json();
    conf["serial"] = json!({ "enabled": true, "port": port, "baudrate": 115_200, "timeout": 1.0 });
    fs::write(folder.conf(), conf.to_string()).unwrap();
    let mut board = plug_in(&folder);

    let service = Service::spawn(folder, &["run", "--board", "serial"]).listening();
    service
        .until("the board is ready", |s| (board_status(&s.health()) == Some(true)).then_some(()));

    let rings =
        |service: &Service| json_of(&service.get("/api/journal", true)).as_array().unwrap().len();
    for (frame, expected) in [
        (&b"GPIO23\r\n"[..], 1),
        (b"\x00\xff\xfeGPIO23 but not really\nGPIO99\n", 1),
        (b"gpio23=1\ngpio23 0\n", 1), // shorter than the debounce time: a bounce
    ] {
        board.write_all(frame).unwrap();
        service.until("the ring", |s| (rings(s) == expected).then_some(()));
    }
    board.write_all(b"gpio23=1\n").unwrap();
    service.until("a state rings too", |s| (rings(s) == 2).then_some(()));
    let newest = service.newest_ring();
    assert_eq!(newest["cause"], json!({ "kind": "serial", "line": "GPIO23" }));

    drop(board);
    service.until("the loss is told", |s| (board_status(&s.health()) == Some(false)).then_some(()));
    assert_eq!(service.health()["status"], "degraded");
    let mut board = plug_in(&service.folder);
    service.until("it comes back", |s| (board_status(&s.health()) == Some(true)).then_some(()));
    board.write_all(b"GPIO23\n").unwrap();
    service.until("it rings again", |s| (rings(s) == 3).then_some(()));
}
