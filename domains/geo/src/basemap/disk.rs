//! Tiles of sources on disk: found by their path, the ones asked for longest ago go first.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use yiwang_kernel::Timestamp;

/// A file begins so; then come the seconds since 1970 at which it was fetched, and the tile.
const MAGIC: &[u8; 8] = b"YWTILE1\n";
const HEAD_BYTES: usize = 16;
/// A file takes a block of the disk and an inode besides.
const FILE_BYTES: u64 = 512;

/// The tiles that are kept.
pub(super) struct Disk {
    folder: PathBuf,
    bytes_max: u64,
    index: Mutex<Index>,
}

/// What is kept, by path within the folder.
#[derive(Default)]
struct Index {
    bytes: u64,
    turn: u64,
    sizes: HashMap<Arc<str>, (u64, u64)>,
    by_turn: BTreeMap<u64, Arc<str>>,
}

/// A tile as it was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) at: Timestamp,
    /// `None` where the source said that there is none.
    pub(super) bytes: Option<Bytes>,
}

impl Disk {
    /// Keeps at most so many bytes in a folder; it is made when there is something to keep.
    pub(super) fn open(folder: PathBuf, bytes_max: u64) -> Self {
        Self {
            folder,
            bytes_max,
            index: Mutex::default(),
        }
    }

    /// Counts what is there already, the oldest first.
    pub(super) async fn count(self: Arc<Self>) {
        let folder = self.folder.clone();
        let Ok(mut found) = tokio::task::spawn_blocking(move || walk(&folder)).await else {
            return;
        };
        found.sort_by_key(|(modified, ..)| *modified);
        let gone = {
            let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
            for (_, path, size) in found {
                if !index.sizes.contains_key(path.as_str()) {
                    index.put(&path, size);
                }
            }
            index.shrink(self.bytes_max)
        };
        self.forget(gone).await;
    }

    /// What is kept under a path.
    pub(super) async fn get(&self, path: &str) -> Option<Kept> {
        if self.bytes_max == 0 {
            return None;
        }
        let bytes = tokio::fs::read(self.folder.join(path)).await.ok()?;
        let kept = parse(bytes)?;
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        let size = kept.bytes.as_ref().map_or(0, Bytes::len) as u64;
        index.put(path, size);
        Some(kept)
    }

    /// Keeps a tile under a path; what fails is told in the log and costs another request later.
    pub(super) async fn put(&self, path: &str, kept: &Kept) {
        if self.bytes_max == 0 {
            return;
        }
        let content = kept.bytes.clone().unwrap_or_default();
        let mut bytes = Vec::with_capacity(HEAD_BYTES + content.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&kept.at.as_second().to_le_bytes());
        bytes.extend_from_slice(&content);
        if let Err(error) = self.write(path, &bytes).await {
            tracing::warn!(%error, "a tile of a basemap cannot be kept");
            return;
        }
        let gone = {
            let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
            index.put(path, content.len() as u64);
            index.shrink(self.bytes_max)
        };
        self.forget(gone).await;
    }

    /// Whoever reads meanwhile reads the old file or the new one.
    async fn write(&self, path: &str, bytes: &[u8]) -> std::io::Result<()> {
        let file = self.folder.join(path);
        if let Some(folder) = file.parent() {
            tokio::fs::create_dir_all(folder).await?;
        }
        let new = file.with_extension("new");
        tokio::fs::write(&new, bytes).await?;
        tokio::fs::rename(&new, &file).await
    }

    async fn forget(&self, gone: Vec<Arc<str>>) {
        for path in gone {
            if let Err(error) = tokio::fs::remove_file(self.folder.join(&*path)).await
                && error.kind() != std::io::ErrorKind::NotFound
            {
                tracing::warn!(%error, "a tile of a basemap cannot be removed");
            }
        }
    }
}

impl Index {
    fn put(&mut self, path: &str, size: u64) {
        let size = size + FILE_BYTES;
        self.turn += 1;
        let name = match self.sizes.get_key_value(path) {
            Some((name, (old, turn))) => {
                self.bytes -= old;
                self.by_turn.remove(turn);
                Arc::clone(name)
            }
            None => Arc::from(path),
        };
        self.bytes += size;
        self.by_turn.insert(self.turn, Arc::clone(&name));
        self.sizes.insert(name, (size, self.turn));
    }

    /// Takes out what goes beyond the bytes.
    fn shrink(&mut self, bytes_max: u64) -> Vec<Arc<str>> {
        let mut gone = Vec::new();
        while self.bytes > bytes_max
            && let Some((_, name)) = self.by_turn.pop_first()
        {
            if let Some((size, _)) = self.sizes.remove(&name) {
                self.bytes -= size;
            }
            gone.push(name);
        }
        gone
    }
}

fn parse(bytes: Vec<u8>) -> Option<Kept> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let seconds = i64::from_le_bytes(*rest.first_chunk()?);
    let at = Timestamp::from_second(seconds).ok()?;
    let content = Bytes::from(bytes).slice(HEAD_BYTES..);
    Some(Kept {
        at,
        bytes: (!content.is_empty()).then_some(content),
    })
}

/// Every file below a folder: when it was written, its path within it, and its size.
fn walk(folder: &Path) -> Vec<(Option<std::time::SystemTime>, String, u64)> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&next) else {
            continue;
        };
        for entry in entries.flatten() {
            let Ok(facts) = entry.metadata() else {
                continue;
            };
            if facts.is_dir() {
                folders.push(entry.path());
                continue;
            }
            let path = entry.path();
            if let Some(path) = path.strip_prefix(folder).ok().and_then(Path::to_str) {
                let size = facts.len().saturating_sub(HEAD_BYTES as u64);
                found.push((facts.modified().ok(), path.to_owned(), size));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(length: usize) -> Kept {
        Kept {
            at: Timestamp::from_second(1_795_000_000).unwrap(),
            bytes: (length > 0).then(|| Bytes::from(vec![7; length])),
        }
    }

    #[tokio::test]
    async fn tiles_are_kept_until_there_is_no_room() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::open(folder.path().join("cache"), 2 * (1_000 + FILE_BYTES));
        assert_eq!(disk.get("a/1/0/0").await, None);
        disk.put("a/1/0/0", &kept(1_000)).await;
        disk.put("a/1/0/1", &kept(1_000)).await;
        assert_eq!(disk.get("a/1/0/0").await, Some(kept(1_000)));
        // The one that was asked for longest ago goes.
        disk.put("a/1/1/0", &kept(1_000)).await;
        assert_eq!(disk.get("a/1/0/1").await, None);
        assert_eq!(disk.get("a/1/0/0").await, Some(kept(1_000)));
        disk.put("a/1/0/0", &kept(0)).await;
        assert_eq!(disk.get("a/1/0/0").await, Some(kept(0)));

        let again = Arc::new(Disk::open(folder.path().join("cache"), 600));
        Arc::clone(&again).count().await;
        let left = [again.get("a/1/0/0").await, again.get("a/1/1/0").await];
        assert_eq!(left.iter().flatten().count(), 1, "{left:?}");
    }

    #[tokio::test]
    async fn a_broken_file_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::open(folder.path().to_owned(), 1 << 20);
        for bytes in [
            &b""[..],
            b"YWTILE1\n",
            b"YWTILE1\n1234567",
            b"something else entirely",
        ] {
            std::fs::write(folder.path().join("x"), bytes).unwrap();
            assert_eq!(disk.get("x").await, None);
        }
    }
}
