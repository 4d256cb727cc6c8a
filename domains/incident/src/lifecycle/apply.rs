//! Which rule takes which command.

use super::{
    Command, Context, Refusal, dispatch, ending, handle, intake, merge, request, self_handle,
    supervise, verify,
};
use crate::evidence::PIECES_MAX;
use crate::model::Incident;

/// What applying a command has to tell beside the changed case.
pub(super) struct Effect {
    pub(super) text: String,
    pub(super) event: &'static str,
    pub(super) other: Option<Incident>,
}

impl Effect {
    pub(super) fn new(event: &'static str, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            event,
            other: None,
        }
    }

    pub(super) fn updated(text: impl Into<String>) -> Self {
        Self::new("incident.updated", text)
    }
}

pub(super) fn apply(
    incident: &mut Incident,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Effect, Refusal> {
    match command {
        Command::Accept(body) => intake::accept(incident, body, ctx),
        Command::Refuse(body) => intake::refuse(incident, body, ctx),
        Command::SelfHandle(body) => self_handle::self_handle(incident, body, ctx),
        Command::Answer(body) => intake::answer(incident, body, ctx),
        Command::Transfer(body) => intake::transfer(incident, body, ctx),
        Command::Register(body) => intake::register(incident, body, ctx),
        Command::Reclassify(body) => intake::reclassify(incident, body, ctx),
        Command::SendBack(body) => intake::send_back(incident, body, ctx),
        Command::Dispatch(body) => dispatch::dispatch(incident, body, ctx),
        Command::Recall(body) => dispatch::recall(incident, body, ctx),
        Command::Consult(body) => dispatch::consult(incident, body, ctx),
        Command::Conclude(body) => dispatch::conclude(incident, body, ctx),
        Command::Sign(body) => handle::sign(incident, body, ctx),
        Command::Contact(body) => handle::contact(incident, body, ctx),
        Command::Arrive(body) => handle::arrive(incident, body, ctx),
        Command::Assign(body) => handle::assign(incident, body, ctx),
        Command::FinishStage(body) => handle::finish_stage(incident, body, ctx),
        Command::Report(body) => handle::report(incident, body, ctx),
        Command::Assist(body) => handle::assist(incident, body, ctx),
        Command::Excuse(body) => handle::excuse(incident, body, ctx),
        Command::Verify(body) => verify::verify(incident, body, ctx),
        Command::Close(body) => verify::close(incident, body, ctx),
        Command::Rate(body) => ending::rate(incident, body, ctx),
        Command::Reopen(body) => ending::reopen(incident, body, ctx),
        Command::Request(body) => request::make(incident, body, ctx),
        Command::Decide(body) => request::decide(incident, body, ctx),
        Command::Resume(body) => request::resume(incident, body, ctx),
        Command::Supervise(body) => supervise::supervise(incident, body, ctx),
        Command::Escalate(body) => supervise::escalate(incident, body, ctx),
        Command::Whistle(body) => supervise::whistle(incident, body, ctx),
        Command::AnswerWhistle(body) => supervise::answer_whistle(incident, body, ctx),
        Command::Note(body) => supervise::note(incident, body),
        Command::Merge(body) => merge::merge(incident, body, ctx),
        Command::Unmerge(body) => merge::unmerge(incident, body, ctx),
    }
}

/// Evidence is there in bounded number, and none of it is nothing.
pub(super) fn bounded(command: &Command) -> Result<(), Refusal> {
    let attachments = match command {
        Command::Note(note) => note.attachments.as_slice(),
        _ => &[],
    };
    for (field, count) in [
        ("evidence", command.evidence().len()),
        ("attachments", attachments.len()),
    ] {
        if count > PIECES_MAX {
            let why = "these are too many pieces for one command";
            return Err(Refusal::Bad { field, why });
        }
    }
    if attachments.iter().any(crate::model::Attachment::is_empty) {
        let (field, why) = ("attachments", "one names neither a file nor a link");
        return Err(Refusal::Bad { field, why });
    }
    Ok(())
}

/// Words that must be there.
pub(super) fn needed<'a>(field: &'static str, text: &'a str) -> Result<&'a str, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        Err(Refusal::Missing { field })
    } else {
        Ok(text)
    }
}
