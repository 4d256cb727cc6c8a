//! Polygons from rings that stand side by side: those that turn right are outlines, those that turn left are holes,
//! and which hole belongs to which outline nobody says.

use geo::coordinate_position::{CoordPos, CoordinatePosition as _};
use geo::{Coord, Geometry, LineString, MultiPolygon, Polygon};

pub(super) fn polygons(rings: Vec<LineString<f64>>) -> Geometry<f64> {
    let (outlines, holes): (Vec<_>, Vec<_>) = rings
        .into_iter()
        .partition(|ring| doubled_area(ring) <= 0.0);
    let mut polygons: Vec<Polygon<f64>> = outlines
        .into_iter()
        .map(|outline| Polygon::new(outline, Vec::new()))
        .collect();
    let mut alone = Vec::new();
    for hole in holes {
        match polygons.iter_mut().find(|polygon| holds(polygon, &hole)) {
            Some(polygon) => polygon.interiors_push(hole),
            // Some programs turn their outlines to the left.
            None => alone.push(Polygon::new(hole, Vec::new())),
        }
    }
    polygons.append(&mut alone);
    if polygons.len() == 1 {
        return Geometry::Polygon(polygons.remove(0));
    }
    MultiPolygon::new(polygons).into()
}

/// Above nothing where the ring turns left.
fn doubled_area(ring: &LineString<f64>) -> f64 {
    // Near the first point the products stay small and keep their digits.
    let Some(first) = ring.0.first().copied() else {
        return 0.0;
    };
    let cross = |a: Coord<f64>, b: Coord<f64>| {
        let (a, b) = (a - first, b - first);
        a.x * b.y - b.x * a.y
    };
    ring.lines().map(|line| cross(line.start, line.end)).sum()
}

/// Is the hole inside? One corner may lie on the outline.
fn holds(polygon: &Polygon<f64>, hole: &LineString<f64>) -> bool {
    let outline = Polygon::new(polygon.exterior().clone(), Vec::new());
    let told = hole
        .coords()
        .map(|corner| outline.coordinate_position(corner))
        .find(|position| *position != CoordPos::OnBoundary);
    told == Some(CoordPos::Inside)
}
