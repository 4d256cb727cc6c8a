//! Worlds to test in: a profile of a gauge, rules as JSON, and a follower of transitions.

use std::collections::BTreeMap;

use serde_json::Value;
use yiwang_rules::{
    Change, Duration, Profile, Property, Rule, RuleSet, Sample, Settings, Severity, Transition,
};

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const LEVEL: u16 = 0;
pub(crate) const RAIN: u16 = 1;

/// A gauge with a level, which grows stale after 45 seconds, and rain, which does not.
pub(crate) fn gauge() -> Profile {
    Profile {
        properties: vec![
            Property::new("level")
                .within(-10.0, 100.0)
                .stale_after(Duration::seconds(45)),
            Property::new("rain"),
        ],
        attributes: vec!["guard".into()],
    }
}

pub(crate) fn rules(json: Value) -> Vec<Rule> {
    serde_json::from_value(json).unwrap()
}

/// Compiles rules that have no fault.
pub(crate) fn compile(json: Value) -> RuleSet {
    compile_with(json, Settings::default())
}

pub(crate) fn compile_with(json: Value, settings: Settings) -> RuleSet {
    let (set, found) = RuleSet::compile(&rules(json), &gauge(), settings);
    let found: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "{found:#?}");
    set
}

pub(crate) fn sample(property: u16, second: i64, value: f64) -> Sample {
    Sample::new(property, second * SECOND, value)
}

/// Whoever follows the transitions: which alarms are open, by rule and number.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Follower {
    pub(crate) open: BTreeMap<(usize, u32), Severity>,
}

impl Follower {
    pub(crate) fn hear(&mut self, transitions: &[Transition]) {
        for heard in transitions {
            let alarm = (heard.rule, heard.alarm);
            match heard.change {
                Change::Raised { severity, .. } => {
                    let before = self.open.insert(alarm, severity);
                    assert_eq!(before, None, "raised twice: {heard:?}");
                }
                Change::Escalated { from, to } | Change::Eased { from, to } => {
                    assert_eq!(self.open.insert(alarm, to), Some(from), "{heard:?}");
                }
                Change::Revised { severity, .. } => {
                    assert!(
                        self.open.insert(alarm, severity).is_some(),
                        "not open: {heard:?}"
                    );
                }
                Change::Cleared { .. } => {
                    assert!(self.open.remove(&alarm).is_some(), "not open: {heard:?}");
                }
                Change::Retracted => _ = self.open.remove(&alarm),
                Change::Unknown | Change::Known => {}
            }
        }
    }

    pub(crate) fn of(set: &RuleSet, state: &yiwang_rules::ObjectState) -> Self {
        let open = set
            .open(state)
            .map(|alarm| ((alarm.rule, alarm.number), alarm.severity));
        Self {
            open: open.collect(),
        }
    }
}

/// Transitions in short: `12s r0 raised II`.
pub(crate) fn told(transitions: &[Transition]) -> Vec<String> {
    let told = transitions.iter().map(|heard| {
        let change = match heard.change {
            Change::Raised { severity, began } => {
                format!("raised {} since {}s", severity.code(), began / SECOND)
            }
            Change::Escalated { to, .. } => format!("escalated {}", to.code()),
            Change::Eased { to, .. } => format!("eased {}", to.code()),
            Change::Cleared { by } => format!("cleared {by:?}").to_lowercase(),
            Change::Revised { severity, .. } => format!("revised {}", severity.code()),
            Change::Retracted => "retracted".into(),
            Change::Unknown => "unknown".into(),
            Change::Known => "known".into(),
        };
        let late = if heard.late { " late" } else { "" };
        format!("{}s r{} {change}{late}", heard.at / SECOND, heard.rule)
    });
    told.collect()
}
