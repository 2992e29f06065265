//! What is heard: exact to the sample.

use super::*;

#[test]
fn a_sound_in_memory_is_heard_as_it_is() {
    let mut scene = Scene::new();
    let stereo = ramp(2 * 5000);
    scene.wav("bell.wav", RATE, 2, &stereo);
    scene.prepare(&[cue("bell.wav")]);
    let length = scene.play(1, &cue("bell.wav"));
    assert_eq!(length, clip::length(5000, RATE));
    assert_eq!(scene.ended(), [], "nothing was heard yet");
    let taken = |scene: &Scene| scene.player.taken_frames(PlaybackId(1));
    assert_eq!(taken(&scene), 0);
    let first = scene.pull(2 * 2000);
    assert_eq!(taken(&scene), 2000);
    assert_eq!([first, scene.pull(2 * 3000)].concat(), stereo);
    assert_eq!(scene.ended(), [], "its last sample was only just taken");
    assert!(scene.hear().is_empty());
    assert_eq!(scene.ended(), [Ended { playback: PlaybackId(1), fault: None }]);
    assert_eq!(scene.ended(), [], "reported once");
}

#[test]
fn a_mono_sound_is_on_both_channels_and_channels_never_swap() {
    let mut scene = Scene::new();
    let mono = ramp(1000);
    scene.wav("mono.wav", RATE, 1, &mono);
    let sides: Vec<i16> = (0..2000).map(|i| if i % 2 == 0 { 1000 } else { -1000 }).collect();
    scene.wav("sides.wav", RATE, 2, &sides);
    scene.prepare(&[cue("mono.wav"), cue("sides.wav")]);
    scene.play(1, &cue("mono.wav"));
    assert_eq!(scene.hear(), doubled(&mono));
    for odd in 0..5 {
        // Rung while the card is in the middle of a frame.
        scene.play(2, &cue("sides.wav"));
        let late = scene.pull(odd);
        scene.play(3, &cue("sides.wav"));
        let rest = scene.pull(4200 - odd);
        let heard = [late, rest].concat();
        let right = |(i, sample): (usize, &i16)| *sample == 0 || (i % 2 == 0) == (*sample > 0);
        assert!(heard.iter().enumerate().all(right), "{odd} samples in");
        assert_eq!(
            heard.iter().map(|sample| u32::from(sample.unsigned_abs())).sum::<u32>(),
            4_000_000
        );
    }
}

#[test]
fn a_mono_card_and_a_sound_of_six_channels_play_too() {
    let mut scene = Scene::with(1, RATE, 1 << 20);
    let six: Vec<i16> = (0..600).map(|i| (i % 6 + 1) * 100).collect();
    scene.wav("six.wav", RATE, 6, &six);
    scene.prepare(&[cue("six.wav")]);
    scene.play(1, &cue("six.wav"));
    assert_eq!(scene.pull(100), vec![100; 100]);
    assert!(!scene.source.pull(&mut [0.0]));
    let mut scene = Scene::with(2, RATE, 1 << 20);
    scene.wav("six.wav", RATE, 6, &six);
    scene.play(1, &cue("six.wav"));
    assert_eq!(scene.hear(), [100, 200].repeat(100));
}

#[test]
fn a_trim_is_exact_to_the_frame() {
    let mut scene = Scene::new();
    let mono = ramp(RATE as usize);
    scene.wav("bell.wav", RATE, 1, &mono);
    let mut check = |cue: Cue, frames: std::ops::Range<usize>| {
        scene.prepare(std::slice::from_ref(&cue));
        let length = scene.play(1, &cue);
        assert_eq!(length, clip::length(frames.len() as u64, RATE));
        assert_eq!(scene.hear(), doubled(&mono[frames]), "{cue:?}");
    };
    check(trimmed("bell.wav", 0.25, 0.5), 12_000..24_000);
    check(trimmed("bell.wav", 0.1, 0.100_02), 4800..4801);
    check(trimmed("bell.wav", 0.3333, 0.6666), 15_998..31_997);
    check(trimmed("bell.wav", 0.9, 99.0), 43_200..48_000);
    check(Cue { end: None, ..trimmed("bell.wav", 0.999, 1.0) }, 47_952..48_000);
}

#[test]
fn volume_and_mixture_are_sums() {
    let mut scene = Scene::new();
    scene.wav("a.wav", RATE, 1, &[8000; 100]);
    scene.wav("b.wav", RATE, 1, &[1000; 200]);
    let quiet = |sound| Cue { volume: 0.25, ..cue(sound) };
    scene.prepare(&[cue("a.wav"), quiet("a.wav"), cue("b.wav")]);
    scene.play(1, &quiet("a.wav"));
    scene.play(2, &cue("b.wav"));
    assert_eq!(scene.hear(), [[3000; 200], [1000; 200]].concat());
    assert_eq!(scene.ended().len(), 2);
}

#[test]
fn silence_fades_within_5_ms_and_without_a_click() {
    let mut scene = Scene::new();
    scene.wav("bell.wav", RATE, 1, &[24_000; 10_000]);
    scene.prepare(&[cue("bell.wav")]);
    scene.play(1, &cue("bell.wav"));
    scene.play(2, &cue("bell.wav"));
    scene.player.silence(PlaybackId(2));
    scene.player.silence(PlaybackId(2));
    scene.pull(2 * 500);
    assert_eq!(scene.ended(), [Ended { playback: PlaybackId(2), fault: None }]);
    scene.player.silence(PlaybackId(1));
    let fade = scene.hear();
    assert_eq!(fade.len(), 2 * 240, "5 ms");
    let mut before = 24_000;
    for frame in fade.chunks(2) {
        assert_eq!(frame[0], frame[1]);
        assert!((0..=200).contains(&(before - frame[0])), "{before} to {}", frame[0]);
        before = frame[0];
    }
    assert!(before < 200);
    assert_eq!(scene.ended(), [Ended { playback: PlaybackId(1), fault: None }]);
}

#[test]
fn a_sound_of_another_rate_keeps_its_pitch_onset_and_length() {
    let mut scene = Scene::new();
    for rate in [8000, 22_050, 44_100, 96_000] {
        scene.wav("tone.wav", rate, 1, &sine(rate, 440.0, rate as usize));
        scene.library.refresh(&name("tone.wav"));
        scene.prepare(&[cue("tone.wav")]);
        assert_eq!(scene.play(1, &cue("tone.wav")), Duration::from_secs(1));
        let heard: Vec<i16> = scene.hear().into_iter().step_by(2).collect();
        assert_eq!(heard.len(), RATE as usize);
        let ideal = sine(RATE, 440.0, RATE as usize);
        let off = heard.iter().zip(&ideal).skip(1000).take(46_000);
        let worst = off.map(|(a, b)| (a - b).abs()).max().unwrap();
        assert!(worst < 40, "{rate} Hz: off by {worst} of 16384");
        let first = heard.iter().position(|sample| sample.abs() > 500).unwrap();
        assert!(first <= 4, "{rate} Hz: begins at {first}");
    }
}
