//! The messages that wait for one client. Most sessions have none, which takes one pointer.

use std::collections::VecDeque;

use super::{SessionLimits, Waiting};

/// Why a message does not wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotQueued {
    /// Nobody to wait for.
    #[error("the session has ended")]
    NoSession,
    /// QoS 0 is for those who listen.
    #[error("a message of QoS 0 does not wait")]
    AtMostOnce,
    /// Of this session.
    #[error("the queue of the session is full")]
    Full,
    /// Of all.
    #[error("the queues of all sessions together are full")]
    AllFull,
}

#[derive(Debug, Default)]
pub(super) struct Queue(Option<Box<Waitings>>);

#[derive(Debug, Default)]
struct Waitings {
    messages: VecDeque<Waiting>,
    bytes: usize,
}

impl Queue {
    /// Messages and bytes.
    pub(super) fn size(&self) -> (usize, usize) {
        self.0
            .as_ref()
            .map_or((0, 0), |queue| (queue.messages.len(), queue.bytes))
    }

    pub(super) fn put(
        &mut self,
        waiting: Waiting,
        front: bool,
        limits: &SessionLimits,
    ) -> Result<(), NotQueued> {
        let (count, bytes) = self.size();
        let weight = waiting.message.weight();
        if count >= limits.queued_each_max || bytes + weight > limits.queued_bytes_each_max {
            return Err(NotQueued::Full);
        }
        let queue = self.0.get_or_insert_default();
        queue.bytes += weight;
        if front {
            queue.messages.push_front(waiting);
        } else {
            queue.messages.push_back(waiting);
        }
        Ok(())
    }

    pub(super) fn take(&mut self) -> Option<Waiting> {
        let queue = self.0.as_mut()?;
        let waiting = queue.messages.pop_front()?;
        queue.bytes -= waiting.message.weight();
        if queue.messages.is_empty() {
            self.0 = None;
        }
        Some(waiting)
    }
}
