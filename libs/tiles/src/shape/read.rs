//! From a geometry in degrees to a point or a shape.

use std::sync::Arc;

use geo_types::{Coord, Geometry, LineString, Polygon};

use super::{Part, Shape, ShapeKind, Vertex, crossing, doubled_area, weight};
use crate::{
    refusal::{Fault, VERTICES_MAX},
    world::{Rect, World},
};

/// Where a feature is.
#[derive(Debug, Clone)]
pub(crate) enum Placed {
    Point(World),
    Shape(Arc<Shape>),
}

impl Placed {
    pub(crate) fn bounds(&self) -> Rect {
        match self {
            Self::Point(place) => Rect::of(*place),
            Self::Shape(shape) => shape.bounds,
        }
    }
}

/// Takes a geometry or says what is wrong with it.
pub(crate) fn read(geometry: &Geometry<f64>) -> Result<Placed, Fault> {
    match geometry {
        Geometry::Point(point) => place(point.0).map(Placed::Point),
        Geometry::MultiPoint(points) => {
            read_points(&points.0.iter().map(|p| p.0).collect::<Vec<_>>())
        }
        Geometry::Line(line) => lines(&[LineString::new(vec![line.start, line.end])]),
        Geometry::LineString(line) => lines(core::slice::from_ref(line)),
        Geometry::MultiLineString(many) => lines(&many.0),
        Geometry::Polygon(polygon) => polygons(core::slice::from_ref(polygon)),
        Geometry::MultiPolygon(many) => polygons(&many.0),
        Geometry::Rect(rect) => polygons(&[rect.to_polygon()]),
        Geometry::Triangle(triangle) => polygons(&[triangle.to_polygon()]),
        Geometry::GeometryCollection(_) => Err(Fault::Collection),
    }
}

fn place(at: Coord<f64>) -> Result<World, Fault> {
    World::from_lon_lat(at.x, at.y)
}

fn read_points(points: &[Coord<f64>]) -> Result<Placed, Fault> {
    if points.len() > VERTICES_MAX {
        let points = points.len();
        return Err(Fault::TooManyPoints { points });
    }
    let mut shape = Draft::default();
    for point in points {
        shape.vertices.push(place(*point)?);
    }
    if let [only] = shape.vertices.as_slice() {
        return Ok(Placed::Point(*only));
    }
    shape.close(false, 0.0);
    shape.finish(ShapeKind::Points)
}

/// A shape in the making.
#[derive(Default)]
struct Draft {
    parts: Vec<Part>,
    vertices: Vec<World>,
}

impl Draft {
    /// Ends the part whose vertices were pushed.
    fn close(&mut self, is_hole: bool, size: f64) {
        let end = self.vertices.len() as u32;
        self.parts.push(Part { end, is_hole, size });
    }

    /// Adds the places of a line, each that differs from the one before; gives where they begin.
    fn extend(&mut self, line: &LineString<f64>) -> Result<usize, Fault> {
        let start = self.vertices.len();
        let points = start + line.0.len();
        if points > VERTICES_MAX {
            return Err(Fault::TooManyPoints { points });
        }
        for coord in &line.0 {
            let vertex = place(*coord)?;
            if self.vertices.len() == start || self.vertices.last() != Some(&vertex) {
                self.vertices.push(vertex);
            }
        }
        Ok(start)
    }

    fn since(&mut self, start: usize) -> &mut [World] {
        self.vertices.get_mut(start..).unwrap_or_default()
    }

    fn finish(self, kind: ShapeKind) -> Result<Placed, Fault> {
        let bounds = Rect::around(&self.vertices).ok_or(Fault::Empty)?;
        let mut shape = Shape {
            kind,
            bounds,
            middle: middle(bounds),
            size: self.parts.iter().map(|part| part.size).fold(0.0, f64::max),
            parts: self.parts.into(),
            vertices: self.vertices.into_iter().map(unweighted).collect(),
        };
        if kind != ShapeKind::Points {
            weight::weigh(&mut shape);
        }
        if kind == ShapeKind::Polygons {
            crossing::mend(&mut shape);
        }
        Ok(Placed::Shape(Arc::new(shape)))
    }
}

fn unweighted(place: World) -> Vertex {
    Vertex {
        place,
        weight: f32::INFINITY,
    }
}

fn middle(bounds: Rect) -> World {
    World {
        x: bounds.min.x.midpoint(bounds.max.x),
        y: bounds.min.y.midpoint(bounds.max.y),
    }
}

fn lines(lines: &[LineString<f64>]) -> Result<Placed, Fault> {
    let mut draft = Draft::default();
    for (part, line) in lines.iter().enumerate() {
        let start = draft.extend(line)?;
        let places = draft.since(start);
        if places.len() < 2 {
            return Err(Fault::ShortLine { part });
        }
        let size = Rect::around(places).map_or(0.0, |rect| {
            let (wide, high) = (rect.max.x - rect.min.x, rect.max.y - rect.min.y);
            f64::from(wide.max(high)).powi(2)
        });
        draft.close(false, size);
    }
    draft.finish(ShapeKind::Lines)
}

fn polygons(polygons: &[Polygon<f64>]) -> Result<Placed, Fault> {
    let mut draft = Draft::default();
    for (part, polygon) in polygons.iter().enumerate() {
        let rings = core::iter::once(polygon.exterior()).chain(polygon.interiors());
        for (ring, line) in rings.enumerate() {
            add_ring(&mut draft, line, part, ring)?;
        }
    }
    draft.finish(ShapeKind::Polygons)
}

/// Adds a ring without its repeated last place, turned the way it must run.
fn add_ring(
    draft: &mut Draft,
    line: &LineString<f64>,
    part: usize,
    ring: usize,
) -> Result<(), Fault> {
    let start = draft.extend(line)?;
    let places = draft.since(start);
    if places.len() > 1 && places.first() == places.last() {
        draft.vertices.pop();
    }
    let places = draft.since(start);
    let points = places.len();
    if points < 3 {
        return Err(Fault::ShortRing { part, ring, points });
    }
    let area = doubled_area(places.iter().copied());
    if area == 0 {
        return Err(Fault::FlatRing { part, ring });
    }
    let is_hole = ring > 0;
    if (area < 0) != is_hole {
        places.reverse();
    }
    draft.close(is_hole, area.unsigned_abs() as f64 / 2.0);
    Ok(())
}

#[cfg(test)]
mod tests {
    use geo_types::{MultiPoint, line_string, point, polygon};

    use super::*;

    #[test]
    fn what_cannot_be_drawn_is_refused_with_its_place() {
        let short = polygon![(x: 1.0, y: 1.0), (x: 2.0, y: 1.0)];
        let fault = |geometry: Geometry<f64>| read(&geometry).unwrap_err();
        let expected = Fault::ShortRing {
            part: 0,
            ring: 0,
            points: 2,
        };
        assert_eq!(fault(short.into()), expected);
        let flat = polygon![(x: 0.0, y: 0.0), (x: 2.0, y: 0.0), (x: 1.0, y: 0.0)];
        assert_eq!(fault(flat.into()), Fault::FlatRing { part: 0, ring: 0 });
        let still = line_string![(x: 1.0, y: 1.0), (x: 1.0, y: 1.0)];
        assert_eq!(fault(still.into()), Fault::ShortLine { part: 0 });
        assert_eq!(fault(point!(x: f64::NAN, y: 1.0).into()), Fault::NotANumber);
        assert_eq!(fault(MultiPoint::new(vec![]).into()), Fault::Empty);
        let many = line_string![(x: 1.0, y: 1.0), (x: 1.0, y: f64::INFINITY)];
        assert_eq!(fault(many.into()), Fault::NotANumber);
    }

    #[test]
    fn rings_run_as_tiles_want_them() {
        let outer = vec![
            (0.0, 0.0),
            (10.0, 0.0),
            (10.0, 10.0),
            (0.0, 10.0),
            (0.0, 0.0),
        ];
        let inner = vec![(2.0, 2.0), (4.0, 2.0), (4.0, 4.0), (2.0, 4.0), (2.0, 2.0)];
        for turn in [false, true] {
            let (mut outer, mut inner) = (outer.clone(), inner.clone());
            if turn {
                outer.reverse();
                inner.reverse();
            }
            let polygon = Polygon::new(outer.into(), vec![inner.into()]);
            let Placed::Shape(shape) = read(&polygon.into()).unwrap() else {
                panic!("a polygon is a shape")
            };
            let areas: Vec<bool> = shape
                .parts()
                .map(|part| doubled_area(part.kept(0.0)) > 0)
                .collect();
            assert_eq!(areas, [true, false]);
        }
    }
}
