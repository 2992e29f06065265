//! The boards that Beffroi runs on: Raspberry Pi, serial board, mock.
