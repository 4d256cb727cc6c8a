//! The section `profiles` of a pack.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yiwang_kernel::{Provenance, Text};

use crate::protocol::Protocol;

/// A kind of device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileEntry {
    /// Stable for life; part of MQTT topics: `rain-gauge`.
    pub code: String,
    pub name: Text,
    /// What it is about, for lists: `hydrology`, `air`, `fire`, `vehicle`.
    pub theme: String,
    /// How often a device reports, unless the device says otherwise.
    pub interval_seconds: u32,
    /// A device that has not been heard for so long is silent. Three intervals where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silent_after_seconds: Option<u32>,
    pub properties: Vec<PropertyEntry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<EventEntry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<CommandEntry>,
    /// MQTT topics and payloads of platforms that do not speak ours.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign: Vec<ForeignEntry>,
    /// Where the facts come from, standard and clause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Provenance>,
    /// False while nobody has checked them against the source.
    #[serde(default = "yes")]
    pub verified: bool,
}

/// One thing that is observed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PropertyEntry {
    /// Stable for life, a name in rules: `level`, `pm10`.
    pub code: String,
    pub name: Text,
    #[serde(default)]
    pub kind: ValueKind,
    /// Its symbol: `m`, `mg/m3`, `mm`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Values below are marked as out of range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Values above are marked as out of range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// The smallest step of the instrument; values are rounded to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<f64>,
    /// Its names in the protocols: `{ hj212: [a34002-Rtd] }`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub elements: BTreeMap<Protocol, Vec<ElementEntry>>,
}

/// What a value is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    #[default]
    Number,
    /// 0 or 1.
    Flag,
    Text,
}

/// A property's name in a protocol: the bare name, or with a conversion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(untagged)]
pub enum ElementEntry {
    Name(String),
    Converted(ConvertedElement),
}

/// `value * scale + offset`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConvertedElement {
    pub name: String,
    #[serde(default = "one")]
    pub scale: f64,
    #[serde(default)]
    pub offset: f64,
}

/// Something a device reports when it happens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EventEntry {
    pub code: String,
    pub name: Text,
}

/// Something a device can be told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommandEntry {
    pub code: String,
    pub name: Text,
    /// Names and ranges of what goes with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<ParameterEntry>,
}

/// One parameter of a command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ParameterEntry {
    pub code: String,
    pub name: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
}

/// How to read another platform's MQTT messages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForeignEntry {
    /// The topic; `{device}` stands for the device's code, `+` for any level.
    pub topic: String,
    /// JSON pointer of the device's code, where the topic does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// JSON pointer of the time; without it the time of arrival counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Property code to the JSON pointer of its value.
    pub values: BTreeMap<String, String>,
}

impl ElementEntry {
    /// Name, scale, offset.
    pub fn parts(&self) -> (&str, f64, f64) {
        match self {
            Self::Name(name) => (name, 1.0, 0.0),
            Self::Converted(each) => (&each.name, each.scale, each.offset),
        }
    }
}

fn yes() -> bool {
    true
}

fn one() -> f64 {
    1.0
}
