//! The use cases of the catalogue, and the read model they and the questions are answered from.

mod answers;
mod drafts;
mod install;
mod judge;
mod publish;
mod rehearse;
mod rule_merge;

#[cfg(test)]
mod tests;

use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;
use yiwang_contracts::{Actor, Audit, AuditEntry, EventScope, NewEvent, Organisations};
use yiwang_kernel::{Clock, Timestamp, Uuid};
use yiwang_runtime::Platform;
use yiwang_store::Db;

use crate::error::CatalogError;
use crate::responsibility::OrgIndex;
use crate::snapshot::Snapshot;
use crate::store;

pub(crate) use drafts::{CreateDraft, DraftCheck, DraftDetail, DraftDiff, DraftView, UpdateDraft};
pub(crate) use judge::{CheckReport, CheckedFaults, LeadChangeGroup, OrgName};
pub(crate) use publish::{ListDetail, ListView, PublishDraft};

/// The aggregate that changes of the catalogue as a whole belong to.
const CATALOG_ID: Uuid = Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_00ca);

/// Everything this domain does.
pub struct Service {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    audit: Arc<dyn Audit>,
    organisations: Arc<dyn Organisations>,
    snapshot: RwLock<Arc<Snapshot>>,
    orgs: RwLock<Arc<OrgIndex>>,
    /// Held while the read model is made anew, so that an older one never replaces a newer one.
    reloading: tokio::sync::Mutex<()>,
}

impl Service {
    /// Reads the whole catalogue and stands ready to answer.
    pub async fn open(
        platform: &Platform,
        organisations: Arc<dyn Organisations>,
    ) -> Result<Self, CatalogError> {
        Self::assemble(
            platform.db.clone(),
            Arc::clone(&platform.clock),
            platform.audit.as_question(),
            organisations,
        )
        .await
    }

    pub(crate) async fn assemble(
        db: Db,
        clock: Arc<dyn Clock>,
        audit: Arc<dyn Audit>,
        organisations: Arc<dyn Organisations>,
    ) -> Result<Self, CatalogError> {
        let service = Self {
            db,
            clock,
            audit,
            organisations,
            snapshot: RwLock::default(),
            orgs: RwLock::default(),
            reloading: tokio::sync::Mutex::default(),
        };
        service.reload().await?;
        Ok(service)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The catalogue as it stands.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn orgs(&self) -> Arc<OrgIndex> {
        Arc::clone(&self.orgs.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Makes the read model anew from the store.
    pub(crate) async fn reload(&self) -> Result<(), CatalogError> {
        let _one_at_a_time = self.reloading.lock().await;
        self.refresh_orgs();
        let rows = store::snapshot_rows(self.db.read()).await?;
        let now = self.now();
        let snapshot = blocking(move || Snapshot::new(rows, now)).await??;
        *self
            .snapshot
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
        Ok(())
    }

    /// Takes up what another node, or the time of day, has changed; answers whether anything was.
    pub(crate) async fn reconcile(&self, now: Timestamp) -> Result<bool, CatalogError> {
        let snapshot = self.snapshot();
        let stored = store::revisions(self.db.read()).await?.catalog;
        if stored != snapshot.version || snapshot.next_turn.is_some_and(|turn| turn <= now) {
            self.reload().await?;
            return Ok(true);
        }
        Ok(self.refresh_orgs())
    }

    fn refresh_orgs(&self) -> bool {
        let fresh = OrgIndex::new(self.organisations.all());
        let changed = fresh.fingerprint() != self.orgs().fingerprint();
        if changed {
            *self.orgs.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        }
        changed
    }

    pub(crate) async fn record(
        &self,
        actor: &Actor,
        action: &str,
        object: String,
        detail: Value,
    ) -> Result<(), CatalogError> {
        let entry = AuditEntry::done(actor, action, object, detail, self.now());
        Ok(self.audit.record(entry).await?)
    }
}

/// An event about the catalogue.
fn event(kind: &str, action: &str, at: Timestamp, body: Value) -> NewEvent {
    NewEvent {
        kind: kind.to_owned(),
        subject_id: CATALOG_ID,
        at,
        scope: EventScope {
            action: action.to_owned(),
            orgs: Vec::new(),
            area: None,
            secrecy: 1,
        },
        body,
    }
}

/// Runs what takes more than a moment of computing beside the async workers.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, CatalogError> {
    tokio::task::spawn_blocking(work).await.map_err(|failed| {
        tracing::error!(%failed, "a computation ended early");
        let message = "a computation ended early";
        CatalogError::Other(yiwang_kernel::OtherFault::new(
            yiwang_kernel::FaultKind::Internal,
            "catalog.failed",
            message,
        ))
    })
}
