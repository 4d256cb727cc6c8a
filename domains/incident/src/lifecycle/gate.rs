//! Which commands are open: by status, by what hangs on the case, and by rights.

use yiwang_contracts::{Action, Grade};

use super::{CommandKind, Context, Refusal};
use crate::clocks::open_stages;
use crate::model::{
    Desk, Incident, Owner, Request, RequestKind, RequestStatus, Status, Task, TaskStatus,
};

/// Actions of which any lets an actor give the command.
const fn actions(kind: CommandKind) -> &'static [Action] {
    match kind {
        CommandKind::Accept | CommandKind::Refuse | CommandKind::Answer | CommandKind::Transfer => {
            &["incident.accept"]
        }
        CommandKind::Register => &["incident.register"],
        CommandKind::SendBack => &["incident.register", "incident.close"],
        CommandKind::Reclassify => &["incident.accept", "incident.register", "incident.dispatch"],
        CommandKind::Dispatch
        | CommandKind::Recall
        | CommandKind::Consult
        | CommandKind::Conclude => &["incident.dispatch"],
        CommandKind::SelfHandle
        | CommandKind::Sign
        | CommandKind::Contact
        | CommandKind::Arrive
        | CommandKind::Assign
        | CommandKind::FinishStage
        | CommandKind::Report
        | CommandKind::AnswerWhistle => &["incident.handle"],
        CommandKind::Assist | CommandKind::Excuse => &["incident.handle", "incident.dispatch"],
        CommandKind::Request => &["incident.handle", "incident.void"],
        CommandKind::Verify | CommandKind::Rate => &["incident.verify"],
        CommandKind::Close => &["incident.close"],
        CommandKind::Reopen => &["incident.reopen"],
        CommandKind::Decide | CommandKind::Resume => &["incident.decide"],
        CommandKind::Supervise | CommandKind::Escalate => &["incident.supervise"],
        CommandKind::Merge | CommandKind::Unmerge => &["incident.merge"],
        CommandKind::Whistle => &["incident.whistle"],
        CommandKind::Note => &[
            "incident.handle",
            "incident.accept",
            "incident.register",
            "incident.dispatch",
            "incident.verify",
            "incident.close",
            "incident.supervise",
        ],
    }
}

const UNIT_COMMANDS: &[CommandKind] = &[
    CommandKind::Sign,
    CommandKind::Contact,
    CommandKind::Arrive,
    CommandKind::Assign,
    CommandKind::FinishStage,
    CommandKind::Report,
];

/// The commands the actor may give this case now, in the order of the life cycle.
pub fn allowed(incident: &Incident, ctx: &Context<'_>) -> Vec<CommandKind> {
    CommandKind::ALL
        .iter()
        .copied()
        // The status first: it rules most of them out and costs nothing.
        .filter(|kind| status_allows(incident, *kind).is_ok() && gate(incident, *kind, ctx).is_ok())
        .collect()
}

/// Is the command open to the actor, whatever its body will say?
pub fn gate(incident: &Incident, kind: CommandKind, ctx: &Context<'_>) -> Result<(), Refusal> {
    if !actions(kind).iter().any(|action| ctx.may(action, incident)) {
        return Err(Refusal::Denied { command: kind });
    }
    status_allows(incident, kind)?;
    if incident.is_suspended() && stands_while_suspended(kind) {
        return Err(Refusal::Suspended);
    }
    hangs(incident, kind, ctx)
}

fn status_allows(incident: &Incident, kind: CommandKind) -> Result<(), Refusal> {
    let status = incident.status;
    let fits = match kind {
        CommandKind::Accept => status == Status::Received,
        CommandKind::Refuse | CommandKind::Answer | CommandKind::SelfHandle => {
            matches!(status, Status::Received | Status::Accepted)
        }
        CommandKind::Transfer => {
            matches!(
                status,
                Status::Received | Status::Accepted | Status::Registered
            )
        }
        CommandKind::Register => status == Status::Accepted,
        CommandKind::SendBack => matches!(status, Status::Accepted | Status::Verified),
        CommandKind::Dispatch | CommandKind::Consult | CommandKind::Conclude => {
            status == Status::Registered
        }
        CommandKind::Recall => status == Status::Dispatched,
        CommandKind::Sign
        | CommandKind::Contact
        | CommandKind::Arrive
        | CommandKind::Assign
        | CommandKind::FinishStage
        | CommandKind::Report
        | CommandKind::Assist
        | CommandKind::Excuse => matches!(status, Status::Dispatched | Status::Handling),
        CommandKind::Verify => status == Status::Reported,
        CommandKind::Close => status == Status::Verified,
        CommandKind::Rate | CommandKind::Reopen => status == Status::Closed,
        CommandKind::Request => status.is_open() || status == Status::Closed,
        CommandKind::Decide | CommandKind::Note | CommandKind::AnswerWhistle => true,
        CommandKind::Unmerge => status == Status::Merged,
        CommandKind::Reclassify
        | CommandKind::Resume
        | CommandKind::Supervise
        | CommandKind::Escalate
        | CommandKind::Merge
        | CommandKind::Whistle => status.is_open(),
    };
    if fits {
        Ok(())
    } else {
        Err(Refusal::WrongStatus {
            command: kind,
            status,
        })
    }
}

const fn stands_while_suspended(kind: CommandKind) -> bool {
    matches!(
        kind,
        CommandKind::Sign
            | CommandKind::Contact
            | CommandKind::Arrive
            | CommandKind::Assign
            | CommandKind::FinishStage
            | CommandKind::Report
            | CommandKind::Assist
            | CommandKind::Excuse
            | CommandKind::Recall
    )
}

/// What must hang on the case for the command: a task, a request, a whistle, time left.
fn hangs(incident: &Incident, kind: CommandKind, ctx: &Context<'_>) -> Result<(), Refusal> {
    if UNIT_COMMANDS.contains(&kind) {
        return unit_task(incident, kind, ctx);
    }
    match kind {
        CommandKind::Dispatch | CommandKind::Transfer | CommandKind::Consult
            if incident.doc.consulting =>
        {
            Err(Refusal::Consulting)
        }
        CommandKind::Conclude if !incident.doc.consulting => Err(Refusal::NotConsulting),
        CommandKind::SelfHandle => super::self_handle::open_to(incident, ctx),
        CommandKind::SendBack => send_back(incident, ctx),
        CommandKind::Recall => match incident.lead() {
            Some(lead) if lead.doc.signed_at.is_none() => Ok(()),
            _ => Err(Refusal::NoTask { command: kind }),
        },
        CommandKind::Assist => match incident.lead() {
            Some(lead) if lead.status == TaskStatus::Handling && may_lead(incident, lead, ctx) => {
                Ok(())
            }
            _ => Err(Refusal::NoTask { command: kind }),
        },
        CommandKind::Excuse => {
            let open = incident
                .tasks
                .iter()
                .any(|task| !task.is_lead() && task.status.is_open());
            let mine = ctx.may("incident.dispatch", incident)
                || incident
                    .lead()
                    .is_some_and(|lead| may_lead(incident, lead, ctx));
            if open && mine {
                Ok(())
            } else {
                Err(Refusal::NoTask { command: kind })
            }
        }
        CommandKind::Verify if reported_by_actor(incident, ctx) => Err(Refusal::SamePerson),
        CommandKind::Rate if incident.doc.rating.is_some() => Err(Refusal::AlreadyRated),
        CommandKind::Reopen => reopen(incident, ctx),
        CommandKind::Request => request(incident, ctx),
        CommandKind::Decide => match decidable(incident, ctx).next() {
            Some(_) => Ok(()),
            None => Err(Refusal::NothingToDecide),
        },
        CommandKind::Resume if !incident.is_suspended() => Err(Refusal::NotSuspended),
        CommandKind::Escalate if incident.grade == Grade::I => Err(Refusal::GradeNotHigher),
        CommandKind::Merge if !incident.doc.children.is_empty() => Err(Refusal::HasChildren),
        CommandKind::AnswerWhistle => called(incident, ctx),
        _ => Ok(()),
    }
}

fn may_lead(incident: &Incident, lead: &Task, ctx: &Context<'_>) -> bool {
    ctx.may_task("incident.handle", incident, lead) || ctx.may("incident.dispatch", incident)
}

fn unit_task(incident: &Incident, kind: CommandKind, ctx: &Context<'_>) -> Result<(), Refusal> {
    let mine = |task: &&Task| ctx.may_task("incident.handle", incident, task);
    let mut waiting = None;
    for task in incident.tasks.iter().filter(mine) {
        match task_allows(incident, task, kind) {
            Ok(())
                if kind == CommandKind::FinishStage
                    && open_stages(incident, task.no, ctx).is_empty() => {}
            Ok(()) => return Ok(()),
            // What it waits for says more than that it cannot be done.
            Err(refusal @ Refusal::OpenAssists { .. }) => waiting = Some(refusal),
            Err(_) => {}
        }
    }
    Err(waiting.unwrap_or(Refusal::NoTask { command: kind }))
}

/// Is the task in a state to take the unit command?
pub(super) fn task_allows(
    incident: &Incident,
    task: &Task,
    kind: CommandKind,
) -> Result<(), Refusal> {
    let status = task.status;
    let fits = match kind {
        CommandKind::Sign => status == TaskStatus::ToSign,
        CommandKind::Contact => status == TaskStatus::Handling && task.doc.contacted_at.is_none(),
        CommandKind::Arrive => status == TaskStatus::Handling && task.doc.arrived_at.is_none(),
        CommandKind::Assign => matches!(status, TaskStatus::ToSign | TaskStatus::Handling),
        CommandKind::FinishStage | CommandKind::Report => status == TaskStatus::Handling,
        _ => false,
    };
    if !fits {
        return Err(Refusal::TaskStatus {
            command: kind,
            status,
        });
    }
    if kind == CommandKind::Report {
        let open = waits_for(incident, task);
        if !open.is_empty() {
            return Err(Refusal::OpenAssists {
                tasks: open.iter().map(|task| task.id).collect(),
            });
        }
    }
    Ok(())
}

/// The open tasks that must end before this one can be reported.
pub(super) fn waits_for<'a>(incident: &'a Incident, task: &Task) -> Vec<&'a Task> {
    let (lead, no) = (task.is_lead(), task.no);
    incident
        .tasks
        .iter()
        .filter(|other| other.no != no && other.holds_lead())
        .filter(|other| lead || other.doc.parent == Some(no))
        .collect()
}

fn send_back(incident: &Incident, ctx: &Context<'_>) -> Result<(), Refusal> {
    let action = if incident.status == Status::Accepted {
        "incident.register"
    } else {
        "incident.close"
    };
    if ctx.may(action, incident) {
        Ok(())
    } else {
        Err(Refusal::Denied {
            command: CommandKind::SendBack,
        })
    }
}

/// Whoever handled a case does not verify it.
fn reported_by_actor(incident: &Incident, ctx: &Context<'_>) -> bool {
    incident
        .lead()
        .is_some_and(|lead| lead.doc.reported_by == Some(ctx.actor.user_id))
}

fn reopen(incident: &Incident, ctx: &Context<'_>) -> Result<(), Refusal> {
    let times = incident.doc.reopens;
    if times >= ctx.rules.reopens_max {
        return Err(Refusal::ReopenUsed { times });
    }
    let closed_at = incident.closed_at.unwrap_or(incident.created_at);
    let until = ctx.after(closed_at, ctx.rules.reopen_within);
    if ctx.now > until {
        Err(Refusal::ReopenTooLate { until })
    } else {
        Ok(())
    }
}

/// Some kind of request can be made.
fn request(incident: &Incident, ctx: &Context<'_>) -> Result<(), Refusal> {
    if incident.status == Status::Closed {
        return super::request::open_for(incident, RequestKind::Exclusion, ctx);
    }
    let mut first = None;
    for kind in RequestKind::ALL {
        match super::request::open_for(incident, *kind, ctx) {
            Ok(()) => return Ok(()),
            Err(refusal) => first = first.or(Some(refusal)),
        }
    }
    Err(first.unwrap_or(Refusal::NothingToDecide))
}

/// The pending requests that the actor may decide.
pub(super) fn decidable<'a>(
    incident: &'a Incident,
    ctx: &'a Context<'_>,
) -> impl Iterator<Item = &'a Request> {
    incident
        .doc
        .requests
        .iter()
        .filter(|request| request.status == RequestStatus::Pending)
        .filter(|request| may_decide(incident, request, ctx).is_ok())
}

/// A second person: neither whoever asked, nor, on appeal, whoever rejected it before.
pub(super) fn may_decide(
    incident: &Incident,
    request: &Request,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    let me = ctx.actor.user_id;
    let rejected_before = request.appeal
        && incident.doc.requests.iter().any(|earlier| {
            earlier.kind == request.kind && !earlier.appeal && earlier.decided_by == Some(me)
        });
    if request.asked_by == me || rejected_before {
        Err(Refusal::SamePerson)
    } else {
        Ok(())
    }
}

fn called(incident: &Incident, ctx: &Context<'_>) -> Result<(), Refusal> {
    let waiting = incident
        .doc
        .whistles
        .iter()
        .flat_map(|whistle| &whistle.calls)
        .any(|call| {
            call.arrived_at.is_none() && ctx.may_as("incident.handle", incident, &[call.org_id])
        });
    if waiting {
        Ok(())
    } else {
        Err(Refusal::NotCalled)
    }
}

/// The seat that has to act, for lists by seat.
pub fn desk(incident: &Incident) -> Option<Desk> {
    match incident.owner() {
        Some(Owner::Desk(desk)) => Some(desk),
        _ => None,
    }
}
