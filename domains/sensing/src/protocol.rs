//! The ways in.

use serde::{Deserialize, Serialize};

/// One way in; also the vocabulary that a profile's elements belong to.
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
    utoipa::ToSchema,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// MQTT 3.1.1 and 5.
    Mqtt,
    /// JSON, NDJSON or CSV pushed over HTTP.
    Http,
    /// HJ 212-2017 and -2025, pollution monitoring.
    Hj212,
    /// SL 651-2014, hydrology.
    Sl651,
    /// JT/T 808, vehicles.
    Jt808,
    /// GB/T 26875.3-2011, fire alarm transmission.
    Gb26875,
    /// OGC SensorThings 1.1.
    Sensorthings,
}

impl Protocol {
    pub const ALL: [Self; 7] = [
        Self::Mqtt,
        Self::Http,
        Self::Hj212,
        Self::Sl651,
        Self::Jt808,
        Self::Gb26875,
        Self::Sensorthings,
    ];

    /// As it is written in packs, rows and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mqtt => "mqtt",
            Self::Http => "http",
            Self::Hj212 => "hj212",
            Self::Sl651 => "sl651",
            Self::Jt808 => "jt808",
            Self::Gb26875 => "gb26875",
            Self::Sensorthings => "sensorthings",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.as_str() == word)
    }
}
