//! How much each vertex matters: the tolerance of Douglas and Peucker's method up to which it is kept.
//!
//! Weights never grow from a stretch to the stretches within it, so the vertices kept at a coarse tolerance are among
//! those kept at a finer one. The ends of a line and three vertices of a ring are always kept.

#![expect(
    clippy::indexing_slicing,
    reason = "numbers of vertices lie within the ring that they were counted in"
)]

use super::{Shape, ShapeKind, Vertex};
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
        let vertices = &mut shape.vertices[range];
        if shape.kind == ShapeKind::Polygons {
            weigh_ring(vertices);
        } else {
            let last = vertices.len() - 1;
            weigh_stretches(vertices, vec![whole(0, last)]);
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

fn weigh_ring(ring: &mut [Vertex]) {
    let count = ring.len();
    let from_first = |at: &usize| distance(ring[*at].place, ring[0].place, ring[0].place);
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
    weigh_stretches(ring, stretches);
}

fn weigh_stretches(vertices: &mut [Vertex], mut stretches: Vec<Stretch>) {
    while let Some(stretch) = stretches.pop() {
        let Some((at, distance)) = farthest(vertices, &stretch) else {
            continue;
        };
        let weight = (distance as f32).min(stretch.weight);
        vertices[at].weight = weight;
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
fn farthest(vertices: &[Vertex], stretch: &Stretch) -> Option<(usize, f64)> {
    let (a, b) = (
        vertices[stretch.first],
        vertices[stretch.last % vertices.len()],
    );
    let inner = (stretch.first + 1)..stretch.last;
    let distances = inner.map(|at| (at, distance(vertices[at].place, a.place, b.place)));
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

    fn vertices(list: &[(u32, u32)]) -> Vec<Vertex> {
        let vertex = |(x, y): &(u32, u32)| Vertex {
            place: World { x: *x, y: *y },
            weight: f32::INFINITY,
        };
        list.iter().map(vertex).collect()
    }

    #[test]
    fn a_vertex_weighs_what_its_loss_would_move_the_line() {
        let mut line = vertices(&[(0, 100), (50, 110), (100, 200), (150, 105), (200, 100)]);
        weigh_stretches(&mut line, vec![whole(0, 4)]);
        let weights: Vec<f32> = line.iter().map(|vertex| vertex.weight).collect();
        assert_eq!((weights[0], weights[4]), (f32::INFINITY, f32::INFINITY));
        assert!((weights[2] - 100.0).abs() < 1e-3);
        assert!(weights[1] < weights[2] && weights[1] > 20.0);
    }

    #[test]
    fn a_ring_keeps_three_vertices_at_any_tolerance() {
        let mut ring = vertices(&[(0, 0), (500, 1), (1000, 0), (1000, 3), (500, 4), (0, 3)]);
        weigh_ring(&mut ring);
        let kept = ring.iter().filter(|vertex| vertex.weight.is_infinite());
        assert_eq!(kept.count(), 3);
    }
}
