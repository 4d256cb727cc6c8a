//! What a unit does with its task: 签收 联系 到场 转派 反馈, and calling in or excusing others.

use yiwang_contracts::{ClockKind, TaskId};

use super::apply::{Effect, needed};
use super::dispatch::{activate, advance, end_task, next_no};
use super::gate::task_allows;
use super::intake::policy;
use super::{
    Arrive, Assign, Assist, CommandKind, Contact, Context, Excuse, FinishStage, Refusal, Report,
    ToTask,
};
use crate::clocks;
use crate::model::{Incident, Status, Task, TaskDoc, TaskRole, TaskStatus};

/// The task by its id.
pub(super) fn find(incident: &Incident, task_id: TaskId) -> Result<&Task, Refusal> {
    incident
        .tasks
        .iter()
        .find(|task| task.id == task_id)
        .ok_or(Refusal::UnknownTask { task_id })
}

/// The task of a unit command: known, the actor's, and in a state to take it.
fn own<'a>(
    incident: &'a mut Incident,
    task_id: TaskId,
    kind: CommandKind,
    ctx: &Context<'_>,
) -> Result<&'a mut Task, Refusal> {
    let task = find(incident, task_id)?;
    if !ctx.may_task("incident.handle", incident, task) {
        return Err(Refusal::Denied { command: kind });
    }
    task_allows(incident, task, kind)?;
    let task = incident.tasks.iter_mut().find(|task| task.id == task_id);
    task.ok_or(Refusal::UnknownTask { task_id })
}

pub(super) fn sign(
    incident: &mut Incident,
    body: &ToTask,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let task = own(incident, body.task_id, CommandKind::Sign, ctx)?;
    task.doc.signed_at = Some(ctx.now);
    if task.role == TaskRole::Inform {
        task.status = TaskStatus::Done;
        return Ok(Effect::updated(""));
    }
    task.status = TaskStatus::Handling;
    let (no, moves) = (task.no, task.is_lead() || task.doc.order > 0);
    clocks::stop(incident, ClockKind::Sign, no, ctx.now, true);
    if moves {
        incident.status = Status::Handling;
    }
    Ok(Effect::new("incident.signed", ""))
}

pub(super) fn contact(
    incident: &mut Incident,
    body: &Contact,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let result = needed("result", &body.result)?.to_owned();
    let task = own(incident, body.task_id, CommandKind::Contact, ctx)?;
    task.doc.contact_result.clone_from(&result);
    let no = task.no;
    if ctx.rules.contact_reached.contains(&result) {
        task.doc.contacted_at = Some(ctx.now);
        clocks::stop(incident, ClockKind::Contact, no, ctx.now, true);
    }
    Ok(Effect::updated(format!("{result} {}", body.note).trim()))
}

pub(super) fn arrive(
    incident: &mut Incident,
    body: &Arrive,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let task = own(incident, body.task_id, CommandKind::Arrive, ctx)?;
    task.doc.arrived_at = Some(ctx.now);
    let no = task.no;
    clocks::stop(incident, ClockKind::Arrive, no, ctx.now, true);
    let text = body
        .position
        .map_or(String::new(), |at| format!("{:.5},{:.5}", at.lon, at.lat));
    Ok(Effect::updated(text))
}

pub(super) fn assign(
    incident: &mut Incident,
    body: &Assign,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let task = own(incident, body.task_id, CommandKind::Assign, ctx)?;
    if let Some(user) = body.assignee {
        task.assignee = Some(user);
    }
    match (body.org_id, body.assignee) {
        (Some(org_id), _) => {
            let parent = task.no;
            hand_down(incident, parent, org_id, &body.note, ctx)?;
        }
        (None, None) => return Err(Refusal::Missing { field: "assignee" }),
        (None, Some(_)) => {}
    }
    Ok(Effect::updated(body.note.as_str()))
}

/// A unit below gets a part of the task; it shares the clock that the task is handled by.
fn hand_down(
    incident: &mut Incident,
    parent: u16,
    org_id: yiwang_contracts::OrgId,
    note: &str,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    let Some(above) = incident.task(parent).map(|task| task.org_id) else {
        return Ok(());
    };
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
    if org_id == above || !ctx.orgs.ancestors(org_id).contains(&above) {
        return Err(Refusal::NotBelow { org_id });
    }
    let max = ctx.rules.depth_max;
    if depth(incident, parent) + 1 >= max {
        return Err(Refusal::TooDeep { max });
    }
    free(incident, org_id)?;
    let no = next_no(incident);
    push(incident, no, org_id, Some(parent), note, ctx);
    clocks::share_handle(incident, parent, no);
    Ok(())
}

fn depth(incident: &Incident, no: u16) -> u16 {
    let mut levels = 0;
    let mut at = incident.task(no);
    while let Some(parent) = at.and_then(|task| task.doc.parent) {
        levels += 1;
        at = incident.task(parent);
    }
    levels
}

/// A unit has at most one open task of a case.
fn free(incident: &Incident, org_id: yiwang_contracts::OrgId) -> Result<(), Refusal> {
    let tasked = incident
        .tasks
        .iter()
        .any(|task| task.org_id == org_id && task.status.is_open());
    if tasked {
        Err(Refusal::OrgTasked { org_id })
    } else {
        Ok(())
    }
}

fn push(
    incident: &mut Incident,
    no: u16,
    org_id: yiwang_contracts::OrgId,
    parent: Option<u16>,
    note: &str,
    ctx: &Context<'_>,
) {
    incident.tasks.push(Task {
        no,
        id: TaskId::at(ctx.now),
        org_id,
        role: TaskRole::Assist,
        status: TaskStatus::Pending,
        assignee: None,
        doc: TaskDoc {
            parent,
            note: note.to_owned(),
            ..TaskDoc::default()
        },
    });
    activate(incident, no, ctx);
}

/// One of several stages of the task is done; its last ends with the report.
pub(super) fn finish_stage(
    incident: &mut Incident,
    body: &FinishStage,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let stage = needed("stage", &body.stage)?;
    let no = own(incident, body.task_id, CommandKind::FinishStage, ctx)?.no;
    let open = clocks::open_stages(incident, no, ctx);
    if open.iter().all(|own| own.zh != stage) {
        return Err(Refusal::NoStage {
            stage: stage.to_owned(),
            open: open.into_iter().map(|own| own.zh.clone()).collect(),
        });
    }
    clocks::finish_stage(incident, no, stage, ctx);
    Ok(Effect::updated(format!("{stage} {}", body.text).trim()))
}

pub(super) fn report(
    incident: &mut Incident,
    body: &Report,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let text = needed("text", &body.text)?;
    let lead = find(incident, body.task_id)?.is_lead();
    let wanted = policy(incident, ctx)
        .map(|policy| policy.evidence.clone())
        .unwrap_or_default();
    let task = own(incident, body.task_id, CommandKind::Report, ctx)?;
    let kinds: Vec<String> = wanted
        .into_iter()
        .filter(|kind| lead && body.evidence.iter().all(|evidence| evidence.kind != *kind))
        .collect();
    if !kinds.is_empty() {
        return Err(Refusal::EvidenceMissing { kinds });
    }
    task.doc.reported_at = Some(ctx.now);
    task.doc.reported_by = Some(ctx.actor.user_id);
    task.doc.result.clone_from(&body.result);
    text.clone_into(&mut task.doc.text);
    task.doc.evidence.clone_from(&body.evidence);
    task.status = if lead {
        TaskStatus::Reported
    } else {
        TaskStatus::Done
    };
    let no = task.no;
    clocks::stop(incident, ClockKind::Handle, no, ctx.now, true);
    clocks::stop_task(incident, no, ctx.now);
    super::request::lapse_task(incident, no, ctx.now);
    if !lead {
        advance(incident, ctx);
        return Ok(Effect::updated(text));
    }
    incident.status = Status::Reported;
    clocks::start_case(incident, ClockKind::Verify, ctx);
    Ok(Effect::new("incident.reported", text))
}

pub(super) fn assist(
    incident: &mut Incident,
    body: &Assist,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let text = needed("text", &body.text)?;
    if !find(incident, body.task_id)?.is_lead() {
        return Err(Refusal::NotLead);
    }
    if ctx
        .orgs
        .by_id(&[body.org_id])
        .into_iter()
        .flatten()
        .next()
        .is_none()
    {
        return Err(Refusal::UnknownOrg {
            org_id: body.org_id,
        });
    }
    free(incident, body.org_id)?;
    let no = next_no(incident);
    push(incident, no, body.org_id, None, text, ctx);
    Ok(Effect::updated(text))
}

pub(super) fn excuse(
    incident: &mut Incident,
    body: &Excuse,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    let reason = needed("reason", &body.reason)?;
    let task = find(incident, body.task_id)?;
    if task.is_lead() {
        return Err(Refusal::LeadNotExcusable);
    }
    if !task.status.is_open() {
        return Err(Refusal::TaskStatus {
            command: CommandKind::Excuse,
            status: task.status,
        });
    }
    let no = task.no;
    end_task(incident, no, TaskStatus::Excused, ctx);
    advance(incident, ctx);
    Ok(Effect::updated(reason))
}
