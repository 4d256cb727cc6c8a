//! 网格自处置: what a grid worker finds and settles on the spot is taken in, handled and closed in one go.
//!
//! The item must allow it, the grid must have entered the case itself, and the evidence and the lines of
//! closing are those that anybody else would need. A part of these cases, chosen by the case's id so that
//! nobody can choose it, waits for a verifier like any other; the rest can be reopened by one.

use yiwang_contracts::{ClockKind, OrgId, TaskId};
use yiwang_kernel::sha256;

use super::apply::{Effect, needed};
use super::dispatch::{judge_by_list, next_no};
use super::ending::end;
use super::intake::{known, policy, ticked};
use super::{Context, Refusal, SelfHandle};
use crate::clocks;
use crate::model::{
    DispatchMode, Flag, Incident, Outcome, Status, Task, TaskDoc, TaskRole, TaskStatus,
};

/// May the actor settle it alone?
pub(super) fn open_to(incident: &Incident, ctx: &Context<'_>) -> Result<(), Refusal> {
    own_unit(incident, ctx)?;
    let item = policy(incident, ctx).ok_or(Refusal::Missing { field: "item_code" })?;
    if item.self_handling {
        Ok(())
    } else {
        Err(Refusal::NotSelfHandled {
            code: item.code.clone(),
        })
    }
}

/// The unit that entered the case: of a kind that may, and the actor's.
fn own_unit(incident: &Incident, ctx: &Context<'_>) -> Result<OrgId, Refusal> {
    let unit = incident.origin_org.ok_or(Refusal::NotOwnFinding)?;
    let brief = ctx.orgs.by_id(&[unit]).into_iter().flatten().next();
    let may = brief.is_some_and(|brief| ctx.rules.self_handling.kinds.contains(&brief.kind))
        && ctx.may_as("incident.handle", incident, &[unit]);
    if may {
        Ok(unit)
    } else {
        Err(Refusal::NotOwnFinding)
    }
}

pub(super) fn self_handle(
    incident: &mut Incident,
    body: &SelfHandle,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let unit = own_unit(incident, ctx)?;
    let text = needed("text", &body.text)?;
    let item = policy(incident, ctx).ok_or(Refusal::Missing { field: "item_code" })?;
    known(&item.close_checks, &body.checks)?;
    ticked(&item.close_checks, &body.checks)?;
    let shown = |kind: &String| body.evidence.iter().any(|shown| shown.kind == *kind);
    let kinds: Vec<String> = item
        .evidence
        .iter()
        .filter(|kind| !shown(kind))
        .cloned()
        .collect();
    if !kinds.is_empty() {
        return Err(Refusal::EvidenceMissing { kinds });
    }
    for step in [ClockKind::Accept, ClockKind::Register] {
        clocks::stop_kind(incident, step, ctx.now, true);
    }
    judge_by_list(incident, ctx);
    incident.doc.accepted_at.get_or_insert(ctx.now);
    incident.doc.registered_at.get_or_insert(ctx.now);
    incident.doc.close_checks.clone_from(&body.checks);
    incident.mark(Flag::SelfHandled, true);
    let sampled = is_sampled(incident, ctx);
    incident
        .tasks
        .push(handled(incident, unit, body, sampled, ctx));
    if sampled {
        incident.status = Status::Reported;
        clocks::start_case(incident, ClockKind::Verify, ctx);
        if !clocks::runs(incident, ClockKind::Total) {
            clocks::start_case(incident, ClockKind::Total, ctx);
        }
        return Ok(Effect::new("incident.reported", text));
    }
    text.clone_into(&mut incident.doc.answer);
    clocks::stop_kind(incident, ClockKind::Total, ctx.now, true);
    end(incident, Outcome::Solved, ctx.now);
    Ok(Effect::new("incident.closed", text))
}

/// The lead's task of a case that is handled already.
fn handled(
    incident: &Incident,
    org_id: OrgId,
    body: &SelfHandle,
    sampled: bool,
    ctx: &Context<'_>,
) -> Task {
    let now = Some(ctx.now);
    Task {
        no: next_no(incident),
        id: TaskId::at(ctx.now),
        org_id,
        role: TaskRole::Lead,
        status: if sampled {
            TaskStatus::Reported
        } else {
            TaskStatus::Done
        },
        assignee: None,
        doc: TaskDoc {
            mode: Some(DispatchMode::Single),
            dispatched_at: now,
            signed_at: now,
            arrived_at: now,
            reported_at: now,
            reported_by: Some(ctx.actor.user_id),
            result: body.result.clone(),
            text: body.text.trim().to_owned(),
            evidence: body.evidence.clone(),
            ..TaskDoc::default()
        },
    }
}

/// Is the case of those that a verifier looks at?
fn is_sampled(incident: &Incident, ctx: &Context<'_>) -> bool {
    let digest = sha256(incident.id.0.as_bytes());
    let drawn = digest
        .first_chunk()
        .map_or(0, |four| u32::from_be_bytes(*four));
    f64::from(drawn) < ctx.rules.self_handling.sample_part * f64::from(u32::MAX)
}
