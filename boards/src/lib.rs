//! The boards that Beffroi runs on: Raspberry Pi, serial board, mock.
//!
//! A board is opened here and used through `beffroi-hal` only. No threads, no runtime: whoever holds
//! a [`Board`] waits in [`next_edge`](beffroi_hal::EdgeSource::next_edge), and whoever loses it opens
//! it anew ([`Backoff`]).
//!
//! # The rooms
//!
//! Each board is a folder with the same rooms: `mod.rs` opens it, `edges.rs` reads its inputs,
//! `outputs.rs` drives its lamps (where it has any). What a board needs besides has a room of its
//! own: `serial/frames.rs`. All boards are always compiled and chosen by configuration. The mock is
//! no test scaffolding but a board like the others: a bell box without hardware runs on it.
//!
//! # A new board in an afternoon
//!
//! 1. Make a folder with `mod.rs` and `edges.rs`; add its name to [`BoardKind`].
//! 2. In `edges.rs`, implement [`EdgeSource`](beffroi_hal::EdgeSource) with [`BoardError`]: `next_edge`
//!    sleeps until something happens or the timeout is over, `state` says where a line rests now.
//!    Polarity is undone before an edge leaves this crate; bounces are left in, for
//!    [`Inputs`](beffroi_hal::Inputs) settles them. Edges of one line come in the order of their time,
//!    on the clock of [`clock::now`].
//! 3. In `outputs.rs`, box an embedded-hal [`OutputPin`](embedded_hal::digital::OutputPin) into a
//!    [`Pin`]. Its levels are electrical: [`Output`](beffroi_hal::Output) knows the polarity.
//! 4. In `mod.rs`, write `open(…) -> Result<Board, BoardError>`. A line that cannot be had is told
//!    in [`BoardInfo::refused`] and the others work; only a board that is not there at all is an error.
//! 5. When the hardware goes away, `next_edge` says [`BoardError::Lost`], once and for all: one open
//!    is one life.
//! 6. Name it in the program's `--board`.

mod backoff;
mod board;
pub mod clock;
mod error;
pub mod mock;
pub mod raspberry_pi;
pub mod serial;

pub use backoff::Backoff;
pub use board::{Board, BoardInfo, BoardKind, Pin, Refused};
pub use error::BoardError;
