//! What the rules ought to say, found the slow way: every second, from all samples, with no thought of what changes
//! when. It shares no code with what it judges.

use proptest::prelude::*;
use serde_json::{Value, json};
use yiwang_rules::{Change, Clearing, Severity};

use crate::world::SECOND;

mod conditions;

use conditions::{CONDITIONS, EDGE};
pub(crate) use conditions::{Everything, everything};

/// What ends a level or an alarm: a condition, a time.
pub(crate) type Ending = Option<(Option<usize>, i64)>;

/// A rule over the conditions, by their places.
#[derive(Debug, Clone)]
pub(crate) struct Sketch {
    /// Condition, how long, ending; the least severe first.
    pub(crate) levels: Vec<(usize, i64, Ending)>,
    pub(crate) clear: Ending,
    pub(crate) count: Option<(usize, i64)>,
    pub(crate) suppress: i64,
    /// On from one minute of the day until another.
    pub(crate) schedule: Option<(i64, i64)>,
}

const SEVERITIES: [Severity; 4] = [Severity::IV, Severity::III, Severity::II, Severity::I];

fn ending() -> impl Strategy<Value = Ending> {
    let condition = prop::option::weighted(0.7, 0..CONDITIONS.len());
    prop::option::weighted(0.4, (condition, prop::sample::select(vec![0, 0, 7, 20])))
}

pub(crate) fn sketch() -> impl Strategy<Value = Sketch> {
    let lasting = prop::sample::select(vec![0_i64, 0, 0, 5, 20]);
    let level = (0..CONDITIONS.len(), lasting, ending());
    (
        prop::collection::vec(level, 1..4),
        ending(),
        prop::option::weighted(0.2, (2_usize..4, prop::sample::select(vec![40_i64, 100]))),
        prop::sample::select(vec![0_i64, 0, 0, 30]),
        prop::option::weighted(0.2, (0_i64..4, 2_i64..5)),
    )
        .prop_map(|(levels, clear, count, suppress, schedule)| Sketch {
            levels,
            clear,
            count,
            suppress,
            schedule,
        })
}

fn seconds(length: i64) -> Value {
    if length == 0 {
        Value::Null
    } else {
        format!("{length}s").into()
    }
}

fn ending_json(ending: Ending) -> Value {
    match ending {
        // An ending that says nothing is not written.
        None | Some((None, 0)) => Value::Null,
        Some((when, lasting)) => {
            json!({"when": when.map(|when| CONDITIONS[when].text), "for": seconds(lasting)})
        }
    }
}

impl Sketch {
    pub(crate) fn json(&self, number: usize) -> Value {
        let levels: Vec<Value> = self
            .levels
            .iter()
            .zip(SEVERITIES)
            .map(|((when, lasting, until), severity)| {
                json!({
                    "severity": severity,
                    "when": CONDITIONS[*when].text,
                    "for": seconds(*lasting),
                    "until": ending_json(*until),
                })
            })
            .collect();
        let clock = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
        let moment = |second: i64| format!("1970-01-01T00:{:02}:{:02}Z", second / 60, second % 60);
        let mut rule = json!({
            "id": format!("r{number}"), "name": {"zh": "规则"}, "uses": ["level", "rain"],
            "levels": levels, "clear": ending_json(self.clear), "suppress_after": seconds(self.suppress),
            "params": {"limit": [
                {"to": moment(EDGE), "value": 2}, {"from": moment(EDGE), "value": 5},
            ]},
        });
        if let Some((times, within)) = self.count {
            rule["count"] = json!({"times": times, "within": seconds(within)});
        }
        if let Some((from, to)) = self.schedule {
            let hours = json!([{"from": clock(from), "to": clock(to)}]);
            rule["schedule"] = json!({"hours": hours, "utc_offset_minutes": 0});
        }
        rule
    }

    /// Everything that the rule ought to tell up to a second, but for what is unknown.
    pub(crate) fn tells(&self, all: &Everything, end: i64) -> Vec<(i64, Change)> {
        let mut run = Run {
            latched: vec![false; self.levels.len()],
            true_since: vec![None; self.levels.len()],
            ends_since: vec![None; self.levels.len()],
            clears_since: None,
            onsets: Vec::new(),
            open: None,
            ended: None,
            told: Vec::new(),
        };
        for at in 0..=end {
            run.step(self, all, at);
        }
        run.told
    }
}

struct Run {
    latched: Vec<bool>,
    true_since: Vec<Option<i64>>,
    ends_since: Vec<Option<i64>>,
    clears_since: Option<i64>,
    onsets: Vec<i64>,
    open: Option<Severity>,
    ended: Option<i64>,
    told: Vec<(i64, Change)>,
}

fn not(truth: Option<bool>) -> Option<bool> {
    truth.map(|truth| !truth)
}

fn and(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

impl Run {
    fn step(&mut self, sketch: &Sketch, all: &Everything, at: i64) {
        let (from, to) = sketch.schedule.unwrap_or((0, 1_440));
        let minute = at / 60;
        let is_on = if from < to {
            from <= minute && minute < to
        } else {
            minute >= from || minute < to
        };
        if !is_on {
            self.latched.fill(false);
            self.true_since.fill(None);
            self.ends_since.fill(None);
            self.clears_since = None;
            self.end(at, Clearing::Schedule);
            return;
        }
        let was_any = self.latched.contains(&true);
        let truths: Vec<_> = sketch
            .levels
            .iter()
            .map(|(when, _, _)| (CONDITIONS[*when].means)(all, at))
            .collect();
        let mut began: Option<i64> = None;
        for (level, (_, lasting, until)) in sketch.levels.iter().enumerate() {
            let truth = truths[level];
            if truth == Some(true) {
                self.true_since[level].get_or_insert(at);
            } else {
                self.true_since[level] = None;
            }
            if let Some(since) = self.true_since[level].filter(|_| !self.latched[level])
                && at - since >= *lasting
            {
                self.latched[level] = true;
                self.ends_since[level] = None;
                began = Some(began.map_or(since, |other: i64| other.min(since)));
            }
            let (when, until_lasting) = until.unwrap_or((None, 0));
            let ends = match when {
                Some(when) => and((CONDITIONS[when].means)(all, at), not(truth)),
                None => not(truth),
            };
            if ends == Some(true) && self.latched[level] {
                let since = *self.ends_since[level].get_or_insert(at);
                if at - since >= until_lasting {
                    self.latched[level] = false;
                    self.ends_since[level] = None;
                }
            } else {
                self.ends_since[level] = None;
            }
        }
        self.alarm(sketch, all, at, was_any, &truths, began);
    }

    fn alarm(
        &mut self,
        sketch: &Sketch,
        all: &Everything,
        at: i64,
        was_any: bool,
        truths: &[Option<bool>],
        began: Option<i64>,
    ) {
        let is_any = self.latched.contains(&true);
        if is_any && !was_any {
            self.onsets.push(at);
        }
        let enough = sketch.count.is_none_or(|(times, within)| {
            self.onsets
                .iter()
                .filter(|onset| **onset > at - within)
                .count()
                >= times
        });
        let rearmed = self.ended.is_none_or(|ended| at - ended >= sketch.suppress);
        let highest = self
            .latched
            .iter()
            .rposition(|latched| *latched)
            .map(|level| SEVERITIES[level]);
        match (self.open, highest) {
            (None, Some(severity)) if enough && rearmed && truths.contains(&Some(true)) => {
                self.open = Some(severity);
                self.told.push((
                    at,
                    Change::Raised {
                        severity,
                        began: began.unwrap_or(-1),
                    },
                ));
            }
            (Some(from), Some(to)) if from != to => {
                let change = if from < to {
                    Change::Escalated { from, to }
                } else {
                    Change::Eased { from, to }
                };
                self.told.push((at, change));
                self.open = Some(to);
            }
            _ => {}
        }
        let none = if truths.contains(&Some(true)) {
            Some(false)
        } else {
            truths.iter().all(Option::is_some).then_some(true)
        };
        let (when, lasting) = sketch.clear.unwrap_or((None, 0));
        let clears = match when {
            Some(when) => and((CONDITIONS[when].means)(all, at), none),
            None if is_any || (sketch.count.is_some() && enough) => Some(false),
            None => none,
        };
        if clears == Some(true) && self.open.is_some() {
            let since = *self.clears_since.get_or_insert(at);
            if at - since >= lasting {
                self.latched.fill(false);
                self.ends_since.fill(None);
                self.end(at, Clearing::Condition);
            }
        } else {
            self.clears_since = None;
        }
    }

    fn end(&mut self, at: i64, by: Clearing) {
        self.clears_since = None;
        if self.open.take().is_some() {
            // How severe it would have been is not told of an alarm that ends.
            self.told
                .pop_if(|(told, change)| *told == at && !matches!(change, Change::Raised { .. }));
            self.ended = Some(at);
            self.told.push((at, Change::Cleared { by }));
        }
    }
}

pub(crate) const fn micros(second: i64) -> i64 {
    second * SECOND
}
