//! Who is reached by nobody.

use rstar::{AABB, PointDistance, RTree, RTreeObject};

use crate::lon_lat::LonLat;

use super::{chord_squared, on_sphere, squared};

/// How far help reaches from a place: a hydrant's hose, a station's minutes, a shelter's walk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    /// Where it begins.
    pub centre: LonLat,
    /// How far it goes.
    pub radius_m: f64,
}

struct Disc {
    centre: [f64; 3],
    chord_squared: f64,
}

impl RTreeObject for Disc {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> Self::Envelope {
        let half = self.chord_squared.sqrt();
        let corner = |side: f64| self.centre.map(|number| number + side * half);
        AABB::from_corners(corner(-1.0), corner(1.0))
    }
}

impl PointDistance for Disc {
    fn distance_2(&self, point: &[f64; 3]) -> f64 {
        (squared(&self.centre, point) - self.chord_squared).max(0.0)
    }

    fn contains_point(&self, point: &[f64; 3]) -> bool {
        squared(&self.centre, point) <= self.chord_squared
    }
}

/// The numbers of the places that no supply reaches, least first. What is no place, or reaches no way at all, reaches
/// nobody; a place that is none is reached by nobody.
pub fn uncovered(demand: &[LonLat], supply: &[Reach]) -> Vec<u32> {
    let discs = supply
        .iter()
        .filter(|reach| reach.centre.is_valid() && reach.radius_m >= 0.0)
        .map(|reach| Disc {
            centre: on_sphere(reach.centre),
            // A place exactly at the end of the reach is reached, whatever the last bits say.
            chord_squared: chord_squared(reach.radius_m) * (1.0 + 1e-12) + 1e-24,
        });
    let discs = RTree::bulk_load(discs.collect());
    let is_uncovered =
        |place: &LonLat| !place.is_valid() || discs.locate_at_point(&on_sphere(*place)).is_none();
    let numbered = (0_u32..).zip(demand);
    numbered
        .filter(|(_, place)| is_uncovered(place))
        .map(|(number, _)| number)
        .collect()
}
