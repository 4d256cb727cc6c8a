//! Limits as a scale: which grade a measured number has, and which score between 0 and 100.
//!
//! Normal scores 100 down to 85, attention below 85 down to 70, warning below 70 down to 50, alarm below 50 down to 0,
//! each a straight line over the grade's own stretch. The outermost stretches end where the range of the indicator ends;
//! where it has no end, they are as long as the stretch beside them, and where there is none, as long as the limit is
//! from zero (or 1). Beyond it the score stays. Within a band every value scores 100; outside it the distance to the
//! band counts.

use crate::{Direction, Grade, Limit, LimitValue, Op, PhysicalRange, ThresholdSet};

/// The limits of one set, ready to grade.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    sides: Vec<Side>,
    is_band: bool,
    hysteresis: f64,
}

/// One side on which values get worse, turned so that more is worse.
#[derive(Debug, Clone, PartialEq)]
struct Side {
    sign: f64,
    edges: [Option<Edge>; 3],
    best: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Edge {
    at: f64,
    is_inclusive: bool,
    /// How long the grade's own stretch is.
    width: f64,
}

/// The best and the worst score of each grade.
const SCORES: [(f64, f64); 4] = [(100.0, 85.0), (85.0, 70.0), (70.0, 50.0), (50.0, 0.0)];

impl Scale {
    /// The scale of a set; nothing where it has no limits or the indicator is not graded.
    pub fn new(set: &ThresholdSet, direction: Direction, range: PhysicalRange) -> Option<Self> {
        let limits = set.limits();
        if direction == Direction::Info || limits.iter().all(Option::is_none) {
            return None;
        }
        let side = |sign: f64| {
            let pick = |limit: &Limit| match (limit.value, limit.op) {
                (LimitValue::One(at), op) => Some((at, matches!(op, Op::AtLeast | Op::AtMost))),
                (LimitValue::Two([low, high]), Op::Outside) => {
                    Some((if sign > 0.0 { high } else { low }, false))
                }
                (LimitValue::Two(_), _) => None,
            };
            let ends = (range.min, range.max);
            Side::new(sign, limits.map(|limit| limit.and_then(pick)), ends)
        };
        let signs: &[f64] = match direction {
            Direction::LowerIsBetter => &[1.0],
            Direction::HigherIsBetter => &[-1.0],
            Direction::Band => &[1.0, -1.0],
            Direction::Info => &[],
        };
        Some(Self {
            sides: signs.iter().map(|sign| side(*sign)).collect(),
            is_band: direction == Direction::Band,
            hysteresis: set.hysteresis,
        })
    }

    /// The grade of a number by the limits alone.
    pub fn grade(&self, measured: f64) -> Grade {
        let worst = self.sides.iter().map(|side| side.grade(measured));
        worst.max().unwrap_or(Grade::Normal)
    }

    /// Whether a number is past the limit of a grade; one that has been passed is left only by the hysteresis.
    pub fn is_past(&self, measured: f64, grade: Grade, has_been: bool) -> bool {
        let ease = if has_been { self.hysteresis } else { 0.0 };
        let mut sides = self.sides.iter();
        sides.any(|side| side.is_past(measured, grade, ease))
    }

    /// The score of a number, 0 to 100.
    pub fn score(&self, measured: f64) -> f64 {
        if self.is_band && self.grade(measured) == Grade::Normal {
            return 100.0;
        }
        let scores = self.sides.iter().map(|side| side.score(measured));
        scores.fold(100.0, f64::min)
    }

    /// The limit of a grade on the side where numbers grow (`true`) or fall, as it is written.
    pub fn limit(&self, grade: Grade, rising: bool) -> Option<f64> {
        let side = self.sides.iter().find(|side| (side.sign > 0.0) == rising)?;
        Some(side.edge(grade)?.at * side.sign)
    }
}

impl Side {
    fn new(
        sign: f64,
        limits: [Option<(f64, bool)>; 3],
        (min, max): (Option<f64>, Option<f64>),
    ) -> Self {
        let turned = limits.map(|limit| limit.map(|(at, is_inclusive)| (at * sign, is_inclusive)));
        let (good_end, bad_end) = if sign > 0.0 { (min, max) } else { (max, min) };
        let (good_end, bad_end) = (
            good_end.map(|end| end * sign),
            bad_end.map(|end| end * sign),
        );
        let present: Vec<f64> = turned.iter().flatten().map(|(at, _)| *at).collect();
        let own = |at: f64| if at == 0.0 { 1.0 } else { at.abs() };
        let gap = |pair: &[f64]| match pair {
            [low, high] if high > low => Some(high - low),
            _ => None,
        };
        let first_gap = present.windows(2).find_map(gap);
        let last_gap = present.windows(2).rev().find_map(gap);
        let first = present.first().copied().unwrap_or_default();
        let best = good_end.unwrap_or_else(|| first - first_gap.unwrap_or_else(|| own(first)));
        let mut edges = [None; 3];
        for (index, edge) in edges.iter_mut().enumerate() {
            let Some(Some((at, is_inclusive))) = turned.get(index).copied() else {
                continue;
            };
            let next = turned.iter().skip(index + 1).flatten().next();
            let width = match next {
                Some((next, _)) => next - at,
                None => bad_end.map_or_else(|| last_gap.unwrap_or_else(|| own(at)), |end| end - at),
            };
            *edge = Some(Edge {
                at,
                is_inclusive,
                width: width.max(0.0),
            });
        }
        Self { sign, edges, best }
    }

    fn edge(&self, grade: Grade) -> Option<Edge> {
        let index = grade.rank().checked_sub(1)?;
        self.edges.get(index).copied().flatten()
    }

    fn is_past(&self, measured: f64, grade: Grade, ease: f64) -> bool {
        let badness = measured * self.sign;
        self.edge(grade).is_some_and(|edge| {
            let at = edge.at - ease * edge.width;
            badness > at || (edge.is_inclusive && badness >= at)
        })
    }

    fn grade(&self, measured: f64) -> Grade {
        let worst_first = [Grade::Alarm, Grade::Warning, Grade::Attention];
        let past = |grade: &Grade| self.is_past(measured, *grade, 0.0);
        worst_first.into_iter().find(past).unwrap_or(Grade::Normal)
    }

    fn score(&self, measured: f64) -> f64 {
        let badness = measured * self.sign;
        let grade = self.grade(measured);
        let (from, width) = if let Some(edge) = self.edge(grade) {
            (edge.at, edge.width)
        } else {
            let first = self.edges.iter().flatten().next();
            let end = first.map_or(self.best, |edge| edge.at);
            (self.best, (end - self.best).max(0.0))
        };
        let (high, low) = SCORES.get(grade.rank()).copied().unwrap_or((0.0, 0.0));
        // A stretch without length has no inner: its normal values are the best there are, its alarms the worst.
        let part = if width > 0.0 {
            ((badness - from) / width).clamp(0.0, 1.0)
        } else if grade == Grade::Normal {
            0.0
        } else {
            1.0
        };
        let score = high - part * (high - low);
        // What is graded worse scores below the better grade's least score, also exactly at the limit.
        if grade == Grade::Normal {
            score
        } else {
            score.min(high.next_down())
        }
    }
}
