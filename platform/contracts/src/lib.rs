#![doc = include_str!("../README.md")]

mod audit;
mod event;
mod figures;
mod ids;
mod packs;
mod questions;
mod rights;
mod sql;
mod telemetry;

pub use audit::{AuditEntry, AuditOutcome};
pub use event::{Event, EventScope, NewEvent};
pub use figures::{
    AlarmFacts, AlarmFigures, CaseFacts, CaseFigures, DeviceFigures, DeviceHeard, DeviceHearing,
    DevicePlace, LastValue,
};
pub use ids::*;
pub use packs::{
    Diagnostic, EntryFault, Installing, PackChange, PackContent, PackTarget, Section, SectionEntry,
    Severity, read_entry,
};
pub use questions::*;
pub use rights::{
    Action, Actor, Grant, OrgScope, Origin, RightsClass, RightsClasses, Scope, ScopeClause, Subject,
};
pub use sql::{SqlAnswer, SqlFault, SqlFaultKind, SqlFigure, SqlFigures, SqlQuestion};
pub use telemetry::{
    Bucket, DeviceBrief, Devices, History, Latest, Observer, Point, ProfileBrief, PropertyBrief,
    Quality, Sample, Series, Span, Step,
};
