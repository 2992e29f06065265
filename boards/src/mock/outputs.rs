//! The outputs of a live mock board: pins that its handle reads.

use std::{collections::BTreeMap, sync::Arc};

use beffroi_hal::{LineId, Output, OutputConfig};
use embedded_hal::digital::{ErrorType, OutputPin, PinState};

use super::contacts::Contacts;
use crate::{BoardError, Pin};

struct MockPin {
    contacts: Arc<Contacts>,
    life: u64,
    id: LineId,
}

/// The pins of one opening of the board.
pub(super) fn pins(
    contacts: &Arc<Contacts>,
    life: u64,
    outputs: &[OutputConfig],
) -> BTreeMap<LineId, Output<Pin>> {
    let pin = |output: &OutputConfig| {
        let pin = MockPin { contacts: Arc::clone(contacts), life, id: output.id.clone() };
        (output.id.clone(), Output::new(Pin::new(pin), output.active))
    };
    outputs.iter().map(pin).collect()
}

impl ErrorType for MockPin {
    type Error = BoardError;
}

impl OutputPin for MockPin {
    fn set_low(&mut self) -> Result<(), BoardError> {
        self.set_state(PinState::Low)
    }

    fn set_high(&mut self) -> Result<(), BoardError> {
        self.set_state(PinState::High)
    }

    fn set_state(&mut self, level: PinState) -> Result<(), BoardError> {
        let mut wired = self.contacts.lock();
        wired.check(self.life)?;
        if let Some(lamp) = wired.outputs.get_mut(&self.id) {
            lamp.level = level;
        }
        Ok(())
    }
}
