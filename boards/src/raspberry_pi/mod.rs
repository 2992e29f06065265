//! The pin header of a Raspberry Pi, through the GPIO character device.
//!
//! gpio-cdev speaks version 1 of the kernel's interface and is known in this folder only. See
//! <https://docs.kernel.org/userspace-api/gpio/chardev_v1.html>.

mod edges;
mod outputs;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use beffroi_hal::{LineConfig, LineId, OutputConfig};
use gpio_cdev::{Chip, Line};

use crate::{Board, BoardError, BoardInfo, BoardKind, Refused};

/// The chips that carry the pin header, best first. Their numbers change with the kernel, their
/// labels do not. A Pi 5 has the SoC's own chips besides; none of their lines reach the header.
const LABELS: [&str; 3] = [
    "pinctrl-rp1",     // Pi 5
    "pinctrl-bcm2711", // Pi 4
    "pinctrl-bcm2835", // Pi 0 to 3
];

/// Who we are, to other programs that want a line of ours.
const CONSUMER: &str = "beffroi";

/// The group that owns the chips on Raspberry Pi OS, and by our udev rule elsewhere.
const GROUP: &str = "gpio";

/// Opens the pin header. A line or output that cannot be had is told in the board's info; the others work.
pub fn open(lines: &[LineConfig], outputs: &[OutputConfig]) -> Result<Board, BoardError> {
    let mut chip = open_chip(&find_chip()?)?;
    let detail = format!("{} at {}", chip.label(), chip.path().display());
    let mut info = BoardInfo::new(BoardKind::RaspberryPi, detail, lines);
    let edges = edges::request(&mut chip, lines, &mut info.refused);
    let outputs = outputs::request(&mut chip, outputs, &mut info.refused);
    Ok(Board { info, edges: Box::new(edges), outputs })
}

/// The device of the pin header: [`BoardError::NotFound`] means that this is no Raspberry Pi.
pub fn find_chip() -> Result<PathBuf, BoardError> {
    let label = |path: PathBuf| {
        let label = open_chip(&path).map(|chip| chip.label().to_string());
        (path, label)
    };
    choose(chip_paths().into_iter().map(label).collect(), is_raspberry_pi())
}

/// The chip with the best label; the first one among equals.
fn choose(
    chips: Vec<(PathBuf, Result<String, BoardError>)>,
    on_a_pi: bool,
) -> Result<PathBuf, BoardError> {
    let mut chosen: Option<(usize, PathBuf)> = None;
    let mut error = BoardError::NotFound { what: "the GPIO chip of a Raspberry Pi".into() };
    for (path, label) in chips {
        match label {
            Ok(label) => {
                let Some(rank) = LABELS.iter().position(|known| *known == label) else { continue };
                if chosen.as_ref().is_none_or(|(best, _)| rank < *best) {
                    chosen = Some((rank, path));
                }
            }
            // Other computers have chips too, and we have no business with those: only on a Pi is
            // it a fault that they may not be opened.
            Err(denied @ BoardError::Denied { .. }) if on_a_pi => error = denied,
            Err(_) => {}
        }
    }
    chosen.map(|(_, path)| path).ok_or(error)
}

/// In the order of their names, so that a choice among equals is the same at each start.
fn chip_paths() -> Vec<PathBuf> {
    let is_chip = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("gpiochip"))
    };
    let devices = fs::read_dir("/dev").into_iter().flatten().flatten().map(|entry| entry.path());
    let mut paths: Vec<_> = devices.filter(is_chip).collect();
    paths.sort();
    paths
}

fn is_raspberry_pi() -> bool {
    fs::read_to_string("/proc/device-tree/model").is_ok_and(|model| model.contains("Raspberry Pi"))
}

fn open_chip(path: &Path) -> Result<Chip, BoardError> {
    let what = path.display().to_string();
    // gpio-cdev keeps the kind of its errors to itself, so the system is asked first.
    match fs::File::open(path).map_err(|error| (error.kind(), error)) {
        Ok(_) => {}
        Err((io::ErrorKind::NotFound, _)) => return Err(BoardError::NotFound { what }),
        Err((io::ErrorKind::PermissionDenied, _)) => {
            return Err(BoardError::Denied { what, group: GROUP });
        }
        Err((_, error)) => return Err(BoardError::Refused { what, why: error.to_string() }),
    }
    Chip::new(path).map_err(|error| BoardError::Refused { what, why: error.to_string() })
}

/// Requests one line in one way or another, and finds out why where that fails.
fn request<T>(
    chip: &mut Chip,
    offset: u32,
    what: String,
    how: impl FnOnce(&Line) -> Result<T, gpio_cdev::Error>,
) -> Result<T, BoardError> {
    let Ok(line) = chip.get_line(offset) else {
        let why = format!("{} has {} lines, from 0", chip.label(), chip.num_lines());
        return Err(BoardError::Refused { what, why });
    };
    // Asked beforehand: once it is ours, it is held by "beffroi" whatever failed.
    let holder = line.info().ok().filter(|info| info.is_kernel());
    how(&line).map_err(|error| match holder {
        Some(info) => {
            let by =
                info.consumer().map_or_else(|| "the kernel".into(), |name| format!("{name:?}"));
            BoardError::Busy { what, by }
        }
        None => BoardError::Refused { what, why: error.to_string() },
    })
}

/// Keeps what was had and notes what was refused.
fn noted<T>(result: Result<T, BoardError>, line: &LineId, refused: &mut Vec<Refused>) -> Option<T> {
    result.map_err(|error| refused.push(Refused { line: line.clone(), error })).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place of the chosen one among chips with these labels; "" may not be opened.
    fn chosen(labels: &[&str], on_a_pi: bool) -> Result<usize, BoardError> {
        let chip = |(place, label): (usize, &&str)| {
            let label = match *label {
                "" => Err(BoardError::Denied { what: format!("chip {place}"), group: GROUP }),
                label => Ok(label.to_string()),
            };
            (PathBuf::from(place.to_string()), label)
        };
        let path = choose(labels.iter().enumerate().map(chip).collect(), on_a_pi)?;
        Ok(path.to_str().unwrap().parse().unwrap())
    }

    #[test]
    fn the_chip_of_the_pin_header_is_known_by_its_label() {
        let cases: [(&[&str], Option<usize>); 8] = [
            (&["pinctrl-bcm2835"], Some(0)),
            (&["raspberrypi-exp-gpio", "pinctrl-bcm2711"], Some(1)),
            // A Pi 5, whose header is gpiochip4 on older kernels and gpiochip0 on newer ones.
            (&["gpio-brcmstb@107d508500", "pinctrl-bcm2712", "pinctrl-rp1"], Some(2)),
            (&["pinctrl-rp1", "gpio-brcmstb@107d508500", "pinctrl-rp1"], Some(0)),
            (&["", "pinctrl-bcm2711"], Some(1)),
            (&["pinctrl-bcm2712"], None),
            (&["INT34C5:00", "gpio-mockup-A"], None),
            (&[], None),
        ];
        for (labels, place) in cases {
            assert_eq!(chosen(labels, true).ok(), place, "{labels:?}");
        }
    }

    #[test]
    fn a_forbidden_chip_is_a_fault_on_a_pi_only() {
        let denied = chosen(&["", "raspberrypi-exp-gpio"], true).unwrap_err();
        let sentence = "chip 0 may not be opened by this user: it wants the group gpio";
        assert_eq!(denied.to_string(), sentence);
        assert!(matches!(chosen(&[""], false), Err(BoardError::NotFound { .. })));
    }

    #[test]
    fn a_chip_that_is_none_is_told() {
        let error = |path: &str| open_chip(Path::new(path)).unwrap_err();
        assert!(matches!(error("/dev/gpiochip-none"), BoardError::NotFound { .. }));
        assert!(matches!(error("/dev/null"), BoardError::Refused { .. }), "no chip");
    }
}
