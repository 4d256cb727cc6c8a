//! Live changes as server-sent events: `GET /api/v1/live`.
//!
//! One ring of the newest events is shared by all streams; who is further behind reads from the outbox,
//! and who asks for what is kept nowhere is told to load anew (`event: reset`). A stream carries the events
//! that its actor's grants cover, looked at again every while; a client that does not read is cut.

mod places;
mod ring;
mod route;
mod stream;

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use yiwang_contracts::UserId;
use yiwang_store::{Db, EVENT_PAGE_MAX, StoreError};

use crate::{Counter, Gauge, Metrics};
use places::{Place, Places};
use ring::{LiveEvent, Ring};

pub use route::live_routes;

/// How long the feed waits after the store failed it.
const FEED_RETRY: Duration = Duration::from_secs(1);

/// The settings of live streams.
#[derive(Debug, Clone)]
pub struct LiveOptions {
    /// Events held in memory.
    pub ring_events: usize,
    pub heartbeat: Duration,
    /// How often a stream's credential and rights are looked at again.
    pub recheck: Duration,
    pub connections_per_user_max: usize,
    pub connections_max: usize,
    /// Batches waiting for one client.
    pub queue_batches: usize,
    /// How long a client may let its full queue wait before it is cut.
    pub slow: Duration,
}

impl Default for LiveOptions {
    fn default() -> Self {
        Self {
            ring_events: 10_000,
            heartbeat: Duration::from_secs(15),
            recheck: Duration::from_secs(30),
            connections_per_user_max: 20,
            connections_max: 5_000,
            queue_batches: 32,
            slow: Duration::from_secs(10),
        }
    }
}

/// All live streams of a node. Cheap to clone.
#[derive(Clone)]
pub struct LiveHub(Arc<Inner>);

struct Inner {
    db: Db,
    options: LiveOptions,
    ring: Ring,
    places: Arc<Places>,
    stop: CancellationToken,
    streams: TaskTracker,
    counts: Counts,
}

struct Counts {
    events: Counter,
    cut: Counter,
    refused: Counter,
    resets: Counter,
}

impl Counts {
    fn new(metrics: &Metrics) -> Self {
        metrics.describe("live_connections", "Live streams open now.");
        metrics.describe("live_events_total", "Events that reached the live ring.");
        metrics.describe(
            "live_cut_total",
            "Live streams cut because their client did not read.",
        );
        metrics.describe(
            "live_refused_total",
            "Live streams refused because there were too many.",
        );
        metrics.describe(
            "live_resets_total",
            "Live streams whose resume point was not kept any more.",
        );
        Self {
            events: metrics.counter("live_events_total", &[]),
            cut: metrics.counter("live_cut_total", &[]),
            refused: metrics.counter("live_refused_total", &[]),
            resets: metrics.counter("live_resets_total", &[]),
        }
    }
}

impl LiveHub {
    /// Begins at the newest event. Streams end when `stop` is cancelled.
    pub async fn open(
        db: Db,
        metrics: &Metrics,
        options: LiveOptions,
        stop: CancellationToken,
    ) -> Result<Self, StoreError> {
        let newest = db.last_event_seq().await?;
        let open: Gauge = metrics.gauge("live_connections", &[]);
        let places = Places::new(
            options.connections_per_user_max,
            options.connections_max,
            open,
        );
        Ok(Self(Arc::new(Inner {
            ring: Ring::new(options.ring_events, newest),
            places: Arc::new(places),
            counts: Counts::new(metrics),
            streams: TaskTracker::new(),
            db,
            options,
            stop,
        })))
    }

    /// Feeds the ring until the node stops. Runs once per node.
    pub async fn run(self) {
        let mut watch = self.0.db.watch_events();
        while !self.0.stop.is_cancelled() {
            watch.mark_unchanged();
            let wait = match self.feed().await {
                Ok(()) => None,
                Err(error) => {
                    tracing::warn!(%error, "the live feed could not read events");
                    Some(FEED_RETRY)
                }
            };
            tokio::select! {
                () = self.0.stop.cancelled() => break,
                () = tokio::time::sleep(wait.unwrap_or_default()), if wait.is_some() => {}
                changed = watch.changed(), if wait.is_none() => {
                    if changed.is_err() {
                        break;
                    }
                }
            }
        }
        self.0.streams.close();
        self.0.streams.wait().await;
    }

    /// Takes over everything that is in the outbox and not yet in the ring.
    async fn feed(&self) -> Result<(), StoreError> {
        loop {
            let events = self
                .0
                .db
                .events_after(self.0.ring.newest(), EVENT_PAGE_MAX)
                .await?;
            if events.is_empty() {
                return Ok(());
            }
            self.0.counts.events.add(events.len() as u64);
            self.0
                .ring
                .push(events.into_iter().filter_map(LiveEvent::new).collect());
        }
    }

    fn enter(&self, user: UserId) -> Option<Place> {
        let place = Places::enter(&self.0.places, user);
        if place.is_none() {
            self.0.counts.refused.increment();
        }
        place
    }
}
