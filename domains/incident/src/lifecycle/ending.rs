//! The end of a case, the citizen's word on it, and its coming back.

use yiwang_contracts::ClockKind;
use yiwang_kernel::Timestamp;

use super::apply::{Effect, needed};
use super::{Context, Rate, Reason, Refusal};
use crate::clocks;
use crate::model::{Flag, Incident, Outcome, Rating, RequestKind, Status, TaskStatus};

/// Ends the case with an outcome. What still hangs on it ends with it.
pub(super) fn end(incident: &mut Incident, outcome: Outcome, now: Timestamp) {
    incident.status = if outcome == Outcome::Void {
        Status::Void
    } else {
        Status::Closed
    };
    incident.closed_at = Some(now);
    incident.doc.outcome = Some(outcome);
    settle(incident, now);
}

/// Stops everything that runs or waits.
pub(super) fn settle(incident: &mut Incident, now: Timestamp) {
    for task in &mut incident.tasks {
        if task.status.is_open() {
            task.status = TaskStatus::Cancelled;
        }
    }
    super::request::lapse(incident, now, |request| {
        request.kind != RequestKind::Exclusion
    });
    incident.doc.suspension = None;
    incident.doc.consulting = false;
    incident.mark(Flag::ReviewDue, false);
    for pause in &mut incident.doc.pauses {
        if pause.until.is_none_or(|until| until > now) {
            pause.until = Some(now);
        }
    }
    clocks::stop_all(incident, now);
}

pub(super) fn rate(
    incident: &mut Incident,
    body: &Rate,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    if !(1..=5).contains(&body.score) {
        return Err(Refusal::Bad {
            field: "score",
            why: "1 to 5",
        });
    }
    incident.doc.rating = Some(Rating {
        score: body.score,
        solved: body.solved,
        text: body.text.clone(),
        at: ctx.now,
        public: body.public,
    });
    Ok(Effect::new(
        "incident.rated",
        format!("{} {}", body.score, body.text).trim_end(),
    ))
}

/// The matter is not settled: back to dispatch, or to the desk when it never got that far.
pub(super) fn reopen(
    incident: &mut Incident,
    body: &Reason,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let reason = needed("reason", &body.reason)?;
    let registered = incident.doc.registered_at.is_some();
    incident.closed_at = None;
    incident.doc.outcome = None;
    incident.doc.answer.clear();
    incident.doc.rating = None;
    incident.doc.concluded = false;
    incident.doc.reopens += 1;
    incident.mark(Flag::Reopened, true);
    incident.mark(Flag::Shadow, false);
    super::request::lapse(incident, ctx.now, |_| true);
    let (status, clock) = if registered {
        (Status::Registered, ClockKind::Dispatch)
    } else {
        (Status::Received, ClockKind::Accept)
    };
    incident.status = status;
    clocks::start_case(incident, clock, ctx);
    if registered {
        clocks::start_case(incident, ClockKind::Total, ctx);
    }
    Ok(Effect::new("incident.reopened", reason))
}
