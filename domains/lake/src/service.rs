//! The lake in the node: what asks it, and the work in the background.

use std::sync::Arc;

use yiwang_kernel::{Page, PageRequest};
use yiwang_store::Db;

use crate::compact::Effort;
use crate::dataset::Dataset;
use crate::error::LakeError;
use crate::history::blocking;
use crate::lake::Lake;
use crate::store::{self, Removal};
use crate::view::LakeView;

/// The open lake with what it needs of the node.
pub struct LakeService {
    pub(crate) lake: Arc<Lake>,
    pub(crate) db: Db,
}

impl LakeService {
    pub fn new(lake: Arc<Lake>, db: Db) -> Self {
        Self { lake, db }
    }

    pub fn lake(&self) -> &Arc<Lake> {
        &self.lake
    }

    /// One pass of the work in the background; answers how many things it did.
    pub async fn upkeep(&self) -> Result<usize, LakeError> {
        // What goes was proved as it lies: it goes before anything is merged with it.
        let removed = self.retain().await?;
        let lake = Arc::clone(&self.lake);
        let compacted = blocking(move || lake.compact(Effort::Due)).await?;
        Ok(removed + compacted.steps())
    }

    /// Removes what is older than it is kept, each file recorded before it goes.
    pub async fn retain(&self) -> Result<usize, LakeError> {
        let lake = Arc::clone(&self.lake);
        let mut expired = blocking(move || lake.expired()).await?;
        if expired.is_empty() {
            return Ok(0);
        }
        let removals = expired.iter_mut().flat_map(|own| own.removals.drain(..));
        store::record(&self.db, removals.collect()).await?;
        let lake = Arc::clone(&self.lake);
        blocking(move || lake.remove(expired)).await
    }

    pub fn view(&self) -> LakeView {
        self.lake.view()
    }

    /// What retention removed, the newest first.
    pub async fn removals(
        &self,
        dataset: Option<Dataset>,
        page: &PageRequest,
    ) -> Result<Page<Removal>, LakeError> {
        store::list(&self.db, dataset, page).await
    }
}
