//! Stages within one step: each has its own limit, and its own end.
//!
//! Unauthorised building: stop work in 4 working hours, then the penalty in 7 working days, then demolition in 20.
//! The last stage of a task ends with the report on the whole task.

use yiwang_contracts::{ClockKind, StepLimit};
use yiwang_kernel::Text;

use super::{halt, limited, limits, part, push, running, share_handle};
use crate::lifecycle::Context;
use crate::model::{Clock, Incident};

fn of_stage(clock: &Clock, no: u16, stage: &str) -> bool {
    clock.kind == ClockKind::Handle
        && running(clock, Some(no))
        && clock.stage.as_ref().is_some_and(|own| own.zh == stage)
}

/// The stage that starts when `stage` is done.
fn following<'a>(limits: &'a [StepLimit], stage: &str) -> Option<&'a StepLimit> {
    let handling = limits
        .iter()
        .filter(|limit| limit.kind == ClockKind::Handle);
    let mut after =
        handling.skip_while(|limit| limit.stage.as_ref().is_none_or(|own| own.zh != stage));
    after.nth(1).filter(|next| next.follows)
}

/// The task's stages that run and that can be done by themselves: something else of the task's is still to be done
/// after them.
pub(crate) fn open_stages<'a>(incident: &'a Incident, no: u16, ctx: &Context<'_>) -> Vec<&'a Text> {
    let clocks = incident.doc.clocks.iter();
    let handling: Vec<&Clock> = clocks
        .filter(|clock| clock.kind == ClockKind::Handle && running(clock, Some(no)))
        .collect();
    let stages: Vec<&Text> = handling
        .iter()
        .filter_map(|clock| clock.stage.as_ref())
        .collect();
    match (stages.as_slice(), handling.len()) {
        ([], _) => Vec::new(),
        ([only], 1) => {
            let limits = limits(incident, ctx, ctx.now);
            let last = following(&limits, &only.zh).is_none();
            if last { Vec::new() } else { stages }
        }
        _ => stages,
    }
}

/// Ends a stage of a task, and of the tasks handed down from it; the stage that follows it starts.
pub(crate) fn finish_stage(incident: &mut Incident, no: u16, stage: &str, ctx: &Context<'_>) {
    let limits = limits(incident, ctx, ctx.now);
    for clock in &mut incident.doc.clocks {
        if of_stage(clock, no, stage) {
            halt(clock, ctx.now, true);
        }
    }
    if let Some(next) = following(&limits, stage) {
        let part = part(incident, ClockKind::Handle, Some(no), ctx);
        let fresh = vec![limited(next, Some(no), ctx.now, part)];
        push(incident, fresh, ctx);
    }
    share_below(incident, no);
}

/// What was handed down is due with what it is a part of.
fn share_below(incident: &mut Incident, no: u16) {
    let below = incident.tasks.iter();
    let below = below.filter(|task| task.doc.parent == Some(no) && task.status.is_open());
    let below: Vec<u16> = below.map(|task| task.no).collect();
    for child in below {
        share_handle(incident, no, child);
        share_below(incident, child);
    }
}
