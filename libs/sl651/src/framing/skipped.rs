//! Bytes that belong to no frame: counted, and their beginning kept for the report.

use crate::settings::Limits;

#[derive(Debug, Default)]
pub(super) struct Skipped {
    kept: Vec<u8>,
    count: usize,
}

impl Skipped {
    pub(super) fn kept(&self) -> usize {
        self.kept.len()
    }

    /// Counts these, and keeps of all at most `kept_max`.
    pub(super) fn add(&mut self, bytes: &[u8], kept_max: usize) {
        let room = kept_max.saturating_sub(self.kept.len()).min(bytes.len());
        self.kept
            .extend_from_slice(bytes.get(..room).unwrap_or_default());
        self.count += bytes.len();
    }

    pub(super) fn is_over(&self, limits: &Limits) -> bool {
        self.count > limits.skipped_bytes_max
    }

    pub(super) fn take(&mut self) -> Option<(Vec<u8>, usize)> {
        let count = std::mem::take(&mut self.count);
        let kept = std::mem::take(&mut self.kept);
        (count > 0).then_some((kept, count))
    }
}
