//! GPIO outputs: embedded-hal pins, taken and held at rest.

use std::collections::BTreeMap;

use beffroi_hal::{LineId, Output, OutputConfig, Polarity};
use embedded_hal::digital::{ErrorType, OutputPin};
use gpio_cdev::{Chip, LineRequestFlags};
use linux_embedded_hal::CdevPin;

use super::{CONSUMER, noted, request as request_line};
use crate::{BoardError, Pin, Refused};

/// A `CdevPin` whose errors are ours.
struct GpioPin {
    what: String,
    pin: CdevPin,
}

/// Requests each output that can be had, inactive.
pub(super) fn request(
    chip: &mut Chip,
    outputs: &[OutputConfig],
    refused: &mut Vec<Refused>,
) -> BTreeMap<LineId, Output<Pin>> {
    let mut pins = BTreeMap::new();
    for output in outputs {
        let what = format!("{} (offset {} of {})", output.id, output.offset, chip.label());
        // Without ACTIVE_LOW: a CdevPin would undo it, since its levels are electrical, and Output
        // knows the polarity.
        let pin = request_line(chip, output.offset, what.clone(), |line| {
            CdevPin::new(line.request(
                LineRequestFlags::OUTPUT,
                at_rest(output.active),
                CONSUMER,
            )?)
        });
        if let Some(pin) = noted(pin, &output.id, refused) {
            let pin = Pin::new(GpioPin { what, pin });
            pins.insert(output.id.clone(), Output::new(pin, output.active));
        }
    }
    pins
}

/// The level at which nothing glows, from the first moment on.
const fn at_rest(active: Polarity) -> u8 {
    match active {
        Polarity::High => 0,
        Polarity::Low => 1,
    }
}

impl ErrorType for GpioPin {
    type Error = BoardError;
}

impl OutputPin for GpioPin {
    fn set_low(&mut self) -> Result<(), BoardError> {
        self.pin.set_low().map_err(|error| self.lost(&error))
    }

    fn set_high(&mut self) -> Result<(), BoardError> {
        self.pin.set_high().map_err(|error| self.lost(&error))
    }
}

impl GpioPin {
    /// A line that is ours is set without fail, unless its chip went away.
    fn lost(&self, error: &impl ToString) -> BoardError {
        BoardError::Lost { what: self.what.clone(), why: error.to_string() }
    }
}
