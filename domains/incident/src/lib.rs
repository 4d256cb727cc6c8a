#![doc = include_str!("../README.md")]

pub mod clocks;
pub mod duplicates;
mod error;
pub mod lifecycle;
pub mod model;
mod service;
mod store;
#[cfg(test)]
mod testing;
pub mod view;

pub use error::IncidentError;
pub use service::{
    Draft, EscalationRow, Given, Hint, IncidentService, ListQuery, Numbers, NumbersGroup,
    PublicStatus, PublicStep, Questions, TaskQuery, Verified,
};
pub use store::migrations;
