//! A tile of a basemap: from the disk, from its source, or drawn anew from several of the source's.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use bytes::Bytes;
use futures::future::try_join_all;
use jiff::SignedDuration;
use yiwang_basemap::{Picture, PictureFormat, SourceTile, Tile, Warp};
use yiwang_kernel::Timestamp;

use super::Basemaps;
use super::disk::Kept;
use super::source::{Net, Source, TileArchive, Way};
use super::upstream::Failure;
use crate::error::GeoError;

/// How long a browser keeps a tile without asking, at the most; a stale one and one that is not there much shorter.
const BROWSER_SECONDS_MAX: i64 = 86_400;
const BROWSER_SECONDS_STALE: i64 = 60;
/// That there is no tile is believed for so long.
const ABSENT: SignedDuration = SignedDuration::from_hours(24);

/// A tile for the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BasemapTile {
    pub(crate) bytes: Bytes,
    pub(crate) content_type: &'static str,
    /// It is older than it should be, and was fetched then: its source does not answer.
    pub(crate) stale_since: Option<Timestamp>,
    /// How long a browser may keep it.
    pub(crate) seconds_kept: i64,
}

/// A tile drawn anew.
#[derive(Debug, Clone)]
pub(super) struct Drawn {
    bytes: Bytes,
    format: PictureFormat,
}

/// Which tile, and from parts of which times.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct DrawnKey {
    folder: String,
    tile: Tile,
    parts: u64,
}

/// What a drawn tile costs.
#[derive(Debug, Clone)]
pub(super) struct DrawnWeight;

impl quick_cache::Weighter<DrawnKey, Drawn> for DrawnWeight {
    fn weight(&self, _key: &DrawnKey, drawn: &Drawn) -> u64 {
        drawn.bytes.len() as u64 + 256
    }
}

/// A tile of the source, and whether it is too old.
struct Part {
    kept: Kept,
    is_stale: bool,
}

impl Basemaps {
    /// A tile of a source; `None` where there is none.
    pub(crate) async fn tile(
        &self,
        code: &str,
        tile: Tile,
        now: Timestamp,
    ) -> Result<Option<BasemapTile>, GeoError> {
        let source = self.source(code).ok_or(GeoError::NotFound("basemap"))?;
        let (first, last) = source.zooms();
        let is_beyond = source.bounds().is_some_and(|bounds| !tile.touches(bounds));
        match &source.way {
            Err(off) => Err(GeoError::BasemapOff(off.to_string())),
            Ok(_) if tile.z() < first || tile.z() > last || is_beyond => Ok(None),
            Ok(Way::Archive(file)) => {
                let found = from_archive(Arc::clone(file), tile).await;
                if found.is_err() {
                    source.counts.failed.increment();
                } else {
                    source.counts.hit.increment();
                }
                found
            }
            Ok(Way::Net(net)) => self.fetched(&source, net, tile, now).await,
        }
    }

    async fn fetched(
        &self,
        source: &Arc<Source>,
        net: &Net,
        tile: Tile,
        now: Timestamp,
    ) -> Result<Option<BasemapTile>, GeoError> {
        let warp = Arc::new(Warp::new(tile, source.entry.grid, source.entry.datum));
        let parts = warp
            .tiles()
            .iter()
            .map(|part| self.part(source, net, *part, now));
        let parts = try_join_all(parts).await.map_err(failed)?;
        if parts.iter().all(|part| part.kept.bytes.is_none()) {
            return Ok(None);
        }
        let stale = parts.iter().filter(|part| part.is_stale);
        let stale_since = stale.map(|part| part.kept.at).min();
        let until = parts
            .iter()
            .map(|part| fresh_until(source, &part.kept))
            .min();
        let drawn = self.drawn(net, &warp, tile, parts).await?;
        let left = until.map_or(0, |until| until.duration_since(now).as_secs());
        Ok(Some(BasemapTile {
            bytes: drawn.bytes,
            content_type: drawn.format.content_type(),
            stale_since,
            seconds_kept: left.clamp(BROWSER_SECONDS_STALE, BROWSER_SECONDS_MAX),
        }))
    }

    /// The one part as it came, or what is drawn from several, unless it has been.
    async fn drawn(
        &self,
        net: &Net,
        warp: &Arc<Warp>,
        tile: Tile,
        parts: Vec<Part>,
    ) -> Result<Drawn, GeoError> {
        if warp.is_copy() {
            let bytes = parts.into_iter().find_map(|part| part.kept.bytes);
            let bytes = bytes.unwrap_or_default();
            let format =
                PictureFormat::sniff(&bytes).ok_or_else(|| failed(Failure::NotAPicture))?;
            return Ok(Drawn { bytes, format });
        }
        let mut hasher = DefaultHasher::new();
        for part in &parts {
            (part.kept.at, part.kept.bytes.is_some()).hash(&mut hasher);
        }
        let key = DrawnKey {
            folder: net.folder.clone(),
            tile,
            parts: hasher.finish(),
        };
        if let Some(drawn) = self.drawn.get(&key) {
            return Ok(drawn);
        }
        let permit = self.drawing.acquire().await;
        let _permit = permit.map_err(|_closed| failed(Failure::Shed))?;
        let warp = Arc::clone(warp);
        let task = tokio::task::spawn_blocking(move || draw(&warp, &parts));
        let drawn = task.await.ok().flatten();
        let drawn = drawn.ok_or_else(|| failed(Failure::NotAPicture))?;
        self.drawn.insert(key, drawn.clone());
        Ok(drawn)
    }

    /// A tile of the source: kept and young enough, or asked for, or kept and too old where the source does not answer.
    async fn part(
        &self,
        source: &Arc<Source>,
        net: &Net,
        tile: SourceTile,
        now: Timestamp,
    ) -> Result<Part, Failure> {
        let SourceTile { z, x, y } = tile;
        let path = format!("{}/{z}/{x}/{y}", net.folder);
        let kept = self.disk.get(&path).await;
        let fresh = kept.as_ref().filter(|kept| now < fresh_until(source, kept));
        if let Some(kept) = fresh {
            source.counts.hit.increment();
            let kept = kept.clone();
            return Ok(Part {
                kept,
                is_stale: false,
            });
        }
        let flight = source.flights.join(&path, || {
            let (upstream, disk) = (Arc::clone(&self.upstream), Arc::clone(&self.disk));
            let (source, path) = (Arc::clone(source), path.clone());
            let address = net.address(&source.entry, tile);
            async move {
                let bytes = source
                    .in_turn(ask(&source, &upstream, &address, now))
                    .await?;
                source.counts.miss.increment();
                let kept = Kept { at: now, bytes };
                disk.put(&path, &kept).await;
                Ok(kept)
            }
        });
        match (flight.await, kept) {
            (Ok(kept), _) => Ok(Part {
                kept,
                is_stale: false,
            }),
            (Err(_), Some(kept)) => {
                source.counts.stale.increment();
                Ok(Part {
                    kept,
                    is_stale: true,
                })
            }
            (Err(failure), None) => {
                let counts = &source.counts;
                let count = if failure == Failure::Shed {
                    &counts.shed
                } else {
                    &counts.failed
                };
                count.increment();
                Err(failure)
            }
        }
    }
}

async fn ask(
    source: &Source,
    upstream: &super::Upstream,
    address: &str,
    now: Timestamp,
) -> Result<Option<Bytes>, Failure> {
    if !source.breaker.admit(now) {
        return Err(Failure::Paused);
    }
    let answer = upstream.ask(address).await;
    match &answer {
        Ok(_) => source.breaker.answered(now),
        Err(failure) => source.breaker.failed(*failure, now),
    }
    answer
}

fn fresh_until(source: &Source, kept: &Kept) -> Timestamp {
    let days = SignedDuration::from_hours(24 * i64::from(source.entry.cache_days));
    let age = if kept.bytes.is_some() {
        days
    } else {
        days.min(ABSENT)
    };
    kept.at.checked_add(age).unwrap_or(Timestamp::MAX)
}

fn draw(warp: &Warp, parts: &[Part]) -> Option<Drawn> {
    let picture = |part: &Part| match &part.kept.bytes {
        None => Some(None),
        Some(bytes) => Picture::decode(bytes).ok().map(Some),
    };
    let pictures: Vec<Option<Picture>> = parts.iter().map(picture).collect::<Option<_>>()?;
    let drawn = warp.draw(&pictures).ok()?;
    let is_photograph = parts.iter().all(|part| {
        let bytes = part.kept.bytes.as_deref().unwrap_or_default();
        PictureFormat::sniff(bytes) == Some(PictureFormat::Jpeg)
    });
    let format = if is_photograph {
        PictureFormat::Jpeg
    } else {
        PictureFormat::Png
    };
    let bytes = drawn.encode(format).ok()?.into();
    Some(Drawn { bytes, format })
}

async fn from_archive(file: Arc<TileArchive>, tile: Tile) -> Result<Option<BasemapTile>, GeoError> {
    let content_type = file.archive.header().kind.content_type();
    let read = tokio::task::spawn_blocking(move || file.archive.tile(tile)).await;
    let bytes = match read {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(fault)) => return Err(GeoError::BasemapFailed(fault.to_string())),
        Err(error) => return Err(GeoError::BasemapFailed(error.to_string())),
    };
    Ok(bytes.map(|bytes| BasemapTile {
        bytes: bytes.into(),
        content_type,
        stale_since: None,
        seconds_kept: BROWSER_SECONDS_MAX,
    }))
}

fn failed(failure: Failure) -> GeoError {
    match failure {
        Failure::Shed => GeoError::BasemapBusy,
        other => GeoError::BasemapFailed(other.to_string()),
    }
}
