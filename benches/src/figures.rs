//! Medians and percentiles.

use std::time::Duration;

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
