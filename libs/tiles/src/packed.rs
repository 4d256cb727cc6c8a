//! The part of a layer that does not change: sorted, indexed, shared by everybody who reads it.
//!
//! Four sets, live and past points, live and past shapes, numbered through in this order. Points lie along the Morton
//! curve; shapes lie in an R-tree. Sums for clusters are of live points.

#![expect(
    clippy::indexing_slicing,
    reason = "numbers of versions come from the sets that hold them"
)]

pub(crate) mod levels;
pub(crate) mod staging;

use std::sync::Arc;

use rstar::{AABB, RTree, primitives::{GeomWithData, Rectangle}};

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

type Boxed = GeomWithData<Rectangle<[i64; 2]>, u32>;

/// Lines, polygons and groups of points, found by their boxes.
#[derive(Debug, Default)]
pub(crate) struct ShapeSet {
    pub(crate) shapes: Vec<Arc<Shape>>,
    pub(crate) records: Records,
    tree: RTree<Boxed>,
}

impl ShapeSet {
    /// Numbers of the shapes whose boxes meet a rectangle, in no order.
    pub(crate) fn meeting(&self, rect: Rect) -> impl Iterator<Item = usize> {
        let [min, max] = [rect.min, rect.max].map(|place| [i64::from(place.x), i64::from(place.y)]);
        let found = self
            .tree
            .locate_in_envelope_intersecting(&AABB::from_corners(min, max));
        found.map(|boxed| boxed.data as usize)
    }

    fn plant(&mut self) {
        let boxed = |(number, shape): (usize, &Arc<Shape>)| {
            let corner = |place: World| [i64::from(place.x), i64::from(place.y)];
            let (min, max) = (corner(shape.bounds.min), corner(shape.bounds.max));
            GeomWithData::new(Rectangle::from_corners(min, max), number as u32)
        };
        self.tree = RTree::bulk_load(self.shapes.iter().enumerate().map(boxed).collect());
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
        let shapes = [&self.live_shapes, &self.past_shapes].map(|set| {
            let shapes: usize = set.shapes.iter().map(|shape| shape.bytes() + 8).sum();
            // A leaf of the tree, and its share of the nodes above.
            shapes + set.shapes.len() * (size_of::<Boxed>() * 3 / 2) + set.records.bytes()
        });
        self.dictionary.bytes()
            + points.iter().sum::<usize>()
            + shapes.iter().sum::<usize>()
            + self.by_id.capacity() * 4
            + self.levels.iter().map(Level::bytes).sum::<usize>()
    }
}
