//! A ring with holes.

use crate::{
    lon_lat::LonLat,
    plane::Plane,
    ring::{Bounds, Ring},
};

/// What lies within a ring and in none of its holes.
#[derive(Debug, Clone, PartialEq)]
pub struct Polygon {
    outer: Ring,
    holes: Vec<Ring>,
}

/// Why rings are no polygon.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PolygonFault {
    /// A hole, counted from 1, that is not where it could take anything away.
    #[error("hole {0} of a polygon reaches beyond its outline")]
    Hole(usize),
}

impl Polygon {
    /// A polygon; holes lie within the rectangle around its outline.
    pub fn new(outer: Ring, holes: Vec<Ring>) -> Result<Self, PolygonFault> {
        let bounds = outer.bounds();
        let is_beyond = |hole: &Ring| bounds.join(&hole.bounds()) != bounds;
        match holes.iter().position(is_beyond) {
            Some(index) => Err(PolygonFault::Hole(index + 1)),
            None => Ok(Self { outer, holes }),
        }
    }

    /// Its outline.
    pub fn outer(&self) -> &Ring {
        &self.outer
    }

    /// Its holes.
    pub fn holes(&self) -> &[Ring] {
        &self.holes
    }

    /// Its outline and its holes.
    pub fn into_rings(self) -> (Ring, Vec<Ring>) {
        (self.outer, self.holes)
    }

    /// The rectangle around it.
    pub fn bounds(&self) -> Bounds {
        self.outer.bounds()
    }

    /// Does the point lie inside? On an edge that two polygons share, in exactly one of them.
    pub fn contains(&self, point: LonLat) -> bool {
        self.outer.contains(point) && !self.holes.iter().any(|hole| hole.contains(point))
    }

    /// How far the nearest edge, of the outline or of a hole, is from the origin of a plane.
    pub fn border_m(&self, plane: &Plane) -> f64 {
        let holes = self.holes.iter().map(|hole| hole.border_m(plane));
        holes.fold(self.outer.border_m(plane), f64::min)
    }

    /// Is any edge so near to the origin of a plane?
    pub fn is_border_within(&self, plane: &Plane, distance_m: f64) -> bool {
        let mut rings = std::iter::once(&self.outer).chain(&self.holes);
        rings.any(|ring| ring.is_border_within(plane, distance_m))
    }

    /// Its area on the sphere, without the holes.
    pub fn area_m2(&self) -> f64 {
        let holes: f64 = self.holes.iter().map(Ring::area_m2).sum();
        (self.outer.area_m2() - holes).max(0.0)
    }

    /// About how wide it is where it is narrow: the side of a square, the breadth of a long strip twice.
    pub fn width_m(&self) -> f64 {
        let holes: f64 = self.holes.iter().map(Ring::perimeter_m).sum();
        4.0 * self.area_m2() / (self.outer.perimeter_m() + holes)
    }
}

impl From<Ring> for Polygon {
    fn from(outer: Ring) -> Self {
        Self {
            outer,
            holes: Vec::new(),
        }
    }
}
