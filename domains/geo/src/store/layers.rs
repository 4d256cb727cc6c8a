//! Rows of layers.

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use yiwang_store::{StoreError, Tx};

use super::{get, name};
use crate::layer::LayerEntry;

const TABLE: &str = "geo_layer";
const COLUMNS: [&str; 4] = ["code", "pack", "place", "content"];

/// All layers, in the order in which packs have them.
pub(crate) async fn all(conn: &impl ConnectionTrait) -> Result<Vec<LayerEntry>, StoreError> {
    let select = Query::select()
        .column(name("content"))
        .from(name(TABLE))
        .order_by(name("pack"), Order::Asc)
        .order_by(name("place"), Order::Asc)
        .take();
    let rows = conn.query_all(&select).await?;
    let entry = |row| Ok(serde_json::from_str(&get::<String>(row, "content")?)?);
    rows.iter().map(entry).collect()
}

/// Puts a pack's layers in the place of those it brought before; says whether that changed anything. Features of a
/// layer that is gone stay, unseen until a pack brings it again.
pub(crate) async fn replace(
    tx: &Tx,
    pack: &str,
    entries: &[LayerEntry],
) -> Result<bool, StoreError> {
    let of_pack = Expr::col(name("pack")).eq(pack);
    let select = Query::select()
        .column(name("content"))
        .from(name(TABLE))
        .and_where(of_pack.clone())
        .order_by(name("place"), Order::Asc)
        .take();
    let before: Vec<String> = tx
        .query_all(&select)
        .await?
        .iter()
        .map(|row| get(row, "content"))
        .collect::<Result<_, _>>()?;
    let after: Vec<String> = entries
        .iter()
        .map(serde_json::to_string)
        .collect::<Result<_, _>>()?;
    if before == after {
        return Ok(false);
    }
    let delete = Query::delete()
        .from_table(name(TABLE))
        .and_where(of_pack)
        .take();
    tx.execute(&delete).await?;
    let rows: Vec<_> = entries
        .iter()
        .zip(after)
        .zip(0_i64..)
        .map(|((entry, content), place)| {
            vec![
                entry.code.as_str().into(),
                pack.into(),
                place.into(),
                content.into(),
            ]
        })
        .collect();
    tx.insert_rows(TABLE, &COLUMNS, None, &rows).await?;
    Ok(true)
}
