//! What is wrong with a file is said in a sentence, and nothing else suffers.

use std::time::Instant;

use super::*;

fn fault(scene: &mut Scene, sound: &str) -> String {
    let fault = scene.player.play(PlaybackId(1), &cue(sound));
    match fault {
        Err(Fault { kind: FaultKind::Sound, reason }) => reason,
        // The head was readable: then it ends at once, and says so there.
        Ok(_) => {
            scene.hear();
            scene.ended().remove(0).fault.unwrap().reason
        }
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn a_file_that_is_no_sound_gets_a_sentence() {
    let mut scene = Scene::new();
    fs::create_dir(scene.path("folder.wav")).unwrap();
    let (fifo, mode) = (rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU);
    rustix::fs::mknodat(rustix::fs::CWD, scene.path("pipe.mp3"), fifo, mode, 0).unwrap();
    fs::write(scene.path("empty.ogg"), "").unwrap();
    fs::write(scene.path("short.flac"), "fLaC123456").unwrap();
    fs::write(scene.path("text.m4a"), "hello ".repeat(10_000)).unwrap();
    scene.wav("silent.wav", RATE, 1, &[]);
    scene.wav("bell.wav", RATE, 1, &ramp(48_000));
    let said = [
        ("none.wav", "none.wav is missing from the sound folder"),
        ("folder.wav", "folder.wav is a folder, and must be a file"),
        ("pipe.mp3", "pipe.mp3 is a pipe or a device, and must be a file"),
        ("empty.ogg", "empty.ogg is empty"),
        ("short.flac", "short.flac is no sound this box can decode (mp3, wav, flac, ogg, m4a)"),
        ("text.m4a", "text.m4a is no sound this box can decode (mp3, wav, flac, ogg, m4a)"),
        ("silent.wav", "silent.wav holds no sound"),
    ];
    let mut cues: Vec<Cue> = said.iter().map(|(sound, _)| cue(sound)).collect();
    cues.push(cue("bell.wav"));
    scene.prepare(&cues);
    let faults = scene.library.faults();
    assert_eq!(faults.len(), said.len(), "{faults:?}");
    for (sound, sentence) in said {
        let inspected = scene.library.inspect(&name(sound)).unwrap_err().reason;
        for reason in [&faults[&name(sound)], &fault(&mut scene, sound), &inspected] {
            assert!(reason.starts_with(sentence), "{reason}");
        }
    }
    scene.play(2, &cue("bell.wav"));
    assert_eq!(scene.hear().len(), 96_000);
}

#[test]
fn a_start_past_the_end_is_a_fault() {
    let mut scene = Scene::new();
    scene.wav("bell.wav", RATE, 1, &ramp(48_000));
    let late = Cue { start: Duration::from_secs(2), ..cue("bell.wav") };
    scene.prepare(std::slice::from_ref(&late));
    let sentence = "bell.wav starts at 2 s, past the end of the file, which lasts 1.000 s";
    assert_eq!(scene.library.faults()[&name("bell.wav")], sentence);
    scene.play(1, &late);
    assert!(scene.hear().is_empty());
    assert_eq!(scene.ended()[0].fault.as_ref().unwrap().reason, sentence);
    let backwards = scene.player.play(PlaybackId(2), &trimmed("bell.wav", 0.5, 0.25));
    assert_eq!(backwards.unwrap_err().reason, "bell.wav ends at 0.25 s, before it starts");
}

#[test]
fn a_mended_file_rings_without_being_asked_twice() {
    let mut scene = Scene::new();
    scene.prepare(&[cue("bell.wav")]);
    assert_eq!(scene.library.faults().len(), 1);
    scene.wav("bell.wav", RATE, 1, &ramp(1000));
    scene.play(1, &cue("bell.wav"));
    assert_eq!(scene.hear(), doubled(&ramp(1000)));
    scene.library.settle();
    assert_eq!(scene.library.faults().len(), 0);
    fs::remove_file(scene.path("bell.wav")).unwrap();
    scene.library.refresh(&name("bell.wav"));
    scene.library.settle();
    assert_eq!(scene.library.faults().len(), 1);
}

#[test]
fn a_file_cut_short_plays_to_the_cut() {
    let mut scene = Scene::new();
    scene.wav("bell.wav", RATE, 1, &ramp(48_000));
    let whole = fs::read(scene.path("bell.wav")).unwrap();
    fs::write(scene.path("bell.wav"), &whole[..44 + 2 * 30_000]).unwrap();
    let info = scene.library.inspect(&name("bell.wav")).unwrap();
    assert_eq!(info.duration, clip::length(30_000, RATE));
    assert_eq!(info.broken.unwrap(), "breaks off after 0.6 s: ought to last 1.0 s");
    scene.prepare(&[cue("bell.wav")]);
    assert_eq!(scene.library.faults().len(), 0);
    scene.play(1, &cue("bell.wav"));
    assert_eq!(scene.hear(), doubled(&ramp(30_000)));
}

#[test]
fn what_a_file_holds_is_found_once_and_again_when_it_changes() {
    let scene = Scene::new();
    scene.wav("bell.wav", 22_050, 2, &ramp(2 * 22_050));
    let info = scene.library.inspect(&name("bell.wav")).unwrap();
    let duration = Duration::from_secs(1);
    let wanted = SoundInfo {
        duration,
        channels: 2,
        sample_rate: 22_050,
        bytes: 88_244,
        loudness: info.loudness,
        broken: None,
    };
    assert_eq!(info, wanted);
    assert_eq!(scene.library.inspect(&name("bell.wav")).unwrap(), wanted);
    scene.wav("bell.wav", RATE, 1, &ramp(48));
    assert_eq!(scene.library.inspect(&name("bell.wav")).unwrap().sample_rate, RATE);
}

/// Corrupt files of each format: whatever the decoder makes of them, the loader goes on.
#[test]
fn a_corrupt_file_neither_panics_nor_hangs_the_loader() {
    let mut scene = Scene::new();
    scene.wav("bell.wav", RATE, 1, &ramp(1000));
    let tone = formats::tone(&scene.path("tone.wav"), 0);
    // A generator of our own: a run that fails fails again.
    let mut seed = 0x9e37_79b9_u32;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        seed as usize % below
    };
    for ending in SoundName::ENDINGS {
        let whole = formats::encoded(&tone, ending);
        let sound = format!("corrupt.{ending}");
        for round in 0..32 {
            let mut bytes = whole.clone();
            for _ in 0..=random(20) {
                // Half of them in the head, where lengths and counts are.
                let reach = if random(2) == 0 { bytes.len().min(256) } else { bytes.len() };
                let at = random(reach);
                bytes[at] = u8::try_from(random(256)).unwrap();
            }
            if round % 4 == 0 {
                bytes.truncate(random(bytes.len()));
            }
            fs::write(scene.path(&sound), bytes).unwrap();
            let began = Instant::now();
            scene.prepare(&[cue(&sound), cue("bell.wav")]);
            assert!(began.elapsed() < Duration::from_secs(20), "{sound}, round {round}");
            if scene.player.play(PlaybackId(1), &cue(&sound)).is_ok() {
                scene.hear();
            }
        }
    }
    scene.play(2, &cue("bell.wav"));
    assert_eq!(scene.hear(), doubled(&ramp(1000)));
}
