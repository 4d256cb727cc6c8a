//! What there is, described: landing page, collections, queryables.

use serde_json::{Map, Value, json};

use super::crs::{ALL, System};
use crate::layer::{AttributeKind, GeometryKind, LayerEntry};
use crate::service::{LayerView, properties_of};

pub(crate) const CONFORMS_TO: [&str; 11] = [
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
];
const JSON: &str = "application/json";
pub(crate) const GEOJSON: &str = "application/geo+json";

pub(crate) fn link(rel: &str, media: &str, href: String) -> Value {
    json!({ "rel": rel, "type": media, "href": href })
}

pub(crate) fn landing(base: &str, server: &str) -> Value {
    json!({
        "title": "yiwang",
        "description": "The layers of the city's map that you may see. Ask with `Authorization: Bearer TOKEN`.",
        "links": [
            link("self", JSON, base.to_owned()),
            link("service-desc", "application/vnd.oai.openapi+json;version=3.1", format!("{server}/api/openapi.json")),
            link("conformance", JSON, format!("{base}/conformance")),
            link("data", JSON, format!("{base}/collections")),
        ],
    })
}

pub(crate) fn collections(base: &str, layers: &[LayerView]) -> Value {
    let all: Vec<Value> = layers.iter().map(|view| collection(base, view)).collect();
    json!({
        "collections": all,
        "crs": crs(),
        "links": [link("self", JSON, format!("{base}/collections"))],
    })
}

fn crs() -> Vec<&'static str> {
    ALL.map(System::uri).to_vec()
}

pub(crate) fn collection(base: &str, view: &LayerView) -> Value {
    let own = format!("{base}/collections/{}", view.layer.code);
    let mut described = json!({
        "id": view.layer.code,
        "title": view.layer.name.zh,
        "itemType": "feature",
        "crs": crs(),
        "storageCrs": System::Crs84.uri(),
        "links": [
            link("self", JSON, own.clone()),
            link("items", GEOJSON, format!("{own}/items")),
            link("http://www.opengis.net/def/rel/ogc/1.0/queryables", "application/schema+json",
                format!("{own}/queryables")),
        ],
    });
    if let (Some(bounds), Some(described)) = (view.bounds, described.as_object_mut()) {
        let extent = json!({ "spatial": { "bbox": [bounds], "crs": System::Crs84.uri() } });
        described.insert("extent".to_owned(), extent);
    }
    described
}

pub(crate) fn queryables(base: &str, layer: &LayerEntry) -> Value {
    let mut properties = Map::from_iter([("id".to_owned(), json!({ "type": "string" }))]);
    for name in properties_of(layer.content) {
        let described = match *name {
            "since" => json!({ "type": "string", "format": "date-time" }),
            "secrecy" | "version" | "level" => json!({ "type": "integer" }),
            "is_active" => json!({ "type": "boolean" }),
            _ => json!({ "type": "string" }),
        };
        properties.insert((*name).to_owned(), described);
    }
    for attribute in &layer.attributes {
        let title = attribute.name.zh.as_str();
        let described = match attribute.kind {
            AttributeKind::Text => json!({ "type": "string", "title": title }),
            AttributeKind::Number => json!({ "type": "number", "title": title }),
            AttributeKind::Flag => json!({ "type": "boolean", "title": title }),
            AttributeKind::Date => json!({ "type": "string", "format": "date", "title": title }),
        };
        properties.insert(attribute.code.clone(), described);
    }
    let shape = match layer.geometry {
        GeometryKind::Point => "point",
        GeometryKind::Line => "linestring",
        GeometryKind::Area => "polygon",
    };
    let geometry =
        json!({ "x-ogc-role": "primary-geometry", "format": format!("geometry-{shape}") });
    properties.insert("geometry".to_owned(), geometry);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("{base}/collections/{}/queryables", layer.code),
        "title": layer.name.zh,
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}
