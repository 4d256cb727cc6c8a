//! What is left of a day of fixes: where it went, where it stood, how far and how fast.

use serde::{Deserialize, Serialize};
use yiwang_coords::LonLat;

use crate::{
    fence::micros,
    fix::{Fix, TIME_MAX},
};

mod simplify;
mod stops;

use simplify::simplify;
use stops::stops;

/// How trails are made of fixes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrailSettings {
    /// Fixes farther apart belong to different trails.
    pub gap_seconds: u32,
    /// No fix between stops that is left out lies farther from what is left. 0 leaves out what lies exactly between.
    pub simplify_m: f64,
    /// Standing for less is not a stop.
    pub stop_seconds: u32,
    /// Standing is keeping within this distance of where it began.
    pub stop_radius_m: f64,
}

impl Default for TrailSettings {
    fn default() -> Self {
        Self {
            gap_seconds: 600,
            simplify_m: 10.0,
            stop_seconds: 300,
            stop_radius_m: 50.0,
        }
    }
}

/// The trails of one object.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Trails {
    /// In the order of time.
    pub trails: Vec<Trail>,
    /// Fixes without a position or with an unlikely time.
    pub ignored: usize,
    /// Fixes no later than the one before.
    pub late: usize,
}

/// A trail without a gap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trail {
    /// Of the first fix.
    pub from: i64,
    /// Of the last fix.
    pub until: i64,
    /// What is left of the fixes; beginning and end of every stop among them, in the middle of where it stood.
    pub points: Vec<TrailPoint>,
    /// Where it stood.
    pub stops: Vec<Stop>,
    /// Fixes that it was made of.
    pub fixes: usize,
    /// Before anything is left out; standing counts for nothing, however the fixes jitter.
    pub length_km: f64,
    /// Of the whole time, stops included.
    pub mean_kmh: f64,
    /// Of the time without stops.
    pub moving_kmh: f64,
    /// The greatest speed that was measured, or came to pass between two fixes without one.
    pub max_kmh: f64,
}

/// A place on a trail.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TrailPoint {
    /// When.
    pub time: i64,
    /// Where.
    pub place: LonLat,
    /// As it was measured; 0 at a stop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed_kmh: Option<f64>,
}

/// Standing somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Stop {
    /// Of the first fix there.
    pub from: i64,
    /// Of the last fix there.
    pub until: i64,
    /// The middle of all fixes there.
    pub place: LonLat,
}

/// Trails of fixes in the order of time, as one object sent them.
pub fn trails(fixes: &[Fix], settings: &TrailSettings) -> Trails {
    let mut found = Trails::default();
    let mut run: Vec<Fix> = Vec::new();
    let gap = micros(Some(settings.gap_seconds)).unwrap_or_default();
    for fix in fixes {
        let fix = fix.cleaned();
        if !fix.has_position() || !(0..=TIME_MAX).contains(&fix.time) {
            found.ignored += 1;
            continue;
        }
        let lapse = run.last().map(|last| fix.time - last.time);
        match lapse {
            Some(..=0) => {
                found.late += 1;
                continue;
            }
            Some(lapse) if lapse > gap => {
                found.trails.extend(Trail::of(&run, settings));
                run.clear();
            }
            _ => {}
        }
        run.push(fix);
    }
    found.trails.extend(Trail::of(&run, settings));
    found
}

impl Trail {
    /// The trail of fixes in the order of time, all of one run.
    fn of(run: &[Fix], settings: &TrailSettings) -> Option<Self> {
        let (first, last) = (run.first()?, run.last()?);
        let stops = stops(run, settings);
        let way = way(run, &stops);
        let pairs = way.iter().zip(way.iter().skip(1));
        let lengths = pairs.map(|((from, _), (to, _))| from.place.distance_m(to.place));
        let length_m: f64 = lengths.sum();
        let standing: i64 = stops.iter().map(|(stop, _)| stop.until - stop.from).sum();
        let lasted = last.time - first.time;
        let kmh = |micros: i64| {
            let hours = micros as f64 / 3.6e9;
            if micros > 0 {
                length_m / 1_000.0 / hours
            } else {
                0.0
            }
        };
        Some(Self {
            from: first.time,
            until: last.time,
            points: simplify(&way, settings.simplify_m),
            fixes: run.len(),
            length_km: length_m / 1_000.0,
            mean_kmh: kmh(lasted),
            moving_kmh: kmh(lasted - standing),
            max_kmh: max_kmh(run),
            stops: stops.into_iter().map(|(stop, _)| stop).collect(),
        })
    }
}

/// Every place that it passed, and whether it must be left: each stop is one place, with a beginning and an end.
fn way(run: &[Fix], stops: &[stops::Found]) -> Vec<(TrailPoint, bool)> {
    let mut way = Vec::with_capacity(run.len());
    let mut next = 0;
    let pass = |from: usize, to: usize, way: &mut Vec<_>| {
        let moving = run.get(from..to).unwrap_or_default();
        way.extend(moving.iter().map(|fix| (TrailPoint::of(fix), false)));
    };
    for (stop, at) in stops {
        pass(next, at.start, &mut way);
        let ends = [stop.from, stop.until];
        way.extend(ends.map(|time| (TrailPoint::standing(time, stop.place), true)));
        next = at.end;
    }
    pass(next, run.len(), &mut way);
    way
}

impl TrailPoint {
    fn of(fix: &Fix) -> Self {
        Self {
            time: fix.time,
            place: fix.place,
            speed_kmh: fix.speed_kmh,
        }
    }

    fn standing(time: i64, place: LonLat) -> Self {
        Self {
            time,
            place,
            speed_kmh: Some(0.0),
        }
    }
}

fn max_kmh(run: &[Fix]) -> f64 {
    let between = run.iter().zip(run.iter().skip(1)).map(|(before, after)| {
        let is_measured = before.speed_kmh.is_some() || after.speed_kmh.is_some();
        let lapse = (after.time - before.time) as f64;
        let metres = before.place.distance_m(after.place);
        if is_measured {
            0.0
        } else {
            metres * 3.6e6 / lapse
        }
    });
    let measured = run.iter().filter_map(|fix| fix.speed_kmh);
    between.chain(measured).fold(0.0, f64::max)
}
