//! Cuts a polygon with its holes to a window, so that its parts there are polygons again.
//!
//! What of the rings lies within is a number of chains that enter and leave the window. The inside of a polygon lies to
//! the right of all of its rings, so from where a chain leaves, the outline goes on clockwise along the edge to where
//! the next chain enters. Where chains touch at the edge this may not come out even; the caller then cuts ring by ring.

#![expect(
    clippy::indexing_slicing,
    reason = "numbers of chains and of places come from counting them"
)]

use super::{Edges, Place, between, within, within_edges};

/// A stretch of a ring within the window, from edge to edge.
struct Chain {
    places: Vec<Place>,
    /// Where on the edge it begins and ends, clockwise from the north-western corner.
    enters: f64,
    leaves: f64,
}

/// The rings of a polygon within the window: exteriors clockwise, holes against it, in no order. `None` where chains
/// do not fit together.
pub(super) fn cut(rings: &[Vec<Place>], edges: Edges) -> Option<Vec<Vec<Place>>> {
    let mut whole = Vec::new();
    let mut chains = Vec::new();
    let mut is_inside = false;
    for ring in rings {
        match ring.iter().position(|place| !edges.hold(*place)) {
            None => whole.push(ring.clone()),
            Some(outside) => {
                cut_ring(ring, outside, edges, &mut chains);
                is_inside ^= has_inside(ring, edges.corner(0));
            }
        }
    }
    if !chains.is_empty() {
        whole.extend(join(&chains, edges)?);
    } else if is_inside {
        whole.push((0..4).map(|number| edges.corner(number)).collect());
    }
    Some(whole)
}

/// Adds the chains of a ring, beginning at a place outside.
fn cut_ring(ring: &[Place], outside: usize, edges: Edges, chains: &mut Vec<Chain>) {
    let mut run: Vec<Place> = Vec::new();
    let at = |number: usize| ring[(outside + number) % ring.len()];
    for number in 0..ring.len() {
        let (a, b) = (at(number), at(number + 1));
        let Some((start, end)) = within(a, b, edges) else {
            finish(&mut run, edges, chains);
            continue;
        };
        if start > 0.0 || run.is_empty() {
            finish(&mut run, edges, chains);
            run.push(within_edges(between(a, b, start), edges));
        }
        run.push(within_edges(between(a, b, end), edges));
        if end < 1.0 {
            finish(&mut run, edges, chains);
        }
    }
    finish(&mut run, edges, chains);
}

fn finish(run: &mut Vec<Place>, edges: Edges, chains: &mut Vec<Chain>) {
    let mut places = core::mem::take(run);
    places.dedup();
    if let [first, .., last] = places.as_slice() {
        let (enters, leaves) = (edges.position(*first), edges.position(*last));
        chains.push(Chain {
            places,
            enters,
            leaves,
        });
    }
}

/// Joins chains along the edge.
fn join(chains: &[Chain], edges: Edges) -> Option<Vec<Vec<Place>>> {
    let mut entries: Vec<usize> = (0..chains.len()).collect();
    entries.sort_by(|a, b| chains[*a].enters.total_cmp(&chains[*b].enters));
    let next = |chain: &Chain| {
        let at = entries.partition_point(|entry| chains[*entry].enters < chain.leaves);
        entries[at % entries.len()]
    };
    let mut is_used = vec![false; chains.len()];
    let mut rings = Vec::new();
    for first in 0..chains.len() {
        if is_used[first] {
            continue;
        }
        let mut ring = Vec::new();
        let mut current = first;
        loop {
            if is_used[current] {
                return None;
            }
            is_used[current] = true;
            ring.extend_from_slice(&chains[current].places);
            let following = next(&chains[current]);
            edges.walk(chains[current].leaves, chains[following].enters, &mut ring);
            if following == first {
                break;
            }
            current = following;
        }
        rings.push(ring);
    }
    Some(rings)
}

/// Whether a place lies inside a ring: a ray from it meets the ring an odd number of times.
fn has_inside(ring: &[Place], [x, y]: Place) -> bool {
    let next = ring.iter().cycle().skip(1);
    let met = ring.iter().zip(next).filter(|([ax, ay], [bx, by])| {
        (*ay > y) != (*by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)
    });
    met.count() % 2 == 1
}

impl Edges {
    fn side(self) -> f64 {
        self.most - self.least
    }

    fn hold(self, place: Place) -> bool {
        place
            .iter()
            .all(|value| (self.least..=self.most).contains(value))
    }

    /// Corners clockwise from the north-western one.
    fn corner(self, number: u8) -> Place {
        match number % 4 {
            0 => [self.least, self.least],
            1 => [self.most, self.least],
            2 => [self.most, self.most],
            _ => [self.least, self.most],
        }
    }

    /// How far along the edge a place of it lies, clockwise from the north-western corner.
    fn position(self, [x, y]: Place) -> f64 {
        let side = self.side();
        let edges = [
            (y - self.least, x - self.least),
            (self.most - x, side + y - self.least),
            (self.most - y, 2.0 * side + self.most - x),
            (x - self.least, 3.0 * side + self.most - y),
        ];
        let nearest = edges.into_iter().min_by(|a, b| a.0.total_cmp(&b.0));
        // The last corner is the first.
        nearest.map_or(0.0, |(_, along)| along) % (4.0 * side)
    }

    /// Adds the corners between two positions.
    fn walk(self, from: f64, to: f64, ring: &mut Vec<Place>) {
        let side = self.side();
        let end = if to < from { to + 4.0 * side } else { to };
        for number in 1..8_u8 {
            let at = f64::from(number) * side;
            if at > from && at < end {
                ring.push(self.corner(number));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EDGES: Edges = Edges {
        least: 0.0,
        most: 100.0,
    };

    fn area(ring: &[Place]) -> f64 {
        let next = ring.iter().cycle().skip(1);
        let doubled: f64 = ring
            .iter()
            .zip(next)
            .map(|(a, b)| a[0] * b[1] - b[0] * a[1])
            .sum();
        doubled / 2.0
    }

    fn areas(rings: &[Vec<Place>]) -> Vec<i64> {
        let cut = cut(rings, EDGES).unwrap();
        let mut areas: Vec<i64> = cut.iter().map(|ring| area(ring).round() as i64).collect();
        areas.sort_unstable();
        areas
    }

    fn rect(west: f64, north: f64, east: f64, south: f64) -> Vec<Place> {
        vec![[west, north], [east, north], [east, south], [west, south]]
    }

    fn hole(west: f64, north: f64, east: f64, south: f64) -> Vec<Place> {
        let mut ring = rect(west, north, east, south);
        ring.reverse();
        ring
    }

    /// Around the window's middle, wholly within, across its edge or around it, with a hole of the same form.
    fn star(radii: &[f64], is_rounded: bool) -> Vec<Vec<Place>> {
        let step = core::f64::consts::TAU / radii.len() as f64;
        let ring = |share: f64| -> Vec<Place> {
            let angles = radii.iter().enumerate();
            let places = angles.map(|(number, radius)| {
                let (sin, cos) = (step * number as f64).sin_cos();
                let place = [50.0 + share * radius * cos, 50.0 + share * radius * sin];
                if is_rounded {
                    place.map(|v| (v / 10.0).round() * 10.0)
                } else {
                    place
                }
            });
            places.collect()
        };
        let mut hole = ring(0.5);
        hole.reverse();
        vec![ring(1.0), hole]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_leaves_as_much_as_cutting_each_ring(
            radii in proptest::collection::vec(10.0_f64..160.0, 4..24),
            is_rounded: bool,
        ) {
            let rings = star(&radii, is_rounded);
            let mut clipper = super::super::Clipper::default();
            let alone = rings.iter().map(|ring| {
                clipper.cut_ring(ring, EDGES);
                area(&clipper.one)
            });
            let alone: f64 = alone.sum();
            if let Some(cut) = cut(&rings, EDGES) {
                let joined: f64 = cut.iter().map(|ring| area(ring)).sum();
                prop_assert!((joined - alone).abs() < 1e-6, "{} {}", joined, alone);
            } else {
                prop_assert!(is_rounded);
            }
        }
    }

    #[test]
    fn what_runs_out_and_in_again_becomes_parts() {
        // A comb whose back is outside: its teeth are parts of their own.
        let comb = vec![
            [-20.0, 10.0],
            [50.0, 10.0],
            [50.0, 30.0],
            [-10.0, 30.0],
            [-10.0, 60.0],
            [50.0, 60.0],
            [50.0, 80.0],
            [-20.0, 80.0],
        ];
        assert_eq!(areas(&[comb]), [1000, 1000]);
    }

    #[test]
    fn a_hole_over_the_edge_becomes_part_of_the_outline() {
        let outer = rect(-50.0, -50.0, 150.0, 150.0);
        assert_eq!(
            areas(&[outer.clone(), hole(80.0, 40.0, 120.0, 60.0)]),
            [10_000 - 400]
        );
        assert_eq!(
            areas(&[outer.clone(), hole(40.0, 40.0, 60.0, 60.0)]),
            [-400, 10_000]
        );
        assert_eq!(
            areas(&[outer.clone(), hole(40.0, -60.0, 60.0, 160.0)]),
            [4000, 4000]
        );
        assert!(areas(&[outer, hole(-10.0, -10.0, 110.0, 110.0)]).is_empty());
    }

    #[test]
    fn the_window_itself_is_whole_and_what_only_touches_it_is_nothing() {
        assert_eq!(areas(&[rect(0.0, 0.0, 100.0, 100.0)]), [10_000]);
        let beside = areas(&[rect(100.0, 20.0, 150.0, 60.0)]);
        assert!(beside.iter().all(|area| *area == 0), "{beside:?}");
        assert!(areas(&[rect(200.0, 20.0, 250.0, 60.0)]).is_empty());
        assert_eq!(areas(&[rect(-10.0, 50.0, 110.0, 110.0)]), [5000]);
    }
}
