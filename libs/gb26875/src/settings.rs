//! Dialects and limits, as data.

use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

use crate::address::Address;

/// How one group of devices speaks. The default is the standard's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The zone of the device's clock, minutes east of UTC. What lies outside -1439..=1439 is taken as the nearest end.
    pub utc_offset_minutes: i16,
    /// The centre's address in what it sends; without it the address that the device wrote to.
    pub centre_address: Option<Address>,
    /// Accept a wrong checksum, and flag it.
    pub accept_wrong_checksum: bool,
    pub limits: Limits,
}

/// What one connection may hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes of an application data unit; the standard has 1024. It also bounds what is kept of half a frame.
    pub unit_bytes_max: usize,
    /// Bytes of refused input that are handed on for a look.
    pub refused_bytes_max: usize,
    /// Age at which half a frame is given up.
    pub half_frame_seconds_max: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            utc_offset_minutes: 8 * 60,
            centre_address: None,
            accept_wrong_checksum: false,
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unit_bytes_max: 1024,
            refused_bytes_max: 1024,
            half_frame_seconds_max: 30,
        }
    }
}

impl Settings {
    pub(crate) fn zone(&self) -> Offset {
        let minutes = i32::from(self.utc_offset_minutes).clamp(-1439, 1439);
        Offset::from_seconds(minutes * 60).unwrap_or(Offset::UTC)
    }
}
