//! Where something is that has a name, and what is where.

use geo::{Contains as _, Distance as _, Euclidean, Geometry, MapCoords as _, Point, coord};
use serde::Serialize;
use yiwang_contracts::{Actor, AreaBrief};
use yiwang_kernel::{AreaCode, Position, Timestamp};

use super::GeoService;
use crate::error::GeoError;
use crate::feature::Feature;
use crate::layer::{Content, GeometryKind};
use crate::map::MapLayer;
use crate::store;

const FOUND_MAX: usize = 100;
/// Letters of what is typed.
const TYPED_MAX: usize = 64;
/// How far around a place is looked for the next thing of a layer: the nearer first.
const AROUND_M: [f64; 3] = [60.0, 250.0, 1_000.0];
/// Features looked at around a place.
const LOOKED_AT_MAX: usize = 2_000;
const METRES_PER_DEGREE: f64 = 111_195.0;

/// Something that was found by its name.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct PlaceFound {
    pub layer: String,
    /// Names it in tiles.
    pub number: u64,
    pub code: Option<String>,
    pub name: String,
    pub position: Position,
    /// The smallest area around it.
    pub area: Option<AreaCode>,
    pub area_name: Option<String>,
}

/// A feature at or near a place.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct FeatureNear {
    pub layer: String,
    pub number: i64,
    pub code: Option<String>,
    pub name: Option<String>,
    pub kind: Option<String>,
    /// 0 where the place is within it.
    pub distance_m: f64,
}

/// What is where.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct PlaceView {
    pub position: Position,
    /// The areas that it lies in, the largest first.
    pub areas: Vec<AreaBrief>,
    /// Areas of other layers that it lies in.
    pub within: Vec<FeatureNear>,
    /// The next road or line of each layer, and the next point, within a kilometre.
    pub near: Vec<FeatureNear>,
    /// In words.
    pub address: String,
}

impl GeoService {
    /// Finds things by part of their name, by pinyin or by their code; the best first.
    pub(crate) fn find_places(
        &self,
        actor: &Actor,
        typed: &str,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<PlaceFound>, GeoError> {
        Self::scope(actor, "geo.read", now)?;
        let typed = typed.trim().to_lowercase();
        if typed.is_empty() || typed.chars().count() > TYPED_MAX {
            let message = "type 1 to 64 letters of a name or a code";
            return Err(GeoError::invalid("/q", "malformed", message));
        }
        let limit = limit.clamp(1, FOUND_MAX);
        let mut found = Vec::new();
        for layer in self.map.standing().values() {
            let permission = self.map.permission(actor, layer.action(), now);
            if !permission.is_some() {
                continue;
            }
            layer.find(&typed, &permission, |likeness, number, named| {
                let name = named.name().or(named.code.as_deref());
                let place = PlaceFound {
                    layer: layer.entry.code.clone(),
                    number,
                    code: named.code.as_deref().map(str::to_owned),
                    name: name.unwrap_or_default().to_owned(),
                    position: named.position,
                    area: None,
                    area_name: None,
                };
                found.push((likeness, layer.place, place));
            });
        }
        found.sort_by(|(fit, place, a), (other_fit, other_place, b)| {
            let key = |place: &PlaceFound| place.name.chars().count();
            (fit, key(a), place, a.number).cmp(&(other_fit, key(b), other_place, b.number))
        });
        found.truncate(limit);
        let mut places: Vec<PlaceFound> = found.into_iter().map(|(_, _, place)| place).collect();
        let positions: Vec<Position> = places.iter().map(|place| place.position).collect();
        for (place, area) in places.iter_mut().zip(self.catalog.locate(&positions)) {
            place.area_name = area.as_ref().map(|area| area.name.clone());
            place.area = area.map(|area| area.code);
        }
        Ok(places)
    }

    /// The areas, the grids, the next road and the next component of a place.
    pub(crate) async fn place(
        &self,
        actor: &Actor,
        position: Position,
        now: Timestamp,
    ) -> Result<PlaceView, GeoError> {
        Self::scope(actor, "geo.read", now)?;
        let mut view = PlaceView {
            position,
            areas: self.areas_of(position),
            within: Vec::new(),
            near: Vec::new(),
            address: String::new(),
        };
        let standing = self.map.standing();
        let mut layers: Vec<&std::sync::Arc<MapLayer>> = standing.values().collect();
        layers.sort_by_key(|layer| layer.place);
        for layer in layers.into_iter().filter(|layer| layer.entry.is_kept()) {
            let found = self.around(actor, layer, position, now).await?;
            match layer.entry.geometry {
                GeometryKind::Area => view.within.extend(found),
                GeometryKind::Line | GeometryKind::Point => view.near.extend(found),
            }
        }
        view.address = address(&view, &standing);
        Ok(view)
    }

    /// From the largest area to the smallest.
    fn areas_of(&self, position: Position) -> Vec<AreaBrief> {
        let mut area = self.catalog.locate(&[position]).pop().flatten();
        let mut path = Vec::new();
        while let Some(brief) = area {
            area = brief
                .parent
                .as_ref()
                .and_then(|parent| self.catalog.area(parent));
            path.push(brief);
        }
        path.reverse();
        path
    }

    /// The areas of a layer that hold a place, or its next point or line.
    async fn around(
        &self,
        actor: &Actor,
        layer: &MapLayer,
        position: Position,
        now: Timestamp,
    ) -> Result<Vec<FeatureNear>, GeoError> {
        let is_area = layer.entry.geometry == GeometryKind::Area;
        let reaches: &[f64] = if is_area { &[0.0] } else { &AROUND_M };
        for reach in reaches {
            let mut numbers = layer.within(around(position, *reach));
            numbers.truncate(LOOKED_AT_MAX);
            let rows = store::features::by_numbers(self.db.read(), &layer.entry.code, &numbers);
            let rows = rows.await?;
            let seen = rows.into_iter().filter(|feature| {
                !feature.is_removed && actor.may("geo.read", feature.subject(), now)
            });
            let mut near: Vec<FeatureNear> = seen
                .map(|feature| near_of(feature, position))
                .filter(|near| near.distance_m <= *reach)
                .collect();
            near.sort_by(|a, b| a.distance_m.total_cmp(&b.distance_m));
            if !is_area {
                near.truncate(1);
            }
            if !near.is_empty() {
                return Ok(near);
            }
        }
        Ok(Vec::new())
    }
}

/// West, south, east, north of what is so near.
fn around(place: Position, metres: f64) -> [f64; 4] {
    let north = metres / METRES_PER_DEGREE;
    let east = north / place.lat.to_radians().cos().max(0.01);
    [
        place.lon - east,
        place.lat - north,
        place.lon + east,
        place.lat + north,
    ]
}

fn near_of(feature: Feature, place: Position) -> FeatureNear {
    let distance_m = distance_m(feature.shape.geometry(), place);
    FeatureNear {
        layer: feature.layer,
        number: feature.number,
        code: feature.code,
        name: feature.name,
        kind: feature.kind,
        distance_m,
    }
}

/// In the plane that touches the ground there: within a kilometre it errs by less than a decimetre.
fn distance_m(geometry: &Geometry<f64>, place: Position) -> f64 {
    let east = METRES_PER_DEGREE * place.lat.to_radians().cos();
    let flat = geometry.map_coords(|at| {
        coord! { x: (at.x - place.lon) * east, y: (at.y - place.lat) * METRES_PER_DEGREE }
    });
    let here = Point::new(0.0, 0.0);
    if flat.contains(&here) {
        return 0.0;
    }
    Euclidean.distance(&flat, &Geometry::Point(here))
}

fn address(
    view: &PlaceView,
    layers: &std::collections::BTreeMap<String, std::sync::Arc<MapLayer>>,
) -> String {
    let areas: String = view.areas.iter().map(|area| area.name.as_str()).collect();
    let is_way = |near: &&FeatureNear| {
        let layer = layers.get(&near.layer);
        layer.is_some_and(|layer| {
            layer.entry.geometry == GeometryKind::Line && layer.entry.content == Content::Features
        })
    };
    let ways = view
        .near
        .iter()
        .filter(is_way)
        .filter(|near| near.name.is_some());
    let way = ways.min_by(|a, b| a.distance_m.total_cmp(&b.distance_m));
    match way.and_then(|way| Some((way.name.as_deref()?, way.distance_m))) {
        Some((name, distance)) => format!("{areas}，距{name}{distance:.0}米"),
        None => areas,
    }
}
