//! Points in a row. Every few edges have a rectangle around them, so that most edges of a long row are never looked at.

use crate::{
    lon_lat::LonLat,
    plane::Plane,
    ring::{Bounds, crossing},
};

/// Edges of one rectangle.
const BAND: usize = 8;
/// Degrees that a computed crossing may lie outside of its edge's rectangle, many times over.
const ROUNDING: f64 = 1e-9;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chain {
    points: Vec<LonLat>,
    bounds: Bounds,
    bands: Vec<Bounds>,
}

/// The nearest point of a chain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Nearest {
    pub(crate) distance_m: f64,
    pub(crate) edge: usize,
    /// 0 at the beginning of the edge, 1 at its end.
    pub(crate) part: f64,
}

impl Chain {
    pub(crate) fn new(points: Vec<LonLat>) -> Self {
        let edges = points.len().saturating_sub(1);
        let bands = (0..edges.div_ceil(BAND)).map(|band| Bounds::of(points_of(&points, band)));
        Self {
            bounds: Bounds::of(&points),
            bands: bands.collect(),
            points,
        }
    }

    pub(crate) fn points(&self) -> &[LonLat] {
        &self.points
    }

    pub(crate) fn bounds(&self) -> Bounds {
        self.bounds
    }

    pub(crate) fn edges(&self) -> impl Iterator<Item = (LonLat, LonLat)> {
        edges(&self.points)
    }

    /// Does a way from the point to the far east cross the chain an odd number of times?
    pub(crate) fn is_crossed_oddly(&self, point: LonLat) -> bool {
        let mut is_odd = false;
        for (band, bounds) in self.bands.iter().enumerate() {
            let is_level = bounds.south <= point.lat && point.lat < bounds.north;
            if !is_level || bounds.east < point.lon - ROUNDING {
                continue;
            }
            let points = points_of(&self.points, band);
            if bounds.west > point.lon + ROUNDING {
                // All of it lies to the east: only whether it ends on the other side matters.
                is_odd ^= straddles(points.first().copied(), points.last().copied(), point.lat);
                continue;
            }
            for (from, to) in edges(points) {
                is_odd ^= straddles(Some(from), Some(to), point.lat)
                    && point.lon < crossing(from, to, point.lat);
            }
        }
        is_odd
    }

    /// Is any point of the chain so near to the origin of a plane? Far cheaper than to ask how near.
    pub(crate) fn is_within(&self, plane: &Plane, distance_m: f64) -> bool {
        // Rounding must not hide an edge; the edge itself is measured as `nearest` does.
        let reach = distance_m * distance_m * (1.0 + 1e-12);
        let bands = self.bands.iter().enumerate();
        let mut near = bands.filter(|(_, bounds)| plane.squared_to_bounds(bounds) <= reach);
        near.any(|(band, _)| {
            let mut edges = edges(points_of(&self.points, band));
            edges.any(|(from, to)| plane.foot(from, to).squared.sqrt() <= distance_m)
        })
    }

    /// The point of the chain that is nearest to the origin of a plane.
    pub(crate) fn nearest(&self, plane: &Plane) -> Nearest {
        let mut best = f64::INFINITY;
        let mut nearest = (0, 0.0);
        for (band, bounds) in self.bands.iter().enumerate() {
            if plane.squared_to_bounds(bounds) >= best {
                continue;
            }
            for (offset, (from, to)) in edges(points_of(&self.points, band)).enumerate() {
                let foot = plane.foot(from, to);
                if foot.squared < best {
                    best = foot.squared;
                    nearest = (band * BAND + offset, foot.part);
                }
            }
        }
        Nearest {
            distance_m: best.sqrt(),
            edge: nearest.0,
            part: nearest.1,
        }
    }
}

/// The points of the edges of a band, the last of them also the first of the next band.
fn points_of(points: &[LonLat], band: usize) -> &[LonLat] {
    let from = band * BAND;
    let to = (from + BAND + 1).min(points.len());
    points.get(from..to).unwrap_or_default()
}

fn edges(points: &[LonLat]) -> impl Iterator<Item = (LonLat, LonLat)> {
    points.iter().copied().zip(points.iter().copied().skip(1))
}

fn straddles(from: Option<LonLat>, to: Option<LonLat>, lat: f64) -> bool {
    from.is_some_and(|from| from.lat > lat) != to.is_some_and(|to| to.lat > lat)
}
