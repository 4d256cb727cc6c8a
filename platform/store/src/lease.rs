//! Leases: of several nodes on one PostgreSQL, one at a time does a piece of work, and another takes it
//! over when that one is gone.
//!
//! A lease is a row with its owner and the instant until which it is theirs; whoever finds it run out takes
//! it. Nodes' clocks may differ by less than [`LEASE`]. A node that is held up beyond its lease may still
//! be at work when another begins: work under a lease must bear that, and cursors move by compare-and-set.
//! SQLite has one node, which holds every lease.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::SignedDuration;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Query};
use sea_orm::{ConnectionTrait, QueryResult};
use yiwang_kernel::{Timestamp, Uuid, from_micros, micros};

use crate::{Backend, Db, StoreError};

/// How long a lease lasts without being renewed: so late at most another node takes over.
pub const LEASE: SignedDuration = SignedDuration::from_secs(10);
/// A holder renews when less than this is left.
const RENEW_AT: SignedDuration = SignedDuration::from_secs(6);
/// While work goes on, the lease is looked after so often.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// One node's side of a lease.
pub struct Lease {
    db: Db,
    name: String,
    node: Uuid,
    known: Mutex<Option<Known>>,
}

/// What this node knows of the lease.
#[derive(Debug, Clone, Copy)]
struct Known {
    is_ours: bool,
    until: Timestamp,
}

impl Lease {
    /// `node` tells this node from all others, and from itself before it was started again.
    pub fn new(db: Db, name: impl Into<String>, node: Uuid) -> Self {
        Self {
            db,
            name: name.into(),
            node,
            known: Mutex::new(None),
        }
    }

    /// Takes or keeps the lease; false when another node has it.
    pub async fn hold(&self, now: Timestamp) -> Result<bool, StoreError> {
        if self.db.backend() == Backend::Sqlite {
            return Ok(true);
        }
        let known = *self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match known {
            Some(known) if known.is_ours && now + RENEW_AT < known.until => return Ok(true),
            Some(known) if !known.is_ours && now < known.until => return Ok(false),
            _ => {}
        }
        let found = self.db.take_lease(&self.name, self.node, now).await?;
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
        Ok(found.is_ours)
    }

    /// Runs `work` to its end and renews the lease meanwhile. `now` is asked again and again.
    pub async fn keep<T>(
        &self,
        now: impl Fn() -> Timestamp + Send,
        work: impl Future<Output = T> + Send,
    ) -> T {
        if self.db.backend() == Backend::Sqlite {
            return work.await;
        }
        tokio::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done,
                () = tokio::time::sleep(LOOK_EVERY) => {
                    if let Err(error) = self.hold(now()).await {
                        tracing::warn!(%error, lease = self.name, "a lease could not be renewed");
                    }
                }
            }
        }
    }

    /// Gives the lease back, if it is ours, so that another node need not wait for its end.
    pub async fn release(&self) -> Result<(), StoreError> {
        let known = self
            .known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if known.is_some_and(|known| known.is_ours) {
            self.db.drop_lease(&self.name, self.node).await?;
        }
        Ok(())
    }
}

impl Db {
    /// One statement: two nodes cannot both find the lease free.
    async fn take_lease(
        &self,
        name: &str,
        node: Uuid,
        now: Timestamp,
    ) -> Result<Known, StoreError> {
        let until = now + LEASE;
        let insert = Query::insert()
            .into_table(Alias::new("store_lease"))
            .columns(["name", "node", "until"].map(Alias::new))
            .values_panic([name.into(), node.into(), micros(until).into()])
            .on_conflict(
                OnConflict::column(Alias::new("name"))
                    .update_columns(["node", "until"].map(Alias::new))
                    .action_and_where(
                        Expr::cust("store_lease.node = excluded.node").or(Expr::col((
                            Alias::new("store_lease"),
                            Alias::new("until"),
                        ))
                        .lte(micros(now))),
                    )
                    .to_owned(),
            )
            .take();
        let select = Query::select()
            .columns(["node", "until"].map(Alias::new))
            .from(Alias::new("store_lease"))
            .and_where(Expr::col(Alias::new("name")).eq(name))
            .take();
        let row: Option<QueryResult> = self
            .write(move |tx| {
                Box::pin(async move {
                    tx.execute(&insert).await?;
                    Ok::<_, StoreError>(tx.query_one(&select).await?)
                })
            })
            .await?;
        let Some(row) = row else {
            // Given back between the two statements: to be tried again at once.
            return Ok(Known {
                is_ours: false,
                until: now,
            });
        };
        Ok(Known {
            is_ours: row.try_get::<Uuid>("", "node")? == node,
            until: from_micros(row.try_get("", "until")?),
        })
    }

    async fn drop_lease(&self, name: &str, node: Uuid) -> Result<(), StoreError> {
        let delete = Query::delete()
            .from_table(Alias::new("store_lease"))
            .and_where(Expr::col(Alias::new("name")).eq(name))
            .and_where(Expr::col(Alias::new("node")).eq(node))
            .take();
        self.write(move |tx| {
            Box::pin(async move {
                tx.execute(&delete).await?;
                Ok(())
            })
        })
        .await
    }
}
