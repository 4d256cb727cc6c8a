//! What a crash left: files that no manifest names are removed, files that it names and that are gone are told.

use std::path::{Path, PathBuf};

use crate::dataset::Dataset;
use crate::disk::{Disk, names};
use crate::error::LakeError;
use crate::manifest::Manifest;
use crate::part;

/// The files in the folders of the datasets, by their paths within the lake, that are ours by their names.
pub(crate) struct Found {
    /// Parts, and whether the manifest names them.
    pub(crate) parts: Vec<(PathBuf, bool)>,
    /// Unfinished and replaced files.
    pub(crate) hidden: Vec<PathBuf>,
    /// Files that are not ours.
    pub(crate) strange: Vec<PathBuf>,
}

pub(crate) fn find(root: &Path, manifest: &Manifest) -> Result<Found, LakeError> {
    let mut found = Found {
        parts: Vec::new(),
        hidden: Vec::new(),
        strange: Vec::new(),
    };
    for dataset in Dataset::ALL {
        for folder in names(&root.join(dataset.folder()))? {
            let within = dataset.folder().join(&folder);
            if !root.join(&within).is_dir() || within == dataset.segments() {
                continue;
            }
            for name in names(&root.join(&within))? {
                let path = within.join(&name);
                if name.starts_with(".part-") {
                    found.hidden.push(path);
                } else if let Some((partition, number)) = part::parse(&path) {
                    let live = manifest.parts_of(partition);
                    let is_named = live.iter().any(|part| part.number == number);
                    found.parts.push((path, is_named));
                } else {
                    found.strange.push(path);
                }
            }
        }
    }
    Ok(found)
}

/// Removes what is ours and no part; answers the parts that are missing.
pub(crate) fn sweep(
    disk: &Disk,
    root: &Path,
    manifest: &Manifest,
) -> Result<Vec<PathBuf>, LakeError> {
    let found = find(root, manifest)?;
    let orphans = found.parts.iter().filter(|(_, is_named)| !is_named);
    for path in found.hidden.iter().chain(orphans.map(|(path, _)| path)) {
        tracing::info!(path = %path.display(), "lake: a file that no manifest names is removed");
        disk.remove(&root.join(path))?;
    }
    for name in names(root)? {
        let between = |prefix, suffix| {
            let rest = name.strip_prefix(prefix);
            rest.is_some_and(|rest: &str| rest.strip_suffix(suffix).is_some())
        };
        let is_old = between("latest-", ".arrows") && manifest.latest.as_ref() != Some(&name);
        if between(".", ".tmp") || is_old {
            disk.remove(&root.join(name))?;
        }
    }
    let missing = manifest
        .all_parts()
        .map(|part| part.path())
        .filter(|path| !root.join(path).exists());
    Ok(missing.collect())
}
