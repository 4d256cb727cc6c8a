//! Windows: what is kept of the last so much time of one slot, so that its functions need no second look at the
//! samples.

use std::collections::VecDeque;

use crate::{
    operands::{Anchor, Function},
    series::{Sample, Series},
};

mod change;
mod extremes;
mod hours;
mod moments;
mod ordered;

use extremes::Extremes;
pub(crate) use hours::Hours;
use moments::Moments;
use ordered::Ordered;

/// How a window of a set is computed. The same for all objects.
#[derive(Debug, Clone)]
pub(crate) struct WindowPlan {
    pub(crate) slot: usize,
    pub(crate) lapse: i64,
    pub(crate) anchor: Anchor,
    /// What is asked of it, and the place in the bank for each answer.
    pub(crate) outputs: Vec<(Function, usize)>,
    /// Whether an answer changes whenever the oldest sample leaves.
    pub(crate) by_front: bool,
}

impl WindowPlan {
    pub(crate) fn new(slot: usize, lapse: i64, anchor: Anchor) -> Self {
        Self {
            slot,
            lapse,
            anchor,
            outputs: Vec::new(),
            by_front: false,
        }
    }

    pub(crate) fn ask(&mut self, function: Function, place: usize) {
        let by_parts = matches!(
            function,
            Function::Least | Function::Most | Function::Last | Function::CountOf(_)
        );
        self.by_front |= !by_parts;
        self.outputs.push((function, place));
    }
}

/// Something kept beside the samples.
#[derive(Debug, Clone)]
enum Part {
    Moments(Moments),
    Extremes(Extremes),
    Ordered(Ordered),
    /// The times of the samples for which a predicate held.
    Counted(usize, VecDeque<i64>),
}

/// One window of one object.
#[derive(Debug, Clone)]
pub(crate) struct Window {
    /// The number of its first sample.
    tail: u64,
    /// Not later than the instant at which time alone changes an answer.
    expires: i64,
    parts: Box<[Part]>,
}

/// Tells whether a predicate holds for the sample that was seen last.
pub(crate) type Holds<'a> = &'a mut dyn FnMut(usize) -> bool;

impl Window {
    pub(crate) fn new(plan: &WindowPlan) -> Self {
        let mut parts = Vec::new();
        let functions = || plan.outputs.iter().map(|(function, _)| *function);
        let sums = |function| {
            matches!(
                function,
                Function::Average | Function::Sum | Function::Deviation
            )
        };
        if functions().any(sums) {
            parts.push(Part::Moments(Moments::default()));
        }
        for function in functions() {
            match function {
                Function::Least => parts.push(Part::Extremes(Extremes::least())),
                Function::Most => parts.push(Part::Extremes(Extremes::most())),
                Function::CountOf(predicate) => {
                    parts.push(Part::Counted(predicate, VecDeque::new()));
                }
                _ => {}
            }
        }
        if functions().any(|function| matches!(function, Function::Median | Function::RobustZ(_))) {
            parts.push(Part::Ordered(Ordered::default()));
        }
        Self {
            tail: 0,
            expires: i64::MAX,
            parts: parts.into(),
        }
    }

    /// Takes in the sample that was seen last.
    #[inline]
    pub(crate) fn take(&mut self, plan: &WindowPlan, sample: Sample, holds: Holds<'_>) {
        if plan.anchor == Anchor::Now {
            // What was in it before expires before, or is forgotten: then this is looked at too early, once.
            self.expires = self.expires.min(sample.0.saturating_add(plan.lapse));
        }
        for part in &mut self.parts {
            match part {
                Part::Moments(moments) => moments.add(sample.1),
                Part::Extremes(extremes) => extremes.add(sample),
                Part::Ordered(ordered) => ordered.add(sample.1),
                Part::Counted(predicate, times) => {
                    if holds(*predicate) {
                        times.push_back(sample.0);
                    }
                }
            }
        }
    }

    /// Lets go of everything up to an instant. Tells whether anything went.
    pub(crate) fn leave(&mut self, until: i64, series: &Series) -> bool {
        let before = self.tail;
        self.tail = self.tail.max(series.first_number());
        let mut is_changed = false;
        while self.tail < series.seen()
            && let Some(sample) = series.get(self.tail)
            && sample.0 <= until
        {
            self.tail += 1;
            self.lose(sample);
        }
        for part in &mut self.parts {
            match part {
                Part::Extremes(extremes) => is_changed |= extremes.leave(until),
                Part::Counted(_, times) => is_changed |= leave(times, until),
                Part::Moments(moments) => moments.refresh(|| series.seen_from(self.tail)),
                Part::Ordered(_) => {}
            }
        }
        is_changed || before != self.tail
    }

    fn lose(&mut self, sample: Sample) {
        for part in &mut self.parts {
            match part {
                Part::Moments(moments) => moments.remove(sample.1),
                Part::Ordered(ordered) => ordered.remove(sample.1),
                Part::Extremes(_) | Part::Counted(..) => {}
            }
        }
    }

    /// The first sample is about to be dropped for want of room.
    pub(crate) fn forgo(&mut self, series: &Series) {
        if let Some(first) = series.get(series.first_number()) {
            self.leave(first.0, series);
        }
    }

    /// Fills the window anew with what lies within it at an instant.
    pub(crate) fn refill(
        &mut self,
        plan: &WindowPlan,
        series: &Series,
        at: i64,
        holds: &mut dyn FnMut(usize, Sample) -> bool,
    ) {
        *self = Self::new(plan);
        let end = match plan.anchor {
            Anchor::Sample => series.last().map_or(at, |(time, _)| time),
            Anchor::Now | Anchor::Hours => at,
        };
        self.tail = series
            .number_after(end.saturating_sub(plan.lapse))
            .min(series.seen());
        for sample in series.seen_from(self.tail) {
            self.take(plan, sample, &mut |predicate| holds(predicate, sample));
        }
    }

    /// Not later than the instant at which time alone changes an answer.
    #[inline]
    pub(crate) const fn expires(&self) -> i64 {
        self.expires
    }

    /// Lets time pass. Tells whether anything has left.
    pub(crate) fn expire(&mut self, plan: &WindowPlan, series: &Series, at: i64) -> bool {
        let is_changed = self.leave(at.saturating_sub(plan.lapse), series);
        self.expires = self
            .first(plan, series)
            .map_or(i64::MAX, |time| time.saturating_add(plan.lapse));
        is_changed
    }

    /// When the first sample was observed whose leaving changes an answer.
    fn first(&self, plan: &WindowPlan, series: &Series) -> Option<i64> {
        let mut first: Option<i64> = None;
        let mut note = |time: Option<i64>| {
            if let Some(time) = time {
                first = Some(first.map_or(time, |earlier| earlier.min(time)));
            }
        };
        if plan.by_front && self.tail < series.seen() {
            note(series.get(self.tail).map(|(time, _)| time));
        }
        for part in &self.parts {
            match part {
                Part::Extremes(extremes) => note(extremes.first()),
                Part::Counted(_, times) => note(times.front().copied()),
                Part::Moments(_) | Part::Ordered(_) => {}
            }
        }
        if plan
            .outputs
            .iter()
            .any(|(function, _)| *function == Function::Last)
        {
            let last = series.last().map(|(time, _)| time);
            // Once it has left, nothing more leaves until the next sample.
            note(last.filter(|_| self.tail < series.seen()));
        }
        first
    }

    /// Writes all answers to the bank.
    pub(crate) fn answer(&self, plan: &WindowPlan, series: &Series, bank: &mut [f64]) {
        for (function, place) in &plan.outputs {
            let answer = self.value(*function, series);
            if let Some(place) = bank.get_mut(*place) {
                *place = answer.unwrap_or(f64::NAN);
            }
        }
    }

    fn value(&self, function: Function, series: &Series) -> Option<f64> {
        let count = series.seen().saturating_sub(self.tail);
        let last = || series.last().filter(|_| count > 0);
        let ends = || Some((series.get(self.tail)?, last()?)).filter(|_| count > 1);
        match function {
            Function::Count => Some(count as f64),
            Function::First => series
                .get(self.tail)
                .filter(|_| count > 0)
                .map(|(_, value)| value),
            Function::Last => last().map(|(_, value)| value),
            Function::Delta => ends().map(|(first, last)| last.1 - first.1),
            Function::Rate => ends().map(|(first, last)| {
                let hours = (last.0 - first.0) as f64 / crate::duration::HOUR as f64;
                (last.1 - first.1) / hours
            }),
            Function::Average => self.moments()?.mean(),
            Function::Sum => self.moments()?.sum(),
            Function::Deviation => self.moments()?.deviation(),
            Function::Least => self.extremes(true)?.value(),
            Function::Most => self.extremes(false)?.value(),
            Function::CountOf(predicate) => self.counted(predicate).map(|count| count as f64),
            Function::Median => self.ordered()?.median(),
            Function::RobustZ(floor) => self.ordered()?.score(last()?.1, floor),
            Function::Change(floor) => change::score(series.seen_from(self.tail), floor),
            Function::SeasonalZ(_) | Function::Baseline => None,
        }
    }

    fn moments(&self) -> Option<&Moments> {
        self.parts.iter().find_map(|part| match part {
            Part::Moments(moments) => Some(moments),
            _ => None,
        })
    }

    fn extremes(&self, is_least: bool) -> Option<&Extremes> {
        self.parts.iter().find_map(|part| match part {
            Part::Extremes(extremes) if extremes.is_least() == is_least => Some(extremes),
            _ => None,
        })
    }

    fn ordered(&self) -> Option<&Ordered> {
        self.parts.iter().find_map(|part| match part {
            Part::Ordered(ordered) => Some(ordered),
            _ => None,
        })
    }

    fn counted(&self, predicate: usize) -> Option<usize> {
        self.parts.iter().find_map(|part| match part {
            Part::Counted(one, times) if *one == predicate => Some(times.len()),
            _ => None,
        })
    }

    pub(crate) fn bytes(&self) -> usize {
        let parts = self.parts.iter().map(|part| match part {
            Part::Moments(_) => 0,
            Part::Extremes(extremes) => extremes.bytes(),
            Part::Ordered(ordered) => ordered.bytes(),
            Part::Counted(_, times) => times.capacity() * size_of::<i64>(),
        });
        size_of_val(&*self.parts) + parts.sum::<usize>()
    }
}

fn leave(times: &mut VecDeque<i64>, until: i64) -> bool {
    let before = times.len();
    while times.front().is_some_and(|time| *time <= until) {
        times.pop_front();
    }
    before != times.len()
}
