//! A source: whether it can be used, by which way its tiles come, and how they came so far.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;
use yiwang_basemap::pmtiles::{Archive, ArchiveFault, Ranges, TileKind};
use yiwang_basemap::{SourceTile, Template};
use yiwang_http::{Counter, Metrics};
use yiwang_runtime::{BasemapConfig, Secret};

use super::breaker::Breaker;
use super::entry::{BasemapEntry, BasemapKind};
use super::flight::Flights;
use super::upstream::Failure;
use super::within;

/// Counts tiles.
pub(super) const TILES: &str = "geo_basemap_tiles_total";

/// A source of tiles.
pub(super) struct Source {
    pub(super) entry: BasemapEntry,
    pub(super) way: Result<Way, Off>,
    pub(super) breaker: Breaker,
    pub(super) flights: Arc<Flights>,
    pub(super) counts: Counts,
    permits: Semaphore,
    waiting: AtomicU32,
    waiting_max: u32,
}

/// By which way tiles come.
pub(super) enum Way {
    Net(Net),
    Archive(Arc<TileArchive>),
}

/// A source that is asked over the net.
pub(super) struct Net {
    template: Template,
    key: Secret,
    /// Its tiles are kept here: another address makes them others.
    pub(super) folder: String,
}

/// A file of tiles.
pub(super) struct TileArchive {
    pub(super) archive: Archive<TileFile>,
    /// The layers of its vector tiles.
    pub(super) vector_layers: Vec<String>,
}

/// A file that is read by ranges.
pub(super) struct TileFile(File);

/// Why a source cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Off {
    #[error("the setting basemap.keys.{0} has no key")]
    NoKey(String),
    #[error("there is no file {0} in the folder of basemaps")]
    NoFile(String),
    #[error("the file {file} cannot be used: {why}")]
    BadFile { file: String, why: String },
    #[error("its address is none")]
    BadAddress,
}

/// How tiles came.
pub(super) struct Counts {
    pub(super) hit: Counter,
    pub(super) miss: Counter,
    pub(super) stale: Counter,
    pub(super) failed: Counter,
    pub(super) shed: Counter,
}

impl Ranges for TileFile {
    fn read(&self, offset: u64, length: u64) -> std::io::Result<Vec<u8>> {
        let mut bytes = vec![0; length as usize];
        self.0.read_exact_at(&mut bytes, offset)?;
        Ok(bytes)
    }
}

impl Off {
    /// Stable; clients match on it.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::NoKey(_) => "no_key",
            Self::NoFile(_) => "no_file",
            Self::BadFile { .. } => "bad_file",
            Self::BadAddress => "bad_address",
        }
    }
}

impl Source {
    pub(super) async fn open(
        entry: BasemapEntry,
        config: &BasemapConfig,
        counters: &Metrics,
    ) -> Self {
        let way = match entry.kind {
            BasemapKind::Pmtiles => archive(&entry, config).await,
            BasemapKind::Xyz | BasemapKind::Wmts => net(&entry, config),
        };
        if let Err(off) = &way {
            tracing::info!(basemap = entry.code, why = %off, "a basemap is switched off");
        }
        let count = |from: &str| {
            counters.counter(TILES, &[("source", entry.code.as_str()), ("from", from)])
        };
        Self {
            counts: Counts {
                hit: count("kept"),
                miss: count("source"),
                stale: count("kept_too_long"),
                failed: count("failed"),
                shed: count("shed"),
            },
            way,
            breaker: Breaker::default(),
            flights: Arc::default(),
            permits: Semaphore::new(config.requests_at_once_max as usize),
            waiting: AtomicU32::new(0),
            waiting_max: config.requests_waiting_max + config.requests_at_once_max,
            entry,
        }
    }

    /// Is it of that entry, and does it work?
    pub(super) fn is_of(&self, entry: &BasemapEntry) -> bool {
        self.way.is_ok() && self.entry == *entry
    }

    pub(super) fn is_vector(&self) -> bool {
        matches!(&self.way, Ok(Way::Archive(file)) if file.archive.header().kind == TileKind::Vector)
    }

    /// Its first and last zoom, as far as it is known.
    pub(super) fn zooms(&self) -> (u8, u8) {
        let (first, last) = (self.entry.min_zoom, self.entry.max_zoom);
        match &self.way {
            Ok(Way::Archive(file)) => {
                let header = file.archive.header();
                let first = first.max(header.zoom_min);
                (first, last.min(header.zoom_max).max(first))
            }
            _ => (first, last),
        }
    }

    pub(super) fn bounds(&self) -> Option<[f64; 4]> {
        let of_file = match &self.way {
            Ok(Way::Archive(file)) => Some(file.archive.header().bounds),
            _ => None,
        };
        let is_some = |[west, south, east, north]: &[f64; 4]| west < east && south < north;
        self.entry.bounds.or(of_file.filter(is_some))
    }

    /// Does something else while it may be asked; fails at once when too many wait for that.
    pub(super) async fn in_turn<T>(
        &self,
        ask: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let waiting = Waiting::new(&self.waiting);
        if waiting.before >= self.waiting_max {
            return Err(Failure::Shed);
        }
        let permit = self.permits.acquire().await;
        let _permit = permit.map_err(|_closed| Failure::Shed)?;
        ask.await
    }
}

/// Counts whoever waits or asks.
struct Waiting<'a> {
    all: &'a AtomicU32,
    before: u32,
}

impl<'a> Waiting<'a> {
    fn new(all: &'a AtomicU32) -> Self {
        let before = all.fetch_add(1, Ordering::Relaxed);
        Self { all, before }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.all.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Net {
    pub(super) fn address(&self, entry: &BasemapEntry, tile: SourceTile) -> String {
        let key = self.key.reveal();
        self.template
            .address(tile, entry.grid, &entry.subdomains, key)
    }
}

fn net(entry: &BasemapEntry, config: &BasemapConfig) -> Result<Way, Off> {
    let template = entry.template().map_err(|_fault| Off::BadAddress)?;
    let key = match &entry.key {
        None => Secret::new(""),
        Some(name) => {
            let key = config.keys.get(name).filter(|key| !key.reveal().is_empty());
            key.cloned().ok_or_else(|| Off::NoKey(name.clone()))?
        }
    };
    let digest = Sha256::digest(format!(
        "{:?} {:?} {}",
        entry.url, entry.wmts, entry.zoom_offset
    ));
    let digest = hex::encode(digest.first_chunk::<4>().unwrap_or(&[0; 4]));
    Ok(Way::Net(Net {
        template,
        key,
        folder: format!("{}-{digest}", entry.code),
    }))
}

async fn archive(entry: &BasemapEntry, config: &BasemapConfig) -> Result<Way, Off> {
    let file = entry.file.clone().unwrap_or_default();
    let path = within(&config.files_folder, &file);
    let path = path.ok_or_else(|| Off::NoFile(file.clone()))?;
    let opened = tokio::task::spawn_blocking(move || open_archive(&path)).await;
    match opened {
        Ok(Ok(archive)) => Ok(Way::Archive(Arc::new(archive))),
        Ok(Err(ArchiveFault::Read(error))) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(Off::NoFile(file))
        }
        Ok(Err(fault)) => {
            let why = fault.to_string();
            Err(Off::BadFile { file, why })
        }
        Err(error) => {
            let why = error.to_string();
            Err(Off::BadFile { file, why })
        }
    }
}

fn open_archive(path: &Path) -> Result<TileArchive, ArchiveFault> {
    let archive = Archive::open(TileFile(File::open(path)?))?;
    let mut vector_layers = Vec::new();
    if archive.header().kind == TileKind::Vector {
        let described: serde_json::Value =
            serde_json::from_slice(&archive.metadata()?).unwrap_or_default();
        let layers = described.get("vector_layers");
        let layers = layers
            .and_then(serde_json::Value::as_array)
            .into_iter()
            .flatten();
        let ids = layers.filter_map(|layer| Some(layer.get("id")?.as_str()?.to_owned()));
        vector_layers.extend(ids.take(256));
    }
    Ok(TileArchive {
        archive,
        vector_layers,
    })
}
