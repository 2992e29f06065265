//! A board without hardware: the bell box on a desk, and the boards of tests.
//!
//! Peers of the real boards, opened and used as they are. [`live`] has contacts that a
//! [`MockHandle`] moves in real time and lamps that it reads, and can be lost and found again.
//! [`scripted`] plays a list of edges in virtual time: waiting moves its clock, so that a scene of an
//! hour runs in no time and always the same.

mod contacts;
mod edges;
mod outputs;
mod script;

use std::collections::BTreeMap;

use beffroi_hal::{Instant, LineConfig, LineIndex, OutputConfig, Signal};

use crate::{Board, BoardInfo, BoardKind};

pub use contacts::{MockHandle, UnknownLine};
pub use script::VirtualClock;

/// A board whose contacts rest inactive until somebody moves them. When it is lost it is opened
/// anew through its handle.
pub fn live(lines: &[LineConfig], outputs: &[OutputConfig]) -> (Board, MockHandle) {
    let handle = MockHandle::default();
    (handle.plug_in(lines, outputs), handle)
}

/// A board that plays `script`, in the order of its times, from the clock's zero on. Chatter is
/// scripted like everything else; a line's state is where the script has led it by now.
pub fn scripted(
    lines: &[LineConfig],
    script: Vec<(Instant, LineIndex, Signal)>,
) -> (Board, VirtualClock) {
    let clock = VirtualClock::default();
    let info = BoardInfo::new(BoardKind::Mock, "scripted".into(), lines);
    let edges = script::ScriptedEdges::new(script, clock.clone());
    (Board { info, edges: Box::new(edges), outputs: BTreeMap::new() }, clock)
}
