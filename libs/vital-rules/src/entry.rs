//! An indicator (指标) as it is written in a pack: plain values, not yet checked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Duration, Formula, Rollup};

mod breach;
mod limits;
mod spec;

pub use breach::{Action, Drilldown, OnBreach};
pub use limits::{Limit, LimitValue, Measured, Op, PhysicalRange, ThresholdSet};
pub use spec::{BaselineSpec, DatedValue, SameWeekday};

/// One entry of the section `indicators`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IndicatorEntry {
    /// The domain's letter, two digits, and `a`, `b` where one row of a plan holds several: `A01`, `C09b`.
    pub code: String,
    /// For people.
    pub name: Title,
    /// The letter of its domain.
    pub domain: String,
    /// As it is shown; nothing for a number without one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Decimals that are shown.
    #[serde(default)]
    pub precision: u8,
    /// Which values are good.
    pub direction: Direction,
    /// How it is computed. Left out only where the indicator waits for a source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<Formula>,
    /// True while nobody has what it is computed from. Such an indicator has no value, and no score counts it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub waiting: bool,
    /// What it waits for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_reason: Option<Title>,
    /// How fine it is in time and space.
    pub grain: Grain,
    /// How a larger area's value follows from the smaller ones', where the formula does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollup: Option<Rollup>,
    /// The system that has the facts.
    pub source: Title,
    /// The unit that answers for it.
    pub owner: String,
    /// How often a new value is expected.
    pub refresh: Duration,
    /// How old a value may be before it counts as interrupted; twice the refresh where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lag_allowed: Option<Duration>,
    /// The ends of what is measured for grading; they close the outermost grades.
    #[serde(default, skip_serializing_if = "PhysicalRange::is_open")]
    pub range: PhysicalRange,
    /// What is usual.
    #[serde(default, skip_serializing_if = "BaselineSpec::is_none")]
    pub baseline: BaselineSpec,
    /// Where the grades begin, by date; without any there is no grade and no score.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub thresholds: Vec<ThresholdSet>,
    /// So much must stand behind a value (cases, devices, a denominator) for it to be graded and scored; with less it is
    /// shown and not judged. One late case of one says nothing about a town.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub sample_min: f64,
    /// Its weight within its domain.
    #[serde(default = "one")]
    pub weight: f64,
    /// A domain's score stays near that of its worst indicator of this kind.
    #[serde(default, skip_serializing_if = "is_false")]
    pub veto: bool,
    /// Whether towns are compared by it.
    #[serde(default)]
    pub influence: Influence,
    /// What must not be shown, and to whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub privacy: Option<Title>,
    /// What a reader has to know before believing it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caveat: Option<Title>,
    /// What opens when somebody asks for the facts behind it.
    #[serde(default, skip_serializing_if = "Drilldown::is_usual")]
    pub drilldown: Drilldown,
    /// What follows when a grade begins.
    #[serde(default, skip_serializing_if = "OnBreach::is_nothing")]
    pub on_breach: OnBreach,
    /// The standard that defines it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard: Option<String>,
    /// False while nobody has checked the definition against its source.
    #[serde(default = "yes")]
    pub verified: bool,
}

impl IndicatorEntry {
    /// How old a value may be, microseconds; older is interrupted (数据中断).
    pub fn lag(&self) -> i64 {
        match self.lag_allowed {
            Some(lag) => lag.as_micros(),
            None => 2 * self.refresh.as_micros(),
        }
    }

    /// Whether enough stands behind a value to judge it.
    pub fn is_enough(&self, weight: f64) -> bool {
        self.sample_min <= 0.0 || weight >= self.sample_min
    }

    /// Whether it can have a grade and a score at all.
    pub fn is_scored(&self) -> bool {
        !self.waiting && self.direction != Direction::Info && !self.thresholds.is_empty()
    }
}

/// A text for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// Where limits or weights come from: a standard and clause, the same in every language, or words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Provenance {
    /// `HJ 633-2012`
    Named(String),
    /// What is said in Chinese and English.
    Told(Title),
}

/// Which values are good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Small ones.
    LowerIsBetter,
    /// Large ones.
    HigherIsBetter,
    /// Those within a band.
    Band,
    /// It informs: no grade, no score.
    Info,
}

/// How fine an indicator is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grain {
    /// What stretch of time a value is about.
    pub time: TimeGrain,
    /// The smallest areas that have one.
    pub space: SpaceGrain,
}

/// What stretch of time a value is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimeGrain {
    /// The moment itself.
    Instant,
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A month.
    Month,
    /// Three months.
    Quarter,
    /// A school term.
    Term,
    /// A year.
    Year,
    /// It changes when something happens.
    Event,
}

/// The smallest areas that have a value, the largest first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SpaceGrain {
    /// The whole city.
    County,
    /// A town or street.
    Town,
    /// A village or community.
    Community,
    /// A grid.
    Grid,
    /// A thing: a station, an estate, a site.
    Object,
}

/// Whether a town can do something about it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Influence {
    /// Only the city can: towns are not compared by it.
    #[default]
    City,
    /// Towns are ranked by it.
    Town,
}

const fn one() -> f64 {
    1.0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}
