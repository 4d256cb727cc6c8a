//! The newest events, in order, each written once for all streams.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Bytes;
use tokio::sync::watch;
use yiwang_contracts::{Event, EventScope};

/// An event and its frame on the wire.
pub(super) struct LiveEvent {
    pub(super) seq: i64,
    pub(super) scope: EventScope,
    pub(super) frame: Bytes,
}

impl LiveEvent {
    /// `None` only for an event that is no JSON, which the outbox does not hold.
    pub(super) fn new(event: Event) -> Option<Arc<Self>> {
        let body = serde_json::to_string(&event).ok()?;
        // Kinds are ours, but a line break in one would forge a frame.
        let kind: String = event.kind.chars().filter(|c| !c.is_control()).collect();
        let frame = format!("id: {}\nevent: {kind}\ndata: {body}\n\n", event.seq);
        Some(Arc::new(Self {
            seq: event.seq,
            scope: event.scope,
            frame: frame.into(),
        }))
    }
}

pub(super) struct Ring {
    events: RwLock<Held>,
    newest: watch::Sender<i64>,
    events_max: usize,
}

struct Held {
    events: VecDeque<Arc<LiveEvent>>,
    /// Every event after this one is here.
    complete_after: i64,
}

impl Ring {
    pub(super) fn new(events_max: usize, newest: i64) -> Self {
        let held = Held {
            events: VecDeque::new(),
            complete_after: newest,
        };
        Self {
            events: RwLock::new(held),
            newest: watch::Sender::new(newest),
            events_max: events_max.max(1),
        }
    }

    pub(super) fn newest(&self) -> i64 {
        *self.newest.borrow()
    }

    pub(super) fn watch(&self) -> watch::Receiver<i64> {
        self.newest.subscribe()
    }

    pub(super) fn push(&self, events: Vec<Arc<LiveEvent>>) {
        let Some(newest) = events.last().map(|event| event.seq) else {
            return;
        };
        {
            let mut held = self.events.write().unwrap_or_else(PoisonError::into_inner);
            held.events.extend(events);
            while held.events.len() > self.events_max {
                if let Some(gone) = held.events.pop_front() {
                    held.complete_after = gone.seq;
                }
            }
        }
        self.newest.send_replace(newest);
    }

    /// Up to `limit` events after `seq`; `None` when some of them are not here any more.
    pub(super) fn after(&self, seq: i64, limit: usize) -> Option<Vec<Arc<LiveEvent>>> {
        let held = self.events.read().unwrap_or_else(PoisonError::into_inner);
        if seq < held.complete_after {
            return None;
        }
        let from = held.events.partition_point(|event| event.seq <= seq);
        Some(held.events.iter().skip(from).take(limit).cloned().collect())
    }
}
