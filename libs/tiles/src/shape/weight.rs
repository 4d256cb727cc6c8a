//! How much each vertex matters: the tolerance of Douglas and Peucker's method up to which it is kept.
//!
//! Weights never grow from a stretch to the stretches within it, so the vertices kept at a coarse tolerance are among
//! those kept at a finer one. The ends of a line and three vertices of a ring are always kept.

#![expect(
    clippy::indexing_slicing,
    reason = "numbers of vertices lie within the ring that they were counted in"
)]

use super::{Shape, ShapeKind};
use crate::world::World;

/// Vertices between two that are kept; `last` may be the ring's length, which is its first again.
struct Stretch {
    first: usize,
    last: usize,
    weight: f32,
}

pub(super) fn weigh(shape: &mut Shape) {
    let mut start = 0;
    for part in &shape.parts {
        let range = start..part.end as usize;
        start = range.end;
        let (vertices, weights) = (&shape.vertices[range.clone()], &mut shape.weights[range]);
        if shape.kind == ShapeKind::Polygons {
            weigh_ring(vertices, weights);
        } else {
            let last = vertices.len() - 1;
            weigh_stretches(vertices, weights, vec![whole(0, last)]);
        }
    }
}

fn whole(first: usize, last: usize) -> Stretch {
    Stretch {
        first,
        last,
        weight: f32::INFINITY,
    }
}

fn weigh_ring(ring: &[World], weights: &mut [f32]) {
    let count = ring.len();
    let from_first = |at: &usize| distance(ring[*at], ring[0], ring[0]);
    let far = (1..count).max_by(|a, b| from_first(a).total_cmp(&from_first(b)));
    let far = far.unwrap_or(0);
    let halves = [whole(0, far), whole(far, count)];
    let farthest = halves.each_ref().map(|half| farthest(ring, half));
    // Without a third vertex a long thin ring would vanish at zooms at which its area is still seen.
    let third = match farthest {
        [Some((_, a)), Some((_, b))] => usize::from(b > a),
        [None, _] => 1,
        [_, None] => 0,
    };
    let mut stretches = Vec::new();
    for (number, half) in halves.into_iter().enumerate() {
        match farthest[number] {
            Some((at, _)) if number == third => {
                stretches.push(whole(half.first, at));
                stretches.push(whole(at, half.last));
            }
            _ => stretches.push(half),
        }
    }
    weigh_stretches(ring, weights, stretches);
}

fn weigh_stretches(places: &[World], weights: &mut [f32], mut stretches: Vec<Stretch>) {
    while let Some(stretch) = stretches.pop() {
        let Some((at, distance)) = farthest(places, &stretch) else {
            continue;
        };
        let weight = (distance as f32).min(stretch.weight);
        weights[at] = weight;
        stretches.push(Stretch {
            first: stretch.first,
            last: at,
            weight,
        });
        stretches.push(Stretch {
            first: at,
            last: stretch.last,
            weight,
        });
    }
}

/// The vertex of a stretch that is farthest from the straight line between its ends.
fn farthest(places: &[World], stretch: &Stretch) -> Option<(usize, f64)> {
    let (a, b) = (places[stretch.first], places[stretch.last % places.len()]);
    let inner = (stretch.first + 1)..stretch.last;
    let distances = inner.map(|at| (at, distance(places[at], a, b)));
    distances.fold(None, |best, (at, far)| match best {
        Some((_, known)) if known >= far => best,
        _ => Some((at, far)),
    })
}

/// From a place to the straight line between two others.
fn distance(place: World, a: World, b: World) -> f64 {
    let from = |one: u32, two: u32| f64::from(one) - f64::from(two);
    let (along_x, along_y) = (from(b.x, a.x), from(b.y, a.y));
    let (x, y) = (from(place.x, a.x), from(place.y, a.y));
    let length = along_x * along_x + along_y * along_y;
    let share = if length > 0.0 {
        ((x * along_x + y * along_y) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (x - share * along_x).hypot(y - share * along_y)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(list: &[(u32, u32)]) -> Vec<World> {
        list.iter().map(|(x, y)| World { x: *x, y: *y }).collect()
    }

    #[test]
    fn a_vertex_weighs_what_its_loss_would_move_the_line() {
        let line = places(&[(0, 100), (50, 110), (100, 200), (150, 105), (200, 100)]);
        let mut weights = [f32::INFINITY; 5];
        weigh_stretches(&line, &mut weights, vec![whole(0, 4)]);
        assert_eq!((weights[0], weights[4]), (f32::INFINITY, f32::INFINITY));
        assert!((weights[2] - 100.0).abs() < 1e-3);
        assert!(weights[1] < weights[2] && weights[1] > 20.0);
    }

    #[test]
    fn a_ring_keeps_three_vertices_at_any_tolerance() {
        let ring = places(&[(0, 0), (500, 1), (1000, 0), (1000, 3), (500, 4), (0, 3)]);
        let mut weights = [f32::INFINITY; 6];
        weigh_ring(&ring, &mut weights);
        let kept = weights.iter().filter(|weight| weight.is_infinite());
        assert_eq!(kept.count(), 3);
    }
}
