//! Values of the past: every five minutes, hour and day the last one.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use yiwang_store::{StoreError, Tx};
use yiwang_vital_rules::Grade;

use super::{column, get, name};
use crate::facts::{DAY, HOUR, MINUTE};

const TABLE: &str = "vitals_value";
const COLUMNS: [&str; 10] = [
    "indicator",
    "area",
    "step",
    "at",
    "of_at",
    "value",
    "weight",
    "grade",
    "score",
    "version",
];
/// The city's days begin so much before UTC's.
const OFFSET: i64 = 8 * HOUR;

/// How far apart values are kept.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = IndicatorStep)]
pub(crate) enum Step {
    FiveMinutes,
    Hour,
    Day,
}

impl Step {
    pub(crate) const ALL: [Self; 3] = [Self::FiveMinutes, Self::Hour, Self::Day];

    const fn number(self) -> i32 {
        match self {
            Self::FiveMinutes => 0,
            Self::Hour => 1,
            Self::Day => 2,
        }
    }

    pub(crate) const fn micros(self) -> i64 {
        match self {
            Self::FiveMinutes => 5 * MINUTE,
            Self::Hour => HOUR,
            Self::Day => DAY,
        }
    }

    /// How long values of the step are kept; nothing for good.
    pub(crate) const fn kept(self) -> Option<i64> {
        match self {
            Self::FiveMinutes => Some(40 * DAY),
            Self::Hour => Some(400 * DAY),
            Self::Day => None,
        }
    }

    /// The beginning of the stretch that an instant lies in, by the city's days.
    pub(crate) const fn begin(self, at: i64) -> i64 {
        (at + OFFSET).div_euclid(self.micros()) * self.micros() - OFFSET
    }
}

/// One value of the past.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ValueRow {
    pub indicator: String,
    pub area: String,
    /// When it was so, microseconds since 1970 UTC.
    pub of_at: i64,
    pub value: f64,
    pub weight: f64,
    pub grade: Option<Grade>,
    pub score: Option<f64>,
    pub version: i64,
}

fn rank(grade: Grade) -> i32 {
    grade.rank() as i32
}

pub(crate) fn grade(rank: i32) -> Option<Grade> {
    match rank {
        0 => Some(Grade::Normal),
        1 => Some(Grade::Attention),
        2 => Some(Grade::Warning),
        3 => Some(Grade::Alarm),
        _ => None,
    }
}

/// Keeps values at every step that still keeps their time; of one stretch the last stays.
pub(crate) async fn put(tx: &Tx, values: &[ValueRow], now: i64) -> Result<(), StoreError> {
    // One row for each stretch: one statement must not write a row twice.
    let mut last: BTreeMap<(&str, &str, i32, i64), &ValueRow> = BTreeMap::new();
    for value in values {
        for step in Step::ALL {
            if step.kept().is_some_and(|kept| value.of_at < now - kept) {
                continue;
            }
            let at = step.begin(value.of_at);
            let key = (
                value.indicator.as_str(),
                value.area.as_str(),
                step.number(),
                at,
            );
            let own = last.entry(key).or_insert(value);
            if own.of_at <= value.of_at {
                *own = value;
            }
        }
    }
    let row = |((indicator, area, step, at), value): ((&str, &str, i32, i64), &ValueRow)| {
        vec![
            indicator.into(),
            area.into(),
            step.into(),
            at.into(),
            value.of_at.into(),
            value.value.into(),
            value.weight.into(),
            value.grade.map(rank).into(),
            value.score.into(),
            value.version.into(),
        ]
    };
    let rows: Vec<Vec<Value>> = last.into_iter().map(row).collect();
    let rest = ["of_at", "value", "weight", "grade", "score", "version"];
    let conflict = OnConflict::columns(["indicator", "area", "step", "at"].map(name))
        .update_columns(rest.map(name))
        .action_and_where(Expr::cust("vitals_value.of_at <= excluded.of_at"))
        .to_owned();
    tx.insert_rows(TABLE, &COLUMNS, Some(&conflict), &rows)
        .await
}

fn read(row: &QueryResult) -> Result<ValueRow, StoreError> {
    Ok(ValueRow {
        indicator: get(row, "indicator")?,
        area: get(row, "area")?,
        of_at: get(row, "of_at")?,
        value: get(row, "value")?,
        weight: get(row, "weight")?,
        grade: get::<Option<i32>>(row, "grade")?.and_then(grade),
        score: get(row, "score")?,
        version: get(row, "version")?,
    })
}

fn select(indicator: &str, step: Step) -> SelectStatement {
    Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .and_where(column("indicator").eq(indicator))
        .and_where(column("step").eq(step.number()))
        .take()
}

/// Values of an area within `from <= at < to`, by time.
pub(crate) async fn series(
    conn: &impl ConnectionTrait,
    (indicator, area): (&str, &str),
    step: Step,
    (from, to): (i64, i64),
    limit: u64,
) -> Result<Vec<ValueRow>, StoreError> {
    let select = select(indicator, step)
        .and_where(column("area").eq(area))
        .and_where(column("at").gte(step.begin(from)))
        .and_where(column("at").lt(to))
        .order_by(name("at"), Order::Asc)
        .limit(limit)
        .take();
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// The values of the stretches that begin at these instants, of these areas.
pub(crate) async fn at(
    conn: &impl ConnectionTrait,
    (indicator, areas): (&str, &[&str]),
    step: Step,
    instants: &[i64],
) -> Result<Vec<ValueRow>, StoreError> {
    if instants.is_empty() || areas.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = select(indicator, step);
    // In the order of the key: each area in question, and within it the instants.
    select
        .and_where(column("area").is_in(areas.iter().copied()))
        .and_where(column("at").is_in(instants.iter().copied()));
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// The values of many indicators of an area, of the stretches that begin at these instants.
pub(crate) async fn of_area(
    conn: &impl ConnectionTrait,
    area: &str,
    indicators: &[&str],
    (step, instants): (Step, &[i64]),
) -> Result<Vec<ValueRow>, StoreError> {
    if instants.is_empty() || indicators.is_empty() {
        return Ok(Vec::new());
    }
    let select = Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .and_where(column("indicator").is_in(indicators.iter().copied()))
        .and_where(column("area").eq(area))
        .and_where(column("step").eq(step.number()))
        .and_where(column("at").is_in(instants.iter().copied()))
        .take();
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// Of every indicator of an area the hourly values since then, by indicator and time.
pub(crate) async fn trends(
    conn: &impl ConnectionTrait,
    area: &str,
    indicators: &[&str],
    since: i64,
) -> Result<Vec<ValueRow>, StoreError> {
    let select = Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .and_where(column("indicator").is_in(indicators.iter().copied()))
        .and_where(column("area").eq(area))
        .and_where(column("step").eq(Step::Hour.number()))
        .and_where(column("at").gte(since))
        .order_by(name("indicator"), Order::Asc)
        .order_by(name("at"), Order::Asc)
        .take();
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// Takes an indicator's values from an instant on away; other ones take their place.
pub(crate) async fn remove_from(tx: &Tx, indicator: &str, from: i64) -> Result<(), StoreError> {
    let delete = Query::delete()
        .from_table(name(TABLE))
        .and_where(column("indicator").eq(indicator))
        .and_where(column("of_at").gte(from))
        .take();
    tx.execute(&delete).await?;
    Ok(())
}

/// Forgets values of steps whose time is over.
pub(crate) async fn forget(tx: &Tx, now: i64) -> Result<u64, StoreError> {
    let mut forgotten = 0;
    for step in Step::ALL {
        let Some(kept) = step.kept() else { continue };
        let delete = Query::delete()
            .from_table(name(TABLE))
            .and_where(column("step").eq(step.number()))
            .and_where(column("at").lt(now - kept))
            .take();
        forgotten += tx.execute(&delete).await?.rows_affected();
    }
    Ok(forgotten)
}
