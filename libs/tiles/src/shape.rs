//! Lines, polygons and groups of points, made ready once so that a tile only picks vertices.
//!
//! Every vertex has a *weight*: the tolerance up to which it is kept. Rings lie as MVT wants them, exteriors clockwise
//! on the map and holes against it. A part's size decides at which zooms it is seen, so that neighbouring tiles agree.

mod crossing;
mod read;
mod weight;

use core::ops::Range;

pub(crate) use read::{Placed, read};

use crate::world::{Rect, World};

/// Units of a tile by which a drawn line may differ from the true one: half a pixel of a tile of 512 pixels.
pub(crate) const TOLERANCE_UNITS: f64 = 4.0;
/// Units of a tile along a pixel's side.
pub(crate) const PIXEL_UNITS: f64 = 8.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShapeKind {
    Points,
    Lines,
    Polygons,
}

/// A line or a ring: its vertices run from the end of the part before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Part {
    end: u32,
    is_hole: bool,
    /// Area in square units of the map, or for lines the square of the longer side of their box.
    size: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shape {
    pub(crate) kind: ShapeKind,
    pub(crate) bounds: Rect,
    /// Where it stands when it is too small to be seen.
    pub(crate) middle: World,
    /// The largest part's.
    pub(crate) size: f64,
    parts: Box<[Part]>,
    vertices: Box<[Vertex]>,
}

/// A place of a line or ring, and the tolerance up to which it is kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Vertex {
    place: World,
    weight: f32,
}

/// A part with its vertices.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PartView<'a> {
    pub(crate) is_hole: bool,
    pub(crate) size: f64,
    vertices: &'a [Vertex],
}

impl PartView<'_> {
    /// The vertices that are kept at a tolerance.
    pub(crate) fn kept(&self, tolerance: f64) -> impl Iterator<Item = World> + Clone {
        let kept = move |vertex: &&Vertex| f64::from(vertex.weight) > tolerance;
        self.vertices.iter().filter(kept).map(|vertex| vertex.place)
    }
}

impl Shape {
    pub(crate) fn parts(&self) -> impl Iterator<Item = PartView<'_>> {
        let mut start = 0;
        self.parts.iter().map(move |part| {
            let range: Range<usize> = start..part.end as usize;
            start = range.end;
            PartView {
                is_hole: part.is_hole,
                size: part.size,
                vertices: self.vertices.get(range).unwrap_or_default(),
            }
        })
    }

    pub(crate) fn points(&self) -> impl Iterator<Item = World> {
        self.vertices.iter().map(|vertex| vertex.place)
    }

    /// The size by which it is seen or not: groups of points always are.
    pub(crate) fn seen_size(&self) -> f64 {
        if self.kind == ShapeKind::Points {
            f64::INFINITY
        } else {
            self.size
        }
    }

    /// Bytes that it holds.
    pub(crate) fn bytes(&self) -> usize {
        size_of::<Self>()
            + self.parts.len() * size_of::<Part>()
            + self.vertices.len() * size_of::<Vertex>()
    }
}

/// Twice the area of a ring: above zero where it runs clockwise on the map, whose y points south.
pub(crate) fn doubled_area(ring: impl Iterator<Item = World> + Clone) -> i128 {
    let next = ring.clone().cycle().skip(1);
    ring.zip(next)
        .map(|(a, b)| i128::from(a.x) * i128::from(b.y) - i128::from(b.x) * i128::from(a.y))
        .sum()
}
