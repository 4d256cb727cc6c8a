//! The parts of a day into one.

use std::sync::Arc;

use super::Effort;
use crate::cell::Cell;
use crate::dataset::{Dataset, Partition};
use crate::error::LakeError;
use crate::lake::{Lake, Work};
use crate::manifest::Edit;
use crate::merge::{Merge, Source};
use crate::part::Part;
use crate::sync::read;
use crate::want::Want;
use crate::writer::{Place, SeriesFile};

impl Lake {
    /// Merges the days that have many parts, or that are over and have more than one; answers how many.
    pub(super) fn merge_days(&self, work: &mut Work, effort: Effort) -> Result<usize, LakeError> {
        let manifest = Arc::clone(&read(&self.state).manifest);
        let due: Vec<(Partition, Vec<Arc<Part>>)> = manifest
            .parts
            .iter()
            .filter(|(partition, _)| {
                matches!(partition.dataset, Dataset::Observations | Dataset::Events)
            })
            .filter(|(partition, parts)| {
                let day = partition.first_day();
                let is_due = if self.is_over(day) {
                    !self.waits(&manifest, day, parts, effort)
                } else {
                    effort == Effort::All || parts.len() >= self.settings.merge_parts
                };
                parts.len() > 1 && is_due
            })
            .map(|(partition, parts)| (*partition, parts.clone()))
            .collect();
        // Whoever holds the manifest keeps replaced files on disk.
        drop(manifest);
        let merged = due.len();
        for (partition, parts) in due {
            if partition.dataset == Dataset::Events {
                self.merge_events(work, partition, parts)?;
            } else {
                self.merge_parts(work, partition, parts)?;
            }
        }
        Ok(merged)
    }

    fn merge_parts(
        &self,
        work: &mut Work,
        partition: Partition,
        parts: Vec<Arc<Part>>,
    ) -> Result<(), LakeError> {
        let mut sources: Vec<Source<'_, Cell>> = Vec::new();
        for part in &parts {
            let pieces = self.reader.pieces::<Cell>(part, &Want::everything())?;
            sources.push(Box::new(pieces));
        }
        let newest = parts.iter().map(|part| part.written_at).max();
        let mut file = SeriesFile::create(Place {
            disk: &self.disk,
            root: &self.root,
            partition,
            number: Self::next_part(work),
            now: newest.unwrap_or_else(|| self.now()),
        })?;
        for piece in Merge::new(sources) {
            file.push(piece?)?;
        }
        let merged = file.finish()?;
        let edit = Edit {
            add: merged.into_iter().collect(),
            remove: parts,
            ..Edit::default()
        };
        self.commit(work, edit, |_state| {})
    }
}
