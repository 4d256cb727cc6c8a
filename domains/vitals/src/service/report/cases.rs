//! Cases and alarms of a stretch of time.

use std::collections::BTreeMap;

use serde::Serialize;
use yiwang_contracts::{AlarmFacts, CaseFacts};
use yiwang_kernel::{AreaCode, Timestamp, micros};
use yiwang_vital_rules::{AlarmState, CaseMeasure, CaseState, Cases, Formula, IndicatorEntry};

use super::super::Sources;
use super::stretch::Stretch;
use crate::policy::Policy;

pub(super) const ALARMS_MAX: u32 = 50_000;
const RULES: usize = 5;

/// A number, and the indicator that counts the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct CountView {
    /// Nothing where no indicator does.
    pub code: Option<String>,
    pub value: usize,
}

/// Cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct CasesPart {
    /// Came in.
    pub opened: CountView,
    pub closed: CountView,
    /// Open at the end.
    pub open: CountView,
    /// Open at the end and beyond their limit.
    pub overdue: CountView,
}

/// Alarms that were raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct AlarmsPart {
    pub raised: CountView,
    /// Of severity 1, the worst, to 4.
    pub by_severity: [usize; 4],
    /// The rules that raised most.
    pub rules: Vec<RuleCount>,
}

/// Alarms of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct RuleCount {
    pub rule: String,
    pub count: usize,
}

/// The first indicator that counts all cases of a state.
fn code_of(policy: &Policy, state: CaseState) -> Option<String> {
    let counts_all = |cases: &Cases| {
        cases.state == state
            && cases.items.is_empty()
            && cases.channels.is_empty()
            && matches!(cases.measure, CaseMeasure::Count)
    };
    let is_it = |entry: &&IndicatorEntry| matches!(&entry.formula, Some(Formula::Cases(cases)) if counts_all(cases));
    first(policy, is_it)
}

fn first(policy: &Policy, is_it: impl Fn(&&IndicatorEntry) -> bool) -> Option<String> {
    let mut entries = policy.indicators.iter().map(|versioned| &versioned.entry);
    entries.find(is_it).map(|entry| entry.code.clone())
}

/// Counted by when each thing happened, so that what happens later changes nothing.
pub(super) fn cases(
    policy: &Policy,
    sources: &Sources,
    area: &AreaCode,
    stretch: Stretch,
    now: Timestamp,
) -> CasesPart {
    let end = stretch.until(now);
    let is_city = policy
        .top
        .and_then(|top| policy.areas.get(top))
        .is_some_and(|city| city.code == *area);
    let is_here = |case: &&CaseFacts| {
        let place = case.area.as_ref();
        case.counts && (is_city || place.is_some_and(|place| area.contains(place)))
    };
    let own: Vec<&CaseFacts> = sources.cases.values().filter(is_here).collect();
    let count = |state: CaseState, is_it: &dyn Fn(&CaseFacts) -> bool| CountView {
        code: code_of(policy, state),
        value: own.iter().filter(|case| is_it(case)).count(),
    };
    let stands = |case: &CaseFacts| {
        let is_over = case.closed_at.is_some_and(|closed| micros(closed) < end);
        // Refused and withdrawn ones are not closed, and not open either.
        let is_gone = !case.is_open && case.closed_at.is_none();
        micros(case.opened_at) < end && !is_over && !is_gone
    };
    let is_due = |case: &CaseFacts| {
        let due = case.total_due_at.or(case.handle_due_at);
        due.is_some_and(|due| micros(due) < end)
    };
    let within = |at: Option<Timestamp>| at.is_some_and(|at| stretch.has(micros(at)));
    CasesPart {
        opened: count(CaseState::Opened, &|case| within(Some(case.opened_at))),
        closed: count(CaseState::Closed, &|case| within(case.closed_at)),
        open: count(CaseState::Open, &stands),
        overdue: count(CaseState::Overdue, &|case| stands(case) && is_due(case)),
    }
}

pub(super) fn alarms(
    policy: &Policy,
    alarms: &[AlarmFacts],
    area: &AreaCode,
    stretch: Stretch,
) -> AlarmsPart {
    let is_city = policy
        .top
        .and_then(|top| policy.areas.get(top))
        .is_some_and(|city| city.code == *area);
    let is_here = |alarm: &&AlarmFacts| {
        let place = alarm.area.as_ref();
        stretch.has(micros(alarm.raised_at))
            && (is_city || place.is_some_and(|place| area.contains(place)))
    };
    let mut by_severity = [0; 4];
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    let mut value = 0;
    for alarm in alarms.iter().filter(is_here) {
        value += 1;
        let severity = usize::from(alarm.severity.clamp(1, 4)) - 1;
        if let Some(own) = by_severity.get_mut(severity) {
            *own += 1;
        }
        *rules.entry(&alarm.rule).or_default() += 1;
    }
    let mut rules: Vec<RuleCount> = rules
        .into_iter()
        .map(|(rule, count)| RuleCount {
            rule: rule.to_owned(),
            count,
        })
        .collect();
    rules.sort_by_key(|rule| std::cmp::Reverse(rule.count));
    rules.truncate(RULES);
    let code = first(policy, |entry| {
        matches!(&entry.formula, Some(Formula::Alarms(alarms))
            if alarms.state == AlarmState::Raised && alarms.rules.is_empty())
    });
    AlarmsPart {
        raised: CountView { code, value },
        by_severity,
        rules,
    }
}
