//! What is usual for an indicator, as an entry says it.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a value is compared with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BaselineSpec {
    /// Nothing.
    #[default]
    None,
    /// One number.
    Fixed(f64),
    /// The same time of the same weekday in the weeks before.
    SameWeekday(SameWeekday),
    /// The same time a year before.
    YearOnYear,
    /// A plan's figures by date, joined by straight lines. Empty while the city has not entered its plan.
    Plan(Vec<DatedValue>),
}

impl BaselineSpec {
    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        *self == Self::None
    }

    /// Whether it has a spread, so that there is a z-score.
    pub fn has_spread(&self) -> bool {
        matches!(self, Self::SameWeekday(_))
    }
}

/// How the weeks before are read.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SameWeekday {
    /// So many weeks, 3 to 26.
    #[serde(default = "eight")]
    pub weeks: u8,
    /// The least deviation to measure by: where every week was alike, a small change is not yet unusual.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub spread_min: f64,
}

/// A figure of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DatedValue {
    /// The local day at whose beginning it is to be reached.
    #[schemars(with = "String")]
    pub date: Date,
    /// What is to be reached.
    pub value: f64,
}

const fn eight() -> u8 {
    8
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(value: &f64) -> bool {
    *value == 0.0
}
