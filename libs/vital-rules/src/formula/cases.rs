//! Facts of the event hub: what a case knows of itself.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Duration, DurationFault, Rollup, text_form::text_form};

/// Cases of an area. Those that are void, merged or left out of scoring never count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cases {
    /// Items by the beginning of their codes, `02.02`; all where nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// The ways that they came in by; all where nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Source>,
    /// Which cases, and by which of their instants they belong to a stretch of time.
    pub state: CaseState,
    /// The stretch of time. Not for `open` and `overdue`, which are about now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<Over>,
    /// What is made of them.
    pub measure: CaseMeasure,
}

/// The way a case came in.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the hub's own words for its sources")]
pub enum Source {
    Hotline,
    Collector,
    Grid,
    Sensor,
    Video,
    Drone,
    Citizen,
    Police,
    Fire,
    Emergency,
    Superior,
    Enforcement,
    System,
    Open311,
    Import,
}

/// Which cases: by creation for what is found, by the time due for how it is handled, by the rating for what people say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// Came in within the time.
    Opened,
    /// Registered (立案) within the time.
    Registered,
    /// Sent to a unit within the time.
    Dispatched,
    /// The limit of handling ends within the time.
    Due,
    /// Closed within the time.
    Closed,
    /// Rated within the time.
    Rated,
    /// Somebody still has to do something, now.
    Open,
    /// Open, and the limit of handling is over, now.
    Overdue,
}

impl CaseState {
    /// Whether it is about now and not about a stretch of time.
    pub const fn is_now(self) -> bool {
        matches!(self, Self::Open | Self::Overdue)
    }
}

/// `today`, `month`, `year`, by the local calendar, or a length of time before now: `24h`, `30d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// Since local midnight.
    Today,
    /// Since the first of the month.
    Month,
    /// Since the first of January.
    Year,
    /// So long before now.
    Past(Duration),
}

impl fmt::Display for Over {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Today => out.write_str("today"),
            Self::Month => out.write_str("month"),
            Self::Year => out.write_str("year"),
            Self::Past(length) => length.fmt(out),
        }
    }
}

impl FromStr for Over {
    type Err = DurationFault;

    fn from_str(text: &str) -> Result<Self, DurationFault> {
        Ok(match text {
            "today" => Self::Today,
            "month" => Self::Month,
            "year" => Self::Year,
            _ => Self::Past(text.parse()?),
        })
    }
}

text_form!(
    Over,
    "^(today|month|year|([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?)$",
    "30d"
);

/// What is made of the cases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseMeasure {
    /// How many.
    Count,
    /// How many different people called about them.
    Callers,
    /// Some of them in per cent of some of them.
    Share(Share),
    /// How long they took, in minutes.
    MeanDuration(MeanDuration),
    /// How many classes of items had unusually many.
    Surges(Surges),
    /// How many places gathered unusually many.
    Clusters(Clusters),
}

impl CaseMeasure {
    pub(super) const fn rollup(&self) -> Option<Rollup> {
        match self {
            Self::Count => Some(Rollup::Sum),
            Self::Share(_) | Self::MeanDuration(_) => Some(Rollup::Mean),
            // A caller, a surge or a place may belong to several areas.
            Self::Callers | Self::Surges(_) | Self::Clusters(_) => None,
        }
    }
}

/// A share in per cent; unknown where nothing is in the denominator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// All of these hold; they are looked for among the denominator.
    pub numerator: Vec<CaseCondition>,
    /// All of these hold; all cases where nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub denominator: Vec<CaseCondition>,
}

/// What can be said of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseCondition {
    /// Taken: not refused, not withdrawn.
    Valid,
    /// Registered (立案).
    Registered,
    /// Answered at the desk (直接答复).
    AnsweredAtDesk,
    /// Found, settled and closed by the grid (网格自处置).
    SelfHandled,
    /// Found by the city itself: collectors, grids, sensors, video, drones, the platform.
    FoundByCity,
    /// Sent to a unit within the limit.
    DispatchedOnTime,
    /// A unit gave it back and was allowed to (退回).
    Returned,
    /// Signed within the limit.
    SignedOnTime,
    /// The caller was called within the limit.
    ContactedOnTime,
    /// Handled within the limit, extensions and suspensions allowed for.
    HandledOnTime,
    /// Closed.
    Closed,
    /// Closed before its limit.
    ClosedOnTime,
    /// Failed its verification at least once (返工).
    Reworked,
    /// Came back after it was closed, or the caller came again with the same matter.
    Repeated,
    /// Rated.
    Rated,
    /// Rated 4 or 5 of 5.
    Satisfied,
    /// Whoever rated it says that it is solved.
    Solved,
    /// Closed with the outcome solved.
    OutcomeSolved,
}

/// How long cases took from one step to another, the mean of those that have both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeanDuration {
    /// From here.
    pub from: CaseStep,
    /// To here.
    pub to: CaseStep,
}

/// A step of a case with an instant of its own, in their order.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CaseStep {
    /// Came in.
    Opened,
    /// Registered.
    Registered,
    /// Sent to the lead.
    Dispatched,
    /// Signed by the lead.
    Signed,
    /// The caller was called.
    Contacted,
    /// Somebody was there.
    Arrived,
    /// The lead says that it is done.
    Reported,
    /// Closed.
    Closed,
}

/// Classes of items whose number within the time is so unusual beside the same weekdays before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Surges {
    /// A robust deviation above this.
    pub z: f64,
    /// Of so many weeks.
    pub weeks: u8,
}

/// Places with many callers within a circle within the time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clusters {
    /// At least so many callers.
    pub members: u16,
    /// Within so many metres.
    pub radius_m: u32,
}
