//! What has changed since the pack was made: few versions, kept so that they are cheap to add and to find.

use std::{collections::BTreeMap, sync::Arc};

use hashbrown::HashMap;

use crate::{
    dictionary::Dictionary,
    record::{LIVE, Record},
    shape::{Placed, Shape},
    world::{Rect, World},
};

/// Where the live version of an id is.
#[derive(Debug, Clone, Copy)]
enum Spot {
    Point { key: u64, from: i64 },
    Shape { from: i64 },
}

/// The end of a packed version, with what clusters take away for it if it is a point.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Closed {
    pub(crate) until: i64,
    pub(crate) point: Option<ClosedPoint>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct ClosedPoint {
    pub(crate) key: u64,
    pub(crate) class: u32,
    /// The pair that it was counted by.
    pub(crate) value: Option<u32>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Overlay {
    pub(crate) dictionary: Dictionary,
    /// By Morton key, id and beginning.
    pub(crate) points: BTreeMap<(u64, u64, i64), Record>,
    /// By id and beginning.
    pub(crate) shapes: BTreeMap<(u64, i64), (Arc<Shape>, Record)>,
    live: HashMap<u64, Spot>,
    /// The newest end of ids that ended here.
    ended: HashMap<u64, i64>,
    /// Packed versions that have ended, by their numbers.
    pub(crate) closed: BTreeMap<u32, Closed>,
    closed_bits: Vec<u64>,
}

impl Overlay {
    pub(crate) fn after(packed: &Dictionary) -> Self {
        Self {
            dictionary: Dictionary::after(packed),
            ..Self::default()
        }
    }

    /// How many versions and ends it holds.
    pub(crate) fn len(&self) -> usize {
        self.points.len() + self.shapes.len() + self.closed.len()
    }

    pub(crate) fn is_closed(&self, number: usize) -> bool {
        let word = self.closed_bits.get(number / 64);
        word.is_some_and(|bits| bits >> (number % 64) & 1 == 1)
    }

    pub(crate) fn closed_at(&self, number: usize) -> Option<i64> {
        if !self.is_closed(number) {
            return None;
        }
        self.closed.get(&(number as u32)).map(|closed| closed.until)
    }

    /// Ends a packed version.
    pub(crate) fn close_packed(&mut self, id: u64, number: u32, closed: Closed) {
        self.closed.insert(number, closed);
        self.ended.insert(id, closed.until);
        let word = number as usize / 64;
        if word >= self.closed_bits.len() {
            self.closed_bits.resize(word + 1, 0);
        }
        if let Some(bits) = self.closed_bits.get_mut(word) {
            *bits |= 1 << (number % 64);
        }
    }

    /// The beginning of the live version of an id, if it is here.
    pub(crate) fn live_from(&self, id: u64) -> Option<i64> {
        self.live.get(&id).map(|spot| match spot {
            Spot::Point { from, .. } | Spot::Shape { from } => *from,
        })
    }

    pub(crate) fn ended(&self, id: u64) -> Option<i64> {
        self.ended.get(&id).copied()
    }

    /// Ends the live version of an id that is here, and gives where it was. One that would have held for no time goes.
    pub(crate) fn close(&mut self, id: u64, until: i64) -> Option<Rect> {
        let spot = self.live.remove(&id)?;
        self.ended.insert(id, until);
        match spot {
            Spot::Point { key, from } => {
                let place = (key, id, from);
                if from == until {
                    self.points.remove(&place);
                } else if let Some(record) = self.points.get_mut(&place) {
                    record.until = until;
                }
                Some(Rect::of(World::from_key(key)))
            }
            Spot::Shape { from } => {
                let (shape, record) = self.shapes.get_mut(&(id, from))?;
                let bounds = shape.bounds;
                record.until = until;
                if from == until {
                    self.shapes.remove(&(id, from));
                }
                Some(bounds)
            }
        }
    }

    /// Adds a live version; there is none of this id.
    pub(crate) fn add(&mut self, id: u64, placed: &Placed, record: Record) {
        let from = record.from;
        let spot = match placed {
            Placed::Point(place) => {
                let key = place.key();
                self.points.insert((key, id, from), record);
                Spot::Point { key, from }
            }
            Placed::Shape(shape) => {
                self.shapes.insert((id, from), (Arc::clone(shape), record));
                Spot::Shape { from }
            }
        };
        self.live.insert(id, spot);
    }
}

/// Whether a version is to be drawn: now, or at a moment.
pub(crate) fn holds(from: i64, until: i64, at: Option<i64>) -> bool {
    match at {
        None => until == LIVE,
        Some(at) => from <= at && at < until,
    }
}
