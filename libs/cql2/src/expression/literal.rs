//! Literals that are more than a word: geometries, boxes, times.

use std::str::FromStr as _;

use geo::{CoordsIter as _, Geometry, MultiPolygon, Polygon, Rect};
use wkt::Wkt;

/// Geometries within one another, and the brackets of a multipolygon's rings.
const BRACKETS_MAX: usize = 8;

const KINDS: [&str; 7] = [
    "POINT",
    "LINESTRING",
    "POLYGON",
    "MULTIPOINT",
    "MULTILINESTRING",
    "MULTIPOLYGON",
    "GEOMETRYCOLLECTION",
];

pub(super) fn is_kind(word: &str) -> bool {
    KINDS.iter().any(|kind| kind.eq_ignore_ascii_case(word))
}

/// Where the bracket that opens first in a text is closed, in bytes; nothing where it is not.
pub(super) fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// A geometry of finite coordinates; heights are dropped.
pub(super) fn wkt_shape(text: &str) -> Result<Geometry<f64>, String> {
    let mut depth = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > BRACKETS_MAX {
            return Err(format!(
                "a geometry's brackets go at most {BRACKETS_MAX} deep"
            ));
        }
    }
    // Without `Z` the reader takes two numbers only; the standard's examples leave it away.
    let shape = Wkt::<f64>::from_str(text)
        .or_else(|fault| Wkt::from_str(&with_height(text)).map_err(|_second| fault))
        .map_err(str::to_owned)
        .and_then(|wkt| Geometry::try_from(wkt).map_err(|fault| fault.to_string()))
        .map_err(|fault| {
            format!("this is no geometry ({fault}); write POINT(120.28 31.91) or POLYGON((x y, …))")
        })?;
    whole(shape)
}

fn with_height(text: &str) -> String {
    KINDS.iter().fold(text.to_ascii_uppercase(), |text, kind| {
        // `POINT` stands at the end of `MULTIPOINT`, too, where it is replaced the same.
        text.replace(&format!("{kind}("), &format!("{kind} Z("))
            .replace(&format!("{kind} ("), &format!("{kind} Z("))
    })
}

/// The geometry, unless it has no points, or points that are no numbers.
pub(super) fn whole(shape: Geometry<f64>) -> Result<Geometry<f64>, String> {
    let mut count = 0_usize;
    for coord in shape.coords_iter() {
        count += 1;
        if !(coord.x.is_finite() && coord.y.is_finite()) {
            return Err("a coordinate is no number".to_owned());
        }
    }
    if count == 0 {
        return Err("an empty geometry lies nowhere; leave the condition out".to_owned());
    }
    if !lines_are_lines(&shape) {
        return Err("a line has at least two points, a ring of a polygon four".to_owned());
    }
    Ok(shape)
}

fn lines_are_lines(shape: &Geometry<f64>) -> bool {
    let ring = |polygon: &Polygon<f64>| {
        polygon.exterior().0.len() >= 4 && polygon.interiors().iter().all(|ring| ring.0.len() >= 4)
    };
    match shape {
        Geometry::LineString(line) => line.0.len() >= 2,
        Geometry::MultiLineString(lines) => lines.iter().all(|line| line.0.len() >= 2),
        Geometry::Polygon(polygon) => ring(polygon),
        Geometry::MultiPolygon(polygons) => polygons.iter().all(ring),
        Geometry::GeometryCollection(all) => all.iter().all(lines_are_lines),
        _ => true,
    }
}

/// A box of four numbers, or of six with heights; one across the 180th meridian has two halves.
pub(crate) fn bbox(numbers: &[f64]) -> Result<Geometry<f64>, String> {
    let (west, south, east, north) = match numbers {
        [west, south, east, north] | [west, south, _, east, north, _] => {
            (*west, *south, *east, *north)
        }
        _ => {
            return Err(format!(
                "a box has four numbers, west, south, east and north, not {}",
                numbers.len()
            ));
        }
    };
    if south > north {
        return Err(format!(
            "a box's south ({south}) is not north of its north ({north}); write west, south, east, north"
        ));
    }
    if west <= east {
        return Ok(Rect::new((west, south), (east, north)).to_polygon().into());
    }
    if west > 180.0 || east < -180.0 {
        return Err(format!(
            "a box's west ({west}) is not east of its east ({east}); write west, south, east, north"
        ));
    }
    let halves = [
        Rect::new((west, south), (180.0, north)).to_polygon(),
        Rect::new((-180.0, south), (east, north)).to_polygon(),
    ];
    Ok(MultiPolygon::new(halves.into()).into())
}
