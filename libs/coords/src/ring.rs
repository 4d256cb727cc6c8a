//! A closed polygon without holes, in degrees.
//!
//! Its text form is `lon lat;lon lat;…`, the last point the same as the first.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    chain::Chain,
    lon_lat::{EARTH_RADIUS_M, LonLat},
    plane::Plane,
};

/// More points than this belong in a map, not in a list of areas.
const POINTS_MAX: usize = 100_000;

/// The outline of an area.
#[derive(Debug, Clone, PartialEq)]
pub struct Ring {
    chain: Chain,
}

/// The smallest upright rectangle around something, edges included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// Least longitude.
    pub west: f64,
    /// Least latitude.
    pub south: f64,
    /// Greatest longitude.
    pub east: f64,
    /// Greatest latitude.
    pub north: f64,
}

/// Why points are no ring.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RingFault {
    /// A part of the text is not two numbers.
    #[error("point {0} of a ring is written `lon lat`, and points are parted by `;`")]
    Form(usize),
    /// A number that is no degree.
    #[error("point {0} of a ring is not within -180..180 and -90..90")]
    OutOfRange(usize),
    /// The last point is not the first.
    #[error("the ring is not closed: its last point must be its first")]
    Open,
    /// No area could be inside.
    #[error("a ring needs three points and its first again")]
    TooFew,
    /// More than 100,000 points.
    #[error("a ring has at most 100000 points")]
    TooMany,
    /// All points lie on one line.
    #[error("the ring encloses nothing")]
    Flat,
}

impl Bounds {
    /// Is the point inside or on the edge?
    pub fn contains(&self, point: LonLat) -> bool {
        (self.west..=self.east).contains(&point.lon)
            && (self.south..=self.north).contains(&point.lat)
    }

    /// The smallest bounds around both.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    pub(crate) fn of(points: &[LonLat]) -> Self {
        let nothing = Self {
            west: f64::INFINITY,
            south: f64::INFINITY,
            east: f64::NEG_INFINITY,
            north: f64::NEG_INFINITY,
        };
        points.iter().fold(nothing, |bounds, point| {
            let LonLat { lon, lat } = *point;
            bounds.join(&Self {
                west: lon,
                south: lat,
                east: lon,
                north: lat,
            })
        })
    }
}

impl Ring {
    /// A ring from its points, the first of them again at the end.
    pub fn new(points: Vec<LonLat>) -> Result<Self, RingFault> {
        if points.len() > POINTS_MAX {
            return Err(RingFault::TooMany);
        }
        if let Some(index) = points.iter().position(|point| !point.is_valid()) {
            return Err(RingFault::OutOfRange(index + 1));
        }
        if points.first() != points.last() {
            return Err(RingFault::Open);
        }
        if points.len() < 4 {
            return Err(RingFault::TooFew);
        }
        let ring = Self {
            chain: Chain::new(points),
        };
        if ring.doubled_area() == 0.0 {
            return Err(RingFault::Flat);
        }
        Ok(ring)
    }

    /// Its points, the first again at the end.
    pub fn points(&self) -> &[LonLat] {
        self.chain.points()
    }

    /// The rectangle around it.
    pub fn bounds(&self) -> Bounds {
        self.chain.bounds()
    }

    /// Does the point lie inside? On an edge that two rings share, in exactly one of them.
    pub fn contains(&self, point: LonLat) -> bool {
        self.bounds().contains(point) && self.chain.is_crossed_oddly(point)
    }

    /// How far the outline is from the origin of a plane.
    pub fn border_m(&self, plane: &Plane) -> f64 {
        self.chain.nearest(plane).distance_m
    }

    /// Is the outline so near to the origin of a plane?
    pub fn is_border_within(&self, plane: &Plane, distance_m: f64) -> bool {
        self.chain.is_within(plane, distance_m)
    }

    /// The length of the outline.
    pub fn perimeter_m(&self) -> f64 {
        self.edges().map(|(from, to)| from.distance_m(to)).sum()
    }

    /// Its area on the sphere.
    pub fn area_m2(&self) -> f64 {
        let reference = self.first().lat.to_radians().sin();
        let strips = self.edges().map(|(from, to)| {
            let height = from.lat.to_radians().sin() + to.lat.to_radians().sin();
            (to.lon - from.lon).to_radians() * (height / 2.0 - reference)
        });
        strips.sum::<f64>().abs() * EARTH_RADIUS_M * EARTH_RADIUS_M
    }

    /// Its centre of gravity, which need not lie inside.
    pub fn centroid(&self) -> LonLat {
        let first = self.first();
        let (mut lon, mut lat) = (0.0, 0.0);
        for (from, to) in self.edges() {
            let cross = cross(first, from, to);
            lon += (from.lon + to.lon - 2.0 * first.lon) * cross;
            lat += (from.lat + to.lat - 2.0 * first.lat) * cross;
        }
        let weight = 3.0 * self.doubled_area();
        LonLat::new(first.lon + lon / weight, first.lat + lat / weight)
    }

    /// A point inside to put a name on: the centroid if it lies inside, otherwise the middle of
    /// the widest stretch at its height, or at another where there is none.
    pub fn label_point(&self) -> LonLat {
        let centroid = self.centroid();
        if self.contains(centroid) {
            return centroid;
        }
        let mut heights: Vec<_> = self.points().iter().map(|point| point.lat).collect();
        heights.sort_by(f64::total_cmp);
        heights.dedup();
        let between = heights
            .windows(2)
            .map(|pair| pair.iter().sum::<f64>() / 2.0);
        let inside = |lat| self.widest_at(lat).filter(|point| self.contains(*point));
        let mut candidates = [centroid.lat].into_iter().chain(between).filter_map(inside);
        // A ring thinner than numbers can tell still has points of its own.
        candidates.next().unwrap_or_else(|| self.first())
    }

    /// The middle of the widest stretch inside at a latitude.
    fn widest_at(&self, lat: f64) -> Option<LonLat> {
        let crossed = self
            .edges()
            .filter(|(from, to)| (from.lat > lat) != (to.lat > lat));
        let mut lons: Vec<_> = crossed.map(|(from, to)| crossing(from, to, lat)).collect();
        lons.sort_by(f64::total_cmp);
        let (stretches, _) = lons.as_chunks::<2>();
        let width = |[west, east]: &[f64; 2]| east - west;
        let widest = stretches
            .iter()
            .max_by(|a, b| width(a).total_cmp(&width(b)));
        widest.map(|[west, east]| LonLat::new(f64::midpoint(*west, *east), lat))
    }

    fn edges(&self) -> impl Iterator<Item = (LonLat, LonLat)> {
        self.chain.edges()
    }

    fn first(&self) -> LonLat {
        *self.points().first().expect("a ring has points")
    }

    /// Twice the signed area in square degrees, positive counter-clockwise.
    fn doubled_area(&self) -> f64 {
        let first = self.first();
        self.edges().map(|(from, to)| cross(first, from, to)).sum()
    }
}

/// Twice the signed area of a triangle.
fn cross(apex: LonLat, from: LonLat, to: LonLat) -> f64 {
    (from.lon - apex.lon) * (to.lat - apex.lat) - (to.lon - apex.lon) * (from.lat - apex.lat)
}

/// Where an edge crosses a latitude: to the last bit the same from either end, so that two rings
/// agree about the edge they share.
pub(crate) fn crossing(from: LonLat, to: LonLat, lat: f64) -> f64 {
    let (low, high) = if from.lat < to.lat {
        (from, to)
    } else {
        (to, from)
    };
    low.lon + (lat - low.lat) / (high.lat - low.lat) * (high.lon - low.lon)
}

impl FromStr for Ring {
    type Err = RingFault;

    fn from_str(text: &str) -> Result<Self, RingFault> {
        let point = |(index, text): (usize, &str)| {
            let mut numbers = text.split_whitespace().map(str::parse);
            match (numbers.next(), numbers.next(), numbers.next()) {
                (Some(Ok(lon)), Some(Ok(lat)), None) => Ok(LonLat { lon, lat }),
                _ => Err(RingFault::Form(index + 1)),
            }
        };
        let points = text.split(';').enumerate().take(POINTS_MAX + 1).map(point);
        Self::new(points.collect::<Result<_, _>>()?)
    }
}

impl fmt::Display for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, point) in self.points().iter().enumerate() {
            let separator = if index == 0 { "" } else { ";" };
            write!(f, "{separator}{} {}", point.lon, point.lat)?;
        }
        Ok(())
    }
}
