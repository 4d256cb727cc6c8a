//! The MQTT edge: a broker whose PUBACK follows the fsync of the message.

mod broker;
mod client;
mod connection;
mod foreign;
mod publish;

pub(crate) use broker::Broker;
pub(crate) use connection::run;
