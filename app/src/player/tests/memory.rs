//! What is kept in memory, what makes room, and what is streamed.

use super::*;

fn in_memory(scene: &Scene) -> u64 {
    scene.library.status().memory_bytes
}

#[test]
fn a_streamed_sound_is_the_one_in_memory_sample_by_sample() {
    let stereo = ramp(2 * 100_000);
    for rate in [RATE, 44_100] {
        for cue in [cue("long.wav"), trimmed("long.wav", 0.7, 1.9)] {
            let [mut memory, mut streamed] = [64 << 20, 10_000].map(|bound| {
                let scene = Scene::with(2, RATE, bound);
                scene.wav("long.wav", rate, 2, &stereo);
                scene.prepare(std::slice::from_ref(&cue));
                scene
            });
            assert!(in_memory(&memory) > 0);
            assert_eq!(in_memory(&streamed), 0);
            let lengths = [memory.play(1, &cue), streamed.play(1, &cue)];
            let apart = lengths[0].abs_diff(lengths[1]);
            assert!(apart < Duration::from_micros(25), "a frame at most: {lengths:?}");
            let heard = memory.hear();
            assert!(!heard.is_empty());
            assert_eq!(streamed.hear(), heard);
            assert_eq!(streamed.ended(), [Ended { playback: PlaybackId(1), fault: None }]);
        }
    }
}

#[test]
fn a_cue_that_was_never_prepared_rings_too() {
    let mut scene = Scene::new();
    let mono = ramp(30_000);
    scene.wav("new.wav", RATE, 1, &mono);
    assert_eq!(scene.play(1, &cue("new.wav")), clip::length(30_000, RATE));
    assert_eq!(scene.hear(), doubled(&mono));
}

#[test]
fn a_streamed_sound_can_be_silenced() {
    let mut scene = Scene::with(2, RATE, 1000);
    scene.wav("long.wav", RATE, 1, &[9000; 480_000]);
    scene.play(1, &cue("long.wav"));
    scene.pull(2 * 5000);
    scene.player.silence(PlaybackId(1));
    assert_eq!(scene.hear().len(), 2 * 240);
    assert_eq!(scene.ended().len(), 1);
}

#[test]
fn the_least_recently_used_sound_makes_room() {
    // Room for two of three; each is 2000 bytes.
    let mut scene = Scene::with(2, RATE, 5000);
    let cues = ["a.wav", "b.wav", "c.wav"].map(cue);
    for cue in &cues {
        scene.wav(&cue.sound, RATE, 1, &ramp(1000));
    }
    let kept = |scene: &Scene, cue: &Cue| {
        let entry = scene.library.find(&Clip::from(cue.clone())).unwrap();
        matches!(entry.state, ClipState::Memory(_))
    };
    scene.prepare(&cues[..2]);
    assert_eq!(in_memory(&scene), 4000);
    scene.play(1, &cues[0]);
    scene.prepare(&cues);
    assert_eq!(in_memory(&scene), 4000);
    assert_eq!(cues.each_ref().map(|cue| kept(&scene, cue)), [true, false, true]);
    // The one that made room still rings, and comes back for it.
    scene.hear();
    assert_eq!(scene.play(2, &cues[1]), clip::length(1000, RATE));
    assert_eq!(scene.hear(), doubled(&ramp(1000)));
    scene.library.settle();
    assert!(kept(&scene, &cues[1]));
    assert_eq!(in_memory(&scene), 4000);
    // What is no longer in force is forgotten.
    scene.prepare(&cues[1..2]);
    assert_eq!(in_memory(&scene), 2000);
}

#[test]
fn what_has_not_changed_is_not_read_again() {
    let scene = Scene::new();
    let entry = |cue: &Cue| scene.library.find(&Clip::from(cue.clone())).unwrap();
    let (bell, part) = (cue("bell.wav"), trimmed("bell.wav", 0.0, 0.01));
    scene.wav("bell.wav", RATE, 1, &ramp(1000));
    scene.prepare(std::slice::from_ref(&bell));
    let first = entry(&bell);
    // Another volume is the same clip; another end is not.
    scene.prepare(&[Cue { volume: 0.5, ..bell.clone() }, bell.clone(), part.clone()]);
    assert!(Arc::ptr_eq(&first, &entry(&bell)));
    assert_eq!(in_memory(&scene), 2000 + 2 * 480);
    scene.wav("bell.wav", RATE, 1, &ramp(500));
    scene.library.refresh(&name("bell.wav"));
    scene.library.settle();
    assert!(!Arc::ptr_eq(&first, &entry(&bell)));
    assert_eq!(in_memory(&scene), 1000 + 2 * 480);
}

#[test]
fn sounds_are_made_ready_for_the_rate_that_the_card_turns_out_to_have() {
    let mut scene = Scene::new();
    scene.wav("bell.wav", 44_100, 1, &ramp(44_100));
    scene.library.set_rate(NonZeroU32::new(44_100).unwrap());
    scene.prepare(&[cue("bell.wav")]);
    assert_eq!(in_memory(&scene), 2 * 44_100);
    // It rings already, if not as well: rodio bends it to the mixer's rate.
    scene.play(1, &cue("bell.wav"));
    let heard = scene.hear().len();
    assert!(heard.abs_diff(2 * 48_000) < 8, "{heard}");
    scene.library.set_rate(NonZeroU32::new(48_000).unwrap());
    scene.library.settle();
    assert_eq!(in_memory(&scene), 2 * 48_000);
}
