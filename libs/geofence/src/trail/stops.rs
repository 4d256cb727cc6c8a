//! Standing: keeping near to where it began, for long enough.

use std::ops::Range;

use yiwang_coords::{LonLat, Plane};

use crate::{fence::micros, fix::Fix};

use super::{Stop, TrailSettings};

/// A stop and its fixes.
pub(super) type Found = (Stop, Range<usize>);

pub(super) fn stops(run: &[Fix], settings: &TrailSettings) -> Vec<Found> {
    let lapse = micros(Some(settings.stop_seconds.max(1))).unwrap_or_default();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = run.get(at) {
        let plane = Plane::at(first.place);
        let near = run.iter().skip(at);
        let is_near = |fix: &&Fix| plane.distance_m(fix.place) <= settings.stop_radius_m;
        let end = at + near.take_while(is_near).count();
        let stood = run.get(at..end).unwrap_or_default();
        match stood.last() {
            Some(last) if last.time - first.time >= lapse => {
                let place = middle(stood, &plane);
                let (from, until) = (first.time, last.time);
                found.push((Stop { from, until, place }, at..end));
                at = end;
            }
            _ => at += 1,
        }
    }
    found
}

fn middle(fixes: &[Fix], plane: &Plane) -> LonLat {
    let (mut east, mut north) = (0.0, 0.0);
    for fix in fixes {
        let metres = plane.metres(fix.place);
        east += metres.0;
        north += metres.1;
    }
    let count = fixes.len().max(1) as f64;
    plane.point(east / count, north / count)
}
