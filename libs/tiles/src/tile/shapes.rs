//! Lines, polygons and groups of points.

#![expect(
    clippy::indexing_slicing,
    reason = "numbers of versions come from the sets that hold them"
)]

use super::Drawing;
use crate::{
    clip::{Clipper, Edges, doubled_area, has_inside, snap_ring},
    mvt::{Geometry, GeometryKind},
    packed::ShapeSet,
    settings::SmallPolygons,
    shape::{PIXEL_UNITS, PartView, Shape, ShapeKind, TOLERANCE_UNITS},
    tile_id::{EXTENT, Window, unit},
};

/// A shape that was found.
struct Found<'a> {
    id: u64,
    size: f64,
    /// Where it takes its turn.
    key: u64,
    shape: &'a Shape,
    row: &'a [u32],
}

/// How shapes of a tile are drawn.
struct Pen {
    window: Window,
    edges: Edges,
    /// Units of the map.
    tolerance: f64,
    /// The square of a pixel in units of the map.
    pixel: f64,
    small_polygons: SmallPolygons,
    clipper: Clipper,
    ring: Vec<[i32; 2]>,
}

impl<'a> Drawing<'a> {
    pub(super) fn shapes(&mut self) {
        let unit = unit(self.tile.z());
        let buffer = f64::from(self.window.buffer);
        let mut pen = Pen {
            window: self.window,
            edges: Edges {
                least: -buffer,
                most: f64::from(EXTENT) + buffer,
            },
            tolerance: TOLERANCE_UNITS * unit,
            pixel: (PIXEL_UNITS * unit).powi(2),
            small_polygons: self.settings.small_polygons,
            clipper: Clipper::default(),
            ring: Vec::new(),
        };
        let mut found = self.find_shapes(&pen);
        let room = self.room();
        if found.len() > room {
            // The largest stay; those of one size by their ids.
            found.select_nth_unstable_by(room, |a, b| {
                b.size.total_cmp(&a.size).then(a.id.cmp(&b.id))
            });
            self.left_out += (found.len() - room) as u64;
            found.truncate(room);
        }
        found.sort_unstable_by_key(|each| (each.key, each.id));
        for each in found {
            self.geometry.clear();
            if let Some(kind) = pen.draw(each.shape, &mut self.geometry) {
                self.tags.row(each.row, &mut self.row);
                let geometry = self.geometry.bytes();
                self.writer
                    .feature(Some(each.id), &self.row, kind, geometry);
            }
        }
    }

    fn find_shapes(&self, pen: &Pen) -> Vec<Found<'a>> {
        let mut found = Vec::new();
        let packed = self.packed;
        let overlay = &self.layer.overlay;
        let start = packed.shapes_start();
        self.each_shape(&packed.live_shapes, pen, &mut found, |at| {
            overlay.closed_at(start + at).unwrap_or(i64::MAX)
        });
        if self.at.is_some() {
            let past = &packed.past_shapes;
            self.each_shape(past, pen, &mut found, |at| past.records.until(at));
        }
        for ((id, _), (shape, record)) in &overlay.shapes {
            if shape.bounds.meets(self.window.rect)
                && self.permitted.allows(record.class)
                && self.holds(record.from, record.until)
                && pen.sees(shape)
            {
                found.push(Found {
                    id: *id,
                    size: shape.seen_size(),
                    key: shape.middle.key(),
                    shape,
                    row: &record.row,
                });
            }
        }
        found
    }

    fn each_shape(
        &self,
        set: &'a ShapeSet,
        pen: &Pen,
        found: &mut Vec<Found<'a>>,
        until: impl Fn(usize) -> i64,
    ) {
        let records = &set.records;
        set.meeting(self.window.rect, |at| {
            let size = set.sizes[at];
            let is_seen = size >= pen.pixel
                || (pen.small_polygons == SmallPolygons::AsPoints && pen.sees(&set.shapes[at]));
            if is_seen
                && self.permitted.allows(records.classes[at])
                && self.holds(records.from[at], until(at))
            {
                found.push(Found {
                    id: records.ids[at],
                    size,
                    key: set.keys[at],
                    shape: &set.shapes[at],
                    row: records.row(at),
                });
            }
        });
    }
}

impl Pen {
    /// Whether a shape is large enough to be seen, or stands as a point.
    fn sees(&self, shape: &Shape) -> bool {
        shape.seen_size() >= self.pixel
            || (shape.kind == ShapeKind::Polygons
                && self.small_polygons == SmallPolygons::AsPoints
                && self.window.rect.holds(shape.middle))
    }

    /// Writes a shape; `None` if nothing of it lies in the window.
    fn draw(&mut self, shape: &Shape, out: &mut Geometry) -> Option<GeometryKind> {
        let kind = match shape.kind {
            ShapeKind::Points => {
                let inside = shape.points().filter(|p| self.window.rect.holds(*p));
                let places: Vec<[i32; 2]> = inside
                    .map(|point| self.window.place(point).into())
                    .collect();
                if !places.is_empty() {
                    out.points(&places);
                }
                GeometryKind::Point
            }
            ShapeKind::Lines => {
                self.lines(shape, out);
                GeometryKind::Line
            }
            ShapeKind::Polygons if shape.size < self.pixel => {
                out.points(&[self.window.place(shape.middle).into()]);
                GeometryKind::Point
            }
            ShapeKind::Polygons => {
                self.polygons(shape, out);
                GeometryKind::Polygon
            }
        };
        (!out.is_empty()).then_some(kind)
    }

    fn lines(&mut self, shape: &Shape, out: &mut Geometry) {
        let window = self.window;
        let is_within = window.rect.covers(shape.bounds);
        for part in shape.parts().filter(|part| part.size >= self.pixel) {
            if is_within {
                let line = part
                    .kept(self.tolerance)
                    .map(|place| window.place(place).into());
                out.line(self.clipper.whole_line(line));
                continue;
            }
            let line = part.kept(self.tolerance).map(|place| window.exact(place));
            self.clipper
                .line(line, self.edges, &mut |run| out.line(run));
        }
    }

    fn polygons(&mut self, shape: &Shape, out: &mut Geometry) {
        let is_within = self.window.rect.covers(shape.bounds);
        let mut parts = shape.parts().peekable();
        while let Some(exterior) = parts.next() {
            let mut rings = vec![exterior];
            rings.extend(core::iter::from_fn(|| parts.next_if(|part| part.is_hole)));
            if exterior.size < self.pixel {
                continue;
            }
            rings.retain(|ring| ring.size >= self.pixel);
            if is_within {
                self.whole_polygon(&rings, out);
            } else {
                self.cut_polygon(&rings, out);
            }
        }
    }

    /// A polygon that lies within the window.
    fn whole_polygon(&mut self, rings: &[PartView<'_>], out: &mut Geometry) {
        for ring in rings {
            let places = ring.kept(self.tolerance);
            let snapped = places.map(|place| self.window.place(place).into());
            snap_ring(snapped, &mut self.ring);
            if self.ring.is_empty() {
                if ring.is_hole {
                    continue;
                }
                return;
            }
            // Rounding may turn a ring over that is hardly wider than the grid.
            if (doubled_area(&self.ring) < 0) != ring.is_hole {
                self.ring.reverse();
            }
            out.ring(&self.ring);
        }
    }

    fn cut_polygon(&mut self, rings: &[PartView<'_>], out: &mut Geometry) {
        let exact = |ring: &PartView<'_>| {
            let places = ring.kept(self.tolerance);
            places.map(|place| self.window.exact(place)).collect()
        };
        let rings: Vec<Vec<[f64; 2]>> = rings.iter().map(exact).collect();
        let cut = self.clipper.polygon(&rings, self.edges);
        let (exteriors, holes): (Vec<_>, Vec<_>) =
            cut.into_iter().partition(|ring| doubled_area(ring) > 0);
        let net: i64 = exteriors
            .iter()
            .chain(&holes)
            .map(|ring| doubled_area(ring))
            .sum();
        if net <= 0 {
            return;
        }
        for exterior in &exteriors {
            out.ring(exterior);
            for hole in &holes {
                let is_own = exteriors.len() == 1
                    || hole
                        .first()
                        .is_some_and(|place| has_inside(exterior, *place));
                if is_own {
                    out.ring(hole);
                }
            }
        }
    }
}
