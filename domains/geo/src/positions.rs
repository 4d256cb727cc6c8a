//! Where things that move are: their last fixes, and the fences that they are watched by.

mod ear;
mod watch;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use tokio::sync::watch as signal;
use yiwang_contracts::DeviceBrief;
use yiwang_geofence::Fix;
use yiwang_kernel::{Timestamp, from_micros};

pub(crate) use ear::{PositionEar, Sighting};
pub(crate) use watch::Guard;

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

/// A registered device, and where it was.
pub(crate) type Seen = (Arc<DeviceBrief>, Fix);

struct Kept {
    fix: Fix,
    revision: u64,
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

    /// Takes positions in; those older than what is known are passed over.
    pub(crate) fn take(&self, seen: &[Seen]) {
        let mut inner = self.inner();
        for (device, fix) in seen {
            let known = inner.kept.get(&device.code);
            let before = known.map(|kept| (kept.fix.time, kept.revision));
            let is_late = before.is_some_and(|(time, _)| time >= fix.time);
            if is_late || (before.is_none() && inner.kept.len() >= OBJECTS_MAX) {
                continue;
            }
            if let Some((_, revision)) = before {
                inner.order.remove(&revision);
            }
            inner.revision += 1;
            let revision = inner.revision;
            inner.order.insert(revision, Arc::clone(&device.code));
            let kept = Kept {
                fix: *fix,
                revision,
            };
            inner.kept.insert(Arc::clone(&device.code), kept);
        }
        let revision = inner.revision;
        drop(inner);
        self.changed.send_replace(revision);
    }

    /// Those that moved after a revision, at most `limit`, the earliest first, and how far it got. `device` answers
    /// with those that may be seen as they are now.
    pub(crate) fn after(
        &self,
        revision: u64,
        limit: usize,
        device: impl Fn(&str) -> Option<Arc<DeviceBrief>>,
    ) -> (Vec<Moving>, u64) {
        let inner = self.inner();
        let mut moving = Vec::new();
        for (at, code) in inner.order.range(revision.saturating_add(1)..) {
            let (Some(kept), Some(device)) = (inner.kept.get(code), device(code)) else {
                continue;
            };
            if moving.len() == limit {
                return (moving, at - 1);
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
        (moving, inner.revision)
    }

    /// Tells when something moves.
    pub(crate) fn changes(&self) -> signal::Receiver<u64> {
        self.changed.subscribe()
    }
}
