//! Publishes of QoS 1 and 2 that came in and wait: for what becomes of them, then, with QoS 2,
//! for the client's release. Answers leave in the order of the publishes (4.6), however the
//! outcomes arrive.

use std::collections::VecDeque;

use super::Outcome;
use crate::packet::Qos;
use crate::wire::PacketId;

/// A publish of one connection that waits for its outcome: a number that counts up from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub u64);

#[derive(Debug, Clone, Copy)]
pub(super) struct Pending {
    pub(super) packet_id: PacketId,
    pub(super) qos: Qos,
    outcome: Option<Outcome>,
}

/// What a publish is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// To be handed on.
    New(Token),
    /// It waits already; its answer will come.
    Waiting,
    /// Taken before (QoS 2): it is answered again and not handed on.
    Taken,
    /// More than may wait.
    Excess,
}

#[derive(Debug, Default)]
pub(super) struct Publishes {
    queue: VecDeque<Pending>,
    /// The token of the first in the queue.
    first: u64,
    receipts: Vec<PacketId>,
}

impl Publishes {
    /// How many wait for their outcome.
    pub(super) fn waiting(&self) -> usize {
        self.queue.len()
    }

    pub(super) fn admit(
        &mut self,
        packet_id: PacketId,
        qos: Qos,
        dup: bool,
        max: usize,
    ) -> Admission {
        // Only what is sent again can be there already, so that the queue is not searched for each.
        // A client that reuses an identifier too early without saying so gets two answers.
        let exactly_once = qos == Qos::ExactlyOnce;
        if exactly_once && self.receipts.contains(&packet_id) {
            return Admission::Taken;
        }
        if (dup || exactly_once) && self.queue.iter().any(|one| one.packet_id == packet_id) {
            return Admission::Waiting;
        }
        if self.queue.len() + self.receipts.len() >= max {
            return Admission::Excess;
        }
        let token = Token(self.first + self.queue.len() as u64);
        self.queue.push_back(Pending {
            packet_id,
            qos,
            outcome: None,
        });
        Admission::New(token)
    }

    /// Notes what became of one publish; of those that are answered already nothing.
    pub(super) fn decide(&mut self, token: Token, outcome: Outcome) {
        if let Some(at) = token.0.checked_sub(self.first)
            && let Some(pending) = self.queue.get_mut(at as usize)
        {
            pending.outcome.get_or_insert(outcome);
        }
    }

    /// Notes the same of all up to one that wait still.
    pub(super) fn decide_through(&mut self, last: Token, outcome: Outcome) {
        if let Some(at) = last.0.checked_sub(self.first) {
            for pending in self.queue.iter_mut().take((at as usize).saturating_add(1)) {
                pending.outcome.get_or_insert(outcome);
            }
        }
    }

    /// The first in the queue, if its outcome is known, which takes it out.
    pub(super) fn next_decided(&mut self) -> Option<(Pending, Outcome)> {
        let outcome = self.queue.front()?.outcome?;
        let pending = self.queue.pop_front()?;
        self.first += 1;
        if self.queue.is_empty() && self.queue.capacity() > 8 {
            self.queue = VecDeque::new();
        }
        if pending.qos == Qos::ExactlyOnce && !outcome.reason().is_failure() {
            self.receipts.push(pending.packet_id);
        }
        Some((pending, outcome))
    }

    /// The client releases a publish of QoS 2; false if it was never taken.
    pub(super) fn release(&mut self, packet_id: PacketId) -> bool {
        let Some(at) = self.receipts.iter().position(|id| *id == packet_id) else {
            return false;
        };
        self.receipts.swap_remove(at);
        if self.receipts.is_empty() {
            self.receipts = Vec::new();
        }
        true
    }

    pub(super) fn resume(&mut self, receipts: Vec<PacketId>) {
        self.receipts = receipts;
    }

    /// What was taken and not released, also of what was decided after the end of the connection.
    pub(super) fn take_receipts(&mut self) -> Vec<PacketId> {
        while self.next_decided().is_some() {}
        std::mem::take(&mut self.receipts)
    }
}
