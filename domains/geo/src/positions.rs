//! Where things that move are: their last fixes, and the fences that they are watched by.

mod ear;
mod watch;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use tokio::sync::watch as signal;
use yiwang_contracts::{DeviceBrief, Devices, Subject};
use yiwang_kernel::{Timestamp, from_micros};

pub(crate) use ear::{PositionEar, Sighting};
pub(crate) use watch::{Guard, Told};

/// Devices whose position is kept.
const OBJECTS_MAX: usize = 200_000;

/// Where a device was last.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Moving {
    /// Code of the device.
    #[schema(value_type = String)]
    pub device: Arc<str>,
    pub name: String,
    #[schema(value_type = String)]
    pub profile: Arc<str>,
    pub lon: f64,
    pub lat: f64,
    pub speed_kmh: Option<f64>,
    /// Degrees from north.
    pub heading: Option<f64>,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Grows with every change of any device: ask for what is later.
    pub revision: u64,
}

struct Kept {
    fix: yiwang_geofence::Fix,
    revision: u64,
    device: Arc<DeviceBrief>,
}

#[derive(Default)]
struct Inner {
    kept: BTreeMap<Arc<str>, Kept>,
    /// By revision, so that what is new is found without looking at the rest.
    order: BTreeMap<u64, Arc<str>>,
    revision: u64,
}

/// The last fix of every device that moves.
pub(crate) struct Positions {
    inner: Mutex<Inner>,
    changed: signal::Sender<u64>,
}

impl Default for Positions {
    fn default() -> Self {
        Self {
            inner: Mutex::default(),
            changed: signal::Sender::new(0),
        }
    }
}

impl Positions {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes sightings in; those older than what is known, and of devices that are not registered, are passed over.
    pub(crate) fn take(&self, sightings: &[Sighting], devices: &dyn Devices) {
        let mut inner = self.inner();
        for sighting in sightings {
            let Some(device) = devices.device(&sighting.device) else {
                continue;
            };
            let known = inner.kept.get(&device.code);
            let is_known = known.is_some();
            let before = known.map(|kept| (kept.fix.time, kept.revision));
            let is_late = before.is_some_and(|(time, _)| time >= sighting.fix.time);
            if is_late || (!is_known && inner.kept.len() >= OBJECTS_MAX) {
                continue;
            }
            if let Some((_, revision)) = before {
                inner.order.remove(&revision);
            }
            inner.revision += 1;
            let revision = inner.revision;
            inner.order.insert(revision, Arc::clone(&device.code));
            let kept = Kept {
                fix: sighting.fix,
                revision,
                device: Arc::clone(&device),
            };
            inner.kept.insert(Arc::clone(&device.code), kept);
        }
        let revision = inner.revision;
        drop(inner);
        self.changed.send_replace(revision);
    }

    /// Those that moved after a revision and may be seen, at most `limit`, the earliest first; and how far it got.
    pub(crate) fn after(
        &self,
        revision: u64,
        limit: usize,
        is_seen: impl Fn(Subject<'_>) -> bool,
    ) -> (Vec<Moving>, u64) {
        let inner = self.inner();
        let mut moving = Vec::new();
        let mut reached = inner.revision;
        for (at, code) in inner.order.range(revision.saturating_add(1)..) {
            let Some(kept) = inner.kept.get(code) else {
                continue;
            };
            let device = &kept.device;
            let subject = Subject {
                orgs: device.org.as_slice(),
                area: device.area.as_ref(),
                secrecy: device.secrecy,
            };
            if !is_seen(subject) {
                continue;
            }
            if moving.len() == limit {
                reached = at - 1;
                break;
            }
            moving.push(Moving {
                device: Arc::clone(code),
                name: device.name.clone(),
                profile: Arc::clone(&device.profile),
                lon: kept.fix.place.lon,
                lat: kept.fix.place.lat,
                speed_kmh: kept.fix.speed_kmh,
                heading: kept.fix.heading,
                at: from_micros(kept.fix.time),
                revision: *at,
            });
        }
        (moving, reached)
    }

    /// Tells when something moves.
    pub(crate) fn changes(&self) -> signal::Receiver<u64> {
        self.changed.subscribe()
    }
}
