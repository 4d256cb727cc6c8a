//! The least or the greatest of samples that come and go: those that can still become it, in order.

use std::collections::VecDeque;

use crate::series::Sample;

#[derive(Debug, Clone)]
pub(super) struct Extremes {
    is_least: bool,
    candidates: VecDeque<Sample>,
}

impl Extremes {
    pub(super) const fn least() -> Self {
        Self {
            is_least: true,
            candidates: VecDeque::new(),
        }
    }

    pub(super) const fn most() -> Self {
        Self {
            is_least: false,
            candidates: VecDeque::new(),
        }
    }

    pub(super) const fn is_least(&self) -> bool {
        self.is_least
    }

    #[inline]
    pub(super) fn add(&mut self, sample: Sample) {
        while let Some((_, value)) = self.candidates.back() {
            let is_beaten = if self.is_least {
                *value >= sample.1
            } else {
                *value <= sample.1
            };
            if !is_beaten {
                break;
            }
            self.candidates.pop_back();
        }
        self.candidates.push_back(sample);
    }

    /// Lets go of everything up to an instant. Tells whether anything went.
    pub(super) fn leave(&mut self, until: i64) -> bool {
        let before = self.candidates.len();
        while self
            .candidates
            .front()
            .is_some_and(|(time, _)| *time <= until)
        {
            self.candidates.pop_front();
        }
        before != self.candidates.len()
    }

    /// When the present one was observed.
    pub(super) fn first(&self) -> Option<i64> {
        self.candidates.front().map(|(time, _)| *time)
    }

    pub(super) fn value(&self) -> Option<f64> {
        self.candidates.front().map(|(_, value)| *value)
    }

    pub(super) fn bytes(&self) -> usize {
        self.candidates.capacity() * size_of::<Sample>()
    }
}
