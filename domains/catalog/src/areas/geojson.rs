//! Outlines as GeoJSON (RFC 7946). They are schematic, and say so.

use serde_json::{Value, json};
use yiwang_coords::Ring;

use super::Area;

/// A document, ready to be sent.
#[derive(Debug)]
pub struct GeoJson {
    pub body: Vec<u8>,
    /// Changes with the content.
    pub tag: String,
}

impl GeoJson {
    pub(super) fn write<'a>(areas: impl Iterator<Item = &'a Area>) -> Self {
        let features: Vec<Value> = areas.map(feature).collect();
        let document = json!({
            "type": "FeatureCollection",
            "schematic": true,
            "title": {"zh": "示意图, 不是行政区域界线", "en": "Schematic; not administrative boundaries"},
            "features": features,
        });
        let body = document.to_string().into_bytes();
        let digest = yiwang_kernel::sha256(&body);
        let start = digest.first_chunk().copied().map_or(0, u64::from_be_bytes);
        let tag = format!("{start:016x}");
        Self { body, tag }
    }
}

fn feature(area: &Area) -> Value {
    let polygon = |ring| json!({"type": "Polygon", "coordinates": [counter_clockwise(ring)]});
    let geometry = area.ring.as_ref().map_or(Value::Null, polygon);
    let brief = &area.brief;
    json!({
        "type": "Feature",
        "id": brief.code,
        "geometry": geometry,
        "properties": {
            "code": brief.code,
            "name": brief.name,
            "parent": brief.parent,
            "level": brief.level,
            "label": [brief.label.lon, brief.label.lat],
        },
    })
}

fn counter_clockwise(ring: &Ring) -> Vec<[f64; 2]> {
    let mut points: Vec<[f64; 2]> = ring
        .points()
        .iter()
        .map(|point| [point.lon, point.lat])
        .collect();
    let edges = points.iter().zip(points.iter().skip(1));
    let doubled_area: f64 = edges.map(|([ax, ay], [bx, by])| ax * by - bx * ay).sum();
    if doubled_area < 0.0 {
        points.reverse();
    }
    points
}
