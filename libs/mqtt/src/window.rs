//! Publishes of QoS 1 on their way to the other side: numbered, counted, and sent again if the
//! connection ends before their answers.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::Arc;

use crate::message::{Delivery, Message};
use crate::wire::PacketId;

/// A publish of QoS 1 whose answer has not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InFlight {
    /// The same on every connection of the session.
    pub packet_id: PacketId,
    /// What is published.
    pub message: Arc<Message>,
    /// The retain flag it goes with.
    pub retain: bool,
    /// The subscriptions it matched.
    pub subscription_ids: Vec<NonZeroU32>,
}

/// At most as many as the other side takes, in the order of sending.
#[derive(Debug)]
pub(crate) struct Window {
    next: PacketId,
    in_flight: VecDeque<InFlight>,
    /// How many of them, from the front, were sent on this connection.
    sent: usize,
    /// An identifier was stepped over, or came from elsewhere: those under way are not in one run.
    scattered: bool,
}

impl Window {
    pub(crate) fn new() -> Self {
        Self {
            next: PacketId::MIN,
            in_flight: VecDeque::new(),
            sent: 0,
            scattered: false,
        }
    }

    /// Goes on where an earlier connection stopped; nothing counts as sent.
    pub(crate) fn resumed(in_flight: Vec<InFlight>) -> Self {
        let next = in_flight
            .last()
            .map_or(PacketId::MIN, |last| after(last.packet_id));
        Self {
            next,
            in_flight: in_flight.into(),
            sent: 0,
            scattered: true,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.in_flight.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.in_flight.is_empty()
    }

    /// Takes a message in as sent. The caller has made sure that there is room.
    pub(crate) fn push(&mut self, message: Arc<Message>, delivery: &Delivery) -> &InFlight {
        let packet_id = self.free_id();
        self.next = after(packet_id);
        self.sent += 1;
        self.in_flight.push_back(InFlight {
            packet_id,
            message,
            retain: delivery.retain,
            subscription_ids: delivery.subscription_ids.clone(),
        });
        self.in_flight.back().expect("just pushed")
    }

    /// Takes back what `push` did, if it could not be written after all.
    pub(crate) fn pop(&mut self) {
        if self.in_flight.pop_back().is_some() {
            self.sent = self.sent.saturating_sub(1);
        }
    }

    /// The identifier to be tried next.
    pub(crate) fn next_id(&self) -> PacketId {
        self.next
    }

    /// Leaves an identifier to something else that is under way.
    pub(crate) fn skip_id(&mut self) {
        self.next = after(self.next);
    }

    /// The number that the next one gets. Identifiers come round after 65,535, and those whose
    /// answers are slow are stepped over. While they form one run, only its first can be in the way.
    fn free_id(&mut self) -> PacketId {
        let first = self.in_flight.front().map(|one| one.packet_id);
        self.scattered &= first.is_some();
        if !self.scattered && first != Some(self.next) {
            return self.next;
        }
        self.scattered = true;
        let mut id = self.next;
        while self.in_flight.iter().any(|one| one.packet_id == id) {
            id = after(id);
        }
        id
    }

    /// The answer has come. Other sides answer in order, so it is the first or near it.
    pub(crate) fn settle(&mut self, packet_id: PacketId) -> Option<InFlight> {
        let at = self
            .in_flight
            .iter()
            .take(self.sent)
            .position(|one| one.packet_id == packet_id)?;
        self.sent -= 1;
        let settled = self.in_flight.remove(at);
        if self.in_flight.is_empty() && self.in_flight.capacity() > 16 {
            self.in_flight = VecDeque::new();
        }
        settled
    }

    /// Whether one waits that this connection has not seen, while fewer than `max` are under way.
    pub(crate) fn has_unsent(&self, max: usize) -> bool {
        self.sent < max.min(self.in_flight.len())
    }

    /// The next one that this connection has not seen, while fewer than `max` are under way.
    pub(crate) fn next_unsent(&mut self, max: usize) -> Option<&InFlight> {
        if !self.has_unsent(max) {
            return None;
        }
        let next = self.in_flight.get(self.sent)?;
        self.sent += 1;
        Some(next)
    }

    pub(crate) fn take(&mut self) -> Vec<InFlight> {
        self.sent = 0;
        std::mem::take(&mut self.in_flight).into()
    }

    #[cfg(test)]
    pub(crate) fn ids(&self) -> Vec<u16> {
        self.in_flight
            .iter()
            .map(|one| one.packet_id.get())
            .collect()
    }

    /// Nothing of it was sent on the connection that begins now.
    pub(crate) fn rewind(&mut self) {
        self.sent = 0;
    }
}

pub(crate) fn after(id: PacketId) -> PacketId {
    id.checked_add(1).unwrap_or(PacketId::MIN)
}
