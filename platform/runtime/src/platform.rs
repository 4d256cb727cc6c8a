//! What every domain stands on, and what a domain gives to the node.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures::future::BoxFuture;
use utoipa_axum::router::OpenApiRouter;
use yiwang_contracts::{Audit, AuditEntry};
use yiwang_http::Metrics;
use yiwang_kernel::{Clock, Fault, FaultKind, OtherFault, Timestamp};
use yiwang_store::{Blobs, Db, Subscription};

use crate::{Config, Tasks};

/// The node's shared parts. Cheap to clone.
#[derive(Clone)]
pub struct Platform {
    pub db: Db,
    /// Files of evidence.
    pub blobs: Blobs,
    pub clock: Arc<dyn Clock>,
    /// The audit log, once the domain that keeps it is open.
    pub audit: AuditLink,
    pub tasks: Tasks,
    pub config: Arc<Config>,
    pub counters: Metrics,
}

impl Platform {
    pub fn new(db: Db, blobs: Blobs, clock: Arc<dyn Clock>, config: Arc<Config>) -> Self {
        let counters = Metrics::new();
        let tasks = Tasks::new(counters.clone());
        Self {
            db,
            blobs,
            clock,
            audit: AuditLink::default(),
            tasks,
            config,
            counters,
        }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// The audit log by reference: the platform is there before the domain that answers it.
#[derive(Clone, Default)]
pub struct AuditLink(Arc<OnceLock<Arc<dyn Audit>>>);

impl AuditLink {
    /// Connects the log. Called once, when the domain that keeps it has opened; a second call changes nothing.
    pub fn connect(&self, audit: Arc<dyn Audit>) {
        if self.0.set(audit).is_err() {
            tracing::error!("the audit log was connected twice");
        }
    }

    /// For questions that take an `Arc<dyn Audit>`.
    pub fn as_question(&self) -> Arc<dyn Audit> {
        Arc::new(self.clone())
    }
}

impl Audit for AuditLink {
    fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Result<(), Box<dyn Fault>>> {
        match self.0.get() {
            Some(audit) => audit.record(entry),
            None => Box::pin(std::future::ready(Err(OtherFault::new(
                FaultKind::Unavailable,
                "audit.not_open",
                "the audit log is not open yet",
            )
            .into()))),
        }
    }
}

/// What a domain gives to the node.
pub struct Domain {
    pub name: &'static str,
    /// Its routes, by their full paths (`/api/v1/incidents`), with their state already in them.
    pub routes: OpenApiRouter,
    pub reconcilers: Vec<Reconciler>,
    pub subscriptions: Vec<Subscription>,
}

impl Domain {
    pub fn new(name: &'static str, routes: OpenApiRouter) -> Self {
        Self {
            name,
            routes,
            reconcilers: Vec::new(),
            subscriptions: Vec::new(),
        }
    }
}

pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// One pass of a reconciler at `now`; answers how many things it did.
pub type ReconcilerRun =
    Arc<dyn Fn(Timestamp) -> BoxFuture<'static, Result<usize, BoxError>> + Send + Sync>;

/// Work that is done again and again until nothing is left to do. Idempotent: it may run twice, or late.
#[derive(Clone)]
pub struct Reconciler {
    /// `incident.clocks`.
    pub name: &'static str,
    pub every: Duration,
    /// Does every node need it, for what it keeps in memory? Otherwise one node at a time runs it.
    pub on_each_node: bool,
    pub run: ReconcilerRun,
}

impl Reconciler {
    /// Work on what is stored: of several nodes one does it at a time.
    pub fn new<F, R>(name: &'static str, every: Duration, run: F) -> Self
    where
        F: Fn(Timestamp) -> R + Send + Sync + 'static,
        R: Future<Output = Result<usize, BoxError>> + Send + 'static,
    {
        Self {
            name,
            every,
            on_each_node: false,
            run: Arc::new(move |now| Box::pin(run(now))),
        }
    }

    /// Work on what a node keeps in memory: each node does its own.
    #[must_use]
    pub fn on_each_node(self) -> Self {
        Self {
            on_each_node: true,
            ..self
        }
    }
}
