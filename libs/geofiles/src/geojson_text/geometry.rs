//! Geometries from positions, which may be too short; heights are dropped.

use geo::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use geojson::{GeometryValue, Position};

use crate::door::Wrong;

/// Collections within one another.
const DEPTH_MAX: usize = 8;

/// The geometry, and whether it had heights.
pub(super) fn convert(geometry: geojson::Geometry) -> Result<(Geometry<f64>, bool), Wrong> {
    let mut has_heights = false;
    let converted = value(&geometry.value, &mut has_heights, DEPTH_MAX)?;
    Ok((converted, has_heights))
}

fn value(value: &GeometryValue, high: &mut bool, depth: usize) -> Result<Geometry<f64>, Wrong> {
    let depth = depth.checked_sub(1).ok_or_else(|| {
        Wrong::new(
            format!("its geometry has collections more than {DEPTH_MAX} deep"),
            "put them side by side",
        )
    })?;
    Ok(match value {
        GeometryValue::Point { coordinates } => Point::from(coord(coordinates, high)?).into(),
        GeometryValue::MultiPoint { coordinates } => {
            MultiPoint::from(coords(coordinates, high)?).into()
        }
        GeometryValue::LineString { coordinates } => line(coordinates, high)?.into(),
        GeometryValue::MultiLineString { coordinates } => {
            let lines = coordinates.iter().map(|each| line(each, high));
            MultiLineString::new(lines.collect::<Result<_, _>>()?).into()
        }
        GeometryValue::Polygon { coordinates } => polygon(coordinates, high)?.into(),
        GeometryValue::MultiPolygon { coordinates } => {
            let polygons = coordinates.iter().map(|each| polygon(each, high));
            MultiPolygon::new(polygons.collect::<Result<_, _>>()?).into()
        }
        GeometryValue::GeometryCollection { geometries } => {
            let parts = geometries
                .iter()
                .map(|each| self::value(&each.value, high, depth));
            Geometry::GeometryCollection(parts.collect::<Result<Vec<_>, _>>()?.into())
        }
    })
}

fn coord(position: &Position, high: &mut bool) -> Result<Coord<f64>, Wrong> {
    match position.as_slice() {
        [x, y, rest @ ..] => {
            *high |= !rest.is_empty();
            Ok(Coord { x: *x, y: *y })
        }
        _ => Err(Wrong::new(
            "a position of its geometry has less than two numbers",
            "write [longitude, latitude]",
        )),
    }
}

fn coords(all: &[Position], high: &mut bool) -> Result<Vec<Coord<f64>>, Wrong> {
    all.iter().map(|each| coord(each, high)).collect()
}

fn line(all: &[Position], high: &mut bool) -> Result<LineString<f64>, Wrong> {
    coords(all, high).map(LineString::from)
}

fn polygon(rings: &[Vec<Position>], high: &mut bool) -> Result<Polygon<f64>, Wrong> {
    let rings = rings.iter().map(|ring| line(ring, high));
    let mut rings = rings.collect::<Result<Vec<_>, _>>()?.into_iter();
    let outer = rings.next().unwrap_or_else(|| LineString::new(Vec::new()));
    Ok(Polygon::new(outer, rings.collect()))
}
