//! Which polygons hold a place.

use crate::{
    index::GridIndex,
    lon_lat::LonLat,
    polygon::Polygon,
    ring::{Bounds, Ring},
};

use super::Lists;

/// Polygons to ask about, each known by its number in the list that they were given in. It never changes.
#[derive(Debug, Clone)]
pub struct PolygonIndex {
    outlines: GridIndex<Held>,
}

#[derive(Debug, Clone)]
struct Held {
    number: u32,
    holes: Vec<Ring>,
}

impl PolygonIndex {
    /// An index of polygons, which may overlap.
    pub fn new(polygons: Vec<Polygon>) -> Self {
        let outlines = (0_u32..).zip(polygons).map(|(number, polygon)| {
            let (outer, holes) = polygon.into_rings();
            (outer, Held { number, holes })
        });
        Self {
            outlines: GridIndex::new(outlines.collect()),
        }
    }

    /// For each place the numbers of the polygons that hold it, least first.
    pub fn holding(&self, places: &[LonLat]) -> Lists<u32> {
        Lists::of(places, |place, list| {
            let held = self.outlines.find_all(*place);
            let held = held.filter(|held| !held.holes.iter().any(|hole| hole.contains(*place)));
            list.extend(held.map(|held| held.number));
        })
    }

    /// The rectangle around all polygons.
    pub fn bounds(&self) -> Bounds {
        self.outlines.bounds()
    }
}
