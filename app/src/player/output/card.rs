//! A sound card, through cpal and ALSA.
//!
//! The card that was named or none: falling back to another would ring into a screen's loudspeaker.

use std::num::NonZeroU32;

use rodio::{
    DeviceSinkBuilder, MixerDeviceSink,
    cpal::{
        self, BufferSize, Device, ErrorKind, SupportedBufferSize,
        traits::{DeviceTrait, HostTrait},
    },
};

use super::{Opened, Ready, supervisor::Reporter};

/// Opens a card by its ALSA name or stable id; `None`: what ALSA calls `default`.
pub(super) fn open(
    name: Option<&str>,
    buffer_frames: NonZeroU32,
    reporter: &Reporter,
) -> Result<Opened, String> {
    // ALSA writes what it tried to standard error, a dozen lines a time: kept for who wants to
    // know.
    let said = alsa::Output::local_error_handler();
    let opened = open_named(name, buffer_frames.get(), reporter);
    if let (Ok(said), Err(_)) = (said, &opened) {
        said.borrow().buffer_string(|text| {
            tracing::debug!("{}", String::from_utf8_lossy(text).trim_end());
        });
    }
    opened
}

fn open_named(
    name: Option<&str>,
    buffer_frames: u32,
    reporter: &Reporter,
) -> Result<Opened, String> {
    let device = match name {
        None => cpal::default_host().default_output_device().ok_or("there is no sound card")?,
        Some(name) => find(name)?,
    };
    let said = |error: &cpal::Error| match (name, error.kind()) {
        (None, ErrorKind::DeviceNotAvailable) => {
            "there is no sound card: ALSA has no \"default\" output".to_owned()
        }
        (None, _) => format!("the sound card \"default\" cannot be opened: {error}"),
        (Some(name), _) => format!("the sound card {name:?} cannot be opened: {error}"),
    };
    let config = device.default_output_config().map_err(|error| said(&error))?;
    let wanted = match *config.buffer_size() {
        SupportedBufferSize::Range { min, max } => buffer_frames.clamp(min, max.max(min)),
        SupportedBufferSize::Unknown => buffer_frames,
    };
    let open = |buffer| {
        let reporter = reporter.clone();
        let builder = DeviceSinkBuilder::from_device(device.clone())?
            .with_supported_config(&config)
            .with_buffer_size(buffer)
            .with_error_callback(move |error| report(&reporter, &error));
        builder.open_stream()
    };
    // A plugin that wants to choose its buffer itself may: late is better than silent.
    let sink = open(BufferSize::Fixed(wanted)).or_else(|_| open(BufferSize::Default));
    let mut sink = sink.map_err(|error| match std::error::Error::source(&error) {
        Some(source) => match source.downcast_ref() {
            Some(error) => said(error),
            None => source.to_string(),
        },
        None => error.to_string(),
    })?;
    sink.log_on_drop(false);
    Ok(opened(sink))
}

fn opened(sink: MixerDeviceSink) -> Opened {
    let config = sink.config();
    let rate: NonZeroU32 = config.sample_rate();
    let channels = config.channel_count();
    let detail =
        format!("{rate} Hz, {channels} channel{}", if channels.get() == 1 { "" } else { "s" });
    let mixer = sink.mixer().clone();
    Opened { ready: Ready { mixer, rate, detail, patient: false }, _keep: Box::new(sink) }
}

/// Called in the card's own thread: it only passes the word on.
fn report(reporter: &Reporter, error: &cpal::Error) {
    match error.kind() {
        ErrorKind::Xrun => reporter.underrun(),
        // It still plays.
        ErrorKind::DeviceChanged | ErrorKind::RealtimeDenied => {}
        ErrorKind::DeviceNotAvailable => reporter.lost("the sound card went away".into()),
        _ => reporter.lost(format!("the sound card fails: {error}")),
    }
}

/// The card of that name among those that ALSA lists; cpal opens no other. The PCMs of an own
/// asoundrc are among them.
fn find(name: &str) -> Result<Device, String> {
    let devices = cpal::default_host()
        .devices()
        .map_err(|error| format!("the sound cards cannot be listed: {error}"))?;
    let mut names = Vec::new();
    for device in devices {
        let Ok(id) = device.id() else { continue };
        if is_same(id.id(), name) {
            return Ok(device);
        }
        if device.supports_output() {
            names.push(id.id().to_owned());
        }
    }
    names.sort_unstable();
    let there_are = match names.is_empty() {
        true => "there is none".to_owned(),
        false => format!("there are: {}", names.join(", ")),
    };
    Err(format!("there is no sound card {name:?}; {there_are}"))
}

/// Whether two ALSA names mean one card: `hw:1,0` is `hw:CARD=1,DEV=0`, device 0 may be left out.
fn is_same(one: &str, other: &str) -> bool {
    fn parts(name: &str) -> (&str, &str, &str) {
        let name = name.strip_prefix("alsa:").unwrap_or(name);
        let (kind, rest) = name.split_once(':').unwrap_or((name, ""));
        let (card, device) = rest.split_once(',').unwrap_or((rest, "0"));
        let bare = |text: &'static str, part| str::strip_prefix(part, text).unwrap_or(part);
        (kind, bare("CARD=", card), bare("DEV=", device))
    }
    parts(one) == parts(other)
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn a_card_has_several_names() {
        for (listed, asked, same) in [
            ("hw:CARD=1,DEV=0", "hw:1,0", true),
            ("hw:CARD=1,DEV=0", "hw:1", true),
            ("hw:CARD=1,DEV=0", "alsa:hw:CARD=1,DEV=0", true),
            ("plughw:CARD=Device,DEV=0", "plughw:Device", true),
            ("sysdefault:CARD=Device", "sysdefault:CARD=Device", true),
            ("hw:CARD=1,DEV=0", "plughw:1,0", false),
            ("hw:CARD=1,DEV=0", "hw:0,0", false),
            ("hw:CARD=1,DEV=1", "hw:1", false),
            ("bell", "bell", true),
        ] {
            assert_eq!(is_same(listed, asked), same, "{asked} for {listed}");
        }
    }
}
