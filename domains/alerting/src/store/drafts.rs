//! Rows of drafts.

use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use yiwang_kernel::{Uuid, from_micros, micros};
use yiwang_store::{StoreError, Tx};

use super::{get, name, save};
use crate::draft::{DraftId, RuleDraft, RuleDraftState};

const TABLE: &str = "alerting_draft";
const COLUMNS: [&str; 11] = [
    "id",
    "code",
    "content",
    "based_on",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
    "state",
    "published",
    "version",
];

fn column(column: &'static str) -> Expr {
    Expr::col(name(column))
}

fn row(draft: &RuleDraft) -> Vec<Value> {
    vec![
        draft.id.0.into(),
        draft.code().into(),
        draft.entry.to_string().into(),
        draft.based_on.into(),
        micros(draft.created_at).into(),
        draft.created_by.as_str().into(),
        micros(draft.updated_at).into(),
        draft.updated_by.as_str().into(),
        draft.state.as_str().into(),
        draft.published.into(),
        draft.version.into(),
    ]
}

fn read(row: &QueryResult) -> Result<RuleDraft, StoreError> {
    let state: String = get(row, "state")?;
    let unknown = || StoreError::Document(format!("a draft that is {state}"));
    Ok(RuleDraft {
        id: DraftId(get(row, "id")?),
        entry: serde_json::from_str(&get::<String>(row, "content")?)?,
        based_on: get(row, "based_on")?,
        created_at: from_micros(get(row, "created_at")?),
        created_by: get(row, "created_by")?,
        updated_at: from_micros(get(row, "updated_at")?),
        updated_by: get(row, "updated_by")?,
        state: RuleDraftState::parse(&state).ok_or_else(unknown)?,
        published: get(row, "published")?,
        version: get(row, "version")?,
    })
}

fn select() -> SelectStatement {
    Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .take()
}

pub(crate) async fn insert(tx: &Tx, draft: &RuleDraft) -> Result<(), StoreError> {
    tx.insert_rows(TABLE, &COLUMNS, None, &[row(draft)]).await
}

/// Saves a changed draft if it is still at `before`.
pub(crate) async fn update(
    conn: &impl ConnectionTrait,
    draft: &RuleDraft,
    before: i64,
) -> Result<bool, StoreError> {
    save(conn, TABLE, COLUMNS, row(draft), before).await
}

pub(crate) async fn load(
    conn: &impl ConnectionTrait,
    id: DraftId,
) -> Result<Option<RuleDraft>, StoreError> {
    let mut select = select();
    select.and_where(column("id").eq(id.0));
    let row = conn.query_one(&select).await?;
    row.as_ref().map(read).transpose()
}

/// Drafts, the newest first.
pub(crate) async fn list(
    conn: &impl ConnectionTrait,
    code: Option<&str>,
    state: Option<RuleDraftState>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<RuleDraft>, StoreError> {
    let mut select = select();
    select.order_by(name("id"), Order::Desc).limit(limit);
    if let Some(code) = code {
        select.and_where(column("code").eq(code));
    }
    if let Some(state) = state {
        select.and_where(column("state").eq(state.as_str()));
    }
    if let Some(before) = before {
        select.and_where(column("id").lt(before));
    }
    conn.query_all(&select).await?.iter().map(read).collect()
}
