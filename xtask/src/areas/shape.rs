//! Plane geometry of the schematic map: convex cells, their centres, and evenly spread points.
//!
//! Only `+ - * /` and square roots: the same points come out on every machine.

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Point {
    pub(super) fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    pub(super) fn distance_squared(self, other: Self) -> f64 {
        (self.x - other.x).powi(2) + (self.y - other.y).powi(2)
    }

    fn towards(self, other: Self, part: f64) -> Self {
        Self::new(
            self.x + (other.x - self.x) * part,
            self.y + (other.y - self.y) * part,
        )
    }
}

/// A small seeded generator (SplitMix64), so that the map never changes by itself.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Between 0 and 1.
    fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// The edges of a ring, the closing one included.
pub(super) fn edges<T: Copy>(ring: &[T]) -> impl Iterator<Item = (T, T)> + '_ {
    ring.iter()
        .copied()
        .zip(ring.iter().copied().cycle().skip(1))
}

/// Twice the signed area; positive when the ring runs anticlockwise.
fn doubled_area(ring: &[Point]) -> f64 {
    edges(ring).map(|(a, b)| a.x * b.y - b.x * a.y).sum()
}

pub(super) fn centre(ring: &[Point]) -> Point {
    // Taken from the first corner, so that small cells far from the origin keep their precision.
    let Some(&from) = ring.first() else {
        return Point::new(0.0, 0.0);
    };
    let moved: Vec<Point> = ring
        .iter()
        .map(|p| Point::new(p.x - from.x, p.y - from.y))
        .collect();
    let weight = 3.0 * doubled_area(&moved);
    let (x, y) = edges(&moved).fold((0.0, 0.0), |(x, y), (a, b)| {
        let cross = a.x * b.y - b.x * a.y;
        (x + (a.x + b.x) * cross, y + (a.y + b.y) * cross)
    });
    Point::new(from.x + x / weight, from.y + y / weight)
}

/// The part of a convex ring that is nearer to `own` than to `other`.
fn nearer(ring: &[Point], own: Point, other: Point) -> Vec<Point> {
    let lead = |p: Point| p.distance_squared(other) - p.distance_squared(own);
    let mut kept = Vec::with_capacity(ring.len() + 1);
    for (from, to) in edges(ring) {
        let (at_from, at_to) = (lead(from), lead(to));
        if at_from >= 0.0 {
            kept.push(from);
        }
        if (at_from >= 0.0) != (at_to >= 0.0) {
            kept.push(from.towards(to, at_from / (at_from - at_to)));
        }
    }
    kept
}

/// The Voronoi cells of `points` within a convex region.
pub(super) fn cells(points: &[Point], region: &[Point]) -> Vec<Vec<Point>> {
    points
        .iter()
        .map(|&own| cell(own, points, region))
        .collect()
}

fn cell(own: Point, points: &[Point], region: &[Point]) -> Vec<Point> {
    let mut others: Vec<(f64, Point)> = points
        .iter()
        .filter(|&&p| p != own)
        .map(|&p| (p.distance_squared(own), p))
        .collect();
    others.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut ring = region.to_vec();
    for (distance_squared, other) in others {
        let reach = ring
            .iter()
            .map(|p| p.distance_squared(own))
            .fold(0.0, f64::max);
        if distance_squared > 4.0 * reach {
            break;
        }
        ring = nearer(&ring, own, other);
    }
    ring
}

/// `count` points spread evenly over a convex region.
pub(super) fn spread(region: &[Point], count: usize, dice: &mut Dice) -> Vec<Point> {
    const ROUNDS: usize = 60;
    let mut points: Vec<Point> = (0..count).map(|_| within(region, dice)).collect();
    for _ in 0..ROUNDS {
        points = cells(&points, region)
            .iter()
            .map(|ring| centre(ring))
            .collect();
    }
    points
}

/// A random point of a convex region: somewhere between its corners.
fn within(region: &[Point], dice: &mut Dice) -> Point {
    let weights: Vec<f64> = region.iter().map(|_| dice.part().powi(4)).collect();
    let sum: f64 = weights.iter().sum();
    region
        .iter()
        .zip(&weights)
        .fold(Point::new(0.0, 0.0), |at, (corner, weight)| {
            Point::new(
                at.x + corner.x * weight / sum,
                at.y + corner.y * weight / sum,
            )
        })
}

/// The rounded convex outline that keeps `margin` around every point.
pub(super) fn outline(points: &[Point], margin: f64) -> Vec<Point> {
    const STEPS: i32 = 4;
    let quarter: Vec<(f64, f64)> = (0..STEPS)
        .map(|step| f64::from(step) / f64::from(STEPS))
        .map(|t| ((1.0 - t * t) / (1.0 + t * t), 2.0 * t / (1.0 + t * t)))
        .collect();
    let mut corners = Vec::new();
    for point in points {
        for (dx, dy) in &quarter {
            for (dx, dy) in [(*dx, *dy), (-dy, *dx), (-dx, -dy), (*dy, -dx)] {
                corners.push(Point::new(point.x + dx * margin, point.y + dy * margin));
            }
        }
    }
    hull(corners)
}

fn hull(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    let mut ring = half_hull(points.iter().copied());
    ring.extend(half_hull(points.iter().rev().copied()));
    ring
}

fn half_hull(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut chain: Vec<Point> = Vec::new();
    for point in points {
        while let [.., a, b] = chain.as_slice() {
            if (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) > 0.0 {
                break;
            }
            chain.pop();
        }
        chain.push(point);
    }
    chain.pop();
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_fill_their_region() {
        let region = outline(
            &[
                Point::new(0.0, 0.0),
                Point::new(4.0, 1.0),
                Point::new(2.0, 3.0),
            ],
            0.5,
        );
        let points = spread(&region, 9, &mut Dice::new(7));
        let cells = cells(&points, &region);
        let sum: f64 = cells.iter().map(|ring| doubled_area(ring)).sum();
        assert!((sum - doubled_area(&region)).abs() < 1e-9);
        assert!(
            cells
                .iter()
                .all(|ring| doubled_area(ring) > 0.0 && ring.len() >= 3)
        );
    }
}
