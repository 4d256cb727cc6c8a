//! A table of numbers by hash: no more than five places for four numbers, whatever their count.
//!
//! It stores neither hashes nor values, since of a million texts of their own those would be as large as the texts.

#![expect(
    clippy::indexing_slicing,
    reason = "a slot is a remainder of their count"
)]

const EMPTY: u32 = u32::MAX;

#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    slots: Vec<u32>,
    count: usize,
}

impl Table {
    pub(super) fn with_room(count: usize) -> Self {
        Self {
            slots: vec![EMPTY; count + count / 4 + 8],
            count: 0,
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.slots.len() < self.count + self.count / 4 + 8
    }

    pub(super) fn bytes(&self) -> usize {
        self.slots.capacity() * 4
    }

    fn slot(&self, hash: u64) -> usize {
        ((u128::from(hash) * self.slots.len() as u128) >> 64) as usize
    }

    /// Adds a number to a table that is not full.
    pub(super) fn insert(&mut self, hash: u64, number: u32) {
        let mut slot = self.slot(hash);
        while self.slots[slot] != EMPTY {
            slot = self.after(slot);
        }
        self.slots[slot] = number;
        self.count += 1;
    }

    /// The first number for which `is` answers yes, among those whose hash may be this.
    pub(super) fn find(&self, hash: u64, mut is: impl FnMut(u32) -> bool) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let mut slot = self.slot(hash);
        loop {
            match self.slots[slot] {
                EMPTY => return None,
                number if is(number) => return Some(number),
                _ => slot = self.after(slot),
            }
        }
    }

    fn after(&self, slot: usize) -> usize {
        if slot + 1 == self.slots.len() {
            0
        } else {
            slot + 1
        }
    }
}
