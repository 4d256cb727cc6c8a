//! Case numbers, and the hub's numbers.
//!
//! Groups are counted over the open cases, from their covering index alone: as many entries as
//! there are open cases, however many cases there are in all. The total for somebody who sees
//! everything is the intake counter; for others it is counted over what they see, up to a bound.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Condition, Expr, ExprTrait, OnConflict, Query};
use sea_orm::{ConnectionTrait, Value};
use yiwang_kernel::{Timestamp, Uuid, micros};
use yiwang_store::StoreError;

use super::list::{Part, PlainUnits, Visible, cases_of, count_hinted, count_up_to, query_hinted};
use super::sql::{column, get, name};
use crate::model::Source;

/// Takes numbers of a day and source; answers the first of each, so many after it are free.
pub(crate) async fn allocate(
    conn: &impl ConnectionTrait,
    wanted: &BTreeMap<(i32, Source), i64>,
) -> Result<BTreeMap<(i32, Source), i64>, StoreError> {
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut insert = Query::insert();
    insert
        .into_table(name("incident_number"))
        .columns(["day", "source", "last"].map(name));
    for ((day, source), count) in wanted {
        let row: [Value; 3] = [(*day).into(), source.code().into(), (*count).into()];
        insert.values_panic(row.map(Expr::value));
    }
    insert
        .on_conflict(
            OnConflict::columns(["day", "source"].map(name))
                .value(
                    name("last"),
                    Expr::cust("incident_number.last + excluded.last"),
                )
                .to_owned(),
        )
        .returning(Query::returning().columns(["day", "source", "last"].map(name)));
    let mut first = BTreeMap::new();
    for row in conn.query_all(&insert).await? {
        let (day, code, last): (i32, String, i64) =
            (get(&row, "day")?, get(&row, "source")?, get(&row, "last")?);
        let source = Source::ALL
            .iter()
            .copied()
            .find(|source| source.code() == code);
        if let Some(key) = source.map(|source| (day, source)) {
            first.insert(key, last - wanted.get(&key).copied().unwrap_or(0) + 1);
        }
    }
    Ok(first)
}

/// What open cases are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupBy {
    Status,
    Light,
    Org,
    Item,
    Area,
    Source,
    Grade,
}

impl GroupBy {
    const fn column(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Light => "light",
            Self::Org => "lead_org",
            Self::Item => "item_code",
            Self::Area => "town",
            Self::Source => "source",
            Self::Grade => "grade",
        }
    }
}

/// One group; `None` for cases without the thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    pub key: Option<String>,
    pub count: i64,
}

/// Open cases by group, the largest first.
pub(crate) async fn groups(
    conn: &impl ConnectionTrait,
    visible: Condition,
    by: GroupBy,
) -> Result<Vec<Group>, StoreError> {
    let of = by.column();
    let statement = Query::select()
        .expr_as(column(of), name("key"))
        .expr_as(Expr::cust("COUNT(*)"), name("n"))
        .from(name("incident"))
        .and_where(Expr::cust("incident.is_open"))
        .cond_where(visible)
        .add_group_by([column(of)])
        .take();
    let mut groups = Vec::new();
    for row in conn.query_all(&statement).await? {
        let key = match by {
            GroupBy::Org => get::<Option<Uuid>>(&row, "key")?.map(|id| id.to_string()),
            _ => get(&row, "key")?,
        };
        groups.push(Group {
            key,
            count: get(&row, "n")?,
        });
    }
    groups.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.key.cmp(&b.key)));
    Ok(groups)
}

/// A total is counted so far; what is more is said to be more.
pub(crate) const TOTAL_MAX: i64 = 20_000;

/// Cases that came in since then.
pub(crate) async fn today_count(
    conn: &impl ConnectionTrait,
    visible: Condition,
    midnight: Timestamp,
) -> Result<i64, StoreError> {
    let mut all = 0;
    for part in Part::ALL {
        let statement = Query::select()
            .expr_as(Expr::cust("COUNT(*)"), name("n"))
            .from(name("incident"))
            .cond_where(part.condition())
            .and_where(column("created_at").gte(micros(midnight)))
            .cond_where(visible.clone())
            .take();
        let rows = query_hinted(conn, &statement, part.index()).await?;
        all += rows.first().map_or(Ok(0), |row| get::<i64>(row, "n"))?;
    }
    Ok(all)
}

/// Every case that is visible, counted no further than [`TOTAL_MAX`].
pub(crate) async fn visible_count(
    conn: &impl ConnectionTrait,
    visible: &Visible,
) -> Result<i64, StoreError> {
    let bound = TOTAL_MAX.unsigned_abs() + 1;
    if let Some(units) = &visible.plain {
        return Ok(i64::try_from(plain_count(conn, visible, units, bound).await?).unwrap_or(0));
    }
    let mut all = 0;
    for part in Part::ALL {
        let statement = Query::select()
            .expr(Expr::cust("1"))
            .from(name("incident"))
            .cond_where(part.condition())
            .cond_where(visible.condition.clone())
            .limit(bound)
            .take();
        all += count_hinted(conn, &statement, visible.index(part)).await?;
    }
    Ok(i64::try_from(std::cmp::min(all, bound)).unwrap_or(TOTAL_MAX))
}

/// The cases of units, without those that are too secret: these are few, and have an index.
async fn plain_count(
    conn: &impl ConnectionTrait,
    visible: &Visible,
    units: &PlainUnits,
    bound: u64,
) -> Result<u64, StoreError> {
    let mut secret = Query::select()
        .expr(Expr::cust("1"))
        .from(name("incident"))
        .and_where(Expr::cust("incident.secrecy > 1"))
        .and_where(column("secrecy").gt(i32::from(units.secrecy_max)))
        .take();
    let everywhere = count_hinted(conn, &secret, SECRET).await?;
    let cases = Query::select()
        .distinct()
        .column(name("incident_id"))
        .from_subquery(cases_of(&units.ids), name("cases"))
        .take();
    let all = count_up_to(conn, &cases, bound + everywhere).await?;
    if all == bound + everywhere {
        return Ok(bound);
    }
    secret.and_where(visible.takes_part(conn, units));
    let hidden = count_hinted(conn, &secret, SECRET).await?;
    Ok(std::cmp::min(all.saturating_sub(hidden), bound))
}

const SECRET: &str = "incident_secret";

/// Every case there is, from the counters.
pub(crate) async fn stored_total(conn: &impl ConnectionTrait) -> Result<i64, StoreError> {
    let statement = Query::select()
        .expr_as(Expr::cust("CAST(COALESCE(SUM(n), 0) AS BIGINT)"), name("n"))
        .from(name("intake_counter"))
        .and_where(Expr::col(name("kind")).eq("stored"))
        .take();
    let row = conn.query_one(&statement).await?;
    row.map(|row| get(&row, "n"))
        .transpose()
        .map(|n| n.unwrap_or(0))
}
