//! The table `http_idempotency`: claimed keys and kept answers.

use sea_orm::ConnectionTrait as _;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, OnConflict, Query};
use yiwang_kernel::{Digest, Timestamp, micros};
use yiwang_store::{Backend, Db, DomainMigrations, Migration, StoreError, Tx};

use super::CLAIM_SECONDS;

const TABLE: &str = "http_idempotency";
/// Rows removed in one transaction.
const PURGE_ROWS_MAX: u64 = 10_000;

/// This crate's tables.
pub fn migrations() -> DomainMigrations {
    DomainMigrations {
        domain: "http",
        steps: &[Migration {
            version: 1,
            name: "idempotency",
            up: idempotency,
        }],
    }
}

fn idempotency(backend: Backend) -> Vec<String> {
    let (bytes, code) = (backend.bytes(), backend.code_text());
    vec![
        format!(
            "CREATE TABLE {TABLE} (name {bytes} NOT NULL PRIMARY KEY, content {bytes} NOT NULL, at BIGINT NOT NULL, \
             status INTEGER, headers {code}, body {bytes})"
        ),
        format!("CREATE INDEX {TABLE}_at ON {TABLE} (at)"),
    ]
}

/// An answer as it is kept; without a body when that was too large or secret.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<Vec<u8>>,
}

/// What became of an attempt to take a key.
pub(super) enum Claim {
    Ours,
    Done(Answer),
    OtherContent,
    InFlight,
}

pub(super) async fn claim(
    db: &Db,
    name: Digest,
    content: Digest,
    now: Timestamp,
) -> Result<Claim, StoreError> {
    db.write(move |tx| Box::pin(claim_in(tx, name, content, micros(now))))
        .await
}

async fn claim_in(tx: &Tx, name: Digest, content: Digest, now: i64) -> Result<Claim, StoreError> {
    let insert = Query::insert()
        .into_table(Alias::new(TABLE))
        .columns(["name", "content", "at"].map(Alias::new))
        .values_panic([name.to_vec().into(), content.to_vec().into(), now.into()])
        .on_conflict(
            OnConflict::column(Alias::new("name"))
                .do_nothing()
                .to_owned(),
        )
        .take();
    if tx.execute(&insert).await?.rows_affected() == 1 {
        return Ok(Claim::Ours);
    }
    let select = Query::select()
        .columns(["content", "at", "status", "headers", "body"].map(Alias::new))
        .from(Alias::new(TABLE))
        .and_where(Expr::col(Alias::new("name")).eq(name.to_vec()))
        .take();
    let Some(row) = tx.query_one(&select).await? else {
        // Freed between the two statements by another node; the client asks again.
        return Ok(Claim::InFlight);
    };
    if row.try_get::<Vec<u8>>("", "content")? != content {
        return Ok(Claim::OtherContent);
    }
    if let Some(status) = row.try_get::<Option<i32>>("", "status")? {
        let headers = row
            .try_get::<Option<String>>("", "headers")?
            .unwrap_or_default();
        return Ok(Claim::Done(Answer {
            status: u16::try_from(status).unwrap_or(200),
            headers: serde_json::from_str(&headers).unwrap_or_default(),
            body: row.try_get("", "body")?,
        }));
    }
    let claimed_at: i64 = row.try_get("", "at")?;
    if now.saturating_sub(claimed_at) < CLAIM_SECONDS * 1_000_000 {
        return Ok(Claim::InFlight);
    }
    let update = Query::update()
        .table(Alias::new(TABLE))
        .value(Alias::new("at"), now)
        .and_where(Expr::col(Alias::new("name")).eq(name.to_vec()))
        .and_where(Expr::col(Alias::new("at")).eq(claimed_at))
        .and_where(Expr::col(Alias::new("status")).is_null())
        .take();
    let taken = tx.execute(&update).await?.rows_affected() == 1;
    Ok(if taken { Claim::Ours } else { Claim::InFlight })
}

pub(super) async fn keep(
    db: &Db,
    name: Digest,
    answer: Answer,
    now: Timestamp,
) -> Result<(), StoreError> {
    let headers = serde_json::to_string(&answer.headers)?;
    db.write(move |tx| {
        Box::pin(async move {
            let update = Query::update()
                .table(Alias::new(TABLE))
                .value(Alias::new("at"), micros(now))
                .value(Alias::new("status"), i32::from(answer.status))
                .value(Alias::new("headers"), headers)
                .value(Alias::new("body"), answer.body)
                .and_where(Expr::col(Alias::new("name")).eq(name.to_vec()))
                .take();
            tx.execute(&update).await?;
            Ok(())
        })
    })
    .await
}

pub(super) async fn release(db: &Db, name: Digest) -> Result<(), StoreError> {
    db.write(move |tx| {
        Box::pin(async move {
            let delete = Query::delete()
                .from_table(Alias::new(TABLE))
                .and_where(Expr::col(Alias::new("name")).eq(name.to_vec()))
                .and_where(Expr::col(Alias::new("status")).is_null())
                .take();
            tx.execute(&delete).await?;
            Ok(())
        })
    })
    .await
}

/// Forgets keys that were last used before `before`; answers how many. A bounded number at once.
pub async fn purge_idempotency(db: &Db, before: Timestamp) -> Result<u64, StoreError> {
    db.write(move |tx| {
        Box::pin(async move {
            let old = Query::select()
                .column(Alias::new("name"))
                .from(Alias::new(TABLE))
                .and_where(Expr::col(Alias::new("at")).lt(micros(before)))
                .limit(PURGE_ROWS_MAX)
                .take();
            let delete = Query::delete()
                .from_table(Alias::new(TABLE))
                .and_where(Expr::col(Alias::new("name")).in_subquery(old))
                .take();
            Ok::<_, StoreError>(tx.execute(&delete).await?.rows_affected())
        })
    })
    .await
}
