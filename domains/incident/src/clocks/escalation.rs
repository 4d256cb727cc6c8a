//! When a case is escalated by itself. The sweep and the dry run both ask here.
//!
//! A clock escalates its case twice at most: when the part of the limit that the grade names has passed,
//! and when the limit is over. Each is noted on the clock, so that it happens once, whatever an
//! extension or a new calendar makes of the limit afterwards.

use jiff::SignedDuration;
use yiwang_contracts::ClockKind;
use yiwang_kernel::Timestamp;

use crate::model::{Clock, EscalationLevel, Incident};

/// A clock that has come so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Escalation {
    /// The instant it came there.
    pub at: Timestamp,
    pub kind: ClockKind,
    pub task: Option<u16>,
    pub level: EscalationLevel,
    pub due_at: Timestamp,
}

/// What escalates the case until then and is not noted yet, in the order it happens.
pub fn due_escalations(incident: &Incident, until: Timestamp) -> Vec<Escalation> {
    let mut found: Vec<Escalation> = all(incident).filter(|one| one.at <= until).collect();
    found.sort_by_key(|one| (one.at, one.kind, one.task));
    found
}

/// When the case is escalated next.
pub(super) fn next_escalation(incident: &Incident) -> Option<Timestamp> {
    all(incident).map(|one| one.at).min()
}

/// The case's own clocks and its lead's: an assistant that is late stops only its own.
fn all(incident: &Incident) -> impl Iterator<Item = Escalation> {
    let lead = incident.lead().map(|lead| lead.no);
    let open = incident.status.is_open();
    let clocks = incident.doc.clocks.iter().filter(move |clock| {
        open && clock.stopped_at.is_none() && (clock.task.is_none() || clock.task == lead)
    });
    clocks.flat_map(of)
}

fn of(clock: &Clock) -> impl Iterator<Item = Escalation> {
    let open = |level| !clock.escalated.contains(&level);
    let early = clock
        .escalate_at
        .filter(|_| open(EscalationLevel::Early))
        .map(|at| (EscalationLevel::Early, at));
    // As a light turns red: after the last instant of the limit, not at it.
    let over = clock
        .due_at
        .filter(|_| clock.escalate_part.is_some() && open(EscalationLevel::Overdue))
        .and_then(|due| due.checked_add(SignedDuration::from_millis(1)).ok())
        .map(|at| (EscalationLevel::Overdue, at));
    let due_at = clock.due_at;
    early
        .into_iter()
        .chain(over)
        .filter_map(move |(level, at)| {
            Some(Escalation {
                at,
                kind: clock.kind,
                task: clock.task,
                level,
                due_at: due_at?,
            })
        })
}

/// Notes it on its clock.
pub(crate) fn note_escalation(incident: &mut Incident, done: &Escalation) {
    let its = |clock: &&mut Clock| {
        let step = (clock.kind, clock.task, clock.due_at);
        clock.stopped_at.is_none() && step == (done.kind, done.task, Some(done.due_at))
    };
    for clock in incident.doc.clocks.iter_mut().filter(its) {
        if !clock.escalated.contains(&done.level) {
            clock.escalated.push(done.level);
        }
    }
}
