//! What a rule says of its alarms beside when they are raised: when many are one, what explains them, when they come
//! and go, and who is told when nobody takes note. Pure.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yiwang_kernel::AreaCode;
use yiwang_rules::{ChatterLimit, Duration, Severity, StormLimits, Title};

/// How far an area reaches.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum AreaReach {
    #[default]
    City,
    Town,
    Village,
    Grid,
}

impl AreaReach {
    /// The area of this reach around another; the other itself where it reaches farther.
    pub(crate) fn around(self, area: &AreaCode) -> AreaCode {
        let digits = match self {
            Self::City => 6,
            Self::Town => 9,
            Self::Village => 12,
            Self::Grid => 15,
        };
        area.at_digits(digits).unwrap_or_else(|| area.clone())
    }
}

/// When alarms of many devices are one storm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grouping {
    /// What they are about; rules that name the same matter make one storm. The rule itself where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<String>,
    /// Within which area.
    #[serde(default)]
    pub area: AreaReach,
    /// So many alarms, at least 2,
    pub members: u16,
    /// raised within so long.
    pub within: Duration,
    /// It ends when all its members have ended and none has come for so long.
    pub quiet: Duration,
    /// From so many open members on it is so severe.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub severe_from: Vec<SevereFrom>,
    /// The storm's name; the rule's where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Title>,
}

/// A step of a storm's severity.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
)]
#[serde(deny_unknown_fields)]
pub struct SevereFrom {
    pub members: u32,
    pub severity: Severity,
}

impl Grouping {
    pub(crate) fn matter<'a>(&'a self, rule: &'a str) -> &'a str {
        self.matter.as_deref().unwrap_or(rule)
    }

    pub(crate) fn limits(&self) -> StormLimits {
        let steps = self.severe_from.iter();
        StormLimits {
            members_min: usize::from(self.members),
            within: self.within,
            quiet: self.quiet,
            severe_from: steps
                .map(|step| (step.members as usize, step.severity))
                .collect(),
            ..StormLimits::default()
        }
    }
}

/// When the alarms of a rule and device come and go.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
)]
#[serde(deny_unknown_fields)]
pub struct ChatterMark {
    /// Raised so many times, at least 2,
    pub raises: u16,
    /// within so long.
    pub within: Duration,
}

impl ChatterMark {
    pub(crate) fn limit(self) -> ChatterLimit {
        ChatterLimit {
            raises: self.raises,
            within: self.within,
        }
    }
}

/// Who is told of an alarm that nobody has taken note of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttentionStep {
    /// So long after it was found.
    pub after: Duration,
    /// The role whose people are told, `duty`.
    pub to: String,
}

/// The section `alarm_escalations` of a pack: what happens when alarms of one severity are not acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlarmEscalation {
    pub severity: Severity,
    /// In rising order of `after`.
    pub steps: Vec<AttentionStep>,
}

/// What is wrong with steps: each a pointer and a message.
pub(crate) fn step_faults(steps: &[AttentionStep]) -> Vec<(String, String)> {
    let mut faults = Vec::new();
    for (index, pair) in steps.windows(2).enumerate() {
        if let [first, second] = pair
            && second.after <= first.after
        {
            let message = "steps must come one after another".to_owned();
            faults.push((format!("/{}/after", index + 1), message));
        }
    }
    for (index, _) in steps
        .iter()
        .enumerate()
        .filter(|(_, step)| step.to.is_empty())
    {
        faults.push((format!("/{index}/to"), "name a role".to_owned()));
    }
    faults
}

/// The steps that are due beyond those taken already.
pub(crate) fn steps_due(
    steps: &[AttentionStep],
    taken: i64,
    found_at: i64,
    now: i64,
) -> impl Iterator<Item = (i64, &AttentionStep)> {
    let due = move |step: &AttentionStep| found_at.saturating_add(step.after.as_micros()) <= now;
    let numbered = (1_i64..).zip(steps);
    numbered.filter(move |(level, step)| *level > taken && due(step))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(minutes: u32, to: &str) -> AttentionStep {
        AttentionStep {
            after: Duration::minutes(minutes),
            to: to.to_owned(),
        }
    }

    #[test]
    fn steps_are_taken_once_each_in_their_time() {
        let steps = [step(10, "duty"), step(30, "leader")];
        let minute: i64 = 60_000_000;
        let levels = |taken, now| -> Vec<i64> {
            let due = steps_due(&steps, taken, 0, now * minute);
            due.map(|(level, _)| level).collect()
        };
        assert_eq!(levels(0, 9), Vec::<i64>::new());
        assert_eq!(levels(0, 10), [1]);
        assert_eq!(levels(1, 29), Vec::<i64>::new());
        assert_eq!(levels(0, 30), [1, 2]);
        assert!(step_faults(&steps).is_empty());
        let wrong = [step(10, "duty"), step(10, "")];
        assert_eq!(step_faults(&wrong).len(), 2);
    }

    #[test]
    fn an_area_of_a_reach_is_around_or_the_area_itself() {
        let village = AreaCode::from("320281001003");
        assert_eq!(AreaReach::Town.around(&village), "320281001".into());
        assert_eq!(AreaReach::City.around(&village), "320281".into());
        assert_eq!(AreaReach::Grid.around(&village), village);
    }
}
