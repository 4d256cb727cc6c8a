//! What needs a second person: 退回 延期 挂账 作废 剔除, their approval, and 解除挂账.

use yiwang_contracts::ClockKind;
use yiwang_kernel::{Timestamp, new_uuid};
use yiwang_worktime::Limit;

use super::apply::{Effect, needed};
use super::dispatch::{Plan, advance, back_to_dispatch, begin_consultation, end_task, task_units};
use super::ending::end;
use super::gate::may_decide;
use super::handle::find;
use super::{CommandKind, Context, DecideRequest, MakeRequest, Refusal, Text};
use crate::clocks;
use crate::model::{
    Clock, DispatchMode, Flag, Incident, Outcome, Pause, PauseReason, Request, RequestKind,
    RequestStatus, ScoreExclusion, Status, SuspensionPlan, Task, TaskStatus,
};

/// Can the actor ask for this kind of thing now, with the right words?
pub(super) fn open_for(
    incident: &Incident,
    kind: RequestKind,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    match kind {
        RequestKind::Return | RequestKind::Extension | RequestKind::Suspension => {
            let mut first = None;
            for task in incident.tasks.iter().filter(|task| task.status.is_open()) {
                match task_open_for(incident, kind, task, ctx) {
                    Ok(()) => return Ok(()),
                    Err(refusal) => first = first.or(Some(refusal)),
                }
            }
            Err(first.unwrap_or(Refusal::NoTask {
                command: CommandKind::Request,
            }))
        }
        RequestKind::Void => {
            if !ctx.may("incident.void", incident) {
                return Err(Refusal::Denied {
                    command: CommandKind::Request,
                });
            }
            if !incident.status.is_open() {
                return Err(wrong_status(incident));
            }
            free(incident, kind, None)
        }
        RequestKind::Exclusion => exclusion_open(incident, ctx),
    }
}

fn wrong_status(incident: &Incident) -> Refusal {
    Refusal::WrongStatus {
        command: CommandKind::Request,
        status: incident.status,
    }
}

/// No request of the kind waits for this task.
fn free(incident: &Incident, kind: RequestKind, task: Option<u16>) -> Result<(), Refusal> {
    let pending = incident.doc.requests.iter().any(|request| {
        request.kind == kind && request.task == task && request.status == RequestStatus::Pending
    });
    if pending {
        Err(Refusal::RequestPending)
    } else {
        Ok(())
    }
}

fn task_open_for(
    incident: &Incident,
    kind: RequestKind,
    task: &Task,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    if !ctx.may_task("incident.handle", incident, task) {
        return Err(Refusal::Denied {
            command: CommandKind::Request,
        });
    }
    if !matches!(incident.status, Status::Dispatched | Status::Handling) {
        return Err(wrong_status(incident));
    }
    if incident.is_suspended() {
        return Err(Refusal::Suspended);
    }
    let status = task.status;
    let fits = match kind {
        RequestKind::Return => matches!(status, TaskStatus::ToSign | TaskStatus::Handling),
        _ => status == TaskStatus::Handling,
    };
    if !fits || task.role == crate::model::TaskRole::Inform {
        return Err(Refusal::TaskStatus {
            command: CommandKind::Request,
            status,
        });
    }
    free(incident, kind, Some(task.no))?;
    match kind {
        RequestKind::Return => return_open(incident, task, ctx),
        RequestKind::Extension => extension_open(incident, task, ctx).map(|_clock| ()),
        _ if !task.is_lead() => Err(Refusal::NotLead),
        _ => Ok(()),
    }
}

fn return_open(incident: &Incident, task: &Task, ctx: &Context<'_>) -> Result<(), Refusal> {
    if task.is_lead() && incident.doc.concluded {
        return Err(Refusal::ReturnExhausted);
    }
    let within = if ctx.is_urgent(incident.grade) {
        ctx.rules.return_within_urgent
    } else {
        ctx.rules.return_within
    };
    let from = task.doc.dispatched_at.unwrap_or(incident.created_at);
    let until = ctx.after(from, within);
    if ctx.now > until {
        Err(Refusal::ReturnTooLate { until })
    } else {
        Ok(())
    }
}

/// The handling clock that an extension would lengthen: the one that ends last.
fn extension_open<'a>(
    incident: &'a Incident,
    task: &Task,
    ctx: &Context<'_>,
) -> Result<&'a Clock, Refusal> {
    let times = task.doc.extensions;
    if times >= ctx.rules.extensions_max {
        return Err(Refusal::ExtensionUsed { times });
    }
    let clock =
        clocks::last_running(incident, ClockKind::Handle, task.no).ok_or(Refusal::NoTask {
            command: CommandKind::Request,
        })?;
    match clock.due_at {
        Some(due_at) if ctx.now >= due_at => Err(Refusal::ExtensionTooLate { due_at }),
        _ => Ok(clock),
    }
}

/// In time, not excluded yet, and at most once more after a rejection.
fn exclusion_open(incident: &Incident, ctx: &Context<'_>) -> Result<(), Refusal> {
    let lead = incident.tasks.iter().rev().find(|task| task.is_lead());
    let mine = lead.is_some_and(|task| ctx.may_task("incident.handle", incident, task));
    if !mine {
        return Err(Refusal::Denied {
            command: CommandKind::Request,
        });
    }
    if incident.status != Status::Closed {
        return Err(wrong_status(incident));
    }
    free(incident, RequestKind::Exclusion, None)?;
    let rejected: Vec<&Request> = exclusions(incident, RequestStatus::Rejected).collect();
    if incident.doc.excluded.is_some() || rejected.len() >= 2 {
        return Err(Refusal::ExclusionUsed);
    }
    let (from, within) = match rejected.first().and_then(|request| request.decided_at) {
        Some(rejected_at) => (rejected_at, ctx.rules.appeal_within),
        None => (
            incident.closed_at.unwrap_or(incident.created_at),
            ctx.rules.exclusion_within,
        ),
    };
    let until = ctx.after(from, within);
    if ctx.now > until {
        Err(Refusal::ExclusionTooLate { until })
    } else {
        Ok(())
    }
}

fn exclusions(incident: &Incident, status: RequestStatus) -> impl Iterator<Item = &Request> {
    incident
        .doc
        .requests
        .iter()
        .filter(move |request| request.kind == RequestKind::Exclusion && request.status == status)
}

pub(super) fn make(
    incident: &mut Incident,
    body: &MakeRequest,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let text = needed("text", &body.text)?;
    needed("reason_code", &body.reason_code)?;
    let task = match body.kind {
        RequestKind::Void | RequestKind::Exclusion => {
            open_for(incident, body.kind, ctx)?;
            None
        }
        _ => {
            let id = body.task_id.ok_or(Refusal::Missing { field: "task_id" })?;
            let task = find(incident, id)?;
            task_open_for(incident, body.kind, task, ctx)?;
            Some(task)
        }
    };
    let mut request = blank(body, task, ctx);
    match (body.kind, task) {
        (RequestKind::Return, _) => {
            let org_id = body.proposed_org.ok_or(Refusal::Missing {
                field: "proposed_org",
            })?;
            if ctx
                .orgs
                .by_id(&[org_id])
                .into_iter()
                .flatten()
                .next()
                .is_none()
            {
                return Err(Refusal::UnknownOrg { org_id });
            }
        }
        (RequestKind::Extension, Some(task)) => {
            let clock = extension_open(incident, task, ctx)?;
            request.extra = extra(clock, body.extra, ctx)?;
        }
        (RequestKind::Suspension, _) => {
            let plan = body
                .plan_date
                .ok_or(Refusal::Missing { field: "plan_date" })?;
            if plan <= ctx.now {
                return Err(Refusal::NotAhead { field: "plan_date" });
            }
            let leader = body
                .leader
                .as_deref()
                .ok_or(Refusal::Missing { field: "leader" })?;
            needed("leader", leader)?.clone_into(&mut request.leader);
        }
        (RequestKind::Exclusion, _) => {
            if !ctx.rules.exclusion_reasons.contains(&body.reason_code) {
                return Err(Refusal::Bad {
                    field: "reason_code",
                    why: "not a reason for exclusion",
                });
            }
            request.appeal = exclusions(incident, RequestStatus::Rejected)
                .next()
                .is_some();
        }
        _ => {}
    }
    let lead_returns = body.kind == RequestKind::Return && task.is_some_and(Task::is_lead);
    if lead_returns && incident.doc.returns >= ctx.rules.returns_max {
        return Ok(to_consultation(incident, request, ctx));
    }
    incident.doc.requests.push(request);
    Ok(Effect::new(
        "incident.requested",
        format!("{}: {text}", body.kind),
    ))
}

fn blank(body: &MakeRequest, task: Option<&Task>, ctx: &Context<'_>) -> Request {
    Request {
        id: new_uuid(ctx.now),
        kind: body.kind,
        task: task.map(|task| task.no),
        status: RequestStatus::Pending,
        asked_at: ctx.now,
        asked_by: ctx.actor.user_id,
        asked_by_name: ctx.actor.name.clone(),
        reason_code: body.reason_code.clone(),
        text: body.text.trim().to_owned(),
        proposed_org: body.proposed_org,
        extra: 0,
        plan_at: body.plan_date.map(crate::model::wire::whole_millis),
        leader: String::new(),
        appeal: false,
        decided_at: None,
        decided_by: None,
        decided_by_name: String::new(),
        decision: String::new(),
    }
}

/// The extension in the unit of the limit, at most the allowed part of it.
fn extra(clock: &Clock, asked: Option<Limit>, ctx: &Context<'_>) -> Result<u32, Refusal> {
    let asked = asked.ok_or(Refusal::Missing { field: "extra" })?;
    if asked.unit != clock.limit.unit {
        return Err(Refusal::ExtensionUnit {
            limit: clock.limit.to_string(),
        });
    }
    if asked.amount == 0 {
        return Err(Refusal::Bad {
            field: "extra",
            why: "an extension adds time",
        });
    }
    let max = (f64::from(clock.limit.amount) * ctx.rules.extension_part).floor() as u32;
    if asked.amount > max {
        Err(Refusal::ExtensionTooLong { max })
    } else {
        Ok(asked.amount)
    }
}

/// One return too many: no more sending around, a consultation names the lead.
fn to_consultation(incident: &mut Incident, mut request: Request, ctx: &Context<'_>) -> Effect {
    let text = format!("{}: {}", request.kind, request.text);
    request.status = RequestStatus::Approved;
    request.decided_at = Some(ctx.now);
    let task = request.task;
    incident.doc.requests.push(request);
    incident.doc.returns += 1;
    if let Some(no) = task {
        end_task(incident, no, TaskStatus::Returned, ctx);
    }
    back_to_dispatch(incident, ctx);
    begin_consultation(incident, ctx);
    Effect::new("incident.returned", text)
}

pub(super) fn decide(
    incident: &mut Incident,
    body: &DecideRequest,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let request = incident
        .doc
        .requests
        .iter()
        .find(|request| request.id == body.request_id && request.status == RequestStatus::Pending)
        .ok_or(Refusal::UnknownRequest)?;
    may_decide(incident, request, ctx)?;
    if !body.approved {
        needed("text", &body.text)?;
    }
    let mut request = request.clone();
    request.status = if body.approved {
        RequestStatus::Approved
    } else {
        RequestStatus::Rejected
    };
    request.decided_at = Some(ctx.now);
    request.decided_by = Some(ctx.actor.user_id);
    request.decided_by_name.clone_from(&ctx.actor.name);
    request.decision.clone_from(&body.text);
    for present in &mut incident.doc.requests {
        if present.id == request.id {
            present.clone_from(&request);
        }
    }
    let text = format!("{} {}: {}", request.kind, request.status, body.text);
    let event = if body.approved {
        grant(incident, &request, body, ctx)?
    } else {
        "incident.decided"
    };
    Ok(Effect::new(event, text.trim_end_matches([':', ' '])))
}

/// Does what was asked for.
fn grant(
    incident: &mut Incident,
    request: &Request,
    body: &DecideRequest,
    ctx: &Context<'_>,
) -> Result<&'static str, Refusal> {
    match request.kind {
        RequestKind::Return => grant_return(incident, request, body, ctx)?,
        RequestKind::Extension => {
            let Some(no) = request.task else {
                return Ok("incident.decided");
            };
            clocks::extend(incident, no, request.extra, ctx.catalog);
            if let Some(task) = incident.tasks.iter_mut().find(|task| task.no == no) {
                task.doc.extensions += 1;
            }
        }
        RequestKind::Suspension => suspend(incident, request, ctx),
        RequestKind::Void => {
            end(incident, Outcome::Void, ctx.now);
            return Ok("incident.void");
        }
        RequestKind::Exclusion => {
            incident.doc.excluded = Some(ScoreExclusion {
                reason_code: request.reason_code.clone(),
                at: ctx.now,
                by: ctx.actor.user_id,
            });
            incident.mark(Flag::Excluded, true);
        }
    }
    Ok("incident.decided")
}

fn grant_return(
    incident: &mut Incident,
    request: &Request,
    body: &DecideRequest,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    let Some(no) = request.task else {
        return Ok(());
    };
    let lead = incident.task(no).is_some_and(Task::is_lead);
    end_task(incident, no, TaskStatus::Returned, ctx);
    if !lead {
        advance(incident, ctx);
        return Ok(());
    }
    incident.doc.returns += 1;
    back_to_dispatch(incident, ctx);
    if let Some(lead) = body.lead {
        let plan = Plan {
            mode: DispatchMode::Single,
            lead,
            assistants: &[],
            inform: &[],
            note: &body.text,
        };
        task_units(incident, &plan, ctx)?;
    }
    Ok(())
}

fn suspend(incident: &mut Incident, request: &Request, ctx: &Context<'_>) {
    let reason = PauseReason::Suspension;
    incident.doc.pauses.push(Pause {
        reason,
        from: ctx.now,
        until: None,
    });
    incident.doc.suspension = Some(SuspensionPlan {
        plan_at: request.plan_at.unwrap_or(ctx.now),
        leader: request.leader.clone(),
        review_at: ctx.after(ctx.now, ctx.rules.suspension_review),
    });
    clocks::refresh(incident, ctx.catalog);
}

pub(super) fn resume(
    incident: &mut Incident,
    body: &Text,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let text = needed("text", &body.text)?;
    incident.doc.suspension = None;
    incident.mark(Flag::ReviewDue, false);
    if let Some(pause) = incident.open_pause(PauseReason::Suspension) {
        pause.until = Some(ctx.now);
    }
    clocks::refresh(incident, ctx.catalog);
    Ok(Effect::updated(text))
}

/// Requests about a task end with it.
pub(super) fn lapse_task(incident: &mut Incident, no: u16, now: Timestamp) {
    lapse(incident, now, |request| request.task == Some(no));
}

pub(super) fn lapse(incident: &mut Incident, now: Timestamp, which: impl Fn(&Request) -> bool) {
    for request in &mut incident.doc.requests {
        if request.status == RequestStatus::Pending && which(request) {
            request.status = RequestStatus::Lapsed;
            request.decided_at = Some(now);
        }
    }
}
