//! The way of every message from its edge to the disk: offered, counted, judged, made durable together with the
//! messages of all other devices, acknowledged.

mod ack;
mod hall;
mod judge;
mod late;
mod refusals;
mod totals;

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tokio::sync::mpsc;
use yiwang_contracts::{History, Observer, Point};
use yiwang_http::Metrics;
use yiwang_kernel::{Clock, Timestamp, micros};

pub(crate) use ack::{Ack, Mailbox, Tally};
pub(crate) use hall::HallState;
pub(crate) use refusals::{Kept, RefusalKeeper};
pub(crate) use totals::Totals;

use crate::protocol::Protocol;
use crate::reading::{Message, Refused};
use crate::slot::{Slot, locked};

/// Messages that wait in the hall; more wait at their edge.
pub(crate) const HALL_MESSAGES_MAX: usize = 65_536;
/// Messages with late readings that wait to be compared with the history.
pub(crate) const LATE_MESSAGES_MAX: usize = 16_384;

/// How far a device's clock may be off before its readings are refused.
#[derive(Debug, Clone, Copy)]
pub struct TimeLimits {
    /// Microseconds into the future.
    pub ahead: i64,
    /// Microseconds into the past; older readings are no longer kept anyway.
    pub behind: i64,
}

impl Outlets {
    pub(crate) fn tell(&self, points: &Arc<[Point]>, now: Timestamp) {
        let all = self
            .observers
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        for observer in all.iter() {
            observer.observe(points, now);
        }
    }

    /// Is somebody behind with what was told?
    pub(crate) fn is_somebody_busy(&self) -> bool {
        let all = self
            .observers
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        all.iter().any(|observer| observer.is_busy())
    }
}

/// Where all edges bring what they decoded.
pub struct Intake {
    hall: Mutex<Option<mpsc::Sender<Message>>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub totals: Totals,
    pub(crate) refusals: RefusalKeeper,
    limits: TimeLimits,
    state: Arc<HallState>,
    observers: Arc<RwLock<Vec<Arc<dyn Observer>>>>,
}

/// The node is stopping: nothing more is taken.
#[derive(Debug, thiserror::Error)]
#[error("the node is stopping")]
pub struct Stopping;

/// Why a message is not in the hall.
pub(crate) enum Unoffered {
    Full(Box<Message>),
    Stopping,
}

/// What the hall hands on to.
pub(crate) struct Outlets {
    pub history: Arc<dyn History>,
    pub observers: Arc<RwLock<Vec<Arc<dyn Observer>>>>,
}

impl Intake {
    /// Starts the two threads of the hall.
    pub(crate) fn start(
        outlets: Outlets,
        clock: Arc<dyn Clock>,
        metrics: &Metrics,
        refusals: RefusalKeeper,
        limits: TimeLimits,
    ) -> std::io::Result<Arc<Self>> {
        let (hall, waiting) = mpsc::channel(HALL_MESSAGES_MAX);
        let state = Arc::new(HallState::default());
        let totals = Totals::new(metrics);
        let observers = Arc::clone(&outlets.observers);
        hall::start(
            waiting,
            hall::Hall {
                outlets: Arc::new(outlets),
                clock: Arc::clone(&clock),
                totals: totals.clone(),
                state: Arc::clone(&state),
            },
        )?;
        Ok(Arc::new(Self {
            hall: Mutex::new(Some(hall)),
            clock,
            totals,
            refusals,
            limits,
            state,
            observers,
        }))
    }

    pub(crate) fn add_observer(&self, observer: Arc<dyn Observer>) {
        let mut all = self
            .observers
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        all.push(observer);
    }

    pub fn state(&self) -> &HallState {
        &self.state
    }

    /// The time of arrival, microseconds since 1970 UTC.
    pub fn now(&self) -> i64 {
        micros(self.clock.now())
    }

    /// Ends the hall after what is in it; what comes later is turned away.
    pub(crate) fn close(&self) {
        locked(&self.hall).take();
        self.state.stop();
    }

    fn sender(&self) -> Result<mpsc::Sender<Message>, Stopping> {
        locked(&self.hall).clone().ok_or(Stopping)
    }

    /// Takes a message in, waiting for room: the edge's way of telling its device to wait.
    pub async fn offer(&self, mut message: Message) -> Result<(), Stopping> {
        let hall = self.sender()?;
        if self.admit(&mut message) {
            hall.send(message).await.map_err(|_closed| Stopping)?;
        }
        Ok(())
    }

    /// Takes a message in if there is room; gives it back, counted already, when there is none.
    pub(crate) fn try_offer(&self, mut message: Message) -> Result<(), Unoffered> {
        if self.admit(&mut message) {
            self.try_again(message)
        } else {
            Ok(())
        }
    }

    /// Tries again with what `try_offer` gave back.
    pub(crate) fn try_again(&self, message: Message) -> Result<(), Unoffered> {
        let hall = self.sender().map_err(|_stopping| Unoffered::Stopping)?;
        hall.try_send(message).map_err(|error| match error {
            mpsc::error::TrySendError::Full(message) => Unoffered::Full(Box::new(message)),
            mpsc::error::TrySendError::Closed(_) => Unoffered::Stopping,
        })
    }

    /// Waits until there is room.
    pub(crate) async fn room(&self) {
        if let Ok(hall) = self.sender() {
            let _closed_is_no_more_waiting = hall.reserve().await.map(drop);
        }
    }

    /// Takes a message in that nobody will send again; sheds it, counted, when there is no room.
    pub fn offer_or_shed(&self, mut message: Message) -> Result<(), Stopping> {
        let hall = self.sender()?;
        if !self.admit(&mut message) {
            return Ok(());
        }
        match hall.try_send(message) {
            Ok(()) => Ok(()),
            Err(mpsc::error::TrySendError::Full(message)) => {
                let readings = message.readings.len() as u64;
                message.slot.counts.shed("busy", readings);
                self.totals.of(message.edge).shed("busy", readings);
                Ok(())
            }
            Err(mpsc::error::TrySendError::Closed(_)) => Err(Stopping),
        }
    }

    /// Counts a message and takes readings out whose time cannot be; is anything left to store?
    fn admit(&self, message: &mut Message) -> bool {
        let received = message.received;
        self.count_received(
            message.edge,
            Some(&message.slot),
            message.readings.len() as u64,
        );
        let (earliest, latest) = (received - self.limits.behind, received + self.limits.ahead);
        if message
            .readings
            .iter()
            .any(|each| each.time < earliest || each.time > latest)
        {
            self.refuse_times(message, earliest, latest);
        }
        if message.readings.is_empty() {
            // Nothing to make durable; a device that sends only wrong times must not send them for ever.
            std::mem::take(&mut message.ack).taken(crate::reading::Taken::default());
            return false;
        }
        true
    }

    fn refuse_times(&self, message: &mut Message, earliest: i64, latest: i64) {
        let (mut ahead, mut behind) = (Vec::new(), Vec::new());
        message.readings.retain(|each| {
            if each.time > latest {
                ahead.push(each.time);
            } else if each.time < earliest {
                behind.push(each.time);
            }
            (earliest..=latest).contains(&each.time)
        });
        for (code, words, times) in [
            ("time_ahead", "the device's clock is ahead", ahead),
            ("time_behind", "older than what is kept", behind),
        ] {
            if let Some(first) = times.first() {
                let at = yiwang_kernel::from_micros(*first);
                let refused = Refused::new(code, format!("observed at {at}: {words}"));
                let readings = times.len() as u64;
                self.refuse(
                    Kept::of_slot(message.edge, &message.slot, &[], message.received),
                    &refused,
                    readings,
                );
            }
        }
    }

    pub(crate) fn count_received(&self, edge: Protocol, slot: Option<&Slot>, readings: u64) {
        use std::sync::atomic::Ordering::Relaxed;
        if let Some(slot) = slot {
            slot.counts.received.fetch_add(readings, Relaxed);
        }
        self.totals.of(edge).received.add(readings);
    }

    /// Counts `readings` that were received before as refused, and keeps what was sent.
    pub(crate) fn refuse(&self, kept: Kept<'_>, refused: &Refused, readings: u64) {
        if let Some(slot) = kept.slot {
            slot.counts.refuse(refused.code, readings);
        }
        self.totals.of(kept.edge).refuse(refused.code, readings);
        self.refusals.keep(&kept, refused);
    }

    /// Counts and keeps a message of which nothing could be read.
    pub(crate) fn refuse_whole(&self, kept: Kept<'_>, refused: &Refused) {
        self.count_received(kept.edge, kept.slot, 1);
        self.refuse(kept, refused, 1);
    }
}
