//! Migrations: each domain's tables, in numbered steps, for both engines. Steps only go forward.

use std::collections::BTreeMap;

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};

use crate::{Backend, Db, StoreError};

/// One step: its SQL statements for an engine.
#[derive(Clone, Copy)]
pub struct Migration {
    /// 1, 2, 3 … within its domain.
    pub version: u32,
    pub name: &'static str,
    pub up: fn(Backend) -> Vec<String>,
}

/// All steps of one domain.
#[derive(Clone, Copy)]
pub struct DomainMigrations {
    pub domain: &'static str,
    pub steps: &'static [Migration],
}

/// Any fixed number, the same on every node.
const MIGRATE_LOCK: i64 = 7_204_532;

/// Waits until no other node migrates (PostgreSQL); false when the step has been taken meanwhile.
async fn alone(
    backend: Backend,
    tx: &impl ConnectionTrait,
    domain: &str,
    version: u32,
) -> Result<bool, StoreError> {
    if backend == Backend::Sqlite {
        return Ok(true);
    }
    tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATE_LOCK})"))
        .await?;
    let select = Query::select()
        .column(Alias::new("version"))
        .from(Alias::new("store_migration"))
        .and_where(Expr::col(Alias::new("domain")).eq(domain))
        .and_where(Expr::col(Alias::new("version")).eq(i32::try_from(version).unwrap_or(0)))
        .take();
    Ok(tx.query_one(&select).await?.is_none())
}

impl Db {
    /// Brings every domain to its newest version; answers the steps that were taken, `domain 3 name`.
    ///
    /// A database written by a newer program is refused, not touched.
    pub async fn migrate(&self, domains: &[DomainMigrations]) -> Result<Vec<String>, StoreError> {
        let done = self.migrated().await?;
        let mut taken = Vec::new();
        for set in domains {
            let at = done.get(set.domain).copied().unwrap_or(0);
            let known = set.steps.iter().map(|step| step.version).max().unwrap_or(0);
            if at > known {
                return Err(StoreError::Newer {
                    domain: set.domain,
                    found: at,
                    known,
                });
            }
            for step in set.steps.iter().filter(|step| step.version > at) {
                self.take_step(set.domain, *step).await?;
                taken.push(format!("{} {} {}", set.domain, step.version, step.name));
            }
        }
        Ok(taken)
    }

    async fn migrated(&self) -> Result<BTreeMap<String, u32>, StoreError> {
        let select = Query::select()
            .columns(["domain", "version"].map(Alias::new))
            .from(Alias::new("store_migration"))
            .take();
        let mut versions = BTreeMap::new();
        for row in self.read().query_all(&select).await? {
            let version: i32 = row.try_get("", "version")?;
            let newest = versions
                .entry(row.try_get::<String>("", "domain")?)
                .or_insert(0);
            *newest = std::cmp::max(u32::try_from(version).unwrap_or(0), *newest);
        }
        Ok(versions)
    }

    async fn take_step(&self, domain: &'static str, step: Migration) -> Result<(), StoreError> {
        let backend = self.backend();
        self.write(move |tx| {
            Box::pin(async move {
                // Of several nodes that start at once one takes the step; the others find it taken.
                if !alone(backend, tx, domain, step.version).await? {
                    return Ok(());
                }
                let failed = |source| StoreError::Migration {
                    domain,
                    version: step.version,
                    source,
                };
                for sql in (step.up)(backend) {
                    tx.execute_unprepared(&sql).await.map_err(failed)?;
                }
                let insert = Query::insert()
                    .into_table(Alias::new("store_migration"))
                    .columns(["domain", "version", "name"].map(Alias::new))
                    .values_panic([
                        domain.into(),
                        i32::try_from(step.version).unwrap_or(0).into(),
                        step.name.into(),
                    ])
                    .take();
                tx.execute(&insert).await.map_err(failed)?;
                Ok(())
            })
        })
        .await
    }
}
