//! The outbox: events are rows of the transaction in which they happened. `seq` grows in the order of commit.
//!
//! On PostgreSQL a lock held from the insert to the commit keeps that order, so a reader that has seen
//! `seq` n never misses a smaller one.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult, Value};
use yiwang_contracts::{Event, EventScope, NewEvent, OrgId};
use yiwang_kernel::{AreaCode, Timestamp, Uuid, from_micros, micros};

use crate::rows::{insert, pieces};
use crate::tx::Runs;
use crate::{Backend, Db, StoreError, Tx};

/// Events read at once at most.
pub const EVENT_PAGE_MAX: u64 = 500;
/// Rows of one INSERT on PostgreSQL.
const ROWS_PER_INSERT: usize = 256;
/// Events kept in memory for those who follow; whoever is further behind reads the table.
const RECENT_EVENTS_MAX: usize = 4_096;
const TABLE: &str = "store_event";
/// Any fixed number, the same on every node.
const APPEND_LOCK: i64 = 7_204_531;

const COLUMNS: [&str; 8] = [
    "kind",
    "subject_id",
    "at",
    "action",
    "orgs",
    "area",
    "secrecy",
    "body",
];

/// How far the subscriptions are behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct OutboxLag {
    pub last_seq: i64,
    pub kept: i64,
}

pub(crate) async fn ensure_tables(backend: Backend, tx: &Tx) -> Result<(), StoreError> {
    let serial = backend.serial_key();
    let (uuid, code) = (backend.uuid(), backend.code_text());
    let statements = [
        format!(
            "CREATE TABLE IF NOT EXISTS store_event (seq {serial}, kind TEXT NOT NULL, subject_id {uuid} NOT NULL, \
             at BIGINT NOT NULL, action TEXT NOT NULL, orgs TEXT, area TEXT, secrecy SMALLINT NOT NULL, body TEXT NOT NULL)"
        ),
        format!(
            "CREATE TABLE IF NOT EXISTS store_subscription (name {code} PRIMARY KEY, seq BIGINT NOT NULL, at BIGINT NOT NULL)"
        ),
        format!(
            "CREATE TABLE IF NOT EXISTS store_parked (id {uuid} PRIMARY KEY, subscription TEXT NOT NULL, seq BIGINT NOT NULL, \
             kind TEXT NOT NULL, body TEXT NOT NULL, error TEXT NOT NULL, tries INTEGER NOT NULL, at BIGINT NOT NULL)"
        ),
        format!(
            "CREATE TABLE IF NOT EXISTS store_lease (name {code} PRIMARY KEY, node {uuid} NOT NULL, until BIGINT NOT NULL)"
        ),
        "CREATE TABLE IF NOT EXISTS store_probe (id INTEGER PRIMARY KEY, count BIGINT NOT NULL)"
            .to_owned(),
        format!(
            "CREATE TABLE IF NOT EXISTS store_migration (domain {code} NOT NULL, version INTEGER NOT NULL, \
             name TEXT NOT NULL, PRIMARY KEY (domain, version))"
        ),
    ];
    if backend == Backend::Postgres {
        // Two nodes that start at once must not make the same table.
        let lock = format!("SELECT pg_advisory_xact_lock({APPEND_LOCK})");
        tx.execute_unprepared(&lock).await?;
    }
    for sql in statements {
        tx.execute_unprepared(&sql).await?;
    }
    Ok(())
}

pub(crate) async fn last_seq(connection: &DatabaseConnection) -> Result<i64, StoreError> {
    let select = Query::select()
        .expr(Expr::cust("COALESCE(MAX(seq), 0) AS seq"))
        .from(Alias::new("store_event"))
        .take();
    let row = connection.query_one(&select).await?;
    Ok(row
        .map(|row| row.try_get::<i64>("", "seq"))
        .transpose()?
        .unwrap_or(0))
}

/// Stores the events of a group in order; answers the last `seq`.
pub(crate) async fn append(tx: &Tx, events: &[NewEvent]) -> Result<Option<i64>, StoreError> {
    if events.is_empty() {
        return Ok(None);
    }
    let rows: Vec<Vec<Value>> = events.iter().map(values).collect::<Result<_, _>>()?;
    if let Runs::Sqlite(connection) = tx.runs() {
        tx.insert_rows(TABLE, &COLUMNS, None, &rows).await?;
        return Ok(Some(connection.last_insert_rowid()));
    }
    let lock = format!("SELECT pg_advisory_xact_lock({APPEND_LOCK})");
    tx.execute_unprepared(&lock).await?;
    let mut last = None;
    for piece in pieces(&rows, ROWS_PER_INSERT) {
        let insert = insert(TABLE, &COLUMNS, None, piece)
            .returning_col(Alias::new("seq"))
            .take();
        for row in tx.query_all(&insert).await? {
            last = std::cmp::max(last, Some(row.try_get::<i64>("", "seq")?));
        }
    }
    Ok(last)
}

/// The newest events of a store with one writer, in order and without a gap.
#[derive(Default)]
pub(crate) struct Recent(Mutex<VecDeque<Event>>);

impl Recent {
    /// Takes over what was just committed, up to `last`.
    pub(crate) fn push(&self, last: i64, events: Vec<NewEvent>) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let first = last + 1 - i64::try_from(events.len()).unwrap_or(i64::MAX);
        if held.back().is_some_and(|event| event.seq + 1 != first) {
            // Another process wrote in between; the table has it all.
            held.clear();
        }
        held.extend((first..).zip(events).map(|(seq, event)| event.stored(seq)));
        let over = held.len().saturating_sub(RECENT_EVENTS_MAX);
        held.drain(..over);
    }

    /// The events after `seq`; `None` when some of them may not be here.
    fn after(&self, seq: i64, limit: usize) -> Option<Vec<Event>> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.front()?.seq > seq + 1 {
            return None;
        }
        let from = held.partition_point(|event| event.seq <= seq);
        let events: Vec<Event> = held.iter().skip(from).take(limit).cloned().collect();
        // At the end of what is known another process may have gone on.
        (!events.is_empty()).then_some(events)
    }
}

fn values(event: &NewEvent) -> Result<Vec<Value>, StoreError> {
    let orgs = if event.scope.orgs.is_empty() {
        None
    } else {
        Some(serde_json::to_string(&event.scope.orgs)?)
    };
    Ok(vec![
        event.kind.clone().into(),
        event.subject_id.into(),
        micros(event.at).into(),
        event.scope.action.clone().into(),
        orgs.into(),
        event.scope.area.as_ref().map(|area| area.0.clone()).into(),
        i16::from(event.scope.secrecy).into(),
        event.body.to_string().into(),
    ])
}

fn event(row: &QueryResult) -> Result<Event, StoreError> {
    let orgs: Option<String> = row.try_get("", "orgs")?;
    let orgs: Vec<OrgId> = orgs
        .map(|text| serde_json::from_str(&text))
        .transpose()?
        .unwrap_or_default();
    let secrecy: i16 = row.try_get("", "secrecy")?;
    let body: String = row.try_get("", "body")?;
    Ok(Event {
        seq: row.try_get("", "seq")?,
        kind: row.try_get("", "kind")?,
        subject_id: row.try_get::<Uuid>("", "subject_id")?,
        at: from_micros(row.try_get("", "at")?),
        scope: EventScope {
            action: row.try_get("", "action")?,
            orgs,
            area: row
                .try_get::<Option<String>>("", "area")?
                .map(AreaCode::new),
            secrecy: u8::try_from(secrecy).unwrap_or(u8::MAX),
        },
        body: serde_json::from_str(&body)?,
    })
}

impl Db {
    /// The events after `seq`, oldest first, at most `limit` (and [`EVENT_PAGE_MAX`]).
    pub async fn events_after(&self, seq: i64, limit: u64) -> Result<Vec<Event>, StoreError> {
        let limit = std::cmp::min(limit, EVENT_PAGE_MAX);
        if let Some(events) = self.inner.recent.after(seq, limit as usize) {
            return Ok(events);
        }
        let select = Query::select()
            .column(Alias::new("seq"))
            .columns(COLUMNS.map(Alias::new))
            .from(Alias::new("store_event"))
            .and_where(Expr::col(Alias::new("seq")).gt(seq))
            .order_by(Alias::new("seq"), Order::Asc)
            .limit(limit)
            .take();
        let rows = self.read().query_all(&select).await?;
        rows.iter().map(event).collect()
    }

    /// The `seq` of the last committed event, 0 when there is none.
    pub async fn last_event_seq(&self) -> Result<i64, StoreError> {
        last_seq(self.read()).await
    }

    /// The `seq` of the oldest event still kept: streams cannot resume before it.
    pub async fn first_event_seq(&self) -> Result<i64, StoreError> {
        let select = Query::select()
            .expr(Expr::cust("COALESCE(MIN(seq), 0) AS seq"))
            .from(Alias::new("store_event"))
            .take();
        let row = self.read().query_one(&select).await?;
        Ok(row
            .map(|row| row.try_get::<i64>("", "seq"))
            .transpose()?
            .unwrap_or(0))
    }

    pub async fn outbox_lag(&self) -> Result<OutboxLag, StoreError> {
        let (first, last) = (self.first_event_seq().await?, self.last_event_seq().await?);
        Ok(OutboxLag {
            last_seq: last,
            kept: if last == 0 { 0 } else { last - first + 1 },
        })
    }

    /// Learns of events that other nodes wrote (PostgreSQL). Returns the last `seq`.
    pub async fn poll_events(&self) -> Result<i64, StoreError> {
        let last = self.last_event_seq().await?;
        self.inner.events.send_if_modified(|seen| {
            let newer = last > *seen;
            *seen = std::cmp::max(*seen, last);
            newer
        });
        Ok(last)
    }

    /// Removes events that every subscription has handled and that are older than `before`; answers how many.
    pub async fn prune_events(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let delete = Query::delete()
                    .from_table(Alias::new("store_event"))
                    .and_where(Expr::col(Alias::new("at")).lt(micros(before)))
                    .and_where(Expr::cust(
                        "seq <= COALESCE((SELECT MIN(seq) FROM store_subscription), seq)",
                    ))
                    .and_where(Expr::cust("seq < (SELECT MAX(seq) FROM store_event)"))
                    .take();
                Ok::<_, StoreError>(tx.execute(&delete).await?.rows_affected())
            })
        })
        .await
    }
}
