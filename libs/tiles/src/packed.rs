//! The part of a layer that does not change: sorted, indexed, shared by everybody who reads it.
//!
//! Four sets, live and past points, live and past shapes, numbered through in this order. Points lie along the Morton
//! curve; so do shapes, under a tree of their boxes. Sums for clusters are of live points.

#![expect(
    clippy::indexing_slicing,
    reason = "numbers of versions come from the sets that hold them"
)]

mod boxes;
pub(crate) mod levels;
pub(crate) mod staging;

use std::sync::Arc;

use boxes::Boxes;

use crate::{
    dictionary::Dictionary,
    packed::levels::Level,
    record::{LIVE, Records},
    shape::{Placed, Shape},
    world::{Rect, World},
};

/// Points along the Morton curve, those of one place by id and time.
#[derive(Debug, Default)]
pub(crate) struct PointSet {
    pub(crate) keys: Vec<u64>,
    pub(crate) records: Records,
}

/// Lines, polygons and groups of points, along the curve by the middles of their boxes.
#[derive(Debug, Default)]
pub(crate) struct ShapeSet {
    pub(crate) shapes: Vec<Arc<Shape>>,
    /// Their sizes, so that most need not be looked at where they are too small to be seen.
    pub(crate) sizes: Vec<f64>,
    /// Morton keys of their middles, by which they are sorted.
    pub(crate) keys: Vec<u64>,
    pub(crate) records: Records,
    boxes: Boxes,
}

impl ShapeSet {
    /// Shapes are copied, so that those that follow each other lie one behind the other in memory too.
    pub(crate) fn new(shapes: &[&Arc<Shape>], records: Records) -> Self {
        let copied = shapes.iter().map(|shape| Arc::new(Shape::clone(shape)));
        let shapes: Vec<Arc<Shape>> = copied.collect();
        Self {
            sizes: shapes.iter().map(|shape| shape.seen_size()).collect(),
            keys: shapes.iter().map(|shape| shape.middle.key()).collect(),
            boxes: Boxes::new(shapes.iter().map(|shape| shape.bounds).collect()),
            shapes,
            records,
        }
    }

    /// Calls `found` with the numbers of the shapes whose boxes meet a rectangle.
    pub(crate) fn meeting(&self, rect: Rect, mut found: impl FnMut(usize)) {
        self.boxes.meeting(rect, &mut found);
    }

    fn bytes(&self) -> usize {
        let shapes: usize = self.shapes.iter().map(|shape| shape.bytes()).sum();
        shapes + self.shapes.len() * 24 + self.records.bytes() + self.boxes.bytes()
    }
}

/// Which of the four sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Set {
    LivePoints,
    PastPoints,
    LiveShapes,
    PastShapes,
}

#[derive(Debug, Default)]
pub(crate) struct Packed {
    pub(crate) dictionary: Dictionary,
    pub(crate) live_points: PointSet,
    pub(crate) past_points: PointSet,
    pub(crate) live_shapes: ShapeSet,
    pub(crate) past_shapes: ShapeSet,
    /// Numbers of all versions by id and time.
    by_id: Vec<u32>,
    pub(crate) levels: Vec<Level>,
    /// Around all that lives.
    pub(crate) bounds: Option<Rect>,
}

impl Packed {
    pub(crate) fn records(&self, set: Set) -> &Records {
        match set {
            Set::LivePoints => &self.live_points.records,
            Set::PastPoints => &self.past_points.records,
            Set::LiveShapes => &self.live_shapes.records,
            Set::PastShapes => &self.past_shapes.records,
        }
    }

    /// Which version a number names.
    pub(crate) fn locate(&self, number: u32) -> (Set, usize) {
        let mut rest = number as usize;
        for set in [Set::LivePoints, Set::PastPoints, Set::LiveShapes] {
            let count = self.records(set).len();
            if rest < count {
                return (set, rest);
            }
            rest -= count;
        }
        (Set::PastShapes, rest)
    }

    /// The number of the first live shape.
    pub(crate) fn shapes_start(&self) -> usize {
        self.live_points.records.len() + self.past_points.records.len()
    }

    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// The newest version of an id.
    pub(crate) fn newest(&self, id: u64) -> Option<u32> {
        let id_of = |number: u32| {
            let (set, at) = self.locate(number);
            self.records(set).ids[at]
        };
        let end = self.by_id.partition_point(|number| id_of(*number) <= id);
        let number = *self.by_id.get(end.checked_sub(1)?)?;
        (id_of(number) == id).then_some(number)
    }

    pub(crate) fn placed(&self, number: u32) -> Placed {
        let (set, at) = self.locate(number);
        match set {
            Set::LivePoints => Placed::Point(World::from_key(self.live_points.keys[at])),
            Set::PastPoints => Placed::Point(World::from_key(self.past_points.keys[at])),
            Set::LiveShapes => Placed::Shape(Arc::clone(&self.live_shapes.shapes[at])),
            Set::PastShapes => Placed::Shape(Arc::clone(&self.past_shapes.shapes[at])),
        }
    }

    /// When a version begins and ends, as it was packed.
    pub(crate) fn span(&self, number: u32) -> (i64, i64) {
        let (set, at) = self.locate(number);
        let records = self.records(set);
        (records.from[at], records.until(at))
    }

    pub(crate) fn is_live(&self, number: u32) -> bool {
        self.span(number).1 == LIVE
    }

    /// Bytes that it holds.
    pub(crate) fn bytes(&self) -> usize {
        let points = [&self.live_points, &self.past_points]
            .map(|set| set.keys.capacity() * 8 + set.records.bytes());
        let shapes = [&self.live_shapes, &self.past_shapes].map(ShapeSet::bytes);
        self.dictionary.bytes()
            + points.iter().sum::<usize>()
            + shapes.iter().sum::<usize>()
            + self.by_id.capacity() * 4
            + self.levels.iter().map(Level::bytes).sum::<usize>()
    }
}
