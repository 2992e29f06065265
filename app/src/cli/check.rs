//! `beffroi check`: every problem as a sentence.

use std::{net::TcpListener, path::Path, sync::Arc};

use anyhow::bail;
use beffroi_boards::{raspberry_pi, serial};

use crate::{
    engine::Trigger,
    http,
    player::{self, AudioConfig, Device},
    run, socket,
    sounds::SoundFolder,
    store::{self, Conf, Severity, conf::BoardKind},
};

/// Says each problem on a line of its own; an error where there is one.
pub fn check(data: &Path) -> anyhow::Result<()> {
    let (conf, found) = store::inspect(data)?;
    let mut problems: Vec<String> = Vec::new();
    for problem in &found {
        match problem.severity {
            Severity::Error => problems.push(format!("conf.json: {problem}")),
            Severity::Warning => println!("warning: conf.json: {problem}"),
        }
    }
    problems.extend(http::certificate_problem(&conf.server));
    // A service that runs holds the port, the board and perhaps the card: it is asked by /api/health.
    if socket::is_served(data) {
        println!("the service runs: its board, sound card and port are left alone");
    } else {
        problems.extend(check_port(&conf));
        problems.extend(check_boards(&conf));
    }
    problems.extend(check_sounds(data, &conf, socket::is_served(data)));
    for problem in &problems {
        println!("{problem}");
    }
    match problems.len() {
        0 => {
            println!("{} triggers, no problem", conf.bells.triggers.len());
            Ok(())
        }
        1 => bail!("1 problem"),
        several => bail!("{several} problems"),
    }
}

fn check_port(conf: &Conf) -> Option<String> {
    let address = (conf.server.host.as_str(), conf.server.port);
    let error = TcpListener::bind(address).err()?;
    Some(format!("server: {}:{} cannot be opened: {error}", address.0, address.1))
}

fn check_boards(conf: &Conf) -> Vec<String> {
    let on_chip = || raspberry_pi::open(&conf.board.chip_lines(), &conf.board.outputs);
    let on_port = || serial::open(&run::serial_port(conf), &conf.board.all_lines(), Arc::default());
    let opened = [
        match conf.board.kind {
            BoardKind::RaspberryPi => Some(on_chip()),
            BoardKind::Auto => run::is_raspberry_pi().then(on_chip),
            BoardKind::Serial | BoardKind::Mock => None,
        },
        (conf.serial.enabled || conf.board.kind == BoardKind::Serial).then(on_port),
    ];
    let problems = opened.into_iter().flatten().flat_map(|board| match board {
        Ok(board) => board.info.refused.iter().map(ToString::to_string).collect(),
        Err(error) => vec![error.to_string()],
    });
    problems.map(|words| format!("board: {words}")).collect()
}

fn check_sounds(data: &Path, conf: &Conf, served: bool) -> Vec<String> {
    let mut problems = Vec::new();
    let device = match conf.audio.device.parse::<Device>() {
        Ok(device) => device.within(data),
        Err(error) => {
            problems.push(format!("audio.device: {error}"));
            Device::Null
        }
    };
    let device = if served { Device::Null } else { device };
    let folder = SoundFolder::new(data.join("musiques"));
    let audio = AudioConfig {
        device,
        buffer_frames: conf.audio.buffer_frames,
        rehearsal: run::rehearsal(),
        ..AudioConfig::default()
    };
    let (_player, library) = player::open(audio, folder, Arc::new(|| {}));
    library.prepare(conf.bells.triggers.values().map(|trigger| trigger.cue.clone()).collect());
    library.settle();
    let status = library.status();
    if !status.ready {
        problems.push(format!("sound output {}: {}", status.device, status.detail));
    }
    let faults = library.faults();
    for (id, Trigger { cue, .. }) in &conf.bells.triggers {
        if let Some(fault) = faults.get(&cue.sound) {
            problems.push(format!("triggers.{id}: {fault}"));
        }
    }
    problems
}
