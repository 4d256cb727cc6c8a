//! Names and sentences as people write them in packs: a plain string, or `{zh, en}`; and dates.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Deserializer};
use yiwang_kernel::{Text, Timestamp};

/// Civil time of the city: UTC+8 without summer time.
const CITY_OFFSET: Offset = Offset::constant(8);

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
#[expect(
    dead_code,
    reason = "the variants' fields are read by serde and schemars only"
)]
pub(super) enum Words {
    Plain(String),
    Both(Text),
}

/// Reads a string (Chinese) or a map of `zh` and `en`.
pub fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
    match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::String(zh) => Ok(Text::zh(zh)),
        other => serde_json::from_value(other).map_err(|_error| {
            serde::de::Error::custom("expected a string or a map of `zh` and `en`")
        }),
    }
}

/// As [`words`], for a field that may be absent.
pub fn opt_words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Text>, D::Error> {
    words(deserializer).map(Some)
}

/// Midnight at the start of a civil day of the city.
pub fn day_start(day: Date) -> Timestamp {
    TimeZone::fixed(CITY_OFFSET)
        .to_timestamp(day.at(0, 0, 0, 0))
        .unwrap_or(Timestamp::MAX)
}
