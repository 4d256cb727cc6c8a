//! Grades over time: they change only after their duration, are left with hysteresis, and go grey without fresh values.

use serde::{Deserialize, Serialize};

use crate::{Baseline, IndicatorEntry, Measured, Scale, baseline::midnight};

/// How an indicator stands.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// 正常
    #[default]
    Normal,
    /// 关注
    Attention,
    /// 预警
    Warning,
    /// 告警
    Alarm,
}

impl Grade {
    /// Those that have a limit, the mildest first.
    pub const LIMITED: [Self; 3] = [Self::Attention, Self::Warning, Self::Alarm];

    /// 0 for normal to 3 for alarm.
    pub const fn rank(self) -> usize {
        self as usize
    }
}

/// What is shown of an indicator.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// Its grade.
    Graded(Grade),
    /// 数据中断: there is no value, or it is too old to be shown as if it were of now.
    #[default]
    Stale,
    /// There is a value, but nothing to measure it by: no baseline yet, no limits in force.
    Ungraded,
}

/// A value as it comes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// When it was so, microseconds since 1970 UTC.
    pub at: i64,
    /// The indicator's value.
    pub value: f64,
    /// What was usual then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
}

/// All that is kept of one indicator in one area.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct GradeState {
    /// What is shown.
    pub shown: Shown,
    /// Since when.
    pub since: i64,
    /// The last reading; it holds until the next, or until it is too old.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Reading>,
    latches: [Latch; 3],
    /// Up to which instant time has passed for it.
    clock: i64,
}

/// One limit: whether it counts as crossed, and since when that has been contradicted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Latch {
    is_set: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    turning_since: Option<i64>,
}

/// What is told when the shown grade changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradeChange {
    /// What was shown.
    pub from: Shown,
    /// What is shown now.
    pub to: Shown,
    /// Since when; not later than it was decided.
    pub at: i64,
}

/// The limits of one indicator with their dates, ready to grade.
#[derive(Debug, Clone, PartialEq)]
pub struct Grading {
    sets: Vec<DatedScale>,
    lag: i64,
}

#[derive(Debug, Clone, PartialEq)]
struct DatedScale {
    from: i64,
    on: Measured,
    scale: Option<Scale>,
    lasting: i64,
}

impl Grading {
    /// Of an entry without faults; its days begin at midnight so many minutes east of UTC.
    pub fn new(entry: &IndicatorEntry, utc_offset_minutes: i16) -> Self {
        let sets = entry.thresholds.iter().map(|set| DatedScale {
            from: set
                .valid_from
                .map_or(i64::MIN, |day| midnight(day, utc_offset_minutes)),
            on: set.on,
            scale: Scale::new(set, entry.direction, entry.range),
            lasting: set.lasting.map_or(0, crate::Duration::as_micros),
        });
        let mut sets: Vec<DatedScale> = sets.collect();
        sets.sort_by_key(|set| set.from);
        Self {
            sets,
            lag: entry.lag(),
        }
    }

    /// The score of a reading by the limits in force at its time; nothing where there are none or nothing is usual.
    pub fn score(&self, reading: &Reading) -> Option<f64> {
        let set = self.in_force(reading.at)?;
        Some(set.scale.as_ref()?.score(set.measured(reading)?))
    }

    /// The scale in force at an instant, and what it measures.
    pub fn scale(&self, at: i64) -> Option<(&Scale, Measured)> {
        let set = self.in_force(at)?;
        Some((set.scale.as_ref()?, set.on))
    }

    /// How old a value may be, microseconds.
    pub fn lag(&self) -> i64 {
        self.lag
    }

    /// Takes a reading, if there is one, and lets time pass until `now`. A reading older than the last one is not
    /// taken. History is replayed by giving each reading its own time as `now`.
    pub fn judge(
        &self,
        state: GradeState,
        reading: Option<Reading>,
        now: i64,
    ) -> (GradeState, Option<GradeChange>) {
        let before = state.shown;
        let mut state = state;
        if let Some(reading) = reading.filter(|reading| reading.value.is_finite()) {
            let at = reading.at.min(now);
            if state.last.is_none_or(|last| last.at <= at) {
                self.pass(&mut state, at);
                state.last = Some(Reading { at, ..reading });
                state.clock = state.clock.max(at);
                self.weigh(&mut state, at);
                self.pass(&mut state, at);
            }
        }
        self.pass(&mut state, now);
        let change = (state.shown != before).then_some(GradeChange {
            from: before,
            to: state.shown,
            at: state.since,
        });
        (state, change)
    }

    /// Takes a value that too little stands behind: it is shown and not judged, and what was judged before it does not
    /// go on.
    pub fn judge_few(
        &self,
        state: GradeState,
        at: i64,
        now: i64,
    ) -> (GradeState, Option<GradeChange>) {
        let before = state.shown;
        let mut state = GradeState {
            last: None,
            latches: <[Latch; 3]>::default(),
            clock: state.clock.max(now),
            ..state
        };
        show(&mut state, Shown::Ungraded, at.min(now));
        let change = (state.shown != before).then_some(GradeChange {
            from: before,
            to: state.shown,
            at: state.since,
        });
        (state, change)
    }

    /// The next instant at which time alone changes something; nothing is missed by judging then.
    pub fn wake(&self, state: &GradeState) -> Option<i64> {
        let last = state.last?;
        let stale = (state.shown != Shown::Stale).then_some(last.at + self.lag + 1);
        let edges = self.sets.iter().map(|set| set.from);
        let edge = edges.filter(|edge| *edge > state.clock).min();
        let turns = self.turns(state).map(|(_, at)| at);
        [stale, edge, turns].into_iter().flatten().min()
    }

    /// Lets time pass, with the last reading as it is.
    fn pass(&self, state: &mut GradeState, until: i64) {
        while let Some(last) = state.last {
            let ends = last.at + self.lag;
            let edges = self.sets.iter().map(|set| set.from);
            let edge = edges
                .filter(|edge| *edge > state.clock && *edge <= until)
                .min();
            let bound = edge.unwrap_or(until).min(ends);
            if let Some((rank, at)) = self.turns(state).filter(|(_, at)| *at <= bound) {
                Self::turn(state, rank, at);
                continue;
            }
            if until > ends && edge.is_none_or(|edge| edge > ends) {
                show(state, Shown::Stale, ends + 1);
                // What has not been heard of is not known to hold.
                for latch in &mut state.latches {
                    latch.turning_since = None;
                }
                break;
            }
            let Some(edge) = edge else { break };
            state.clock = edge;
            self.weigh(state, edge);
        }
        state.clock = state.clock.max(until);
    }

    /// Which latch turns next, and when.
    fn turns(&self, state: &GradeState) -> Option<(usize, i64)> {
        let lasting = self.in_force(state.clock)?.lasting;
        let latches = state.latches.iter().enumerate();
        latches
            .filter_map(|(rank, latch)| Some((rank, latch.turning_since? + lasting)))
            .min_by_key(|(_, at)| *at)
    }

    fn turn(state: &mut GradeState, rank: usize, at: i64) {
        if let Some(latch) = state.latches.get_mut(rank) {
            latch.is_set = !latch.is_set;
            latch.turning_since = None;
        }
        Self::reshow(state, at);
    }

    /// Compares the last reading with every limit.
    fn weigh(&self, state: &mut GradeState, at: i64) {
        let set = self.in_force(at);
        let scale = set.and_then(|set| set.scale.as_ref());
        let measured = set
            .zip(state.last)
            .and_then(|(set, last)| set.measured(&last));
        let (Some(scale), Some(measured)) = (scale, measured) else {
            for latch in &mut state.latches {
                latch.turning_since = None;
            }
            show(state, Shown::Ungraded, at);
            return;
        };
        for (grade, latch) in Grade::LIMITED.into_iter().zip(&mut state.latches) {
            let holds = scale.is_past(measured, grade, latch.is_set);
            latch.turning_since =
                (holds != latch.is_set).then(|| latch.turning_since.unwrap_or(at));
        }
        Self::reshow(state, at);
    }

    fn reshow(state: &mut GradeState, at: i64) {
        let worst = Grade::LIMITED
            .into_iter()
            .zip(&state.latches)
            .filter(|(_, latch)| latch.is_set)
            .map(|(grade, _)| grade)
            .max();
        show(state, Shown::Graded(worst.unwrap_or_default()), at);
    }

    fn in_force(&self, at: i64) -> Option<&DatedScale> {
        self.sets.iter().rev().find(|set| set.from <= at)
    }
}

impl DatedScale {
    fn measured(&self, reading: &Reading) -> Option<f64> {
        self.on.of(reading.value, reading.baseline.as_ref())
    }
}

fn show(state: &mut GradeState, shown: Shown, at: i64) {
    if state.shown != shown {
        state.shown = shown;
        state.since = at;
    }
}
