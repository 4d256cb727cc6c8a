//! Medians and percentiles.

use std::time::Duration;

use anyhow::Context;

/// The middle of several runs.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The value below which the part `p` (0..1) of all lies, in milliseconds.
pub(crate) fn percentile_ms(values: &mut [Duration], p: f64) -> f64 {
    values.sort_unstable();
    let at = ((values.len() as f64 * p).ceil() as usize).clamp(1, values.len().max(1)) - 1;
    values
        .get(at)
        .map_or(f64::NAN, |value| value.as_secs_f64() * 1e3)
}

/// Durations of `count` appends of 4 KiB, each followed by fdatasync, on the disk of `folder`.
pub(crate) fn fsync_times(folder: &std::path::Path, count: usize) -> anyhow::Result<Vec<Duration>> {
    use std::io::Write;
    let mut file = tempfile::tempfile_in(folder)?;
    let page = [7_u8; 4096];
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let start = std::time::Instant::now();
        file.write_all(&page)?;
        file.sync_data()?;
        times.push(start.elapsed());
    }
    Ok(times)
}

/// Processor time of a process so far, its threads together; Linux counts it in hundredths of a second.
pub(crate) fn cpu_of(process: &str) -> anyhow::Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name, in brackets, may hold anything; the user's and the system's time are the 12th and 13th after it.
    let (_, after) = stat.rsplit_once(')').context("no name in stat")?;
    let ticks = after.split_whitespace().skip(11).take(2);
    let ticks: u64 = ticks.map(str::parse::<u64>).sum::<Result<_, _>>()?;
    Ok(Duration::from_millis(ticks * 10))
}
