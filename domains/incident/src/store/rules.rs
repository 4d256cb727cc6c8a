//! The figures of the life cycle as they were last installed.

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{OnConflict, Query};
use yiwang_store::{StoreError, Tx};

use super::sql::{get, name};
use crate::lifecycle::LifecycleRules;

/// The installed figures and their version.
pub(crate) async fn load_rules(
    conn: &impl ConnectionTrait,
) -> Result<Option<(i64, LifecycleRules)>, StoreError> {
    let statement = Query::select()
        .columns(["version", "doc"].map(name))
        .from(name("incident_rules"))
        .take();
    let Some(row) = conn.query_one(&statement).await? else {
        return Ok(None);
    };
    let doc: String = get(&row, "doc")?;
    Ok(Some((get(&row, "version")?, serde_json::from_str(&doc)?)))
}

pub(crate) async fn save_rules(
    tx: &Tx,
    version: i64,
    rules: &LifecycleRules,
) -> Result<(), StoreError> {
    let row = vec![
        1_i32.into(),
        version.into(),
        serde_json::to_string(rules)?.into(),
    ];
    let conflict = OnConflict::column(name("id"))
        .update_columns(["version", "doc"].map(name))
        .to_owned();
    tx.insert_rows(
        "incident_rules",
        &["id", "version", "doc"],
        Some(&conflict),
        &[row],
    )
    .await
}
