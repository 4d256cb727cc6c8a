//! The edges that devices speak to over connections of their own. A connection is one task: it reads, hands what was
//! decoded to the hall, and answers once the hall says that it is durable. What a device sends wrong, too fast or
//! for ever costs nobody but itself.

mod accept;
mod budget;
mod dialect;
mod link;
mod listen;
mod mqtt;

pub(crate) use budget::Budget;
pub(crate) use dialect::{Dialect, Inbound};
pub use listen::EdgeAddresses;
pub(crate) use listen::listen;
pub(crate) use mqtt::Broker;
