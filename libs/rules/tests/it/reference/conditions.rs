//! Conditions as texts, and what they mean when all samples are looked at every time.

use std::collections::BTreeMap;

use proptest::prelude::*;

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
    pub(crate) means: fn(&Everything, i64) -> Option<bool>,
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
