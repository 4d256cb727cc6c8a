//! Where something was at an instant.

use serde::{Deserialize, Serialize};
use yiwang_coords::LonLat;

/// Microseconds of a second.
pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const DAY: i64 = 24 * 60 * MINUTE;

/// Instants are in the years 1970 to 2200; what a broken clock sends beyond is refused.
pub(crate) const TIME_MAX: i64 = 84_000 * DAY;

/// A position of an object, in WGS-84.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// Microseconds since 1970 UTC, of the observation.
    pub time: i64,
    /// Where.
    pub place: LonLat,
    /// As the device measured it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed_kmh: Option<f64>,
    /// Degrees from north, clockwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<f64>,
    /// The radius within which the object surely was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
    /// Does the device itself believe it?
    pub is_valid: bool,
}

impl Fix {
    /// A position that the device believes, with nothing else known.
    pub const fn new(time: i64, lon: f64, lat: f64) -> Self {
        Self {
            time,
            place: LonLat::new(lon, lat),
            speed_kmh: None,
            heading: None,
            accuracy_m: None,
            is_valid: true,
        }
    }

    /// The same with a speed.
    #[must_use]
    pub const fn at_kmh(mut self, speed_kmh: f64) -> Self {
        self.speed_kmh = Some(speed_kmh);
        self
    }

    /// The same with an accuracy.
    #[must_use]
    pub const fn within_m(mut self, accuracy_m: f64) -> Self {
        self.accuracy_m = Some(accuracy_m);
        self
    }

    /// Without numbers that are none: a speed or accuracy below zero or not finite is not known.
    pub(crate) fn cleaned(mut self) -> Self {
        let known = |number: &f64| number.is_finite() && *number >= 0.0;
        self.speed_kmh = self.speed_kmh.filter(known);
        self.accuracy_m = self.accuracy_m.filter(known);
        self.heading = self.heading.filter(|heading| heading.is_finite());
        self
    }

    pub(crate) fn has_position(&self) -> bool {
        self.is_valid && self.place.is_valid()
    }
}
