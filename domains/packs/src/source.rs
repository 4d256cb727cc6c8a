//! Where a pack's files come from: a folder, or the packs that lie in the program itself.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;

/// Larger files are refused unread.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// A pack with more files is refused.
const FILES_MAX: usize = 500;
const DEPTH_MAX: usize = 4;

/// The packs that come with the program.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../packs"]
struct Shipped;

/// A pack's files by their path within it (`items/01.yaml`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PackFiles {
    /// The folder's name: what the pack's id should be.
    pub name: String,
    pub files: BTreeMap<String, Vec<u8>>,
}

/// Why a folder's files cannot be had at all.
#[derive(Debug, thiserror::Error)]
pub enum SourceFault {
    #[error("`{}` cannot be read", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("`{}` is larger than {FILE_BYTES_MAX} bytes", .0.display())]
    FileTooLarge(PathBuf),
    #[error("`{}` has more than {FILES_MAX} files or folders within folders", .0.display())]
    TooManyFiles(PathBuf),
    #[error("no pack `{0}` comes with the program")]
    NotShipped(String),
}

impl PackFiles {
    /// Reads a folder. Hidden files and links are passed over.
    pub fn folder(path: &Path) -> Result<Self, SourceFault> {
        let full = path
            .canonicalize()
            .map_err(|source| SourceFault::Unreadable {
                path: path.to_owned(),
                source,
            })?;
        let name = full
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let mut files = BTreeMap::new();
        walk(&full, "", 0, &mut files)?;
        Ok(Self { name, files })
    }

    /// A pack that comes with the program.
    pub fn shipped(id: &str) -> Result<Self, SourceFault> {
        let prefix = format!("{id}/");
        let files: BTreeMap<String, Vec<u8>> = Shipped::iter()
            .filter_map(|path| {
                let within = path.strip_prefix(&prefix)?.to_owned();
                Some((within, Shipped::get(&path)?.data.into_owned()))
            })
            .collect();
        if files.is_empty() {
            return Err(SourceFault::NotShipped(id.to_owned()));
        }
        Ok(Self {
            name: id.to_owned(),
            files,
        })
    }

    /// The ids of the packs that come with the program.
    pub fn shipped_ids() -> Vec<String> {
        let mut ids: Vec<String> = Shipped::iter()
            .filter_map(|path| path.strip_suffix("/pack.yaml").map(str::to_owned))
            .collect();
        ids.sort_unstable();
        ids
    }

    /// From memory.
    pub fn new<'a>(name: &str, files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let files = files
            .into_iter()
            .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
            .collect();
        Self {
            name: name.to_owned(),
            files,
        }
    }
}

fn walk(
    folder: &Path,
    within: &str,
    depth: usize,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), SourceFault> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| SourceFault::Unreadable { path, source }
    };
    for entry in std::fs::read_dir(folder).map_err(unreadable(folder))? {
        let entry = entry.map_err(unreadable(folder))?;
        let path = entry.path();
        let kind = entry.file_type().map_err(unreadable(&path))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || kind.is_symlink() {
            continue;
        }
        if files.len() >= FILES_MAX || depth > DEPTH_MAX {
            return Err(SourceFault::TooManyFiles(folder.to_owned()));
        }
        if kind.is_dir() {
            walk(&path, &format!("{within}{name}/"), depth + 1, files)?;
        } else {
            if entry.metadata().map_err(unreadable(&path))?.len() > FILE_BYTES_MAX {
                return Err(SourceFault::FileTooLarge(path));
            }
            files.insert(
                format!("{within}{name}"),
                std::fs::read(&path).map_err(unreadable(&path))?,
            );
        }
    }
    Ok(())
}
