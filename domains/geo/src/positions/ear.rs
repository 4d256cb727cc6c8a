//! Positions out of what devices observe: readings with a longitude and a latitude of the same instant.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::mpsc;
use yiwang_contracts::{Observer, Point};
use yiwang_geofence::Fix;
use yiwang_http::Counter;
use yiwang_kernel::Timestamp;

/// Pieces that wait for the guard.
const WAITING_MAX: usize = 256;
/// Codes of the properties that say where something is (JT/T 808 and everybody who follows it).
const LON: &str = "lon";
const LAT: &str = "lat";
const SPEED: &str = "speed";
const DIRECTION: &str = "direction";

/// A device was somewhere.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sighting {
    pub device: Arc<str>,
    pub fix: Fix,
}

/// Listens to what is taken in.
pub(crate) struct PositionEar {
    pieces: mpsc::Sender<Vec<Sighting>>,
    /// Sightings that were passed over because too much waited.
    missed: Counter,
}

impl PositionEar {
    pub(crate) fn new(missed: Counter) -> (Self, mpsc::Receiver<Vec<Sighting>>) {
        let (pieces, waiting) = mpsc::channel(WAITING_MAX);
        (Self { pieces, missed }, waiting)
    }
}

impl Observer for PositionEar {
    fn observe(&self, points: &Arc<[Point]>, _now: Timestamp) {
        let sightings = sightings(points);
        if sightings.is_empty() {
            return;
        }
        let count = sightings.len() as u64;
        if self.pieces.try_send(sightings).is_err() {
            self.missed.add(count);
        }
    }
}

#[derive(Default)]
struct Parts {
    lon: Option<f64>,
    lat: Option<f64>,
    speed: Option<f64>,
    direction: Option<f64>,
}

/// What of it says where something was, in the order of time.
fn sightings(points: &[Point]) -> Vec<Sighting> {
    let mut parts: HashMap<(&str, i64), Parts> = HashMap::new();
    for point in points.iter().filter(|point| point.quality.is_believed()) {
        let series = &point.series;
        let is_part = matches!(&*series.property, LON | LAT | SPEED | DIRECTION);
        if !is_part {
            continue;
        }
        let own = parts.entry((&series.device, point.time)).or_default();
        let place = match &*series.property {
            LON => &mut own.lon,
            LAT => &mut own.lat,
            SPEED => &mut own.speed,
            _ => &mut own.direction,
        };
        *place = Some(point.value);
    }
    let sighting = |((device, time), parts): ((&str, i64), Parts)| {
        let mut fix = Fix::new(time, parts.lon?, parts.lat?);
        (fix.speed_kmh, fix.heading) = (parts.speed, parts.direction);
        Some(Sighting {
            device: device.into(),
            fix,
        })
    };
    let mut sightings: Vec<Sighting> = parts.into_iter().filter_map(sighting).collect();
    sightings.sort_by_key(|sighting| sighting.fix.time);
    sightings
}

#[cfg(test)]
mod tests {
    use yiwang_contracts::{Quality, Series};

    use super::*;

    #[test]
    fn a_position_is_a_longitude_and_a_latitude_of_one_instant() {
        let point = |device: &str, property: &str, time, value, quality| Point {
            series: Series::new(device, property),
            time,
            received: time,
            value,
            text: None,
            quality,
        };
        let good = Quality::Good;
        let points = [
            point("V1", "lat", 2, 31.91, good),
            point("V1", "lon", 2, 120.28, good),
            point("V1", "speed", 2, 36.0, good),
            point("V1", "lon", 1, 120.27, good),
            point("V1", "lat", 1, 31.9, good),
            point("V2", "lon", 1, 120.27, good),
            point("V3", "lon", 1, 120.27, Quality::Invalid),
            point("V3", "lat", 1, 31.9, good),
            point("HD1", "level", 1, 2.5, good),
        ];
        let seen = sightings(&points);
        let seen: Vec<(&str, i64, Option<f64>)> = seen
            .iter()
            .map(|seen| (&*seen.device, seen.fix.time, seen.fix.speed_kmh))
            .collect();
        assert_eq!(seen, [("V1", 1, None), ("V1", 2, Some(36.0))]);
    }
}
