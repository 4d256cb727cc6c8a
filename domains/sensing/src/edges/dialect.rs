//! What the edges of the standards have in common: bytes in, readings and answers out.

mod gb26875;
mod hj212;
mod jt808;
mod readings;
mod secret;
mod sl651;

use std::sync::Arc;

use yiwang_kernel::Timestamp;

pub(super) use gb26875::Gb26875;
pub(super) use hj212::Hj212;
pub(super) use jt808::Jt808;
pub(super) use sl651::Sl651;

use crate::payload::Decoded;
use crate::reading::Refused;
use crate::registry::Registry;
use crate::slot::Slot;

/// One thing that came of bytes.
pub(crate) enum Inbound {
    /// A device's readings. `stored` is sent once they are durable, and only then.
    Readings {
        slot: Arc<Slot>,
        raw: Vec<u8>,
        decoded: Decoded,
        stored: Option<Vec<u8>>,
    },
    /// A sign of life, or part of the protocol's own talk.
    Signal {
        slot: Option<Arc<Slot>>,
        raw: Vec<u8>,
        reply: Option<Vec<u8>>,
    },
    /// Nothing that can be taken.
    Refused {
        slot: Option<Arc<Slot>>,
        /// Who the sender said it is.
        claimed: String,
        raw: Vec<u8>,
        refused: Refused,
        reply: Option<Vec<u8>>,
    },
}

impl Inbound {
    /// The device that is spoken for.
    pub(super) fn slot(&self) -> Option<&Arc<Slot>> {
        match self {
            Self::Readings { slot, .. } => Some(slot),
            Self::Signal { slot, .. } | Self::Refused { slot, .. } => slot.as_ref(),
        }
    }

    pub(super) fn into_raw(self) -> Vec<u8> {
        match self {
            Self::Readings { raw, .. } | Self::Signal { raw, .. } | Self::Refused { raw, .. } => {
                raw
            }
        }
    }
}

/// A protocol's side of one connection.
pub(crate) trait Dialect: Send + 'static {
    /// What the bytes mean; without bytes, what time has done to what waits.
    fn receive(&mut self, bytes: &[u8], now: Timestamp, registry: &Registry) -> Vec<Inbound>;

    /// What becomes of bytes that still wait when the connection has ended.
    fn close(&mut self, _now: Timestamp, _registry: &Registry) -> Vec<Inbound> {
        Vec::new()
    }
}
