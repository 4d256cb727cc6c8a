//! The figures that the edges and the hall keep to.

use jiff::tz::Offset;

use crate::intake::TimeLimits;

/// Bounds and addresses of the sensing net.
#[derive(Debug, Clone)]
pub struct SensingSettings {
    /// Civil time of devices that do not say their zone.
    pub zone: Offset,
    pub times: TimeLimits,
    /// Refused frames are kept this long, and at most so many.
    pub refused_days: u32,
    pub refused_rows_max: u32,
    /// Messages a second of one device, and how many it may send at once.
    pub messages_per_second: f64,
    pub messages_burst: f64,
}

impl Default for SensingSettings {
    fn default() -> Self {
        const SECOND: i64 = 1_000_000;
        Self {
            zone: jiff::tz::offset(8),
            times: TimeLimits {
                ahead: 600 * SECOND,
                behind: 400 * 86_400 * SECOND,
            },
            refused_days: 90,
            refused_rows_max: 200_000,
            messages_per_second: 1_000.0,
            messages_burst: 5_000.0,
        }
    }
}
