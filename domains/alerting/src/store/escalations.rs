//! What the packs say of alarms that nobody takes note of, by severity.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use yiwang_rules::Severity;
use yiwang_store::{StoreError, Tx};

use super::{get, name};
use crate::policy::{AlarmEscalation, AttentionStep};

const TABLE: &str = "alerting_escalation";

pub(crate) async fn all(
    conn: &impl ConnectionTrait,
) -> Result<HashMap<Severity, Vec<AttentionStep>>, StoreError> {
    let select = Query::select()
        .column(name("content"))
        .from(name(TABLE))
        .take();
    let mut steps = HashMap::new();
    for row in &conn.query_all(&select).await? {
        let one: AlarmEscalation = serde_json::from_str(&get::<String>(row, "content")?)?;
        steps.insert(one.severity, one.steps);
    }
    Ok(steps)
}

/// Puts what a pack says in the place of what it said before.
pub(crate) async fn replace(
    tx: &Tx,
    pack: &str,
    entries: &[AlarmEscalation],
) -> Result<(), StoreError> {
    let own = Query::delete()
        .from_table(name(TABLE))
        .and_where(Expr::col(name("pack")).eq(pack))
        .take();
    tx.execute(&own).await?;
    for entry in entries {
        let rank = i32::from(entry.severity.rank());
        let same = Query::delete()
            .from_table(name(TABLE))
            .and_where(Expr::col(name("severity")).eq(rank))
            .take();
        tx.execute(&same).await?;
        let row = vec![
            rank.into(),
            pack.into(),
            serde_json::to_string(entry)?.into(),
        ];
        tx.insert_rows(TABLE, &["severity", "pack", "content"], None, &[row])
            .await?;
    }
    Ok(())
}
