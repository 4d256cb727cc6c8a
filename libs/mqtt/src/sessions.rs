//! Sessions: what outlives a connection (4.1). Each belongs to a client identifier, keeps the
//! messages that wait for it and ends some time after its client has gone.

mod queue;
mod session;

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::Arc;

use bytestring::ByteString;
use hashbrown::HashMap;
use jiff::Timestamp;

pub use queue::NotQueued;
pub use session::{Unfinished, Waiting};

use crate::message::{Delivery, Message, later};
use crate::packet::{Qos, Will};
use crate::topics::Subscriber;
use session::Session;

/// How much sessions may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// Sessions in all, with and without a connection.
    pub sessions_max: usize,
    /// Messages that wait for one.
    pub queued_each_max: usize,
    /// Their bytes, as [`Message::weight`] counts them.
    pub queued_bytes_each_max: usize,
    /// Messages that wait for all together.
    pub queued_max: usize,
    /// Their bytes; a message that waits for several counts each time.
    pub queued_bytes_max: usize,
    /// The longest a session outlives its connection, in seconds; what is asked beyond is cut.
    pub expiry_seconds_max: u32,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self {
            sessions_max: 1_000_000,
            queued_each_max: 1_000,
            queued_bytes_each_max: 1 << 20,
            queued_max: 1_000_000,
            queued_bytes_max: 512 << 20,
            expiry_seconds_max: 7 * 24 * 3600,
        }
    }
}

/// What there is and what became of what is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SessionCounts {
    /// Sessions now.
    pub sessions: usize,
    /// Of them with a connection.
    pub attached: usize,
    /// Messages waiting now.
    pub queued: usize,
    /// Their bytes.
    pub queued_bytes: usize,
    /// Messages not queued since the start because a queue was full.
    pub dropped: u64,
    /// Messages whose expiry came while they waited.
    pub expired: u64,
    /// Messages still waiting when their session ended.
    pub abandoned: u64,
}

/// One session. It changes when a session ends and the client begins another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId {
    slot: u32,
    generation: u32,
}

impl From<SessionId> for Subscriber {
    fn from(id: SessionId) -> Self {
        Self(u64::from(id.generation) << 32 | u64::from(id.slot))
    }
}

impl From<Subscriber> for SessionId {
    fn from(subscriber: Subscriber) -> Self {
        Self {
            slot: subscriber.0 as u32,
            generation: (subscriber.0 >> 32) as u32,
        }
    }
}

/// A session together with the connection that has it now. Once another connection has taken the
/// session over, the earlier attachment is stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Attachment {
    /// The session.
    pub session: SessionId,
    turn: NonZeroU32,
}

/// What opening a session has brought.
#[derive(Debug)]
pub struct Opened {
    /// For everything that follows.
    pub attachment: Attachment,
    /// The client still had a session, for the CONNACK.
    pub present: bool,
    /// What an earlier connection did not finish; to be given to the new one.
    pub unfinished: Unfinished,
    /// The connection that had it until now: close it with "session taken over".
    pub taken_over: Option<Attachment>,
    /// The session that the client gave up by a clean start: its subscriptions go.
    pub ended: Option<SessionId>,
    /// The delayed will of the session that ended, due now.
    pub will: Option<Will>,
}

/// What closing has brought.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Closed {
    /// To be published now.
    pub will: Option<Will>,
    /// The session ended with its connection: its subscriptions go.
    pub ended: Option<SessionId>,
}

/// What time has brought.
#[derive(Debug, PartialEq, Eq)]
pub enum Lapsed {
    /// A delayed will is due.
    Will(Will),
    /// A session ended: its subscriptions go.
    Ended(SessionId),
}

/// As many sessions as there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there are {0} sessions")]
pub struct TooManySessions(pub usize);

/// All sessions.
#[derive(Debug)]
pub struct Sessions {
    limits: SessionLimits,
    by_client: HashMap<Arc<str>, u32>,
    slots: Vec<Slot>,
    free: Vec<u32>,
    due: BTreeSet<(Timestamp, u32)>,
    counts: SessionCounts,
}

#[derive(Debug)]
struct Slot {
    generation: u32,
    session: Option<Session>,
}

impl Sessions {
    /// None yet.
    pub fn new(limits: SessionLimits) -> Self {
        Self {
            limits,
            by_client: HashMap::new(),
            slots: Vec::new(),
            free: Vec::new(),
            due: BTreeSet::new(),
            counts: SessionCounts::default(),
        }
    }

    /// What there is.
    pub fn counts(&self) -> SessionCounts {
        self.counts
    }

    /// The session of a client.
    pub fn find(&self, client_id: &str) -> Option<SessionId> {
        let slot = *self.by_client.get(client_id)?;
        let generation = self.slots.get(slot as usize)?.generation;
        Some(SessionId { slot, generation })
    }

    /// Whose session it is.
    pub fn client_id(&self, id: SessionId) -> Option<&str> {
        self.session(id).map(|session| &*session.client_id)
    }

    /// The connection that has the session now.
    pub fn attached(&self, id: SessionId) -> Option<Attachment> {
        let turn = self.session(id)?.attached()?;
        Some(Attachment { session: id, turn })
    }

    fn session(&self, id: SessionId) -> Option<&Session> {
        let slot = self.slots.get(id.slot as usize)?;
        slot.session
            .as_ref()
            .filter(|_| slot.generation == id.generation)
    }

    fn session_mut(&mut self, id: SessionId) -> Option<&mut Session> {
        let slot = self.slots.get_mut(id.slot as usize)?;
        let generation = slot.generation;
        slot.session
            .as_mut()
            .filter(|_| generation == id.generation)
    }

    /// Gives a client its session, or a new one. `expiry_seconds` is how long it is to outlive the
    /// connection.
    pub fn open(
        &mut self,
        client_id: &str,
        clean_start: bool,
        expiry_seconds: u32,
    ) -> Result<Opened, TooManySessions> {
        let earlier = self.find(client_id);
        if earlier.is_none() && self.by_client.len() >= self.limits.sessions_max {
            return Err(TooManySessions(self.limits.sessions_max));
        }
        let taken_over = earlier.and_then(|id| self.attached(id));
        // A session without an expiry ends with its connection, which this one is the end of.
        let lasts = earlier
            .and_then(|id| self.session(id))
            .is_some_and(|session| session.expiry_seconds > 0);
        let resumes = lasts && !clean_start;
        let mut opened = Opened {
            attachment: Attachment {
                session: SessionId {
                    slot: 0,
                    generation: 0,
                },
                turn: NonZeroU32::MIN,
            },
            present: resumes,
            unfinished: Unfinished::default(),
            taken_over,
            ended: None,
            will: None,
        };
        let id = match earlier {
            Some(id) if resumes => id,
            Some(id) => {
                opened.will = self.end(id);
                opened.ended = Some(id);
                self.add(client_id)
            }
            None => self.add(client_id),
        };
        self.unschedule(id);
        let expiry_seconds = expiry_seconds.min(self.limits.expiry_seconds_max);
        self.counts.attached += usize::from(opened.taken_over.is_none() || opened.ended.is_some());
        let session = self.session_mut(id).expect("found or added above");
        // [MQTT-3.1.3-9]: whoever is back before the delay is over has no will published.
        session.will = None;
        opened.unfinished = session.unfinished.take().map(|it| *it).unwrap_or_default();
        opened.attachment = Attachment {
            session: id,
            turn: session.attach(expiry_seconds),
        };
        Ok(opened)
    }

    fn add(&mut self, client_id: &str) -> SessionId {
        let client_id: Arc<str> = client_id.into();
        let session = Session::new(Arc::clone(&client_id));
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot {
                generation: 0,
                session: None,
            });
            (self.slots.len() - 1) as u32
        });
        self.by_client.insert(client_id, slot);
        self.counts.sessions += 1;
        let place = self
            .slots
            .get_mut(slot as usize)
            .expect("slots never shrink");
        place.session = Some(session);
        SessionId {
            slot,
            generation: place.generation,
        }
    }

    /// Ends a session at once; answers its will if one was waiting.
    fn end(&mut self, id: SessionId) -> Option<Will> {
        self.unschedule(id);
        let slot = self.slots.get_mut(id.slot as usize)?;
        let mut session = slot.session.take()?;
        slot.generation = slot.generation.wrapping_add(1);
        self.free.push(id.slot);
        self.by_client.remove(&session.client_id);
        self.counts.sessions -= 1;
        self.counts.attached -= usize::from(session.attached().is_some());
        let (queued, bytes) = session.queue.size();
        self.counts.queued -= queued;
        self.counts.queued_bytes -= bytes;
        self.counts.abandoned += queued as u64;
        session.will.take().map(|will| *will)
    }

    /// Ends a session because somebody says so, whatever its expiry; answers its will if one was
    /// waiting.
    pub fn remove(&mut self, id: SessionId) -> Option<Will> {
        self.end(id)
    }

    /// The connection has ended. `will` is to be given unless the client took leave properly;
    /// `expiry_seconds` if its DISCONNECT changed it. Of a stale attachment only the will counts,
    /// and what its connection had not finished waits anew.
    pub fn close(
        &mut self,
        attachment: Attachment,
        unfinished: Unfinished,
        will: Option<Will>,
        expiry_seconds: Option<u32>,
        now: Timestamp,
    ) -> Closed {
        let id = attachment.session;
        let expiry_max = self.limits.expiry_seconds_max;
        if self.attached(id) != Some(attachment) {
            return self.close_stale(id, unfinished, will);
        }
        self.counts.attached -= 1;
        let session = self.session_mut(id).expect("it is attached");
        session.detach();
        if let Some(seconds) = expiry_seconds {
            session.expiry_seconds = seconds.min(expiry_max);
        }
        let expiry = session.expiry_seconds;
        if expiry == 0 {
            self.end(id);
            return Closed {
                will,
                ended: Some(id),
            };
        }
        session.unfinished = (!unfinished.is_empty()).then(|| Box::new(unfinished));
        session.ends_at = Some(later(now, expiry));
        let mut closed = Closed::default();
        match will {
            Some(will) if will.delay_seconds > 0 => {
                session.will_at = Some(later(now, will.delay_seconds.min(expiry)));
                session.will = Some(Box::new(will.detached()));
            }
            will => closed.will = will,
        }
        self.schedule(id);
        closed
    }

    fn close_stale(&mut self, id: SessionId, unfinished: Unfinished, will: Option<Will>) -> Closed {
        let lives = self.session(id).is_some();
        for one in unfinished.deliveries.into_iter().rev() {
            let delivery = Delivery {
                qos: Qos::AtLeastOnce,
                retain: one.retain,
                subscription_ids: one.subscription_ids,
            };
            let _ = self.put(id, one.message, delivery, true);
        }
        // A session that goes on with another connection has only those wills that wait for
        // nothing (3.1.2.5); one that has ended has no further chance to publish it.
        Closed {
            will: will.filter(|will| will.delay_seconds == 0 || !lives),
            ended: None,
        }
    }

    /// Enters a session where `sweep` finds it; `unschedule` takes it out before its instants
    /// change.
    fn schedule(&mut self, id: SessionId) {
        if let Some(at) = self.session(id).and_then(Session::next_due) {
            self.due.insert((at, id.slot));
        }
    }

    fn unschedule(&mut self, id: SessionId) {
        if let Some(at) = self.session(id).and_then(Session::next_due) {
            self.due.remove(&(at, id.slot));
        }
    }

    /// Lets a message wait for the client. Messages of QoS 0 do not wait. The message should be
    /// [detached](Message::detached), once for all who get it.
    pub fn queue(
        &mut self,
        id: SessionId,
        message: Arc<Message>,
        delivery: Delivery,
    ) -> Result<(), NotQueued> {
        self.put(id, message, delivery, false)
    }

    fn put(
        &mut self,
        id: SessionId,
        message: Arc<Message>,
        delivery: Delivery,
        front: bool,
    ) -> Result<(), NotQueued> {
        let limits = self.limits;
        let weight = message.weight();
        let (queued, bytes) = (self.counts.queued, self.counts.queued_bytes);
        let full = queued >= limits.queued_max || bytes + weight > limits.queued_bytes_max;
        let outcome = match self.session_mut(id) {
            None => Err(NotQueued::NoSession),
            Some(_) if delivery.qos == Qos::AtMostOnce => Err(NotQueued::AtMostOnce),
            Some(_) if full => Err(NotQueued::AllFull),
            Some(session) => session
                .queue
                .put(Waiting { message, delivery }, front, &limits),
        };
        match outcome {
            Ok(()) => {
                self.counts.queued += 1;
                self.counts.queued_bytes += weight;
            }
            Err(NotQueued::Full | NotQueued::AllFull) => self.counts.dropped += 1,
            Err(_) => {}
        }
        outcome
    }

    /// Whether messages wait for a client, so that a new one has to wait behind them.
    pub fn has_waiting(&self, id: SessionId) -> bool {
        self.session(id)
            .is_some_and(|session| session.queue.size().0 > 0)
    }

    /// The next message that waits for the client and has not expired.
    pub fn next(&mut self, id: SessionId, now: Timestamp) -> Option<Waiting> {
        loop {
            let waiting = self.session_mut(id)?.queue.take()?;
            self.counts.queued -= 1;
            self.counts.queued_bytes -= waiting.message.weight();
            if !waiting.message.is_expired(now) {
                return Some(waiting);
            }
            self.counts.expired += 1;
        }
    }

    /// Puts back what `next` gave and the connection had no room for.
    pub fn put_back(&mut self, id: SessionId, waiting: Waiting) -> Result<(), NotQueued> {
        self.put(id, waiting.message, waiting.delivery, true)
    }

    /// What has become due.
    pub fn sweep(&mut self, now: Timestamp, lapsed: &mut Vec<Lapsed>) {
        while let Some(&(at, slot)) = self.due.first()
            && at <= now
        {
            let generation = self
                .slots
                .get(slot as usize)
                .map_or(0, |place| place.generation);
            let id = SessionId { slot, generation };
            self.due.pop_first();
            let Some(session) = self.session_mut(id) else {
                continue;
            };
            if session.will_at.is_some_and(|at| at <= now) {
                session.will_at = None;
                lapsed.extend(session.will.take().map(|will| Lapsed::Will(*will)));
            }
            if session.ends_at.is_some_and(|at| at <= now) {
                self.end(id);
                lapsed.push(Lapsed::Ended(id));
            } else {
                self.schedule(id);
            }
        }
    }

    /// When the next thing is due, for whoever sleeps until then.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.due.first().map(|(at, _)| *at)
    }

    /// An identifier for a client that asked the server to choose one; `number` must not repeat.
    pub fn assigned_client_id(prefix: &str, number: u64) -> ByteString {
        format!("{prefix}{number:016x}").into()
    }
}

#[cfg(test)]
mod tests;
