//! The ground of a fence, made ready for asking.

use yiwang_coords::{Bounds, Line, LonLat, Plane, Polygon, Ring};

use crate::spec::{Faults, Outline, Point, Problem};

const PARTS_MAX: usize = 1_000;
const RADIUS_MAX_M: f64 = 200_000.0;
const HALF_WIDTH_MAX_M: f64 = 50_000.0;
/// Rectangles around a corridor are of pieces about so long, or three times as long as it is wide.
const PIECE_M: f64 = 500.0;
const PIECES_MAX: f64 = 2_000.0;
/// Degrees, below a millimetre: rounding must not put a point of the ground beyond its rectangle.
const ROUNDING: f64 = 1e-9;

/// Every distance to the border is measured in the plane around the point that asks, so it is as exact as the point is
/// near.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    Polygons(Vec<Polygon>),
    Circle { centre: LonLat, radius_m: f64 },
    Corridor { lines: Vec<Line>, half_width_m: f64 },
}

impl Shape {
    pub(crate) fn new(outline: &Outline, faults: &mut Faults) -> Option<Self> {
        match outline {
            Outline::Polygon { coordinates } => {
                let path = "outline.coordinates";
                let polygons = parts(path, coordinates, faults, polygon)?;
                Some(Self::Polygons(polygons))
            }
            Outline::Circle { centre, radius_m } => {
                faults.within("outline.radius_m", *radius_m, 0.0, RADIUS_MAX_M);
                let centre = point(*centre);
                if !centre.is_valid() {
                    faults.add("outline.centre", Problem::Point);
                }
                let radius_m = *radius_m;
                Some(Self::Circle { centre, radius_m })
            }
            Outline::Corridor {
                lines,
                half_width_m,
            } => {
                let most = HALF_WIDTH_MAX_M;
                faults.within("outline.half_width_m", *half_width_m, 0.0, most);
                Some(Self::Corridor {
                    lines: parts("outline.lines", lines, faults, line)?,
                    half_width_m: *half_width_m,
                })
            }
        }
    }

    /// Does it hold the point?
    pub(crate) fn contains(&self, place: LonLat) -> bool {
        match self {
            Self::Polygons(polygons) => polygons.iter().any(|polygon| polygon.contains(place)),
            Self::Circle { centre, radius_m } => place.distance_m(*centre) <= *radius_m,
            Self::Corridor { .. } => self.is_border_within(&Plane::at(place), 0.0),
        }
    }

    /// How far beyond the border the origin of a plane is; 0 inside.
    pub(crate) fn outside_m(&self, plane: &Plane) -> f64 {
        let is_inside = matches!(self, Self::Polygons(_)) && self.contains(plane.origin());
        if is_inside {
            return 0.0;
        }
        self.border_m(plane).max(0.0)
    }

    /// Is the point inside, or no farther beyond the border than that?
    pub(crate) fn is_within(&self, place: LonLat, margin_m: f64) -> bool {
        self.contains(place) || self.is_border_within(&Plane::at(place), margin_m)
    }

    /// About how wide it is where it is narrow: what is less accurate than this says nothing about it.
    pub(crate) fn width_m(&self) -> f64 {
        match self {
            Self::Polygons(polygons) => {
                let width = |polygon: &Polygon| {
                    let bounds = polygon.bounds();
                    let plane = Plane::at(LonLat::new(bounds.west, bounds.south));
                    let (east, north) = plane.metres(LonLat::new(bounds.east, bounds.north));
                    polygon.width_m().min(east).min(north)
                };
                polygons.iter().map(width).fold(f64::INFINITY, f64::min)
            }
            Self::Circle { radius_m, .. } => 2.0 * radius_m,
            Self::Corridor { half_width_m, .. } => 2.0 * half_width_m,
        }
    }

    /// Rectangles that together hold all of it.
    pub(crate) fn boxes(&self) -> Vec<Bounds> {
        let mut boxes: Vec<_> = match self {
            Self::Polygons(polygons) => polygons.iter().map(Polygon::bounds).collect(),
            Self::Circle { centre, radius_m } => vec![centre.around(*radius_m)],
            Self::Corridor {
                lines,
                half_width_m,
            } => lines
                .iter()
                .flat_map(|line| pieces(line, *half_width_m))
                .map(|(from, to)| from.around(*half_width_m).join(&to.around(*half_width_m)))
                .collect(),
        };
        for bounds in &mut boxes {
            bounds.west -= ROUNDING;
            bounds.south -= ROUNDING;
            bounds.east += ROUNDING;
            bounds.north += ROUNDING;
        }
        boxes
    }

    /// Is the border no farther than that, or for all but polygons, is the place inside?
    fn is_border_within(&self, plane: &Plane, margin_m: f64) -> bool {
        match self {
            Self::Polygons(polygons) => {
                let mut polygons = polygons.iter();
                polygons.any(|polygon| polygon.is_border_within(plane, margin_m))
            }
            Self::Circle { .. } => self.border_m(plane) <= margin_m,
            Self::Corridor {
                lines,
                half_width_m,
            } => {
                let reach = half_width_m + margin_m;
                lines.iter().any(|line| line.is_within(plane, reach))
            }
        }
    }

    /// Of polygons the distance to the nearest edge, from inside too; of the others below 0 inside.
    fn border_m(&self, plane: &Plane) -> f64 {
        match self {
            Self::Polygons(polygons) => {
                let borders = polygons.iter().map(|polygon| polygon.border_m(plane));
                borders.fold(f64::INFINITY, f64::min)
            }
            Self::Circle { centre, radius_m } => plane.origin().distance_m(*centre) - radius_m,
            Self::Corridor {
                lines,
                half_width_m,
            } => {
                let lines = lines.iter().map(|line| line.distance_m(plane));
                lines.fold(f64::INFINITY, f64::min) - half_width_m
            }
        }
    }
}

/// Each part read, or nothing if one is faulty.
fn parts<S, T>(
    path: &str,
    written: &[Vec<S>],
    faults: &mut Faults,
    read: impl Fn(&str, &[S], &mut Faults) -> Option<T>,
) -> Option<Vec<T>> {
    if written.is_empty() {
        faults.add(path, Problem::Empty);
        return None;
    }
    if written.len() > PARTS_MAX {
        faults.add(path, Problem::TooMany(PARTS_MAX));
        return None;
    }
    let numbered = written.iter().enumerate();
    let read: Vec<_> = numbered
        .map(|(number, part)| read(&format!("{path}[{number}]"), part, faults))
        .collect();
    read.into_iter().collect()
}

fn polygon(path: &str, rings: &[Vec<Point>], faults: &mut Faults) -> Option<Polygon> {
    let mut rings = parts(path, rings, faults, ring)?.into_iter();
    let outer = rings.next()?;
    Polygon::new(outer, rings.collect())
        .map_err(|fault| faults.add(path, fault))
        .ok()
}

fn ring(path: &str, points: &[Point], faults: &mut Faults) -> Option<Ring> {
    Ring::new(points.iter().copied().map(point).collect())
        .map_err(|fault| faults.add(path, fault))
        .ok()
}

fn line(path: &str, points: &[Point], faults: &mut Faults) -> Option<Line> {
    Line::new(points.iter().copied().map(point).collect())
        .map_err(|fault| faults.add(path, fault))
        .ok()
}

fn point([lon, lat]: Point) -> LonLat {
    LonLat::new(lon, lat)
}

/// The line cut into pieces whose rectangles hold little else.
fn pieces(line: &Line, half_width_m: f64) -> Vec<(LonLat, LonLat)> {
    let longest = PIECE_M.max(6.0 * half_width_m);
    let longest = longest.max(line.length_m() / PIECES_MAX);
    let cut = |(from, to): (LonLat, LonLat)| {
        let count = (from.distance_m(to) / longest).ceil().max(1.0);
        let at = move |number: u32| from.toward(to, f64::from(number) / count);
        (0..count as u32).map(move |number| (at(number), at(number + 1)))
    };
    line.stretches().flat_map(cut).collect()
}
