//! Durable subscriptions: every event to every subscriber at least once, in order, with a cursor that
//! survives a crash. A message that fails [`TRIES_MAX`] times is parked where a person can see it, and
//! the others flow on.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Order, Query};
use sea_orm::{ConnectionTrait, QueryResult};
use yiwang_contracts::Event;
use yiwang_kernel::{Clock, Timestamp, Uuid, from_micros, micros, new_uuid};

use crate::lease::Lease;
use crate::outbox::EVENT_PAGE_MAX;
use crate::{Db, StoreError};

/// How often one event is tried before it is parked.
pub const TRIES_MAX: u32 = 5;
/// The wait before the second try; it doubles with each.
const BACK_OFF: Duration = Duration::from_millis(100);
/// Parked messages shown at once at most.
const PARKED_PAGE_MAX: u64 = 500;

pub type HandlerError = Box<dyn std::error::Error + Send + Sync>;

/// Takes events in. It must be idempotent: after a crash the same events come again.
pub trait EventHandler: Send + Sync + 'static {
    fn handle<'a>(&'a self, events: &'a [Event]) -> BoxFuture<'a, Result<(), HandlerError>>;
}

#[derive(Clone)]
pub struct Subscription {
    /// Stable: it is the key of the cursor.
    pub name: &'static str,
    /// Prefixes of event kinds; empty means all.
    pub kinds: &'static [&'static str],
    pub handler: Arc<dyn EventHandler>,
}

/// Where a subscription stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SubscriptionState {
    pub name: String,
    pub seq: i64,
    pub behind: i64,
}

/// An event that its subscriber could not take.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ParkedMessage {
    pub id: Uuid,
    pub subscription: String,
    pub seq: i64,
    pub kind: String,
    pub event: Event,
    pub error: String,
    pub tries: u32,
    pub at: Timestamp,
}

/// Runs one subscription.
pub struct SubscriptionRunner {
    db: Db,
    subscription: Subscription,
    clock: Arc<dyn Clock>,
    lease: Lease,
}

impl SubscriptionRunner {
    /// `node` tells this node from others on the same database, of which one at a time runs a subscription.
    pub fn new(db: Db, subscription: Subscription, clock: Arc<dyn Clock>, node: Uuid) -> Self {
        let lease = Lease::new(
            db.clone(),
            format!("subscription {}", subscription.name),
            node,
        );
        Self {
            db,
            subscription,
            clock,
            lease,
        }
    }

    /// Registers the cursor, so that events are kept for this subscriber from now on.
    pub async fn register(&self) -> Result<(), StoreError> {
        let (name, at) = (self.subscription.name, micros(self.clock.now()));
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let insert = Query::insert()
                        .into_table(Alias::new("store_subscription"))
                        .columns(["name", "seq", "at"].map(Alias::new))
                        .values_panic([name.into(), 0_i64.into(), at.into()])
                        .on_conflict(
                            OnConflict::column(Alias::new("name"))
                                .do_nothing()
                                .to_owned(),
                        )
                        .take();
                    tx.execute(&insert).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Handles everything that is there now, unless another node does; answers how many events were handled
    /// or parked.
    pub async fn run_due(&self) -> Result<usize, StoreError> {
        if !self.lease.hold(self.clock.now()).await? {
            return Ok(0);
        }
        self.lease
            .keep(|| self.clock.now(), self.handle_due())
            .await
    }

    async fn handle_due(&self) -> Result<usize, StoreError> {
        let mut handled = 0;
        loop {
            let from = self.db.subscription_seq(self.subscription.name).await?;
            let events = self.db.events_after(from, EVENT_PAGE_MAX).await?;
            let Some(last) = events.last().map(|event| event.seq) else {
                return Ok(handled);
            };
            let wanted: Vec<Event> = events
                .into_iter()
                .filter(|event| self.wants(event))
                .collect();
            if !wanted.is_empty() && self.subscription.handler.handle(&wanted).await.is_err() {
                // Find the one that fails; the others go through.
                for event in &wanted {
                    self.handle_one(event).await?;
                }
            }
            handled += wanted.len();
            let moved = self
                .db
                .move_subscription(self.subscription.name, from, last, self.clock.now())
                .await?;
            if !moved {
                tracing::warn!(
                    subscription = self.subscription.name,
                    "another node has moved the subscription on"
                );
                return Ok(handled);
            }
        }
    }

    /// Handles events as they come until `stop` resolves.
    pub async fn run(&self, stop: tokio_util::sync::CancellationToken) -> Result<(), StoreError> {
        let mut watch = self.db.watch_events();
        while !stop.is_cancelled() {
            watch.mark_unchanged();
            if let Err(error) = self.run_due().await {
                tracing::error!(%error, subscription = self.subscription.name, "subscription: the store failed");
            }
            tokio::select! {
                () = stop.cancelled() => break,
                _ = watch.changed() => {}
                // A missed wake-up must not hold an event for long.
                () = tokio::time::sleep(Duration::from_secs(5)) => {}
            }
        }
        self.lease.release().await
    }

    fn wants(&self, event: &Event) -> bool {
        self.subscription.kinds.is_empty()
            || self
                .subscription
                .kinds
                .iter()
                .any(|kind| event.kind.starts_with(kind))
    }

    async fn handle_one(&self, event: &Event) -> Result<(), StoreError> {
        let mut wait = BACK_OFF;
        let mut error = String::new();
        for tried in 1..=TRIES_MAX {
            match self
                .subscription
                .handler
                .handle(std::slice::from_ref(event))
                .await
            {
                Ok(()) => return Ok(()),
                Err(failed) => error = failed.to_string(),
            }
            if tried < TRIES_MAX {
                tokio::time::sleep(wait).await;
                wait *= 2;
            }
        }
        tracing::error!(subscription = self.subscription.name, seq = event.seq, %error, "an event was parked");
        self.db
            .park(self.subscription.name, event, &error, self.clock.now())
            .await
    }
}

impl Db {
    async fn subscription_seq(&self, name: &str) -> Result<i64, StoreError> {
        let select = Query::select()
            .column(Alias::new("seq"))
            .from(Alias::new("store_subscription"))
            .and_where(Expr::col(Alias::new("name")).eq(name))
            .take();
        let row = self.read().query_one(&select).await?;
        Ok(row
            .map(|row| row.try_get::<i64>("", "seq"))
            .transpose()?
            .unwrap_or(0))
    }

    /// Moves the cursor, but only from where the reader of the events found it: a node that was held up beyond
    /// its lease cannot take it back. False when it was elsewhere.
    async fn move_subscription(
        &self,
        name: &'static str,
        from: i64,
        seq: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let insert = Query::insert()
                    .into_table(Alias::new("store_subscription"))
                    .columns(["name", "seq", "at"].map(Alias::new))
                    .values_panic([name.into(), seq.into(), micros(now).into()])
                    .on_conflict(
                        OnConflict::column(Alias::new("name"))
                            .update_columns(["seq", "at"].map(Alias::new))
                            .action_and_where(
                                Expr::col((Alias::new("store_subscription"), Alias::new("seq")))
                                    .eq(from),
                            )
                            .to_owned(),
                    )
                    .take();
                Ok(tx.execute(&insert).await?.rows_affected() == 1)
            })
        })
        .await
    }

    /// Where every subscription stands.
    pub async fn subscriptions(&self) -> Result<Vec<SubscriptionState>, StoreError> {
        let last = self.last_event_seq().await?;
        let select = Query::select()
            .columns(["name", "seq"].map(Alias::new))
            .from(Alias::new("store_subscription"))
            .order_by(Alias::new("name"), Order::Asc)
            .take();
        let rows = self.read().query_all(&select).await?;
        rows.iter()
            .map(|row| {
                let seq: i64 = row.try_get("", "seq")?;
                Ok(SubscriptionState {
                    name: row.try_get("", "name")?,
                    seq,
                    behind: std::cmp::max(last - seq, 0),
                })
            })
            .collect()
    }

    async fn park(
        &self,
        name: &'static str,
        event: &Event,
        error: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (seq, kind, body, error) = (
            event.seq,
            event.kind.clone(),
            serde_json::to_string(event)?,
            error.to_owned(),
        );
        self.write(move |tx| {
            Box::pin(async move {
                let insert = Query::insert()
                    .into_table(Alias::new("store_parked"))
                    .columns(
                        [
                            "id",
                            "subscription",
                            "seq",
                            "kind",
                            "body",
                            "error",
                            "tries",
                            "at",
                        ]
                        .map(Alias::new),
                    )
                    .values_panic([
                        new_uuid(now).into(),
                        name.into(),
                        seq.into(),
                        kind.into(),
                        body.into(),
                        error.into(),
                        i32::try_from(TRIES_MAX).unwrap_or(i32::MAX).into(),
                        micros(now).into(),
                    ])
                    .take();
                tx.execute(&insert).await?;
                Ok(())
            })
        })
        .await
    }

    /// Parked messages, oldest first.
    pub async fn parked(&self) -> Result<Vec<ParkedMessage>, StoreError> {
        let select = Query::select()
            .columns(
                [
                    "id",
                    "subscription",
                    "seq",
                    "kind",
                    "body",
                    "error",
                    "tries",
                    "at",
                ]
                .map(Alias::new),
            )
            .from(Alias::new("store_parked"))
            .order_by(Alias::new("at"), Order::Asc)
            .limit(PARKED_PAGE_MAX)
            .take();
        self.read()
            .query_all(&select)
            .await?
            .iter()
            .map(parked)
            .collect()
    }

    /// Takes a parked message away: after it was handled again, or because a person says so.
    pub async fn discard_parked(&self, id: Uuid) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let delete = Query::delete()
                    .from_table(Alias::new("store_parked"))
                    .and_where(Expr::col(Alias::new("id")).eq(id))
                    .take();
                Ok::<_, StoreError>(tx.execute(&delete).await?.rows_affected() == 1)
            })
        })
        .await
    }
}

fn parked(row: &QueryResult) -> Result<ParkedMessage, StoreError> {
    let tries: i32 = row.try_get("", "tries")?;
    let body: String = row.try_get("", "body")?;
    Ok(ParkedMessage {
        id: row.try_get("", "id")?,
        subscription: row.try_get("", "subscription")?,
        seq: row.try_get("", "seq")?,
        kind: row.try_get("", "kind")?,
        event: serde_json::from_str(&body)?,
        error: row.try_get("", "error")?,
        tries: u32::try_from(tries).unwrap_or(0),
        at: from_micros(row.try_get("", "at")?),
    })
}
