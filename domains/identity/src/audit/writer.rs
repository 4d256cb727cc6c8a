//! The way in: entries of many callers are appended together and durable when `record` returns.

use std::sync::Arc;

use futures::future::BoxFuture;
use yiwang_contracts::{Audit, AuditEntry};
use yiwang_kernel::{Fault, IntoFault};
use yiwang_store::{Batch, Batcher, Db, StoreError, Tx};

struct Append;

impl Batch for Append {
    type Item = AuditEntry;
    type Output = ();
    type Error = StoreError;

    fn apply<'a>(
        &'a self,
        tx: &'a Tx,
        items: Vec<AuditEntry>,
    ) -> BoxFuture<'a, Result<Vec<Result<(), StoreError>>, StoreError>> {
        Box::pin(async move {
            super::append(tx, &items).await?;
            Ok(items.iter().map(|_entry| Ok(())).collect())
        })
    }
}

/// Implements `contracts::Audit`. Cheap to clone.
#[derive(Clone)]
pub(crate) struct AuditWriter {
    batcher: Batcher<Append>,
}

impl AuditWriter {
    pub(crate) fn start(db: &Db) -> Self {
        Self {
            batcher: Batcher::start(db.clone(), Arc::new(Append)),
        }
    }

    pub(crate) async fn append(&self, entry: AuditEntry) -> Result<(), StoreError> {
        self.batcher.submit(entry).await
    }
}

impl Audit for AuditWriter {
    fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Result<(), Box<dyn Fault>>> {
        Box::pin(async move { self.append(entry).await.map_err(IntoFault::into_fault) })
    }
}
