//! The thread that owns the output: opens it, watches it, opens it again.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::Duration,
};

use arc_swap::ArcSwap;

use super::{Gauge, Opened, Output, OutputState};

/// How an output says that it is gone, or was late. Cheap to clone; any thread.
#[derive(Clone)]
pub(super) struct Reporter {
    commands: SyncSender<Command>,
    // Which opening it speaks of: a late word of an old one counts for nothing.
    opening: u64,
    underruns: Arc<AtomicU64>,
}

/// What the thread is told.
pub(super) enum Command {
    /// The program ends.
    Close,
    /// Close the output and open it again.
    Reopen,
    Lost {
        opening: u64,
        reason: String,
    },
}

/// How long to wait before the next try.
#[derive(Debug, Clone, Copy)]
pub(super) struct Backoff {
    first: Duration,
    most: Duration,
}

// A card that flaps says it more often than it can be opened. When it is full, a word is lost, and
// the ones before it do the same.
const COMMANDS: usize = 8;

pub(super) const BACKOFF: Backoff =
    Backoff { first: Duration::from_secs(1), most: Duration::from_secs(30) };

/// Starts the thread. `open` is tried until it succeeds, and again after each loss.
pub(super) fn supervise(
    open: impl FnMut(&Reporter) -> Result<Opened, String> + Send + 'static,
    backoff: Backoff,
    changed: impl Fn(&OutputState) + Send + 'static,
) -> Output {
    let gauge = Gauge::default();
    let (commands, inbox) = sync_channel(COMMANDS);
    let underruns = Arc::clone(&gauge.underruns);
    let reporter = Reporter { commands: commands.clone(), opening: 0, underruns };
    let state = Arc::clone(&gauge.state);
    let supervisor = Supervisor { state, inbox, backoff, open, changed };
    thread::Builder::new()
        .name("audio".into())
        .spawn(move || supervisor.run(reporter))
        .expect("a program that starts has a thread to spare");
    Output { gauge, commands: Some(commands) }
}

impl Reporter {
    /// The output takes no samples any more.
    pub(super) fn lost(&self, reason: String) {
        let lost = Command::Lost { opening: self.opening, reason };
        if let Err(TrySendError::Full(_)) = self.commands.try_send(lost) {
            tracing::debug!("the output is lost, as was said before");
        }
    }

    /// It ran out of samples for a moment.
    pub(super) fn underrun(&self) {
        self.underruns.fetch_add(1, Ordering::Relaxed);
    }
}

struct Supervisor<O, C> {
    state: Arc<ArcSwap<OutputState>>,
    inbox: Receiver<Command>,
    backoff: Backoff,
    open: O,
    changed: C,
}

impl<O, C> Supervisor<O, C>
where
    O: FnMut(&Reporter) -> Result<Opened, String>,
    C: Fn(&OutputState),
{
    fn run(mut self, mut reporter: Reporter) {
        let mut wait = self.backoff.first;
        loop {
            reporter.opening += 1;
            let reason = match (self.open)(&reporter) {
                Ok(opened) => {
                    tracing::info!("sound output: {}", opened.ready.detail);
                    wait = self.backoff.first;
                    self.publish(OutputState::Ready(opened.ready.clone()));
                    match self.watch(reporter.opening) {
                        Some(reason) => reason,
                        None => return,
                    }
                    // Closed here, before the next one is opened: a card is opened once only.
                }
                Err(reason) => reason,
            };
            self.say_down(reason);
            match self.inbox.recv_timeout(wait) {
                Ok(Command::Close) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(Command::Reopen) => wait = self.backoff.first,
                Ok(Command::Lost { .. }) | Err(RecvTimeoutError::Timeout) => {
                    wait = (wait * 2).min(self.backoff.most);
                }
            }
        }
    }

    /// Waits until this opening is over; `None` at the end of the program.
    fn watch(&self, current: u64) -> Option<String> {
        loop {
            match self.inbox.recv().ok()? {
                Command::Close => return None,
                Command::Reopen => return Some("is being opened again".into()),
                Command::Lost { opening, reason } if opening == current => return Some(reason),
                Command::Lost { .. } => {}
            }
        }
    }

    fn say_down(&self, reason: String) {
        let said = matches!(&**self.state.load(), OutputState::Down(before) if *before == reason);
        if !said {
            tracing::warn!("no sound output: {reason}");
            self.publish(OutputState::Down(reason));
        }
    }

    fn publish(&self, state: OutputState) {
        let state = Arc::new(state);
        self.state.store(Arc::clone(&state));
        (self.changed)(&state);
    }
}

#[cfg(test)]
mod tests {
    use std::{
        num::{NonZeroU16, NonZeroU32},
        sync::{Mutex, mpsc::channel},
    };

    use rodio::mixer::mixer;

    use super::{super::Ready, *};

    const SOON: Backoff =
        Backoff { first: Duration::from_millis(1), most: Duration::from_millis(4) };

    fn opened() -> Opened {
        let rate = NonZeroU32::new(48_000).unwrap();
        let (mixer, source) = mixer(NonZeroU16::MIN, rate);
        let ready = Ready { mixer, rate, detail: "a card".into(), patient: false };
        Opened { ready, _keep: Box::new(Mutex::new(source)) }
    }

    #[test]
    fn an_output_is_opened_until_it_is_there_and_again_when_it_is_lost() {
        let (states, changes) = channel();
        let (reporters, opened_with) = channel();
        let mut tries = 0;
        let open = move |reporter: &Reporter| {
            tries += 1;
            reporters.send(reporter.clone()).unwrap();
            match tries {
                1..=3 => Err("no card".to_owned()),
                _ => Ok(opened()),
            }
        };
        let output = supervise(open, SOON, move |state| {
            let said = match state {
                OutputState::Ready(ready) => ready.detail.clone(),
                OutputState::Down(reason) => reason.clone(),
            };
            let _test_is_over = states.send(said);
        });
        let next = || changes.recv_timeout(Duration::from_secs(20)).unwrap();
        assert_eq!([next(), next()], ["no card", "a card"], "a reason is said once");
        let mut used: Vec<Reporter> = opened_with.try_iter().collect();
        let (current, old) = (used.pop().unwrap(), used.pop().unwrap());
        old.lost("a late word of an old one".into());
        current.underrun();
        current.lost("unplugged".into());
        assert_eq!([next(), next()], ["unplugged", "a card"]);
        assert_eq!(output.gauge.underruns.load(Ordering::Relaxed), 1);
        output.reopen();
        assert_eq!([next(), next()], ["is being opened again", "a card"]);
        drop(output);
        assert!(changes.recv_timeout(Duration::from_secs(20)).is_err(), "the thread has ended");
    }
}
