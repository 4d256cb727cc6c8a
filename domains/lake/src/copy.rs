//! A copy of a lake in another folder, made while a process may write to it.
//!
//! Segments come first: what is compacted out of them meanwhile is in the parts of the manifest that is read after
//! them, and an open lake removes segments that its manifest no longer needs. So nothing that was durable when the
//! copy began is missing from it.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::dataset::Dataset;
use crate::disk::Disk;
use crate::error::LakeError;
use crate::manifest::Manifest;
use crate::segment;
use crate::sweep::sweep;

/// A manifest changes with each compaction: more changes than this during one copy are not met.
const TRIES: usize = 100;

/// What was copied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LakeCopied {
    pub files: u64,
    pub bytes: u64,
}

impl LakeCopied {
    fn add(&mut self, bytes: Option<u64>) {
        self.files += u64::from(bytes.is_some());
        self.bytes += bytes.unwrap_or_default();
    }
}

/// Copies the lake at `root` to `target`, which must not exist. `None` where there is no lake.
pub fn copy(root: &Path, target: &Path) -> Result<Option<LakeCopied>, LakeError> {
    if Manifest::load(root)?.is_none() {
        return Ok(None);
    }
    let file = |error| LakeError::file(target, error);
    fs::create_dir(target).map_err(file)?;
    let (disk, mut copied) = (Disk::default(), LakeCopied::default());
    for dataset in [Dataset::Observations, Dataset::Events] {
        let folder = root.join(dataset.segments());
        for number in segment::numbers(&folder)? {
            let path = segment::path(&dataset.segments(), number);
            // One that is gone has been compacted into parts.
            copied.add(copy_file(&disk, root, target, &path)?);
        }
    }
    for _ in 0..TRIES {
        let Some(manifest) = Manifest::load(root)? else {
            break;
        };
        if copy_parts(&disk, &manifest, root, target, &mut copied)? {
            sweep(&disk, target, &manifest)?;
            manifest.save(&disk, target)?;
            return Ok(Some(copied));
        }
    }
    Err(LakeError::damaged(
        root,
        "files that the manifest names are missing; see `yiwang lake check`",
    ))
}

/// Copies what the manifest names and is not there yet; says whether all of it is.
fn copy_parts(
    disk: &Disk,
    manifest: &Manifest,
    root: &Path,
    target: &Path,
    copied: &mut LakeCopied,
) -> Result<bool, LakeError> {
    for path in named(manifest) {
        if target.join(&path).exists() {
            continue;
        }
        let bytes = copy_file(disk, root, target, &path)?;
        if bytes.is_none() {
            return Ok(false);
        }
        copied.add(bytes);
    }
    Ok(true)
}

/// Every file that a manifest names, within the lake.
fn named(manifest: &Manifest) -> BTreeSet<PathBuf> {
    let parts = manifest.parts.values().flatten().map(|part| part.path());
    let latest = manifest.latest.iter().map(PathBuf::from);
    parts.chain(latest).collect()
}

/// Answers its bytes; `None` where it is not there.
fn copy_file(
    disk: &Disk,
    root: &Path,
    target: &Path,
    path: &Path,
) -> Result<Option<u64>, LakeError> {
    let (from, to) = (root.join(path), target.join(path));
    if let Some(folder) = to.parent() {
        disk.make_folder(target, folder)?;
    }
    let bytes = match fs::copy(&from, &to) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(LakeError::file(&to, error)),
    };
    let file = fs::File::open(&to).map_err(|error| LakeError::file(&to, error))?;
    disk.sync(&to, &file)?;
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use yiwang_contracts::{Series, Span};

    use super::*;
    use crate::testing::{DAY, HOUR, Model, Shore, form, point};
    use crate::{Effort, Lake, check};

    #[test]
    fn a_copy_made_while_the_lake_is_written_and_compacted_holds_all_that_was_durable_before() {
        let shore = Shore::new();
        let lake = Arc::new(shore.open());
        let series = Series::new("d0", "level");
        let begin = shore.now();
        let mut model = Model::default();
        for step in 0..200 {
            let one = [point(&series, begin + step * HOUR / 8, step as f64)];
            model.apply(&one);
            lake.append_points(&one).unwrap();
        }
        shore.wait(2 * DAY);
        lake.compact(Effort::All).unwrap();
        let last = [point(&series, begin + 2 * DAY, 1_000.0)];
        model.apply(&last);
        lake.append_points(&last).unwrap();
        let other = Series::new("d1", "level");
        let is_over = AtomicBool::new(false);
        let target = shore.root().with_extension("copy");
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut step = 0;
                while !is_over.load(Ordering::Acquire) {
                    step += 1;
                    let one = point(&other, begin + 2 * DAY + step * 1_000, step as f64);
                    lake.append_points(&[one]).unwrap();
                    lake.compact(Effort::All).unwrap();
                }
            });
            for _ in 0..5 {
                let copied = copy(&shore.root(), &target).unwrap().unwrap();
                assert!(copied.files > 0 && copied.bytes > 0, "{copied:?}");
                let found = check(&target).unwrap();
                assert_eq!(found.faults, Vec::new());
                assert!(found.rows + found.segment_rows >= 201, "{found:?}");
                std::fs::remove_dir_all(&target).unwrap();
            }
            is_over.store(true, Ordering::Release);
        });
        let _copied = copy(&shore.root(), &target).unwrap();
        let settings = shore.settings.clone();
        let clock = Arc::clone(&shore.clock);
        let again = Lake::open_on(Disk::default(), &target, settings, clock, &shore.metrics);
        let asked = again.unwrap().ask();
        let span = Span {
            from: begin,
            to: begin + 3 * DAY,
        };
        let kept = asked.samples(&series, span, false, usize::MAX).unwrap();
        assert_eq!(form(&kept), form(&model.samples(&series, span)));
    }
}
