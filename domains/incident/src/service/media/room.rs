//! 物证室: the folder of files with its bounds, and the small pictures that are made of them.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU8;

use bytes::Bytes;
use jiff::SignedDuration;
use jiff::tz::Offset;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use yiwang_http::Metrics;
use yiwang_kernel::{Fault as _, Timestamp, new_uuid};
use yiwang_media::{Facts, Kind, PictureFault};
use yiwang_runtime::MediaConfig;
use yiwang_store::{Blobs, StoreError};

use super::MediaFault;
use crate::model::Media;

/// The civil time of cameras that do not say theirs.
const CAMERA_OFFSET: Offset = Offset::constant(8);

/// How large a preview is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PreviewSize {
    /// For lists.
    Thumb,
    /// For a screen.
    View,
}

impl PreviewSize {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Thumb => "thumb",
            Self::View => "view",
        }
    }

    /// Pixels of the longer side.
    const fn edge(self) -> u32 {
        match self {
            Self::Thumb => 320,
            Self::View => 1_600,
        }
    }
}

/// The folder of files and its bounds.
pub struct EvidenceRoom {
    pub(super) blobs: Blobs,
    pub(super) kinds: Vec<Kind>,
    pub(super) bytes_max: u64,
    pub(super) unattached_max: u32,
    pub(super) unattached_for: SignedDuration,
    pixels_max: u64,
    uploads: Arc<Semaphore>,
    previews: Arc<Semaphore>,
    /// Previews that are made, and those that wait for it.
    asked: Arc<Semaphore>,
    /// Which part of the folder is looked through next.
    pub(super) shard: AtomicU8,
    metrics: Metrics,
}

impl EvidenceRoom {
    pub fn new(blobs: Blobs, config: &MediaConfig, metrics: &Metrics) -> Self {
        metrics.describe(
            "media_stored_total",
            "Files of evidence that were taken in.",
        );
        metrics.describe("media_refused_total", "Files that were not taken in.");
        metrics.describe(
            "media_swept_total",
            "Files that were removed because nobody used them.",
        );
        let at_once = config.previews_at_once_max as usize;
        let asked = at_once + config.previews_waiting_max as usize;
        Self {
            blobs,
            kinds: config
                .kinds
                .iter()
                .filter_map(|kind| Kind::parse(kind))
                .collect(),
            bytes_max: config.bytes_max,
            unattached_max: config.unattached_per_person_max,
            unattached_for: SignedDuration::from_hours(i64::from(config.unattached_hours)),
            pixels_max: config.pixels_max,
            uploads: Arc::new(Semaphore::new(config.uploads_at_once_max as usize)),
            previews: Arc::new(Semaphore::new(at_once)),
            asked: Arc::new(Semaphore::new(asked)),
            shard: AtomicU8::new(0),
            metrics: metrics.clone(),
        }
    }

    pub(crate) fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    pub(crate) fn bytes_max(&self) -> u64 {
        self.bytes_max
    }

    pub(super) fn upload_slot(&self) -> Result<OwnedSemaphorePermit, MediaFault> {
        Arc::clone(&self.uploads)
            .try_acquire_owned()
            .map_err(|_all_taken| MediaFault::Busy)
    }

    /// Reads what a file says of itself.
    pub(super) async fn look(&self, kind: Kind, path: &Path) -> Result<Facts, MediaFault> {
        let (path, pixels_max) = (path.to_owned(), self.pixels_max);
        let looked = tokio::task::spawn_blocking(move || {
            let file = BufReader::new(File::open(path).map_err(StoreError::from)?);
            Ok(yiwang_media::inspect(
                kind,
                file,
                pixels_max,
                CAMERA_OFFSET,
            )?)
        });
        looked.await.unwrap_or(Err(MediaFault::Broken))
    }

    /// A small picture of the file; made when it is asked for the first time.
    pub(crate) async fn preview(
        &self,
        media: &Media,
        size: PreviewSize,
        now: Timestamp,
    ) -> Result<Bytes, MediaFault> {
        if !media.kind.is_picture() {
            return Err(MediaFault::NoPreview);
        }
        let name = size.as_str();
        if let Some(made) = self.blobs.derived(&media.digest, name).await? {
            return Ok(made.into());
        }
        let _asked = self
            .asked
            .try_acquire()
            .map_err(|_all_taken| MediaFault::Busy)?;
        let slot = Arc::clone(&self.previews).acquire_owned().await;
        let slot = slot.map_err(|_closed| MediaFault::Busy)?;
        let jpeg = self.make(media, size, slot).await?;
        self.blobs
            .keep_derived(&media.digest, name, &jpeg, new_uuid(now))
            .await?;
        Ok(jpeg.into())
    }

    /// The slot goes with the work, which runs on when nobody waits for it any more.
    async fn make(
        &self,
        media: &Media,
        size: PreviewSize,
        slot: OwnedSemaphorePermit,
    ) -> Result<Vec<u8>, MediaFault> {
        let (path, kind) = (self.blobs.path(&media.digest), media.kind);
        let (edge, pixels_max) = (size.edge(), self.pixels_max);
        let made = tokio::task::spawn_blocking(move || {
            let _slot = slot;
            let file = match File::open(path) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    return Err(MediaFault::Missing);
                }
                opened => BufReader::new(opened.map_err(StoreError::from)?),
            };
            match yiwang_media::preview(kind, file, edge, pixels_max) {
                // It was good enough to be taken in; there is just nothing to show of it.
                Err(PictureFault::Broken) => Err(MediaFault::NoPreview),
                made => Ok(made?),
            }
        });
        made.await.unwrap_or(Err(MediaFault::NoPreview))
    }

    pub(super) fn count_stored(&self, kind: Kind) {
        self.metrics
            .counter("media_stored_total", &[("kind", kind.as_str())])
            .increment();
    }

    pub(super) fn count_refused(&self, fault: &MediaFault) {
        self.metrics
            .counter("media_refused_total", &[("reason", fault.code())])
            .increment();
    }

    pub(super) fn count_swept(&self, files: usize) {
        self.metrics
            .counter("media_swept_total", &[])
            .add(files as u64);
    }
}
