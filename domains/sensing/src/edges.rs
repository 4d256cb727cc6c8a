//! The edges that devices speak to over connections of their own. A connection is one task: it reads, hands what was
//! decoded to the hall, and answers once the hall says that it is durable. What a device sends wrong, too fast or
//! for ever costs nobody but itself.

mod accept;
mod budget;
mod dialect;
mod entrance;
mod link;
mod listen;
mod mqtt;
mod socket;
mod tls;

pub(crate) use budget::Budget;
pub(crate) use dialect::{Dialect, Inbound};
pub(crate) use listen::listen;
pub use listen::{EdgeAddresses, ListenFault, OpenEdge};
pub(crate) use mqtt::Broker;
pub(crate) use tls::Tls;
pub use tls::{TlsFault, TlsFiles};
