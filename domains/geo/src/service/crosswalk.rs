//! Which areas of one layer lie in which of another: the city's three grids beside each other.

use geo::{Area as _, BooleanOps as _, BoundingRect as _, MapCoords as _, MultiPolygon, coord};
use serde::Serialize;
use yiwang_contracts::Actor;
use yiwang_coords::{LonLat, Plane};
use yiwang_kernel::Timestamp;

use super::{GeoService, ItemsWanted};
use crate::error::GeoError;
use crate::layer::{GeometryKind, LayerEntry};
use crate::shape::Shape;

/// Areas of one of the layers.
const AREAS_MAX: usize = 20_000;
/// Areas read at once.
const PAGE: usize = 2_000;
/// Pairs of one answer.
const ROWS_MAX: usize = 100_000;
/// What overlaps by less than this part of both is where outlines were not drawn along each other.
const LEAST_SHARE: f64 = 0.005;

/// An area and one of another layer that shares ground with it.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct CrosswalkRow {
    /// A feature's number, or an area's code.
    pub id: String,
    pub code: Option<String>,
    pub name: Option<String>,
    pub other_id: String,
    pub other_code: Option<String>,
    pub other_name: Option<String>,
    /// Ground that they share, square metres.
    pub shared_m2: f64,
    /// Part of the area that is in the other, 0 to 1.
    pub share: f64,
    /// Part of the other that is in the area.
    pub other_share: f64,
}

/// An area in metres around the middle of its layer.
struct Outline {
    id: String,
    code: Option<String>,
    name: Option<String>,
    shape: MultiPolygon<f64>,
    west: f64,
    east: f64,
    south: f64,
    north: f64,
    m2: f64,
}

impl GeoService {
    /// The table between two layers of areas, in the order of the first one's areas, the largest share first.
    pub(crate) async fn crosswalk(
        &self,
        actor: &Actor,
        (layer, other): (&str, &str),
        now: Timestamp,
    ) -> Result<Vec<CrosswalkRow>, GeoError> {
        let own = self.shapes(actor, layer, now).await?;
        let others = self.shapes(actor, other, now).await?;
        let work = move || {
            let first = own.first().and_then(|(.., shape)| shape.label());
            let plane = first.map(|at| Plane::at(LonLat::new(at.lon, at.lat)));
            plane.map_or_else(Vec::new, |plane| {
                table(&outlines(own, &plane), outlines(others, &plane))
            })
        };
        let rows = tokio::task::spawn_blocking(work).await?;
        if rows.len() > ROWS_MAX {
            let message = format!(
                "the table would have {} lines, more than {ROWS_MAX}",
                rows.len()
            );
            return Err(GeoError::invalid("", "too_much", message));
        }
        Ok(rows)
    }

    /// All areas of a layer that the actor may see.
    async fn shapes(
        &self,
        actor: &Actor,
        layer: &str,
        now: Timestamp,
    ) -> Result<Vec<Named>, GeoError> {
        let gone = || GeoError::NotFound("layer of areas");
        let entry: LayerEntry = self.map.entry(layer).ok_or_else(gone)?;
        if entry.geometry != GeometryKind::Area {
            return Err(gone());
        }
        let mut wanted = ItemsWanted {
            limit: PAGE,
            ..ItemsWanted::default()
        };
        let mut shapes = Vec::new();
        loop {
            let page = self.items(actor, &entry, &wanted, now).await?;
            shapes.extend(page.items.into_iter().filter_map(|item| {
                let text = |key: &str| item.properties.get(key)?.as_str().map(str::to_owned);
                Some((item.id.clone(), text("code"), text("name"), item.shape?))
            }));
            if shapes.len() > AREAS_MAX {
                let message = format!("the layer {layer} has more than {AREAS_MAX} areas");
                return Err(GeoError::invalid("", "too_much", message));
            }
            wanted.after = page.next;
            if wanted.after.is_none() {
                return Ok(shapes);
            }
        }
    }
}

/// Id, code, name and outline.
type Named = (String, Option<String>, Option<String>, Shape);

fn outlines(shapes: Vec<Named>, plane: &Plane) -> Vec<Outline> {
    let outline = |(id, code, name, shape): Named| {
        let shape = match shape.into_geometry() {
            geo::Geometry::Polygon(polygon) => MultiPolygon::from(polygon),
            geo::Geometry::MultiPolygon(polygons) => polygons,
            _ => return None,
        };
        let shape = shape.map_coords(|at| {
            let (x, y) = plane.metres(LonLat::new(at.x, at.y));
            coord! { x: x, y: y }
        });
        let around = shape.bounding_rect()?;
        let m2 = shape.unsigned_area();
        (m2 > 0.0).then_some(Outline {
            id,
            code,
            name,
            west: around.min().x,
            east: around.max().x,
            south: around.min().y,
            north: around.max().y,
            m2,
            shape,
        })
    };
    shapes.into_iter().filter_map(outline).collect()
}

fn table(own: &[Outline], mut others: Vec<Outline>) -> Vec<CrosswalkRow> {
    others.sort_by(|a, b| a.west.total_cmp(&b.west));
    let widest = others.iter().map(|area| area.east - area.west);
    let widest = widest.fold(0.0, f64::max);
    let mut rows = Vec::new();
    for area in own {
        let from = others.partition_point(|other| other.west < area.west - widest);
        let beside = others.iter().skip(from);
        let mut shared: Vec<CrosswalkRow> = beside
            .take_while(|other| other.west <= area.east)
            .filter(|other| {
                other.east >= area.west && other.north >= area.south && other.south <= area.north
            })
            .filter_map(|other| row(area, other))
            .collect();
        shared.sort_by(|a, b| b.share.total_cmp(&a.share));
        rows.append(&mut shared);
        if rows.len() > ROWS_MAX {
            return rows;
        }
    }
    rows
}

fn row(area: &Outline, other: &Outline) -> Option<CrosswalkRow> {
    let shared = area.shape.intersection(&other.shape).unsigned_area();
    let (share, other_share) = (shared / area.m2, shared / other.m2);
    (share.max(other_share) >= LEAST_SHARE).then(|| CrosswalkRow {
        id: area.id.clone(),
        code: area.code.clone(),
        name: area.name.clone(),
        other_id: other.id.clone(),
        other_code: other.code.clone(),
        other_name: other.name.clone(),
        shared_m2: shared,
        share,
        other_share,
    })
}
