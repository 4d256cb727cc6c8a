//! Who does it: 派遣 in its modes, 收回, 会商 and its conclusion.

use yiwang_contracts::{
    ClockKind, OrgBrief, OrgId, OrgKind, Responsibility, ResponsibilityQuery, TaskId,
};

use super::apply::{Effect, needed};
use super::{Conclude, Context, Dispatch, Reason, Refusal};
use crate::clocks;
use crate::model::{
    DispatchMode, Incident, Pause, PauseReason, Status, Task, TaskDoc, TaskRole, TaskStatus,
};

/// The units of one dispatch.
pub(super) struct Plan<'a> {
    pub(super) mode: DispatchMode,
    pub(super) lead: OrgId,
    pub(super) assistants: &'a [OrgId],
    pub(super) inform: &'a [OrgId],
    pub(super) note: &'a str,
}

pub(super) fn dispatch(
    incident: &mut Incident,
    body: &Dispatch,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let plan = Plan {
        mode: body.mode,
        lead: body.lead,
        assistants: &body.assistants,
        inform: &body.inform,
        note: &body.note,
    };
    task_units(incident, &plan, ctx)?;
    let mut text = body.note.clone();
    for reason in &body.reasons {
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(reason);
    }
    Ok(Effect::new("incident.dispatched", text))
}

/// Gives the units of the plan their tasks and moves the case to 待签收.
pub(super) fn task_units(
    incident: &mut Incident,
    plan: &Plan<'_>,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    let briefs = units(plan, ctx)?;
    shape(plan, &briefs)?;
    clocks::stop_kind(incident, ClockKind::Dispatch, ctx.now, true);
    judge_by_list(incident, ctx);
    incident.status = Status::Dispatched;
    let in_turn = plan.mode == DispatchMode::Sequence;
    let first_no = next_no(incident);
    for (turn, org) in plan.assistants.iter().enumerate() {
        let order = if in_turn { turn as u16 + 1 } else { 0 };
        add(incident, *org, TaskRole::Assist, plan, order, ctx);
    }
    let order = if in_turn {
        plan.assistants.len() as u16 + 1
    } else {
        0
    };
    add(incident, plan.lead, TaskRole::Lead, plan, order, ctx);
    for org in plan.inform {
        add(incident, *org, TaskRole::Inform, plan, 0, ctx);
    }
    for no in first_no..next_no(incident) {
        let starts = incident.task(no).is_some_and(|task| task.doc.order <= 1);
        if starts {
            activate(incident, no, ctx);
        }
    }
    Ok(())
}

/// The case keeps the version of the responsibility list that was in force when it was sent.
pub(super) fn judge_by_list(incident: &mut Incident, ctx: &Context<'_>) {
    incident.doc.judged.list = responsible(incident, ctx).map_or(0, |found| found.list_version);
}

/// What the responsibility list says about the case now; nothing while it has no item.
pub(super) fn responsible(incident: &Incident, ctx: &Context<'_>) -> Option<Responsibility> {
    let query = ResponsibilityQuery {
        item: incident.item_code.clone()?,
        area: incident.area.clone(),
        at: ctx.now,
    };
    ctx.catalog.responsible(&[query]).into_iter().next()
}

/// Every unit of the plan is known and has one part in it.
fn units(plan: &Plan<'_>, ctx: &Context<'_>) -> Result<Vec<OrgBrief>, Refusal> {
    let mut ids = vec![plan.lead];
    ids.extend(plan.assistants);
    ids.extend(plan.inform);
    let mut briefs = Vec::with_capacity(ids.len());
    for (brief, id) in ctx.orgs.by_id(&ids).into_iter().zip(&ids) {
        briefs.push(brief.ok_or(Refusal::UnknownOrg { org_id: *id })?);
    }
    let twice = ids
        .iter()
        .enumerate()
        .find(|(at, id)| ids.iter().take(*at).any(|other| other == *id));
    match twice {
        Some((_, id)) => Err(Refusal::OrgTasked { org_id: *id }),
        None => Ok(briefs),
    }
}

/// The mode fits the units.
fn shape(plan: &Plan<'_>, briefs: &[OrgBrief]) -> Result<(), Refusal> {
    let assisted = !plan.assistants.is_empty();
    match plan.mode {
        DispatchMode::Single | DispatchMode::Broadcast if assisted => Err(Refusal::Bad {
            field: "assistants",
            why: "this mode has none",
        }),
        DispatchMode::Broadcast if plan.inform.is_empty() => {
            Err(Refusal::Missing { field: "inform" })
        }
        DispatchMode::Parallel
        | DispatchMode::Sequence
        | DispatchMode::LeadAssist
        | DispatchMode::TownDepartment
            if !assisted =>
        {
            Err(Refusal::Missing {
                field: "assistants",
            })
        }
        DispatchMode::TownDepartment => {
            let working = briefs.iter().take(1 + plan.assistants.len());
            let (mut territory, mut line) = (false, false);
            for brief in working {
                match brief.kind {
                    OrgKind::Town | OrgKind::Village | OrgKind::Grid => territory = true,
                    OrgKind::Department | OrgKind::Company | OrgKind::City => line = true,
                }
            }
            if territory && line {
                Ok(())
            } else {
                Err(Refusal::Bad {
                    field: "assistants",
                    why: "a territory and a department are needed",
                })
            }
        }
        _ => Ok(()),
    }
}

pub(super) fn next_no(incident: &Incident) -> u16 {
    incident.tasks.iter().map(|task| task.no).max().unwrap_or(0) + 1
}

fn add(
    incident: &mut Incident,
    org_id: OrgId,
    role: TaskRole,
    plan: &Plan<'_>,
    order: u16,
    ctx: &Context<'_>,
) {
    let doc = TaskDoc {
        mode: Some(plan.mode),
        order,
        note: if role == TaskRole::Lead {
            plan.note.to_owned()
        } else {
            String::new()
        },
        ..TaskDoc::default()
    };
    incident.tasks.push(Task {
        no: next_no(incident),
        id: TaskId::at(ctx.now),
        org_id,
        role,
        status: TaskStatus::Pending,
        assignee: None,
        doc,
    });
}

/// Tells a unit of the case: it takes part and sees it from now on, and has nothing to sign or handle.
pub(super) fn inform(incident: &mut Incident, org_id: OrgId, note: &str, ctx: &Context<'_>) {
    incident.tasks.push(Task {
        no: next_no(incident),
        id: TaskId::at(ctx.now),
        org_id,
        role: TaskRole::Inform,
        status: TaskStatus::Done,
        assignee: None,
        doc: TaskDoc {
            note: note.to_owned(),
            dispatched_at: Some(ctx.now),
            ..TaskDoc::default()
        },
    });
}

/// Hands a waiting task over to its unit; its clocks start.
pub(super) fn activate(incident: &mut Incident, no: u16, ctx: &Context<'_>) {
    let Some(task) = incident.tasks.iter_mut().find(|task| task.no == no) else {
        return;
    };
    task.status = TaskStatus::ToSign;
    task.doc.dispatched_at = Some(ctx.now);
    if task.role != TaskRole::Inform {
        clocks::start_task(incident, no, ctx);
    }
}

/// The next task of a sequence starts when none before it is being worked on.
pub(super) fn advance(incident: &mut Incident, ctx: &Context<'_>) {
    let working = |task: &Task| {
        task.doc.order > 0 && task.status.is_open() && task.status != TaskStatus::Pending
    };
    if incident.tasks.iter().any(working) {
        return;
    }
    let next = incident
        .tasks
        .iter()
        .filter(|task| task.status == TaskStatus::Pending)
        .min_by_key(|task| task.doc.order)
        .map(|task| task.no);
    if let Some(no) = next {
        activate(incident, no, ctx);
    }
}

/// Ends a task and everything handed down from it.
pub(super) fn end_task(incident: &mut Incident, no: u16, status: TaskStatus, ctx: &Context<'_>) {
    if let Some(task) = incident.tasks.iter_mut().find(|task| task.no == no) {
        task.status = status;
    }
    clocks::stop_task(incident, no, ctx.now);
    super::request::lapse_task(incident, no, ctx.now);
    let below: Vec<u16> = incident
        .tasks
        .iter()
        .filter(|task| task.doc.parent == Some(no) && task.status.is_open())
        .map(|task| task.no)
        .collect();
    for child in below {
        end_task(incident, child, TaskStatus::Cancelled, ctx);
    }
}

/// Ends every open task.
pub(super) fn end_tasks(incident: &mut Incident, ctx: &Context<'_>) {
    let open: Vec<u16> = incident
        .tasks
        .iter()
        .filter(|task| task.status.is_open())
        .map(|task| task.no)
        .collect();
    for no in open {
        end_task(incident, no, TaskStatus::Cancelled, ctx);
    }
}

/// Back to the dispatcher: the dispatch clock starts again, the clock of the case goes on.
pub(super) fn back_to_dispatch(incident: &mut Incident, ctx: &Context<'_>) {
    end_tasks(incident, ctx);
    incident.status = Status::Registered;
    clocks::start_case(incident, ClockKind::Dispatch, ctx);
}

pub(super) fn recall(
    incident: &mut Incident,
    body: &Reason,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let reason = needed("reason", &body.reason)?;
    back_to_dispatch(incident, ctx);
    Ok(Effect::updated(reason))
}

pub(super) fn consult(
    incident: &mut Incident,
    body: &Reason,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let reason = needed("reason", &body.reason)?;
    begin_consultation(incident, ctx);
    Ok(Effect::updated(reason))
}

/// The dispatch clock stands, but not longer than the rules allow.
pub(super) fn begin_consultation(incident: &mut Incident, ctx: &Context<'_>) {
    incident.doc.consulting = true;
    let until = ctx.after(ctx.now, ctx.rules.consult_within);
    let reason = PauseReason::Consultation;
    incident.doc.pauses.push(Pause {
        reason,
        from: ctx.now,
        until: Some(until),
    });
    clocks::refresh(incident, ctx.catalog);
}

pub(super) fn end_consultation(incident: &mut Incident, ctx: &Context<'_>) {
    incident.doc.consulting = false;
    for pause in &mut incident.doc.pauses {
        if pause.reason == PauseReason::Consultation
            && pause.until.is_none_or(|until| until > ctx.now)
        {
            pause.until = Some(ctx.now);
        }
    }
    clocks::refresh(incident, ctx.catalog);
}

pub(super) fn conclude(
    incident: &mut Incident,
    body: &Conclude,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let text = needed("text", &body.text)?;
    end_consultation(incident, ctx);
    let mode = if body.assistants.is_empty() {
        DispatchMode::Single
    } else {
        DispatchMode::LeadAssist
    };
    let plan = Plan {
        mode,
        lead: body.lead,
        assistants: &body.assistants,
        inform: &[],
        note: text,
    };
    task_units(incident, &plan, ctx)?;
    incident.doc.concluded = true;
    Ok(Effect::new("incident.dispatched", text))
}
