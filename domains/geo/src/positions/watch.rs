//! The guard: judges every sighting by the fences that are on.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::Value;
use yiwang_contracts::DeviceBrief;
use yiwang_geofence::{Event, EventKind, RestoreFault, SavedObject, Settings, Tracker};
use yiwang_kernel::{Timestamp, from_micros, micros, new_uuid};

use super::Seen;
use crate::fence::{Fence, FenceEvent, FenceEventId};

/// Events that wait to be written, where the store takes nothing.
const WAITING_MAX: usize = 100_000;

/// Events, and the states of the devices that they are about: written together, so that a restart tells nothing twice.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    pub events: Vec<FenceEvent>,
    pub states: HashMap<Arc<str>, Value>,
}

impl Told {
    pub(crate) fn is_empty(&self) -> bool {
        self.events.is_empty() && self.states.is_empty()
    }
}

/// Holds the fences, and what is known of each device among them.
pub(crate) struct Guard {
    tracker: Tracker,
    fences: HashMap<String, Arc<Fence>>,
    /// Devices as they were when they were put to the tracker.
    known: HashMap<Arc<str>, Arc<DeviceBrief>>,
    /// Devices whose state changed since it was last written.
    dirty: HashSet<Arc<str>>,
    /// What was told and is not written yet.
    waiting: Told,
}

impl Guard {
    pub(crate) fn new() -> Self {
        Self {
            tracker: Tracker::new(Settings::default()),
            fences: HashMap::new(),
            known: HashMap::new(),
            dirty: HashSet::new(),
            waiting: Told::default(),
        }
    }

    /// Takes up the state of a device from before a restart.
    pub(crate) fn restore(&mut self, state: Value) -> Result<(), RestoreFault> {
        match serde_json::from_value::<SavedObject>(state) {
            Ok(saved) => self.tracker.restore_object(saved),
            // A state of another edition: the device is looked at as if for the first time.
            Err(error) => {
                tracing::warn!("what was known of a device among fences is lost: {error}");
                Ok(())
            }
        }
    }

    /// Takes the fences as they are now.
    pub(crate) fn set_fences(&mut self, fences: Vec<Fence>, now: Timestamp) {
        let mut events = Vec::new();
        let mut after: HashMap<String, Arc<Fence>> = HashMap::new();
        for fence in fences.into_iter().filter(|fence| fence.is_on) {
            after.insert(fence.id.to_string(), Arc::new(fence));
        }
        let gone: Vec<String> = self
            .fences
            .keys()
            .filter(|id| !after.contains_key(*id))
            .cloned()
            .collect();
        for id in gone {
            self.tracker.remove_fence(&id, micros(now), &mut events);
        }
        for (id, fence) in &after {
            let is_as_it_was = self
                .fences
                .get(id)
                .is_some_and(|known| known.version == fence.version);
            if is_as_it_was {
                continue;
            }
            let spec = fence.plan.spec(fence.id);
            if let Err(fault) = self.tracker.put_fence(spec, micros(now), &mut events) {
                tracing::error!(fence = fence.name, "the fence is not looked at: {fault}");
            }
        }
        // Events of fences that are gone still need their names.
        let before = std::mem::replace(&mut self.fences, after);
        self.told(events, &before, now);
    }

    /// Judges positions.
    pub(crate) fn look(&mut self, seen: &[Seen], now: Timestamp) {
        let mut events = Vec::new();
        for (device, fix) in seen {
            self.introduce(device, now, &mut events);
            // What is late, repeated or a jump is counted by the tracker, and moves nothing.
            if self.tracker.fix(&device.code, *fix, &mut events).is_ok() {
                self.dirty.insert(Arc::clone(&device.code));
            }
        }
        self.told(events, &HashMap::new(), now);
    }

    /// Tells what time alone brings about.
    pub(crate) fn tick(&mut self, now: Timestamp) {
        let mut events = Vec::new();
        while !self.tracker.tick(micros(now), &mut events) {}
        self.told(events, &HashMap::new(), now);
    }

    /// What is to be written.
    pub(crate) fn take_waiting(&mut self) -> Told {
        std::mem::take(&mut self.waiting)
    }

    /// It could not be written and waits again; answers how many events there is no room for, the oldest.
    pub(crate) fn put_back(&mut self, told: Told) -> usize {
        let newer = std::mem::replace(&mut self.waiting, told);
        self.waiting.events.extend(newer.events);
        self.waiting.states.extend(newer.states);
        let lost = self.waiting.events.len().saturating_sub(WAITING_MAX);
        self.waiting.events.drain(..lost);
        lost
    }

    /// The states of all devices that moved, for the record. Those with events that wait go with their events.
    pub(crate) fn states(&mut self) -> HashMap<Arc<str>, Value> {
        let (wait, moved) = std::mem::take(&mut self.dirty)
            .into_iter()
            .partition(|code| self.waiting.states.contains_key(code));
        self.dirty = wait;
        let moved: HashSet<Arc<str>> = moved;
        moved
            .into_iter()
            .filter_map(|code| self.state(code))
            .collect()
    }

    /// The record of these states failed.
    pub(crate) fn unsaved(&mut self, states: HashMap<Arc<str>, Value>) {
        self.dirty.extend(states.into_keys());
    }

    fn state(&self, code: Arc<str>) -> Option<(Arc<str>, Value)> {
        let saved = self.tracker.save_object(&code)?;
        Some((code, serde_json::to_value(saved).ok()?))
    }

    /// Tells the tracker what a device is, by its profile and its group.
    fn introduce(&mut self, device: &Arc<DeviceBrief>, now: Timestamp, events: &mut Vec<Event>) {
        let is_known = self
            .known
            .get(&device.code)
            .is_some_and(|known| known.profile == device.profile && known.group == device.group);
        if !is_known {
            let tags: Vec<&str> = [Some(&*device.profile), device.group.as_deref()]
                .into_iter()
                .flatten()
                .collect();
            let put = self
                .tracker
                .put_object(&device.code, &tags, micros(now), events);
            if let Err(fault) = put {
                tracing::warn!(device = &*device.code, "it is not watched: {fault}");
            }
        }
        self.known
            .insert(Arc::clone(&device.code), Arc::clone(device));
    }

    fn told(&mut self, events: Vec<Event>, before: &HashMap<String, Arc<Fence>>, now: Timestamp) {
        let mut touched = HashSet::new();
        for event in events {
            touched.insert(Arc::clone(&event.object));
            let fence = self.fences.get(&*event.fence);
            let Some(fence) = fence.or_else(|| before.get(&*event.fence)) else {
                continue;
            };
            let device = self.known.get(&event.object);
            self.waiting.events.push(FenceEvent {
                id: FenceEventId(new_uuid(now)),
                fence_id: fence.id,
                fence_name: fence.name.clone(),
                device: event.object.to_string(),
                kind: word(event.kind).to_owned(),
                at: from_micros(event.at),
                decided_at: from_micros(event.decided_at),
                lon: event.place.lon,
                lat: event.place.lat,
                figures: serde_json::to_value(event.figures).unwrap_or_default(),
                org_id: device.and_then(|device| device.org),
                area: device.and_then(|device| device.area.clone()),
                secrecy: device.map_or(4, |device| device.secrecy),
            });
        }
        for code in touched {
            self.dirty.remove(&code);
            let state = self.state(code);
            self.waiting.states.extend(state);
        }
    }
}

fn word(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Entered => "entered",
        EventKind::Left => "left",
        EventKind::Dwelled => "dwelled",
        EventKind::OffRoute => "off_route",
        EventKind::OnRoute => "on_route",
        EventKind::Overspeed => "overspeed",
        EventKind::SpeedKept => "speed_kept",
        EventKind::Forbidden => "forbidden",
        EventKind::Silent => "silent",
        EventKind::Heard => "heard",
        EventKind::Released(_) => "released",
    }
}
