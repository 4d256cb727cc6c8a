//! What domains tell and ask each other: ids, rights, events, questions, pack sections.
//!
//! Types and traits only; no store, bus or http. A thing moves here when a second domain needs it.
//! Each question is answered by one domain and wired in `apps/server/src/main.rs`.

mod audit;
mod event;
mod ids;
mod packs;
mod questions;
mod rights;

pub use audit::{AuditEntry, AuditOutcome};
pub use event::{Event, EventScope, NewEvent};
pub use ids::*;
pub use packs::{Diagnostic, PackContent, PackTarget, Section, SectionEntry, Severity};
pub use questions::*;
pub use rights::{Action, Actor, Grant, OrgScope, Origin, Scope, ScopeClause, Subject};
