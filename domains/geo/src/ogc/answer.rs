//! Features as GeoJSON.

use serde_json::{Value, json};
use yiwang_kernel::Timestamp;

use super::crs::System;
use super::pages::{GEOJSON, link};
use crate::service::{Item, Items};
use crate::shape::geojson_of;

/// A page of features, with the way to the next.
pub(crate) fn items(
    base: &str,
    query: &[(String, String)],
    found: &Items,
    system: System,
    now: Timestamp,
) -> Value {
    let here = |more: Option<&str>| {
        let kept = query
            .iter()
            .filter(|(name, _)| more.is_none() || name != "cursor");
        let pairs = kept.map(|(name, text)| (name.as_str(), text.as_str()));
        let all = pairs.chain(more.map(|cursor| ("cursor", cursor)));
        let text = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(all)
            .finish();
        let mark = if text.is_empty() { "" } else { "?" };
        format!("{base}/items{mark}{text}")
    };
    let mut links = vec![
        link("self", GEOJSON, here(None)),
        link("collection", "application/json", base.to_owned()),
    ];
    if let Some(next) = &found.next {
        links.push(link("next", GEOJSON, here(Some(next))));
    }
    let features = found.items.iter().map(|item| feature(item, system));
    json!({
        "type": "FeatureCollection",
        "timeStamp": now.to_string(),
        "numberReturned": found.items.len(),
        "features": features.collect::<Vec<Value>>(),
        "links": links,
    })
}

/// One feature, with the way to its collection.
pub(crate) fn item(base: &str, item: &Item, system: System) -> Value {
    let links = json!([
        link("self", GEOJSON, format!("{base}/items/{}", item.id)),
        link("collection", "application/json", base.to_owned()),
    ]);
    let mut document = feature(item, system);
    if let Some(document) = document.as_object_mut() {
        document.insert("links".to_owned(), links);
    }
    document
}

fn feature(item: &Item, system: System) -> Value {
    let geometry = item
        .shape
        .as_ref()
        .map_or(Value::Null, |shape| match system {
            System::Crs84 => shape.to_geojson(),
            other => geojson_of(&other.of(shape.geometry())),
        });
    // Numbers are numbers: GDAL keeps them as the ids of its features.
    let id = item
        .id
        .parse::<i64>()
        .map_or_else(|_text| Value::from(item.id.as_str()), Value::from);
    json!({ "type": "Feature", "id": id, "geometry": geometry, "properties": item.properties })
}
