//! Times and shares, as they are printed.

use std::{fs, path::Path, time::Duration};

use anyhow::Context as _;

/// The p50 and the p99, printed as `p50 1.234 ms, p99 5.678 ms`.
pub fn spread(took: &mut [Duration]) -> String {
    let (p50, p99) = percentiles(took);
    format!("p50 {p50:.3} ms, p99 {p99:.3} ms")
}

/// The p50 and the p99 in milliseconds.
pub fn percentiles(took: &mut [Duration]) -> (f64, f64) {
    took.sort_unstable();
    let at = |percent: usize| took.get(took.len() * percent / 100).copied().unwrap_or_default();
    (at(50).as_secs_f64() * 1000.0, at(99).as_secs_f64() * 1000.0)
}

/// A count to divide by.
pub fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// User and system time of a process or thread, of which `stat` tells (proc(5)); the kernel counts in
/// hundredths of a second.
pub fn cpu_ms(stat: &Path) -> anyhow::Result<f64> {
    let stat = fs::read_to_string(stat)?;
    let after_name = stat.rsplit_once(')').context("an unknown stat")?.1;
    let ticks = after_name.split_ascii_whitespace().skip(11).take(2);
    Ok(ticks.map(|ticks| ticks.parse::<f64>().unwrap_or(0.0)).sum::<f64>() * 10.0)
}

/// This process's own time, without that of the simulated school, which is a thread of its own.
pub fn own_cpu_ms() -> anyhow::Result<f64> {
    let mut sum = cpu_ms(Path::new("/proc/self/stat"))?;
    for thread in fs::read_dir("/proc/self/task")? {
        let thread = thread?.path();
        if fs::read_to_string(thread.join("comm"))?.trim() == "simulator" {
            sum -= cpu_ms(&thread.join("stat"))?;
        }
    }
    Ok(sum)
}
