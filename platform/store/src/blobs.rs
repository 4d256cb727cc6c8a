//! Files by their content: each has the name of its SHA-256, is written once and never changed.
//!
//! A file is written under another name, fsynced, renamed and its folders fsynced before [`Blobs::keep`]
//! returns; only then may a row name it. So a row never names a file that is not there, and a crash leaves
//! at most a file that no row names, which a sweep removes.
//!
//! This is the seam for other places of large objects: `stage`, `keep`, `open`, `remove_unless` and `shard`
//! say all that the rest of the program wants of one.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::{OwnedRwLockReadGuard, RwLock};
use yiwang_kernel::{Digest, Timestamp, Uuid};

use crate::StoreError;

/// Where unfinished files are.
const DRAFTS: &str = "drafts";
/// Bytes read or written at a time.
const PIECE_BYTES: usize = 64 * 1024;

/// A folder of files. Cheap to clone.
#[derive(Clone)]
pub struct Blobs {
    root: Arc<PathBuf>,
    /// Held for reading from the moment a file is kept until its row is; for writing while one is removed.
    gate: Arc<RwLock<()>>,
    /// Keeps a temporary folder alive.
    _folder: Option<Arc<TempDir>>,
}

/// A file that is being written; gone when it is dropped.
pub struct Staging {
    draft: Draft,
    file: File,
    hasher: Sha256,
    bytes: u64,
}

/// A file that is whole and on disk, but has no name yet; gone when it is dropped.
pub struct Staged {
    draft: Draft,
    pub digest: Digest,
    pub bytes: u64,
}

/// A file that has its name. While this is held nobody removes it, so that its row can be written.
pub struct Kept {
    pub digest: Digest,
    pub bytes: u64,
    _hold: OwnedRwLockReadGuard<()>,
}

/// What became of a file since it was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Examined {
    Whole,
    Missing,
    /// Its bytes are not those that it was kept with.
    Altered,
}

struct Draft(PathBuf);

impl Drop for Draft {
    fn drop(&mut self) {
        // Renamed, or swept later.
        let _gone = std::fs::remove_file(&self.0);
    }
}

impl Blobs {
    /// The files under `root`, which is made when the first one comes.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self {
            root: Arc::new(root.into()),
            gate: Arc::default(),
            _folder: None,
        }
    }

    /// A folder that is gone when the last clone is dropped.
    pub fn temporary() -> std::io::Result<Self> {
        let folder = Arc::new(tempfile::tempdir()?);
        Ok(Self {
            root: Arc::new(folder.path().to_owned()),
            gate: Arc::default(),
            _folder: Some(folder),
        })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Begins a file.
    pub async fn stage(&self, id: Uuid) -> Result<Staging, StoreError> {
        let drafts = self.root.join(DRAFTS);
        fs::create_dir_all(&drafts).await?;
        let draft = Draft(drafts.join(id.to_string()));
        let file = File::options()
            .write(true)
            .create_new(true)
            .open(&draft.0)
            .await?;
        Ok(Staging {
            draft,
            file,
            hasher: Sha256::new(),
            bytes: 0,
        })
    }

    /// Gives a whole file its name, durably.
    pub async fn keep(&self, staged: Staged) -> Result<Kept, StoreError> {
        let hold = Arc::clone(&self.gate).read_owned().await;
        let path = self.path(&staged.digest);
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).await?;
        fs::rename(&staged.draft.0, &path).await?;
        // Any of the folders above may be new.
        for folder in folder.ancestors().take(4) {
            File::open(folder).await?.sync_all().await?;
        }
        Ok(Kept {
            digest: staged.digest,
            bytes: staged.bytes,
            _hold: hold,
        })
    }

    /// The file with its length; `None` when there is none.
    pub async fn open(&self, digest: &Digest) -> Result<Option<(File, u64)>, StoreError> {
        let Some(file) = there(File::open(self.path(digest)).await)? else {
            return Ok(None);
        };
        let bytes = file.metadata().await?.len();
        Ok(Some((file, bytes)))
    }

    /// Where the file is.
    pub fn path(&self, digest: &Digest) -> PathBuf {
        let name = hex(digest);
        let part = |from, to| name.get(from..to).unwrap_or_default();
        self.root.join(part(0, 2)).join(part(2, 4)).join(&name)
    }

    /// Removes the file and what was derived from it, unless `used` says, at a moment in which no row can
    /// come, that a row names it. True when it was removed.
    pub async fn remove_unless<E: From<StoreError>>(
        &self,
        digest: &Digest,
        used: impl Future<Output = Result<bool, E>>,
    ) -> Result<bool, E> {
        let _alone = self.gate.write().await;
        if used.await? {
            return Ok(false);
        }
        let path = self.path(digest);
        let removed = there(fs::remove_file(&path).await)?.is_some();
        let folder = path.parent().unwrap_or(&self.root);
        let name = hex(digest);
        for other in names(folder).await? {
            if other.starts_with(&name) {
                there(fs::remove_file(folder.join(other)).await)?;
            }
        }
        Ok(removed)
    }

    /// The files whose digests begin with `first`, with the time of their last writing.
    pub async fn shard(&self, first: u8) -> Result<Vec<(Digest, Timestamp)>, StoreError> {
        let folder = self.root.join(format!("{first:02x}"));
        let mut found = Vec::new();
        for second in names(&folder).await? {
            let folder = folder.join(second);
            for name in names(&folder).await? {
                let Some(digest) = from_hex(&name) else {
                    continue;
                };
                if let Some(written) = written(&folder.join(name)).await? {
                    found.push((digest, written));
                }
            }
        }
        Ok(found)
    }

    /// Removes what was begun before `before` and never finished; answers how many.
    pub async fn sweep_drafts(&self, before: Timestamp) -> Result<usize, StoreError> {
        let folder = self.root.join(DRAFTS);
        let mut swept = 0;
        for name in names(&folder).await? {
            let path = folder.join(name);
            if written(&path).await?.is_some_and(|at| at < before) {
                swept += usize::from(there(fs::remove_file(path).await)?.is_some());
            }
        }
        Ok(swept)
    }

    /// Reads the whole file and compares it with its name.
    pub async fn examine(&self, digest: &Digest) -> Result<Examined, StoreError> {
        let Some((mut file, _)) = self.open(digest).await? else {
            return Ok(Examined::Missing);
        };
        let mut hasher = Sha256::new();
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let read = file.read(&mut piece).await?;
            if read == 0 {
                break;
            }
            hasher.update(piece.get(..read).unwrap_or_default());
        }
        let found: Digest = hasher.finalize().into();
        Ok(if found == *digest {
            Examined::Whole
        } else {
            Examined::Altered
        })
    }

    /// Copies the file to another folder of files, durably; what is not whole is not copied.
    pub async fn copy_to(
        &self,
        other: &Self,
        digest: &Digest,
        draft: Uuid,
    ) -> Result<Examined, StoreError> {
        let Some((mut file, _)) = self.open(digest).await? else {
            return Ok(Examined::Missing);
        };
        let mut staging = other.stage(draft).await?;
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let read = file.read(&mut piece).await?;
            if read == 0 {
                break;
            }
            staging.write(piece.get(..read).unwrap_or_default()).await?;
        }
        let staged = staging.finish().await?;
        if staged.digest != *digest {
            return Ok(Examined::Altered);
        }
        other.keep(staged).await?;
        Ok(Examined::Whole)
    }

    /// What was derived from a file before and can be made again.
    pub async fn derived(
        &self,
        digest: &Digest,
        name: &str,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        there(fs::read(self.derived_path(digest, name)).await)
    }

    /// Keeps what was derived from a file, beside it. Not durable: it can be made again.
    pub async fn keep_derived(
        &self,
        digest: &Digest,
        name: &str,
        bytes: &[u8],
        draft: Uuid,
    ) -> Result<(), StoreError> {
        // The file may be removed while its picture is made; then nothing is left behind.
        let _hold = self.gate.read().await;
        if there(fs::metadata(self.path(digest)).await)?.is_none() {
            return Ok(());
        }
        let drafts = self.root.join(DRAFTS);
        fs::create_dir_all(&drafts).await?;
        let draft = Draft(drafts.join(draft.to_string()));
        fs::write(&draft.0, bytes).await?;
        fs::rename(&draft.0, self.derived_path(digest, name)).await?;
        Ok(())
    }

    fn derived_path(&self, digest: &Digest, name: &str) -> PathBuf {
        let mut path = self.path(digest).into_os_string();
        path.push(".");
        path.push(name);
        PathBuf::from(path)
    }
}

impl Staging {
    pub async fn write(&mut self, piece: &[u8]) -> Result<(), StoreError> {
        self.file.write_all(piece).await?;
        self.hasher.update(piece);
        self.bytes += piece.len() as u64;
        Ok(())
    }

    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The file is whole now, and on disk.
    pub async fn finish(mut self) -> Result<Staged, StoreError> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        Ok(Staged {
            draft: self.draft,
            digest: self.hasher.finalize().into(),
            bytes: self.bytes,
        })
    }
}

impl Staged {
    /// Where it is until it has its name, to look at it.
    pub fn path(&self) -> &Path {
        &self.draft.0
    }
}

/// The result, with absence as `None`.
fn there<T>(result: std::io::Result<T>) -> Result<Option<T>, StoreError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The names in a folder that may not be there.
async fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let Some(mut entries) = there(fs::read_dir(folder).await)? else {
        return Ok(Vec::new());
    };
    let mut names = Vec::new();
    while let Some(entry) = entries.next_entry().await? {
        names.extend(entry.file_name().into_string());
    }
    Ok(names)
}

async fn written(path: &Path) -> Result<Option<Timestamp>, StoreError> {
    let Some(about) = there(fs::metadata(path).await)? else {
        return Ok(None);
    };
    Ok(Timestamp::try_from(about.modified()?).ok())
}

fn hex(digest: &Digest) -> String {
    use std::fmt::Write as _;
    digest.iter().fold(String::new(), |mut text, byte| {
        let _written = write!(text, "{byte:02x}");
        text
    })
}

fn from_hex(text: &str) -> Option<Digest> {
    let mut digest = Digest::default();
    if text.len() != 2 * digest.len() {
        return None;
    }
    for (at, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(digest)
}
