//! Geometries: read from WKT and GeoJSON, and what the standard asks of two of them. Degrees are taken as a plane,
//! as the standard does: a distance is in the unit of the coordinates.

mod geojson;
mod wkt;

use geo::{Distance as _, Euclidean, Geometry, Length as _, Relate as _};

pub use geojson::of_geojson;
pub use wkt::of_wkt;

/// A geometry of finite coordinates.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape(pub(crate) Geometry<f64>);

/// Points of one geometry.
pub(crate) const POINTS_MAX: usize = 10_000;

/// How two shapes lie to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    Equals,
    Disjoint,
    Touches,
    Within,
    Overlaps,
    Crosses,
    Intersects,
    Contains,
}

impl Shape {
    /// A point; none where a coordinate is not a number.
    pub fn point(x: f64, y: f64) -> Option<Self> {
        let is_finite = x.is_finite() && y.is_finite();
        is_finite.then(|| Self(geo::Point::new(x, y).into()))
    }

    pub(crate) fn distance(&self, other: &Self) -> f64 {
        Euclidean.distance(&self.0, &other.0)
    }

    /// Of a line; nothing of anything else.
    pub(crate) fn length(&self) -> Option<f64> {
        match &self.0 {
            Geometry::LineString(line) => Some(Euclidean.length(line)),
            Geometry::MultiLineString(lines) => Some(Euclidean.length(lines)),
            _ => None,
        }
    }

    pub(crate) fn is(&self, relation: Relation, other: &Self) -> bool {
        let matrix = self.0.relate(&other.0);
        match relation {
            Relation::Equals => matrix.is_equal_topo(),
            Relation::Disjoint => matrix.is_disjoint(),
            Relation::Touches => matrix.is_touches(),
            Relation::Within => matrix.is_within(),
            Relation::Overlaps => matrix.is_overlaps(),
            Relation::Crosses => matrix.is_crosses(),
            Relation::Intersects => matrix.is_intersects(),
            Relation::Contains => matrix.is_contains(),
        }
    }

    /// Whether the nine intersections are as `pattern` says; nothing where it is no pattern.
    pub(crate) fn relates(&self, other: &Self, pattern: &str) -> Option<bool> {
        self.0.relate(&other.0).matches(pattern).ok()
    }
}
