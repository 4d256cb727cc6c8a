//! What a case is: the incident, its tasks, clocks, requests, cards and whistles.
//!
//! Plain values. What the store keeps of an incident beside its columns is [`Doc`], written as compact
//! JSON with short keys; the values here are the same ones the rules decide on. Instants are whole
//! milliseconds, so that a value read back equals the value written.

mod action;
mod clock;
mod incident;
mod intake;
mod media;
mod request;
mod source;
mod status;
mod task;
pub(crate) mod wire;

pub use action::{Action, ActionBody, Face};
pub use clock::{Clock, ClockState, EscalationLevel, FixedDue, Light, Pause, PauseReason};
pub use incident::{
    Attachment, Doc, Flag, Incident, Judged, Outcome, Owner, Rating, ScoreExclusion,
    SuspensionPlan, Transfer,
};
pub use intake::{NewIncident, NewReporter, PastCase, Refused, RefusedReport, Sent, Stored};
pub use media::{Doubt, DoubtKind, Media, MediaId};
pub use request::{
    Card, CardKind, Request, RequestKind, RequestStatus, Whistle, WhistleCall, WhistleKind,
};
pub use source::Source;
pub use status::{Desk, Status};
pub use task::{DispatchMode, Evidence, Task, TaskDoc, TaskRole, TaskStatus};
