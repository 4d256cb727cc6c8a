//! Where a feature is: a geometry in degrees of CGCS2000, read from and written as GeoJSON (RFC 7946).

use geo::{BoundingRect as _, CoordsIter as _, Geometry, InteriorPoint as _, Point};
use serde::Deserialize as _;
use serde_json::Value;
use yiwang_coords::Ring;
use yiwang_kernel::Position;

use crate::layer::GeometryKind;

/// Points of one geometry.
pub(crate) const POINTS_MAX: usize = 100_000;

/// A geometry of points on the ground.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape(Geometry<f64>);

/// Why something is no shape.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShapeFault {
    #[error("it is no GeoJSON geometry: {0}")]
    Malformed(String),
    #[error(
        "a layer of {wanted} takes {} only, and this is a {found}",
        kinds(wanted)
    )]
    OtherKind {
        wanted: &'static str,
        found: &'static str,
    },
    #[error("it has no points")]
    Empty,
    #[error("it has {0} points, and at most {POINTS_MAX} are taken")]
    TooMany(usize),
    #[error("{0} is no longitude and latitude in degrees")]
    OutOfRange(String),
}

fn kinds(wanted: &str) -> &'static str {
    match wanted {
        "points" => "Point",
        "lines" => "LineString and MultiLineString",
        _ => "Polygon and MultiPolygon",
    }
}

impl Shape {
    /// Reads a GeoJSON geometry that a layer of this kind can hold.
    pub fn of_geojson(value: &Value, kind: GeometryKind) -> Result<Self, ShapeFault> {
        Self::new(geometry_of(value)?, kind)
    }

    /// Reads what [`Shape::to_geojson`] wrote.
    pub(crate) fn of_stored(value: &Value) -> Result<Self, ShapeFault> {
        Ok(Self(geometry_of(value)?))
    }

    pub fn new(geometry: Geometry<f64>, kind: GeometryKind) -> Result<Self, ShapeFault> {
        let (is_wanted, wanted) = match kind {
            GeometryKind::Point => (matches!(geometry, Geometry::Point(_)), "points"),
            GeometryKind::Line => {
                let is_line = matches!(
                    geometry,
                    Geometry::LineString(_) | Geometry::MultiLineString(_)
                );
                (is_line, "lines")
            }
            GeometryKind::Area => {
                let is_area = matches!(geometry, Geometry::Polygon(_) | Geometry::MultiPolygon(_));
                (is_area, "areas")
            }
        };
        if !is_wanted {
            let found = word(&geometry);
            return Err(ShapeFault::OtherKind { wanted, found });
        }
        match geometry.coords_count() {
            0 => return Err(ShapeFault::Empty),
            count if count > POINTS_MAX => return Err(ShapeFault::TooMany(count)),
            _ => {}
        }
        let stray = geometry
            .coords_iter()
            .find(|at| Position::new(at.x, at.y).is_err());
        match stray {
            Some(at) => Err(ShapeFault::OutOfRange(format!("{}, {}", at.x, at.y))),
            None => Ok(Self(geometry)),
        }
    }

    pub fn geometry(&self) -> &Geometry<f64> {
        &self.0
    }

    pub(crate) fn into_geometry(self) -> Geometry<f64> {
        self.0
    }

    /// A place.
    pub(crate) fn at(place: Position) -> Self {
        Self(Point::new(place.lon, place.lat).into())
    }

    /// The area within a ring.
    pub(crate) fn of_ring(ring: &Ring) -> Self {
        let points: Vec<(f64, f64)> = ring.points().iter().map(|at| (at.lon, at.lat)).collect();
        Self(geo::Polygon::new(points.into(), Vec::new()).into())
    }

    /// As a GeoJSON geometry.
    pub fn to_geojson(&self) -> Value {
        geojson_of(&self.0)
    }

    /// A point that surely lies on it: to name it, and to ask in which area it is.
    pub fn label(&self) -> Option<Position> {
        let point: Option<Point> = match &self.0 {
            Geometry::Point(point) => Some(*point),
            other => other.interior_point(),
        };
        point.and_then(|point| Position::new(point.x(), point.y()).ok())
    }

    /// West, south, east, north.
    pub fn bounds(&self) -> Option<[f64; 4]> {
        let bounds = self.0.bounding_rect()?;
        let (least, most) = (bounds.min(), bounds.max());
        Some([least.x, least.y, most.x, most.y])
    }
}

/// A geometry in whatever coordinates as GeoJSON writes it.
pub(crate) fn geojson_of(geometry: &Geometry<f64>) -> Value {
    serde_json::to_value(geojson::Geometry::from(geometry)).unwrap_or_default()
}

fn geometry_of(value: &Value) -> Result<Geometry<f64>, ShapeFault> {
    let geometry = geojson::Geometry::deserialize(value);
    let geometry = geometry.map_err(|error| ShapeFault::Malformed(error.to_string()))?;
    Geometry::try_from(geometry).map_err(|error| ShapeFault::Malformed(error.to_string()))
}

fn word(geometry: &Geometry<f64>) -> &'static str {
    match geometry {
        Geometry::Point(_) => "Point",
        Geometry::LineString(_) => "LineString",
        Geometry::Polygon(_) => "Polygon",
        Geometry::MultiPoint(_) => "MultiPoint",
        Geometry::MultiLineString(_) => "MultiLineString",
        Geometry::MultiPolygon(_) => "MultiPolygon",
        _ => "GeometryCollection",
    }
}
