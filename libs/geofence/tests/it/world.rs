//! A small world: a town around 120.28 E 31.91 N in metres, a Monday from eight o'clock, events in short.

use serde_json::Value;
use yiwang_coords::{LonLat, Plane};
use yiwang_geofence::{Cause, Event, EventKind, FenceSpec, Fix, Ignored, Settings, Tracker};

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
/// 2026-03-02T08:00:00+08:00, a Monday.
pub(crate) const EIGHT: i64 = 1_772_409_600 * SECOND;

/// So many metres east and north of the middle of the town.
pub(crate) fn place(east: f64, north: f64) -> LonLat {
    Plane::at(LonLat::new(120.28, 31.91)).point(east, north)
}

pub(crate) fn point(east: f64, north: f64) -> Value {
    let place = place(east, north);
    serde_json::json!([place.lon, place.lat])
}

/// The coordinates of one polygon with these corners, closed.
pub(crate) fn corners(metres: &[(f64, f64)]) -> Value {
    let closed = metres.iter().chain(metres.first());
    let ring: Vec<_> = closed.map(|(east, north)| point(*east, *north)).collect();
    serde_json::json!([[ring]])
}

/// A square site of 200 m, its west side at 0.
pub(crate) fn site() -> Value {
    let corners = corners(&[(0.0, -100.0), (200.0, -100.0), (200.0, 100.0), (0.0, 100.0)]);
    serde_json::json!({"kind": "polygon", "coordinates": corners})
}

pub(crate) fn fence(json: Value) -> FenceSpec {
    serde_json::from_value(json).unwrap()
}

/// A fix so many seconds after eight.
pub(crate) fn fix(second: i64, east: f64, north: f64) -> Fix {
    let place = place(east, north);
    Fix::new(EIGHT + second * SECOND, place.lon, place.lat)
}

/// A tracker and all that it has told.
#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) tracker: Tracker,
    pub(crate) told: Vec<Event>,
}

impl World {
    pub(crate) fn with(fences: Vec<Value>) -> Self {
        let mut world = Self {
            tracker: Tracker::new(Settings::default()),
            told: Vec::new(),
        };
        for one in fences {
            world.put(one, 0);
        }
        world
    }

    pub(crate) fn put(&mut self, json: Value, second: i64) {
        let at = EIGHT + second * SECOND;
        let put = self.tracker.put_fence(fence(json), at, &mut self.told);
        put.unwrap();
    }

    /// One object drives: seconds after eight, metres east and north.
    pub(crate) fn drive(&mut self, object: &str, way: &[(i64, f64, f64)]) {
        for (second, east, north) in way {
            self.take(object, fix(*second, *east, *north)).unwrap();
        }
    }

    pub(crate) fn take(&mut self, object: &str, fix: Fix) -> Result<(), Ignored> {
        self.tracker.fix(object, fix, &mut self.told)
    }

    pub(crate) fn tick(&mut self, second: i64) {
        let now = EIGHT + second * SECOND;
        assert!(self.tracker.tick(now, &mut self.told));
    }

    /// What was told since the last time, in short: `600s yard entered`.
    pub(crate) fn heard(&mut self) -> Vec<String> {
        short(&std::mem::take(&mut self.told))
    }
}

pub(crate) fn short(events: &[Event]) -> Vec<String> {
    let short = events.iter().map(|event| {
        let second = (event.at - EIGHT) as f64 / SECOND as f64;
        format!("{}s {} {}", second.round(), event.fence, word(event.kind))
    });
    short.collect()
}

pub(crate) fn word(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Entered => "entered",
        EventKind::Left => "left",
        EventKind::Dwelled => "dwelled",
        EventKind::OffRoute => "off route",
        EventKind::OnRoute => "on route",
        EventKind::Overspeed => "overspeed",
        EventKind::SpeedKept => "speed kept",
        EventKind::Forbidden => "forbidden",
        EventKind::Silent => "silent",
        EventKind::Heard => "heard",
        EventKind::Released(Cause::FenceRemoved) => "released: fence removed",
        EventKind::Released(Cause::NotConcerned) => "released: not concerned",
        EventKind::Released(Cause::NotInForce) => "released: not in force",
        EventKind::Released(Cause::ObjectRemoved) => "released: object removed",
    }
}
