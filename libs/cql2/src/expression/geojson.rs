//! Geometries of GeoJSON; heights are dropped.

use geo::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};
use serde_json::Value as Json;

use super::literal::whole;

/// Points of one geometry.
const POINTS_MAX: usize = 10_000;
/// Collections within one another.
const DEPTH_MAX: usize = 4;

pub(crate) fn geojson_shape(json: &Json) -> Result<Geometry<f64>, String> {
    let mut room = POINTS_MAX;
    let shape = geometry(json, &mut room, DEPTH_MAX)
        .ok_or_else(|| format!("this is no GeoJSON geometry of at most {POINTS_MAX} points"))?;
    whole(shape)
}

fn geometry(json: &Json, room: &mut usize, depth: usize) -> Option<Geometry<f64>> {
    let depth = depth.checked_sub(1)?;
    let at = json.get("coordinates").unwrap_or(&Json::Null);
    Some(match json.get("type")?.as_str()? {
        "Point" => Point::from(coordinate(at, room)?).into(),
        "MultiPoint" => MultiPoint::from(each(at, |at| coordinate(at, room))?).into(),
        "LineString" => line(at, room)?.into(),
        "MultiLineString" => MultiLineString::new(each(at, |at| line(at, room))?).into(),
        "Polygon" => polygon(at, room)?.into(),
        "MultiPolygon" => MultiPolygon::new(each(at, |at| polygon(at, room))?).into(),
        "GeometryCollection" => {
            let parts = each(json.get("geometries")?, |part| geometry(part, room, depth))?;
            Geometry::GeometryCollection(GeometryCollection::from(parts))
        }
        _ => return None,
    })
}

fn each<T>(list: &Json, read: impl FnMut(&Json) -> Option<T>) -> Option<Vec<T>> {
    list.as_array()?.iter().map(read).collect()
}

fn coordinate(at: &Json, room: &mut usize) -> Option<Coord<f64>> {
    *room = room.checked_sub(1)?;
    let (x, y) = (at.get(0)?.as_f64()?, at.get(1)?.as_f64()?);
    Some(Coord { x, y })
}

fn line(at: &Json, room: &mut usize) -> Option<LineString<f64>> {
    each(at, |at| coordinate(at, room)).map(LineString::from)
}

fn polygon(at: &Json, room: &mut usize) -> Option<Polygon<f64>> {
    let mut rings = each(at, |at| line(at, room))?.into_iter();
    Some(Polygon::new(rings.next()?, rings.collect()))
}
