//! A rule as it is written in a file: plain values, not yet compiled.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::duration::Duration;

mod moment;

pub use moment::{Moment, MomentFault};
pub use yiwang_worktime::{Clock, ClockFault, DaySet, Hours, Schedule, Weekday};

/// Properties, parameters and levels that one rule may have.
pub(crate) const NAMES_MAX: usize = 32;
/// Occurrences that a rule can be made to wait for.
pub(crate) const TIMES_MAX: u8 = 32;

/// A rule as written: `RuleSet::compile` checks it.
///
/// ```yaml
/// id: ponding
/// name: { zh: 下穿积水, en: Water under a bridge }
/// uses: [level]
/// levels:
///   - { severity: III, when: "level > slow", for: 5m }
///   - { severity: II, when: "level > close", until: { below: close, by: 0.02 } }
/// clear: { below: slow, by: 0.03, for: 10m }
/// params:
///   slow: 0.15
///   close: [{ to: "2026-06-01", value: 0.27 }, { from: "2026-06-01", value: 0.25 }]
/// ```
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Stable name, `ponding`.
    pub id: String,
    /// For people.
    pub name: Title,
    /// Grows with each change of content; every alarm keeps the one it was judged by.
    #[serde(default = "first_version")]
    pub version: u32,
    /// The properties that the conditions read.
    pub uses: Vec<String>,
    /// What raises an alarm, and how severe it then is. At most one for each severity.
    pub levels: Vec<Level>,
    /// What ends an alarm. Without it an alarm ends when no level's condition holds any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clear: Option<Until>,
    /// Only the so-manieth occurrence within a while raises an alarm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<Count>,
    /// When the rule is on; without it always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// Which samples it sees.
    #[serde(default, skip_serializing_if = "Accepts::is_usual")]
    pub accepts: Accepts,
    /// Only several objects of one group together raise an alarm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement>,
    /// After an alarm has ended, so long none is raised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suppress_after: Option<Duration>,
    /// Thresholds by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, Param>,
}

const fn first_version() -> u32 {
    1
}

/// A text for people.
#[derive(
    Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// Chinese.
    pub zh: String,
    /// English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

/// How severe an alarm is: I is the worst, IV the least.
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

impl Severity {
    /// 1 for IV to 4 for I.
    pub const fn rank(self) -> u8 {
        self as u8 + 1
    }

    /// The severity of a rank; none for 0.
    pub const fn of_rank(rank: u8) -> Option<Self> {
        match rank {
            1 => Some(Self::IV),
            2 => Some(Self::III),
            3 => Some(Self::II),
            4 => Some(Self::I),
            _ => None,
        }
    }

    /// As rules write it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::IV => "IV",
            Self::III => "III",
            Self::II => "II",
            Self::I => "I",
        }
    }
}

/// One step of severity: a condition, or silence.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// How severe the alarm is while this holds.
    pub severity: Severity,
    /// A condition in CEL. Either this or `missing`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// Holds while none of the properties in `uses` has been heard of for so long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Duration>,
    /// How long the condition must hold before it counts.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub lasting: Option<Duration>,
    /// What ends the level; without it the condition's negation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Until>,
}

/// What ends a level or an alarm. At most one of `when`, `below` and `above`; with none of them the negation of
/// what began it, lasting `for`.
#[derive(
    Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Until {
    /// A condition in CEL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The property is less than this number or parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Bound>,
    /// The property is more than this number or parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<Bound>,
    /// By how much less or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Bound>,
    /// The property that `below` and `above` are about; may be left out when the rule uses one only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// How long that must hold.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub lasting: Option<Duration>,
}

/// A number, or the name of a parameter.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
#[serde(untagged, expecting = "a number or the name of a parameter")]
pub enum Bound {
    /// Fixed.
    Number(f64),
    /// By name.
    Param(String),
}

/// An alarm only when the levels' condition has begun to hold so many times within a while.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// How many times, 2 to 32.
    pub times: u8,
    /// Within what.
    pub within: Duration,
}

/// Which samples a rule sees.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Accepts {
    /// Those whose quality is believed.
    #[default]
    Believed,
    /// All that are numbers.
    Any,
}

impl Accepts {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
    fn is_usual(&self) -> bool {
        *self == Self::Believed
    }
}

/// How many objects of one group must alarm together.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// How many, 2 to 1,000.
    pub members: u16,
    /// An object's word counts while its alarm stands, and so long after.
    pub within: Duration,
}

/// A threshold: one number, or numbers with dates.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
#[serde(untagged, expecting = "a number or a list of {from, to, value}")]
pub enum Param {
    /// The same at all times.
    Fixed(f64),
    /// Each in force for a time; none may overlap another.
    Dated(Vec<Dated>),
}

/// A number in force from an instant until before another.
#[derive(
    Debug, Clone, Copy, PartialEq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Dated {
    /// The first instant; without it ever since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Moment>,
    /// The first instant after it; without it for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Moment>,
    /// The number.
    pub value: f64,
}
