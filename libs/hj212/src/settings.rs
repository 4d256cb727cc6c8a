//! What differs between vendors and installations, as data.

use std::collections::BTreeSet;

use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

use crate::cipher::Key;
use crate::flag::Edition;

/// How one connection is read and answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "Hj212Settings")]
pub struct Settings {
    /// The edition that the device speaks; without one, its `Flag` says so.
    pub edition: Option<Edition>,
    /// How many minutes the device's clock is ahead of UTC.
    #[schemars(range(min = -1080, max = 1080))]
    pub zone_offset_minutes: i16,
    /// Departures from the standard that are taken and marked instead of refused.
    pub accept: BTreeSet<Tolerance>,
    /// Whether each part of a split message is answered, as the standard has it, or only its last.
    pub answer_parts: bool,
    /// Whether a refused message is answered with 9011 and a reason. The standard knows no such answer to what a
    /// device reports by itself, so it is off.
    pub answer_refusals: bool,
    /// The key of the data area, for the 2025 edition.
    pub sm4_key: Option<Key>,
    pub limits: Limits,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            edition: None,
            zone_offset_minutes: 480,
            accept: BTreeSet::from([
                Tolerance::LowerCaseCrc,
                Tolerance::WrongLength,
                Tolerance::Spaces,
            ]),
            answer_parts: true,
            answer_refusals: false,
            sm4_key: None,
            limits: Limits::default(),
        }
    }
}

impl Settings {
    /// The zone of the device's clock; an offset that no clock has counts as UTC+8.
    pub fn zone(&self) -> Offset {
        let seconds = i32::from(self.zone_offset_minutes) * 60;
        Offset::from_seconds(seconds).unwrap_or(Offset::constant(8))
    }

    pub(crate) fn accepts(&self, tolerance: Tolerance) -> bool {
        self.accept.contains(&tolerance)
    }
}

/// A departure that real devices show.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Hj212Tolerance")]
pub enum Tolerance {
    /// The sum in lower-case digits.
    LowerCaseCrc,
    /// A length that does not count the data segment, while the sum is right.
    WrongLength,
    /// Spaces around names and values.
    Spaces,
    /// Something else than CR LF behind the sum.
    WrongEnd,
    /// CRC-16/Modbus instead of the sum of the standard.
    ModbusCrc,
    /// A wrong sum. What comes in may be damaged; it is marked, and should not count for anything that matters.
    BadCrc,
}

/// Bounds of what one connection may hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "Hj212Limits")]
pub struct Limits {
    /// Bytes of one data segment. The standard allows 1,024; devices send more, and the length field ends at 9,999.
    #[schemars(range(max = 9999))]
    pub segment_bytes_max: usize,
    /// How long the rest of a frame is waited for.
    pub frame_seconds_max: u32,
    /// Split messages of which parts are missing, at once.
    pub open_parts_max: usize,
    /// Parts of one message.
    pub parts_max: u32,
    /// Bytes of all parts of one message.
    pub parts_bytes_max: usize,
    /// How long missing parts are waited for.
    pub parts_seconds_max: u32,
    /// How much of skipped bytes is kept for the report.
    pub skipped_bytes_kept: usize,
    /// After how many skipped bytes they are reported, even if no frame ends them.
    pub skipped_bytes_max: usize,
    /// Longer data segments are split when sending.
    pub split_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            segment_bytes_max: 9_999,
            frame_seconds_max: 60,
            open_parts_max: 16,
            parts_max: 999,
            parts_bytes_max: 256 * 1024,
            parts_seconds_max: 600,
            skipped_bytes_kept: 1_024,
            skipped_bytes_max: 64 * 1024,
            split_bytes: 1_024,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_from_their_own_form_and_refuse_what_they_do_not_know() {
        let settings = Settings {
            edition: Some(Edition::Year2025),
            sm4_key: "30303030303030303030303030303030".parse().ok(),
            ..Settings::default()
        };
        let text = serde_json::to_string(&settings).unwrap();
        assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings);
        assert!(serde_json::from_str::<Settings>(r#"{"acept": []}"#).is_err());
        let empty: Settings = serde_json::from_str("{}").unwrap();
        assert_eq!(empty, Settings::default());
    }

    #[test]
    fn an_impossible_zone_is_that_of_china() {
        let settings = Settings {
            zone_offset_minutes: i16::MAX,
            ..Settings::default()
        };
        assert_eq!(settings.zone(), Offset::constant(8));
    }
}
