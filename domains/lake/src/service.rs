//! The lake in the node: what asks it, and the work in the background.

use std::sync::Arc;

use serde_json::json;
use yiwang_contracts::{Actor, Audit, AuditEntry, AuditOutcome};
use yiwang_kernel::{Fault, Page, PageRequest, Timestamp};
use yiwang_runtime::Finding;
use yiwang_store::Db;

use crate::compact::Effort;
use crate::dataset::Dataset;
use crate::error::LakeError;
use crate::history::blocking;
use crate::lake::Lake;
use crate::rights::Rights;
use crate::settings::QueryLimits;
use crate::sql::{Answer, Queries, QueryError};
use crate::store::{self, Removal};
use crate::view::LakeView;

/// The action that a query needs.
pub(crate) const QUERY: &str = "lake.query";
/// Questions of indicators that are answered at once; the others wait.
const QUESTIONS_AT_ONCE: usize = 1;
/// So much of a query goes to the audit log.
const SQL_CHARS_RECORDED: usize = 4_000;

/// The open lake with what it needs of the node.
pub struct LakeService {
    pub(crate) lake: Arc<Lake>,
    pub(crate) db: Db,
    audit: Arc<dyn Audit>,
    queries: Queries,
    /// Where questions of indicators are answered: people who ask do not take their room, nor they people's.
    pub(crate) figures: Queries,
}

impl LakeService {
    pub fn new(lake: Arc<Lake>, db: Db, audit: Arc<dyn Audit>) -> Result<Self, QueryError> {
        let limits = lake.settings.query.clone();
        let figures = Queries::new(QueryLimits {
            at_once_max: QUESTIONS_AT_ONCE,
            ..limits.clone()
        })?;
        Ok(Self {
            lake,
            db,
            audit,
            queries: Queries::new(limits)?,
            figures,
        })
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

    /// For the node's health: does compaction keep up, and did its last pass succeed?
    pub fn finding(&self) -> Finding {
        let (waiting, bound) = (self.lake.waiting(), self.lake.settings.sealed_max);
        if waiting >= bound {
            let told = "the lake takes nothing more in: compaction does not keep up";
            return Finding::Degraded(format!("{told}, {waiting} segments wait"));
        }
        match self.lake.tally.last_failure() {
            Some(what) => Finding::Degraded(format!("the lake's last compaction failed: {what}")),
            None => Finding::Good,
        }
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

    /// Answers a query with at most `limit` rows. Observations have no place, so it takes a right over the whole
    /// city; of events the actor sees those that it may read where they came from. Goes to the audit log.
    pub async fn query(
        &self,
        sql: &str,
        limit: usize,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Answer, Box<dyn Fault>> {
        let rights = (!actor.system).then(|| Arc::new(Rights::of(actor, now)));
        let answer = self.queries.run(&self.lake, sql, limit, rights).await;
        let told: String = sql.chars().take(SQL_CHARS_RECORDED).collect();
        let (outcome, detail) = match &answer {
            Ok(answer) => (
                AuditOutcome::Done,
                json!({ "sql": told, "rows": answer.rows.len() }),
            ),
            Err(fault) => (
                AuditOutcome::Failed,
                json!({ "sql": told, "code": fault.code() }),
            ),
        };
        self.audit
            .record(AuditEntry {
                outcome,
                ..AuditEntry::done(actor, QUERY, String::new(), detail, now)
            })
            .await?;
        Ok(answer?)
    }
}
