//! What lists show of the clocks, and what happens by itself when an instant passes.

use jiff::SignedDuration;
use yiwang_contracts::{Catalog, ClockKind};
use yiwang_kernel::Timestamp;

use super::escalation::next_escalation;
use super::{light, refresh};
use crate::model::{Clock, Flag, Incident, Light, TaskStatus};

/// The columns that follow from the clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// The worst light of the case's own clocks and of its lead's.
    pub light: Light,
    /// The next due instant of those, or the last one passed when none lies ahead.
    pub due: Option<(Timestamp, ClockKind)>,
    /// When anything turns next.
    pub sweep_at: Option<Timestamp>,
}

pub fn summary(incident: &Incident, now: Timestamp) -> Summary {
    let lead = incident.lead().map(|lead| lead.no);
    let counts = |clock: &&Clock| clock.task.is_none() || clock.task == lead;
    let open = || {
        incident
            .doc
            .clocks
            .iter()
            .filter(|clock| clock.stopped_at.is_none())
    };
    if !incident.status.is_open() {
        return Summary {
            light: Light::None,
            due: None,
            sweep_at: None,
        };
    }
    let light = open()
        .filter(counts)
        .map(|clock| light(clock, now))
        .max()
        .unwrap_or(Light::None);
    let review = incident
        .doc
        .suspension
        .as_ref()
        .filter(|_| !incident.has(Flag::ReviewDue));
    let sweep_at = open()
        .filter_map(|clock| next_turn(clock, now))
        .chain(review.map(|plan| plan.review_at))
        .chain(next_escalation(incident))
        .min();
    Summary {
        light,
        due: nearest(open().filter(counts), now),
        sweep_at,
    }
}

/// The same for one task.
pub fn task_summary(incident: &Incident, no: u16, now: Timestamp) -> Summary {
    let clocks = || {
        let clocks = incident.doc.clocks.iter();
        clocks.filter(move |clock| clock.stopped_at.is_none() && clock.task == Some(no))
    };
    let open = incident.task(no).is_some_and(|task| task.status.is_open());
    if !(open && incident.status.is_open()) {
        return Summary {
            light: Light::None,
            due: None,
            sweep_at: None,
        };
    }
    let light = clocks()
        .map(|clock| light(clock, now))
        .max()
        .unwrap_or(Light::None);
    Summary {
        light,
        due: nearest(clocks(), now),
        sweep_at: None,
    }
}

fn nearest<'a>(
    clocks: impl Iterator<Item = &'a Clock>,
    now: Timestamp,
) -> Option<(Timestamp, ClockKind)> {
    let dues: Vec<_> = clocks
        .filter_map(|clock| clock.due_at.map(|due| (due, clock.kind)))
        .collect();
    let ahead = dues.iter().filter(|(due, _)| *due >= now).min();
    ahead.or_else(|| dues.iter().max()).copied()
}

/// When the clock's light turns next. A breach not yet on the record turns at once.
fn next_turn(clock: &Clock, now: Timestamp) -> Option<Timestamp> {
    let due = clock.due_at?;
    let over = due
        .checked_add(SignedDuration::from_millis(1))
        .unwrap_or(due);
    let warnings = [clock.yellow_at, clock.orange_at]
        .into_iter()
        .flatten()
        .filter(|at| *at > now);
    let breach = Some(over).filter(|_| !clock.red_noted);
    warnings.chain(breach).min()
}

/// A limit that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breach {
    pub kind: ClockKind,
    pub task: Option<u16>,
    pub due_at: Timestamp,
}

/// What a sweep found.
#[derive(Debug, Clone, PartialEq)]
pub struct Swept {
    pub incident: Incident,
    /// Limits that are over and were not on the record.
    pub breaches: Vec<Breach>,
    pub light_changed: bool,
    /// The review of the suspension has become due.
    pub review_due: bool,
}

/// Turns the lights of a case.
pub fn sweep(incident: &Incident, now: Timestamp) -> Swept {
    let mut next = incident.clone();
    let mut breaches = Vec::new();
    let open_tasks: Vec<u16> = next
        .tasks
        .iter()
        .filter(|task| task.status.is_open() && task.status != TaskStatus::Pending)
        .map(|task| task.no)
        .collect();
    for clock in &mut next.doc.clocks {
        let live = clock.task.is_none_or(|no| open_tasks.contains(&no));
        if live && !clock.red_noted && light(clock, now) == Light::Red {
            clock.red_noted = true;
            let due_at = clock.due_at.unwrap_or(now);
            breaches.push(Breach {
                kind: clock.kind,
                task: clock.task,
                due_at,
            });
        }
    }
    let review = next
        .doc
        .suspension
        .as_ref()
        .is_some_and(|plan| plan.review_at <= now);
    let review_due = review && !next.has(Flag::ReviewDue);
    if review_due {
        next.mark(Flag::ReviewDue, true);
    }
    next.light = summary(&next, now).light;
    let light_changed = next.light != incident.light;
    Swept {
        incident: next,
        breaches,
        light_changed,
        review_due,
    }
}

/// The case by the calendars as they are now; `None` when nothing changes.
pub fn recompute(incident: &Incident, catalog: &dyn Catalog, now: Timestamp) -> Option<Incident> {
    let mut next = incident.clone();
    refresh(&mut next, catalog);
    for (clock, old) in next.doc.clocks.iter_mut().zip(&incident.doc.clocks) {
        clock.red_noted = old.red_noted && clock.due_at == old.due_at;
    }
    next.light = summary(&next, now).light;
    (next != *incident).then_some(next)
}

/// A light that turns if nobody does anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    pub kind: ClockKind,
    pub task: Option<u16>,
    /// What it turns to: yellow and orange warn, red is over the limit.
    pub light: Light,
    pub at: Timestamp,
    pub due_at: Timestamp,
}

/// What would turn until an instant if nobody did anything, in order of time: the dry run of escalation.
pub fn preview(incident: &Incident, now: Timestamp, until: Timestamp) -> Vec<Turn> {
    let is_live = |clock: &&Clock| {
        let task = clock.task.and_then(|no| incident.task(no));
        clock.stopped_at.is_none() && task.is_none_or(|task| task.status.is_open())
    };
    let turns = |clock: &Clock| {
        let (kind, task, due_at) = (clock.kind, clock.task, clock.due_at);
        let levels = [
            (clock.yellow_at, Light::Yellow),
            (clock.orange_at, Light::Orange),
            (clock.due_at, Light::Red),
        ];
        levels.into_iter().filter_map(move |(at, light)| {
            let (at, due_at) = (at?, due_at?);
            (at > now && at <= until).then_some(Turn {
                kind,
                task,
                light,
                at,
                due_at,
            })
        })
    };
    let clocks = incident.doc.clocks.iter();
    let mut turns: Vec<Turn> = clocks.filter(is_live).flat_map(turns).collect();
    turns.sort_by_key(|turn| turn.at);
    turns
}
