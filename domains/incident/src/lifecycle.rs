//! The state machine of a case: `decide(incident, command, context) -> decision or refusal`.
//!
//! Pure: no store, no clock, no IO. Everything that is a figure comes from [`LifecycleRules`] or the
//! catalogue. [`gate()`] says whether a command is open to the actor at all; [`decide`] asks it first,
//! so that what a screen offers and what the rules accept cannot drift apart.

mod apply;
mod command;
mod context;
mod dispatch;
mod ending;
mod escalation;
mod gate;
mod handle;
mod intake;
mod merge;
mod refusal;
mod request;
mod rules;
mod self_handle;
mod supervise;
#[cfg(test)]
pub(crate) mod tests;
mod verify;

pub use command::{
    Accept, AnswerDirectly, AnswerWhistle, Arrive, Assign, Assist, BlowWhistle, Close, Command,
    CommandFault, CommandKind, Conclude, Contact, DecideRequest, Dispatch, Escalate, Excuse,
    FinishStage, MakeRequest, Merge, Note, Rate, Reason, Reclassify, Refuse, Register, Report,
    SelfHandle, Supervise, Text, ToOther, ToTask, Verify,
};
pub use context::Context;
pub use escalation::{Escalated, escalations};
pub use gate::{allowed, desk, gate};
pub(crate) use intake::adopt;
pub use refusal::Refusal;
pub use rules::{
    DuplicateRules, EscalationRules, LifecycleRules, MassRules, RepeatRules, SelfHandlingRules,
};

use serde_json::{Map, Value};

use crate::clocks;
use crate::model::{Face, Incident};

/// What a command leads to: the case as it will be, and what is to be told of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    pub incident: Incident,
    pub action: LogLine,
    /// The event's kind, `incident.dispatched`.
    pub event: &'static str,
    /// The other case of a merge or un-merge, changed with it.
    pub other: Option<OtherCase>,
}

/// A case that is changed by a command to another one.
#[derive(Debug, Clone, PartialEq)]
pub struct OtherCase {
    pub incident: Incident,
    pub action: LogLine,
    pub event: &'static str,
}

/// What the log says about a command beside who and when.
#[derive(Debug, Clone, PartialEq)]
pub struct LogLine {
    pub command: &'static str,
    pub text: String,
    pub before: Map<String, Value>,
    pub after: Map<String, Value>,
}

impl LogLine {
    pub(crate) fn compare(
        command: &'static str,
        text: String,
        before: &Incident,
        after: &Incident,
    ) -> Self {
        let (old, new) = Face::difference(before, after);
        Self {
            command,
            text,
            before: old,
            after: new,
        }
    }
}

/// Decides one command. The incident is not touched; the decision holds the next one.
pub fn decide(
    incident: &Incident,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Decision, Refusal> {
    gate(incident, command.kind(), ctx)?;
    let mut next = incident.clone();
    apply::bounded(command)?;
    let effect = apply::apply(&mut next, command, ctx)?;
    next.version += 1;
    next.light = clocks::summary(&next, ctx.now).light;
    let kind = command.kind().as_str();
    let mut action = LogLine::compare(kind, effect.text, incident, &next);
    if let Some(said) = crate::evidence::said(command) {
        action.after.insert("evidence".to_owned(), said);
    }
    let mut decision = Decision {
        incident: next,
        action,
        event: effect.event,
        other: None,
    };
    if let (Some(mut other), Some(before)) = (effect.other, ctx.other) {
        other.version += 1;
        let number = decision.incident.number.clone();
        decision.other = Some(OtherCase {
            action: LogLine::compare(kind, number, before, &other),
            event: merge::told(before, &other),
            incident: other,
        });
    }
    Ok(decision)
}
