//! Facts of the sensing net: values, hearing, alarms.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Duration, Op, Rollup};

/// The last values of devices in an area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Last {
    /// The kinds of devices.
    pub profiles: Vec<String>,
    /// Only these, by code; all of the kinds where nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub devices: Vec<String>,
    /// What they observe.
    pub property: String,
    /// One number of many.
    pub aggregate: Aggregate,
    /// Which values count; for a share these are the numerator.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub condition: Option<Comparison>,
    /// Older values are left out; without it none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<Duration>,
    /// What the result is multiplied by: 100 from metres to centimetres.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub scale: f64,
}

/// Readings of devices in an area within a window before now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The kinds of devices.
    pub profiles: Vec<String>,
    /// Only these, by code; all of the kinds where nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub devices: Vec<String>,
    /// What they observe.
    pub property: String,
    /// How long the window is.
    pub window: Duration,
    /// One number of one device's readings.
    pub per_device: PerDevice,
    /// The highest that the window's number was within so long, instead of what it is now: a day's highest of the means
    /// of eight hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub highest_within: Option<Duration>,
    /// One number of many devices'.
    pub aggregate: Aggregate,
    /// Which devices' numbers count; for a share these are the numerator.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub condition: Option<Comparison>,
    /// What the result is multiplied by.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub scale: f64,
}

/// One number of one device's readings within a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PerDevice {
    /// All added up.
    Sum,
    /// Their mean.
    Mean,
    /// The largest.
    Max,
    /// The smallest.
    Min,
    /// The last less the first.
    Delta,
}

/// One number of many. Of no device there is no value, but a count is 0 where there are devices of the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Aggregate {
    /// The largest.
    Max,
    /// The smallest.
    Min,
    /// The mean.
    Mean,
    /// All added up.
    Sum,
    /// How many satisfy the condition, or have a value.
    Count,
    /// Those that satisfy the condition in per cent of those that have a value.
    Share,
    /// The value that so many per cent do not exceed.
    Percentile(u8),
}

impl Aggregate {
    /// Percentiles of parts say nothing of the whole.
    pub const fn rollup(self) -> Option<Rollup> {
        match self {
            Self::Max => Some(Rollup::Max),
            Self::Min => Some(Rollup::Min),
            Self::Mean | Self::Share => Some(Rollup::Mean),
            Self::Sum | Self::Count => Some(Rollup::Sum),
            Self::Percentile(_) => None,
        }
    }
}

/// A condition on a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// How; `outside` is not for conditions.
    pub op: Op,
    /// With what.
    pub value: Bound,
}

/// A number, or a figure of the device itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "a number, or attr.NAME for a figure of the device"
)]
pub enum Bound {
    /// The same for all devices.
    Number(f64),
    /// `attr.warn`: each device's own. A device without it does not count.
    Attribute(String),
}

/// Whether devices are heard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Devices {
    /// The kinds of devices; all where nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<String>,
    /// Which are counted.
    pub state: Hearing,
    /// Their number, or their share of all in per cent.
    pub aggregate: DeviceCount,
}

/// How a device was heard last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Hearing {
    /// Heard within the time that its profile allows.
    Online,
    /// It has gone.
    Offline,
    /// No word for longer than its profile allows.
    Silent,
}

/// A number or a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviceCount {
    /// How many.
    Count,
    /// In per cent of all.
    Share,
}

impl DeviceCount {
    pub(super) const fn rollup(self) -> Rollup {
        match self {
            Self::Count => Rollup::Sum,
            Self::Share => Rollup::Mean,
        }
    }
}

/// Alarms of an area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alarms {
    /// Of these rules; of all where nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// Of devices of these kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<String>,
    /// At least so severe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Which are counted.
    pub state: AlarmState,
    /// Only those raised longer ago than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_over: Option<Duration>,
    /// Only those raised within this; must be said for `raised`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Duration>,
    /// Their number, or how many for each hundred devices.
    #[serde(default)]
    pub per: AlarmCount,
}

/// I is the worst, IV the least.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub enum Severity {
    /// Blue.
    IV,
    /// Yellow.
    III,
    /// Orange.
    II,
    /// Red.
    I,
}

/// How an alarm stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlarmState {
    /// Not yet cleared.
    Open,
    /// Open, and nobody has taken note.
    Unacknowledged,
    /// Open, and somebody has.
    Acknowledged,
    /// Raised within the time that is said, cleared or not.
    Raised,
}

/// A number or a rate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlarmCount {
    /// How many.
    #[default]
    Count,
    /// For each hundred devices of the kinds named.
    Rate,
}

impl AlarmCount {
    pub(super) const fn rollup(self) -> Rollup {
        match self {
            Self::Count => Rollup::Sum,
            Self::Rate => Rollup::Mean,
        }
    }
}

const fn one() -> f64 {
    1.0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_one(value: &f64) -> bool {
    (value - 1.0).abs() < f64::EPSILON
}
