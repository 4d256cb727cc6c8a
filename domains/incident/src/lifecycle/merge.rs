//! 并案 and 拆并. The child keeps its caller, its rating and its secrecy; the parent's clocks count.

use yiwang_contracts::ClockKind;

use super::apply::{Effect, needed};
use super::dispatch::end_consultation;
use super::{Context, Merge, Reason, Refusal};
use crate::clocks;
use crate::model::{Incident, Pause, PauseReason, Status, TaskStatus};

pub(super) fn merge(
    incident: &mut Incident,
    body: &Merge,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    if body.into == incident.id {
        return Err(Refusal::MergeSelf);
    }
    let parent = ctx
        .other
        .filter(|other| other.id == body.into && other.status.is_open())
        .filter(|other| ctx.may("incident.merge", other))
        .ok_or(Refusal::MergeTarget)?;
    let before = match incident.status {
        status @ (Status::Received | Status::Accepted) => status,
        _ => Status::Registered,
    };
    if incident.doc.consulting {
        end_consultation(incident, ctx);
    }
    drop_tasks(incident, ctx);
    incident.doc.suspension = None;
    for pause in &mut incident.doc.pauses {
        if pause.until.is_none() {
            pause.until = Some(ctx.now);
        }
    }
    let reason = PauseReason::Merge;
    incident.doc.pauses.push(Pause {
        reason,
        from: ctx.now,
        until: None,
    });
    incident.status = Status::Merged;
    incident.merged_into = Some(parent.id);
    incident.doc.before_merge = Some(before);
    clocks::refresh(incident, ctx.catalog);
    let mut parent = parent.clone();
    parent.doc.children.push(incident.id);
    let mut effect = Effect::new("incident.merged", body.note.as_str());
    effect.other = Some(parent);
    Ok(effect)
}

fn drop_tasks(incident: &mut Incident, ctx: &Context<'_>) {
    super::dispatch::end_tasks(incident, ctx);
    super::request::lapse(incident, ctx.now, |_| true);
    for kind in [ClockKind::Verify, ClockKind::Close] {
        clocks::stop_kind(incident, kind, ctx.now, false);
    }
    debug_assert!(
        incident
            .tasks
            .iter()
            .all(|task| task.status != TaskStatus::Handling)
    );
}

pub(super) fn unmerge(
    incident: &mut Incident,
    body: &Reason,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let reason = needed("reason", &body.reason)?;
    incident.status = incident.doc.before_merge.take().unwrap_or(Status::Received);
    let parent_id = incident.merged_into.take();
    if let Some(pause) = incident.open_pause(PauseReason::Merge) {
        pause.until = Some(ctx.now);
    }
    clocks::refresh(incident, ctx.catalog);
    let kind = match incident.status {
        Status::Received => ClockKind::Accept,
        Status::Accepted => ClockKind::Register,
        _ => ClockKind::Dispatch,
    };
    if !clocks::runs(incident, kind) {
        clocks::start_case(incident, kind, ctx);
    }
    let mut effect = Effect::new("incident.unmerged", reason);
    if let Some(parent) = ctx.other.filter(|other| Some(other.id) == parent_id) {
        let mut parent = parent.clone();
        parent.doc.children.retain(|child| *child != incident.id);
        effect.other = Some(parent);
    }
    Ok(effect)
}
