//! The city's numbers as they stand, in memory, and one step of computing them: dense, without IO, on a thread of its
//! own.

mod step;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use yiwang_contracts::OrgId;
use yiwang_vital_rules::{Baseline, Board, Cell, Formula, GradeState, Lamp, Shown, lamp};

pub(crate) use step::{Outcome, graded, unit_of};

use crate::facts::MINUTE;
use crate::policy::Policy;
use crate::store::states::{INDEX, IndexTold, Kept};

/// Everything that was computed.
#[derive(Debug)]
pub(crate) struct Live {
    pub policy: Arc<Policy>,
    pub board: Board,
    /// Of each indicator and area.
    states: Vec<GradeState>,
    /// Whether each cell was not too old when it was looked at last.
    timely: Vec<bool>,
    /// When each row is to be brought again, microseconds since 1970 UTC.
    due: Vec<i64>,
    /// What each row had heard when it was brought last.
    heard: Vec<Heard>,
    /// When what is usual is to be looked up again, for each indicator.
    usual_due: Vec<i64>,
    /// What was told of each area's index.
    told: Vec<IndexTold>,
    index_kept: i64,
    /// Who hears of an indicator: its owner; of an area: who governs it or what it lies in.
    pub owners: Vec<Option<OrgId>>,
    pub governors: Vec<Vec<OrgId>>,
    pub computed_at: Option<i64>,
}

/// A row that hears of something new is brought again, but not before this part of its refresh is over.
const STIRRED_PARTS: i64 = 20;

/// What a row had heard when it was brought.
#[derive(Debug, Clone, Copy)]
struct Heard {
    newest: i64,
    brought_at: i64,
}

impl Default for Heard {
    fn default() -> Self {
        Self {
            newest: i64::MIN,
            // Far enough back, and no sum with it overflows.
            brought_at: i64::MIN / 2,
        }
    }
}

/// What happened since the pass before.
#[derive(Debug, Default)]
pub(crate) struct News {
    /// Did anything happen to a case?
    pub cases: bool,
    /// Counts what happened to alarms.
    pub alarms: i64,
    /// When each profile's property was observed last.
    pub observed: HashMap<(String, String), i64>,
    /// When each question to the lake was answered last, by indicator.
    pub answered: HashMap<String, i64>,
}

impl News {
    /// Grows with what a formula counts.
    fn newest(&self, code: &str, formula: &Formula) -> i64 {
        let of = |profiles: &[String], property: &String| {
            let keys = profiles
                .iter()
                .map(|profile| (profile.clone(), property.clone()));
            let times = keys.filter_map(|key| self.observed.get(&key).copied());
            times.max().unwrap_or(i64::MIN)
        };
        match formula {
            Formula::Last(last) => of(&last.profiles, &last.property),
            Formula::Window(window) => of(&window.profiles, &window.property),
            Formula::Alarms(_) => self.alarms,
            Formula::Sql(_) => self.answered.get(code).copied().unwrap_or(i64::MIN),
            _ => i64::MIN,
        }
    }
}

/// What a step is given.
#[derive(Debug, Default)]
pub(crate) struct Brought {
    /// The rows that were asked for.
    pub rows: Vec<usize>,
    pub cells: Vec<(usize, usize, Cell)>,
    pub usual: Vec<(usize, usize, Option<Baseline>)>,
}

impl Live {
    pub(crate) fn new(
        policy: Arc<Policy>,
        owners: Vec<Option<OrgId>>,
        governors: Vec<Vec<OrgId>>,
    ) -> Self {
        let (areas, indicators) = (policy.areas.len(), policy.indicators.len());
        let rows = policy.engine.graph().rows().len();
        Self {
            board: policy.engine.board(),
            states: vec![GradeState::default(); indicators * areas],
            timely: vec![false; rows * areas],
            due: vec![i64::MIN; rows],
            heard: vec![Heard::default(); rows],
            usual_due: vec![i64::MIN; indicators],
            told: vec![IndexTold::default(); areas],
            index_kept: i64::MIN,
            owners,
            governors,
            computed_at: None,
            policy,
        }
    }

    /// The rows that are to be brought again, and notes when each is next.
    pub(crate) fn take_due(&mut self, news: &News, now: i64) -> Vec<usize> {
        let policy = Arc::clone(&self.policy);
        let mut rows = Vec::new();
        for (row, (due, heard)) in self.due.iter_mut().zip(&mut self.heard).enumerate() {
            let Some(formula) = policy.formula(row) else {
                continue;
            };
            let of_row = policy.engine.graph().rows().get(row);
            let Some(entry) = of_row.and_then(|of_row| policy.entry(of_row.indicator)) else {
                continue;
            };
            let refresh = entry.refresh.as_micros();
            let newest = news.newest(&entry.code, formula);
            let is_stirred = match formula {
                Formula::Feed(_) => true,
                Formula::Cases(_) => news.cases,
                // It was asked no more often than it may be.
                Formula::Sql(_) => newest > heard.newest,
                // Whoever speaks all the time is not asked all the time.
                _ => newest > heard.newest && now >= heard.brought_at + refresh / STIRRED_PARTS,
            };
            if *due <= now || is_stirred {
                *due = now + refresh;
                *heard = Heard {
                    newest,
                    brought_at: now,
                };
                rows.push(row);
            }
        }
        rows
    }

    /// Lets rows be brought again in the next pass: what was taken could not be computed.
    pub(crate) fn give_back(&mut self) {
        self.due.fill(i64::MIN);
        self.computed_at = None;
    }

    /// The indicators whose usual values are to be looked up, at most so many.
    pub(crate) fn take_usual_due(&mut self, most: usize, every: i64, now: i64) -> Vec<usize> {
        let policy = Arc::clone(&self.policy);
        let mut due = Vec::new();
        // A past that has just been sent makes something usual where nothing was.
        let is_known = |indicator: usize| {
            policy
                .top
                .is_some_and(|top| self.board.baseline(indicator, top).is_some())
        };
        for (indicator, at) in self.usual_due.iter_mut().enumerate() {
            let has = policy
                .entry(indicator)
                .is_some_and(|entry| !entry.baseline.is_none());
            if has && *at <= now && due.len() < most {
                *at = now + if is_known(indicator) { every } else { MINUTE };
                due.push(indicator);
            }
        }
        due
    }

    pub(crate) fn state(&self, indicator: usize, area: usize) -> GradeState {
        let place = indicator * self.policy.areas.len() + area;
        self.states.get(place).copied().unwrap_or_default()
    }

    fn set_state(&mut self, indicator: usize, area: usize, state: GradeState) {
        let place = indicator * self.policy.areas.len() + area;
        if let Some(own) = self.states.get_mut(place) {
            *own = state;
        }
    }

    /// What is shown of an indicator; nothing where there is nothing to say or nothing was ever heard.
    pub(crate) fn shown(&self, indicator: usize, area: usize, now: i64) -> Option<Shown> {
        let entry = self.policy.entry(indicator)?;
        let cell = self.board.cell(indicator, area);
        if entry.waiting || cell.at == i64::MIN {
            return None;
        }
        if cell.is_timely(now, entry.lag()) && cell.value.is_nan() {
            return None;
        }
        let state = self.state(indicator, area);
        // What too little stands behind is not judged, and grows old all the same.
        if state.last.is_none() && !cell.is_timely(now, entry.lag()) {
            return Some(Shown::Stale);
        }
        Some(state.shown)
    }

    /// The lamp of an area. No response is known to the platform, so that none raises it.
    pub(crate) fn lamp(&self, area: usize) -> Option<Lamp> {
        lamp(self.board.city(area).score, None, &self.policy.index)
    }

    /// Forgets all grades: those that are kept are taken over after this, and the others are found anew and told.
    pub(crate) fn forget(&mut self) {
        self.states.fill(GradeState::default());
        self.told.fill(IndexTold::default());
        self.give_back();
    }

    /// Takes over what was kept, so that nothing is told twice and nothing is forgotten.
    pub(crate) fn restore(&mut self, kept: &[(String, String, String)]) {
        let policy = Arc::clone(&self.policy);
        let areas: HashMap<&str, usize> = policy
            .kept()
            .map(|(place, area)| (area.code.as_str(), place))
            .collect();
        for (code, area, state) in kept {
            let Some(area) = areas.get(area.as_str()).copied() else {
                continue;
            };
            if code == INDEX {
                let told = serde_json::from_str(state).unwrap_or_default();
                if let Some(own) = self.told.get_mut(area) {
                    *own = told;
                }
            } else if let (Some(indicator), Ok(kept)) =
                (policy.indicator(code), serde_json::from_str::<Kept>(state))
            {
                self.set_state(indicator, area, kept.state);
                // What is already known here is not older.
                if self.board.cell(indicator, area).at < kept.at {
                    self.board.set(indicator, area, kept.cell());
                }
            }
        }
    }
}
