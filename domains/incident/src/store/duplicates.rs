//! Candidates of duplicates: near in place and time, or of the same item and area.

use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, Order, Query};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::Deserialize;
use yiwang_kernel::{AreaCode, Position, Timestamp, Uuid, micros};
use yiwang_store::StoreError;

use super::incidents::{CELLS_PER_DEGREE, IncidentRecord, RECORD, cell};
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
    let near = match (search.position, search.item, search.area) {
        (Some(position), _, _) => column("cell").is_in(cells(position, search.radius_m)),
        (None, Some(item), Some(area)) => column("item_code")
            .eq(item)
            .and(column("area_code").eq(area.as_str())),
        _ => return Ok(Vec::new()),
    };
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
        .and_where(near)
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
    let mut found = Vec::new();
    for row in conn.query_all(&statement).await? {
        let doc: String = get(&row, "doc")?;
        found.push(Candidate {
            record: IncidentRecord::from_query_result(&row, "")?,
            description: serde_json::from_str::<Words>(&doc)?.description,
            phone_key: get(&row, "phone_key")?,
        });
    }
    Ok(found)
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
