//! The shelf: the packs that could be installed.

use std::path::PathBuf;

use crate::error::PackError;
use crate::source::{PackFiles, SourceFault};

/// Where packs are looked for by their ids.
#[derive(Debug, Clone, Default)]
pub enum Shelf {
    /// Those that come with the program.
    #[default]
    Shipped,
    /// A folder of pack folders; what is not in it comes with the program.
    Folder(PathBuf),
}

impl Shelf {
    /// The ids on the shelf, sorted.
    pub fn ids(&self) -> Result<Vec<String>, PackError> {
        let mut ids = PackFiles::shipped_ids();
        if let Self::Folder(folder) = self {
            let unreadable = |source| SourceFault::Unreadable {
                path: folder.clone(),
                source,
            };
            for entry in std::fs::read_dir(folder).map_err(unreadable)? {
                let entry = entry.map_err(unreadable)?;
                if entry.path().join("pack.yaml").is_file() {
                    ids.push(entry.file_name().to_string_lossy().into_owned());
                }
            }
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    /// All packs on the shelf.
    pub fn all(&self) -> Result<Vec<PackFiles>, PackError> {
        self.ids()?.iter().map(|id| self.files(id)).collect()
    }

    /// The files of a pack; only ids that are on the shelf are looked up.
    pub fn files(&self, id: &str) -> Result<PackFiles, PackError> {
        if !self.ids()?.iter().any(|known| known == id) {
            return Err(PackError::NotFound(id.to_owned()));
        }
        match self {
            Self::Folder(folder) if folder.join(id).is_dir() => {
                Ok(PackFiles::folder(&folder.join(id))?)
            }
            Self::Folder(_) | Self::Shipped => Ok(PackFiles::shipped(id)?),
        }
    }
}
