//! Stretches of time in which an indicator had a grade that is not normal, each grade by itself.

use sea_orm::sea_query::{ExprTrait, OnConflict, Order, Query};
use sea_orm::{Condition, ConnectionTrait, QueryResult};
use yiwang_store::{StoreError, Tx};
use yiwang_vital_rules::Grade;

use super::{column, get, name, values};

const TABLE: &str = "vitals_breach";
const COLUMNS: [&str; 6] = ["indicator", "area", "from_at", "until_at", "grade", "value"];

/// A stretch with one grade.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Breach {
    pub indicator: String,
    pub area: String,
    pub from: i64,
    /// Nothing while it lasts.
    pub until: Option<i64>,
    pub grade: Grade,
    /// What it began with.
    pub value: f64,
}

/// A grade that became another one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Turn {
    pub indicator: String,
    pub area: String,
    pub at: i64,
    /// Nothing where it is not known.
    pub to: Option<Grade>,
    pub value: f64,
}

fn read(row: &QueryResult) -> Result<Breach, StoreError> {
    Ok(Breach {
        indicator: get(row, "indicator")?,
        area: get(row, "area")?,
        from: get(row, "from_at")?,
        until: get(row, "until_at")?,
        grade: values::grade(get(row, "grade")?).unwrap_or(Grade::Normal),
        value: get(row, "value")?,
    })
}

/// Ends what lasted, and begins what is not normal.
pub(crate) async fn turn(tx: &Tx, turns: &[Turn]) -> Result<(), StoreError> {
    for turn in turns {
        let end = Query::update()
            .table(name(TABLE))
            .value(name("until_at"), turn.at)
            .and_where(column("indicator").eq(turn.indicator.as_str()))
            .and_where(column("area").eq(turn.area.as_str()))
            .and_where(column("until_at").is_null())
            .take();
        tx.execute(&end).await?;
        let Some(grade) = turn.to.filter(|grade| *grade > Grade::Normal) else {
            continue;
        };
        let row = [
            turn.indicator.as_str().into(),
            turn.area.as_str().into(),
            turn.at.into(),
            Option::<i64>::None.into(),
            (grade.rank() as i32).into(),
            if turn.value.is_finite() {
                turn.value
            } else {
                0.0
            }
            .into(),
        ];
        let conflict = OnConflict::columns(["indicator", "area", "from_at"].map(name))
            .update_columns(["until_at", "grade", "value"].map(name))
            .to_owned();
        tx.insert_rows(TABLE, &COLUMNS, Some(&conflict), &[row.to_vec()])
            .await?;
    }
    Ok(())
}

/// Those of an area that touch a stretch of time, by indicator and time.
pub(crate) async fn within(
    conn: &impl ConnectionTrait,
    area: &str,
    (from, to): (i64, i64),
) -> Result<Vec<Breach>, StoreError> {
    let lasts = Condition::any()
        .add(column("until_at").is_null())
        .add(column("until_at").gt(from));
    let select = Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .and_where(column("area").eq(area))
        .and_where(column("from_at").lt(to))
        .cond_where(lasts)
        .order_by(name("indicator"), Order::Asc)
        .order_by(name("from_at"), Order::Asc)
        .take();
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// Those of an indicator that began since then, by area and time.
pub(crate) async fn of_indicator(
    conn: &impl ConnectionTrait,
    indicator: &str,
    since: i64,
) -> Result<Vec<Breach>, StoreError> {
    let select = Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .and_where(column("indicator").eq(indicator))
        .and_where(column("from_at").gte(since))
        .order_by(name("area"), Order::Asc)
        .order_by(name("from_at"), Order::Asc)
        .take();
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// Forgets what ended long ago.
pub(crate) async fn forget(tx: &Tx, before: i64) -> Result<u64, StoreError> {
    let delete = Query::delete()
        .from_table(name(TABLE))
        .and_where(column("until_at").lt(before))
        .take();
    Ok(tx.execute(&delete).await?.rows_affected())
}
