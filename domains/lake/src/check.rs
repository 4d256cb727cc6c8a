//! Is the lake whole? Every file is read and compared with what the manifest says of it. Nothing is changed, and a
//! process that writes meanwhile is no hindrance.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::Int64Array;
use yiwang_contracts::Series;

use crate::batch::{column, time_column};
use crate::dataset::{Dataset, Partition};
use crate::error::LakeError;
use crate::event::{EventTable, SEQ};
use crate::log::{Pending, recover};
use crate::manifest::Manifest;
use crate::merge::{Merge, Source};
use crate::part::Part;
use crate::piece::Key;
use crate::reader::Reader;
use crate::retain::digest;
use crate::sweep;
use crate::table::Table;
use crate::want::Want;
use crate::zone::Zone;

/// Memory for footers while a check runs.
const CACHE_BYTES: usize = 8 << 20;

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LakeCheck {
    pub files: u64,
    pub rows: u64,
    pub bytes: u64,
    pub segments: u64,
    pub segment_rows: u64,
    /// What must not be: each with the file it is of.
    pub faults: Vec<CheckFault>,
    /// What a start puts in order by itself.
    pub notes: Vec<CheckFault>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CheckFault {
    /// Within the lake.
    pub path: PathBuf,
    pub what: String,
}

impl CheckFault {
    fn new(path: impl Into<PathBuf>, what: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            what: what.into(),
        }
    }
}

/// Checks the lake in a folder.
pub fn check(root: &Path) -> Result<LakeCheck, LakeError> {
    let Some(manifest) = Manifest::load(root)? else {
        return Err(LakeError::damaged(root, "there is no lake here"));
    };
    let reader = Arc::new(Reader::new(root, CACHE_BYTES));
    let zone = Zone::minutes(manifest.zone_minutes);
    let mut found = LakeCheck::default();
    for (partition, parts) in &manifest.parts {
        for part in parts {
            found.files += 1;
            found.rows += part.rows;
            found.bytes += part.bytes;
            if let Err(what) = check_part(root, &reader, zone, part) {
                found.faults.push(CheckFault::new(part.path(), what));
            }
        }
        if let Err(what) = check_partition(&reader, *partition, parts) {
            found.faults.push(CheckFault::new(partition.folder(), what));
        }
    }
    segments::<Table>(root, &manifest, &mut found)?;
    segments::<EventTable>(root, &manifest, &mut found)?;
    strays(root, &manifest, &mut found)?;
    forgive_what_changed(root, &mut found)?;
    Ok(found)
}

fn check_part(
    root: &Path,
    reader: &Arc<Reader>,
    zone: Zone,
    part: &Arc<Part>,
) -> Result<(), String> {
    let path = root.join(part.path());
    if !path.exists() {
        return Err("it is missing".to_owned());
    }
    let (bytes, sha256) = digest(&path).map_err(|fault| fault.to_string())?;
    let counted = count(reader, zone, part)?;
    if (bytes, &sha256) != (part.bytes, &part.sha256) {
        return Err("its bytes are not those that were written".to_owned());
    }
    let said = (part.rows, Some((part.first, part.last)));
    if (counted.rows, counted.ends) != said {
        return Err(format!(
            "it has {} rows from {:?}, the manifest says {} from {:?}",
            counted.rows, counted.ends, said.0, said.1
        ));
    }
    Ok(())
}

#[derive(Default)]
struct Counted {
    rows: u64,
    ends: Option<(i64, i64)>,
}

impl Counted {
    fn add(&mut self, time: i64) {
        self.rows += 1;
        self.ends = Some(match self.ends {
            None => (time, time),
            Some((first, last)) => (first.min(time), last.max(time)),
        });
    }
}

/// Reads all of a part, all columns of it; its rows must be in order and of its partition.
fn count(reader: &Arc<Reader>, zone: Zone, part: &Arc<Part>) -> Result<Counted, String> {
    let told = |fault: LakeError| fault.to_string();
    let mut counted = Counted::default();
    let is_event = part.partition.dataset == Dataset::Events;
    let mut last_seq = i64::MIN;
    let batches = reader.batches(part, &Want::everything(), None);
    for batch in batches.map_err(told)? {
        let batch = batch.map_err(told)?;
        for time in time_column(&batch).map_err(|error| error.to_string())? {
            counted.add(*time);
        }
        if is_event {
            let seqs: &Int64Array = column(&batch, SEQ).map_err(|error| error.to_string())?;
            for seq in seqs.values() {
                if *seq <= last_seq {
                    return Err(format!("event {seq} stands behind {last_seq}"));
                }
                last_seq = *seq;
            }
        }
    }
    let own = (part.partition.first_day(), part.partition.next_day());
    let is_strange = |(first, last)| zone.day(first) < own.0 || zone.day(last) >= own.1;
    if counted.ends.is_some_and(is_strange) {
        return Err("it has rows of other days".to_owned());
    }
    if !is_event {
        in_order(reader, part)?;
    }
    Ok(counted)
}

fn in_order(reader: &Arc<Reader>, part: &Arc<Part>) -> Result<(), String> {
    let mut before: Option<(Arc<Series>, i64)> = None;
    let pieces = reader.pieces::<Key>(part, &Want::everything());
    for piece in pieces.map_err(|fault| fault.to_string())? {
        let piece = piece.map_err(|fault| fault.to_string())?;
        for (time, _) in &piece.cells {
            let key = (&piece.series, *time);
            if before
                .as_ref()
                .is_some_and(|(series, time)| key <= (series, *time))
            {
                return Err(format!(
                    "{} {} at {time} stands where it should not",
                    piece.series.device, piece.series.property
                ));
            }
            before = Some((Arc::clone(&piece.series), *time));
        }
    }
    Ok(())
}

/// No row may be in two parts of a partition.
fn check_partition(
    reader: &Arc<Reader>,
    partition: Partition,
    parts: &[Arc<Part>],
) -> Result<(), String> {
    if parts.len() < 2 {
        return Ok(());
    }
    let told = |fault: LakeError| fault.to_string();
    let mut distinct = 0;
    if partition.dataset == Dataset::Events {
        let mut seqs = BTreeSet::new();
        for part in parts {
            let batches = reader.batches(part, &Want::everything(), Some(&[SEQ]));
            for batch in batches.map_err(told)? {
                let batch = batch.map_err(told)?;
                let own: &Int64Array = column(&batch, SEQ).map_err(|error| error.to_string())?;
                seqs.extend(own.values().iter().copied());
            }
        }
        distinct += seqs.len() as u64;
    } else {
        let mut sources: Vec<Source<'_, Key>> = Vec::new();
        for part in parts {
            let pieces = reader.pieces::<Key>(part, &Want::everything());
            sources.push(Box::new(pieces.map_err(told)?));
        }
        for piece in Merge::new(sources) {
            distinct += piece.map_err(told)?.cells.len() as u64;
        }
    }
    let rows: u64 = parts.iter().map(|part| part.rows).sum();
    if distinct == rows {
        Ok(())
    } else {
        Err(format!(
            "{} rows are in more than one file",
            rows.abs_diff(distinct)
        ))
    }
}

/// Reads the segments without changing them.
fn segments<T: Pending>(
    root: &Path,
    manifest: &Manifest,
    found: &mut LakeCheck,
) -> Result<(), LakeError> {
    let within = T::DATASET.segments();
    let recovered = recover::<T>(
        None,
        &root.join(&within),
        manifest.segments_from(T::DATASET),
        0,
    )?;
    found.segments += recovered.tables.len() as u64;
    let rows = recovered.tables.iter().map(|table| table.rows());
    found.segment_rows += rows.sum::<u64>();
    let faults = recovered.faults.into_iter();
    found
        .faults
        .extend(faults.map(|what| CheckFault::new(&within, what)));
    if recovered.torn > 0 {
        let what = "the last batch is unfinished: it is being written, or a start cuts it off";
        found.notes.push(CheckFault::new(&within, what));
    }
    Ok(())
}

/// Files that no manifest names.
fn strays(root: &Path, manifest: &Manifest, found: &mut LakeCheck) -> Result<(), LakeError> {
    let files = sweep::find(root, manifest)?;
    let orphans = files.parts.into_iter().filter(|(_, is_named)| !is_named);
    let orphan = |(path, _)| CheckFault::new(path, "the manifest does not name it");
    found.faults.extend(orphans.map(orphan));
    let strange = files.strange.into_iter();
    found
        .notes
        .extend(strange.map(|path| CheckFault::new(path, "it is not the lake's")));
    let hidden = files.hidden.into_iter();
    found
        .notes
        .extend(hidden.map(|path| CheckFault::new(path, "it is unfinished or was replaced")));
    Ok(())
}

/// Whoever writes meanwhile may have replaced a file: what is said of one that is no part any more, or that is one
/// only now, is forgotten.
fn forgive_what_changed(root: &Path, found: &mut LakeCheck) -> Result<(), LakeError> {
    if found.faults.is_empty() {
        return Ok(());
    }
    let now = Manifest::load(root)?.unwrap_or_default();
    let live: BTreeSet<PathBuf> = now.all_parts().map(|part| part.path()).collect();
    found.faults.retain(|fault| {
        let is_part = crate::part::parse(&fault.path).is_some();
        let is_orphan = fault.what.contains("does not name it");
        let is_there = root.join(&fault.path).exists();
        !is_part
            || if is_orphan {
                !live.contains(&fault.path) && is_there
            } else {
                live.contains(&fault.path)
            }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compact::Effort;
    use crate::testing::{DAY, Shore, event, point};

    /// Three days of observations and events, the last in segments.
    fn shore() -> Shore {
        let shore = Shore::new();
        let lake = shore.open();
        for day in 0..3 {
            let series = Series::new("d0", "level");
            let points: Vec<_> = (0..50)
                .map(|n| point(&series, shore.now() + n, n as f64))
                .collect();
            lake.append_points(&points).unwrap();
            lake.append_events(&[event(day, shore.now())]).unwrap();
            if day < 2 {
                shore.wait(DAY);
                lake.compact(Effort::All).unwrap();
            }
        }
        shore
    }

    #[test]
    fn a_whole_lake_has_no_fault() {
        let shore = shore();
        let found = check(&shore.root()).unwrap();
        assert_eq!(found.faults, []);
        assert_eq!(found.notes, []);
        // Two days of observations, an hour and a day of each, and an event of each.
        assert_eq!((found.files, found.rows), (6, 100 + 2 + 2 + 2));
        assert_eq!((found.segments, found.segment_rows), (2, 51));
    }

    #[test]
    fn each_fault_is_told_with_its_file() {
        let shore = shore();
        let root = shore.root();
        let first = root.join("observations/day=2026-11-23/part-00000001.parquet");
        let whole = std::fs::read(&first).unwrap();
        let told = |what: &str| {
            let found = check(&root).unwrap();
            let is_told = found.faults.iter().any(|fault| fault.what.contains(what));
            assert!(is_told, "{what}: {:?}", found.faults);
        };
        let mut bytes = whole.clone();
        let footer = bytes.len() - 40;
        bytes[footer] ^= 1;
        std::fs::write(&first, &bytes).unwrap();
        told("");
        std::fs::write(&first, &whole[..whole.len() - 12]).unwrap();
        told("cannot be read");
        std::fs::remove_file(&first).unwrap();
        told("missing");
        std::fs::write(&first, &whole).unwrap();
        assert_eq!(check(&root).unwrap().faults, []);
        let orphan = root.join("observations/day=2026-11-23/part-00000077.parquet");
        std::fs::copy(&first, &orphan).unwrap();
        told("does not name");
        std::fs::remove_file(&orphan).unwrap();
        let strange = root.join("observations/day=2026-11-23/notes.txt");
        std::fs::write(&strange, "x").unwrap();
        assert_eq!(check(&root).unwrap().notes.len(), 1);
        // A part of one day under another day's name.
        let other = root.join("observations/day=2026-11-24");
        let other = std::fs::read_dir(other).unwrap().next().unwrap().unwrap();
        std::fs::copy(&first, other.path()).unwrap();
        told("other days");
    }

    #[test]
    fn a_torn_segment_is_noted_and_a_damaged_one_is_a_fault() {
        let shore = shore();
        let folder = shore.root().join("observations/segments");
        let path = std::fs::read_dir(folder)
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .path();
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 5]).unwrap();
        let found = check(&shore.root()).unwrap();
        assert_eq!((found.faults.len(), found.notes.len()), (0, 1));
        let mut bytes = whole.clone();
        let code = bytes.windows(2).rposition(|two| two == b"d0").unwrap();
        bytes[code] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        let found = check(&shore.root()).unwrap();
        assert_eq!(found.faults.len(), 1, "{:?}", found.faults);
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
    }
}
