//! One step: new numbers in, what follows computed, grades judged, and what is to be kept and told out.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::json;
use yiwang_contracts::{EventScope, NewEvent, OrgId};
use yiwang_kernel::{Text, Uuid, from_micros, sha256};
use yiwang_vital_rules::{
    Grade, GradeChange, IndicatorEntry, Influence, NoHistory, Reading, Shown, Step, Title,
};

use super::{Brought, Live};
use crate::facts::MINUTE;
use crate::notice::{Follow, Notice, NoticeId};
use crate::store::breaches::Turn;
use crate::store::states::{INDEX, IndexTold, Kept};
use crate::store::values::ValueRow;

/// How often the index and the domains' scores are kept.
const INDEX_KEPT_EVERY: i64 = MINUTE;
/// An index that moved less is not told anew.
const TOLD_FROM: f64 = 1.0;
/// In the place of a version: of what is made of many indicators.
const NO_VERSION: i64 = 0;

/// What a step leaves to be kept and told.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Code, area, state.
    pub states: Vec<(String, String, String)>,
    pub values: Vec<ValueRow>,
    pub events: Vec<NewEvent>,
    pub notices: Vec<Notice>,
    pub turns: Vec<Turn>,
    /// How many numbers were computed.
    pub computed: usize,
}

/// An indicator or the index in an area: the same pair always has the same id.
pub(crate) fn unit_of(code: &str, area: &str) -> Uuid {
    let digest = sha256(format!("vital\n{code}\n{area}").as_bytes());
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(digest.iter()) {
        *to = *from;
    }
    // Version 8 and variant of RFC 9562.
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    Uuid::from_bytes(bytes)
}

impl Live {
    /// Computes everything that follows from new numbers and from time.
    pub(crate) fn step(&mut self, brought: Brought, now: i64) -> Outcome {
        let policy = Arc::clone(&self.policy);
        let mut changed = self.take(brought, now);
        if self.computed_at.is_none() {
            changed.extend(self.all_kept());
        }
        let plan = policy.engine.plan(&changed);
        policy.engine.run(&plan, &mut self.board, now, &NoHistory);
        let touched = self.touched(&changed, plan.steps());
        let mut outcome = Outcome {
            computed: plan.steps().len(),
            ..Outcome::default()
        };
        self.judge(&touched, now, &mut outcome);
        self.look_at_age(now, &mut |_, _| {});
        self.tell_index(now, &mut outcome);
        self.computed_at = Some(now);
        outcome
    }

    /// Everything that can count in an index. What was never heard of is interrupted too, and a first step says so: an
    /// index of what happens to be there already would be of another city.
    fn all_kept(&self) -> impl Iterator<Item = (usize, usize)> {
        let policy = &self.policy;
        let scored = policy.indicators.iter().enumerate();
        let scored = scored.filter(|(_, versioned)| versioned.entry.is_scored());
        scored.flat_map(move |(place, versioned)| {
            let space = versioned.entry.grain.space;
            let areas = policy.kept().filter(move |(_, area)| area.level <= space);
            areas.map(move |(area, _)| (place, area))
        })
    }

    /// Sets the numbers; answers which cells changed, those among them that have become too old or fresh again.
    fn take(&mut self, brought: Brought, now: i64) -> Vec<(usize, usize)> {
        let mut changed = Vec::new();
        self.ask_again(&brought, now);
        for (row, area, cell) in brought.cells {
            let before = self.board.cell(row, area);
            let is_same = before.at == cell.at
                && before.value.to_bits() == cell.value.to_bits()
                && before.weight.to_bits() == cell.weight.to_bits();
            if !is_same || self.computed_at.is_none() {
                self.board.set(row, area, cell);
                changed.push((row, area));
            }
        }
        for (indicator, area, usual) in brought.usual {
            if self.board.baseline(indicator, area) != usual {
                self.board.set_baseline(indicator, area, usual);
                changed.push((indicator, area));
            }
        }
        self.look_at_age(now, &mut |row, area| changed.push((row, area)));
        changed
    }

    /// Rows that have no number anywhere are brought again soon: what they count may just have begun to speak.
    fn ask_again(&mut self, brought: &Brought, now: i64) {
        let known = brought
            .cells
            .iter()
            .filter(|(.., cell)| cell.value.is_finite());
        let known: HashSet<usize> = known.map(|(row, ..)| *row).collect();
        for row in brought.rows.iter().filter(|row| !known.contains(row)) {
            if let Some(due) = self.due.get_mut(*row) {
                *due = (*due).min(now + MINUTE);
            }
        }
    }

    fn look_at_age(&mut self, now: i64, turned: &mut impl FnMut(usize, usize)) {
        let policy = Arc::clone(&self.policy);
        let areas = policy.areas.len();
        for (row, of_row) in policy.engine.graph().rows().iter().enumerate() {
            for area in 0..areas {
                let is_timely = self.board.cell(row, area).is_timely(now, of_row.lag);
                if let Some(known) = self.timely.get_mut(row * areas + area)
                    && *known != is_timely
                {
                    *known = is_timely;
                    turned(row, area);
                }
            }
        }
    }

    /// The indicators and areas with a number that may be another one now.
    fn touched(&self, changed: &[(usize, usize)], steps: &[Step]) -> Vec<bool> {
        let (indicators, areas) = (self.policy.indicators.len(), self.policy.areas.len());
        let mut touched = vec![false; indicators * areas];
        let mut touch = |row: usize, area: usize| {
            if row < indicators
                && let Some(touched) = touched.get_mut(row * areas + area)
            {
                *touched = true;
            }
        };
        for (row, area) in changed {
            touch(*row, *area);
        }
        for step in steps {
            match *step {
                Step::Rollup { row, area } | Step::Derive { row, area } => touch(row, area),
                Step::Score { indicator, area } => touch(indicator, area),
                Step::Domain { .. } | Step::City { .. } => {}
            }
        }
        touched
    }

    fn judge(&mut self, touched: &[bool], now: i64, outcome: &mut Outcome) {
        let policy = Arc::clone(&self.policy);
        let areas = policy.areas.len();
        for (indicator, versioned) in policy.indicators.iter().enumerate() {
            let Some(grading) = policy.gradings.get(indicator) else {
                continue;
            };
            if versioned.entry.waiting {
                continue;
            }
            for area in 0..areas {
                let is_touched = touched.get(indicator * areas + area) == Some(&true);
                let state = self.state(indicator, area);
                if is_touched || grading.wake(&state).is_some_and(|at| at <= now) {
                    self.judge_one((indicator, area), is_touched, now, outcome);
                }
            }
        }
    }

    fn judge_one(
        &mut self,
        (indicator, area): (usize, usize),
        is_touched: bool,
        now: i64,
        outcome: &mut Outcome,
    ) {
        let policy = Arc::clone(&self.policy);
        let (Some(versioned), Some(grading), Some(of_area)) = (
            policy.indicators.get(indicator),
            policy.gradings.get(indicator),
            policy.areas.get(area),
        ) else {
            return;
        };
        let (entry, state) = (&versioned.entry, self.state(indicator, area));
        let cell = self.board.cell(indicator, area);
        let is_there = cell.value.is_finite() && cell.is_timely(now, entry.lag());
        let reading = (is_touched && is_there).then(|| Reading {
            at: cell.at,
            value: cell.value,
            baseline: self.board.baseline(indicator, area),
        });
        let is_enough = entry.is_enough(cell.weight);
        let (judged, change) = if reading.is_some() && !is_enough {
            grading.judge_few(state, cell.at, now)
        } else {
            grading.judge(state, reading, now)
        };
        self.set_state(indicator, area, judged);
        if !of_area.is_kept {
            return;
        }
        if let Some(change) = change {
            outcome.turns.push(Turn {
                indicator: entry.code.clone(),
                area: of_area.code.0.clone(),
                at: change.at,
                to: graded(change.to),
                value: cell.value,
            });
            self.tell(
                (indicator, area),
                change,
                state.last.is_none(),
                now,
                outcome,
            );
        }
        if change.is_some() || reading.is_some() {
            let kept = serde_json::to_string(&Kept::of(cell, judged)).unwrap_or_default();
            let area = of_area.code.0.clone();
            outcome.states.push((entry.code.clone(), area, kept));
        }
        if let Some(reading) = reading {
            outcome.values.push(ValueRow {
                indicator: entry.code.clone(),
                area: of_area.code.0.clone(),
                of_at: reading.at,
                value: reading.value,
                weight: cell.weight,
                grade: graded(judged.shown),
                score: grading.score(&reading).filter(|_| is_enough),
                version: versioned.version,
            });
        }
    }

    /// An event, and what the entry says is to follow.
    fn tell(
        &self,
        (indicator, area): (usize, usize),
        change: GradeChange,
        is_first: bool,
        now: i64,
        outcome: &mut Outcome,
    ) {
        let to = graded(change.to);
        if is_first && to.is_none_or(|grade| grade == Grade::Normal) {
            return;
        }
        let (Some(entry), Some(of_area)) =
            (self.policy.entry(indicator), self.policy.areas.get(area))
        else {
            return;
        };
        let value = self.board.cell(indicator, area).value;
        outcome.events.push(NewEvent {
            kind: "vital.grade_changed".to_owned(),
            subject_id: unit_of(&entry.code, of_area.code.as_str()),
            at: from_micros(now),
            scope: self.scope_of(indicator, area),
            body: json!({
                "indicator": entry.code,
                "name": text(&entry.name),
                "area": of_area.code,
                "from": change.from,
                "to": change.to,
                "since": from_micros(change.at),
                "value": value.is_finite().then_some(value),
                "unit": entry.unit,
            }),
        });
        let is_worse = graded(change.from).is_none_or(|from| Some(from) < to);
        let Some(grade) = to.filter(|_| is_worse) else {
            return;
        };
        if let Some(action) = self.follows(entry, grade, area) {
            outcome.notices.push(Notice {
                id: NoticeId::at(from_micros(now)),
                indicator: entry.code.clone(),
                name: entry.name.zh.clone(),
                area: of_area.code.clone(),
                grade,
                action,
                value,
                owner: entry.owner.clone(),
                began_at: from_micros(change.at),
                at: from_micros(now),
                is_open: true,
                case: None,
                acknowledged_at: None,
                acknowledged_by: None,
                note: None,
                version: 1,
            });
        }
    }

    /// Towns answer for what they can influence; for the rest the city does.
    fn follows(&self, entry: &IndicatorEntry, grade: Grade, area: usize) -> Option<Follow> {
        let answers = Some(area) == self.policy.top || entry.influence == Influence::Town;
        let action = match grade {
            Grade::Normal => None,
            Grade::Attention => entry.on_breach.attention,
            Grade::Warning => entry.on_breach.warning,
            Grade::Alarm => entry.on_breach.alarm,
        };
        action.filter(|_| answers).map(Follow::from)
    }

    /// Who hears of an indicator of an area.
    pub(crate) fn scope_of(&self, indicator: usize, area: usize) -> EventScope {
        self.scope(self.owners.get(indicator).copied().flatten(), area)
    }

    fn scope(&self, owner: Option<OrgId>, area: usize) -> EventScope {
        let mut orgs = self.governors.get(area).cloned().unwrap_or_default();
        orgs.extend(owner);
        EventScope {
            action: "vitals.read".to_owned(),
            orgs,
            area: self.policy.areas.get(area).map(|area| area.code.clone()),
            secrecy: 1,
        }
    }

    fn tell_index(&mut self, now: i64, outcome: &mut Outcome) {
        let policy = Arc::clone(&self.policy);
        let is_kept = now >= self.index_kept.saturating_add(INDEX_KEPT_EVERY);
        for (area, of_area) in policy.kept() {
            let own = IndexTold {
                score: self.board.city(area).score,
                lamp: self.lamp(area),
            };
            let before = self.told.get(area).copied().unwrap_or_default();
            let moved = match (before.score, own.score) {
                (Some(before), Some(score)) => (score - before).abs() >= TOLD_FROM,
                (before, score) => before.is_some() != score.is_some(),
            };
            if moved || before.lamp != own.lamp {
                if let Some(told) = self.told.get_mut(area) {
                    *told = own;
                }
                let kept = serde_json::to_string(&own).unwrap_or_default();
                let code = of_area.code.0.clone();
                outcome.states.push((INDEX.to_owned(), code, kept));
                outcome.events.push(NewEvent {
                    kind: "vital.index_changed".to_owned(),
                    subject_id: unit_of(INDEX, of_area.code.as_str()),
                    at: from_micros(now),
                    scope: self.scope(None, area),
                    body: json!({
                        "area": of_area.code,
                        "score": own.score,
                        "lamp": own.lamp,
                        "score_before": before.score,
                        "lamp_before": before.lamp,
                    }),
                });
            }
            if is_kept {
                self.keep_scores(area, now, outcome);
            }
        }
        if is_kept {
            self.index_kept = now;
        }
    }

    fn keep_scores(&self, area: usize, now: i64, outcome: &mut Outcome) {
        let Some(of_area) = self.policy.areas.get(area) else {
            return;
        };
        let mut keep = |code: String, score: Option<f64>| {
            if let Some(score) = score {
                outcome.values.push(ValueRow {
                    indicator: code,
                    area: of_area.code.0.clone(),
                    of_at: now,
                    value: score,
                    weight: 1.0,
                    grade: None,
                    score: Some(score),
                    version: NO_VERSION,
                });
            }
        };
        keep(INDEX.to_owned(), self.board.city(area).score);
        for (domain, entry) in self.policy.domains.iter().enumerate() {
            let code = format!("{INDEX}.{}", entry.code);
            keep(code, self.board.domain(domain, area).score);
        }
    }
}

pub(crate) fn graded(shown: Shown) -> Option<Grade> {
    match shown {
        Shown::Graded(grade) => Some(grade),
        Shown::Stale | Shown::Ungraded => None,
    }
}

fn text(title: &Title) -> Text {
    Text::new(title.zh.as_str(), title.en.as_str())
}
