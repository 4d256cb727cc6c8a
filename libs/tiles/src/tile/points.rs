//! Points as they are.

#![expect(
    clippy::indexing_slicing,
    reason = "numbers of versions come from the sets that hold them"
)]

use super::{Drawing, rank_limit, scatter};
use crate::{
    descent::descend,
    mvt::GeometryKind,
    packed::PointSet,
    record::Record,
    world::{Rect, World},
};

/// A point that was found. Numbers run through the packed live points, the packed past ones, and then those of the
/// overlay in the order in which they were found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    pub(super) key: u64,
    pub(super) number: u32,
}

/// Points that were found.
#[derive(Default)]
pub(super) struct Hits<'a> {
    pub(super) list: Vec<Hit>,
    pub(super) fresh: Vec<(u64, &'a Record)>,
}

impl<'a> Drawing<'a> {
    pub(super) fn points(&mut self) {
        let hits = self.find(self.window.rect);
        self.write_points(&hits);
    }

    /// Everything in a rectangle that is to be drawn, along the Morton curve and by id.
    pub(super) fn find(&self, rect: Rect) -> Hits<'a> {
        let mut hits = Hits::default();
        let list = &mut hits.list;
        self.each_packed(rect, |key, number| list.push(Hit { key, number }));
        let before = list.len();
        let start = self.packed.shapes_start() as u32;
        self.each_fresh(rect, |key, id, record| {
            let number = start + hits.fresh.len() as u32;
            hits.list.push(Hit { key, number });
            hits.fresh.push((id, record));
        });
        if self.at.is_some() || hits.list.len() > before {
            // Few runs that are sorted in themselves: a stable sort finds and merges them.
            let fresh = &hits.fresh;
            hits.list
                .sort_by_key(|hit| (hit.key, self.id(hit.number, fresh)));
        }
        hits
    }

    /// Calls `each` with the key and number of every packed point to be drawn.
    pub(super) fn each_packed(&self, rect: Rect, mut each: impl FnMut(u64, u32)) {
        let packed = self.packed;
        let overlay = &self.layer.overlay;
        let (live, past) = (&packed.live_points, &packed.past_points);
        let has_closed = !overlay.closed.is_empty();
        match self.at {
            None if has_closed => self.each_of(live, rect, |key, at| {
                if !overlay.is_closed(at) {
                    each(key, at as u32);
                }
            }),
            None => self.each_of(live, rect, |key, at| each(key, at as u32)),
            Some(_) => {
                self.each_of(live, rect, |key, at| {
                    let until = overlay.closed_at(at).unwrap_or(i64::MAX);
                    if self.holds(live.records.from[at], until) {
                        each(key, at as u32);
                    }
                });
                let start = live.keys.len();
                self.each_of(past, rect, |key, at| {
                    if self.holds(past.records.from[at], past.records.until(at)) {
                        each(key, (start + at) as u32);
                    }
                });
            }
        }
    }

    /// Calls `each` with every point of a set that lies in a rectangle and may be seen.
    fn each_of(&self, set: &PointSet, rect: Rect, mut each: impl FnMut(u64, usize)) {
        descend(&set.keys, rect, &mut |range, whole| {
            let keys = &set.keys[range.clone()];
            let classes = &set.records.classes[range.clone()];
            for (at, (key, class)) in range.zip(keys.iter().zip(classes)) {
                if !self.permitted.allows(*class) {
                    continue;
                }
                if whole || rect.holds(World::from_key(*key)) {
                    each(*key, at);
                }
            }
        });
    }

    /// Calls `each` with every point of the overlay to be drawn.
    pub(super) fn each_fresh(&self, rect: Rect, mut each: impl FnMut(u64, u64, &'a Record)) {
        let points = &self.layer.overlay.points;
        if points.is_empty() {
            return;
        }
        // Quads of at least half the rectangle's side: no more than nine of them meet it.
        let side = (rect.max.x - rect.min.x).max(rect.max.y - rect.min.y);
        let bits = 31_u32.saturating_sub(side.leading_zeros());
        let quads = rect.coarser(bits);
        for y in quads.min.y..=quads.max.y {
            for x in quads.min.x..=quads.max.x {
                let first = World { x, y }.key() << (2 * bits);
                let last = first | ((1_u64 << (2 * bits)) - 1);
                let range = (first, 0, i64::MIN)..=(last, u64::MAX, i64::MAX);
                for ((key, id, _), record) in points.range(range) {
                    if self.permitted.allows(record.class)
                        && self.holds(record.from, record.until)
                        && rect.holds(World::from_key(*key))
                    {
                        each(*key, *id, record);
                    }
                }
            }
        }
    }

    pub(super) fn id(&self, number: u32, fresh: &[(u64, &Record)]) -> u64 {
        let (live, past) = (&self.packed.live_points, &self.packed.past_points);
        let at = number as usize;
        match at.checked_sub(live.keys.len()) {
            None => live.records.ids[at],
            Some(at) => match at.checked_sub(past.keys.len()) {
                None => past.records.ids[at],
                Some(at) => fresh[at].0,
            },
        }
    }

    pub(super) fn row_of(&self, number: u32, fresh: &[(u64, &'a Record)]) -> &'a [u32] {
        let packed = self.packed;
        let (live, past) = (&packed.live_points, &packed.past_points);
        let at = number as usize;
        match at.checked_sub(live.keys.len()) {
            None => live.records.row(at),
            Some(at) => match at.checked_sub(past.keys.len()) {
                None => past.records.row(at),
                Some(at) => &fresh[at].1.row,
            },
        }
    }

    fn write_points(&mut self, hits: &Hits<'a>) {
        let rank = |hit: &Hit| scatter(self.id(hit.number, &hits.fresh));
        let limit = if hits.list.len() > self.room() {
            rank_limit(hits.list.iter().map(rank), self.room())
        } else {
            None
        };
        self.writer.expect(hits.list.len().min(self.room()));
        for hit in &hits.list {
            if limit.is_none_or(|limit| scatter(self.id(hit.number, &hits.fresh)) < limit) {
                self.write_point(*hit, &hits.fresh);
            } else {
                self.left_out += 1;
            }
        }
    }

    pub(super) fn write_point(&mut self, hit: Hit, fresh: &[(u64, &'a Record)]) {
        let (x, y) = self.window.place(World::from_key(hit.key));
        self.tags.row(self.row_of(hit.number, fresh), &mut self.row);
        self.geometry.clear();
        self.geometry.points(&[[x, y]]);
        let id = self.id(hit.number, fresh);
        self.writer.feature(
            Some(id),
            &self.row,
            GeometryKind::Point,
            self.geometry.bytes(),
        );
    }
}
