//! The files of a folder of recordings: `air/` and `hydro/` in it where they are there, else all of it.

use std::path::{Path, PathBuf};

/// Folders within folders.
const DEPTH_MAX: usize = 8;
/// Files that are looked at.
const FILES_MAX: usize = 4_096;

/// One file that may hold measurements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    pub path: PathBuf,
    /// As messages name it: its path within the folder.
    pub name: String,
    /// Whose rows these are where none says so.
    pub station: String,
}

/// The tables of a folder, in the order of their names; and whether there were more than are looked at.
pub(super) fn sources(folder: &Path) -> std::io::Result<(Vec<Source>, bool)> {
    let own = ["air", "hydro"].map(|name| folder.join(name));
    let own: Vec<PathBuf> = own.into_iter().filter(|path| path.is_dir()).collect();
    let mut paths = Vec::new();
    if own.is_empty() {
        walk(folder, DEPTH_MAX, &mut paths)?;
    }
    for each in &own {
        walk(each, DEPTH_MAX, &mut paths)?;
    }
    paths.sort();
    let is_cut = paths.len() > FILES_MAX;
    paths.truncate(FILES_MAX);
    let source = |path: PathBuf| {
        let within = path.strip_prefix(folder).unwrap_or(&path);
        Source {
            name: within.display().to_string(),
            station: station(&path),
            path,
        }
    };
    Ok((paths.into_iter().map(source).collect(), is_cut))
}

fn walk(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if paths.len() > FILES_MAX {
            return Ok(());
        }
        if path.is_dir() {
            if depth > 0 {
                walk(&path, depth - 1, paths)?;
            }
        } else if is_table(&path) {
            paths.push(path);
        }
    }
    Ok(())
}

fn is_table(path: &Path) -> bool {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().to_lowercase());
    let name = name.unwrap_or_default();
    let plain = name.strip_suffix(".gz").unwrap_or(&name);
    [".csv", ".tsv", ".txt"]
        .iter()
        .any(|end| plain.ends_with(end))
}

/// The number that a file's name begins with, or else the whole name.
fn station(path: &Path) -> String {
    const NUMBER_DIGITS_MIN: usize = 5;
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let plain = name.strip_suffix(".gz").unwrap_or(&name);
    let stem = plain.rsplit_once('.').map_or(plain, |(stem, _)| stem);
    let begin = stem.split('_').next().unwrap_or(stem);
    let is_number = begin.len() >= NUMBER_DIGITS_MIN && begin.bytes().all(|b| b.is_ascii_digit());
    if is_number { begin } else { stem }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_for_its_station() {
        for (path, named) in [
            ("x/01022500_streamflow_qc.txt", "01022500"),
            ("x/01022500_lump_cida_forcing_leap.txt.gz", "01022500"),
            ("x/Dongsi.csv.gz", "Dongsi"),
            ("x/12_a.csv", "12_a"),
        ] {
            assert_eq!(station(Path::new(path)), named);
        }
    }
}
