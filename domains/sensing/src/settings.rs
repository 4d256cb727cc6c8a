//! The figures that the edges and the hall keep to.

use jiff::tz::Offset;
use yiwang_runtime::Config;

use crate::edges::EdgeAddresses;
use crate::intake::TimeLimits;

const SECOND_US: i64 = 1_000_000;
const DAY_US: i64 = 86_400 * SECOND_US;

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

impl From<&Config> for SensingSettings {
    fn from(config: &Config) -> Self {
        let sensing = &config.sensing;
        let defaults = Self::default();
        Self {
            times: TimeLimits {
                ahead: i64::from(sensing.clock_ahead_seconds) * 1_000_000,
                behind: i64::from(config.lake.observation_days) * DAY_US,
            },
            refused_days: sensing.refused_days,
            refused_rows_max: sensing.refused_rows_max,
            messages_per_second: f64::from(sensing.messages_per_second),
            messages_burst: f64::from(sensing.messages_burst),
            ..defaults
        }
    }
}

impl EdgeAddresses {
    /// As the settings say; they were checked when they were read.
    pub fn of(config: &Config) -> Self {
        Self {
            mqtt: config.sensing.mqtt.parse().ok(),
            hj212: config.sensing.hj212.parse().ok(),
            sl651: config.sensing.sl651.parse().ok(),
            jt808: config.sensing.jt808.parse().ok(),
            gb26875: config.sensing.gb26875.parse().ok(),
            connections_max: config.sensing.connections_max as usize,
        }
    }
}

impl Default for SensingSettings {
    fn default() -> Self {
        Self {
            zone: jiff::tz::offset(8),
            times: TimeLimits {
                ahead: 600 * SECOND_US,
                behind: 400 * DAY_US,
            },
            refused_days: 90,
            refused_rows_max: 200_000,
            messages_per_second: 1_000.0,
            messages_burst: 5_000.0,
        }
    }
}
