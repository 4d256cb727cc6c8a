//! What the rules ought to say, found the slow way: every second, from all samples, with no thought of what changes
//! when. It shares no code with what it judges.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use yiwang_rules::{Change, Clearing, Severity};

use crate::world::SECOND;

/// All samples, by property and second.
#[derive(Debug, Clone, Default)]
pub(crate) struct Everything {
    pub(crate) level: BTreeMap<i64, f64>,
    pub(crate) rain: BTreeMap<i64, f64>,
}

/// The second at which a dated parameter changes from 2 to 5.
pub(crate) const EDGE: i64 = 150;

impl Everything {
    fn window(&self, length: i64, at: i64) -> Vec<(i64, f64)> {
        let within = self.level.range(at - length + 1..=at);
        within.map(|(time, value)| (*time, *value)).collect()
    }

    fn level_at(&self, at: i64) -> Option<f64> {
        let (time, value) = self.level.range(..=at).next_back()?;
        (at - time < 45).then_some(*value)
    }

    fn rain_at(&self, at: i64) -> Option<f64> {
        self.rain.range(..=at).next_back().map(|(_, value)| *value)
    }

    fn last_level(&self, at: i64) -> Option<i64> {
        self.level.range(..=at).next_back().map(|(time, _)| *time)
    }
}

/// A condition, as text and as what it means.
#[derive(Clone, Copy)]
pub(crate) struct Condition {
    pub(crate) text: &'static str,
    means: fn(&Everything, i64) -> Option<bool>,
}

impl std::fmt::Debug for Condition {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.text)
    }
}

fn mean(values: &[(i64, f64)]) -> Option<f64> {
    let sum: f64 = values.iter().map(|(_, value)| value).sum();
    (!values.is_empty()).then(|| sum / values.len() as f64)
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn median(values: &[f64]) -> Option<f64> {
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(values[middle]),
        _ => Some(f64::midpoint(values[middle - 1], values[middle])),
    }
}

fn deviation(values: &[(i64, f64)]) -> Option<f64> {
    let mean = mean(values)?;
    let squares: f64 = values.iter().map(|(_, value)| (value - mean).powi(2)).sum();
    (values.len() > 1).then(|| (squares / (values.len() - 1) as f64).sqrt())
}

fn ends(values: &[(i64, f64)]) -> Option<((i64, f64), (i64, f64))> {
    (values.len() > 1).then(|| (values[0], values[values.len() - 1]))
}

fn robust_z(all: &Everything, length: i64, at: i64) -> Option<f64> {
    all.level_at(at)?;
    let window = all.window(length, all.last_level(at)?);
    if window.len() < 12 {
        return None;
    }
    let values = sorted(window.iter().map(|(_, value)| *value));
    let center = median(&values)?;
    let distances = sorted(values.iter().map(|value| (value - center).abs()));
    let mut spread = median(&distances)? * 1.4826;
    if spread == 0.0 {
        spread = distances.iter().sum::<f64>() / distances.len() as f64 * 1.2533;
    }
    let last = window[window.len() - 1].1;
    Some(if spread > 0.0 {
        (last - center) / spread
    } else {
        0.0
    })
}

pub(crate) const CONDITIONS: [Condition; 27] = [
    Condition {
        text: "level > 3",
        means: |all, at| Some(all.level_at(at)? > 3.0),
    },
    Condition {
        text: "level > 6",
        means: |all, at| Some(all.level_at(at)? > 6.0),
    },
    Condition {
        text: "level <= 1",
        means: |all, at| Some(all.level_at(at)? <= 1.0),
    },
    Condition {
        text: "rain > 4",
        means: |all, at| Some(all.rain_at(at)? > 4.0),
    },
    Condition {
        text: "level > 2 && rain > 2",
        means: |all, at| match (
            all.level_at(at).map(|level| level > 2.0),
            all.rain_at(at).map(|rain| rain > 2.0),
        ) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
    },
    Condition {
        text: "level > 5 || rain > 6",
        means: |all, at| match (
            all.level_at(at).map(|level| level > 5.0),
            all.rain_at(at).map(|rain| rain > 6.0),
        ) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
    },
    Condition {
        text: "!(level > 4)",
        means: |all, at| Some(all.level_at(at)? <= 4.0),
    },
    Condition {
        text: "has(rain) ? level > rain : level > 2",
        means: |all, at| Some(all.level_at(at)? > all.rain_at(at).unwrap_or(2.0)),
    },
    Condition {
        text: "level > limit",
        means: |all, at| Some(all.level_at(at)? > if at < EDGE { 2.0 } else { 5.0 }),
    },
    Condition {
        text: "level in [1, 4, 7]",
        means: |all, at| Some([1.0, 4.0, 7.0].contains(&all.level_at(at)?)),
    },
    Condition {
        text: "avg(level, \"20s\") > 4.1",
        means: |all, at| Some(mean(&all.window(20, at))? > 4.1),
    },
    Condition {
        text: "avg(level, \"1m\") > 4.1",
        means: |all, at| Some(mean(&all.window(60, at))? > 4.1),
    },
    Condition {
        text: "max(level, \"20s\") - min(level, \"30s\") > 5.5",
        means: |all, at| {
            let most = all
                .window(20, at)
                .into_iter()
                .map(|(_, value)| value)
                .reduce(f64::max)?;
            Some(
                most - all
                    .window(30, at)
                    .into_iter()
                    .map(|(_, value)| value)
                    .reduce(f64::min)?
                    > 5.5,
            )
        },
    },
    Condition {
        text: "max(level, \"15s\") >= 7",
        means: |all, at| {
            Some(
                all.window(15, at)
                    .into_iter()
                    .map(|(_, value)| value)
                    .reduce(f64::max)?
                    >= 7.0,
            )
        },
    },
    Condition {
        text: "sum(level, \"25s\") > 20.1",
        means: |all, at| {
            let window = all.window(25, at);
            (!window.is_empty()).then(|| window.iter().map(|(_, value)| value).sum::<f64>() > 20.1)
        },
    },
    Condition {
        text: "count(level, \"30s\") < 4",
        means: |all, at| Some(all.window(30, at).len() < 4),
    },
    Condition {
        text: "count(level > 3, \"30s\") >= 3",
        means: |all, at| {
            Some(
                all.window(30, at)
                    .iter()
                    .filter(|(_, value)| *value > 3.0)
                    .count()
                    >= 3,
            )
        },
    },
    Condition {
        text: "count(level > limit && level < 7, \"40s\") >= 2",
        means: |all, at| {
            let limit = |time: i64| if time < EDGE { 2.0 } else { 5.0 };
            let window = all.window(40, at).into_iter();
            Some(
                window
                    .filter(|(time, value)| *value > limit(*time) && *value < 7.0)
                    .count()
                    >= 2,
            )
        },
    },
    Condition {
        text: "rate(level, \"30s\") > 500.1",
        means: |all, at| {
            let (first, last) = ends(&all.window(30, at))?;
            Some((last.1 - first.1) / ((last.0 - first.0) as f64 / 3_600.0) > 500.1)
        },
    },
    Condition {
        text: "abs(delta(level, \"25s\")) > 3.5",
        means: |all, at| {
            let (first, last) = ends(&all.window(25, at))?;
            Some((last.1 - first.1).abs() > 3.5)
        },
    },
    Condition {
        text: "stddev(level, \"40s\") > 2.345678",
        means: |all, at| Some(deviation(&all.window(40, at))? > 2.345_678),
    },
    Condition {
        text: "median(level, \"30s\") > 3.7",
        means: |all, at| {
            Some(
                median(&sorted(
                    all.window(30, at).into_iter().map(|(_, value)| value),
                ))? > 3.7,
            )
        },
    },
    Condition {
        text: "first(level, \"20s\") < last(level, \"10s\")",
        means: |all, at| Some(all.window(20, at).first()?.1 < all.window(10, at).last()?.1),
    },
    Condition {
        text: "missing(level, \"25s\")",
        means: |all, at| match all.last_level(at) {
            Some(last) => Some(at - last >= 25),
            None => (at >= 25).then_some(true),
        },
    },
    Condition {
        text: "age(level) > 15",
        means: |all, at| Some(at - all.last_level(at)? > 15),
    },
    Condition {
        text: "20 <= age(level)",
        means: |all, at| Some(at - all.last_level(at)? >= 20),
    },
    Condition {
        text: "robust_z(level, \"60s\") > 1.234",
        means: |all, at| Some(robust_z(all, 60, at)? > 1.234),
    },
];

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
        let none = truths
            .iter()
            .fold(Some(true), |none, truth| and(none, not(*truth)));
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

/// Levels and rain at some seconds.
pub(crate) fn everything(end: i64) -> impl Strategy<Value = Everything> {
    let level = prop::collection::btree_map(
        0..end,
        (0_i32..36).prop_map(|quarters| f64::from(quarters) / 4.0),
        0..80,
    );
    let rain = prop::collection::btree_map(0..end, (0_i32..9).prop_map(f64::from), 0..20);
    (level, rain).prop_map(|(level, rain)| Everything { level, rain })
}

pub(crate) const fn micros(second: i64) -> i64 {
    second * SECOND
}
