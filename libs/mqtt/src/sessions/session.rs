//! One session.

use std::num::NonZeroU32;
use std::sync::Arc;

use jiff::Timestamp;

use super::queue::Queue;
use crate::message::{Delivery, Message};
use crate::packet::Will;
use crate::window::InFlight;
use crate::wire::PacketId;

/// What a connection leaves to the next one of its session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unfinished {
    /// Deliveries whose answers have not come, in the order they were sent.
    pub deliveries: Vec<InFlight>,
    /// Publishes of QoS 2 that were taken and not yet released by the client.
    pub receipts: Vec<PacketId>,
}

impl Unfinished {
    /// Nothing was left undone.
    pub fn is_empty(&self) -> bool {
        self.deliveries.is_empty() && self.receipts.is_empty()
    }
}

/// A message that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// What.
    pub message: Arc<Message>,
    /// And how.
    pub delivery: Delivery,
}

#[derive(Debug)]
pub(super) struct Session {
    pub(super) client_id: Arc<str>,
    pub(super) queue: Queue,
    pub(super) unfinished: Option<Box<Unfinished>>,
    pub(super) will: Option<Box<Will>>,
    pub(super) will_at: Option<Timestamp>,
    pub(super) ends_at: Option<Timestamp>,
    pub(super) expiry_seconds: u32,
    turn: NonZeroU32,
    attached: bool,
}

impl Session {
    pub(super) fn new(client_id: Arc<str>) -> Self {
        Self {
            client_id,
            queue: Queue::default(),
            unfinished: None,
            will: None,
            will_at: None,
            ends_at: None,
            expiry_seconds: 0,
            turn: NonZeroU32::MIN,
            attached: false,
        }
    }

    /// The turn of the connection that has it.
    pub(super) fn attached(&self) -> Option<NonZeroU32> {
        self.attached.then_some(self.turn)
    }

    pub(super) fn attach(&mut self, expiry_seconds: u32) -> NonZeroU32 {
        self.turn = self.turn.checked_add(1).unwrap_or(NonZeroU32::MIN);
        self.attached = true;
        self.expiry_seconds = expiry_seconds;
        self.will_at = None;
        self.ends_at = None;
        self.turn
    }

    pub(super) fn detach(&mut self) {
        self.attached = false;
    }

    pub(super) fn next_due(&self) -> Option<Timestamp> {
        match (self.will_at, self.ends_at) {
            (Some(will), Some(end)) => Some(will.min(end)),
            (will, end) => will.or(end),
        }
    }
}
