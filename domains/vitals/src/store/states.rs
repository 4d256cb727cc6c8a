//! Where each indicator of the city and its towns stands, so that a restart neither repeats nor loses a grade.

use sea_orm::sea_query::Query;
use sea_orm::{ConnectionTrait, Value};
use serde::{Deserialize, Serialize};
use yiwang_store::{StoreError, Tx};
use yiwang_vital_rules::{Cell, GradeState, Lamp};

use super::{get, name, replacing};

const TABLE: &str = "vitals_state";
/// In the place of an indicator's code: the health index of an area.
pub(crate) const INDEX: &str = "index";

/// What is kept of one indicator in one area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub value: Option<f64>,
    pub weight: f64,
    pub at: i64,
    pub state: GradeState,
}

impl Kept {
    pub(crate) fn of(cell: Cell, state: GradeState) -> Self {
        Self {
            value: cell.value.is_finite().then_some(cell.value),
            weight: cell.weight,
            at: cell.at,
            state,
        }
    }

    pub(crate) fn cell(&self) -> Cell {
        Cell {
            value: self.value.unwrap_or(f64::NAN),
            weight: self.weight,
            at: self.at,
        }
    }
}

/// What was last told of the index of an area.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct IndexTold {
    pub score: Option<f64>,
    pub lamp: Option<Lamp>,
}

/// All rows: code, area, what is kept.
pub(crate) async fn all(
    conn: &impl ConnectionTrait,
) -> Result<Vec<(String, String, String)>, StoreError> {
    let select = Query::select()
        .columns(["indicator", "area", "state"].map(name))
        .from(name(TABLE))
        .take();
    let rows = conn.query_all(&select).await?;
    rows.iter()
        .map(|row| {
            Ok((
                get(row, "indicator")?,
                get(row, "area")?,
                get(row, "state")?,
            ))
        })
        .collect()
}

pub(crate) async fn put(tx: &Tx, rows: &[(String, String, String)]) -> Result<(), StoreError> {
    let row = |(indicator, area, state): &(String, String, String)| -> Vec<Value> {
        vec![
            indicator.as_str().into(),
            area.as_str().into(),
            state.as_str().into(),
        ]
    };
    let rows: Vec<Vec<Value>> = rows.iter().map(row).collect();
    let conflict = replacing(["indicator", "area"], &["state"]);
    tx.insert_rows(
        TABLE,
        &["indicator", "area", "state"],
        Some(&conflict),
        &rows,
    )
    .await
}
