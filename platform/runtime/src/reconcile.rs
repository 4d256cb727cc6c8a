//! Runs reconcilers: each on its own task, at fixed instants, never two passes of one at once, on whichever
//! node it is.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt as _;
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;
use yiwang_http::Metrics;
use yiwang_kernel::{Clock, Timestamp, Uuid};
use yiwang_store::{Db, Lease};

use crate::tasks::panic_message;
use crate::{Reconciler, Tasks};

/// How soon a node looks again whether another still does the work.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(2);

/// All reconcilers of a node and how their last passes went. Cheap to clone.
#[derive(Clone)]
pub struct Reconcilers(Arc<Inner>);

struct Inner {
    slots: Vec<Slot>,
    clock: Arc<dyn Clock>,
    metrics: Metrics,
}

struct Slot {
    reconciler: Reconciler,
    /// Says whether this node runs it; none when each node does.
    lease: Option<Lease>,
    state: Mutex<ReconcilerState>,
    /// Held while a pass runs.
    pass: tokio::sync::Mutex<()>,
}

/// How a reconciler stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ReconcilerState {
    pub name: String,
    pub every_seconds: u64,
    /// Another node does it at present.
    pub is_elsewhere: bool,
    /// When the next pass is due.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    /// When the last pass began.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_at: Option<Timestamp>,
    pub last_took_ms: u64,
    /// How many things the last pass did.
    pub last_done: usize,
    /// Why the last pass failed.
    pub last_error: Option<String>,
    pub passes: u64,
    pub failures: u64,
}

impl Reconcilers {
    /// The first pass of each is due at once: it catches up on what happened while the node was down.
    ///
    /// `node` tells this node from others on the same database.
    pub fn new(
        reconcilers: Vec<Reconciler>,
        clock: Arc<dyn Clock>,
        metrics: Metrics,
        (db, node): (&Db, Uuid),
    ) -> Self {
        metrics.describe("reconciler_passes_total", "Passes of reconcilers.");
        metrics.describe(
            "reconciler_failures_total",
            "Passes of reconcilers that failed.",
        );
        metrics.describe("reconciler_seconds", "How long passes of reconcilers took.");
        let now = clock.now();
        let slots = reconcilers
            .into_iter()
            .map(|reconciler| {
                let lease = (!reconciler.on_each_node).then(|| {
                    Lease::new(db.clone(), format!("reconciler {}", reconciler.name), node)
                });
                Slot::new(reconciler, lease, now)
            })
            .collect();
        Self(Arc::new(Inner {
            slots,
            clock,
            metrics,
        }))
    }

    /// Starts a task for each.
    pub fn start(&self, tasks: &Tasks) {
        for at in 0..self.0.slots.len() {
            let (all, stop) = (self.clone(), tasks.stop_token());
            let Some(slot) = self.0.slots.get(at) else {
                continue;
            };
            tasks.spawn(format!("reconciler {}", slot.reconciler.name), async move {
                if let Some(slot) = all.0.slots.get(at) {
                    all.keep_running(slot, stop).await;
                }
            });
        }
    }

    /// Runs every reconciler that is due now, once; answers how many things were done. The first failure is
    /// given back after all have run.
    pub async fn run_due_now(&self) -> Result<usize, String> {
        let mut done = 0;
        let mut failed = None;
        for slot in &self.0.slots {
            if slot.due_at() > self.0.clock.now() {
                continue;
            }
            match self.pass(slot).await {
                Ok(count) => done += count,
                Err(error) => {
                    failed = failed.or(Some(format!("{}: {error}", slot.reconciler.name)));
                }
            }
        }
        failed.map_or(Ok(done), Err)
    }

    pub fn states(&self) -> Vec<ReconcilerState> {
        self.0
            .slots
            .iter()
            .map(|slot| {
                slot.state
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .clone()
            })
            .collect()
    }

    async fn keep_running(&self, slot: &Slot, stop: CancellationToken) {
        loop {
            let wait = slot.due_at().duration_since(self.0.clock.now());
            let wait = tokio::time::sleep(Duration::try_from(wait).unwrap_or_default());
            tokio::select! {
                () = stop.cancelled() => break,
                // Whoever runs it keeps it, however long the wait.
                () = self.keeping(slot, wait) => {}
            }
            if slot.due_at() <= self.0.clock.now() {
                // What failed is in the state and the log, and is tried again at the next instant.
                let _in_state = self.pass(slot).await;
            }
        }
        if let Some(lease) = &slot.lease
            && let Err(error) = lease.release().await
        {
            tracing::warn!(%error, reconciler = slot.reconciler.name, "a lease could not be given back");
        }
    }

    async fn keeping<T>(&self, slot: &Slot, work: impl Future<Output = T> + Send) -> T {
        match &slot.lease {
            Some(lease) => lease.keep(|| self.0.clock.now(), work).await,
            None => work.await,
        }
    }

    async fn pass(&self, slot: &Slot) -> Result<usize, String> {
        let _one_at_a_time = slot.pass.lock().await;
        let begun = self.0.clock.now();
        let held = match &slot.lease {
            Some(lease) => lease.hold(begun).await.map_err(|error| error.to_string()),
            None => Ok(true),
        };
        if held == Ok(false) {
            slot.stand_by(begun);
            return Ok(0);
        }
        let work = AssertUnwindSafe((slot.reconciler.run)(begun)).catch_unwind();
        let outcome = match held {
            Err(error) => Ok(Err(error.into())),
            Ok(_) => self.keeping(slot, work).await,
        };
        let outcome = match outcome {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(error.to_string()),
            Err(panic) => Err(format!("panicked: {}", panic_message(panic.as_ref()))),
        };
        let took = Duration::try_from(self.0.clock.now().duration_since(begun)).unwrap_or_default();
        self.count(slot, &outcome, took);
        slot.record(begun, took, &outcome);
        outcome
    }

    fn count(&self, slot: &Slot, outcome: &Result<usize, String>, took: Duration) {
        let name = slot.reconciler.name;
        let labels = [("reconciler", name)];
        self.0
            .metrics
            .counter("reconciler_passes_total", &labels)
            .increment();
        self.0
            .metrics
            .histogram("reconciler_seconds", &labels)
            .observe(took);
        match outcome {
            Ok(0) => {}
            Ok(done) => tracing::debug!(reconciler = name, done, "reconciler {name} did {done}"),
            Err(error) => {
                self.0
                    .metrics
                    .counter("reconciler_failures_total", &labels)
                    .increment();
                tracing::error!(reconciler = name, "reconciler {name} failed: {error}");
            }
        }
    }
}

impl Slot {
    fn new(reconciler: Reconciler, lease: Option<Lease>, now: Timestamp) -> Self {
        let state = ReconcilerState {
            name: reconciler.name.to_owned(),
            every_seconds: reconciler.every.as_secs(),
            is_elsewhere: false,
            due_at: now,
            last_at: None,
            last_took_ms: 0,
            last_done: 0,
            last_error: None,
            passes: 0,
            failures: 0,
        };
        Self {
            reconciler,
            lease,
            state: Mutex::new(state),
            pass: tokio::sync::Mutex::default(),
        }
    }

    fn due_at(&self) -> Timestamp {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .due_at
    }

    /// Another node does the work: look soon whether it still does.
    fn stand_by(&self, now: Timestamp) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let next = next_due(state.due_at, self.reconciler.every, now);
        state.due_at = next.min(now + LOOK_AGAIN);
        state.is_elsewhere = true;
        state.last_error = None;
    }

    fn record(&self, begun: Timestamp, took: Duration, outcome: &Result<usize, String>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.due_at = next_due(state.due_at, self.reconciler.every, begun);
        state.is_elsewhere = false;
        state.last_at = Some(begun);
        state.last_took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        state.passes += 1;
        match outcome {
            Ok(done) => {
                state.last_done = *done;
                state.last_error = None;
            }
            Err(error) => {
                state.last_done = 0;
                state.last_error = Some(error.clone());
                state.failures += 1;
            }
        }
    }
}

/// The first instant of the grid `due + n * every` that lies after `now`: late passes do not shift the grid
/// and missed ones are not made up for.
fn next_due(due: Timestamp, every: Duration, now: Timestamp) -> Timestamp {
    let every = i64::try_from(every.as_micros()).unwrap_or(i64::MAX).max(1);
    let late = now
        .as_microsecond()
        .saturating_sub(due.as_microsecond())
        .max(0);
    let steps = late / every + 1;
    yiwang_kernel::from_micros(
        due.as_microsecond()
            .saturating_add(steps.saturating_mul(every)),
    )
}

#[cfg(test)]
mod tests;
