//! How an indicator is computed, over facts that the platform has.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod cases;
mod measured;

pub use cases::{
    CaseCondition, CaseMeasure, CaseState, CaseStep, Cases, Clusters, MeanDuration, Over, Share,
    Source, Surges,
};
pub use measured::{
    Aggregate, AlarmCount, AlarmState, Alarms, Bound, Comparison, DeviceCount, Devices, Hearing,
    Last, PerDevice, Severity, Window,
};

/// One way to a number for an area and a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Formula {
    /// The last values of devices.
    Last(Last),
    /// Readings of devices within a window.
    Window(Window),
    /// Whether devices are heard.
    Devices(Devices),
    /// Alarms.
    Alarms(Alarms),
    /// Cases.
    Cases(Cases),
    /// What a department sends.
    Feed(Feed),
    /// Whether departments send in time.
    Feeds(Feeds),
    /// An expression over other indicators and facts of its own.
    Derived(Derived),
    /// A question to the lake, for what no other formula can say.
    Sql(Sql),
}

/// Values that a department sends, each with its area and time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// The feed's name, `water.supply_day`.
    pub feed: String,
}

/// How many feeds are as they should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Feeds {
    /// Which are counted.
    pub state: FeedState,
    /// Their number, or their share of all in per cent.
    pub aggregate: DeviceCount,
}

/// Whether a feed is as old as its indicator allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeedState {
    /// Its last value is within the lag allowed.
    Fresh,
    /// It is not, or there is none.
    Late,
}

/// A CEL expression. Codes are written in small letters, `a01`; `prior(a01, "1h")` is what it was so long before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Derived {
    /// The expression.
    pub expr: String,
    /// The indicators that it reads, by code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<String>,
    /// Facts of its own by name, which are no indicators of the city: a numerator, a denominator.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, Formula>,
}

/// One SELECT over `observations`, `observations_1h`, `observations_1d`, `events`, `devices` and `device_attributes`. It
/// answers `value`, and perhaps `area`, `weight` and `time`; `:now`, `:hour`, `:day`, `:month` and `:year` are the instant
/// that it is asked for, and when the city's hour, day, month and year began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sql {
    /// The text. It sees nothing later than `:now`, and hours and days once they are over.
    pub sql: String,
}

/// How a larger area's value follows from those of the areas in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rollup {
    /// Added up.
    Sum,
    /// The largest.
    Max,
    /// The smallest.
    Min,
    /// The mean, each weighed by how much stands behind it: devices, cases, denominators.
    Mean,
}

impl Formula {
    /// How it rolls up, where that follows from it. A derived value is computed for each area from that area's facts.
    pub fn rollup(&self) -> Option<Rollup> {
        match self {
            Self::Last(last) => last.aggregate.rollup(),
            Self::Window(window) => window.aggregate.rollup(),
            Self::Devices(devices) => Some(devices.aggregate.rollup()),
            Self::Alarms(alarms) => Some(alarms.per.rollup()),
            Self::Cases(cases) => cases.measure.rollup(),
            Self::Feed(_) | Self::Feeds(_) | Self::Derived(_) | Self::Sql(_) => None,
        }
    }

    /// As entries name it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Last(_) => "last",
            Self::Window(_) => "window",
            Self::Devices(_) => "devices",
            Self::Alarms(_) => "alarms",
            Self::Cases(_) => "cases",
            Self::Feed(_) => "feed",
            Self::Feeds(_) => "feeds",
            Self::Derived(_) => "derived",
            Self::Sql(_) => "sql",
        }
    }

    /// The names of all feeds that it reads, also through its own facts.
    pub fn feeds(&self) -> Vec<&str> {
        match self {
            Self::Feed(feed) => vec![&feed.feed],
            Self::Derived(derived) => derived.facts.values().flat_map(Self::feeds).collect(),
            _ => Vec::new(),
        }
    }
}
