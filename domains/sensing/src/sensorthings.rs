//! OGC SensorThings 1.1 at `/sensorthings/v1.1`, over the platform's own devices, profiles and history: there is no
//! second store. A Thing is a device, a Datastream one property of it, an Observation a value that is kept.
//!
//! Reads keep to the grants of `sensing.read`; what may not be seen is not there, counts included. Observations come
//! in by the hall, as those of every other edge.

mod address;
mod answer;
mod caller;
mod entity;
mod fault;
mod find;
mod http;
mod observations;
mod page;
mod property;
mod resource;
mod row;
mod telling;
mod topic;
mod write;

use yiwang_contracts::Scope;
use yiwang_kernel::Timestamp;

use crate::service::SensingService;

pub(crate) use address::Address;
pub(crate) use http::routes;
pub(crate) use telling::{Teller, tell};
pub(crate) use topic::{Topic, read_publish};

/// Entities of one page, where the question does not say.
const TOP_DEFAULT: u64 = 100;
/// Entities of one page at most.
const TOP_MAX: u64 = 1_000;
/// Observations of one page at most.
const OBSERVATIONS_TOP_MAX: u64 = 10_000;
/// Questions to the history for one answer.
const READS_MAX: usize = 1_000;
/// Observations looked at for one answer.
const LOOKED_AT_MAX: usize = 200_000;
/// Entities of one answer, those within others included.
const ENTITIES_MAX: usize = 20_000;

/// One question being answered: whose rights, when, and how much it has cost.
pub(crate) struct Reader<'a> {
    service: &'a SensingService,
    scope: Scope,
    now: Timestamp,
    base: &'a Address,
    spent: page::Spent,
}
