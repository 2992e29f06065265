//! Every scene on the mock board, and scenes that must fail.

use std::time::Duration;

use beffroi_hal::{Bias, LineConfig, Polarity};

use super::*;
use crate::player::Device;

fn plan(device: Device) -> Plan {
    let hand = HandChoice::Mock;
    let lines = lines(&hand).into_iter().map(|id| LineConfig {
        offset: 0,
        id,
        bias: Bias::PullUp,
        active: Polarity::Low,
        debounce: Duration::from_millis(5),
    });
    let lines = lines.collect();
    Plan { hand, lines, audio: AudioConfig { device, ..AudioConfig::default() } }
}

#[test]
fn every_scene_goes_well_on_the_mock_board() {
    let mut verdicts = Vec::new();
    run(plan(Device::Null), |name, verdict| verdicts.push((name.to_owned(), verdict.clone())))
        .unwrap();
    assert_eq!(verdicts.len(), scene::read(SCENES).unwrap().len() + 1, "{verdicts:?}");
    for (name, verdict) in verdicts {
        assert_eq!(verdict, Verdict::Right, "{name}");
    }
}

#[test]
fn a_scene_that_goes_otherwise_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let sounds = SoundFolder::new(folder.path());
    sounds.ship().unwrap();
    let mut stage = stage(&plan(Device::Null), &sounds, &TONE.parse().unwrap()).unwrap().unwrap();
    for (steps, wrong) in [
        ("box starts\nA closes\nwait 50 ms\nA rings 2", Some("GPIO23 rang 1 times, not 2")),
        ("box starts\nA closes\nwait 50 ms\nA rings 0", Some("GPIO23 rang 1 times, not 0")),
        // Nothing is left of the ones before.
        ("box starts\nA rings 0\nB closes\nB rings 1", None),
    ] {
        let scene = &scene::read(&format!("scene x\n{steps}")).unwrap()[0];
        assert_eq!(stage.play(scene).err().as_deref(), wrong, "{steps}");
    }
}

#[test]
fn a_dead_sound_output_is_told() {
    let mut told = Vec::new();
    run(plan(Device::File("/nowhere/at/all.wav".into())), |name, verdict| {
        told.push((name.to_owned(), verdict.clone()));
    })
    .unwrap();
    for (name, verdict) in told {
        assert!(matches!(&verdict, Verdict::Wrong(why) if why.contains("/nowhere")), "{name}");
    }
}

#[test]
fn a_wire_is_an_output_and_an_input() {
    let wire: Wire = "gpio27:GPIO23".parse().unwrap();
    assert_eq!((&*wire.output, &*wire.input), ("GPIO27", "GPIO23"));
    for wrong in ["GPIO23", "GPIO23:GPIO23", "LAMP:GPIO23", ":", "GPIO27:a b"] {
        assert_eq!(wrong.parse::<Wire>(), Err(NoWire), "{wrong}");
    }
}
