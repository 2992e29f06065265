//! What the system knows of its clock: its files, and its tools.
//!
//! `adjtimex` itself is closed to the service (systemd's `ProtectClock`), and chrony keeps no file:
//! `timedatectl` asks the kernel from outside, `chronyc` asks chrony.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    sync::{Mutex, PoisonError, Weak},
    thread,
    time::Duration,
};

use jiff::SignedDuration;

use super::Evidence;

/// How often it is asked while nothing speaks for the clock.
const SOON: Duration = Duration::from_secs(10);

/// How often it is asked otherwise: only the offset is news then.
const LATER: Duration = Duration::from_secs(600);

/// Asks again and again, while anybody wants to know.
pub fn go_on(evidence: &Weak<Mutex<Evidence>>) {
    loop {
        let synchronised = synchronised_by_systemd()
            || told("timedatectl", &["show", "--property=NTPSynchronized", "--value"])
                .is_some_and(|word| word.trim() == "yes");
        let offset = offset();
        let Some(evidence) = evidence.upgrade() else { return };
        let mut evidence = evidence.lock().unwrap_or_else(PoisonError::into_inner);
        if synchronised && !evidence.synchronised {
            tracing::info!("the clock is synchronised with a time server");
        }
        // Once synchronised, a clock goes on being right for weeks, also without its server.
        evidence.synchronised |= synchronised;
        evidence.offset = offset;
        let Evidence { synchronised, hardware_clock, always, .. } = *evidence;
        let pace = if synchronised || hardware_clock || always { LATER } else { SOON };
        drop(evidence);
        thread::sleep(pace);
    }
}

/// systemd-timesyncd touches this file once the clock is right; it is gone after a restart.
pub fn synchronised_by_systemd() -> bool {
    Path::new("/run/systemd/timesync/synchronized").exists()
}

/// Whether the kernel set its clock from a hardware clock (`Documentation/ABI/testing/sysfs-class-rtc`).
pub fn set_from_hardware() -> bool {
    let Ok(clocks) = fs::read_dir("/sys/class/rtc") else { return false };
    let set = |clock: fs::DirEntry| fs::read_to_string(clock.path().join("hctosys"));
    clocks.flatten().any(|clock| set(clock).is_ok_and(|word| word.trim() == "1"))
}

fn offset() -> Option<SignedDuration> {
    let systemd = told("timedatectl", &["timesync-status"]);
    let offset = systemd.and_then(|status| offset_of_systemd(&status));
    offset.or_else(|| offset_of_chrony(&told("chronyc", &["-n", "-c", "tracking"])?))
}

/// What a tool says, if it is there and says it in time.
fn told(tool: &str, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new("timeout");
    command.arg("5").arg(tool).args(arguments).env("LC_ALL", "C").env("SYSTEMD_PAGER", "");
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    output.status.success().then_some(said)
}

/// The line `Offset: +1.183ms`, in spans as systemd writes them: `-1min 2.5s`.
fn offset_of_systemd(status: &str) -> Option<SignedDuration> {
    let line = status.lines().find_map(|line| line.trim().strip_prefix("Offset:"))?.trim();
    let (behind, span) = match line.strip_prefix('-') {
        Some(span) => (false, span),
        None => (true, line.trim_start_matches('+')),
    };
    let mut seconds = 0.0;
    for part in span.split_whitespace() {
        let unit = part.find(|c: char| c.is_ascii_alphabetic())?;
        let (number, unit) = part.split_at_checked(unit)?;
        let unit = match unit {
            "us" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "min" => 60.0,
            "h" => 3600.0,
            "d" => 86_400.0,
            _ => return None,
        };
        seconds += number.parse::<f64>().ok()? * unit;
    }
    SignedDuration::try_from_secs_f64(if behind { seconds } else { -seconds }).ok()
}

/// The fifth column of `chronyc -c tracking`: seconds, positive where our clock is ahead of the server's.
fn offset_of_chrony(tracking: &str) -> Option<SignedDuration> {
    let seconds: f64 = tracking.split(',').nth(4)?.trim().parse().ok()?;
    SignedDuration::try_from_secs_f64(-seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_is_read_as_the_tools_write_it() {
        let systemd = |offset: &str| {
            let status =
                format!("       Server: 192.0.2.1\n       Offset: {offset}\n        Delay: 9ms\n");
            offset_of_systemd(&status).map(|offset| offset.as_micros())
        };
        for (written, micros) in [
            ("+1.183ms", Some(1183)),
            ("-212us", Some(-212)),
            ("-1min 2.5s", Some(-62_500_000)),
            ("0", None),
            ("n/a", None),
        ] {
            assert_eq!(systemd(written), micros, "{written}");
        }
        let chrony = "C0000201,192.0.2.1,2,1795332422.5,-0.000012,0.00001,0.00002,1.5,0.0,0.01,0.02,0.0005,64.2,Normal\n";
        assert_eq!(offset_of_chrony(chrony).map(|offset| offset.as_micros()), Some(12));
        assert_eq!(offset_of_chrony("506 Cannot talk to daemon"), None);
    }
}
