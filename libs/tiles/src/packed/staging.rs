//! Versions on their way into a pack: collected in any order, then sorted once.

#![expect(
    clippy::indexing_slicing,
    reason = "rows and numbers of pairs were made by the staging itself"
)]

use core::ops::Range;
use std::sync::Arc;

use super::{Packed, PointSet, ShapeSet, levels};
use crate::{
    dictionary::{Dictionary, NO_PAIR, Words},
    record::{LIVE, Records},
    settings::Clustering,
    shape::{Placed, Shape},
    world::{Rect, World},
};

/// A version with what it is sorted by.
#[derive(Debug, Clone)]
struct Staged<P> {
    place: P,
    id: u64,
    from: i64,
    until: i64,
    class: u32,
    row_start: u32,
    row_end: u32,
}

/// All that is to be packed; rows name pairs of the dictionaries that it is packed from.
#[derive(Debug, Default)]
pub(crate) struct Staging {
    points: Vec<Staged<u64>>,
    shapes: Vec<Staged<Arc<Shape>>>,
    pairs: Vec<u32>,
}

/// The head of a version, as it is staged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    pub(crate) id: u64,
    pub(crate) class: u32,
    pub(crate) from: i64,
    pub(crate) until: i64,
}

impl Staging {
    pub(crate) fn push(&mut self, head: Head, placed: Placed, row: &[u32]) {
        let row_start = self.pairs.len() as u32;
        self.pairs.extend_from_slice(row);
        let row = row_start..self.pairs.len() as u32;
        match placed {
            Placed::Point(place) => self.points.push(staged(head, place.key(), row)),
            Placed::Shape(shape) => self.shapes.push(staged(head, shape, row)),
        }
    }

    /// Takes out versions that begin before the one before them has ended; gives each with that end.
    pub(crate) fn take_overlapping(&mut self) -> Vec<(Head, i64)> {
        let points = self.points.iter().map(Staged::head);
        let mut heads: Vec<(u64, i64, i64, usize)> = points
            .chain(self.shapes.iter().map(Staged::head))
            .enumerate()
            .map(|(number, head)| (head.id, head.from, head.until, number))
            .collect();
        heads.sort_unstable();
        let mut taken = Vec::new();
        let mut before: Option<(u64, i64)> = None;
        for (id, from, until, number) in heads {
            match before {
                Some((same, end)) if same == id && from < end => taken.push((number, end)),
                _ => before = Some((id, until)),
            }
        }
        taken.sort_unstable();
        let points = self.points.len();
        let mut out = Vec::with_capacity(taken.len());
        // From the last, so that the numbers of those before stay true.
        for (number, end) in taken.into_iter().rev() {
            let head = if number < points {
                self.points.swap_remove(number).head()
            } else {
                self.shapes.swap_remove(number - points).head()
            };
            out.push((head, end));
        }
        out.reverse();
        out
    }

    /// Sorts and indexes everything.
    pub(crate) fn pack(
        mut self,
        words: Words<'_>,
        clustering: &Clustering,
        by: Option<u16>,
    ) -> Packed {
        self.points
            .sort_unstable_by_key(|staged| (staged.place, staged.id, staged.from));
        self.shapes
            .sort_unstable_by_key(|staged| (staged.place.middle.key(), staged.id, staged.from));
        let mut packed = Packed::default();
        let mut pairs = PairMap::new(words, &self.pairs);
        packed.live_points = points(&self.points, true, &mut pairs);
        packed.past_points = points(&self.points, false, &mut pairs);
        packed.live_shapes = shapes(&self.shapes, true, &mut pairs);
        packed.past_shapes = shapes(&self.shapes, false, &mut pairs);
        packed.dictionary = pairs.finish();
        drop(self);
        packed.by_id = by_id(&packed);
        packed.bounds = bounds(&packed);
        packed.levels = levels::build(&packed, clustering, by);
        packed
    }
}

fn staged<P>(head: Head, place: P, row: Range<u32>) -> Staged<P> {
    Staged {
        place,
        id: head.id,
        from: head.from,
        until: head.until,
        class: head.class,
        row_start: row.start,
        row_end: row.end,
    }
}

impl<P> Staged<P> {
    fn head(&self) -> Head {
        Head {
            id: self.id,
            class: self.class,
            from: self.from,
            until: self.until,
        }
    }

    fn is_live(&self) -> bool {
        self.until == LIVE
    }
}

/// From the pairs of the dictionaries that were to those of the new one. Pairs get their numbers in the order in
/// which tiles will meet them, and those that nothing names any more are left behind.
struct PairMap<'a> {
    words: Words<'a>,
    old: &'a [u32],
    numbers: Vec<u32>,
    /// How often each new pair is named.
    uses: Vec<u32>,
    dictionary: Dictionary,
}

impl<'a> PairMap<'a> {
    fn new(words: Words<'a>, old: &'a [u32]) -> Self {
        Self {
            words,
            old,
            numbers: vec![NO_PAIR; words.len()],
            uses: Vec::new(),
            dictionary: Dictionary::default(),
        }
    }

    fn map(&mut self, pair: u32) -> u32 {
        let known = self.numbers[pair as usize];
        if known != NO_PAIR {
            self.uses[known as usize] += 1;
            return known;
        }
        let old = self.words.pair(pair);
        let number = self
            .dictionary
            .intern(None, old.key, old.value)
            .expect("a part of what fitted fits");
        self.numbers[pair as usize] = number;
        self.uses.push(1);
        number
    }

    fn finish(mut self) -> Dictionary {
        self.dictionary.settle(&self.uses);
        self.dictionary
    }
}

fn fill<P>(staged: &[Staged<P>], are_live: bool, pairs: &mut PairMap<'_>) -> Records {
    let mut records = Records::default();
    let chosen = || staged.iter().filter(|each| each.is_live() == are_live);
    let row_pairs = chosen().map(|each| (each.row_end - each.row_start) as usize);
    records.reserve(chosen().count(), row_pairs.sum(), are_live);
    for each in chosen() {
        let old = &pairs.old[each.row_start as usize..each.row_end as usize];
        let row = old.iter().map(|pair| pairs.map(*pair));
        records.push(each.id, each.class, (each.from, each.until), row);
    }
    records
}

fn points(staged: &[Staged<u64>], are_live: bool, pairs: &mut PairMap<'_>) -> PointSet {
    let chosen = staged.iter().filter(|each| each.is_live() == are_live);
    let mut keys: Vec<u64> = chosen.map(|each| each.place).collect();
    keys.shrink_to_fit();
    PointSet {
        keys,
        records: fill(staged, are_live, pairs),
    }
}

fn shapes(staged: &[Staged<Arc<Shape>>], are_live: bool, pairs: &mut PairMap<'_>) -> ShapeSet {
    let chosen = staged.iter().filter(|each| each.is_live() == are_live);
    let shapes: Vec<&Arc<Shape>> = chosen.map(|each| &each.place).collect();
    ShapeSet::new(&shapes, fill(staged, are_live, pairs))
}

fn by_id(packed: &Packed) -> Vec<u32> {
    let sets = [
        &packed.live_points.records,
        &packed.past_points.records,
        &packed.live_shapes.records,
        &packed.past_shapes.records,
    ];
    let heads = sets
        .iter()
        .flat_map(|records| records.ids.iter().zip(&records.from));
    let mut sorted: Vec<(u64, i64, u32)> = heads
        .zip(0_u32..)
        .map(|((id, from), number)| (*id, *from, number))
        .collect();
    sorted.sort_unstable();
    sorted.into_iter().map(|(_, _, number)| number).collect()
}

fn bounds(packed: &Packed) -> Option<Rect> {
    let points = packed.live_points.keys.iter();
    let points = points.map(|key| Rect::of(World::from_key(*key)));
    let shapes = packed.live_shapes.shapes.iter().map(|shape| shape.bounds);
    points.chain(shapes).reduce(Rect::union)
}
