//! The last retained message of each topic (3.3.1.3), within bounds: what does not fit is refused
//! and counted, and never displaces what another device left.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use jiff::Timestamp;

use crate::message::Message;
use crate::topic::Filter;
use crate::tree::{NodeId, Tree, Vacant};

/// How much may be retained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetainedLimits {
    /// Topics.
    pub messages_max: usize,
    /// Bytes of all, as [`Message::weight`] counts them.
    pub bytes_max: usize,
}

impl Default for RetainedLimits {
    fn default() -> Self {
        Self {
            messages_max: 500_000,
            bytes_max: 256 << 20,
        }
    }
}

/// Why a message was not retained; the one before it still is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotRetained {
    /// As many topics as there may be.
    #[error("{0} messages are retained")]
    Messages(usize),
    /// As many bytes as there may be.
    #[error("{0} bytes are retained")]
    Bytes(usize),
}

/// What the store holds and what became of the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RetainedCounts {
    /// Held now.
    pub messages: usize,
    /// Held now.
    pub bytes: usize,
    /// Not taken since the start.
    pub refused: u64,
    /// Gone by their own expiry since the start.
    pub expired: u64,
}

#[derive(Debug, Default)]
struct Slot(Option<Arc<Message>>);

impl Vacant for Slot {
    fn is_vacant(&self) -> bool {
        self.0.is_none()
    }
}

/// The retained messages.
#[derive(Debug)]
pub struct Retained {
    limits: RetainedLimits,
    tree: Tree<Slot>,
    due: BTreeSet<(Timestamp, NodeId)>,
    counts: RetainedCounts,
}

impl Retained {
    /// An empty store.
    pub fn new(limits: RetainedLimits) -> Self {
        Self {
            limits,
            tree: Tree::new(),
            due: BTreeSet::new(),
            counts: RetainedCounts::default(),
        }
    }

    /// What it holds.
    pub fn counts(&self) -> RetainedCounts {
        self.counts
    }

    /// Keeps a copy of a message as the last of its topic; one without payload only takes the
    /// earlier one away (`[MQTT-3.3.1-6]`).
    pub fn put(&mut self, message: &Message, now: Timestamp) -> Result<(), NotRetained> {
        if message.payload.is_empty() {
            self.clear(&message.topic);
            return Ok(());
        }
        let weight = message.weight();
        if self.check(&message.topic, weight).is_err() {
            self.sweep(now);
        }
        if let Err(refused) = self.check(&message.topic, weight) {
            self.counts.refused += 1;
            return Err(refused);
        }
        self.clear(&message.topic);
        let node = self.tree.ensure(message.topic.split('/'));
        if let Some(at) = message.expires_at {
            self.due.insert((at, node));
        }
        self.tree.value_mut(node).0 = Some(Arc::new(message.detached()));
        self.counts.messages += 1;
        self.counts.bytes += weight;
        Ok(())
    }

    fn check(&self, topic: &str, weight: usize) -> Result<(), NotRetained> {
        let earlier = self.tree.find(topic.split('/'));
        let earlier = earlier.and_then(|node| self.tree.value(node).0.as_ref());
        let count = self.counts.messages - usize::from(earlier.is_some());
        let bytes = self.counts.bytes - earlier.map_or(0, |message| message.weight());
        if count >= self.limits.messages_max {
            return Err(NotRetained::Messages(self.limits.messages_max));
        }
        if bytes + weight > self.limits.bytes_max {
            return Err(NotRetained::Bytes(self.limits.bytes_max));
        }
        Ok(())
    }

    /// Takes away what is retained for a topic; false if nothing is.
    pub fn clear(&mut self, topic: &str) -> bool {
        match self.tree.find(topic.split('/')) {
            Some(node) => self.remove(node),
            None => false,
        }
    }

    fn remove(&mut self, node: NodeId) -> bool {
        let Some(message) = self.tree.value_mut(node).0.take() else {
            return false;
        };
        if let Some(at) = message.expires_at {
            self.due.remove(&(at, node));
        }
        self.counts.messages -= 1;
        self.counts.bytes -= message.weight();
        self.tree.prune(node);
        true
    }

    /// What is retained for one topic.
    pub fn get(&self, topic: &str, now: Timestamp) -> Option<&Arc<Message>> {
        let node = self.tree.find(topic.split('/'))?;
        let message = self.tree.value(node).0.as_ref()?;
        (!message.is_expired(now)).then_some(message)
    }

    /// Visits what a filter matches, until the visitor breaks off. A shared subscription gets
    /// nothing retained (4.8.2).
    pub fn matches<'a>(
        &'a self,
        filter: &Filter<'_>,
        now: Timestamp,
        mut visit: impl FnMut(&'a Arc<Message>) -> ControlFlow<()>,
    ) {
        if filter.share().is_some() {
            return;
        }
        let mut living = |slot: &'a Slot| match &slot.0 {
            Some(message) if !message.is_expired(now) => visit(message),
            _ => ControlFlow::Continue(()),
        };
        let _ = self.descend(Tree::<Slot>::root(), Some(filter.pattern()), &mut living);
    }

    fn descend<'a>(
        &'a self,
        node: NodeId,
        pattern: Option<&str>,
        visit: &mut impl FnMut(&'a Slot) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Some(pattern) = pattern else {
            return visit(self.tree.value(node));
        };
        let (level, rest) = match pattern.split_once('/') {
            Some((level, rest)) => (level, Some(rest)),
            None => (pattern, None),
        };
        let at_root = node == Tree::<Slot>::root();
        match level {
            "#" => {
                visit(self.tree.value(node))?;
                for (name, child) in self.tree.children(node) {
                    if !(at_root && name.starts_with('$')) {
                        self.descend(child, Some("#"), visit)?;
                    }
                }
            }
            "+" => {
                for (name, child) in self.tree.children(node) {
                    if !(at_root && name.starts_with('$')) {
                        self.descend(child, rest, visit)?;
                    }
                }
            }
            _ => {
                if let Some(child) = self.tree.child(node, level) {
                    self.descend(child, rest, visit)?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// Takes away what has expired; answers how many.
    pub fn sweep(&mut self, now: Timestamp) -> usize {
        let mut gone = 0;
        while let Some(&(at, node)) = self.due.first()
            && at <= now
        {
            self.due.pop_first();
            self.remove(node);
            gone += 1;
        }
        self.counts.expired += gone as u64;
        gone
    }
}

#[cfg(test)]
mod tests;
