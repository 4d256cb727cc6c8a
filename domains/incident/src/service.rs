//! Use cases: who may, load, decide, save, tell.

mod cases;
mod commands;
mod duplicates;
mod figures;
mod hot;
mod intake;
mod media;
mod public;
mod read;
mod refusals;
mod sweep;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use sea_orm::ConnectionTrait;
use yiwang_contracts::{
    Actor, Audit, AuditEntry, AuditOutcome, Catalog, IncidentId, OrgId, Organisations, People,
};
use yiwang_kernel::{Timestamp, mask_name, mask_phone};
use yiwang_store::{Backend, Batcher, Db, StoreError};

pub use commands::Given;
pub use duplicates::{Draft, Hint};
pub(crate) use media::PreviewSize;
pub use media::{EvidenceRoom, MediaFault, Received, Said};

pub use public::{PublicMedia, PublicStatus, PublicStep};
pub(crate) use read::check_log_against;
pub use read::{
    CaseFlow, CaseFlowGroup, DryRun, EscalationRow, ListQuery, Numbers, NumbersGroup, TaskQuery,
    TurnRow, Verified,
};
pub use refusals::Keeping;
pub(crate) use refusals::{RefusalDetail, Withheld, reason};

use crate::IncidentError;
use crate::clocks::Explanations;
use crate::lifecycle::{Context, LifecycleRules};
use crate::model::wire::whole_millis;
use crate::model::{Incident, Source};
use crate::store::{self, Counted, CounterKey};
use commands::CommandBatch;
use hot::HotCases;
use intake::IntakeBatch;

/// What the rules look at: the catalogue, the units, the figures in force.
pub(crate) struct World {
    pub(crate) catalog: Arc<dyn Catalog>,
    pub(crate) orgs: Arc<dyn Organisations>,
    pub(crate) hot: HotCases,
    pub(crate) explanations: Explanations,
    rules: RwLock<(i64, Arc<LifecycleRules>)>,
}

impl World {
    pub(crate) fn rules(&self) -> Arc<LifecycleRules> {
        Arc::clone(&self.rules.read().unwrap_or_else(PoisonError::into_inner).1)
    }

    fn rules_version(&self) -> i64 {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).0
    }

    fn adopt(&self, version: i64, rules: LifecycleRules) {
        *self.rules.write().unwrap_or_else(PoisonError::into_inner) = (version, Arc::new(rules));
    }

    pub(crate) fn centre(&self) -> Option<OrgId> {
        let rules = self.rules();
        self.orgs
            .by_code(&[rules.centre.as_str()])
            .into_iter()
            .flatten()
            .next()
            .map(|org| org.id)
    }

    pub(crate) fn context<'a>(
        &'a self,
        rules: &'a LifecycleRules,
        centre: Option<OrgId>,
        actor: &'a Actor,
        now: Timestamp,
    ) -> Context<'a> {
        Context {
            actor,
            now: whole_millis(now),
            catalog: &*self.catalog,
            orgs: &*self.orgs,
            rules,
            centre,
            other: None,
            callers: None,
        }
    }
}

/// The questions this domain asks.
#[derive(Clone)]
pub struct Questions {
    pub catalog: Arc<dyn Catalog>,
    pub orgs: Arc<dyn Organisations>,
    pub people: Arc<dyn People>,
    pub audit: Arc<dyn Audit>,
}

/// The event hub's use cases.
pub struct IncidentService {
    db: Db,
    world: Arc<World>,
    people: Arc<dyn People>,
    audit: Arc<dyn Audit>,
    commands: Batcher<CommandBatch>,
    intake: Batcher<IntakeBatch>,
    keeping: Keeping,
    pub(crate) room: EvidenceRoom,
}

impl IncidentService {
    /// Opens the service on migrated tables.
    pub async fn open(
        db: Db,
        questions: Questions,
        keeping: Keeping,
        room: EvidenceRoom,
    ) -> Result<Arc<Self>, StoreError> {
        let (version, rules) = store::load_rules(db.read()).await?.unwrap_or_default();
        let world = Arc::new(World {
            catalog: questions.catalog,
            orgs: questions.orgs,
            explanations: Explanations::default(),
            hot: HotCases::new(db.backend() == Backend::Sqlite),
            rules: RwLock::new((version, Arc::new(rules))),
        });
        let commands = CommandBatch {
            world: Arc::clone(&world),
        };
        let intake = IntakeBatch {
            world: Arc::clone(&world),
            payload_bytes_max: keeping.bytes_max,
        };
        Ok(Arc::new(Self {
            commands: Batcher::start(db.clone(), Arc::new(commands)),
            intake: Batcher::start(db.clone(), Arc::new(intake)),
            db,
            world,
            people: questions.people,
            audit: questions.audit,
            keeping,
            room,
        }))
    }

    /// The figures in force.
    pub fn rules(&self) -> Arc<LifecycleRules> {
        self.world.rules()
    }

    /// Puts new figures in force; the next version of them.
    pub async fn install_rules(&self, rules: LifecycleRules) -> Result<(), IncidentError> {
        let version = self.world.rules_version() + 1;
        let kept = rules.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    store::save_rules(tx, version, &rules)
                        .await
                        .map_err(IncidentError::from)
                })
            })
            .await?;
        self.world.adopt(version, kept);
        Ok(())
    }

    /// Takes over figures that another node installed.
    pub async fn reload_rules(&self) -> Result<usize, IncidentError> {
        match store::load_rules(self.db.read()).await? {
            Some((version, rules)) if version != self.world.rules_version() => {
                self.world.adopt(version, rules);
                Ok(1)
            }
            _ => Ok(0),
        }
    }

    async fn load(&self, id: IncidentId) -> Result<Incident, IncidentError> {
        let mut found = store::load(self.db.read(), &[id.0], false).await?;
        found.remove(&id).ok_or(IncidentError::NotFound)
    }

    /// The case, if the actor may see it.
    async fn seen(
        &self,
        id: IncidentId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Incident, IncidentError> {
        let incident = self.load(id).await?;
        let rules = self.world.rules();
        let ctx = self.world.context(&rules, self.world.centre(), actor, now);
        if ctx.may("incident.read", &incident) {
            Ok(incident)
        } else {
            Err(IncidentError::NotFound)
        }
    }

    /// The reporter's name and phone in clear. Needs a purpose and is written to the audit log first.
    pub async fn reveal(
        &self,
        id: IncidentId,
        purpose: &str,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Option<(String, String)>, IncidentError> {
        let incident = self.seen(id, actor, now).await?;
        let rules = self.world.rules();
        let allowed = self
            .world
            .context(&rules, self.world.centre(), actor, now)
            .may("incident.reveal", &incident);
        let purpose = purpose.trim();
        let outcome = if allowed {
            AuditOutcome::Done
        } else {
            AuditOutcome::Refused
        };
        if allowed && purpose.is_empty() {
            return Err(IncidentError::invalid("purpose", "a purpose is needed"));
        }
        let reporter = store::reporter(self.db.read(), id).await?;
        self.audit
            .record(AuditEntry {
                outcome,
                ..AuditEntry::done(
                    actor,
                    "incident.reveal",
                    format!("incident:{id}"),
                    serde_json::json!({
                        "number": incident.number,
                        "purpose": purpose,
                        "name": reporter.as_ref().map(|row| mask_name(row.name.reveal())),
                        "phone": reporter.as_ref().map(|row| mask_phone(row.phone.reveal())),
                    }),
                    now,
                )
            })
            .await?;
        if !allowed {
            return Err(IncidentError::Denied {
                action: "incident.reveal",
            });
        }
        Ok(reporter.map(|row| (row.name.reveal().to_owned(), row.phone.reveal().to_owned())))
    }

    /// Counts reports that were turned away before they were looked at.
    pub async fn note_shed(
        &self,
        source: Source,
        reason: &str,
        n: i64,
    ) -> Result<(), IncidentError> {
        let key = CounterKey {
            source,
            kind: Counted::Shed,
            reason: reason.to_owned(),
        };
        self.tally(BTreeMap::from([(key, n)]), Vec::new()).await
    }

    /// What came in, by source and what became of it.
    pub async fn counters(&self) -> Result<BTreeMap<CounterKey, i64>, IncidentError> {
        Ok(store::counters(self.db.read()).await?)
    }
}

/// The reader pool in the form that queries take.
fn reader(db: &Db) -> &impl ConnectionTrait {
    db.read()
}
