//! Was it done: 核查, 返工, 结案.

use yiwang_contracts::ClockKind;

use super::apply::{Effect, needed};
use super::ending::end;
use super::intake::{known, policy, ticked};
use super::{Close, Context, Refusal, Verify};
use crate::clocks;
use crate::model::{Incident, Outcome, Status, TaskStatus};

pub(super) fn verify(
    incident: &mut Incident,
    body: &Verify,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    incident.doc.verification.clone_from(&body.evidence);
    if body.passed {
        passed(incident, body, ctx)
    } else {
        failed(incident, body, ctx)
    }
}

fn passed(incident: &mut Incident, body: &Verify, ctx: &Context<'_>) -> Result<Effect, Refusal> {
    let lines = policy(incident, ctx)
        .map(|policy| policy.close_checks.clone())
        .unwrap_or_default();
    known(&lines, &body.checks)?;
    ticked(&lines, &body.checks)?;
    incident.doc.close_checks.clone_from(&body.checks);
    clocks::stop_kind(incident, ClockKind::Verify, ctx.now, true);
    incident.status = Status::Verified;
    clocks::start_case(incident, ClockKind::Close, ctx);
    Ok(Effect::new("incident.verified", body.text.as_str()))
}

/// 返工: the same unit again, with a part of the limit.
fn failed(incident: &mut Incident, body: &Verify, ctx: &Context<'_>) -> Result<Effect, Refusal> {
    let text = needed("text", &body.text)?;
    clocks::stop_kind(incident, ClockKind::Verify, ctx.now, true);
    incident.status = Status::Handling;
    incident.doc.reworks += 1;
    let lead = incident
        .tasks
        .iter_mut()
        .find(|task| task.is_lead() && task.status.is_open());
    if let Some(lead) = lead {
        lead.status = TaskStatus::Handling;
        lead.doc.reworks += 1;
        let no = lead.no;
        clocks::start_rework(incident, no, ctx);
    }
    Ok(Effect::new("incident.redispatched", text))
}

pub(super) fn close(
    incident: &mut Incident,
    body: &Close,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let text = needed("text", &body.text)?;
    let chosen = [
        Outcome::Solved,
        Outcome::Explained,
        Outcome::Unsolvable,
        Outcome::Withdrawn,
    ];
    if !chosen.contains(&body.outcome) {
        return Err(Refusal::Bad {
            field: "outcome",
            why: "not an outcome of handling",
        });
    }
    text.clone_into(&mut incident.doc.answer);
    clocks::stop_kind(incident, ClockKind::Close, ctx.now, true);
    clocks::stop_kind(incident, ClockKind::Total, ctx.now, true);
    for task in &mut incident.tasks {
        if task.is_lead() && task.status == TaskStatus::Reported {
            task.status = TaskStatus::Done;
        }
    }
    end(incident, body.outcome, ctx.now);
    Ok(Effect::new("incident.closed", text))
}
