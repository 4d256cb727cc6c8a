//! Keeps simplified rings from crossing themselves and each other.
//!
//! For each zoom, from the lowest, the stretches that would be drawn are compared. Where two of them cross, the
//! heaviest vertices that were left out of both are kept from that zoom on. What crosses with all its vertices was
//! drawn so by its author and stays.

#![expect(
    clippy::indexing_slicing,
    reason = "numbers of vertices come from counting them"
)]

use super::{PIXEL_UNITS, Shape, TOLERANCE_UNITS, Vertex};
use crate::{tile_id::unit, world::World};

/// At deeper zooms a tolerance is less than two units of the map.
const ZOOM_MENDED_MAX: u8 = 20;
/// After so many tries at one zoom everything that was left out of crossing stretches is kept.
const TRIES: usize = 6;

/// What is drawn between two kept vertices of a ring.
#[derive(Clone, Copy)]
struct Segment {
    first: usize,
    last: usize,
    /// The ring's range of vertices: a segment may run over its end.
    ring: (usize, usize),
    west: u32,
    east: u32,
}

pub(super) fn mend(shape: &mut Shape) {
    let mut drawn = 0;
    for z in 0..=ZOOM_MENDED_MAX {
        let unit = unit(z);
        let is_seen = shape.size >= (PIXEL_UNITS * unit).powi(2);
        let tolerance = (TOLERANCE_UNITS * unit) as f32;
        let kept = kept_at(shape, tolerance);
        if !is_seen || kept == drawn {
            continue;
        }
        mend_zoom(shape, tolerance);
        drawn = kept_at(shape, tolerance);
        if drawn == shape.vertices.len() {
            return;
        }
    }
}

fn kept_at(shape: &Shape, tolerance: f32) -> usize {
    let kept = shape.vertices.iter();
    kept.filter(|vertex| vertex.weight > tolerance).count()
}

fn mend_zoom(shape: &mut Shape, tolerance: f32) {
    for attempt in 0..=TRIES {
        let crossing = crossings(&segments(shape, tolerance), &shape.vertices);
        let mut is_changed = false;
        for segment in crossing {
            is_changed |= keep(shape, segment, tolerance, attempt == TRIES);
        }
        if !is_changed {
            return;
        }
    }
}

fn segments(shape: &Shape, tolerance: f32) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut start = 0;
    for part in &shape.parts {
        let end = part.end as usize;
        let mut kept = (start..end).filter(|at| shape.vertices[*at].weight > tolerance);
        if let Some(first) = kept.next() {
            let mut before = first;
            for next in kept.chain([first]) {
                let (a, b) = (shape.vertices[before].place.x, shape.vertices[next].place.x);
                segments.push(Segment {
                    first: before,
                    last: next,
                    ring: (start, end),
                    west: a.min(b),
                    east: a.max(b),
                });
                before = next;
            }
        }
        start = end;
    }
    segments.sort_unstable_by_key(|segment| (segment.west, segment.first));
    segments
}

/// The segments that cross another; they come sorted by their western ends.
fn crossings(segments: &[Segment], vertices: &[Vertex]) -> Vec<Segment> {
    let mut found = Vec::new();
    for (number, one) in segments.iter().enumerate() {
        let later = &segments[number + 1..];
        for other in later.iter().take_while(|other| other.west <= one.east) {
            if do_cross(one, other, vertices) {
                found.extend([*one, *other]);
            }
        }
    }
    found
}

fn do_cross(one: &Segment, other: &Segment, vertices: &[Vertex]) -> bool {
    let is_joined = [one.first, one.last]
        .iter()
        .any(|end| [other.first, other.last].contains(end));
    if is_joined {
        return false;
    }
    let [a, b] = [vertices[one.first].place, vertices[one.last].place];
    let [c, d] = [vertices[other.first].place, vertices[other.last].place];
    if a.y.max(b.y) < c.y.min(d.y) || c.y.max(d.y) < a.y.min(b.y) {
        return false;
    }
    side(a, b, c) * side(a, b, d) <= 0 && side(c, d, a) * side(c, d, b) <= 0
}

/// On which side of the line from `a` to `b` a place lies.
fn side(a: World, b: World, place: World) -> i32 {
    let from = |one: u32, two: u32| i128::from(one) - i128::from(two);
    let turn = from(b.x, a.x) * from(place.y, a.y) - from(b.y, a.y) * from(place.x, a.x);
    turn.signum() as i32
}

/// Keeps the heaviest vertex that a segment leaves out, or all of them; false if it leaves out none.
fn keep(shape: &mut Shape, segment: Segment, tolerance: f32, all: bool) -> bool {
    let (start, end) = segment.ring;
    let last = if segment.last <= segment.first {
        segment.last + (end - start)
    } else {
        segment.last
    };
    let around = |at: usize| if at < end { at } else { at - (end - start) };
    let left_out = (segment.first + 1..last)
        .map(around)
        .filter(|at| shape.vertices[*at].weight <= tolerance);
    let chosen: Vec<usize> = if all {
        left_out.collect()
    } else {
        let heavier = |a: &usize, b: &usize| {
            shape.vertices[*a]
                .weight
                .total_cmp(&shape.vertices[*b].weight)
        };
        left_out.max_by(heavier).into_iter().collect()
    };
    for at in &chosen {
        shape.vertices[*at].weight = tolerance.next_up();
    }
    !chosen.is_empty()
}

#[cfg(test)]
mod tests {
    use geo_types::{Coord, LineString, Polygon};
    use proptest::prelude::*;

    use super::{super::read, *};
    use crate::shape::Placed;

    /// A ring around a centre, at angles in order: it never crosses itself, however jagged.
    fn star(radii: &[f64]) -> Polygon<f64> {
        let step = core::f64::consts::TAU / radii.len() as f64;
        let at = |(number, radius): (usize, &f64)| {
            let (sin, cos) = (step * number as f64).sin_cos();
            Coord {
                x: 120.0 + radius * cos,
                y: 31.0 + radius * sin,
            }
        };
        let ring: LineString<f64> = radii.iter().enumerate().map(at).collect();
        Polygon::new(ring, vec![])
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_zoom_makes_a_ring_cross_itself(radii in proptest::collection::vec(0.001_f64..0.5, 5..120)) {
            let Placed::Shape(shape) = read(&star(&radii).into()).unwrap() else { panic!("a shape") };
            for z in 0..=ZOOM_MENDED_MAX {
                let tolerance = (TOLERANCE_UNITS * unit(z)) as f32;
                if shape.size < (PIXEL_UNITS * unit(z)).powi(2) {
                    continue;
                }
                let segments = segments(&shape, tolerance);
                prop_assert!(crossings(&segments, &shape.vertices).is_empty(), "zoom {}", z);
            }
        }
    }
}
