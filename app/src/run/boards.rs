//! Which boards the configuration means, and a thread for each.

use std::{
    io,
    sync::{Arc, mpsc::Sender},
};

use beffroi_boards::{BoardError, BoardKind, mock, raspberry_pi, serial};

use super::BoardChoice;
use crate::{
    bell::{Bell, BoardPlan, watch_board},
    store::conf::{self, Conf},
};

/// The boards that run, and how to tell them of a new configuration.
pub struct Boards {
    plans: Vec<(BoardKind, Sender<BoardPlan>)>,
    mock: Option<mock::MockHandle>,
}

/// Starts a thread for each board that is meant.
pub fn start(bell: &Bell, conf: &Conf, choice: Option<BoardChoice>) -> io::Result<Boards> {
    let choice = choice.unwrap_or_else(|| board_choice(conf.board.kind));
    let mut boards = Boards { plans: Vec::new(), mock: None };
    for kind in meant(choice, conf.serial.enabled, is_raspberry_pi) {
        let plan = plan(kind, conf);
        let plans = match kind {
            BoardKind::RaspberryPi => {
                let open = |plan: &BoardPlan| raspberry_pi::open(&plan.lines, &plan.outputs);
                watch_board(bell, kind, open, plan)?
            }
            BoardKind::Serial => {
                let port = serial_port(conf);
                let counters = Arc::clone(bell.handle.serial());
                let open =
                    move |plan: &BoardPlan| serial::open(&port, &plan.lines, Arc::clone(&counters));
                watch_board(bell, kind, open, plan)?
            }
            BoardKind::Mock => {
                let handle = mock::MockHandle::default();
                boards.mock = Some(handle.clone());
                let open = move |plan: &BoardPlan| handle.open(&plan.lines, &plan.outputs);
                watch_board(bell, kind, open, plan)?
            }
        };
        boards.plans.push((kind, plans));
    }
    Ok(boards)
}

impl Boards {
    /// What moves the lines of the mock board, where there is one.
    pub fn mock(&self) -> Option<mock::MockHandle> {
        self.mock.clone()
    }

    /// Has each board watch what `conf` names.
    pub fn follow(&self, conf: &Conf) {
        for (kind, plans) in &self.plans {
            if plans.send(plan(*kind, conf)).is_err() {
                tracing::error!(board = %kind, "the board's thread has ended");
            }
        }
    }
}

/// What conf.json calls a board, as the command line does.
pub fn board_choice(kind: conf::BoardKind) -> BoardChoice {
    match kind {
        conf::BoardKind::Auto => BoardChoice::Auto,
        conf::BoardKind::RaspberryPi => BoardChoice::RaspberryPi,
        conf::BoardKind::Serial => BoardChoice::Serial,
        conf::BoardKind::Mock => BoardChoice::Mock,
    }
}

/// A chip that we may not open is a Pi too: that is told, and no mock hides it.
pub fn is_raspberry_pi() -> bool {
    !matches!(raspberry_pi::find_chip(), Err(BoardError::NotFound { .. }))
}

/// Where the configuration says that the serial board is.
pub fn serial_port(conf: &Conf) -> serial::SerialConfig {
    serial::SerialConfig {
        port: conf.serial.port.display().to_string(),
        baudrate: conf.serial.baudrate,
        timeout: conf.serial.timeout,
    }
}

fn plan(kind: BoardKind, conf: &Conf) -> BoardPlan {
    let lines = match kind {
        BoardKind::RaspberryPi => conf.board.chip_lines(),
        BoardKind::Serial | BoardKind::Mock => conf.board.all_lines(),
    };
    let outputs = match kind {
        BoardKind::RaspberryPi | BoardKind::Mock => conf.board.outputs.clone(),
        BoardKind::Serial => Vec::new(),
    };
    BoardPlan { lines, outputs }
}

/// A Pi and a serial board can both be active; the mock stands in only where there is neither.
fn meant(
    choice: BoardChoice,
    serial_enabled: bool,
    is_raspberry_pi: impl FnOnce() -> bool,
) -> Vec<BoardKind> {
    let serial = serial_enabled.then_some(BoardKind::Serial);
    let mut kinds = Vec::new();
    match choice {
        BoardChoice::Mock => kinds.push(BoardKind::Mock),
        BoardChoice::Serial => kinds.push(BoardKind::Serial),
        BoardChoice::RaspberryPi => {
            kinds.push(BoardKind::RaspberryPi);
            kinds.extend(serial);
        }
        BoardChoice::Auto => {
            kinds.extend(is_raspberry_pi().then_some(BoardKind::RaspberryPi));
            kinds.extend(serial);
            if kinds.is_empty() {
                kinds.push(BoardKind::Mock);
            }
        }
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;
    use BoardKind::{Mock, RaspberryPi, Serial};

    #[test]
    fn the_boards_that_are_meant() {
        let cases: [(BoardChoice, bool, bool, &[BoardKind]); 7] = [
            (BoardChoice::Auto, false, false, &[Mock]),
            (BoardChoice::Auto, true, false, &[Serial]),
            (BoardChoice::Auto, false, true, &[RaspberryPi]),
            (BoardChoice::Auto, true, true, &[RaspberryPi, Serial]),
            (BoardChoice::RaspberryPi, true, false, &[RaspberryPi, Serial]),
            (BoardChoice::Serial, false, true, &[Serial]),
            (BoardChoice::Mock, true, true, &[Mock]),
        ];
        for (choice, serial, pi, expected) in cases {
            assert_eq!(meant(choice, serial, || pi), expected, "{choice:?} {serial} {pi}");
        }
    }
}
