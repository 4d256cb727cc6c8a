//! Rows of what stands of each code, with the draft of it.

use sea_orm::sea_query::{ExprTrait, OnConflict, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use yiwang_kernel::{from_micros, micros};
use yiwang_store::{StoreError, Tx};

use super::{column, get, name};
use crate::version::{Draft, Standing};

const TABLE: &str = "screens_screen";
const COLUMNS: [&str; 10] = [
    "code",
    "revision",
    "shown",
    "pack",
    "pack_version",
    "draft",
    "draft_based_on",
    "draft_revision",
    "draft_changed_at",
    "draft_changed_by",
];

fn select() -> SelectStatement {
    Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .take()
}

fn read(row: &QueryResult) -> Result<Standing, StoreError> {
    let draft = match get::<Option<String>>(row, "draft")? {
        Some(text) => Some(Draft {
            screen: serde_json::from_str(&text)?,
            based_on: get(row, "draft_based_on")?,
            revision: get(row, "draft_revision")?,
            changed_at: from_micros(get(row, "draft_changed_at")?),
            changed_by: get(row, "draft_changed_by")?,
        }),
        None => None,
    };
    Ok(Standing {
        code: get(row, "code")?,
        revision: get(row, "revision")?,
        shown: get(row, "shown")?,
        pack: get(row, "pack")?,
        pack_version: get(row, "pack_version")?,
        draft,
    })
}

pub(crate) async fn load(
    conn: &impl ConnectionTrait,
    code: &str,
) -> Result<Option<Standing>, StoreError> {
    let mut select = select();
    select.and_where(column("code").eq(code));
    let row = conn.query_one(&select).await?;
    row.as_ref().map(read).transpose()
}

/// Everything that is shown or has a draft.
pub(crate) async fn all(conn: &impl ConnectionTrait) -> Result<Vec<Standing>, StoreError> {
    let mut select = select();
    select
        .and_where(is_there())
        .order_by(name("code"), Order::Asc);
    conn.query_all(&select).await?.iter().map(read).collect()
}

pub(crate) async fn count(conn: &impl ConnectionTrait) -> Result<i64, StoreError> {
    let select = Query::select()
        .expr_as(column("code").count(), name("screens"))
        .from(name(TABLE))
        .and_where(is_there())
        .take();
    let row = conn.query_one(&select).await?;
    row.as_ref().map_or(Ok(0), |row| get(row, "screens"))
}

fn is_there() -> sea_orm::sea_query::Expr {
    column("shown")
        .is_not_null()
        .or(column("draft").is_not_null())
}

/// What a pack brings.
pub(crate) async fn of_pack(
    conn: &impl ConnectionTrait,
    pack: &str,
) -> Result<Vec<Standing>, StoreError> {
    let mut select = select();
    select
        .and_where(column("pack").eq(pack))
        .order_by(name("code"), Order::Asc);
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// What stands of a code, for a change of it: whoever else changes it waits until this is committed.
pub(crate) async fn hold(tx: &Tx, code: &str) -> Result<Standing, StoreError> {
    let known = OnConflict::column(name("code")).do_nothing().to_owned();
    let row = vec![code.into(), 0_i64.into()];
    tx.insert_rows(TABLE, &["code", "revision"], Some(&known), &[row])
        .await?;
    // Writing the row as it is locks it on PostgreSQL; SQLite has one writer.
    let update = Query::update()
        .table(name(TABLE))
        .value(name("revision"), column("revision"))
        .and_where(column("code").eq(code))
        .take();
    tx.execute(&update).await?;
    let standing = load(tx, code).await?;
    standing
        .ok_or_else(|| StoreError::Document(format!("the screen {code} was written and is gone")))
}

/// Saves everything but the draft.
pub(crate) async fn save(tx: &Tx, standing: &Standing) -> Result<(), StoreError> {
    let update = Query::update()
        .table(name(TABLE))
        .value(name("shown"), standing.shown)
        .value(name("pack"), standing.pack.as_deref())
        .value(name("pack_version"), standing.pack_version)
        .and_where(column("code").eq(standing.code.as_str()))
        .take();
    tx.execute(&update).await?;
    Ok(())
}

pub(crate) async fn keep_draft(tx: &Tx, code: &str, draft: &Draft) -> Result<(), StoreError> {
    let update = Query::update()
        .table(name(TABLE))
        .value(name("revision"), draft.revision)
        .value(name("draft"), draft.screen.to_string())
        .value(name("draft_based_on"), draft.based_on)
        .value(name("draft_revision"), draft.revision)
        .value(name("draft_changed_at"), micros(draft.changed_at))
        .value(name("draft_changed_by"), draft.changed_by.as_str())
        .and_where(column("code").eq(code))
        .take();
    tx.execute(&update).await?;
    Ok(())
}

pub(crate) async fn drop_draft(tx: &Tx, code: &str) -> Result<(), StoreError> {
    let (nothing, none) = (None::<String>, None::<i64>);
    let update = Query::update()
        .table(name(TABLE))
        .value(name("draft"), nothing.clone())
        .value(name("draft_based_on"), none)
        .value(name("draft_revision"), none)
        .value(name("draft_changed_at"), none)
        .value(name("draft_changed_by"), nothing)
        .and_where(column("code").eq(code))
        .take();
    tx.execute(&update).await?;
    Ok(())
}
