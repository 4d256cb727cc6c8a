//! What is told.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use yiwang_coords::LonLat;

/// Something that happened between an object and a fence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The id of the fence.
    pub fence: Arc<str>,
    /// The id of the object.
    pub object: Arc<str>,
    /// What happened.
    pub kind: EventKind,
    /// When it happened: the crossing, or the instant at which a duration was full.
    pub at: i64,
    /// The fix or `tick` that decided it, never before `at`.
    pub decided_at: i64,
    /// Where: the crossing, or the last fix before `at`.
    pub place: LonLat,
    /// Whether `at` and `place` lie between two fixes on the line that was crossed.
    pub is_interpolated: bool,
    /// What explains it.
    pub figures: Figures,
}

/// Kinds of events. Those of one object and fence come in pairs: what begins, ends or is released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Came in.
    Entered,
    /// Went out.
    Left,
    /// Has been inside for too long. Ends with `Left`.
    Dwelled,
    /// Has been off its route for too long, or is too far off.
    OffRoute,
    /// Is on its route again, after `OffRoute`.
    OnRoute,
    /// Has been too fast inside for too long.
    Overspeed,
    /// Is no longer too fast, or no longer inside, after `Overspeed`.
    SpeedKept,
    /// Is inside in hours in which it must not be. Told once for a stay and a stretch of hours.
    Forbidden,
    /// Has not been heard of for too long while inside. Ends with `Heard` or `Left`.
    Silent,
    /// Was heard of again and is inside still, after `Silent`.
    Heard,
    /// Is no longer looked at, though it was inside or off its route.
    Released(Cause),
}

/// Why an object is no longer looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The fence was taken away.
    FenceRemoved,
    /// The fence is not, or no longer, for this object.
    NotConcerned,
    /// Its time or hours are over.
    NotInForce,
    /// The object was taken away.
    ObjectRemoved,
}

/// Figures that explain an event; those that say nothing about it are absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// At that fix; of `overspeed` and `speed_kept` the greatest so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed_kmh: Option<f64>,
    /// What was allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_kmh: Option<f64>,
    /// Degrees from north, clockwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<f64>,
    /// Metres beyond the border; of `on_route` the greatest while it was off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off_m: Option<f64>,
    /// How long it lasted until `at`: inside, off the route, too fast, unheard of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<f64>,
}
