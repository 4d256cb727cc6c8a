//! The use cases: authorize, load, decide, save, audit. One struct, its methods by subject.

mod access;
mod administrators;
mod demo;
mod grants;
mod names;
mod packs;
mod passwords;
mod sessions;
mod tokens;
mod unknown;
mod upkeep;
mod users;

pub use administrators::NewAdministrator;
pub use grants::{GrantFilter, GrantView};
pub use sessions::{Me, SignedIn};
pub(crate) use upkeep::reconcilers;

use std::sync::atomic::AtomicI64;
use std::sync::{Arc, PoisonError, RwLock};

use yiwang_contracts::{Actor, Audit, AuditEntry, Scope, Subject};
use yiwang_http::Counter;
use yiwang_kernel::{Fault, Page, PageRequest, Timestamp};
use yiwang_runtime::Platform;
use yiwang_store::{Backend, Db};

use crate::audit::{AuditFilter, AuditView, AuditWriter, Verified, VerifyFault};
use crate::error::IdentityError;
use crate::org::{self, OrgTree};
use crate::password::{Hasher, HasherStats};
use crate::role::{self, Roles};
use crate::session::cache::SessionCache;
use crate::settings::IdentitySettings;
use names::NameCache;
use unknown::UnknownNames;

/// Everything this domain does, and its answers to the others' questions.
pub struct IdentityService {
    db: Db,
    settings: IdentitySettings,
    hasher: Hasher,
    tree: RwLock<Arc<OrgTree>>,
    roles: RwLock<Arc<Roles>>,
    /// Revision of units and roles that is in memory.
    revision: AtomicI64,
    sessions: SessionCache,
    names: NameCache,
    unknown: UnknownNames,
    audit: AuditWriter,
    signed_in: Counter,
    refused: Counter,
    shed: Counter,
}

impl IdentityService {
    /// Reads units and roles into memory. The tables must be there.
    pub async fn open(
        platform: &Platform,
        settings: IdentitySettings,
    ) -> Result<Self, IdentityError> {
        let db = platform.db.clone();
        let metrics = &platform.counters;
        metrics.describe(
            "sign_ins_total",
            "Sign-ins by outcome: done, refused, shed.",
        );
        let counter = |outcome| metrics.counter("sign_ins_total", &[("outcome", outcome)]);
        let service = Self {
            hasher: Hasher::new(settings.hash)?,
            tree: RwLock::default(),
            roles: RwLock::default(),
            revision: AtomicI64::new(-1),
            sessions: SessionCache::new(settings.session, db.backend() == Backend::Postgres),
            names: NameCache::default(),
            unknown: UnknownNames::default(),
            audit: AuditWriter::start(&db),
            signed_in: counter("done"),
            refused: counter("refused"),
            shed: counter("shed"),
            settings,
            db,
        };
        service.reload().await?;
        Ok(service)
    }

    pub fn settings(&self) -> &IdentitySettings {
        &self.settings
    }

    /// The units of this moment.
    pub fn tree(&self) -> Arc<OrgTree> {
        Arc::clone(&self.tree.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The roles of this moment.
    pub fn roles(&self) -> Arc<Roles> {
        Arc::clone(&self.roles.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Counters of password hashing.
    pub fn hasher_stats(&self) -> HasherStats {
        self.hasher.stats()
    }

    /// Sessions in memory.
    pub fn sessions_cached(&self) -> usize {
        self.sessions.len()
    }

    /// Reads units and roles again and forgets what was compiled from the old ones.
    async fn reload(&self) -> Result<(), IdentityError> {
        let revision = upkeep::revision(self.db.read()).await?;
        let tree = org::load(self.db.read()).await?;
        let roles = role::load(self.db.read()).await?;
        *self.tree.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(tree);
        *self.roles.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(roles);
        self.revision
            .store(revision, std::sync::atomic::Ordering::Release);
        self.sessions.forget_all();
        Ok(())
    }

    /// One page of the audit log.
    pub async fn audit_log(
        &self,
        actor: &Actor,
        filter: &AuditFilter,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<AuditView>, IdentityError> {
        may_read_audit(actor, now)?;
        crate::audit::search(self.db.read(), filter, page).await
    }

    /// Checks the whole chain of the audit log.
    pub async fn verify_audit(
        &self,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Result<Verified, VerifyFault>, IdentityError> {
        may_read_audit(actor, now)?;
        Ok(crate::audit::verify(self.db.read()).await)
    }
}

/// The log belongs to no unit and no place: only a right over everything covers it.
fn may_read_audit(actor: &Actor, now: Timestamp) -> Result<(), IdentityError> {
    let everything = Subject {
        orgs: &[],
        area: None,
        secrecy: 1,
    };
    if actor.may("audit.read", everything, now) {
        Ok(())
    } else {
        Err(IdentityError::Denied {
            action: "audit.read",
        })
    }
}

/// What the actor may do `action` to; refused when that is nothing.
fn scope(actor: &Actor, action: &'static str, now: Timestamp) -> Result<Scope, IdentityError> {
    let scope = actor.scope(action, now);
    if scope.is_empty() {
        Err(IdentityError::Denied { action })
    } else {
        Ok(scope)
    }
}

impl Audit for IdentityService {
    fn record(
        &self,
        entry: AuditEntry,
    ) -> futures::future::BoxFuture<'_, Result<(), Box<dyn Fault>>> {
        self.audit.record(entry)
    }
}
