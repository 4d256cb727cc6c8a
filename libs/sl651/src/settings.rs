//! What differs between vendors and installations, as data.

use std::collections::BTreeSet;

use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// How one connection is read and answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "Sl651Settings")]
pub struct Settings {
    pub mode: Mode,
    /// How many minutes the stations' clocks are ahead of UTC.
    #[schemars(range(min = -1080, max = 1080))]
    pub zone_offset_minutes: i16,
    /// Departures from the standard that are taken and marked instead of refused.
    pub accept: BTreeSet<Tolerance>,
    /// Whether frames in characters (SOH 01) are read. Only examples and code of others were seen of them.
    pub ascii: bool,
    /// What a confirmed station is to do next.
    pub after: After,
    /// Which time a confirmation carries.
    pub reply_time: ReplyTime,
    /// Whether missing packets are asked for again.
    pub ask_packets: bool,
    pub limits: Limits,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            mode: Mode::Auto,
            zone_offset_minutes: 480,
            accept: BTreeSet::new(),
            ascii: true,
            after: After::Stay,
            reply_time: ReplyTime::Echo,
            ask_packets: true,
            limits: Limits::default(),
        }
    }
}

impl Settings {
    /// The zone of the stations' clocks; an offset that no clock has counts as UTC+8.
    pub fn zone(&self) -> Offset {
        let seconds = i32::from(self.zone_offset_minutes) * 60;
        Offset::from_seconds(seconds).unwrap_or(Offset::constant(8))
    }

    pub(crate) fn accepts(&self, tolerance: Tolerance) -> bool {
        self.accept.contains(&tolerance)
    }
}

/// How stations of this connection work (工作方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Sl651Mode")]
pub enum Mode {
    /// As each frame shows: reports and packets are confirmed, answers to queries are not.
    Auto,
    /// 发送/无回答: nothing is ever answered.
    M1,
    /// 发送/确认: reports are confirmed.
    M2,
    /// 多包发送/确认: packets are confirmed together, and missing ones asked for.
    M3,
    /// 查询/响应: the station only answers; answers are not confirmed.
    M4,
}

/// A departure that real stations show.
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
#[schemars(rename = "Sl651Tolerance")]
pub enum Tolerance {
    /// A length that does not lead to the end mark, while the sum is right somewhere else.
    WrongLength,
    /// The sum with its low byte first.
    LowByteFirst,
    /// A wrong sum. What comes in may be damaged; it is marked, and should not count for anything that matters.
    BadCrc,
}

/// What a confirmed station is to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Sl651After")]
pub enum After {
    /// ESC: stay connected.
    Stay,
    /// EOT: go offline.
    Leave,
}

/// Which time a confirmation carries. Stations may set their clocks by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Sl651ReplyTime")]
pub enum ReplyTime {
    /// That of the station, as in all known examples.
    Echo,
    /// That of the centre.
    Centre,
}

/// Bounds of what one connection may hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "Sl651Limits")]
pub struct Limits {
    /// How long the rest of a frame is waited for.
    pub frame_seconds_max: u32,
    /// Messages of which packets are missing, at once.
    pub open_messages_max: usize,
    /// Bytes of all packets of one message.
    pub message_bytes_max: usize,
    /// How long missing packets are waited for.
    pub message_seconds_max: u32,
    /// After how long without a packet the first missing one is asked for.
    pub ask_after_seconds: u32,
    /// How often in a row that is done.
    pub asks_max: u32,
    /// How much of skipped bytes is kept for the report.
    pub skipped_bytes_kept: usize,
    /// After how many skipped bytes they are reported, even if no frame ends them.
    pub skipped_bytes_max: usize,
    /// Bytes of content in one packet when sending.
    #[schemars(range(max = 4092))]
    pub packet_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            frame_seconds_max: 60,
            open_messages_max: 4,
            message_bytes_max: 2 * 1024 * 1024,
            message_seconds_max: 600,
            ask_after_seconds: 10,
            asks_max: 5,
            skipped_bytes_kept: 1_024,
            skipped_bytes_max: 64 * 1024,
            packet_bytes: 1_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_from_their_own_form_and_refuse_what_they_do_not_know() {
        let settings = Settings {
            mode: Mode::M3,
            accept: [Tolerance::LowByteFirst].into(),
            ..Settings::default()
        };
        let text = serde_json::to_string(&settings).unwrap();
        assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings);
        assert!(serde_json::from_str::<Settings>(r#"{"modus": "m1"}"#).is_err());
        let empty: Settings = serde_json::from_str("{}").unwrap();
        assert_eq!(empty, Settings::default());
    }
}
