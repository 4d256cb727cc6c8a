//! Profiles as packs brought them.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query};
use yiwang_store::{StoreError, Tx};

use super::{get, name};
use crate::profile::ProfileEntry;

pub(crate) async fn load(conn: &impl ConnectionTrait) -> Result<Vec<ProfileEntry>, StoreError> {
    let select = Query::select()
        .column(name("content"))
        .from(name("sensing_profile"))
        .order_by(name("code"), Order::Asc)
        .take();
    let rows = conn.query_all(&select).await?;
    let read = |row| Ok(serde_json::from_str(&get::<String>(row, "content")?)?);
    rows.iter().map(read).collect()
}

/// Puts a pack's profiles in place; answers those that changed.
pub(crate) async fn apply(
    tx: &Tx,
    pack: &str,
    entries: &[ProfileEntry],
) -> Result<Vec<ProfileEntry>, StoreError> {
    let codes: Vec<&str> = entries.iter().map(|entry| entry.code.as_str()).collect();
    let select = Query::select()
        .columns(["code", "content"].map(name))
        .from(name("sensing_profile"))
        .and_where(Expr::col(name("code")).is_in(codes))
        .take();
    let mut before = HashMap::new();
    for row in &tx.query_all(&select).await? {
        before.insert(get::<String>(row, "code")?, get::<String>(row, "content")?);
    }
    let (mut changed, mut rows) = (Vec::new(), Vec::new());
    for entry in entries {
        let content = serde_json::to_string(entry)?;
        if before.get(&entry.code) != Some(&content) {
            rows.push(vec![
                entry.code.as_str().into(),
                pack.into(),
                content.into(),
            ]);
            changed.push(entry.clone());
        }
    }
    let conflict = OnConflict::column(name("code"))
        .update_columns(["pack", "content"].map(name))
        .to_owned();
    let columns = ["code", "pack", "content"];
    tx.insert_rows("sensing_profile", &columns, Some(&conflict), &rows)
        .await?;
    Ok(changed)
}
