//! GPIO inputs: events that the kernel queues, in the order of their time.
//!
//! Polarity is the kernel's: a line requested with `ACTIVE_LOW` reads 1 when active, and of a line
//! requested for both edges the kernel (v1) tells a rising edge where it reads 1 after the
//! interrupt. So events are active and inactive already, and two of the same kind may follow each
//! other when a contact bounces faster than the interrupt is served.

use std::{collections::VecDeque, os::fd::AsFd, time::Duration};

use beffroi_hal::{
    Bias, Edge, EdgeSource, Instant, LineConfig, LineIndex, MAX_LINES, Polarity, Signal, State,
};
use gpio_cdev::{Chip, EventRequestFlags, EventType, LineEventHandle, LineRequestFlags};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
};

use super::{CONSUMER, noted, request as request_line};
use crate::{BoardError, Refused, clock};

/// How much older than the present a stamp may be. Kernels before 5.7 stamp the wall clock, which
/// is far outside of this; there, an edge happened when it was read.
const OLDEST: Duration = Duration::from_secs(10);

/// Events read from one line at one wake-up. The kernel queues 16 a line and drops what comes on
/// top; a line that never rests must not keep the others from being heard.
const AT_ONCE: usize = 16;

/// The inputs of a chip.
pub(super) struct Edges {
    chip: String,
    /// By their place in the configuration; a refused line is `None`.
    lines: Vec<Option<LineEventHandle>>,
    /// Read and not yet handed out. At most [`AT_ONCE`] for each line: more is read when it is empty.
    queue: VecDeque<Edge>,
}

/// Requests each line that can be had.
pub(super) fn request(chip: &mut Chip, lines: &[LineConfig], refused: &mut Vec<Refused>) -> Edges {
    let mut handles = Vec::new();
    for line in lines.iter().take(MAX_LINES) {
        // As events, not as a handle besides: the kernel refuses both on one line.
        let what = format!("{} (offset {} of {})", line.id, line.offset, chip.label());
        let handle = request_line(chip, line.offset, what, |wanted| {
            wanted.events(flags(line.bias, line.active), EventRequestFlags::BOTH_EDGES, CONSUMER)
        });
        handles.push(noted(handle, &line.id, refused));
    }
    Edges { chip: chip.path().display().to_string(), lines: handles, queue: VecDeque::new() }
}

/// The bias bits are in the kernel's interface since 5.5 (`GPIOHANDLE_REQUEST_BIAS_*`) and have no
/// name in gpio-cdev, which hands them on unchanged.
fn flags(bias: Bias, active: Polarity) -> LineRequestFlags {
    let bias = match bias {
        Bias::PullUp => 1 << 5,
        Bias::PullDown => 1 << 6,
        Bias::Disabled => 1 << 7,
        Bias::AsIs => 0,
    };
    let mut flags = LineRequestFlags::INPUT | LineRequestFlags::from_bits_retain(bias);
    flags.set(LineRequestFlags::ACTIVE_LOW, active == Polarity::Low);
    flags
}

impl Edges {
    fn lost(&self, why: &impl ToString) -> BoardError {
        BoardError::Lost { what: self.chip.clone(), why: why.to_string() }
    }

    /// The lines that have an event for us; none where `timeout` passed, or a signal came, first.
    fn ready(&self, timeout: Duration) -> Result<Vec<LineIndex>, BoardError> {
        let lines = || (0..).zip(&self.lines).filter_map(|(n, line)| Some((n, line.as_ref()?)));
        let mut fds: Vec<_> = lines()
            .map(|(_, line)| PollFd::from_borrowed_fd(line.as_fd(), PollFlags::IN))
            .collect();
        // A timeout too long for the kernel is none.
        match poll(&mut fds, Timespec::try_from(timeout).ok().as_ref()) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(self.lost(&error)),
        }
        // Linux 6.1 wakes nobody when a chip is removed: it shows when the wait is over.
        let gone = PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL;
        if fds.iter().any(|fd| fd.revents().intersects(gone)) {
            return Err(self.lost(&"the chip was removed"));
        }
        let ready = lines().zip(&fds).filter(|(_, fd)| fd.revents().contains(PollFlags::IN));
        Ok(ready.map(|((index, _), _)| index).collect())
    }

    /// Reads what waits, all lines together, so that it can be told in the order of its time.
    fn fill(&mut self, timeout: Duration) -> Result<(), BoardError> {
        let mut wait = timeout;
        for _ in 0..AT_ONCE {
            let ready = self.ready(wait)?;
            if ready.is_empty() {
                break;
            }
            for index in ready {
                let Some(Some(line)) = self.lines.get_mut(usize::from(index)) else { continue };
                let event = line.get_event().map_err(|error| self.lost(&error))?;
                let signal = match event.event_type() {
                    EventType::RisingEdge => Signal::Rising,
                    EventType::FallingEdge => Signal::Falling,
                };
                let at = stamp(event.timestamp(), clock::now());
                self.queue.push_back(Edge { line: index, signal, at });
            }
            wait = Duration::ZERO;
        }
        sort(&mut self.queue);
        Ok(())
    }
}

impl EdgeSource for Edges {
    type Error = BoardError;

    fn next_edge(&mut self, timeout: Duration) -> Result<Option<Edge>, BoardError> {
        if self.queue.is_empty() {
            self.fill(timeout)?;
        }
        Ok(self.queue.pop_front())
    }

    fn state(&mut self, line: LineIndex) -> Result<State, BoardError> {
        let Some(Some(handle)) = self.lines.get(usize::from(line)) else {
            return Ok(State::Inactive);
        };
        match handle.get_value() {
            Ok(0) => Ok(State::Inactive),
            Ok(_) => Ok(State::Active),
            Err(error) => Err(self.lost(&error)),
        }
    }
}

/// A kernel's stamp on our clock. Stamps that rise stay in order, since the present rises too.
fn stamp(kernel_ns: u64, now: Instant) -> Instant {
    Instant::new(Duration::from_nanos(kernel_ns)).clamp(now - OLDEST, now)
}

/// By time. Stable: edges of one line with the same stamp stay as the kernel told them.
fn sort(edges: &mut VecDeque<Edge>) {
    edges.make_contiguous().sort_by_key(|edge| edge.at);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_the_kernels() {
        let cases = [
            (Bias::PullUp, Polarity::Low, 0b0010_0101),
            (Bias::PullUp, Polarity::High, 0b0010_0001),
            (Bias::PullDown, Polarity::High, 0b0100_0001),
            (Bias::Disabled, Polarity::Low, 0b1000_0101),
            (Bias::AsIs, Polarity::High, 0b0000_0001),
        ];
        for (bias, active, bits) in cases {
            assert_eq!(flags(bias, active).bits(), bits, "{bias:?} {active:?}");
        }
    }

    #[test]
    fn a_stamp_is_neither_in_the_future_nor_long_ago() {
        let now = Instant::from_millis(60_000);
        let ms = 1_000_000;
        for (kernel_ns, at_ms) in [
            (59_990 * ms, 59_990),
            (60_001 * ms, 60_000),
            (1_700_000_000_000 * ms, 60_000), // the wall clock of an old kernel
            (49_999 * ms, 50_000),
            (0, 50_000),
        ] {
            assert_eq!(stamp(kernel_ns, now), Instant::from_millis(at_ms), "{kernel_ns}");
        }
        assert_eq!(stamp(5, Instant::default()), Instant::default(), "just booted");
    }

    #[test]
    fn edges_of_several_lines_come_in_the_order_of_their_time() {
        let edge = |line, signal, ms| Edge { line, signal, at: Instant::from_millis(ms) };
        let (a, b) = (edge(0, Signal::Rising, 5), edge(0, Signal::Falling, 5));
        let (c, d) = (edge(1, Signal::Rising, 3), edge(1, Signal::Falling, 9));
        let mut edges = VecDeque::from([a, c, b, d]);
        sort(&mut edges);
        assert_eq!(edges, [c, a, b, d]);
    }

    #[test]
    fn a_refused_line_rests_inactive_and_has_no_edges() {
        let mut edges = Edges { chip: String::new(), lines: vec![None], queue: VecDeque::new() };
        assert_eq!(edges.state(0), Ok(State::Inactive));
        assert_eq!(edges.next_edge(Duration::ZERO), Ok(None));
    }
}
