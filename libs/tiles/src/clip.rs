//! Cuts lines and rings to a window and puts them on the grid of a tile's units.
//!
//! Coordinates are units of the tile with their fraction. Lines are cut by Liang and Barsky's method, and the same
//! stretches of a polygon's rings are joined along the window's edge. Where they do not fit together, because rings
//! touch just there, each ring is cut by itself by Sutherland and Hodgman's method; parts of it may then be joined by
//! a line along the edge, which lies in the buffer.

mod polygon;

/// The edges of a window, in units of the tile.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edges {
    pub(crate) least: f64,
    pub(crate) most: f64,
}

pub(crate) type Place = [f64; 2];

/// Room that is used again from ring to ring.
#[derive(Debug, Default)]
pub(crate) struct Clipper {
    one: Vec<Place>,
    other: Vec<Place>,
    run: Vec<[i32; 2]>,
}

impl Clipper {
    /// The rings of a polygon within the window, on the grid. They come in no order and, but for what rounding does to
    /// rings hardly wider than the grid, run as they did: exteriors clockwise, holes against it.
    pub(crate) fn polygon(&mut self, rings: &[Vec<Place>], edges: Edges) -> Vec<Vec<[i32; 2]>> {
        let mut out = Vec::new();
        let mut take = |ring: &[Place]| {
            let mut snapped = Vec::with_capacity(ring.len());
            snap_ring(ring.iter().map(|place| snap(*place)), &mut snapped);
            if !snapped.is_empty() {
                out.push(snapped);
            }
        };
        if let Some(cut) = polygon::cut(rings, edges) {
            for ring in &cut {
                take(ring);
            }
        } else {
            for ring in rings {
                self.cut_ring(ring, edges);
                take(&self.one);
            }
        }
        out
    }

    /// Leaves the part of a ring within the window in `one`.
    fn cut_ring(&mut self, ring: &[Place], edges: Edges) {
        self.one.clear();
        self.one.extend_from_slice(ring);
        for axis in [0, 1] {
            for (edge, sign) in [(edges.least, 1.0), (edges.most, -1.0)] {
                cut(&self.one, &mut self.other, axis, edge, sign);
                core::mem::swap(&mut self.one, &mut self.other);
            }
        }
    }

    /// A line that lies within the window and is on the grid already; empty if nothing of it is left there.
    pub(crate) fn whole_line(&mut self, line: impl Iterator<Item = [i32; 2]>) -> &[[i32; 2]] {
        self.run.clear();
        for place in line {
            push(&mut self.run, place);
        }
        if self.run.len() < 2 {
            self.run.clear();
        }
        &self.run
    }

    /// The parts of a line within the window, each given to `found` on the grid.
    pub(crate) fn line(
        &mut self,
        line: impl Iterator<Item = Place>,
        edges: Edges,
        found: &mut impl FnMut(&[[i32; 2]]),
    ) {
        let run = &mut self.run;
        run.clear();
        let mut give = |run: &mut Vec<[i32; 2]>| {
            if run.len() > 1 {
                found(run);
            }
            run.clear();
        };
        self.one.clear();
        self.one.extend(line);
        for pair in self.one.windows(2) {
            let [a, b] = pair else { continue };
            let Some((start, end)) = within(*a, *b, edges) else {
                give(run);
                continue;
            };
            if start > 0.0 {
                give(run);
            }
            push(run, snap(within_edges(between(*a, *b, start), edges)));
            push(run, snap(within_edges(between(*a, *b, end), edges)));
            if end < 1.0 {
                give(run);
            }
        }
        give(run);
    }
}

fn between(a: Place, b: Place, share: f64) -> Place {
    // The ends themselves must come out to the bit, so that parts of a line join.
    if share <= 0.0 {
        a
    } else if share >= 1.0 {
        b
    } else {
        [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]
    }
}

/// Shares are rounded, so a cut place may lie beyond the edge by the last bit.
fn within_edges(place: Place, edges: Edges) -> Place {
    place.map(|value| value.clamp(edges.least, edges.most))
}

fn push(run: &mut Vec<[i32; 2]>, snapped: [i32; 2]) {
    if run.last() != Some(&snapped) {
        run.push(snapped);
    }
}

/// Down to whole units, as points are.
fn snap(place: Place) -> [i32; 2] {
    place.map(|value| value.floor() as i32)
}

/// Which share of the way from `a` to `b` lies in the window.
fn within(a: Place, b: Place, edges: Edges) -> Option<(f64, f64)> {
    let (mut start, mut end) = (0.0_f64, 1.0_f64);
    for (from, to) in a.into_iter().zip(b) {
        let way = to - from;
        if way == 0.0 {
            if from < edges.least || from > edges.most {
                return None;
            }
            continue;
        }
        let (one, other) = ((edges.least - from) / way, (edges.most - from) / way);
        start = start.max(one.min(other));
        end = end.min(one.max(other));
    }
    (start <= end).then_some((start, end))
}

/// Keeps what of a ring lies on one side of an edge: above it for a sign of 1, below for -1.
fn cut(ring: &[Place], out: &mut Vec<Place>, axis: usize, edge: f64, sign: f64) {
    out.clear();
    let along = |place: Place| if axis == 0 { place[0] } else { place[1] };
    let depth = |place: Place| (along(place) - edge) * sign;
    let Some(mut before) = ring.last().copied() else {
        return;
    };
    for place in ring.iter().copied() {
        let (was, is) = (depth(before), depth(place));
        if (was < 0.0) != (is < 0.0) {
            let mut crossing = between(before, place, was / (was - is));
            if axis == 0 {
                crossing[0] = edge;
            } else {
                crossing[1] = edge;
            }
            out.push(crossing);
        }
        if is >= 0.0 {
            out.push(place);
        }
        before = place;
    }
}

/// Tidies a ring that was put on the grid: without places that fall together, and without spikes that go out and back the same way.
pub(crate) fn snap_ring(ring: impl Iterator<Item = [i32; 2]>, out: &mut Vec<[i32; 2]>) {
    out.clear();
    for next in ring {
        while let [.., before, last] = out.as_slice()
            && is_spike(*before, *last, next)
        {
            out.pop();
        }
        if out.last() != Some(&next) {
            out.push(next);
        }
    }
    while let [first, second, .., before, last] = out.as_slice() {
        if first == last || is_spike(*before, *last, *first) {
            out.pop();
        } else if is_spike(*last, *first, *second) {
            out.remove(0);
        } else {
            break;
        }
    }
    if out.len() < 3 || doubled_area(out) == 0 {
        out.clear();
    }
}

/// Whether the way from `a` over `b` to `c` turns back on itself.
fn is_spike(a: [i32; 2], b: [i32; 2], c: [i32; 2]) -> bool {
    let way = |from: [i32; 2], to: [i32; 2]| {
        [
            i64::from(to[0]) - i64::from(from[0]),
            i64::from(to[1]) - i64::from(from[1]),
        ]
    };
    let ([ax, ay], [bx, by]) = (way(a, b), way(b, c));
    ax * by == ay * bx && ax * bx + ay * by < 0
}

/// Whether a place lies inside a ring.
pub(crate) fn has_inside(ring: &[[i32; 2]], [x, y]: [i32; 2]) -> bool {
    let next = ring.iter().cycle().skip(1);
    let crossings = ring.iter().zip(next).filter(|([ax, ay], [bx, by])| {
        let from = |one: i32, two: i32| i64::from(one) - i64::from(two);
        let turn = from(*bx, *ax) * from(y, *ay) - from(*by, *ay) * from(x, *ax);
        (*ay > y) != (*by > y) && (turn > 0) == (by > ay)
    });
    crossings.count() % 2 == 1
}

/// Twice the area: above zero where the ring runs clockwise as tiles are seen.
pub(crate) fn doubled_area(ring: &[[i32; 2]]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter()
        .zip(next)
        .map(|([ax, ay], [bx, by])| {
            i64::from(*ax) * i64::from(*by) - i64::from(*bx) * i64::from(*ay)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDGES: Edges = Edges {
        least: 0.0,
        most: 100.0,
    };

    fn ring(places: &[Place]) -> Vec<[i32; 2]> {
        let mut clipper = Clipper::default();
        let joined = clipper.polygon(&[places.to_vec()], EDGES).pop();
        clipper.cut_ring(places, EDGES);
        let mut alone = Vec::new();
        snap_ring(clipper.one.iter().map(|place| snap(*place)), &mut alone);
        let joined = joined.unwrap_or_default();
        assert_eq!(doubled_area(&joined), doubled_area(&alone));
        joined
    }

    fn line(places: &[Place]) -> Vec<Vec<[i32; 2]>> {
        let mut out = Vec::new();
        let mut take = |run: &[[i32; 2]]| out.push(run.to_vec());
        Clipper::default().line(places.iter().copied(), EDGES, &mut take);
        out
    }

    #[test]
    fn a_ring_around_the_window_becomes_the_window() {
        let around = ring(&[
            [-50.0, -50.0],
            [150.0, -50.0],
            [150.0, 150.0],
            [-50.0, 150.0],
        ]);
        assert_eq!(doubled_area(&around), 2 * 100 * 100);
        assert_eq!(around.len(), 4);
        let outside = ring(&[[-50.0, -50.0], [-10.0, -50.0], [-10.0, -10.0]]);
        assert!(outside.is_empty());
    }

    #[test]
    fn a_ring_is_cut_at_the_edge() {
        let cut = ring(&[[50.0, 20.0], [150.0, 20.0], [150.0, 60.0], [50.0, 60.0]]);
        assert_eq!(doubled_area(&cut), 2 * 50 * 40);
    }

    #[test]
    fn what_has_no_area_on_the_grid_is_nothing() {
        assert!(ring(&[[10.0, 10.0], [10.4, 10.0], [10.4, 10.4]]).is_empty());
        assert!(ring(&[[10.0, 10.0], [40.0, 10.2], [20.0, 10.4]]).is_empty());
        let spiked = ring(&[
            [0.0, 0.0],
            [90.0, 0.0],
            [50.0, 0.0],
            [50.0, 50.0],
            [0.0, 50.0],
        ]);
        assert_eq!(spiked, [[0, 0], [50, 0], [50, 50], [0, 50]]);
    }

    #[test]
    fn a_line_comes_out_in_the_parts_that_are_seen() {
        let through = line(&[
            [-50.0, 50.0],
            [50.0, 50.0],
            [50.0, 150.0],
            [80.0, 150.0],
            [80.0, 50.0],
        ]);
        assert_eq!(
            through,
            [
                vec![[0, 50], [50, 50], [50, 100]],
                vec![[80, 100], [80, 50]]
            ]
        );
        assert!(line(&[[-50.0, 0.0], [-20.0, 90.0]]).is_empty());
        assert!(line(&[[10.1, 10.1], [10.2, 10.3]]).is_empty());
    }
}
