//! Basemaps: what others draw under our layers. Sources are declared in packs; their tiles come through here, so that
//! keys stay on the server, everything is kept for a while, and all of it lies in the map's own projection and datum.

mod breaker;
mod check;
mod connect;
mod disk;
mod entry;
mod flight;
mod source;
mod tile;
mod upstream;
mod view;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use quick_cache::sync::Cache;
use tokio::sync::Semaphore;
use yiwang_http::Metrics;
use yiwang_runtime::{BasemapConfig, Platform};

pub(crate) use check::{SECTION, check};
pub use entry::{BasemapEntry, BasemapKind, WmtsEntry};
pub(crate) use tile::BasemapTile;
pub(crate) use view::BasemapView;

use disk::Disk;
use source::Source;
use tile::{Drawn, DrawnKey, DrawnWeight};
use upstream::Upstream;

/// Bytes of tiles drawn anew that are kept.
const DRAWN_BYTES_MAX: u64 = 64 << 20;
const DRAWN_EXPECTED: usize = 4_096;
/// Tiles drawn anew at once: each takes a processor for some milliseconds.
const DRAWING_MAX: usize = 2;

/// All sources, and what they share.
pub(crate) struct Basemaps {
    /// In the order of the packs.
    sources: RwLock<Arc<Vec<Arc<Source>>>>,
    config: BasemapConfig,
    upstream: Arc<Upstream>,
    disk: Arc<Disk>,
    drawn: Cache<DrawnKey, Drawn, DrawnWeight>,
    drawing: Semaphore,
    counters: Metrics,
}

impl Basemaps {
    /// Without sources yet. What cannot be used of the settings is told in the log, and its sources fail.
    pub(crate) fn open(platform: &Platform) -> Self {
        let config = platform.config.basemap.clone();
        let counters = platform.counters.clone();
        counters.describe(
            source::TILES,
            "Tiles of basemaps, by source and by where they came from.",
        );
        let disk = Disk::open(
            config.cache_folder.clone(),
            u64::from(config.cache_mib) << 20,
        );
        let disk = Arc::new(disk);
        if config.cache_mib > 0 {
            // It ends by itself, and nothing waits for it.
            tokio::spawn(Arc::clone(&disk).count());
        }
        Self {
            sources: RwLock::default(),
            upstream: Arc::new(Upstream::new(&config)),
            disk,
            drawn: Cache::with_weighter(DRAWN_EXPECTED, DRAWN_BYTES_MAX, DrawnWeight),
            drawing: Semaphore::new(DRAWING_MAX),
            config,
            counters,
        }
    }

    /// Puts other sources in the place of all of them; one that is as it was goes on with what it knows.
    pub(crate) async fn replace(&self, entries: Vec<BasemapEntry>) {
        let standing = self.standing();
        let known: BTreeMap<&str, &Arc<Source>> = standing
            .iter()
            .map(|source| (source.entry.code.as_str(), source))
            .collect();
        let mut sources = Vec::with_capacity(entries.len());
        for entry in entries {
            let same = known
                .get(entry.code.as_str())
                .filter(|source| source.is_of(&entry));
            sources.push(match same {
                Some(source) => Arc::clone(source),
                None => Arc::new(Source::open(entry, &self.config, &self.counters).await),
            });
        }
        let mut standing = self.sources.write().unwrap_or_else(PoisonError::into_inner);
        *standing = Arc::new(sources);
    }

    fn standing(&self) -> Arc<Vec<Arc<Source>>> {
        let sources = self.sources.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&sources)
    }

    /// What there is to choose from, in the order of the packs.
    pub(crate) fn views(&self, now: yiwang_kernel::Timestamp) -> Vec<BasemapView> {
        self.standing()
            .iter()
            .map(|source| view::view(source, now))
            .collect()
    }

    fn source(&self, code: &str) -> Option<Arc<Source>> {
        self.standing()
            .iter()
            .find(|source| source.entry.code == code)
            .cloned()
    }
}

/// A path within a folder; `None` for one that leads out of it.
fn within(folder: &std::path::Path, file: &str) -> Option<PathBuf> {
    let is_plain = std::path::Path::new(file)
        .components()
        .all(|part| matches!(part, std::path::Component::Normal(_)));
    (is_plain && !file.is_empty()).then(|| folder.join(file))
}
