//! Outputs that come, go, and come back.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// A player on a real output, and how often it was woken.
fn on(device: Device, folder: &SoundFolder) -> (Player, Library, Arc<AtomicUsize>) {
    let woken = Arc::new(AtomicUsize::new(0));
    let wake = Arc::clone(&woken);
    let config = AudioConfig { device, ..AudioConfig::default() };
    let (player, library) = open(
        config,
        folder.clone(),
        Arc::new(move || {
            wake.fetch_add(1, Ordering::Relaxed);
        }),
    );
    (player, library, woken)
}

#[test]
fn a_recording_holds_what_was_rung() {
    let home = tempfile::tempdir().unwrap();
    let folder = SoundFolder::new(home.path());
    let out = home.path().join("out.wav");
    let mono = ramp(12_000);
    wav(&home.path().join("bell.wav"), RATE, 1, &mono);
    let (mut player, library, woken) = on(Device::File(out.clone()), &folder);
    library.prepare(vec![cue("bell.wav")]);
    library.settle();
    until("the output is ready", || library.status().ready);
    assert!(library.status().detail.starts_with("48000 Hz, 2 channels, into "));
    let before = woken.load(Ordering::Relaxed);
    let began = std::time::Instant::now();
    let length = player.play(PlaybackId(1), &cue("bell.wav")).unwrap();
    assert_eq!(length, Duration::from_millis(250));
    until("it has ended", || player.take_ended().is_some());
    assert!(began.elapsed() >= Duration::from_millis(240), "in real time: {:?}", began.elapsed());
    assert!(woken.load(Ordering::Relaxed) > before, "the engine was told");
    let heard = || -> Vec<i16> {
        let reader = hound::WavReader::open(&out).unwrap();
        let samples: Vec<i16> = reader.into_samples().map(Result::unwrap).collect();
        samples.into_iter().skip_while(|sample| *sample == 0).collect()
    };
    until("the file is whole although nobody has closed it", || {
        heard().starts_with(&doubled(&mono))
    });
}

#[test]
fn an_output_that_cannot_be_opened_is_a_status_and_a_fault() {
    let home = tempfile::tempdir().unwrap();
    let folder = SoundFolder::new(home.path());
    let out = home.path().join("later/out.wav");
    wav(&home.path().join("bell.wav"), RATE, 1, &ramp(100));
    let (mut player, library, woken) = on(Device::File(out.clone()), &folder);
    until("it was tried", || woken.load(Ordering::Relaxed) > 0);
    let status = library.status();
    assert_eq!(status.device, format!("file:{}", out.display()));
    assert!(!status.ready);
    let reason =
        format!("the recording {} cannot be written: No such file or directory", out.display());
    assert!(status.detail.starts_with(&reason), "{}", status.detail);
    let fault = player.play(PlaybackId(1), &cue("bell.wav")).unwrap_err();
    assert_eq!(fault.kind, FaultKind::Output);
    assert_eq!(fault.reason, format!("no sound output: {}", status.detail));
    fs::create_dir(home.path().join("later")).unwrap();
    player.reopen_output();
    until("it was opened after all", || library.status().ready);
    player.play(PlaybackId(2), &cue("bell.wav")).unwrap();
    until("it has ended", || player.take_ended().is_some_and(|ended| ended.fault.is_none()));
}

#[test]
fn a_playback_whose_output_goes_away_has_failed() {
    let home = tempfile::tempdir().unwrap();
    let folder = SoundFolder::new(home.path());
    wav(&home.path().join("bell.wav"), RATE, 1, &[1; 480_000]);
    let (mut player, library, _) = on(Device::Null, &folder);
    until("the output is ready", || library.status().ready);
    player.play(PlaybackId(7), &cue("bell.wav")).unwrap();
    player.reopen_output();
    let mut ended = None;
    until("it has ended", || {
        ended = player.take_ended();
        ended.is_some()
    });
    let ended = ended.unwrap();
    assert_eq!(ended.playback, PlaybackId(7));
    assert_eq!(ended.fault.unwrap().kind, FaultKind::Output);
    until("it is open again", || library.status().ready);
    player.play(PlaybackId(8), &cue("bell.wav")).unwrap();
}

#[test]
fn a_card_that_is_not_there_is_said_with_those_that_are() {
    let home = tempfile::tempdir().unwrap();
    let folder = SoundFolder::new(home.path());
    let (_player, library, woken) = on(Device::Alsa("hw:CARD=Gone,DEV=0".into()), &folder);
    until("it was tried", || woken.load(Ordering::Relaxed) > 0);
    let detail = library.status().detail;
    let sentence = "there is no sound card \"hw:CARD=Gone,DEV=0\"; there ";
    assert!(detail.starts_with(sentence), "{detail}");
}

/// ALSA's own `null` takes samples as fast as they come, on any machine.
#[test]
fn a_card_is_rung_through_alsa() {
    let home = tempfile::tempdir().unwrap();
    let folder = SoundFolder::new(home.path());
    wav(&home.path().join("bell.wav"), RATE, 1, &ramp(48_000));
    let (mut player, library, _) = on(Device::Alsa("alsa:null".into()), &folder);
    until("the output is ready", || library.status().ready);
    assert_eq!(library.status().detail, "48000 Hz, 2 channels");
    library.prepare(vec![cue("bell.wav")]);
    library.settle();
    player.play(PlaybackId(1), &cue("bell.wav")).unwrap();
    until("it has ended", || {
        player.take_ended() == Some(Ended { playback: PlaybackId(1), fault: None })
    });
}
