//! The samples of one slot that are kept: as far back as windows and late samples need them, in the order of time.

use std::collections::VecDeque;

/// One believed number and when it was observed, in microseconds.
pub(crate) type Sample = (i64, f64);

/// Samples in the order of time. Each has a number that stays while nothing is put before it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Series {
    samples: VecDeque<Sample>,
    /// How many have left at the front: the number of the first that is kept.
    gone: u64,
    /// The number after the last sample that the rules have seen.
    applied: u64,
}

impl Series {
    /// Adds a sample later than all others, which the rules see at once.
    #[inline]
    pub(crate) fn push(&mut self, sample: Sample) {
        self.samples.push_back(sample);
        self.applied += 1;
    }

    /// Puts a sample where none of its time is.
    pub(crate) fn insert(&mut self, sample: Sample) {
        let index = self.samples.partition_point(|(time, _)| *time < sample.0);
        self.samples.insert(index, sample);
    }

    /// Takes out the sample of a time.
    pub(crate) fn remove(&mut self, time: i64) -> Option<f64> {
        let index = self.samples.partition_point(|(other, _)| *other < time);
        let (found, value) = *self.samples.get(index)?;
        if found != time {
            return None;
        }
        self.samples.remove(index);
        Some(value)
    }

    /// Goes back, or on, to where all samples up to an instant have been seen, and no others.
    pub(crate) fn see_until(&mut self, time: i64) {
        let seen = self.samples.partition_point(|(other, _)| *other <= time);
        self.applied = self.gone + seen as u64;
    }

    /// The first sample that has not been seen.
    pub(crate) fn next(&self) -> Option<Sample> {
        self.get(self.applied)
    }

    /// Sees one sample more.
    pub(crate) fn see_next(&mut self) {
        self.applied += 1;
    }

    /// The last sample that was seen.
    #[inline]
    pub(crate) fn last(&self) -> Option<Sample> {
        self.applied
            .checked_sub(1)
            .and_then(|number| self.get(number))
    }

    /// The last sample there is.
    pub(crate) fn newest(&self) -> Option<Sample> {
        self.samples.back().copied()
    }

    /// A sample by its number.
    #[inline]
    pub(crate) fn get(&self, number: u64) -> Option<Sample> {
        let index = number.checked_sub(self.gone)?;
        self.samples.get(index as usize).copied()
    }

    /// The number of the first sample kept.
    pub(crate) const fn first_number(&self) -> u64 {
        self.gone
    }

    /// The number after the last one seen.
    pub(crate) const fn seen(&self) -> u64 {
        self.applied
    }

    /// The number of the first sample after an instant.
    pub(crate) fn number_after(&self, time: i64) -> u64 {
        self.gone + self.samples.partition_point(|(other, _)| *other <= time) as u64
    }

    /// Samples from a number to the last one seen.
    pub(crate) fn seen_from(&self, number: u64) -> impl ExactSizeIterator<Item = Sample> + '_ {
        let seen = (self.applied.saturating_sub(self.gone) as usize).min(self.samples.len());
        let from = (number.saturating_sub(self.gone) as usize).min(seen);
        self.samples.range(from..seen).copied()
    }

    pub(crate) fn len(&self) -> usize {
        self.samples.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Sample> + '_ {
        self.samples.iter().copied()
    }

    /// Whether the first sample can go: the second is old enough to stand for everything before what is needed.
    #[inline]
    pub(crate) fn is_first_spent(&self, until: i64) -> bool {
        self.samples.get(1).is_some_and(|(time, _)| *time <= until)
    }

    /// Lets the first sample go.
    pub(crate) fn drop_first(&mut self) -> Option<Sample> {
        let first = self.samples.pop_front()?;
        self.gone += 1;
        self.applied = self.applied.max(self.gone);
        Some(first)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.samples.capacity() * size_of::<Sample>()
    }
}
