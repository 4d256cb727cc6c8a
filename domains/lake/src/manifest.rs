//! The manifest: which parts live, and from which segment on the rest is. It is replaced whole, by one rename:
//! after a crash either all of a change has happened or nothing of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::dataset::{Dataset, Partition};
use crate::disk::{self, Disk};
use crate::error::LakeError;
use crate::part::{Part, PartEntry};
use crate::zone::Day;

/// The version of the file's form.
const VERSION: u32 = 1;
pub(crate) const FILE: &str = "manifest.json";

/// What a lake consists of at one moment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Manifest {
    pub(crate) zone_minutes: i32,
    /// The number that the next part gets at least.
    pub(crate) next_part: u64,
    /// Segments below are in parts.
    pub(crate) segments_from: BTreeMap<Dataset, u64>,
    pub(crate) parts: BTreeMap<Partition, Vec<Arc<Part>>>,
    /// Days whose down-sampled rows are what their observations say.
    pub(crate) viewed: BTreeSet<Day>,
    /// Days with down-sampled rows that are no longer what their observations say.
    pub(crate) stale: BTreeSet<Day>,
    /// Days before are removed and are not taken in again.
    pub(crate) removed_before: BTreeMap<Dataset, Day>,
    /// The file with the last value of every series in parts.
    pub(crate) latest: Option<String>,
    pub(crate) compacted_at: Option<i64>,
}

/// A change to the manifest.
#[derive(Debug, Default)]
pub(crate) struct Edit {
    pub(crate) add: Vec<Part>,
    pub(crate) remove: Vec<Arc<Part>>,
    pub(crate) segments_from: Option<(Dataset, u64)>,
    /// Days whose down-sampled rows were made; those of a day without observations are gone.
    pub(crate) viewed: Vec<Day>,
    /// Days whose observations changed.
    pub(crate) touched: Vec<Day>,
    pub(crate) removed_before: Option<(Dataset, Day)>,
    pub(crate) latest: Option<String>,
    pub(crate) compacted_at: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct Document {
    version: u32,
    zone_minutes: i32,
    next_part: u64,
    segments_from: BTreeMap<Dataset, u64>,
    removed_before: BTreeMap<Dataset, String>,
    viewed: Vec<String>,
    stale: Vec<String>,
    latest: Option<String>,
    compacted_at_us: Option<i64>,
    parts: Vec<PartEntry>,
}

impl Manifest {
    pub(crate) fn new(zone_minutes: i32) -> Self {
        Self {
            zone_minutes,
            next_part: 1,
            ..Self::default()
        }
    }

    /// The manifest in the folder; none when the lake is new.
    pub(crate) fn load(root: &Path) -> Result<Option<Self>, LakeError> {
        let path = root.join(FILE);
        if !path.exists() {
            return Ok(None);
        }
        let bytes = disk::read_whole(&path)?;
        let document: Document =
            serde_json::from_slice(&bytes).map_err(|error| LakeError::damaged(&path, error))?;
        if document.version > VERSION {
            return Err(LakeError::Newer {
                found: document.version,
                known: VERSION,
            });
        }
        document
            .manifest()
            .map(Some)
            .map_err(|why| LakeError::damaged(&path, why))
    }

    pub(crate) fn save(&self, disk: &Disk, root: &Path) -> Result<(), LakeError> {
        let path = root.join(FILE);
        let document = Document::of(self);
        let bytes = serde_json::to_vec_pretty(&document)
            .map_err(|error| LakeError::damaged(&path, error))?;
        disk.replace(&path, &bytes)
    }

    /// The manifest after a change.
    pub(crate) fn with(&self, edit: &Edit) -> Self {
        let mut next = self.clone();
        for gone in &edit.remove {
            if let Some(parts) = next.parts.get_mut(&gone.partition) {
                parts.retain(|part| part.number != gone.number);
            }
        }
        for part in &edit.add {
            next.next_part = next.next_part.max(part.number + 1);
            next.parts
                .entry(part.partition)
                .or_default()
                .push(Arc::new(part.clone()));
        }
        next.parts.retain(|_, parts| !parts.is_empty());
        next.segments_from.extend(edit.segments_from);
        next.removed_before.extend(edit.removed_before);
        for day in &edit.viewed {
            next.stale.remove(day);
            let partition = Partition::day(Dataset::Observations, *day);
            if next.parts.contains_key(&partition) {
                next.viewed.insert(*day);
            }
        }
        for day in &edit.touched {
            if next.viewed.remove(day) {
                next.stale.insert(*day);
            }
        }
        // What is down-sampled of a day is gone when neither its hours nor its day are kept.
        let gone = |next: &Self, day| {
            next.is_removed(Dataset::Hours, day) && next.is_removed(Dataset::Days, day)
        };
        let viewed = std::mem::take(&mut next.viewed).into_iter();
        next.viewed = viewed.filter(|day| !gone(&next, *day)).collect();
        next.latest = edit.latest.clone().or(next.latest);
        next.compacted_at = edit.compacted_at.or(next.compacted_at);
        next
    }

    pub(crate) fn parts_of(&self, partition: Partition) -> &[Arc<Part>] {
        self.parts.get(&partition).map_or(&[], Vec::as_slice)
    }

    /// The partitions of a dataset with their parts, in order.
    pub(crate) fn partitions(
        &self,
        dataset: Dataset,
    ) -> impl DoubleEndedIterator<Item = (Partition, &[Arc<Part>])> {
        self.parts
            .iter()
            .filter(move |(partition, _)| partition.dataset == dataset)
            .map(|(partition, parts)| (*partition, parts.as_slice()))
    }

    pub(crate) fn all_parts(&self) -> impl Iterator<Item = &Arc<Part>> {
        self.parts.values().flatten()
    }

    pub(crate) fn segments_from(&self, dataset: Dataset) -> u64 {
        self.segments_from.get(&dataset).copied().unwrap_or(0)
    }

    /// Was the day removed by retention?
    pub(crate) fn is_removed(&self, dataset: Dataset, day: Day) -> bool {
        self.removed_before
            .get(&dataset)
            .is_some_and(|before| day < *before)
    }
}

impl Document {
    fn of(manifest: &Manifest) -> Self {
        Self {
            version: VERSION,
            zone_minutes: manifest.zone_minutes,
            next_part: manifest.next_part,
            segments_from: manifest.segments_from.clone(),
            removed_before: manifest
                .removed_before
                .iter()
                .map(|(dataset, day)| (*dataset, day.to_string()))
                .collect(),
            viewed: manifest.viewed.iter().map(Day::to_string).collect(),
            stale: manifest.stale.iter().map(Day::to_string).collect(),
            latest: manifest.latest.clone(),
            compacted_at_us: manifest.compacted_at,
            parts: manifest.all_parts().map(|part| part.entry()).collect(),
        }
    }

    fn manifest(self) -> Result<Manifest, String> {
        let day = |text: &str| Day::parse(text).ok_or_else(|| format!("{text} is no day"));
        let days = |texts: &[String]| -> Result<BTreeSet<Day>, String> {
            texts.iter().map(|text| day(text)).collect()
        };
        let mut parts: BTreeMap<Partition, Vec<Arc<Part>>> = BTreeMap::new();
        for entry in self.parts {
            let part = Part::try_from(entry)?;
            parts
                .entry(part.partition)
                .or_default()
                .push(Arc::new(part));
        }
        Ok(Manifest {
            zone_minutes: self.zone_minutes,
            next_part: self.next_part,
            segments_from: self.segments_from,
            parts,
            viewed: days(&self.viewed)?,
            stale: days(&self.stale)?,
            removed_before: self
                .removed_before
                .iter()
                .map(|(dataset, text)| Ok((*dataset, day(text)?)))
                .collect::<Result<_, String>>()?,
            latest: self.latest,
            compacted_at: self.compacted_at_us,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(number: u64, day: &str) -> Part {
        Part {
            number,
            partition: Partition::day(Dataset::Observations, Day::parse(day).unwrap()),
            rows: 3,
            bytes: 900,
            first: -5,
            last: 12,
            seqs: None,
            sha256: "ab".repeat(32),
            written_at: 7,
        }
    }

    #[test]
    fn a_manifest_is_read_as_it_was_saved_and_an_edit_is_all_of_it() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Manifest::load(folder.path()).unwrap().is_none());
        let first = Manifest::new(480).with(&Edit {
            add: vec![part(1, "2026-11-22"), part(2, "2026-11-23")],
            viewed: vec![Day::parse("2026-11-22").unwrap()],
            ..Edit::default()
        });
        let old: Vec<Arc<Part>> = first.all_parts().cloned().collect();
        let second = first.with(&Edit {
            add: vec![part(9, "2026-11-23")],
            remove: vec![Arc::clone(&old[1])],
            segments_from: Some((Dataset::Observations, 4)),
            touched: vec![Day::parse("2026-11-22").unwrap()],
            removed_before: Some((Dataset::Observations, Day::parse("2025-01-01").unwrap())),
            latest: Some("latest-3.parquet".to_owned()),
            ..Edit::default()
        });
        second.save(&Disk::default(), folder.path()).unwrap();
        let read = Manifest::load(folder.path()).unwrap().unwrap();
        assert_eq!(read.next_part, 10);
        assert_eq!(read.segments_from(Dataset::Observations), 4);
        assert_eq!(read.segments_from(Dataset::Events), 0);
        assert!(read.viewed.is_empty());
        assert_eq!(read.stale.len(), 1);
        let again = read.with(&Edit {
            viewed: ["2026-11-21", "2026-11-22"]
                .map(|day| Day::parse(day).unwrap())
                .to_vec(),
            ..Edit::default()
        });
        assert_eq!((again.viewed.len(), again.stale.len()), (1, 0));
        assert!(read.is_removed(Dataset::Observations, Day::parse("2024-12-31").unwrap()));
        assert!(!read.is_removed(Dataset::Observations, Day::parse("2025-01-01").unwrap()));
        let parts: Vec<Part> = read.all_parts().map(|part| (**part).clone()).collect();
        assert_eq!(parts, [part(1, "2026-11-22"), part(9, "2026-11-23")]);
    }

    #[test]
    fn a_manifest_of_a_newer_program_is_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        Manifest::new(480)
            .save(&Disk::default(), folder.path())
            .unwrap();
        let path = folder.path().join(FILE);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replace("\"version\": 1", "\"version\": 2")).unwrap();
        assert!(matches!(
            Manifest::load(folder.path()),
            Err(LakeError::Newer { found: 2, known: 1 })
        ));
    }
}
