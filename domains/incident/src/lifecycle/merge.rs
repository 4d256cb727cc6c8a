//! 并案 and 拆并. The child keeps its caller, its rating and its secrecy; the parent's clocks count.

use std::collections::BTreeSet;

use yiwang_contracts::ClockKind;

use super::apply::{Effect, needed};
use super::dispatch::end_consultation;
use super::{Context, Merge, Reason, Refusal};
use crate::clocks;
use crate::model::{Flag, Incident, Pause, PauseReason, Status, TaskStatus};

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
    count_callers(&mut parent, ctx);
    let mut effect = Effect::new("incident.merged", body.note.as_str());
    effect.other = Some(parent);
    Ok(effect)
}

/// 群体性诉求: as many different callers as the rules name, of the case and of those merged into it. A
/// caller is told from another by the phone; one without a phone counts as one.
fn count_callers(parent: &mut Incident, ctx: &Context<'_>) {
    let cases = parent.doc.children.iter().chain([&parent.id]);
    let callers: Vec<Option<i64>> = cases
        .filter_map(|id| ctx.callers?.get(id).copied())
        .collect();
    let phones: BTreeSet<i64> = callers.iter().copied().flatten().collect();
    let nameless = callers.iter().filter(|phone| phone.is_none()).count();
    let count = u32::try_from(phones.len() + nameless).unwrap_or(u32::MAX);
    parent.doc.callers = count;
    parent.mark(Flag::Mass, count >= ctx.rules.mass.callers);
}

/// What others are told of the parent.
pub(super) fn told(before: &Incident, after: &Incident) -> &'static str {
    if after.has(Flag::Mass) && !before.has(Flag::Mass) {
        "incident.mass"
    } else {
        "incident.updated"
    }
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
        count_callers(&mut parent, ctx);
        effect.other = Some(parent);
    }
    Ok(effect)
}
