//! From limit, calendar, pauses and extensions to instants, lights and words.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::SignedDuration;
use yiwang_contracts::Catalog;
use yiwang_kernel::{Text, Timestamp};
use yiwang_worktime::{Limit, Span};

use super::calendar;
use crate::model::wire::whole_millis;
use crate::model::{Clock, ClockState, FixedDue, Light, Pause};

/// Sets the due and warning instants.
pub(super) fn compute(clock: &mut Clock, pauses: &[Pause], catalog: &dyn Catalog) {
    let spans = spans(clock, pauses);
    let (yellow, orange) = (clock.yellow_part, clock.orange_part);
    let early = clock.escalate_part.filter(|part| *part < 1.0);
    let (due_at, yellow_at, orange_at, escalate_at) = if let Some(fixed) = clock.fixed {
        let due = shifted(fixed, &spans);
        let part = |part: f64| due.map(|due| between(fixed.set_at, due, part));
        (due, part(yellow), part(orange), early.and_then(part))
    } else {
        let calendar = calendar(catalog, &clock.calendar);
        let limit = whole_limit(clock);
        let due = calendar.due(clock.started_at, limit, &spans);
        let part = |part: f64| calendar.fraction(clock.started_at, limit, &spans, part);
        (due, part(yellow), part(orange), early.and_then(part))
    };
    clock.due_at = due_at.map(whole_millis);
    clock.yellow_at = yellow_at.map(whole_millis);
    clock.orange_at = orange_at.map(whole_millis);
    clock.escalate_at = escalate_at.map(whole_millis);
}

/// The limit with its extension.
fn whole_limit(clock: &Clock) -> Limit {
    let amount = clock.limit.amount.saturating_add(clock.extra);
    Limit {
        amount: amount.min(clock.limit.unit.amount_max()),
        ..clock.limit
    }
}

fn spans(clock: &Clock, pauses: &[Pause]) -> Vec<Span> {
    pauses
        .iter()
        .filter(|pause| pause.holds(clock.kind))
        .filter(|pause| pause.until.is_none_or(|until| until > clock.started_at))
        .map(|pause| Span {
            from: pause.from,
            until: pause.until,
        })
        .collect()
}

/// A due instant set by hand moves by the time paused since it was set; it has none while paused.
fn shifted(fixed: FixedDue, spans: &[Span]) -> Option<Timestamp> {
    let mut spans: Vec<(Timestamp, Timestamp)> = spans
        .iter()
        .map(|span| span.until.map(|until| (span.from.max(fixed.set_at), until)))
        .collect::<Option<_>>()?;
    spans.sort_unstable();
    let (mut paused, mut reached) = (SignedDuration::ZERO, fixed.set_at);
    for (from, until) in spans {
        let from = from.max(reached);
        if until > from {
            paused += until.duration_since(from);
            reached = until;
        }
    }
    fixed.due_at.checked_add(paused).ok()
}

fn between(from: Timestamp, until: Timestamp, part: f64) -> Timestamp {
    let whole = until.as_millisecond() - from.as_millisecond();
    let at = from.as_millisecond() + (whole as f64 * part) as i64;
    Timestamp::from_millisecond(at).unwrap_or(until)
}

/// How the clock stands.
pub fn state(clock: &Clock, pauses: &[Pause], now: Timestamp) -> ClockState {
    let late = |at: Timestamp| clock.due_at.is_some_and(|due| at > due);
    match clock.stopped_at {
        Some(at) if late(at) => ClockState::Breached,
        Some(_) if clock.done => ClockState::Met,
        Some(_) => ClockState::Stopped,
        None if held(clock, pauses, now) => ClockState::Suspended,
        None if late(now) => ClockState::Breached,
        None => ClockState::Running,
    }
}

fn held(clock: &Clock, pauses: &[Pause], now: Timestamp) -> bool {
    pauses.iter().any(|pause| {
        pause.holds(clock.kind) && pause.from <= now && pause.until.is_none_or(|until| now < until)
    })
}

/// The light of a clock. One that has stopped or stands has none.
pub fn light(clock: &Clock, now: Timestamp) -> Light {
    let Some(due) = clock.due_at.filter(|_| clock.stopped_at.is_none()) else {
        return Light::None;
    };
    if now > due {
        Light::Red
    } else if clock.orange_at.is_some_and(|at| now >= at) {
        Light::Orange
    } else if clock.yellow_at.is_some_and(|at| now >= at) {
        Light::Yellow
    } else {
        Light::Green
    }
}

/// Why the clock is due when it is, in words that a clerk can argue about.
pub fn explain(
    clock: &Clock,
    pauses: &[Pause],
    catalog: &dyn Catalog,
    said: &Explanations,
) -> Text {
    if let Some(fixed) = clock.fixed {
        let paused = if shifted(fixed, &spans(clock, pauses)) == Some(fixed.due_at) {
            ("", "")
        } else {
            (", 挂账期间顺延", ", moved by the time suspended since")
        };
        let at = civil(fixed.due_at);
        return Text::new(
            format!("督办重新设定期限: {at}{}", paused.0),
            format!("due instant set by a supervision card: {at}{}", paused.1),
        );
    }
    let counted = Counted {
        calendar: clock.calendar.clone(),
        calendar_version: catalog.calendar_version(),
        started_at: clock.started_at,
        limit: clock.limit,
        extra: clock.extra,
        spans: spans(clock, pauses),
    };
    said.of(counted, |counted| {
        count(counted, whole_limit(clock), catalog)
    })
}

fn count(counted: &Counted, limit: Limit, catalog: &dyn Catalog) -> Text {
    let explanation = calendar(catalog, &counted.calendar)
        .deadline(counted.started_at, limit, &counted.spans)
        .explanation;
    let (mut zh, mut en) = (explanation.zh(), explanation.en());
    if counted.extra > 0 {
        let extra = Limit {
            amount: counted.extra,
            ..counted.limit
        };
        zh = format!("{zh} (含延期 {})", extra.zh());
        en = format!("{en} (with an extension of {})", extra.en());
    }
    Text::new(zh, en)
}

/// All that the words of a counted clock depend on.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Counted {
    calendar: String,
    calendar_version: u32,
    started_at: Timestamp,
    limit: Limit,
    extra: u32,
    spans: Vec<Span>,
}

/// Words said of clocks before: each answer about a case explains all its clocks anew, and few have changed.
#[derive(Default)]
pub struct Explanations(Mutex<HashMap<Counted, Text>>);

/// Explanations kept; when there are more, all are forgotten. Some 500 bytes each.
const EXPLANATIONS_MAX: usize = 32_768;

impl Explanations {
    fn of(&self, counted: Counted, say: impl FnOnce(&Counted) -> Text) -> Text {
        let held = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = held().get(&counted) {
            return text.clone();
        }
        let text = say(&counted);
        let mut held = held();
        if held.len() >= EXPLANATIONS_MAX {
            held.clear();
        }
        held.insert(counted, text.clone());
        text
    }
}

/// Local time of the city, to the minute.
fn civil(at: Timestamp) -> String {
    jiff::tz::Offset::constant(8)
        .to_datetime(at)
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}
