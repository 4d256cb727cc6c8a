//! Limits (时限): how long each step may take, for a grade, an item or both.

use jiff::civil::{Date, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use yiwang_contracts::{ClockKind, Grade};
use yiwang_kernel::Text;
use yiwang_worktime::Limit;

use super::words::{Words, opt_words};

/// A row of limits, as the pack section `limits` has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitEntry {
    pub id: String,
    /// Only for cases of this grade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    /// Only for this item and what is under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    pub limits: Vec<LimitLine>,
    /// Part of a limit after which its light turns yellow.
    #[serde(default = "yellow_default")]
    pub yellow: f64,
    /// Part of a limit after which its light turns orange.
    #[serde(default = "orange_default")]
    pub orange: f64,
    /// First day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub valid_from: Option<Date>,
    /// First day on which it no longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub valid_to: Option<Date>,
    /// Have its figures been read in a source?
    #[serde(default)]
    pub verified: bool,
    #[serde(
        default,
        deserialize_with = "opt_words",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "Option<Words>")]
    pub source: Option<Text>,
}

/// The limit of one step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitLine {
    pub step: ClockKind,
    /// `30m 4h 2d 240wm 4wh 5wd`.
    pub limit: Limit,
    /// The calendar it counts in.
    pub calendar: String,
    /// Holds only for clocks that start at or after this time of day …
    #[serde(
        default,
        deserialize_with = "time",
        serialize_with = "hours",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "Option<String>")]
    pub from: Option<Time>,
    /// … and before this one. A range may run over midnight.
    #[serde(
        default,
        deserialize_with = "time",
        serialize_with = "hours",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "Option<String>")]
    pub until: Option<Time>,
    /// Names the stage when one step has several limits (stop work, penalty, demolition).
    #[serde(
        default,
        deserialize_with = "opt_words",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "Option<Words>")]
    pub stage: Option<Text>,
    /// Starts when the stage on the line before it is done; without it, all of a step's limits start together.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub follows: bool,
}

impl LimitLine {
    /// Has it a condition on the time of day?
    pub fn is_conditional(&self) -> bool {
        self.from.is_some() || self.until.is_some()
    }

    /// Does it hold for a clock that starts at this time of day?
    pub fn holds_at(&self, time: Time) -> bool {
        match (self.from, self.until) {
            (None, None) => true,
            (Some(from), None) => time >= from,
            (None, Some(until)) => time < until,
            (Some(from), Some(until)) if from <= until => from <= time && time < until,
            (Some(from), Some(until)) => time >= from || time < until,
        }
    }
}

fn yellow_default() -> f64 {
    0.7
}

fn orange_default() -> f64 {
    0.9
}

/// `08:30`; `24:00` is the end of the day and says no more than an absent `until`.
fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Time>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text == "24:00" {
        return Ok(None);
    }
    Time::strptime("%H:%M", &text)
        .map(Some)
        .map_err(|_error| serde::de::Error::custom("expected a time of day as in 08:30"))
}

#[expect(clippy::ref_option, reason = "serde passes the field by reference")]
fn hours<S: Serializer>(time: &Option<Time>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serializer.collect_str(&time.strftime("%H:%M")),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(from: Option<&str>, until: Option<&str>) -> LimitLine {
        let mut value =
            serde_json::json!({"step": "register", "limit": "2wh", "calendar": "office"});
        for (key, time) in [("from", from), ("until", until)] {
            if let Some(time) = time {
                value[key] = time.into();
            }
        }
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn the_time_of_day_decides() {
        for (from, until, at, holds) in [
            (None, None, (3, 0), true),
            (Some("08:00"), Some("20:00"), (8, 0), true),
            (Some("08:00"), Some("20:00"), (20, 0), false),
            (Some("20:00"), Some("08:00"), (23, 30), true),
            (Some("20:00"), Some("08:00"), (7, 59), true),
            (Some("20:00"), Some("08:00"), (12, 0), false),
            (Some("08:00"), None, (7, 0), false),
            (Some("08:00"), Some("24:00"), (23, 59), true),
            (None, Some("08:00"), (7, 0), true),
        ] {
            let time = Time::constant(at.0, at.1, 0, 0);
            assert_eq!(
                line(from, until).holds_at(time),
                holds,
                "{from:?} {until:?} {at:?}"
            );
        }
        let back = serde_json::to_value(line(Some("08:00"), None)).unwrap();
        assert_eq!(back["from"], "08:00");
    }
}
