//! Questions about what is near, many at once: the nearest, all within a distance, all along a way, which polygons
//! hold a place, and whom nothing reaches.
//!
//! Points lie on the unit sphere in an R-tree, where chords grow as great circles do: answers are exact to
//! [`LonLat::distance_m`] everywhere, poles and the 180th meridian included. Only what is along a line is measured in a
//! plane, see [`Plane`].

use rstar::{AABB, PointDistance, RTree, RTreeObject};

use crate::{
    line::Line,
    lon_lat::{EARTH_RADIUS_M, LonLat},
    plane::Plane,
};

mod coverage;
mod lists;
mod polygons;

pub use coverage::{Reach, uncovered};
pub use lists::Lists;
pub use polygons::PolygonIndex;

/// Pieces of a line are at least so long, however narrow the strip along it.
const PIECE_M: f64 = 400.0;
/// A line has at most so many pieces; longer ones are cut more coarsely.
const PIECES_MAX: f64 = 10_000.0;

/// Points to ask about, each known by its number in the list that they were given in. It never changes.
#[derive(Debug, Clone)]
pub struct PointIndex {
    tree: RTree<Spot>,
    points: Vec<LonLat>,
}

/// A point that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Its number.
    pub index: u32,
    /// How far it is, by the great circle.
    pub distance_m: f64,
}

/// A point that was found beside a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beside {
    /// Its number.
    pub index: u32,
    /// How far it is from the line.
    pub distance_m: f64,
    /// How far along the line it is nearest.
    pub along_m: f64,
}

/// Why points make no index.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PointsFault {
    /// A number that is no degree.
    #[error("point {0} is not within -180..180 and -90..90")]
    OutOfRange(usize),
    /// More than 2^32 - 1.
    #[error("an index holds at most 4294967295 points")]
    TooMany,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spot {
    pub(crate) at: [f64; 3],
    pub(crate) index: u32,
}

impl RTreeObject for Spot {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_point(self.at)
    }
}

impl PointDistance for Spot {
    fn distance_2(&self, point: &[f64; 3]) -> f64 {
        squared(&self.at, point)
    }
}

impl PointIndex {
    /// An index of points, the first of which has number 0.
    pub fn new(points: Vec<LonLat>) -> Result<Self, PointsFault> {
        if u32::try_from(points.len()).is_err() {
            return Err(PointsFault::TooMany);
        }
        if let Some(index) = points.iter().position(|point| !point.is_valid()) {
            return Err(PointsFault::OutOfRange(index + 1));
        }
        let spots = (0_u32..).zip(&points);
        let spots = spots.map(|(index, point)| Spot {
            at: on_sphere(*point),
            index,
        });
        Ok(Self {
            tree: RTree::bulk_load(spots.collect()),
            points,
        })
    }

    /// The points as they were given.
    pub fn points(&self) -> &[LonLat] {
        &self.points
    }

    /// For each place the `count` nearest points, nearest first. A place that is none has none.
    pub fn nearest(&self, places: &[LonLat], count: usize) -> Lists<Found> {
        Lists::of(places, |&place, list| {
            if count == 0 || !place.is_valid() {
                return;
            }
            let at = on_sphere(place);
            let nearest = self.tree.nearest_neighbor_iter_with_distance_2(&at);
            let nearest = nearest.take(count);
            list.extend(nearest.map(|(spot, chord)| found(spot.index, chord)));
            in_order(list);
        })
    }

    /// For each place all points within a distance of it, nearest first. A place that is none has none.
    pub fn within(&self, places: &[LonLat], distance_m: f64) -> Lists<Found> {
        Lists::of(places, |&place, list| {
            self.each_within(place, distance_m, |one| list.push(one));
            in_order(list);
        })
    }

    /// For each line all points within a distance of it, in the order in which they come along it.
    pub fn along(&self, lines: &[Line], distance_m: f64) -> Lists<Beside> {
        Lists::of(lines, |line, list| {
            self.collect_along(line, distance_m, list);
        })
    }

    fn collect_along(&self, line: &Line, distance_m: f64, list: &mut Vec<Beside>) {
        let distance_m = distance_m.max(0.0);
        let piece = (2.0 * distance_m)
            .max(PIECE_M)
            .max(line.length_m() / PIECES_MAX);
        let mut seen = Vec::new();
        for (from, to) in line.stretches() {
            let length = from.distance_m(to);
            let pieces = (length / piece).ceil().max(1.0);
            // A stretch that is straight in degrees bends a little away from the great circle.
            let reach = (length / pieces / 2.0 + distance_m) * 1.01 + 1.0;
            for number in 0..pieces as u32 {
                let middle = from.toward(to, (f64::from(number) + 0.5) / pieces);
                self.each_within(middle, reach, |one| seen.push(one.index));
            }
        }
        seen.sort_unstable();
        seen.dedup();
        list.extend(seen.into_iter().filter_map(|index| {
            let nearest = line.nearest(&Plane::at(*self.points.get(index as usize)?));
            (nearest.distance_m <= distance_m).then_some(Beside {
                index,
                distance_m: nearest.distance_m,
                along_m: nearest.along_m,
            })
        }));
        list.sort_by(|a, b| a.along_m.total_cmp(&b.along_m).then(a.index.cmp(&b.index)));
    }

    fn each_within(&self, place: LonLat, distance_m: f64, mut tell: impl FnMut(Found)) {
        if !place.is_valid() || distance_m.is_nan() || distance_m < 0.0 {
            return;
        }
        let at = on_sphere(place);
        // Rounding must not lose a point; the exact distance decides.
        let chord = chord_squared(distance_m) * (1.0 + 1e-9) + 1e-30;
        for spot in self.tree.locate_within_distance(at, chord) {
            let one = found(spot.index, squared(&spot.at, &at));
            if one.distance_m <= distance_m {
                tell(one);
            }
        }
    }
}

fn in_order(list: &mut [Found]) {
    let order = |a: &Found, b: &Found| {
        let nearer = a.distance_m.total_cmp(&b.distance_m);
        nearer.then(a.index.cmp(&b.index))
    };
    list.sort_by(order);
}

fn found(index: u32, chord_squared: f64) -> Found {
    let half = (chord_squared.sqrt() / 2.0).min(1.0);
    Found {
        index,
        distance_m: 2.0 * EARTH_RADIUS_M * half.asin(),
    }
}

pub(crate) fn on_sphere(point: LonLat) -> [f64; 3] {
    let (lon, lat) = (point.lon.to_radians(), point.lat.to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
}

/// Of the chord under a great circle of that length, on the unit sphere.
pub(crate) fn chord_squared(distance_m: f64) -> f64 {
    let half = (distance_m / EARTH_RADIUS_M / 2.0).min(std::f64::consts::FRAC_PI_2);
    (2.0 * half.sin()).powi(2)
}

pub(crate) fn squared(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}
