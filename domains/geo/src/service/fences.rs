//! Fences are set up and changed, and every position is judged by them.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc;
use yiwang_contracts::{Actor, EventScope, NewEvent};
use yiwang_kernel::{Clock, Page, PageRequest, Timestamp};

use super::GeoService;
use crate::error::GeoError;
use crate::fence::{
    CreateFence, Fence, FenceEvent, FenceEventId, FenceId, FencePlan, UpdateFence, form_faults,
};
use crate::positions::{Seen, Sighting};
use crate::store;
use crate::store::fences::EventsWanted;

const READ: &str = "geo.read";
const EDIT: &str = "geo.edit";
/// Events of devices are seen by whoever may read the device.
const DEVICE: &str = "sensing.read";
/// Counts changes of fences.
const FENCES: &str = "fences";
const LOOKED_AT_MAX: usize = 5_000;
/// How late positions come as a rule: time alone decides nothing that is newer.
const DELAY: jiff::SignedDuration = jiff::SignedDuration::from_secs(20);
const TICK_EVERY: Duration = Duration::from_secs(1);

impl GeoService {
    /// The fences that one may see.
    pub(crate) async fn fences(
        &self,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Vec<Fence>, GeoError> {
        let scope = Self::scope(actor, READ, now)?;
        let mut fences = store::fences::all(self.db.read()).await?;
        fences.retain(|fence| scope.permits(fence.subject()));
        Ok(fences)
    }

    async fn seen_fence(
        &self,
        actor: &Actor,
        id: FenceId,
        now: Timestamp,
    ) -> Result<Fence, GeoError> {
        let fence = store::fences::by_id(self.db.read(), id).await?;
        let is_seen = |fence: &Fence| actor.may(READ, fence.subject(), now);
        fence.filter(is_seen).ok_or(GeoError::NotFound("fence"))
    }

    async fn editable_fence(
        &self,
        actor: &Actor,
        id: FenceId,
        now: Timestamp,
    ) -> Result<Fence, GeoError> {
        Self::scope(actor, EDIT, now)?;
        let fence = self.seen_fence(actor, id, now).await?;
        if actor.may(EDIT, fence.subject(), now) {
            return Ok(fence);
        }
        Err(GeoError::Denied { action: EDIT })
    }

    pub(crate) async fn fence(
        &self,
        actor: &Actor,
        id: FenceId,
        now: Timestamp,
    ) -> Result<Fence, GeoError> {
        self.seen_fence(actor, id, now).await
    }

    pub(crate) async fn create_fence(
        &self,
        actor: &Actor,
        create: CreateFence,
        now: Timestamp,
    ) -> Result<Fence, GeoError> {
        Self::scope(actor, EDIT, now)?;
        let mut faults = form_faults(Some(&create.name), Some(create.secrecy));
        faults.extend(create.plan.faults());
        if !faults.is_empty() {
            return Err(GeoError::Invalid(faults));
        }
        let org_id = create.org.as_deref().map(|code| self.org(code));
        let fence = Fence {
            id: FenceId::at(now),
            name: create.name.trim().to_owned(),
            plan: create.plan,
            org_id: org_id.transpose()?,
            area: self.area(create.area, None)?,
            secrecy: create.secrecy,
            is_on: true,
            updated_at: now,
            updated_by: actor.name.clone(),
            version: 1,
        };
        self.save_fence(actor, fence, None, "fence.create", now)
            .await
    }

    pub(crate) async fn update_fence(
        &self,
        actor: &Actor,
        id: FenceId,
        update: UpdateFence,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<Fence, GeoError> {
        let before = self.editable_fence(actor, id, now).await?;
        let mut faults = form_faults(update.name.as_deref(), None);
        faults.extend(update.plan.iter().flat_map(FencePlan::faults));
        if !faults.is_empty() {
            return Err(GeoError::Invalid(faults));
        }
        let expected = expected.unwrap_or(before.version);
        let fence = Fence {
            name: update.name.unwrap_or(before.name),
            plan: update.plan.unwrap_or(before.plan),
            is_on: update.is_on.unwrap_or(before.is_on),
            updated_at: now,
            updated_by: actor.name.clone(),
            version: expected + 1,
            ..before
        };
        self.save_fence(actor, fence, Some(expected), "fence.update", now)
            .await
    }

    pub(crate) async fn remove_fence(
        &self,
        actor: &Actor,
        id: FenceId,
        now: Timestamp,
    ) -> Result<(), GeoError> {
        let fence = self.editable_fence(actor, id, now).await?;
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    store::fences::remove(tx, id).await?;
                    store::count_on(tx, FENCES, 1).await?;
                    Ok::<_, GeoError>(())
                })
            })
            .await?;
        let object = format!("fence:{id}");
        self.record(
            actor,
            "fence.remove",
            object,
            json!({ "name": fence.name }),
            now,
        )
        .await
    }

    async fn save_fence(
        &self,
        actor: &Actor,
        fence: Fence,
        expected: Option<i64>,
        act: &str,
        now: Timestamp,
    ) -> Result<Fence, GeoError> {
        if !actor.may(EDIT, fence.subject(), now) {
            return Err(GeoError::Denied { action: EDIT });
        }
        let kept = fence.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let stored = store::fences::by_id(tx, kept.id).await?;
                    let current = stored.map(|stored| stored.version);
                    match (expected, current) {
                        (Some(expected), Some(current)) if expected != current => {
                            return Err(GeoError::VersionConflict { expected, current });
                        }
                        (Some(_), None) => return Err(GeoError::NotFound("fence")),
                        _ => {}
                    }
                    store::fences::put(tx, &kept).await?;
                    store::count_on(tx, FENCES, 1).await?;
                    Ok(())
                })
            })
            .await?;
        let object = format!("fence:{}", fence.id);
        let detail = json!({ "version": fence.version });
        self.record(actor, act, object, detail, now).await?;
        Ok(fence)
    }

    /// What was told about fences and devices that one may see, newest first.
    pub(crate) async fn fence_events(
        &self,
        actor: &Actor,
        wanted: &EventsWanted,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<FenceEvent>, GeoError> {
        let scope = Self::scope(actor, DEVICE, now)?;
        let limit = page.limit();
        let mut before = page.position::<FenceEventId>()?;
        let (mut seen, mut looked_at) = (Vec::new(), 0);
        while seen.len() <= limit as usize && looked_at < LOOKED_AT_MAX {
            let rows = store::fences::events(self.db.read(), wanted, before, 500).await?;
            looked_at += rows.len();
            let is_last = rows.len() < 500;
            before = rows.last().map(|event| event.id);
            seen.extend(
                rows.into_iter()
                    .filter(|event| scope.permits(event.subject())),
            );
            if is_last {
                before = None;
                break;
            }
        }
        let mut page = Page::cut(seen, limit, |event| event.id);
        if page.next.is_none() {
            page.next = before.map(|id| yiwang_kernel::Cursor::encode(&id));
        }
        Ok(page)
    }

    /// Judges positions as they come, until nobody sends any more.
    pub(crate) async fn guard(
        self: Arc<Self>,
        mut sightings: mpsc::Receiver<Vec<Sighting>>,
        clock: Arc<dyn Clock>,
    ) {
        let mut ticks = tokio::time::interval(TICK_EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                piece = sightings.recv() => match piece {
                    Some(piece) => self.look(piece, clock.now()).await,
                    None => return,
                },
                _ = ticks.tick() => {
                    let now = clock.now();
                    if let Err(error) = self.follow_fences(now).await {
                        tracing::warn!("fences are not followed: {error}");
                    }
                    self.guarding.lock().await.tick(now.saturating_sub(DELAY).unwrap_or(now));
                }
            }
            self.tell_fences(clock.now()).await;
        }
    }

    async fn look(&self, piece: Vec<Sighting>, now: Timestamp) {
        let known =
            |sighting: Sighting| Some((self.devices.device(&sighting.device)?, sighting.fix));
        let seen: Vec<Seen> = piece.into_iter().filter_map(known).collect();
        self.positions.take(&seen);
        self.guarding.lock().await.look(&seen, now);
    }

    /// Takes up fences that changed, here or on another node.
    pub(crate) async fn follow_fences(&self, now: Timestamp) -> Result<(), GeoError> {
        let stored = store::count_of(self.db.read(), FENCES).await?;
        if self.fences_followed.load(Ordering::Acquire) == stored {
            return Ok(());
        }
        let fences = store::fences::all(self.db.read()).await?;
        self.guarding.lock().await.set_fences(fences, now);
        self.fences_followed.store(stored, Ordering::Release);
        Ok(())
    }

    /// Takes up where every device was among the fences before the start.
    pub(crate) async fn restore_guard(&self, now: Timestamp) -> Result<(), GeoError> {
        self.follow_fences(now).await?;
        let mut guard = self.guarding.lock().await;
        for state in store::fences::states(self.db.read()).await? {
            if let Err(fault) = guard.restore(state) {
                tracing::warn!("a device is looked at anew: {fault}");
            }
        }
        Ok(())
    }

    /// Writes what was told. What cannot be written waits for the next time.
    async fn tell_fences(&self, now: Timestamp) {
        let told = self.guarding.lock().await.take_waiting();
        if told.is_empty() {
            return;
        }
        let kept = told.clone();
        let written = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    store::fences::insert_events(tx, &told.events).await?;
                    store::fences::put_states(tx, &told.states, now).await?;
                    let events = told.events.into_iter().map(event_of);
                    events.for_each(|event| tx.publish(event));
                    Ok::<_, GeoError>(())
                })
            })
            .await;
        if let Err(error) = written {
            let waiting = kept.events.len();
            let lost = self.guarding.lock().await.put_back(kept);
            self.fence_events_lost.add(lost as u64);
            tracing::error!(
                waiting,
                lost,
                "what was told about fences waits to be written: {error}"
            );
        }
    }

    /// Writes the states of devices that moved since they were last written; answers how many.
    pub(crate) async fn save_guard(&self, now: Timestamp) -> Result<usize, GeoError> {
        let states = self.guarding.lock().await.states();
        if states.is_empty() {
            return Ok(0);
        }
        let kept = states.clone();
        let written = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    Ok::<_, GeoError>(store::fences::put_states(tx, &states, now).await?)
                })
            })
            .await;
        match written {
            Ok(()) => Ok(kept.len()),
            Err(error) => {
                self.guarding.lock().await.unsaved(kept);
                Err(error)
            }
        }
    }
}

fn event_of(event: FenceEvent) -> NewEvent {
    NewEvent {
        kind: format!("fence.{}", event.kind),
        subject_id: event.fence_id.0,
        at: event.decided_at,
        scope: EventScope {
            action: DEVICE.to_owned(),
            orgs: event.org_id.into_iter().collect(),
            area: event.area.clone(),
            secrecy: event.secrecy,
        },
        body: json!({ "fence": event.fence_name, "device": event.device, "kind": event.kind,
            "at": event.at, "lon": event.lon, "lat": event.lat, "figures": event.figures }),
    }
}
