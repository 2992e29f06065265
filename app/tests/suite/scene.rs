//! The bell path in virtual time, sample-exact: contact, debounce, engine, mixer.
//!
//! The same code as in the box, moved by hand: a scripted board tells the time, and the mixer is
//! pulled for as many frames as have passed.

use std::{
    collections::BTreeMap,
    num::NonZero,
    sync::{Arc, Mutex},
    time::Duration,
};

use beffroi::{
    bell::{Carrier, Message},
    engine::{Bells, Cue, Outcome, PlaybackId, Source, Trigger},
    player::{self, AudioConfig, Library},
    sounds::SoundFolder,
};
use beffroi_boards::{Board, BoardKind, mock};
use beffroi_hal::{Bias, Inputs, Instant, LineConfig, LineIndex, Polarity, Signal};
use tempfile::TempDir;

const RATE: u32 = 48_000;
const DEBOUNCE: Duration = Duration::from_millis(30);

/// What the journal would hold: number, outcome, milliseconds.
type Record = (u64, String, u128);

struct Scene {
    carrier: Carrier,
    mixer: player::Pull,
    records: Arc<Mutex<Vec<Record>>>,
    heard: Vec<f32>,
    _folder: TempDir,
}

/// A ramp: each sample says which frame of the file it is.
fn write_ramp(folder: &TempDir, frames: u16) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(folder.path().join("ramp.wav"), spec).unwrap();
    for frame in 0..frames {
        writer.write_sample(frame as i16).unwrap();
    }
    writer.finalize().unwrap();
}

fn sample(value: u16) -> f32 {
    f32::from(value) / 32_768.0
}

impl Scene {
    /// One trigger on GPIO23: frames 480 to 4,800 of the ramp, at half volume.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        write_ramp(&folder, 9_600);
        let channels = NonZero::new(1).unwrap();
        let rate = NonZero::new(RATE).unwrap();
        let (player, library, mixer) = player::offline(
            channels,
            rate,
            AudioConfig::default(),
            SoundFolder::new(folder.path()),
            Arc::new(|| {}),
        );
        let records = Arc::new(Mutex::new(Vec::new()));
        let journal = Arc::clone(&records);
        let recorder =
            move |playback: &beffroi::engine::Playback, outcome: &Outcome, length: Duration| {
                let outcome = format!("{outcome:?}");
                journal.lock().unwrap().push((playback.id.0, outcome, length.as_millis()));
            };
        let mut carrier = Carrier::new(player, library.clone(), Box::new(recorder), PlaybackId(1));
        carrier.handle(Message::Configure(bells()), Instant::default());
        settle(&library);
        Self { carrier, mixer, records, heard: Vec::new(), _folder: folder }
    }

    /// Plays a script of the contact for a second; what is heard is pulled as time passes.
    fn play(&mut self, script: &[(u64, Signal)]) {
        let script = script.iter().map(|(ms, signal)| (Instant::from_millis(*ms), 0, *signal));
        let script: Vec<(Instant, LineIndex, Signal)> = script.collect();
        let lines = [LineConfig {
            id: "GPIO23".parse().unwrap(),
            offset: 23,
            bias: Bias::PullUp,
            active: Polarity::Low,
            debounce: DEBOUNCE,
        }];
        let (Board { mut edges, .. }, clock) = mock::scripted(&lines, script);
        let mut inputs = Inputs::start(&lines, &mut *edges).unwrap();
        let end = Instant::from_millis(1_000);
        while clock.now() < end {
            let at_most = end.since(clock.now());
            let change = inputs.poll(&mut *edges, clock.now(), at_most).unwrap();
            self.listen_until(clock.now());
            if let Some(change) = change {
                self.carrier.handle(Message::Change(BoardKind::Mock, change), clock.now());
            }
            self.carrier.wake(clock.now());
        }
    }

    fn listen_until(&mut self, now: Instant) {
        let frames = now.since_epoch().as_nanos() * u128::from(RATE) / 1_000_000_000;
        let missing = usize::try_from(frames).unwrap() - self.heard.len();
        let mut block = vec![0.0; missing];
        self.mixer.pull(&mut block);
        self.heard.extend(block);
        self.carrier.wake(now);
    }

    fn records(&self) -> Vec<Record> {
        self.records.lock().unwrap().clone()
    }
}

fn bells() -> Arc<Bells> {
    let cue = Cue {
        sound: "ramp.wav".parse().unwrap(),
        start: Duration::from_millis(10),
        end: Some(Duration::from_millis(100)),
        volume: 0.5,
    };
    let source = Source::Line("GPIO23".parse().unwrap());
    let trigger = Trigger { name: "Entrance".into(), source, cue };
    Arc::new(Bells { triggers: BTreeMap::from([("DOOR".parse().unwrap(), trigger)]) })
}

fn settle(library: &Library) {
    library.settle();
    assert!(library.faults().is_empty(), "{:?}", library.faults());
}

/// From frame `first` on, these frames of the ramp at half volume.
fn assert_ramp(heard: &[f32], first: usize, ramp: std::ops::Range<u16>) {
    for (frame, value) in (first..).zip(ramp) {
        let (heard, expected) = (heard[frame], sample(value) * 0.5);
        assert!((heard - expected).abs() < 1e-6, "frame {frame}: {heard}, not {expected}");
    }
}

#[test]
fn a_bouncing_press_sounds_once_and_each_sample_is_right() {
    let mut scene = Scene::new();
    let mut script: Vec<(u64, Signal)> = (100..110)
        .map(|ms| (ms, if ms % 2 == 0 { Signal::Rising } else { Signal::Falling }))
        .collect();
    script.push((110, Signal::Rising));
    script.push((400, Signal::Falling));
    scene.play(&script);
    // The last bounce at 110 ms, 30 ms of rest, and then the first sample: frame 6,720.
    let first = 6_720;
    assert_eq!(scene.heard.len(), 48_000);
    assert!(scene.heard[..first].iter().all(|sample| *sample == 0.0), "silence before");
    assert_ramp(&scene.heard, first, 480..4_800);
    assert!(scene.heard[first + 4_320..].iter().all(|sample| *sample == 0.0), "silence after");
    assert_eq!(scene.records(), [(1, "Playing".into(), 90), (1, "Played".into(), 90)]);
}

#[test]
fn a_second_press_replaces_the_first_at_its_sample() {
    let mut scene = Scene::new();
    use Signal::{Falling, Rising};
    scene.play(&[(10, Rising), (45, Falling), (80, Rising), (210, Falling)]);
    // Settled at 40 ms and at 110 ms; the first has had 70 of its 90 ms by then.
    assert_ramp(&scene.heard, 1_920, 480..3_840);
    let records = scene.records();
    let outcomes: Vec<_> = records.iter().map(|(id, outcome, _)| (*id, outcome.as_str())).collect();
    assert_eq!(outcomes, [(1, "Playing"), (1, "Replaced"), (2, "Playing"), (2, "Played")]);
    // The old one fades within 5 ms under the new one, and then the new one is alone.
    assert_ramp(&scene.heard, 5_280 + 240, 480 + 240..4_800);
}
