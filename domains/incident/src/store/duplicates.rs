//! Candidates of duplicates: near in place and time, or of the same item and area.

use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::Deserialize;
use yiwang_kernel::{AreaCode, Position, Timestamp, Uuid, micros};
use yiwang_store::StoreError;

use super::incidents::{CELLS_PER_DEGREE, IncidentRecord, RECORD, cell};
use super::list::{Part, query_hinted};
use super::sql::{column, get, name};
use crate::model::Status;

/// A case that may be about the same matter.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub record: IncidentRecord,
    pub description: String,
    pub phone_key: Option<i64>,
}

/// What of the document is compared.
#[derive(Deserialize)]
struct Words {
    #[serde(rename = "d", default)]
    description: String,
}

/// Where and since when to look.
#[derive(Debug, Clone)]
pub(crate) struct Search<'a> {
    pub position: Option<Position>,
    pub radius_m: f64,
    pub item: Option<&'a str>,
    pub area: Option<&'a AreaCode>,
    pub since: Timestamp,
    pub until: Timestamp,
    pub not: Option<Uuid>,
    pub limit: u64,
}

/// The newest visible candidates.
pub(crate) async fn candidates(
    conn: &impl ConnectionTrait,
    visible: Condition,
    search: &Search<'_>,
) -> Result<Vec<Candidate>, StoreError> {
    let mut found = Vec::new();
    match (search.position, search.item, search.area) {
        (Some(position), _, _) => {
            let cells = column("cell").is_in(cells(position, search.radius_m));
            let near = Condition::all().add(cells);
            let statement = selection(near, visible, search);
            read(conn, &statement, "incident_by_cell", &mut found).await?;
        }
        (None, Some(item), Some(area)) => {
            let same = Condition::all()
                .add(column("item_code").eq(item))
                .add(column("area_code").eq(area.as_str()));
            for (part, index) in [
                (Part::Open, Part::Open.index()),
                (Part::Closed, "incident_closed_item"),
            ] {
                let near = same.clone().add(part.condition());
                let statement = selection(near, visible.clone(), search);
                read(conn, &statement, index, &mut found).await?;
            }
            found.sort_by_key(|one| std::cmp::Reverse(one.record.created_at));
            found.truncate(usize::try_from(search.limit).unwrap_or(usize::MAX));
        }
        _ => {}
    }
    Ok(found)
}

fn selection(near: Condition, visible: Condition, search: &Search<'_>) -> SelectStatement {
    let gone = [Status::Void.as_str(), Status::Merged.as_str()];
    let mut statement = Query::select()
        .columns(RECORD.map(|column| (name("incident"), name(column))))
        .column((name("incident"), name("doc")))
        .expr_as(Expr::col((name("r"), name("phone_key"))), name("phone_key"))
        .from(name("incident"))
        .join_as(
            JoinType::LeftJoin,
            name("incident_reporter"),
            name("r"),
            Expr::col((name("r"), name("incident_id"))).equals((name("incident"), name("id"))),
        )
        .cond_where(near)
        .and_where(column("created_at").gte(micros(search.since)))
        .and_where(column("created_at").lte(micros(search.until)))
        .and_where(column("status").is_not_in(gone))
        .cond_where(visible)
        .order_by_expr(column("created_at"), Order::Desc)
        .limit(search.limit)
        .take();
    if let Some(id) = search.not {
        statement.and_where(column("id").ne(id));
    }
    statement
}

async fn read(
    conn: &impl ConnectionTrait,
    statement: &SelectStatement,
    index: &str,
    found: &mut Vec<Candidate>,
) -> Result<(), StoreError> {
    for row in query_hinted(conn, statement, index).await? {
        let doc: String = get(&row, "doc")?;
        found.push(Candidate {
            record: IncidentRecord::from_query_result(&row, "")?,
            description: serde_json::from_str::<Words>(&doc)?.description,
            phone_key: get(&row, "phone_key")?,
        });
    }
    Ok(())
}

/// The cells that the circle touches.
fn cells(position: Position, radius_m: f64) -> Vec<i64> {
    const METRES_PER_DEGREE: f64 = 111_195.0;
    let up = radius_m / METRES_PER_DEGREE;
    let aside = up / position.lat.to_radians().cos().max(0.01);
    let range = |centre: f64, reach: f64| {
        let part = |at: f64| (at * CELLS_PER_DEGREE).floor() as i64;
        part(centre - reach)..=part(centre + reach)
    };
    range(position.lat, up)
        .flat_map(|row| range(position.lon, aside).map(move |column| cell(column, row)))
        .collect()
}
