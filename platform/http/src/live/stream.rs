//! One client's stream.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use yiwang_contracts::{Actor, Scope};
use yiwang_store::StoreError;

use super::LiveHub;
use super::places::Place;
use super::ring::LiveEvent;
use crate::Edge;

/// Events looked at before the stream lets others run.
const BATCH_EVENTS_MAX: usize = 200;

/// Browsers wait this long before they connect again.
const PREAMBLE: &str = "retry: 2000\n";

pub(super) struct Stream {
    hub: LiveHub,
    edge: Edge,
    actor: Actor,
    token: String,
    sender: mpsc::Sender<Bytes>,
    /// Scopes of actions met so far; emptied when the rights are looked at again.
    scopes: HashMap<String, Scope>,
    /// The last event looked at.
    seen: i64,
    _place: Place,
}

/// Why a stream ends.
enum End {
    Gone,
    Slow,
    SignedOut,
    Stopping,
    StoreFailed(StoreError),
}

impl From<StoreError> for End {
    fn from(error: StoreError) -> Self {
        Self::StoreFailed(error)
    }
}

impl Stream {
    pub(super) fn new(
        hub: LiveHub,
        edge: Edge,
        actor: Actor,
        token: String,
        sender: mpsc::Sender<Bytes>,
        place: Place,
    ) -> Self {
        let seen = hub.0.ring.newest();
        Self {
            hub,
            edge,
            actor,
            token,
            sender,
            scopes: HashMap::new(),
            seen,
            _place: place,
        }
    }

    pub(super) async fn run(mut self, after: Option<i64>) {
        match self.follow(after).await {
            End::Slow => {
                self.hub.0.counts.cut.increment();
                tracing::info!(user = %self.actor.user_id, "a live stream was cut: its client did not read");
            }
            End::StoreFailed(error) => {
                tracing::warn!(%error, "a live stream ended: the store failed");
            }
            End::Gone | End::SignedOut | End::Stopping => {}
        }
    }

    async fn follow(&mut self, after: Option<i64>) -> End {
        match self.begin(after).await {
            Ok(()) => self.serve().await,
            Err(end) => end,
        }
    }

    /// Finds the point to go on from and says it.
    async fn begin(&mut self, after: Option<i64>) -> Result<(), End> {
        let mut reset = String::new();
        if let Some(after) = after {
            let db = &self.hub.0.db;
            let (first, last) = (db.first_event_seq().await?, db.last_event_seq().await?);
            let is_kept = after == last || (after < last && after + 1 >= first);
            if is_kept {
                self.seen = after;
            } else {
                self.hub.0.counts.resets.increment();
                reset = format!(
                    "id: {}\nevent: reset\ndata: {{\"after\":{after}}}\n\n",
                    self.seen
                );
            }
        }
        let head = format!("{PREAMBLE}{reset}id: {}\n\n", self.seen);
        self.send(head.into()).await
    }

    async fn serve(&mut self) -> End {
        let options = &self.hub.0.options;
        let (heartbeat, recheck) = (options.heartbeat, options.recheck);
        let stop = self.hub.0.stop.clone();
        let mut newest = self.hub.0.ring.watch();
        let begun = Instant::now();
        let mut rechecks = interval_at(begun + recheck, recheck);
        let mut heartbeats = interval_at(begun + heartbeat, heartbeat);
        rechecks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        heartbeats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            newest.mark_unchanged();
            match self.catch_up().await {
                Ok(true) => heartbeats.reset(),
                Ok(false) => {}
                Err(end) => return end,
            }
            tokio::select! {
                () = stop.cancelled() => return End::Stopping,
                () = self.sender.closed() => return End::Gone,
                _ = rechecks.tick() => {
                    if let Err(end) = self.look_again().await {
                        return end;
                    }
                }
                _ = heartbeats.tick() => {
                    // The id lets a client whose events are rare resume from here.
                    let beat = format!(": \nid: {}\n\n", self.seen);
                    if let Err(end) = self.send(beat.into()).await {
                        return end;
                    }
                }
                changed = newest.changed() => {
                    if changed.is_err() {
                        return End::Stopping;
                    }
                }
            }
        }
    }

    /// Sends what there is after the last event looked at; answers whether anything was sent.
    async fn catch_up(&mut self) -> Result<bool, End> {
        let mut sent = false;
        loop {
            let events = match self.hub.0.ring.after(self.seen, BATCH_EVENTS_MAX) {
                Some(events) => events,
                None => self.stored().await?,
            };
            let Some(last) = events.last().map(|event| event.seq) else {
                return Ok(sent);
            };
            let frames = self.visible(&events);
            if !frames.is_empty() {
                self.send(frames.into()).await?;
                sent = true;
            }
            self.seen = last;
            if self.hub.0.stop.is_cancelled() {
                return Err(End::Stopping);
            }
            tokio::task::yield_now().await;
        }
    }

    async fn stored(&self) -> Result<Vec<Arc<LiveEvent>>, End> {
        let events = self
            .hub
            .0
            .db
            .events_after(self.seen, BATCH_EVENTS_MAX as u64)
            .await?;
        Ok(events.into_iter().filter_map(LiveEvent::new).collect())
    }

    fn visible(&mut self, events: &[Arc<LiveEvent>]) -> Vec<u8> {
        let now = self.edge.now();
        let mut frames = Vec::new();
        for event in events {
            let scope = match self.scopes.get(&event.scope.action) {
                Some(scope) => scope,
                None => self
                    .scopes
                    .entry(event.scope.action.clone())
                    .or_insert(self.actor.scope(&event.scope.action, now)),
            };
            if scope.permits(event.scope.subject()) {
                frames.extend_from_slice(&event.frame);
            }
        }
        frames
    }

    async fn look_again(&mut self) -> Result<(), End> {
        let now = self.edge.now();
        self.actor = self
            .edge
            .authenticate()
            .look_again(&self.token, now)
            .await
            .ok_or(End::SignedOut)?;
        self.scopes.clear();
        Ok(())
    }

    async fn send(&self, frames: Bytes) -> Result<(), End> {
        let slow = self.hub.0.options.slow;
        self.sender
            .send_timeout(frames, slow)
            .await
            .map_err(|error| match error {
                mpsc::error::SendTimeoutError::Timeout(_) => End::Slow,
                mpsc::error::SendTimeoutError::Closed(_) => End::Gone,
            })
    }
}
