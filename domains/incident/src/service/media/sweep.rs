//! What nobody used goes: files that hang on no case after their time, and what a crash left behind.

use std::sync::atomic::Ordering;

use yiwang_kernel::{Digest, Timestamp};
use yiwang_store::StoreError;

use super::super::IncidentService;
use crate::IncidentError;
use crate::store;

/// Rows of one transaction.
const ROWS_MAX: u64 = 200;

impl IncidentService {
    /// One pass; answers how many files were removed.
    pub async fn sweep_media(&self, now: Timestamp) -> Result<usize, IncidentError> {
        let before = now
            .checked_sub(self.room.unattached_for)
            .unwrap_or(Timestamp::MIN);
        let mut swept = 0;
        loop {
            let digests: Vec<Digest> = self
                .db
                .write(move |tx| {
                    Box::pin(async move {
                        store::remove_waiting(tx, before, ROWS_MAX)
                            .await
                            .map_err(IncidentError::from)
                    })
                })
                .await?;
            swept += digests.len();
            for digest in &digests {
                self.remove_unnamed(digest).await?;
            }
            if (digests.len() as u64) < ROWS_MAX {
                break;
            }
        }
        swept += self.room.blobs.sweep_drafts(before).await?;
        swept += self.sweep_shard(before).await?;
        self.room.count_swept(swept);
        Ok(swept)
    }

    /// Files whose rows were never written, because the process ended in between. One part of the folder a pass.
    async fn sweep_shard(&self, before: Timestamp) -> Result<usize, IncidentError> {
        let shard = self.room.shard.fetch_add(1, Ordering::Relaxed);
        let mut swept = 0;
        for (digest, written) in self.room.blobs.shard(shard).await? {
            if written < before && self.remove_unnamed(&digest).await? {
                swept += 1;
            }
        }
        Ok(swept)
    }

    /// Other rows may have the same content.
    async fn remove_unnamed(&self, digest: &Digest) -> Result<bool, StoreError> {
        let named = store::is_named(self.db.read(), digest);
        self.room.blobs.remove_unless(digest, named).await
    }
}
