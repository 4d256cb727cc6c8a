#![doc = include_str!("../README.md")]

pub mod clocks;
mod doctor;
pub mod duplicates;
mod error;
pub mod import;
pub mod lifecycle;
pub mod model;
mod open311;
mod service;
mod store;
pub mod webhook;
#[cfg(test)]
mod testing;
pub mod view;

pub use doctor::{BrokenLog, VerifiedLogs, verify_logs};
pub use error::IncidentError;
pub use service::{
    Draft, EscalationRow, Given, Hint, IncidentService, ListQuery, Numbers, NumbersGroup,
    PublicStatus, PublicStep, Questions, TaskQuery, Verified,
};
pub use store::migrations;
