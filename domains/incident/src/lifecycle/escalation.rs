//! 超时升级: what the clocks do to a case when nobody does anything. The sweep applies it, the dry run
//! shows it, both by [`escalations`].
//!
//! The case gets one grade more urgent where the rules say so for that clock, and the next unit above that
//! does not take part yet is told of it. The limits that run keep what they were started with; what
//! starts from now on goes by the new grade. The version of the case stays, as with every sweep: whoever
//! looks at the case may still act on it.

use yiwang_contracts::{Grade, OrgId};
use yiwang_kernel::Timestamp;

use super::dispatch::{inform, responsible};
use super::{Context, Decision, LogLine};
use crate::clocks::{self, Escalation};
use crate::model::{EscalationLevel, Incident};

/// One escalation, with the case after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Escalated {
    pub escalation: Escalation,
    pub grade: Grade,
    /// The unit that was told.
    pub informed: Option<OrgId>,
    pub decision: Decision,
}

/// Everything that escalates the case until then, in order, each with the case after it.
pub fn escalations(incident: &Incident, until: Timestamp, ctx: &Context<'_>) -> Vec<Escalated> {
    let mut done: Vec<Escalated> = Vec::new();
    loop {
        let present = done.last().map_or(incident, |last| &last.decision.incident);
        let Some(next) = clocks::due_escalations(present, until).into_iter().next() else {
            return done;
        };
        let escalated = escalate(present, next, ctx);
        done.push(escalated);
    }
}

fn escalate(incident: &Incident, escalation: Escalation, ctx: &Context<'_>) -> Escalated {
    let mut next = incident.clone();
    clocks::note_escalation(&mut next, &escalation);
    if ctx.rules.escalation.regrade.contains(&escalation.kind) {
        next.grade = super::supervise::next_higher(next.grade);
    }
    let informed = unit_above(incident, ctx);
    let text = words(&escalation, incident, next.grade);
    if let Some(org) = informed {
        inform(&mut next, org, &text, ctx);
    }
    next.light = clocks::summary(&next, ctx.now).light;
    let mut action = LogLine::compare("escalate", text, incident, &next);
    let level = escalation.level.as_str();
    action.after.insert("escalation".to_owned(), level.into());
    Escalated {
        escalation,
        grade: next.grade,
        informed,
        decision: Decision {
            incident: next,
            action,
            event: "incident.escalated",
            other: None,
        },
    }
}

/// Who is told: the supervisor of the responsibility list, else the units above the lead, the nearest
/// first; whoever takes part already knows. Above the centre there is nobody.
fn unit_above(incident: &Incident, ctx: &Context<'_>) -> Option<OrgId> {
    let lead = incident.lead()?.org_id;
    let known = incident.orgs();
    let listed = responsible(incident, ctx).and_then(|found| found.supervisor);
    let above = ctx.orgs.ancestors(lead).into_iter().skip(1);
    listed
        .map(|brief| brief.id)
        .into_iter()
        .chain(above)
        .find(|org| !known.contains(org) && Some(*org) != ctx.centre)
}

fn words(escalation: &Escalation, before: &Incident, grade: Grade) -> String {
    let step = clocks::step_zh(escalation.kind);
    let came = match escalation.level {
        EscalationLevel::Early => "时限临近",
        EscalationLevel::Overdue => "已超时",
    };
    if grade == before.grade {
        format!("{step}{came}, 自动升级上报")
    } else {
        format!("{step}{came}, 自动升级为 {grade:?} 级")
    }
}
