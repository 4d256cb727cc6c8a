//! GeoJSON.

use geo::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};
use serde_json::Value;

use super::{POINTS_MAX, Shape};

/// Geometries within one another.
const DEPTH_MAX: usize = 4;

/// The geometry of a GeoJSON object: a geometry, or a feature that has one.
pub fn of_geojson(json: &Value) -> Option<Shape> {
    let mut room = POINTS_MAX;
    geometry(json, &mut room, DEPTH_MAX).map(Shape)
}

fn geometry(json: &Value, room: &mut usize, depth: usize) -> Option<Geometry<f64>> {
    let depth = depth.checked_sub(1)?;
    let at = json.get("coordinates").unwrap_or(&Value::Null);
    Some(match json.get("type")?.as_str()? {
        "Feature" => geometry(json.get("geometry")?, room, depth)?,
        "Point" => Point::from(coordinate(at, room)?).into(),
        "MultiPoint" => MultiPoint::from(coordinates(at, room, 1)?).into(),
        "LineString" => LineString::from(coordinates(at, room, 2)?).into(),
        "MultiLineString" => {
            let lines = each(at, |line| coordinates(line, room, 2).map(LineString::from));
            MultiLineString::new(lines?).into()
        }
        "Polygon" => polygon(at, room)?.into(),
        "MultiPolygon" => MultiPolygon::new(each(at, |part| polygon(part, room))?).into(),
        "GeometryCollection" => {
            let parts = each(json.get("geometries")?, |part| geometry(part, room, depth));
            Geometry::GeometryCollection(GeometryCollection::from(parts?))
        }
        _ => return None,
    })
}

fn each<T>(list: &Value, read: impl FnMut(&Value) -> Option<T>) -> Option<Vec<T>> {
    let list = list.as_array().filter(|list| !list.is_empty())?;
    list.iter().map(read).collect()
}

fn coordinate(at: &Value, room: &mut usize) -> Option<Coord<f64>> {
    *room = room.checked_sub(1)?;
    let number = |place: usize| at.get(place)?.as_f64().filter(|each| each.is_finite());
    Some(Coord {
        x: number(0)?,
        y: number(1)?,
    })
}

fn coordinates(list: &Value, room: &mut usize, least: usize) -> Option<Vec<Coord<f64>>> {
    let all = each(list, |at| coordinate(at, room))?;
    (all.len() >= least).then_some(all)
}

fn polygon(rings: &Value, room: &mut usize) -> Option<Polygon<f64>> {
    let rings = each(rings, |ring| {
        coordinates(ring, room, 4).map(LineString::from)
    })?;
    let mut rings = rings.into_iter();
    let outer = rings.next()?;
    Some(Polygon::new(outer, rings.collect()))
}
