//! The steps that change files, each durable before it returns. All of them pass one place, so that a test can
//! stop the program at any of them.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::LakeError;

/// Asked before each step, with its name; an error stops the step.
pub(crate) type Probe = Arc<dyn Fn(&'static str) -> io::Result<()> + Send + Sync>;

/// The way to the files of a lake. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Disk {
    probe: Probe,
}

impl Default for Disk {
    fn default() -> Self {
        Self {
            probe: Arc::new(|_step| Ok(())),
        }
    }
}

impl Disk {
    #[cfg(test)]
    pub(crate) fn probed(probe: Probe) -> Self {
        Self { probe }
    }

    fn step<T>(
        &self,
        name: &'static str,
        path: &Path,
        work: impl FnOnce() -> io::Result<T>,
    ) -> Result<T, LakeError> {
        (self.probe)(name)
            .and_then(|()| work())
            .map_err(|source| LakeError::file(path, source))
    }

    /// Makes a folder and those above it, up to `root`, and their names durable.
    pub(crate) fn make_folder(&self, root: &Path, folder: &Path) -> Result<(), LakeError> {
        if folder.is_dir() {
            return Ok(());
        }
        self.step("make folder", folder, || fs::create_dir_all(folder))?;
        for above in folder.ancestors().skip(1) {
            self.sync_folder(above)?;
            if above == root {
                break;
            }
        }
        Ok(())
    }

    pub(crate) fn create(&self, path: &Path) -> Result<File, LakeError> {
        self.step("create", path, || {
            File::options()
                .read(true)
                .write(true)
                .create(true)
                .truncate(true)
                .open(path)
        })
    }

    /// Writes at `offset` and makes it durable.
    pub(crate) fn append(
        &self,
        path: &Path,
        file: &mut File,
        offset: u64,
        bytes: &[u8],
    ) -> Result<(), LakeError> {
        self.step("append", path, || {
            file.seek(SeekFrom::Start(offset))?;
            file.write_all(bytes)
        })?;
        self.step("append sync", path, || file.sync_data())
    }

    pub(crate) fn cut(&self, path: &Path, file: &File, length: u64) -> Result<(), LakeError> {
        self.step("cut", path, || {
            file.set_len(length)?;
            file.sync_data()
        })
    }

    pub(crate) fn sync(&self, path: &Path, file: &File) -> Result<(), LakeError> {
        self.step("sync", path, || file.sync_all())
    }

    pub(crate) fn sync_folder(&self, folder: &Path) -> Result<(), LakeError> {
        self.step("sync folder", folder, || File::open(folder)?.sync_all())
    }

    /// Gives a file that is whole and on disk its name, durably.
    pub(crate) fn rename(&self, from: &Path, to: &Path) -> Result<(), LakeError> {
        self.step("rename", from, || fs::rename(from, to))?;
        self.sync_folder(to.parent().unwrap_or(to))
    }

    /// A file that is gone already is no fault.
    pub(crate) fn remove(&self, path: &Path) -> Result<(), LakeError> {
        self.step("remove", path, || match fs::remove_file(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            outcome => outcome,
        })
    }

    /// Puts a small file in place of another: after a crash it is the one or the other.
    pub(crate) fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), LakeError> {
        let draft = hidden(path, "tmp");
        let mut file = self.create(&draft)?;
        self.step("write", &draft, || file.write_all(bytes))?;
        self.sync(&draft, &file)?;
        self.rename(&draft, path)
    }
}

/// The name that a file has while it is unfinished or given up: readers of the folder pass over it.
pub(crate) fn hidden(path: &Path, suffix: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{suffix}"))
}

/// The whole file.
pub(crate) fn read_whole(path: &Path) -> Result<Vec<u8>, LakeError> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|mut file| file.read_to_end(&mut bytes))
        .map_err(|source| LakeError::file(path, source))?;
    Ok(bytes)
}

/// The names in a folder, sorted; none when there is no folder.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, LakeError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|source| LakeError::file(folder, source))?,
    };
    let mut names = entries
        .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<Vec<String>>>()
        .map_err(|source| LakeError::file(folder, source))?;
    names.sort_unstable();
    Ok(names)
}
