//! The clocks of a case: several at once, each with its limit, calendar, lights and words.
//!
//! Pure. A clock starts with the limits in force at that instant; its due and warning instants are
//! computed then, and again whenever a pause, an extension, a new grade or a new calendar changes
//! them. The light of a case is that of its own clocks and of its lead's; an assistant that is late
//! stops only its own.

mod compute;
mod escalation;
mod stages;
mod sweep;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use yiwang_contracts::{Catalog, ClockKind, StepLimit};
use yiwang_kernel::Timestamp;
use yiwang_worktime::{Calendar, Limit};

pub use compute::{Explanations, explain, light, state};
pub use escalation::{Escalation, due_escalations};
pub(crate) use stages::{finish_stage, open_stages};
pub use sweep::{Breach, Summary, Swept, preview, recompute, summary, sweep, task_summary};

pub(crate) use escalation::note_escalation;

use compute::compute;

use crate::lifecycle::Context;
use crate::model::{Clock, Incident, TaskStatus};

/// The calendar that counts round the clock.
pub(crate) const ALWAYS: &str = "always";

/// The calendar of that name; a name that the catalogue does not know counts round the clock.
pub(crate) fn calendar(catalog: &dyn Catalog, name: &str) -> Arc<Calendar> {
    catalog
        .calendar(name)
        .unwrap_or_else(|| Arc::new(Calendar::round_the_clock(ALWAYS)))
}

/// The step in Chinese, for lines of the log.
pub(crate) const fn step_zh(kind: ClockKind) -> &'static str {
    match kind {
        ClockKind::Accept => "受理",
        ClockKind::Register => "立案",
        ClockKind::Dispatch => "派遣",
        ClockKind::Sign => "签收",
        ClockKind::Contact => "首次联系",
        ClockKind::Arrive => "到场",
        ClockKind::Handle => "处置",
        ClockKind::Verify => "核查",
        ClockKind::Close => "结案",
        ClockKind::Total => "全程",
    }
}

/// Starts the clocks of a step of the case as a whole.
pub(crate) fn start_case(incident: &mut Incident, kind: ClockKind, ctx: &Context<'_>) {
    let limits = limits(incident, ctx, ctx.now);
    start(incident, kind, None, ctx.now, 1.0, &limits, ctx);
}

/// Starts the clocks of a task that is handed over now: sign, handle, and, where they apply, the
/// first contact and the arrival.
pub(crate) fn start_task(incident: &mut Incident, no: u16, ctx: &Context<'_>) {
    let limits = limits(incident, ctx, ctx.now);
    start(
        incident,
        ClockKind::Sign,
        Some(no),
        ctx.now,
        1.0,
        &limits,
        ctx,
    );
    start(
        incident,
        ClockKind::Handle,
        Some(no),
        ctx.now,
        1.0,
        &limits,
        ctx,
    );
    start_courtesies(incident, no, &limits, ctx);
}

/// Only the lead calls back, and only where there is somebody to call.
fn start_courtesies(incident: &mut Incident, no: u16, limits: &[StepLimit], ctx: &Context<'_>) {
    let Some(task) = incident.task(no) else {
        return;
    };
    let contact = task.is_lead() && incident.doc.has_reporter && task.doc.contacted_at.is_none();
    let arrive = task.is_lead() && task.doc.arrived_at.is_none();
    for (kind, wanted) in [(ClockKind::Contact, contact), (ClockKind::Arrive, arrive)] {
        if wanted && last_running(incident, kind, no).is_none() {
            start(incident, kind, Some(no), ctx.now, 1.0, limits, ctx);
        }
    }
}

/// Starts handling again with a part of the limit.
pub(crate) fn start_rework(incident: &mut Incident, no: u16, ctx: &Context<'_>) {
    let limits = limits(incident, ctx, ctx.now);
    let part = ctx.rules.rework_part;
    start(
        incident,
        ClockKind::Handle,
        Some(no),
        ctx.now,
        part,
        &limits,
        ctx,
    );
}

/// The part of a limit that a task has for its step: less where it is done again.
fn part(incident: &Incident, kind: ClockKind, task: Option<u16>, ctx: &Context<'_>) -> f64 {
    let reworked = kind == ClockKind::Handle
        && task
            .and_then(|no| incident.task(no))
            .is_some_and(|task| task.doc.reworks > 0);
    if reworked { ctx.rules.rework_part } else { 1.0 }
}

fn limits(incident: &Incident, ctx: &Context<'_>, at: Timestamp) -> Vec<StepLimit> {
    ctx.catalog
        .limits(incident.item_code.as_deref(), incident.grade, at)
}

fn start(
    incident: &mut Incident,
    kind: ClockKind,
    task: Option<u16>,
    at: Timestamp,
    part: f64,
    limits: &[StepLimit],
    ctx: &Context<'_>,
) {
    let mut fresh: Vec<Clock> = limits
        .iter()
        .filter(|limit| limit.kind == kind && !limit.follows)
        .map(|step| limited(step, task, at, part))
        .collect();
    if fresh.is_empty() && !matches!(kind, ClockKind::Contact | ClockKind::Arrive) {
        fresh.push(blank(
            kind,
            task,
            at,
            portion(ctx.rules.fallback_limit, part),
        ));
    }
    push(incident, fresh, ctx);
}

/// The clock of a limit.
fn limited(step: &StepLimit, task: Option<u16>, at: Timestamp, part: f64) -> Clock {
    Clock {
        calendar: step.calendar.name().to_owned(),
        stage: step.stage.clone(),
        yellow_part: step.yellow,
        orange_part: step.orange,
        ..blank(step.kind, task, at, portion(step.limit, part))
    }
}

fn push(incident: &mut Incident, fresh: Vec<Clock>, ctx: &Context<'_>) {
    for mut clock in fresh {
        let escalate_part = escalate_part(incident, clock.kind, clock.started_at, ctx);
        clock.escalate_part = escalate_part;
        compute(&mut clock, &incident.doc.pauses, ctx.catalog);
        incident.doc.clocks.push(clock);
    }
    incident.calendar_version = ctx.catalog.calendar_version();
    incident.doc.judged.catalog = ctx.catalog.version();
}

/// When clocks of that kind escalate their case, as the rules and the grade have it.
fn escalate_part(
    incident: &Incident,
    kind: ClockKind,
    at: Timestamp,
    ctx: &Context<'_>,
) -> Option<f64> {
    let rules = &ctx.rules.escalation;
    let early = rules
        .early
        .contains(&kind)
        .then(|| ctx.catalog.escalate_at(incident.grade, at));
    let overdue = rules.overdue.contains(&kind).then_some(1.0);
    early.flatten().or(overdue)
}

fn blank(kind: ClockKind, task: Option<u16>, started_at: Timestamp, limit: Limit) -> Clock {
    Clock {
        kind,
        task,
        started_at,
        limit,
        calendar: ALWAYS.to_owned(),
        stage: None,
        extra: 0,
        fixed: None,
        yellow_part: 0.7,
        orange_part: 0.9,
        escalate_part: None,
        due_at: None,
        yellow_at: None,
        orange_at: None,
        escalate_at: None,
        stopped_at: None,
        done: false,
        red_noted: false,
        escalated: Vec::new(),
    }
}

/// A part of a limit in its own unit, rounded up so that something is left.
fn portion(limit: Limit, part: f64) -> Limit {
    let amount = (f64::from(limit.amount) * part).ceil() as u32;
    Limit {
        amount: amount.min(limit.unit.amount_max()),
        ..limit
    }
}

/// A task handed down is due when the task above it is.
pub(crate) fn share_handle(incident: &mut Incident, parent: u16, child: u16) {
    let above: Vec<Clock> = incident
        .doc
        .clocks
        .iter()
        .filter(|clock| clock.kind == ClockKind::Handle && running(clock, Some(parent)))
        .map(|clock| Clock {
            task: Some(child),
            ..clock.clone()
        })
        .collect();
    if above.is_empty() {
        return;
    }
    incident
        .doc
        .clocks
        .retain(|clock| !(clock.kind == ClockKind::Handle && running(clock, Some(child))));
    incident.doc.clocks.extend(above);
}

fn running(clock: &Clock, task: Option<u16>) -> bool {
    clock.stopped_at.is_none() && clock.task == task
}

/// Does a clock of the case as a whole of this kind run (or stand, suspended)?
pub(crate) fn runs(incident: &Incident, kind: ClockKind) -> bool {
    incident
        .doc
        .clocks
        .iter()
        .any(|clock| clock.kind == kind && running(clock, None))
}

/// The task's running clock of that kind that ends last.
pub(crate) fn last_running(incident: &Incident, kind: ClockKind, no: u16) -> Option<&Clock> {
    incident
        .doc
        .clocks
        .iter()
        .filter(|clock| clock.kind == kind && running(clock, Some(no)))
        .max_by_key(|clock| clock.due_at)
}

fn halt(clock: &mut Clock, now: Timestamp, done: bool) {
    clock.stopped_at = Some(now);
    clock.done = done;
    // Nothing turns any more.
    clock.yellow_at = None;
    clock.orange_at = None;
    clock.escalate_at = None;
}

/// Stops the clocks of a step of a task.
pub(crate) fn stop(incident: &mut Incident, kind: ClockKind, no: u16, now: Timestamp, done: bool) {
    for clock in &mut incident.doc.clocks {
        if clock.kind == kind && running(clock, Some(no)) {
            halt(clock, now, done);
        }
    }
}

/// Stops the clocks of a step of the case.
pub(crate) fn stop_kind(incident: &mut Incident, kind: ClockKind, now: Timestamp, done: bool) {
    for clock in &mut incident.doc.clocks {
        if clock.kind == kind && running(clock, None) {
            halt(clock, now, done);
        }
    }
}

/// Stops what still runs of a task; its things were not done.
pub(crate) fn stop_task(incident: &mut Incident, no: u16, now: Timestamp) {
    for clock in &mut incident.doc.clocks {
        if running(clock, Some(no)) {
            halt(clock, now, false);
        }
    }
}

pub(crate) fn stop_all(incident: &mut Incident, now: Timestamp) {
    for clock in &mut incident.doc.clocks {
        if clock.stopped_at.is_none() {
            halt(clock, now, false);
        }
    }
}

/// Computes every running clock again: after a pause began or ended, or a calendar changed.
pub(crate) fn refresh(incident: &mut Incident, catalog: &dyn Catalog) {
    for clock in &mut incident.doc.clocks {
        if clock.stopped_at.is_none() {
            compute(clock, &incident.doc.pauses, catalog);
        }
    }
    incident.calendar_version = catalog.calendar_version();
}

/// Adds to the limit of the task's handling clock that ends last.
pub(crate) fn extend(incident: &mut Incident, no: u16, extra: u32, catalog: &dyn Catalog) {
    let due_at = last_running(incident, ClockKind::Handle, no).map(|clock| clock.due_at);
    let clocks = incident.doc.clocks.iter_mut();
    let mut handle =
        clocks.filter(|clock| clock.kind == ClockKind::Handle && running(clock, Some(no)));
    if let Some(clock) = handle.find(|clock| Some(clock.due_at) == due_at) {
        clock.extra += extra;
        clock.red_noted = false;
        compute(clock, &incident.doc.pauses, catalog);
    }
}

/// A supervision card sets the due instant of the step that the case stands in.
pub(crate) fn fix_due(incident: &mut Incident, due_at: Timestamp, ctx: &Context<'_>) {
    let lead = incident
        .lead()
        .filter(|lead| matches!(lead.status, TaskStatus::ToSign | TaskStatus::Handling))
        .map(|lead| lead.no);
    let fixed = Some(crate::model::FixedDue {
        due_at,
        set_at: ctx.now,
    });
    for clock in &mut incident.doc.clocks {
        let hit = match lead {
            Some(no) => clock.kind == ClockKind::Handle && running(clock, Some(no)),
            None => clock.kind != ClockKind::Total && running(clock, None),
        };
        if hit {
            clock.fixed = fixed;
            clock.red_noted = false;
            compute(clock, &incident.doc.pauses, ctx.catalog);
        }
    }
}

/// Takes the limits of the case's present item and grade for every running clock, from the instant
/// it started.
pub(crate) fn relimit(incident: &mut Incident, ctx: &Context<'_>) {
    let clocks = std::mem::take(&mut incident.doc.clocks);
    let (old, stopped): (Vec<_>, Vec<_>) = clocks
        .into_iter()
        .partition(|clock| clock.stopped_at.is_none());
    incident.doc.clocks = stopped;
    let mut steps: Vec<(ClockKind, Option<u16>)> = Vec::new();
    for clock in &old {
        let limits = limits(incident, ctx, clock.started_at);
        let same_stage = limits.iter().find(|limit| {
            limit.kind == clock.kind && limit.stage.is_some() && limit.stage == clock.stage
        });
        if same_stage.is_none() {
            if steps.contains(&(clock.kind, clock.task)) {
                continue;
            }
            steps.push((clock.kind, clock.task));
        }
        let part = part(incident, clock.kind, clock.task, ctx);
        let first = incident.doc.clocks.len();
        match same_stage {
            Some(step) => {
                let fresh = vec![limited(step, clock.task, clock.started_at, part)];
                push(incident, fresh, ctx);
            }
            None => start(
                incident,
                clock.kind,
                clock.task,
                clock.started_at,
                part,
                &limits,
                ctx,
            ),
        }
        for fresh in incident.doc.clocks.iter_mut().skip(first) {
            fresh.extra = if fresh.limit.unit == clock.limit.unit {
                clock.extra
            } else {
                0
            };
            fresh.fixed = clock.fixed;
            fresh.escalated.clone_from(&clock.escalated);
            compute(fresh, &incident.doc.pauses, ctx.catalog);
        }
    }
    let limits = limits(incident, ctx, ctx.now);
    let lead = incident
        .lead()
        .filter(|lead| matches!(lead.status, TaskStatus::ToSign | TaskStatus::Handling));
    if let Some(no) = lead.map(|lead| lead.no) {
        start_courtesies(incident, no, &limits, ctx);
    }
}
