//! The hall: one thread that takes all messages that wait, judges them, makes them durable with one fsync, and
//! tells their edges.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use tokio::sync::mpsc;
use yiwang_contracts::{Point, Sample};
use yiwang_kernel::{Clock, micros};

use super::judge::{Judged, judge};
use super::{Outlets, Totals, late};
use crate::reading::{Message, Taken};
use crate::slot::{locked, quality_of};

/// Messages made durable with one fsync.
const GROUP_MESSAGES_MAX: usize = 8_192;
/// The devices wait for those who are told, but not for ever: who is stuck takes the rest from the history.
const PATIENCE: Duration = Duration::from_millis(200);
const LOOK_AGAIN: Duration = Duration::from_millis(1);
/// Between two tries to write when there is no room.
const RETRY_AFTER: Duration = Duration::from_secs(1);

pub(super) struct Hall {
    pub outlets: Arc<Outlets>,
    pub clock: Arc<dyn Clock>,
    pub totals: Totals,
    pub state: Arc<HallState>,
}

/// How the hall stands.
#[derive(Default)]
pub struct HallState {
    stopping: AtomicBool,
    woken: Condvar,
    /// Why nothing can be made durable now, and since when.
    blocked: Mutex<Option<(String, i64)>>,
    pub groups: AtomicU64,
    pub group_messages: AtomicU64,
    /// Microseconds spent in making durable.
    pub append_us: AtomicU64,
}

impl HallState {
    /// Why nothing can be made durable now, and since when.
    pub fn blocked(&self) -> Option<(String, i64)> {
        locked(&self.blocked).clone()
    }

    pub(super) fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
        self.woken.notify_all();
    }
}

pub(super) fn start(mut waiting: mpsc::Receiver<Message>, hall: Hall) -> std::io::Result<()> {
    let hall = Arc::new(hall);
    let late = late::start(Arc::clone(&hall))?;
    let run = move || {
        let mut group = Vec::with_capacity(GROUP_MESSAGES_MAX);
        while waiting.blocking_recv_many(&mut group, GROUP_MESSAGES_MAX) > 0 {
            hall.take(&mut group, &late);
            hall.be_patient();
        }
    };
    std::thread::Builder::new()
        .name("hall".to_owned())
        .spawn(run)?;
    Ok(())
}

/// A message with the part of the group's points that is its own.
struct Placed {
    message: Message,
    points: std::ops::Range<usize>,
    duplicate: u32,
}

impl Hall {
    fn take(&self, group: &mut Vec<Message>, late: &mpsc::Sender<Message>) {
        let (mut points, mut placed, mut behind) = (Vec::new(), Vec::new(), Vec::new());
        for mut message in group.drain(..) {
            let begin = points.len();
            let (duplicate, older) = self.sort_out(&mut message, &mut points);
            if let Some(older) = older {
                // What is left of the message has no one to tell: the late part tells for the whole.
                behind.push(older);
            }
            placed.push(Placed {
                message,
                points: begin..points.len(),
                duplicate,
            });
        }
        if let Some(points) = self.make_durable(points) {
            // Observers first: whoever is told that it is durable may ask what became of it.
            if !points.is_empty() {
                self.outlets.tell(&points, self.clock.now());
            }
            self.tell(placed, &points);
            for message in behind {
                // The edge waits at its own bound while the other thread is busy.
                let _closed_at_the_end = late.blocking_send(message);
            }
        }
    }

    /// Takes no more for a moment while those who are told are behind.
    fn be_patient(&self) {
        let mut left = PATIENCE;
        while !left.is_zero() && self.outlets.is_somebody_busy() {
            self.wait(LOOK_AGAIN);
            left = left.saturating_sub(LOOK_AGAIN);
        }
    }

    /// Appends until it is durable. `None`: the node stops, and nothing was acknowledged.
    pub(super) fn make_durable(&self, points: Vec<Point>) -> Option<Arc<[Point]>> {
        let began = micros(self.clock.now());
        while !points.is_empty() {
            match self.outlets.history.append(&points) {
                Ok(()) => break,
                Err(fault) => {
                    let since = locked(&self.state.blocked).take().map(|(_, since)| since);
                    let since = since.unwrap_or_else(|| micros(self.clock.now()));
                    if began >= since {
                        tracing::error!(
                            code = fault.code(),
                            "nothing can be made durable, devices wait: {fault}"
                        );
                    }
                    *locked(&self.state.blocked) = Some((fault.to_string(), since));
                    if !self.wait_to_retry() {
                        return None;
                    }
                }
            }
        }
        if let Some((_, since)) = locked(&self.state.blocked).take() {
            tracing::warn!(since, "readings are made durable again");
        }
        let took = micros(self.clock.now()) - began;
        self.state
            .append_us
            .fetch_add(took.max(0) as u64, Ordering::Relaxed);
        Some(points.into())
    }

    pub(super) fn wait_to_retry(&self) -> bool {
        self.wait(RETRY_AFTER);
        !self.state.stopping.load(Ordering::Acquire)
    }

    /// For so long, or until the node stops.
    fn wait(&self, time: Duration) {
        let nothing = Mutex::new(());
        let woken = self.state.woken.wait_timeout(locked(&nothing), time);
        drop(woken);
    }

    /// What is durable is shown, counted and acknowledged.
    fn tell(&self, placed: Vec<Placed>, points: &[Point]) {
        self.state.groups.fetch_add(1, Ordering::Relaxed);
        self.state
            .group_messages
            .fetch_add(placed.len() as u64, Ordering::Relaxed);
        for each in placed {
            let own = points.get(each.points).unwrap_or(&[]);
            self.settle(each.message, own, each.duplicate);
        }
    }

    pub(super) fn settle(&self, message: Message, points: &[Point], duplicate: u32) {
        let stored = points.len() as u32;
        show(&message, points);
        let counts = &message.slot.counts;
        counts
            .stored
            .fetch_add(u64::from(stored), Ordering::Relaxed);
        counts
            .duplicate
            .fetch_add(u64::from(duplicate), Ordering::Relaxed);
        let totals = self.totals.of(message.edge);
        totals.stored.add(u64::from(stored));
        totals.duplicate.add(u64::from(duplicate));
        totals.messages.increment();
        message.ack.taken(Taken { stored, duplicate });
    }

    /// Puts new readings to the points, counts duplicates, and gives back a message of what is older than the newest.
    fn sort_out(&self, message: &mut Message, points: &mut Vec<Point>) -> (u32, Option<Message>) {
        let binding = message.slot.binding();
        let mut live = message.slot.live();
        let (mut duplicate, mut older) = (0, Vec::new());
        for reading in message.readings.drain(..) {
            let place = usize::from(reading.property);
            let (Some(newest), Some(series)) =
                (live.newest.get_mut(place), binding.series.get(place))
            else {
                // The profile lost the property while the message waited.
                message.slot.counts.refuse("unknown_property", 1);
                self.totals.of(message.edge).refuse("unknown_property", 1);
                continue;
            };
            match judge(newest, &reading) {
                Judged::Duplicate => duplicate += 1,
                Judged::Late => older.push(reading),
                Judged::New => points.push(Point {
                    series: Arc::clone(series),
                    time: reading.time,
                    received: message.received,
                    value: reading.value,
                    text: reading.text,
                    quality: quality_of(&binding.device, reading.quality),
                }),
            }
        }
        drop(live);
        if older.is_empty() {
            return (duplicate, None);
        }
        let late = Message {
            slot: Arc::clone(&message.slot),
            edge: message.edge,
            received: message.received,
            readings: older,
            ack: std::mem::take(&mut message.ack),
        };
        (duplicate, Some(late))
    }
}

/// Last values, when the device was heard, and how late it speaks.
fn show(message: &Message, points: &[Point]) {
    let binding = message.slot.binding();
    let mut live = message.slot.live();
    live.heard = live.heard.max(Some(message.received));
    for point in points {
        let Some(place) = binding.profile.property(&point.series.property) else {
            continue;
        };
        let Some(last) = live.last.get(usize::from(place)) else {
            continue;
        };
        let is_newest = last.put(Sample {
            time: point.time,
            received: point.received,
            value: point.value,
            text: point.text.clone(),
            quality: point.quality,
        });
        if is_newest {
            live.lag = point.received - point.time;
        }
    }
}
