//! How an edge learns what became of a message, without a task per message.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use crate::reading::Taken;
use crate::slot::locked;

/// Whom to tell once a message is durable.
#[derive(Default)]
pub enum Ack {
    /// Nobody waits.
    #[default]
    None,
    /// A connection: the token goes into its mailbox.
    Link(Arc<Mailbox>, u64),
    /// A request that waits for many messages.
    Tally(Arc<Tally>),
}

impl Ack {
    /// Tells that the message is durable.
    pub(crate) fn taken(self, taken: Taken) {
        match self {
            Self::None => {}
            Self::Link(mailbox, token) => mailbox.put(token),
            Self::Tally(tally) => tally.put(taken),
        }
    }
}

/// Tokens of a connection's messages that have become durable, in order of arrival.
#[derive(Default)]
pub struct Mailbox {
    tokens: Mutex<Vec<u64>>,
    came: Notify,
}

impl Mailbox {
    fn put(&self, token: u64) {
        let mut tokens = locked(&self.tokens);
        tokens.push(token);
        let is_first = tokens.len() == 1;
        drop(tokens);
        // The connection takes all there is at once, so one call for each emptying is enough.
        if is_first {
            self.came.notify_one();
        }
    }

    /// Waits until something is there. Cancel-safe.
    pub async fn wait(&self) {
        self.came.notified().await;
    }

    /// Everything that is there; swaps with the given buffer.
    pub fn take(&self, into: &mut Vec<u64>) {
        into.clear();
        std::mem::swap(&mut *locked(&self.tokens), into);
    }
}

/// Counts a request's messages down.
pub struct Tally {
    left: AtomicU32,
    stored: AtomicU32,
    duplicate: AtomicU32,
    done: Notify,
}

impl Tally {
    pub fn of(messages: u32) -> Arc<Self> {
        Arc::new(Self {
            left: AtomicU32::new(messages),
            stored: AtomicU32::new(0),
            duplicate: AtomicU32::new(0),
            done: Notify::new(),
        })
    }

    fn put(&self, taken: Taken) {
        self.stored.fetch_add(taken.stored, Ordering::Relaxed);
        self.duplicate.fetch_add(taken.duplicate, Ordering::Relaxed);
        if self.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.done.notify_one();
        }
    }

    /// Waits until every message is durable.
    pub async fn wait(&self) -> Taken {
        while self.left.load(Ordering::Acquire) > 0 {
            self.done.notified().await;
        }
        Taken {
            stored: self.stored.load(Ordering::Relaxed),
            duplicate: self.duplicate.load(Ordering::Relaxed),
        }
    }
}
