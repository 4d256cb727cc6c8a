//! Rows of the sections that packs bring: layers and basemaps.

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use serde::Serialize;
use serde::de::DeserializeOwned;
use yiwang_store::{StoreError, Tx};

use super::{get, name};
/// A section and the table that keeps it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Section(&'static str);

pub(crate) const LAYER: Section = Section("geo_layer");
pub(crate) const BASEMAP: Section = Section("geo_basemap");

const COLUMNS: [&str; 4] = ["code", "pack", "place", "content"];

/// All entries, in the order in which packs have them.
pub(crate) async fn all<E: DeserializeOwned>(
    conn: &impl ConnectionTrait,
    section: Section,
) -> Result<Vec<E>, StoreError> {
    let select = Query::select()
        .column(name("content"))
        .from(name(section.0))
        .order_by(name("pack"), Order::Asc)
        .order_by(name("place"), Order::Asc)
        .take();
    let rows = conn.query_all(&select).await?;
    let entry = |row| Ok(serde_json::from_str(&get::<String>(row, "content")?)?);
    rows.iter().map(entry).collect()
}

/// Puts a pack's entries, each with its code, in the place of those it brought before; says whether that changed
/// anything. Features of a layer that is gone stay, unseen until a pack brings it again.
pub(crate) async fn replace<E: Serialize>(
    tx: &Tx,
    section: Section,
    pack: &str,
    entries: &[(String, E)],
) -> Result<bool, StoreError> {
    let of_pack = Expr::col(name("pack")).eq(pack);
    let select = Query::select()
        .column(name("content"))
        .from(name(section.0))
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
        .map(|(_, entry)| serde_json::to_string(entry))
        .collect::<Result<_, _>>()?;
    if before == after {
        return Ok(false);
    }
    let delete = Query::delete()
        .from_table(name(section.0))
        .and_where(of_pack)
        .take();
    tx.execute(&delete).await?;
    let rows: Vec<_> = entries
        .iter()
        .zip(after)
        .zip(0_i64..)
        .map(|(((code, _), content), place)| {
            vec![
                code.as_str().into(),
                pack.into(),
                place.into(),
                content.into(),
            ]
        })
        .collect();
    tx.insert_rows(section.0, &COLUMNS, None, &rows).await?;
    Ok(true)
}
