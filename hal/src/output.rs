//! An output that is set by state: the lamp is on, whatever level that takes.

use embedded_hal::digital::OutputPin;

use crate::{Polarity, State};

/// An embedded-hal pin and the level that counts as active.
#[derive(Debug)]
pub struct Output<P> {
    pin: P,
    active: Polarity,
}

impl<P: OutputPin> Output<P> {
    /// An output on `pin`, which keeps its level until it is set.
    pub const fn new(pin: P, active: Polarity) -> Self {
        Self { pin, active }
    }

    /// Makes the output active or inactive.
    pub fn set(&mut self, state: State) -> Result<(), P::Error> {
        if (state == State::Active) == (self.active == Polarity::High) {
            self.pin.set_high()
        } else {
            self.pin.set_low()
        }
    }
}
