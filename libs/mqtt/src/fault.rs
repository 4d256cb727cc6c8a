//! What is wrong with bytes that came in.

use crate::Reason;

/// A packet that cannot be taken. The reason is what MQTT 5 tells the peer; MQTT 3.1.1 only closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{reason}: {what}")]
pub struct Fault {
    /// Sent in a DISCONNECT, or in a CONNACK while the connection is not open yet.
    pub reason: Reason,
    /// For the log of whoever has to find out what a device does wrong.
    pub what: &'static str,
}

impl Fault {
    pub(crate) const fn new(reason: Reason, what: &'static str) -> Self {
        Self { reason, what }
    }

    pub(crate) const fn malformed(what: &'static str) -> Self {
        Self::new(Reason::MalformedPacket, what)
    }

    pub(crate) const fn protocol(what: &'static str) -> Self {
        Self::new(Reason::ProtocolError, what)
    }
}
