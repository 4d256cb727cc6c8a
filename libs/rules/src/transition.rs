//! What the rules say: what has changed, when, and by which values.

use std::sync::Arc;

use crate::spec::Severity;

/// A change of one rule for one object.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    /// The rule's place in the set.
    pub rule: usize,
    /// What has changed.
    pub change: Change,
    /// The alarm's number among those of its object: the same in all transitions of one alarm. It means nothing when
    /// the change is about what is known.
    pub alarm: u32,
    /// The instant at which the alarm was raised; that of the change itself when there is no alarm.
    pub opened: i64,
    /// The instant of the change by the devices' clocks.
    pub at: i64,
    /// The instant at which it was decided: `now` of the call.
    pub decided_at: i64,
    /// By a sample that came late, or decided long after its instant.
    pub late: bool,
    /// Why.
    pub explanation: Explanation,
}

/// What can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// An alarm. One that had ended goes on when a late sample shows that it had not: it is raised again under its
    /// number.
    Raised {
        /// How severe.
        severity: Severity,
        /// Since when the condition has held.
        began: i64,
    },
    /// An open alarm is more severe now.
    Escalated {
        /// Before.
        from: Severity,
        /// Now.
        to: Severity,
    },
    /// An open alarm is less severe now.
    Eased {
        /// Before.
        from: Severity,
        /// Now.
        to: Severity,
    },
    /// A late sample shows that an open alarm began at another instant, which `opened` now says.
    Revised {
        /// How severe it is now.
        severity: Severity,
        /// Since when the condition has held.
        began: i64,
    },
    /// The alarm has ended.
    Cleared {
        /// Why.
        by: Clearing,
    },
    /// A late sample shows that there was no such alarm.
    Retracted,
    /// An open question: what the rule reads is not known. It neither raises nor clears.
    Unknown,
    /// Known again.
    Known,
}

/// Why an alarm has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clearing {
    /// What ends it held for long enough.
    Condition,
    /// The rule's schedule went off.
    Schedule,
    /// The rule was changed or taken away.
    Rule,
}

/// Why a rule decided as it did, complete enough to be shown years later.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The rule's id.
    pub rule: Arc<str>,
    /// The rule's version.
    pub version: u32,
    /// The condition that decided, as written.
    pub condition: Arc<str>,
    /// What it read, as `level`, `avg(level, 10m)`, `attr.guard` or the name of a parameter.
    pub readings: Vec<Reading>,
}

/// One value that a condition read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// As the condition names it.
    pub name: Arc<str>,
    /// Nothing where it is not known.
    pub value: Option<f64>,
}

impl Explanation {
    /// The names of what is not known.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        let unknown = self
            .readings
            .iter()
            .filter(|reading| reading.value.is_none());
        unknown.map(|reading| &*reading.name)
    }
}

impl std::fmt::Display for Explanation {
    /// `level > slow [level = 0.31, slow = 0.15]`
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} [", self.condition)?;
        for (index, reading) in self.readings.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            match reading.value {
                Some(value) => write!(out, "{separator}{} = {value}", reading.name)?,
                None => write!(out, "{separator}{} = ?", reading.name)?,
            }
        }
        out.write_str("]")
    }
}

/// An alarm that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alarm {
    /// The rule's place in the set.
    pub rule: usize,
    /// Its number among those of its object.
    pub number: u32,
    /// The instant at which it was raised.
    pub opened: i64,
    /// How severe it is now.
    pub severity: Severity,
}

/// Where transitions go, and what is the same for all of one call.
pub(crate) struct Sink<'a> {
    pub(crate) out: &'a mut Vec<Transition>,
    pub(crate) now: i64,
    /// What was decided so long after its instant is late.
    pub(crate) late_after: i64,
}

/// A transition but for what the sink knows.
pub(crate) struct Told {
    pub(crate) rule: usize,
    pub(crate) change: Change,
    pub(crate) alarm: u32,
    pub(crate) opened: i64,
    pub(crate) at: i64,
    pub(crate) explanation: Explanation,
}

impl Sink<'_> {
    pub(crate) fn tell(&mut self, told: Told) {
        self.out.push(Transition {
            rule: told.rule,
            change: told.change,
            alarm: told.alarm,
            opened: told.opened,
            at: told.at,
            decided_at: self.now,
            late: self.now.saturating_sub(told.at) > self.late_after,
            explanation: told.explanation,
        });
    }
}
