//! Outlines as GeoJSON (RFC 7946). They are schematic, and say so.

use serde_json::{Value, json};

use super::Area;
use crate::model::Ring;

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
        let tag = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { body, tag }
    }
}

fn feature(area: &Area) -> Value {
    let geometry = if area.ring.0.is_empty() {
        Value::Null
    } else {
        json!({"type": "Polygon", "coordinates": [counter_clockwise(&area.ring)]})
    };
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
    let doubled_area: f64 = ring
        .0
        .iter()
        .zip(ring.0.iter().skip(1))
        .map(|([ax, ay], [bx, by])| ax * by - bx * ay)
        .sum();
    let mut points = ring.0.clone();
    if doubled_area < 0.0 {
        points.reverse();
    }
    points
}
