//! A node: the platform and its domains, started, watched and stopped together.

mod checks;
mod operation;
mod system;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use jiff::SignedDuration;
use tokio::net::TcpListener;
use utoipa_axum::router::OpenApiRouter;
use yiwang_http::Edge;
use yiwang_kernel::{Uuid, new_uuid};
use yiwang_store::{Backend, StoreError, Subscription, SubscriptionRunner};

use crate::reconcile::Reconcilers;
use crate::{Domain, Health, Platform, Reconciler, ServeOptions};

pub use system::{OutboxView, ParkedView, QueuesView, SubscriptionView, TaskView, WriterView};

/// How often housekeeping runs.
const HOUSEKEEPING_EVERY: Duration = Duration::from_mins(10);
/// How often a node asks what other nodes wrote.
const POLL_EVERY: Duration = Duration::from_millis(500);
/// Rounds in which what one domain's events cause in another comes to rest.
const SETTLE_ROUNDS_MAX: usize = 20;

/// A running set of domains. Cheap to clone.
#[derive(Clone)]
pub struct Node(Arc<Inner>);

struct Inner {
    platform: Platform,
    health: Health,
    reconcilers: Reconcilers,
    subscriptions: Vec<Subscription>,
    /// Tells this node from others on the same database.
    id: Uuid,
    opened: AtomicBool,
}

impl Node {
    /// Takes the background work out of the domains, and their routes into one router.
    pub fn new(platform: Platform, domains: Vec<Domain>) -> (Self, OpenApiRouter) {
        let mut reconcilers = housekeeping(&platform);
        let mut subscriptions = Vec::new();
        let mut routes = OpenApiRouter::new();
        for domain in domains {
            tracing::debug!(domain = domain.name, "domain {} is open", domain.name);
            reconcilers.extend(domain.reconcilers);
            subscriptions.extend(domain.subscriptions);
            routes = routes.merge(domain.routes);
        }
        let id = new_uuid(platform.now());
        let reconcilers = Reconcilers::new(
            reconcilers,
            platform.clock.clone(),
            platform.counters.clone(),
            (&platform.db, id),
        );
        let (health, opened) = (Health::default(), AtomicBool::new(false));
        let node = Self(Arc::new(Inner {
            platform,
            health,
            reconcilers,
            subscriptions,
            id,
            opened,
        }));
        checks::add(&node);
        let routes = routes
            .merge(operation::routes(node.clone()))
            .merge(system::routes(node.clone()));
        (node, routes)
    }

    pub fn platform(&self) -> &Platform {
        &self.0.platform
    }

    /// Where further checks are added.
    pub fn health(&self) -> &Health {
        &self.0.health
    }

    pub fn reconcilers(&self) -> &Reconcilers {
        &self.0.reconcilers
    }

    /// Registers the subscriptions, so that no event of theirs is dropped, and says that the node is open.
    /// Called once the domains' migrations are done and before anything is published.
    pub async fn open(&self) -> Result<(), StoreError> {
        for subscription in &self.0.subscriptions {
            self.runner(subscription).register().await?;
        }
        self.0.opened.store(true, Ordering::Release);
        Ok(())
    }

    /// Starts all background work.
    pub fn start(&self) {
        let (platform, tasks) = (&self.0.platform, &self.0.platform.tasks);
        self.0.reconcilers.start(tasks);
        for subscription in &self.0.subscriptions {
            let (runner, stop) = (self.runner(subscription), tasks.stop_token());
            tasks.spawn(format!("subscription {}", subscription.name), async move {
                runner.run(stop).await
            });
        }
        if platform.db.backend() == Backend::Postgres {
            let (db, stop) = (platform.db.clone(), tasks.stop_token());
            tasks.spawn("event poll", async move {
                loop {
                    tokio::select! {
                        () = stop.cancelled() => return,
                        () = tokio::time::sleep(POLL_EVERY) => {}
                    }
                    if let Err(error) = db.poll_events().await {
                        tracing::warn!(%error, "the store could not be asked for new events");
                    }
                }
            });
        }
    }

    /// Serves `app` until the platform's tasks are told to stop, then ends everything in order: accepting,
    /// requests, work whose client has gone, tasks. Answers the names of tasks that did not end in time.
    pub async fn serve(&self, listener: TcpListener, app: Router, edge: &Edge) -> Vec<String> {
        let (platform, server) = (&self.0.platform, &self.0.platform.config.server);
        let grace = Duration::from_secs(server.shutdown_seconds);
        let options = ServeOptions {
            header_timeout: Duration::from_secs(server.header_timeout_seconds),
            connections_max: server.connections_max as usize,
            grace,
        };
        let cut = crate::serve(listener, app, options, platform.tasks.stop_token()).await;
        if cut > 0 {
            tracing::warn!(
                connections = cut,
                "connections were cut: their requests did not end in time"
            );
        }
        if tokio::time::timeout(grace, edge.finish_work())
            .await
            .is_err()
        {
            tracing::warn!("requests went on without their clients and did not end in time");
        }
        platform.tasks.stop(grace).await
    }

    /// For tests, instead of [`Self::start`]: runs what is due until everything has come to rest; answers how
    /// many things were done.
    pub async fn settle(&self) -> Result<usize, String> {
        let mut all = 0;
        for _ in 0..SETTLE_ROUNDS_MAX {
            let mut done = self.0.reconcilers.run_due_now().await?;
            for subscription in &self.0.subscriptions {
                let handled = self.runner(subscription).run_due().await;
                done += handled.map_err(|error| format!("{}: {error}", subscription.name))?;
            }
            if done == 0 {
                return Ok(all);
            }
            all += done;
        }
        Err(format!("not at rest after {SETTLE_ROUNDS_MAX} rounds"))
    }

    fn runner(&self, subscription: &Subscription) -> SubscriptionRunner {
        let platform = &self.0.platform;
        SubscriptionRunner::new(
            platform.db.clone(),
            subscription.clone(),
            platform.clock.clone(),
            self.0.id,
        )
    }

    fn is_open(&self) -> bool {
        self.0.opened.load(Ordering::Acquire)
    }
}

/// The platform's own reconcilers.
fn housekeeping(platform: &Platform) -> Vec<Reconciler> {
    let days = |days: u32| SignedDuration::from_hours(24 * i64::from(days));
    let (keys_for, events_for) = (
        days(platform.config.server.idempotency_days),
        days(platform.config.store.event_days),
    );
    let (keys, events) = (platform.db.clone(), platform.db.clone());
    vec![
        Reconciler::new("http.idempotency", HOUSEKEEPING_EVERY, move |now| {
            let db = keys.clone();
            async move { Ok(yiwang_http::purge_idempotency(&db, now - keys_for).await? as usize) }
        }),
        Reconciler::new("store.events", HOUSEKEEPING_EVERY, move |now| {
            let db = events.clone();
            async move { Ok(db.prune_events(now - events_for).await? as usize) }
        }),
    ]
}

#[cfg(test)]
mod tests;
