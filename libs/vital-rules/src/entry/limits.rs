//! Where grades begin, by date.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Duration, Provenance};

/// The limits that hold from a day on, until the next set's day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThresholdSet {
    /// The first local day; without it ever since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub valid_from: Option<Date>,
    /// What the limits are compared with.
    #[serde(default, skip_serializing_if = "Measured::is_value")]
    pub on: Measured,
    /// 关注
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attention: Option<Limit>,
    /// 预警
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<Limit>,
    /// 告警
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alarm: Option<Limit>,
    /// How long a limit must be crossed, either way, before the grade changes; at once where nothing is said.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub lasting: Option<Duration>,
    /// How far back a value must come before a grade ends, as a part of the grade's own band.
    #[serde(default = "tenth", skip_serializing_if = "is_tenth")]
    pub hysteresis: f64,
    /// Where the limits come from, standard and clause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Provenance>,
    /// False while nobody has checked them against the source.
    #[serde(default = "yes")]
    pub verified: bool,
}

impl ThresholdSet {
    /// The limits of attention, warning and alarm.
    pub fn limits(&self) -> [Option<&Limit>; 3] {
        [&self.attention, &self.warning, &self.alarm].map(Option::as_ref)
    }
}

/// What limits are compared with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measured {
    /// The value itself.
    #[default]
    Value,
    /// The value less its baseline, in its own unit.
    Gap,
    /// The same in per cent of the baseline.
    Deviation,
    /// The same in robust deviations of the past.
    Z,
}

impl Measured {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
    fn is_value(&self) -> bool {
        *self == Self::Value
    }
}

/// Where one grade begins.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// How it is compared.
    pub op: Op,
    /// With what.
    pub value: LimitValue,
}

/// How a value is compared with a limit; the grade holds while this is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Op {
    /// More than it.
    #[serde(rename = ">")]
    More,
    /// It or more.
    #[serde(rename = ">=")]
    AtLeast,
    /// Less than it.
    #[serde(rename = "<")]
    Less,
    /// It or less.
    #[serde(rename = "<=")]
    AtMost,
    /// Less than the lower or more than the upper of two.
    #[serde(rename = "outside")]
    Outside,
}

/// A number, or for `outside` the two ends of a band.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a number, or [low, high] for outside")]
pub enum LimitValue {
    /// One number.
    One(f64),
    /// The band's ends.
    Two([f64; 2]),
}

/// The ends of what can be measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PhysicalRange {
    /// Nothing is less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Nothing is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
}

impl PhysicalRange {
    /// Whether it says nothing.
    pub fn is_open(&self) -> bool {
        self.min.is_none() && self.max.is_none()
    }
}

const fn tenth() -> f64 {
    0.1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_tenth(part: &f64) -> bool {
    (part - 0.1).abs() < 1e-12
}

const fn yes() -> bool {
    true
}
