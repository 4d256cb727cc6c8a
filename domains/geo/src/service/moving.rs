//! Where things are now, and where they went.

use std::time::Duration;

use serde::Serialize;
use yiwang_contracts::{Actor, Sample, Series, Span};
use yiwang_geofence::{Fix, Trail, TrailSettings, trails};
use yiwang_kernel::{Timestamp, from_micros, micros};

use super::GeoService;
use crate::error::GeoError;
use crate::positions::Moving;

const READ: &str = "sensing.read";
/// Positions of one answer.
const MOVING_MAX: usize = 20_000;
/// The longest wait for something to move.
const WAIT_MAX: Duration = Duration::from_secs(25);
/// Fixes of one trail, and the longest stretch of time.
const FIXES_MAX: usize = 200_000;
const STRETCH_MAX: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 7);

/// What moved.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct MovingView {
    pub moved: Vec<Moving>,
    /// Ask for what is later next time.
    pub revision: u64,
    /// There is more already.
    pub has_more: bool,
}

/// Where a device went.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct TrailView {
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    /// Longitude, latitude, seconds since `from`, speed in km/h where it is known.
    #[schema(value_type = Vec<Vec<f64>>)]
    pub points: Vec<(f64, f64, f64, Option<f64>)>,
    pub stops: Vec<StopView>,
    pub fixes: usize,
    pub length_km: f64,
    pub mean_kmh: f64,
    pub max_kmh: f64,
}

/// Where it stood.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct StopView {
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    pub lon: f64,
    pub lat: f64,
}

impl GeoService {
    /// What moved after a revision; waits for it, if it is told to, where nothing did.
    pub(crate) async fn moving(
        &self,
        actor: &Actor,
        after: u64,
        wait: Duration,
        now: Timestamp,
    ) -> Result<MovingView, GeoError> {
        let scope = Self::scope(actor, READ, now)?;
        let mut changes = self.positions.changes();
        let until = tokio::time::Instant::now() + wait.min(WAIT_MAX);
        loop {
            changes.mark_unchanged();
            let (moved, revision) = self.positions.after(after, MOVING_MAX, |code| {
                let device = self.devices.device(code)?;
                scope.permits(device.subject()).then_some(device)
            });
            let is_waited = moved.is_empty()
                && tokio::time::timeout_at(until, changes.changed())
                    .await
                    .is_ok_and(|changed| changed.is_ok());
            if !is_waited {
                let has_more = moved.len() == MOVING_MAX;
                return Ok(MovingView {
                    moved,
                    revision,
                    has_more,
                });
            }
        }
    }

    /// Where a device went in a stretch of time.
    pub(crate) async fn trail(
        &self,
        actor: &Actor,
        device: &str,
        (from, to): (Timestamp, Timestamp),
        now: Timestamp,
    ) -> Result<Vec<TrailView>, GeoError> {
        let gone = || GeoError::NotFound("device");
        let device = self.devices.device(device).ok_or_else(gone)?;
        if !actor.may(READ, device.subject(), now) {
            return Err(gone());
        }
        if from >= to || to.duration_since(from) > STRETCH_MAX {
            let message = "a trail is of seven days at most, and ends after it begins";
            return Err(GeoError::invalid("/to", "out_of_range", message));
        }
        let span = Span {
            from: micros(from),
            to: micros(to),
        };
        let of = async |property: &str| {
            let series = Series::new(&device.code, property);
            let samples = self.history.samples(&series, span, true, FIXES_MAX).await?;
            Ok::<_, GeoError>(samples)
        };
        let fixes = fixes(&of("lon").await?, &of("lat").await?, &of("speed").await?);
        let found = trails(&fixes, &TrailSettings::default());
        Ok(found.trails.into_iter().map(view).collect())
    }
}

/// Fixes of samples that are newest first.
fn fixes(lons: &[Sample], lats: &[Sample], speeds: &[Sample]) -> Vec<Fix> {
    let at = |samples: &[Sample], time: i64| {
        let found = samples
            .binary_search_by(|sample| time.cmp(&sample.time))
            .ok()?;
        let sample = samples.get(found)?;
        sample.quality.is_believed().then_some(sample.value)
    };
    let fix = |lon: &Sample| {
        let mut fix = Fix::new(lon.time, lon.value, at(lats, lon.time)?);
        fix.speed_kmh = at(speeds, lon.time);
        Some(fix)
    };
    let believed = lons.iter().rev().filter(|lon| lon.quality.is_believed());
    believed.filter_map(fix).collect()
}

fn view(trail: Trail) -> TrailView {
    let points = trail.points.iter().map(|point| {
        let seconds = (point.time - trail.from) as f64 / 1e6;
        (point.place.lon, point.place.lat, seconds, point.speed_kmh)
    });
    let stops = trail.stops.iter().map(|stop| StopView {
        from: from_micros(stop.from),
        until: from_micros(stop.until),
        lon: stop.place.lon,
        lat: stop.place.lat,
    });
    TrailView {
        from: from_micros(trail.from),
        until: from_micros(trail.until),
        points: points.collect(),
        stops: stops.collect(),
        fixes: trail.fixes,
        length_km: trail.length_km,
        mean_kmh: trail.mean_kmh,
        max_kmh: trail.max_kmh,
    }
}
