//! Numbers of cases.

use std::collections::{BTreeMap, HashSet};

use yiwang_contracts::CaseFacts;
use yiwang_kernel::{Position, Timestamp, from_micros, micros};
use yiwang_vital_rules::{
    CaseCondition, CaseMeasure, CaseState, CaseStep, Cases, Cell, Clusters, MeanDuration, Over,
    SameWeekday, Share, Source, Surges, same_weekday,
};

use super::places::by_area;
use super::{Cells, DAY, MINUTE, Shape};
use crate::policy::{Policy, ZONE};

/// Places that are looked at for gatherings, the newest.
const PLACES_MAX: usize = 2_000;
/// Fewer cases of a class than this are no surge, however quiet it was before.
const SPREAD_MIN: f64 = 1.0;
/// Metres of a degree of latitude.
const METRES_PER_DEGREE: f64 = 111_320.0;

/// A stretch of time, open at its beginning.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    from: i64,
    to: i64,
}

impl Stretch {
    fn has(self, at: i64) -> bool {
        self.from < at && at <= self.to
    }

    fn back(self, micros: i64) -> Self {
        Self {
            from: self.from - micros,
            to: self.to - micros,
        }
    }
}

/// A row's numbers at an instant, by the cases as they are known.
pub(crate) fn cases(
    formula: &Cases,
    book: &[&CaseFacts],
    policy: &Policy,
    shape: Shape,
    now: i64,
) -> Cells {
    let stretch = formula.over.map(|over| stretch(over, now));
    let fits = |case: &&&CaseFacts| is_of(formula, case);
    let of_now = |case: &&&CaseFacts| match stretch {
        Some(stretch) => instant(formula.state, case).is_some_and(|at| stretch.has(at)),
        None => stands(formula.state, case, now),
    };
    let all = book.iter().filter(fits);
    // A surge is measured by the weeks before too.
    let is_surge = matches!(formula.measure, CaseMeasure::Surges(_));
    let counted = all.filter(|case| is_surge || of_now(case));
    let counted = counted.map(|case| (case.area.as_ref(), *case));
    by_area(policy, shape, counted)
        .into_iter()
        .map(|(area, cases)| {
            let (value, weight) = measure(formula, &cases, stretch);
            let cell = Cell {
                value,
                weight,
                at: now,
            };
            (area, cell)
        })
        .collect()
}

fn measure(formula: &Cases, cases: &[&CaseFacts], stretch: Option<Stretch>) -> (f64, f64) {
    let number = cases.len() as f64;
    match &formula.measure {
        CaseMeasure::Count => (number, number),
        CaseMeasure::Callers => (callers(cases.iter().copied()) as f64, number),
        CaseMeasure::Share(share) => share_of(share, cases),
        CaseMeasure::MeanDuration(between) => mean_duration(*between, cases),
        CaseMeasure::Surges(surges) => {
            let found = stretch.map_or(0, |stretch| surges_of(formula, *surges, cases, stretch));
            (found as f64, number)
        }
        CaseMeasure::Clusters(clusters) => (clusters_of(*clusters, cases) as f64, number),
    }
}

/// The last instant at which a case matters to a stretch of time.
pub(crate) fn case_touched(case: &CaseFacts) -> i64 {
    let last = [case.closed_at, case.handle_due_at, case.rated_at];
    let last = last.into_iter().flatten().map(micros);
    last.fold(micros(case.opened_at), i64::max)
}

fn is_of(formula: &Cases, case: &CaseFacts) -> bool {
    let is_under = |prefix: &String| {
        let rest = case
            .item
            .as_deref()
            .and_then(|item| item.strip_prefix(prefix.as_str()));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    case.counts
        && (formula.items.is_empty() || formula.items.iter().any(is_under))
        && (formula.channels.is_empty()
            || formula
                .channels
                .iter()
                .any(|channel| word(*channel) == case.source))
}

fn word(source: Source) -> String {
    let word = serde_json::to_value(source).unwrap_or_default();
    word.as_str().unwrap_or_default().to_owned()
}

fn stretch(over: Over, now: i64) -> Stretch {
    let local = ZONE.to_datetime(from_micros(now)).date();
    let midnight = |date: jiff::civil::Date| {
        let begin = ZONE.to_timestamp(date.at(0, 0, 0, 0));
        begin.map_or(now, |begin| micros(begin) - 1)
    };
    let from = match over {
        Over::Today => midnight(local),
        Over::Month => midnight(local.first_of_month()),
        Over::Year => midnight(local.first_of_year()),
        Over::Past(length) => now - length.as_micros(),
    };
    Stretch { from, to: now }
}

fn instant(state: CaseState, case: &CaseFacts) -> Option<i64> {
    let at = match state {
        CaseState::Opened => Some(case.opened_at),
        CaseState::Registered => case.registered_at,
        CaseState::Dispatched => case.dispatched_at,
        CaseState::Due => case.handle_due_at,
        CaseState::Closed => case.closed_at,
        CaseState::Rated => case.rated_at,
        CaseState::Open | CaseState::Overdue => None,
    };
    at.map(micros)
}

fn stands(state: CaseState, case: &CaseFacts, now: i64) -> bool {
    let is_over = |due: Timestamp| micros(due) < now;
    match state {
        CaseState::Open => case.is_open,
        CaseState::Overdue => {
            case.is_open
                && (case.handle_due_at.is_some_and(is_over)
                    || case.total_due_at.is_some_and(is_over))
        }
        _ => false,
    }
}

fn callers<'a>(cases: impl Iterator<Item = &'a CaseFacts>) -> usize {
    let mut seen = HashSet::new();
    let mut unknown = 0;
    for case in cases {
        match case.caller {
            Some(caller) => {
                seen.insert(caller);
            }
            None => unknown += 1,
        }
    }
    seen.len() + unknown
}

fn share_of(share: &Share, cases: &[&CaseFacts]) -> (f64, f64) {
    let all = |conditions: &[CaseCondition], case: &CaseFacts| {
        conditions.iter().all(|condition| holds(*condition, case))
    };
    let below: Vec<&&CaseFacts> = cases
        .iter()
        .filter(|case| all(&share.denominator, case))
        .collect();
    let above = below.iter().filter(|case| all(&share.numerator, case));
    let (above, below) = (above.count() as f64, below.len() as f64);
    let value = if below > 0.0 {
        100.0 * above / below
    } else {
        f64::NAN
    };
    (value, below)
}

fn holds(condition: CaseCondition, case: &CaseFacts) -> bool {
    let in_time = |done: Option<bool>| done == Some(true);
    match condition {
        CaseCondition::Valid => case.is_valid,
        CaseCondition::Registered => case.registered_at.is_some(),
        CaseCondition::AnsweredAtDesk => case.is_answered,
        CaseCondition::SelfHandled => case.is_self_handled,
        CaseCondition::FoundByCity => matches!(
            case.source.as_str(),
            "collector" | "grid" | "sensor" | "video" | "drone" | "enforcement" | "system"
        ),
        CaseCondition::DispatchedOnTime => in_time(case.dispatched_on_time),
        CaseCondition::Returned => case.is_returned,
        CaseCondition::SignedOnTime => in_time(case.signed_on_time),
        CaseCondition::ContactedOnTime => in_time(case.contacted_on_time),
        CaseCondition::HandledOnTime => in_time(case.handled_on_time),
        CaseCondition::Closed => case.closed_at.is_some(),
        CaseCondition::ClosedOnTime => in_time(case.closed_on_time),
        CaseCondition::Reworked => case.is_reworked,
        CaseCondition::Repeated => case.is_repeated,
        CaseCondition::Rated => case.rating.is_some(),
        CaseCondition::Satisfied => case.rating.is_some_and(|rating| rating >= 4),
        CaseCondition::Solved => case.is_solved,
        CaseCondition::OutcomeSolved => case.is_outcome_solved,
    }
}

fn mean_duration(between: MeanDuration, cases: &[&CaseFacts]) -> (f64, f64) {
    let at = |step: CaseStep, case: &CaseFacts| match step {
        CaseStep::Opened => Some(case.opened_at),
        CaseStep::Registered => case.registered_at,
        CaseStep::Dispatched => case.dispatched_at,
        CaseStep::Signed => case.signed_at,
        CaseStep::Contacted => case.contacted_at,
        CaseStep::Arrived => case.arrived_at,
        CaseStep::Reported => case.reported_at,
        CaseStep::Closed => case.closed_at,
    };
    let lengths = cases.iter().filter_map(|case| {
        let (from, to) = (at(between.from, case)?, at(between.to, case)?);
        Some((micros(to) - micros(from)).max(0) as f64 / MINUTE as f64)
    });
    let (sum, number) = lengths.fold((0.0, 0.0), |(sum, number), length| {
        (sum + length, number + 1.0)
    });
    let value = if number > 0.0 { sum / number } else { f64::NAN };
    (value, number)
}

/// The first two levels of an item's code.
fn class(item: &str) -> &str {
    let mut dots = item.match_indices('.');
    match (dots.next(), dots.next()) {
        (Some(_), Some((end, _))) => item.get(..end).unwrap_or(item),
        _ => item,
    }
}

fn surges_of(formula: &Cases, surges: Surges, cases: &[&CaseFacts], now: Stretch) -> usize {
    let weeks = usize::from(surges.weeks);
    let first = cases
        .iter()
        .map(|case| micros(case.opened_at))
        .min()
        .unwrap_or(i64::MAX);
    let stretches: Vec<Stretch> = (0..=weeks as i64)
        .map(|week| now.back(week * 7 * DAY))
        .collect();
    let mut counts: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for case in cases {
        let (Some(at), Some(item)) = (instant(formula.state, case), case.item.as_deref()) else {
            continue;
        };
        let Some(week) = stretches.iter().position(|stretch| stretch.has(at)) else {
            continue;
        };
        let of_class = counts
            .entry(class(item))
            .or_insert_with(|| vec![0.0; weeks + 1]);
        if let Some(count) = of_class.get_mut(week) {
            *count += 1.0;
        }
    }
    let spec = SameWeekday {
        weeks: surges.weeks,
        spread_min: SPREAD_MIN,
    };
    let is_surge = |of_class: &&Vec<f64>| {
        let Some((today, before)) = of_class.split_first() else {
            return false;
        };
        // Weeks before the first case are not known.
        let known = before.iter().zip(stretches.iter().skip(1));
        let known: Vec<f64> = known
            .filter(|(_, stretch)| stretch.from >= first)
            .map(|(count, _)| *count)
            .collect();
        same_weekday(&known, spec)
            .and_then(|usual| usual.z(*today))
            .is_some_and(|z| z > surges.z)
    };
    counts.values().filter(is_surge).count()
}

/// Circles around cases that hold enough callers, none counted twice.
fn clusters_of(clusters: Clusters, cases: &[&CaseFacts]) -> usize {
    let mut placed: Vec<(&CaseFacts, Position)> = cases
        .iter()
        .filter_map(|case| Some((*case, case.position?)))
        .collect();
    placed.sort_unstable_by_key(|(case, _)| std::cmp::Reverse(case.opened_at));
    placed.truncate(PLACES_MAX);
    let radius = f64::from(clusters.radius_m);
    let mut taken = vec![false; placed.len()];
    let mut found = 0;
    for (_, centre) in &placed {
        let near: Vec<usize> = placed
            .iter()
            .enumerate()
            .filter(|(place, (_, at))| {
                taken.get(*place) == Some(&false) && metres(*centre, *at) <= radius
            })
            .map(|(place, _)| place)
            .collect();
        let members = near.iter().filter_map(|place| placed.get(*place));
        if callers(members.map(|(case, _)| *case)) >= usize::from(clusters.members) {
            found += 1;
            for place in near {
                if let Some(taken) = taken.get_mut(place) {
                    *taken = true;
                }
            }
        }
    }
    found
}

fn metres(one: Position, other: Position) -> f64 {
    let north = (one.lat - other.lat) * METRES_PER_DEGREE;
    let east = (one.lon - other.lon) * METRES_PER_DEGREE * one.lat.to_radians().cos();
    north.hypot(east)
}
