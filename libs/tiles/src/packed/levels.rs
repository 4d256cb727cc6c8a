//! Sums of live points by cell, class and value, so that a tile of a whole county need not look at each point.
//!
//! One level for each zoom that is clustered, its cells sorted along the Morton curve. A level that would hold nearly
//! as many groups as there are points is not kept: at its zoom a tile rather looks at the points.

#![expect(
    clippy::indexing_slicing,
    reason = "starts of groups were counted with the groups"
)]

use core::ops::Range;

use super::Packed;
use crate::{dictionary::NO_PAIR, settings::Clustering, world::World};

/// A level is kept if it has at most one group for so many points.
const POINTS_PER_GROUP_MIN: usize = 4;
/// Or if it is as small as this.
const GROUPS_FREE: usize = 4096;

/// The points of one class and value in one cell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Group {
    pub(crate) class: u32,
    /// The pair of the attribute that clusters are counted by, or [`NO_PAIR`].
    pub(crate) value: u32,
    pub(crate) count: u32,
    /// The number of the first of them.
    pub(crate) first: u32,
    pub(crate) sum_x: u64,
    pub(crate) sum_y: u64,
}

/// All cells of one size.
#[derive(Debug)]
pub(crate) struct Level {
    /// Bits of a place that a cell does not tell.
    pub(crate) bits: u32,
    /// Morton keys of the cells, without those bits.
    pub(crate) cells: Vec<u64>,
    starts: Vec<u32>,
    groups: Vec<Group>,
}

impl Level {
    fn new(bits: u32) -> Self {
        Self {
            bits,
            cells: Vec::new(),
            starts: vec![0],
            groups: Vec::new(),
        }
    }

    pub(crate) fn groups(&self, cell: usize) -> &[Group] {
        &self.groups[self.starts[cell] as usize..self.starts[cell + 1] as usize]
    }

    /// Bytes that it holds.
    pub(crate) fn bytes(&self) -> usize {
        self.cells.capacity() * 8
            + self.starts.capacity() * 4
            + self.groups.capacity() * size_of::<Group>()
    }

    /// Adds a cell; groups of one class and value become one.
    fn push(&mut self, cell: u64, members: &mut [Group]) {
        members.sort_unstable_by_key(|group| (group.class, group.value, group.first));
        let start = self.groups.len();
        for member in members.iter() {
            let (_, own) = self.groups.split_at_mut(start);
            match own.last_mut() {
                Some(last) if (last.class, last.value) == (member.class, member.value) => {
                    last.count += member.count;
                    last.sum_x += member.sum_x;
                    last.sum_y += member.sum_y;
                }
                _ => self.groups.push(*member),
            }
        }
        self.cells.push(cell);
        self.starts.push(self.groups.len() as u32);
    }

    fn shrink(mut self) -> Self {
        self.cells.shrink_to_fit();
        self.starts.shrink_to_fit();
        self.groups.shrink_to_fit();
        self
    }
}

/// The levels that are worth keeping.
pub(super) fn build(packed: &Packed, clustering: &Clustering, by: Option<u16>) -> Vec<Level> {
    let points = packed.live_points.keys.len();
    let groups_max = (points / POINTS_PER_GROUP_MIN).max(GROUPS_FREE);
    let mut kept = Vec::new();
    let mut finer: Option<Level> = None;
    for z in (0..clustering.below_zoom).rev() {
        let bits = clustering.cell_bits(z);
        let level = match &finer {
            None => of_points(packed, bits, by),
            Some(finer) => of_finer(finer, bits),
        };
        let before = finer.replace(level);
        kept.extend(before.filter(|level| level.groups.len() <= groups_max));
    }
    kept.extend(finer.filter(|level| level.groups.len() <= groups_max));
    kept.into_iter().map(Level::shrink).collect()
}

/// Calls `each` with every run of equal cells and its numbers.
fn runs(keys: &[u64], dropped: u32, mut each: impl FnMut(u64, Range<usize>)) {
    let mut start = 0;
    while let Some(key) = keys.get(start) {
        let cell = key >> dropped;
        let rest = &keys[start..];
        let count = rest
            .iter()
            .take_while(|key| *key >> dropped == cell)
            .count();
        each(cell, start..start + count);
        start += count;
    }
}

fn of_points(packed: &Packed, bits: u32, by: Option<u16>) -> Level {
    let set = &packed.live_points;
    let mut level = Level::new(bits);
    let mut members = Vec::new();
    runs(&set.keys, 2 * bits, |cell, range| {
        members.clear();
        members.extend(range.map(|at| {
            let place = World::from_key(set.keys[at]);
            let pair = set.records.first_pair(at);
            let value = pair.filter(|pair| Some(packed.dictionary.key(*pair)) == by);
            Group {
                class: set.records.classes[at],
                value: value.unwrap_or(NO_PAIR),
                count: 1,
                first: at as u32,
                sum_x: u64::from(place.x),
                sum_y: u64::from(place.y),
            }
        }));
        level.push(cell, &mut members);
    });
    level
}

fn of_finer(finer: &Level, bits: u32) -> Level {
    let mut level = Level::new(bits);
    let mut members = Vec::new();
    runs(&finer.cells, 2 * (bits - finer.bits), |cell, range| {
        members.clear();
        let groups = finer.starts[range.start] as usize..finer.starts[range.end] as usize;
        members.extend_from_slice(&finer.groups[groups]);
        level.push(cell, &mut members);
    });
    level
}
