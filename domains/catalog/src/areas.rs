//! The areas as they stand now: tree, names, outlines, and where a position lies.

mod geojson;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use yiwang_contracts::AreaBrief;
use yiwang_coords::{GridIndex, LonLat, Ring};
use yiwang_kernel::{AreaCode, Position};

use crate::model::{AreaEntry, AreaLevel};
use crate::responsibility::PlaceIndex;

pub(crate) use geojson::GeoJson;

/// Areas answered in one outline document at most.
pub(crate) const GEOJSON_AREAS_MAX: usize = 5_000;

/// One area in force.
#[derive(Debug, Clone)]
pub struct Area {
    pub brief: AreaBrief,
    /// Absent where nothing is drawn.
    pub ring: Option<Ring>,
}

/// The tree of areas.
#[derive(Default)]
pub struct AreaTree {
    areas: BTreeMap<String, Arc<Area>>,
    places: PlaceIndex,
    /// One index of outlines per level, the smallest areas first.
    outlines: Vec<GridIndex<Arc<Area>>>,
    documents: BTreeMap<u8, OnceLock<GeoJson>>,
}

impl AreaTree {
    pub fn new<'a>(entries: impl Iterator<Item = &'a AreaEntry>) -> Self {
        let areas: BTreeMap<String, Arc<Area>> = entries
            .map(|entry| (entry.code.clone(), Arc::new(Area::from(entry))))
            .collect();
        let places = PlaceIndex::new(areas.values().map(|area| {
            (
                area.brief.code.as_str(),
                area.brief.parent.as_ref().map(AreaCode::as_str),
            )
        }));
        let levels = || (AreaLevel::CITY.0..=AreaLevel::GRID.0).rev();
        let at_level = |level: u8| areas.values().filter(move |area| area.brief.level == level);
        let outlines = levels()
            .map(|level| {
                let shaped =
                    at_level(level).filter_map(|area| Some((area.ring.clone()?, Arc::clone(area))));
                GridIndex::new(shaped.collect())
            })
            .collect();
        let documents = levels().map(|level| (level, OnceLock::new())).collect();
        Self {
            areas,
            places,
            outlines,
            documents,
        }
    }

    pub fn get(&self, code: &str) -> Option<&Area> {
        self.areas.get(code).map(|area| &**area)
    }

    /// The city, when there is exactly one.
    pub fn city(&self) -> Option<&Area> {
        let mut cities = self
            .areas
            .values()
            .filter(|area| area.brief.level == AreaLevel::CITY.0);
        cities
            .next()
            .filter(|_| cities.next().is_none())
            .map(|area| &**area)
    }

    /// All areas in order of code: parents before children.
    pub fn all(&self) -> impl Iterator<Item = &Area> {
        self.areas.values().map(|area| &**area)
    }

    pub fn places(&self) -> &PlaceIndex {
        &self.places
    }

    /// The smallest area whose outline holds the position.
    pub fn locate(&self, position: Position) -> Option<&AreaBrief> {
        let point = LonLat::new(position.lon, position.lat);
        self.outlines
            .iter()
            .find_map(|index| index.find(point))
            .map(|area| &area.brief)
    }

    /// The outlines of one level, written once.
    pub fn geojson(&self, level: u8) -> Option<&GeoJson> {
        let document = self.documents.get(&level)?;
        Some(document.get_or_init(|| {
            let areas = self.areas.values().filter(|area| area.brief.level == level);
            GeoJson::write(areas.take(GEOJSON_AREAS_MAX).map(|area| &**area))
        }))
    }
}

impl From<&AreaEntry> for Area {
    fn from(entry: &AreaEntry) -> Self {
        Self {
            brief: AreaBrief {
                code: AreaCode::new(entry.code.clone()),
                name: entry.name.clone(),
                parent: entry.parent.clone().map(AreaCode::new),
                level: entry.level,
                label: Position {
                    lon: entry.lon,
                    lat: entry.lat,
                },
            },
            // A bad outline is a finding of the check; an area without one is never located.
            ring: entry.ring.parse().ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn tree() -> AreaTree {
        let rows = [
            ("320281", "江阴市", "", 1, "0 0;4 0;4 4;0 4;0 0"),
            ("320281001", "澄江街道", "320281", 2, "0 0;2 0;2 4;0 4;0 0"),
            (
                "320281001001",
                "甲社区",
                "320281001",
                3,
                "0 0;2 0;2 2;0 2;0 0",
            ),
            (
                "320281001001001",
                "甲01",
                "320281001001",
                4,
                "0 0;0 1;1 1;1 0;0 0",
            ),
            ("320281002", "乙镇", "320281", 2, ""),
        ];
        let entries: Vec<AreaEntry> = rows
            .iter()
            .map(|(code, name, parent, level, ring)| {
                let row = json!({"code": code, "name": name, "parent": parent, "level": level, "lon": 1.0, "lat": 1.0, "ring": ring});
                serde_json::from_value(row).unwrap()
            })
            .collect();
        AreaTree::new(entries.iter())
    }

    #[test]
    fn the_smallest_area_that_holds_a_position_is_found() {
        let tree = tree();
        for ((lon, lat), expected) in [
            ((0.5, 0.5), Some("320281001001001")),
            ((1.5, 0.5), Some("320281001001")),
            ((1.0, 3.0), Some("320281001")),
            ((3.0, 3.0), Some("320281")),
            ((5.0, 3.0), None),
        ] {
            let found = tree
                .locate(Position { lon, lat })
                .map(|area| area.code.as_str());
            assert_eq!(found, expected, "{lon} {lat}");
        }
        assert_eq!(tree.city().unwrap().brief.name, "江阴市");
        assert_eq!(tree.places().cells(), 2);
    }

    #[test]
    fn outlines_are_written_counter_clockwise() {
        let tree = tree();
        let document: Value = serde_json::from_slice(&tree.geojson(4).unwrap().body).unwrap();
        assert_eq!(
            document["features"][0]["properties"]["code"],
            "320281001001001"
        );
        let ring = &document["features"][0]["geometry"]["coordinates"][0];
        assert_eq!(
            ring,
            &json!([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]])
        );
        assert!(tree.geojson(5).is_none());
        assert_ne!(tree.geojson(4).unwrap().tag, tree.geojson(3).unwrap().tag);
    }
}
