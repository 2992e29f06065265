//! `beffroi selftest`: says how each scene went.

use std::path::Path;

use anyhow::bail;
use beffroi_hal::{LineConfig, LineId};
use clap::Args;

use crate::{
    player::{AudioConfig, Device},
    run::{self, BoardChoice},
    selftest::{self, HandChoice, Plan, Verdict, Wire},
    socket,
    store::{self, Conf, conf::Line},
};

/// What is tried, where that differs from conf.json.
#[derive(Debug, Clone, Args)]
pub struct SelftestOptions {
    /// The board, instead of board.kind.
    #[arg(long, value_enum, value_name = "KIND")]
    board: Option<BoardChoice>,
    /// The sound output, instead of audio.device: default, null, file:PATH.wav or an ALSA name.
    #[arg(long, value_name = "DEVICE")]
    audio: Option<Device>,
    /// A wire from an output to an input of the pin header (GPIO27:GPIO23), through 1 kΩ; up to two.
    #[arg(long = "wire", value_name = "OUTPUT:INPUT")]
    wires: Vec<Wire>,
}

/// Tries the box with its own contacts and sound card; an error where something is wrong.
pub fn selftest(data: &Path, options: SelftestOptions) -> anyhow::Result<()> {
    if socket::is_served(data) {
        bail!("the service runs and holds the contacts and the sound card: stop it first");
    }
    // A box without a configuration is tried with the defaults.
    let conf = data.join("conf.json").exists().then(|| store::inspect(data)).transpose()?;
    let conf = conf.map(|(conf, _)| conf);
    let hand = hand(options.board, conf.as_ref(), options.wires)?;
    let lines = selftest::lines(&hand).into_iter();
    let lines = lines.map(|id| line(conf.as_ref(), id)).collect::<anyhow::Result<_>>()?;
    let audio = conf.map(|conf| conf.audio).unwrap_or_default();
    let device = match options.audio {
        Some(device) => device,
        None => audio.device.parse()?,
    };
    let audio = AudioConfig {
        device: device.within(data),
        buffer_frames: audio.buffer_frames,
        rehearsal: run::rehearsal(),
        ..AudioConfig::default()
    };
    let mut wrong = 0;
    selftest::run(Plan { hand, lines, audio }, |what, verdict| match verdict {
        Verdict::Right => println!("ok       {what}"),
        Verdict::Skipped(why) => println!("skipped  {what}: {why}"),
        Verdict::Wrong(why) => {
            wrong += 1;
            println!("WRONG    {what}: {why}");
        }
    })?;
    match wrong {
        0 => Ok(()),
        1 => bail!("1 thing is wrong"),
        several => bail!("{several} things are wrong"),
    }
}

fn hand(
    board: Option<BoardChoice>,
    conf: Option<&Conf>,
    wires: Vec<Wire>,
) -> anyhow::Result<HandChoice> {
    let configured = conf.map(|conf| conf.board.kind).unwrap_or_default();
    let board = board.unwrap_or_else(|| run::board_choice(configured));
    match board {
        BoardChoice::Mock if !wires.is_empty() => bail!("the mock board has no wires"),
        BoardChoice::Mock => Ok(HandChoice::Mock),
        BoardChoice::Auto if wires.is_empty() && !run::is_raspberry_pi() => Ok(HandChoice::Mock),
        BoardChoice::Auto | BoardChoice::RaspberryPi => Ok(HandChoice::Wires(wires)),
        BoardChoice::Serial => {
            bail!("a serial board is tried by its own buttons, while the service runs")
        }
    }
}

fn line(conf: Option<&Conf>, id: LineId) -> anyhow::Result<LineConfig> {
    let known = conf.and_then(|conf| conf.board.lines.iter().find(|line| line.id == id).cloned());
    let Line { id, offset, bias, active, debounce } = known.unwrap_or_else(|| Line::named(id));
    let Some(offset) = offset else { bail!("{id} is no line of a chip: it has no offset") };
    Ok(LineConfig { id, offset, bias, active, debounce })
}
