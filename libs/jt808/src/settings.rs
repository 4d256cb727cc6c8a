//! Dialects and limits, as data.

use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

use crate::header::Edition;

/// How one group of devices speaks. The default is the standard's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The edition of bodies behind a header without the mark of 2019. A registration is recognised by its length too.
    pub older_edition: Edition,
    /// The zone of the device's clock, minutes east of UTC. What lies outside -1439..=1439 is taken as the nearest end.
    pub utc_offset_minutes: i16,
    /// Accept a wrong checksum, and flag it.
    pub accept_wrong_checksum: bool,
    /// Accept a body that is longer or shorter than its header declares, and flag it.
    pub accept_wrong_length: bool,
    /// Answer each part of a message by a general reply, not the whole message alone; the standard allows both. The
    /// caller must then keep the parts too before it sends the answers.
    pub acknowledge_parts: bool,
    pub limits: Limits,
}

/// What one connection may hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes between two flags.
    pub frame_bytes_max: usize,
    /// Bytes of refused input that are handed on for a look.
    pub refused_bytes_max: usize,
    /// Parts of one message.
    pub parts_max: usize,
    /// Messages whose parts are being collected at the same time.
    pub unfinished_max: usize,
    /// Bytes in all unfinished messages.
    pub unfinished_bytes_max: usize,
    /// Silence after which missing parts are asked for (again).
    pub ask_after_seconds: u32,
    /// How often missing parts are asked for.
    pub asks_max: u32,
    /// Age at which an unfinished message is given up.
    pub unfinished_seconds_max: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            older_edition: Edition::V2013,
            utc_offset_minutes: 8 * 60,
            accept_wrong_checksum: false,
            accept_wrong_length: false,
            acknowledge_parts: false,
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            frame_bytes_max: 4096,
            refused_bytes_max: 1024,
            parts_max: 4096,
            unfinished_max: 8,
            unfinished_bytes_max: 8 << 20,
            ask_after_seconds: 15,
            asks_max: 3,
            unfinished_seconds_max: 300,
        }
    }
}

impl Settings {
    pub(crate) fn zone(&self) -> Offset {
        let minutes = i32::from(self.utc_offset_minutes).clamp(-1439, 1439);
        Offset::from_seconds(minutes * 60).unwrap_or(Offset::UTC)
    }
}
