//! What all connections share: subscriptions, retained messages, sessions, and the boxes of those connected now.

use std::collections::{HashMap, VecDeque};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use yiwang_http::{Counter, Metrics};
use yiwang_kernel::Timestamp;
use yiwang_mqtt::packet::{FilterRequest, RetainHandling, Will};
use yiwang_mqtt::{
    Attachment, Delivery, Filter, Lapsed, Limits, Message, Opened, Publication, Qos, Reason,
    Retained, RetainedLimits, SessionId, SessionLimits, Sessions, Subscribed, Subscriber,
    Subscription, Topics, TopicsLimits, Unfinished, Waiting, grant,
};

use crate::sensorthings::Topic;
use crate::slot::locked;

/// Messages that wait in a connection's box; more wait in its session.
const BOX_MESSAGES_MAX: usize = 64;
/// Retained messages that one subscription gets at once.
const RETAINED_AT_ONCE_MAX: usize = 1_000;

pub(crate) struct Broker {
    pub(super) limits: Arc<Limits>,
    state: Mutex<State>,
    /// Subscriptions there are; without one nothing needs to be routed.
    subscriptions: AtomicUsize,
    /// Somebody has asked for observations in the form of SensorThings.
    tells_observations: AtomicBool,
    dropped: Counter,
    not_retained: Counter,
}

struct State {
    topics: Topics,
    retained: Retained,
    sessions: Sessions,
    connected: HashMap<SessionId, Connected>,
    turn: u64,
}

struct Connected {
    attachment: Attachment,
    outbox: Arc<Outbox>,
    /// Ends the connection when another takes the session over.
    end: CancellationToken,
}

/// Messages on their way to one connection.
#[derive(Default)]
pub(super) struct Outbox {
    waiting: Mutex<VecDeque<(Arc<Message>, Delivery)>>,
    pub(super) came: Notify,
}

impl Outbox {
    /// Puts a message in; gives it back when the box is full.
    fn put(&self, message: &Arc<Message>, delivery: Delivery) -> Result<(), Delivery> {
        let mut waiting = locked(&self.waiting);
        if waiting.len() >= BOX_MESSAGES_MAX {
            return Err(delivery);
        }
        waiting.push_back((Arc::clone(message), delivery));
        drop(waiting);
        self.came.notify_one();
        Ok(())
    }

    pub(super) fn take(&self) -> Option<(Arc<Message>, Delivery)> {
        locked(&self.waiting).pop_front()
    }
}

impl Broker {
    pub(crate) fn new(metrics: &Metrics) -> Self {
        metrics.describe(
            "sensing_mqtt_dropped_total",
            "Deliveries that a subscriber did not get because its queue was full.",
        );
        metrics.describe(
            "sensing_mqtt_not_retained_total",
            "Messages that were not retained because as many are kept as may be.",
        );
        Self {
            limits: Arc::new(Limits {
                // A device that learns nothing of a refusal would send the same again for ever.
                v3_acknowledges_refused: true,
                ..Limits::default()
            }),
            state: Mutex::new(State {
                topics: Topics::new(TopicsLimits::default()),
                retained: Retained::new(RetainedLimits::default()),
                sessions: Sessions::new(SessionLimits::default()),
                connected: HashMap::new(),
                turn: 0,
            }),
            subscriptions: AtomicUsize::new(0),
            tells_observations: AtomicBool::new(false),
            dropped: metrics.counter("sensing_mqtt_dropped_total", &[]),
            not_retained: metrics.counter("sensing_mqtt_not_retained_total", &[]),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }

    /// Opens the client's session for a connection; one that had it before ends.
    pub(super) fn open(
        &self,
        client: &str,
        clean_start: bool,
        expiry_seconds: u32,
        outbox: &Arc<Outbox>,
        end: &CancellationToken,
        now: Timestamp,
    ) -> Option<Opened> {
        let mut state = self.state();
        let mut opened = state
            .sessions
            .open(client, clean_start, expiry_seconds)
            .ok()?;
        if let Some(ended) = opened.ended.take() {
            state.forget(ended);
            self.note(&state);
        }
        let id = opened.attachment.session;
        let connected = Connected {
            attachment: opened.attachment,
            outbox: Arc::clone(outbox),
            end: end.clone(),
        };
        if let Some(before) = state.connected.insert(id, connected) {
            before.end.cancel();
            // From here on messages go to the new connection: what the other has not sent goes before them.
            self.wait_again(&mut state, id, &before.outbox);
        }
        let will = opened.will.take();
        drop(state);
        if let Some(will) = will {
            self.publish(Message::will(will, now), None, now);
        }
        Some(opened)
    }

    /// A connection has ended.
    pub(super) fn close(
        &self,
        attachment: Attachment,
        unfinished: Unfinished,
        will: Option<Will>,
        expiry_seconds: Option<u32>,
        now: Timestamp,
    ) {
        let mut state = self.state();
        let id = attachment.session;
        let own = state.connected.get(&id);
        let own = own.is_some_and(|each| each.attachment == attachment);
        // Under the lock, so that nothing can be put into a box that nobody empties any more.
        let outbox = own.then(|| state.connected.remove(&id)).flatten();
        let closed = state
            .sessions
            .close(attachment, unfinished, will, expiry_seconds, now);
        match outbox {
            Some(gone) => self.wait_again(&mut state, id, &gone.outbox),
            // Another connection has the session; what this one had not finished waits for it now.
            None => state.wake(id),
        }
        if let Some(ended) = closed.ended {
            state.forget(ended);
            self.note(&state);
        }
        drop(state);
        if let Some(will) = closed.will {
            self.publish(Message::will(will, now), None, now);
        }
    }

    /// What is in the box of a connection that sends no more waits again, before what waited behind it.
    fn wait_again(&self, state: &mut State, session: SessionId, outbox: &Outbox) {
        let left = std::mem::take(&mut *locked(&outbox.waiting));
        for (message, delivery) in left.into_iter().rev() {
            let at_once_only = delivery.qos == Qos::AtMostOnce;
            let waiting = Waiting { message, delivery };
            if state.sessions.put_back(session, waiting).is_err() && !at_once_only {
                self.dropped.increment();
            }
        }
        state.wake(session);
    }

    /// Whether this connection is still the one that has the session.
    pub(super) fn is_attached(&self, attachment: Attachment) -> bool {
        let state = self.state();
        let now = state.connected.get(&attachment.session);
        now.is_some_and(|each| each.attachment == attachment)
    }

    fn note(&self, state: &State) {
        self.subscriptions
            .store(state.topics.len(), Ordering::Relaxed);
    }

    /// The next message that waits in the session of a connection.
    pub(super) fn next(&self, session: SessionId, now: Timestamp) -> Option<Waiting> {
        self.state().sessions.next(session, now)
    }

    /// Subscribes, and gives what is retained.
    pub(super) fn subscribe(
        &self,
        session: SessionId,
        request: &FilterRequest,
        id: Option<std::num::NonZeroU32>,
        now: Timestamp,
    ) -> Reason {
        let Ok(filter) = Filter::parse(&request.filter, &self.limits.topics) else {
            return Reason::TopicFilterInvalid;
        };
        if Topic::is_heard_by(&request.filter) {
            self.tells_observations.store(true, Ordering::Relaxed);
        }
        let mut state = self.state();
        let subscription = Subscription {
            subscriber: Subscriber::from(session),
            id,
            options: request.options,
        };
        let Ok(subscribed) = state.topics.subscribe(&filter, subscription) else {
            return Reason::QuotaExceeded;
        };
        self.note(&state);
        let wants = match request.options.retain_handling {
            RetainHandling::Send => true,
            RetainHandling::SendIfNew => subscribed == Subscribed::New,
            RetainHandling::Skip => false,
        };
        if wants {
            let mut found = Vec::new();
            state.retained.matches(&filter, now, |message| {
                found.push(Arc::clone(message));
                if found.len() < RETAINED_AT_ONCE_MAX {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            });
            for message in found {
                let delivery = Delivery {
                    qos: message.qos.min(request.options.qos),
                    retain: true,
                    subscription_ids: id.into_iter().collect(),
                };
                self.hand_over(&mut state, session, &message, delivery);
            }
        }
        grant(request.options.qos)
    }

    pub(super) fn unsubscribe(&self, session: SessionId, filter: &str) -> Reason {
        let Ok(filter) = Filter::parse(filter, &self.limits.topics) else {
            return Reason::TopicFilterInvalid;
        };
        let mut state = self.state();
        let was = state.topics.unsubscribe(&filter, Subscriber::from(session));
        self.note(&state);
        if was {
            Reason::Success
        } else {
            Reason::NoSubscriptionExisted
        }
    }

    /// Whether a message goes to anybody, or stays to be found.
    pub(super) fn wants(&self, retain: bool) -> bool {
        retain || self.subscriptions.load(Ordering::Relaxed) > 0
    }

    /// Whether observations have to be put in the form of SensorThings: nobody asks for it on most nodes.
    pub(crate) fn tells_observations(&self) -> bool {
        self.tells_observations.load(Ordering::Relaxed)
    }

    /// Hands a message to all who subscribed to it; answers to how many.
    pub(crate) fn publish(
        &self,
        message: Message,
        publisher: Option<SessionId>,
        now: Timestamp,
    ) -> usize {
        if !self.wants(message.retain) {
            return 0;
        }
        let message = Arc::new(message);
        let mut state = self.state();
        if message.retain && state.retained.put(&message, now).is_err() {
            self.not_retained.increment();
        }
        state.turn += 1;
        let publication = Publication {
            topic: &message.topic,
            qos: message.qos,
            retain: message.retain,
            publisher: publisher.map(Subscriber::from),
            turn: state.turn,
        };
        let mut routes = Vec::new();
        state.topics.route(&publication, &mut routes);
        let count = routes.len();
        for (subscriber, delivery) in routes {
            self.hand_over(&mut state, SessionId::from(subscriber), &message, delivery);
        }
        count
    }

    fn hand_over(
        &self,
        state: &mut State,
        session: SessionId,
        message: &Arc<Message>,
        delivery: Delivery,
    ) {
        let waits = state.sessions.has_waiting(session);
        let connected = state.connected.get(&session);
        let delivery = match connected.filter(|_| !waits) {
            Some(connected) => match connected.outbox.put(message, delivery) {
                Ok(()) => return,
                Err(delivery) => delivery,
            },
            None => delivery,
        };
        if delivery.qos == Qos::AtMostOnce {
            self.dropped.add(u64::from(connected.is_some()));
            return;
        }
        let outbox = connected.map(|connected| Arc::clone(&connected.outbox));
        if state
            .sessions
            .queue(session, Arc::clone(message), delivery)
            .is_err()
        {
            self.dropped.increment();
        } else if let Some(outbox) = outbox {
            outbox.came.notify_one();
        }
    }

    /// Wills that are due and sessions that end.
    pub(crate) fn sweep(&self, now: Timestamp) -> usize {
        let mut lapsed = Vec::new();
        let mut state = self.state();
        state.retained.sweep(now);
        state.sessions.sweep(now, &mut lapsed);
        let count = lapsed.len();
        let mut wills = Vec::new();
        for each in lapsed {
            match each {
                Lapsed::Will(will) => wills.push(will),
                Lapsed::Ended(session) => state.forget(session),
            }
        }
        self.note(&state);
        drop(state);
        for will in wills {
            self.publish(Message::will(will, now), None, now);
        }
        count
    }
}

impl State {
    /// Lets the connection of a session look at what waits.
    fn wake(&self, session: SessionId) {
        if let Some(connected) = self.connected.get(&session)
            && self.sessions.has_waiting(session)
        {
            connected.outbox.came.notify_one();
        }
    }

    /// A session has ended: its subscriptions go, and its connection if it has one.
    fn forget(&mut self, session: SessionId) {
        self.topics.unsubscribe_all(Subscriber::from(session));
        if let Some(connected) = self.connected.remove(&session) {
            connected.end.cancel();
        }
    }
}

#[cfg(test)]
mod tests;
