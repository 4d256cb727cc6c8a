//! What is known of a version besides its place: id, class, time, attributes.

#![expect(
    clippy::indexing_slicing,
    reason = "numbers of records come from the list that holds them"
)]

/// A version that still holds.
pub(crate) const LIVE: i64 = i64::MAX;

/// One version that is not packed.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) class: u32,
    pub(crate) from: i64,
    pub(crate) until: i64,
    /// The pair that clusters are counted by.
    pub(crate) value: Option<u32>,
    /// Numbers of pairs; the one that clusters are counted by stands first.
    pub(crate) row: Box<[u32]>,
}

/// Packed versions, column by column.
#[derive(Debug, Default)]
pub(crate) struct Records {
    pub(crate) ids: Vec<u64>,
    pub(crate) classes: Vec<u32>,
    pub(crate) from: Vec<i64>,
    /// Empty where all versions live.
    until: Vec<i64>,
    /// Where each row begins, and at last where the rows end.
    starts: Vec<u32>,
    pairs: Vec<u32>,
}

impl Records {
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(crate) fn until(&self, at: usize) -> i64 {
        self.until.get(at).copied().unwrap_or(LIVE)
    }

    pub(crate) fn row(&self, at: usize) -> &[u32] {
        &self.pairs[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    pub(crate) fn first_pair(&self, at: usize) -> Option<u32> {
        self.row(at).first().copied()
    }

    pub(crate) fn reserve(&mut self, records: usize, pairs: usize, are_live: bool) {
        self.ids.reserve_exact(records);
        self.classes.reserve_exact(records);
        self.from.reserve_exact(records);
        if !are_live {
            self.until.reserve_exact(records);
        }
        self.starts.reserve_exact(records + 1);
        self.pairs.reserve_exact(pairs);
        self.starts.push(0);
    }

    pub(crate) fn push(
        &mut self,
        id: u64,
        class: u32,
        (from, until): (i64, i64),
        row: impl Iterator<Item = u32>,
    ) {
        self.ids.push(id);
        self.classes.push(class);
        self.from.push(from);
        if until != LIVE {
            self.until.push(until);
        }
        self.pairs.extend(row);
        self.starts.push(self.pairs.len() as u32);
    }

    /// Bytes that they hold.
    pub(crate) fn bytes(&self) -> usize {
        self.ids.capacity() * 8
            + self.classes.capacity() * 4
            + (self.from.capacity() + self.until.capacity()) * 8
            + (self.starts.capacity() + self.pairs.capacity()) * 4
    }
}
