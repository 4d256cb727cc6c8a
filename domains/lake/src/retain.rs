//! Retention: whole partitions go when all of them is older than their dataset is kept, and what went is proved.

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use yiwang_kernel::{Timestamp, from_micros};

use crate::dataset::{Dataset, Partition};
use crate::error::LakeError;
use crate::lake::Lake;
use crate::manifest::{Edit, Manifest};
use crate::part::Part;
use crate::settings::LakeSettings;
use crate::store::Removal;
use crate::sync::{lock, read};
use crate::zone::Day;

/// Bytes hashed at a time.
const PIECE_BYTES: usize = 64 * 1024;

/// Partitions of one dataset that are to go.
pub(crate) struct Expired {
    dataset: Dataset,
    /// Days before are not kept.
    before: Day,
    parts: Vec<Arc<Part>>,
    /// What is recorded of each part before it goes.
    pub(crate) removals: Vec<Removal>,
}

impl LakeSettings {
    /// Days that a dataset is kept. Buckets are kept at least as long as what they are made of.
    pub(crate) fn days(&self, dataset: Dataset) -> u32 {
        match dataset {
            Dataset::Observations => self.observation_days,
            Dataset::Hours => self.hour_days.max(self.observation_days),
            Dataset::Days => self.day_days.max(self.observation_days),
            Dataset::Events => self.event_days,
        }
    }
}

impl Lake {
    /// What is to go now, with its proofs: each file is read once more.
    pub(crate) fn expired(&self) -> Result<Vec<Expired>, LakeError> {
        let manifest = Arc::clone(&read(&self.state).manifest);
        let today = self.zone.day(self.now());
        let mut expired = Vec::new();
        for dataset in Dataset::ALL {
            let days = self.settings.days(dataset);
            let before = Day(today
                .0
                .saturating_sub(i32::try_from(days).unwrap_or(i32::MAX)));
            let mut parts = Vec::new();
            let mut last_gone = None;
            for (partition, own) in manifest.partitions(dataset) {
                if partition.next_day() > before {
                    break;
                }
                if !is_ready(&manifest, partition) {
                    // Its turn comes when it is down-sampled; later ones wait with it.
                    break;
                }
                last_gone = Some(partition.next_day());
                parts.extend(own.iter().cloned());
            }
            let Some(gone) = last_gone else {
                continue;
            };
            let policy = format!("{} are kept {days} days", dataset.name());
            let removals = parts
                .iter()
                .map(|part| self.removal(part, &policy))
                .collect::<Result<_, _>>()?;
            expired.push(Expired {
                dataset,
                before: gone,
                parts,
                removals,
            });
        }
        Ok(expired)
    }

    fn removal(&self, part: &Part, policy: &str) -> Result<Removal, LakeError> {
        let path = self.root.join(part.path());
        let (bytes, sha256) = match digest(&path) {
            Ok(found) => found,
            // What is lost already can be proved by what was known of it only.
            Err(LakeError::File { source, .. })
                if source.kind() == std::io::ErrorKind::NotFound =>
            {
                (0, part.sha256.clone())
            }
            Err(fault) => return Err(fault),
        };
        let policy = if sha256 == part.sha256 && bytes == part.bytes {
            policy.to_owned()
        } else {
            format!(
                "{policy}; the file was not as it was written ({} bytes, {})",
                part.bytes, part.sha256
            )
        };
        let instant = |micros: i64| -> Timestamp { from_micros(micros) };
        Ok(Removal {
            dataset: part.partition.dataset,
            file: part.path().to_string_lossy().into_owned(),
            rows: part.rows,
            from: instant(part.first),
            to: instant(part.last),
            bytes,
            sha256,
            removed_at: instant(self.now()),
            policy,
        })
    }

    /// Removes what is proved. What changed meanwhile waits for the next pass; answers how many files went.
    pub(crate) fn remove(&self, expired: Vec<Expired>) -> Result<usize, LakeError> {
        let mut work = lock(&self.work);
        let mut gone = 0;
        for Expired {
            dataset,
            before,
            parts,
            removals,
        } in expired
        {
            drop(removals);
            let is_same = {
                let manifest = &read(&self.state).manifest;
                let live = manifest
                    .partitions(dataset)
                    .filter(|(partition, _)| partition.next_day() <= before);
                let live: Vec<u64> = live
                    .flat_map(|(_, parts)| parts.iter().map(|part| part.number))
                    .collect();
                live == parts.iter().map(|part| part.number).collect::<Vec<_>>()
            };
            if !is_same {
                continue;
            }
            gone += parts.len();
            let removed = parts.len() as u64;
            let edit = Edit {
                remove: parts,
                removed_before: Some((dataset, before)),
                ..Edit::default()
            };
            self.commit(&mut work, edit, |_state| {})?;
            self.tally.removed.add(removed);
        }
        Ok(gone)
    }
}

/// Observations go when their buckets are made.
fn is_ready(manifest: &Manifest, partition: Partition) -> bool {
    partition.dataset != Dataset::Observations || manifest.viewed.contains(&partition.first_day())
}

/// The length and SHA-256 of a file.
pub(crate) fn digest(path: &Path) -> Result<(u64, String), LakeError> {
    let failed = |source| LakeError::file(path, source);
    let mut file = std::fs::File::open(path).map_err(failed)?;
    let mut sha256 = Sha256::new();
    let mut piece = vec![0; PIECE_BYTES];
    let mut bytes = 0;
    loop {
        let count = file.read(&mut piece).map_err(failed)?;
        if count == 0 {
            return Ok((bytes, hex::encode(sha256.finalize())));
        }
        sha256.update(piece.get(..count).unwrap_or_default());
        bytes += count as u64;
    }
}
