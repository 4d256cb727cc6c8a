//! Rows of features: how they are, and how they were.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use yiwang_contracts::OrgId;
use yiwang_kernel::{AreaCode, Timestamp, Uuid, from_micros, micros};
use yiwang_store::{StoreError, Tx, pieces};

use super::{get, name};
use crate::feature::Feature;
use crate::shape::Shape;

const TABLE: &str = "geo_feature";
const PAST: &str = "geo_feature_past";
const COLUMNS: [&str; 16] = [
    "layer",
    "number",
    "code",
    "name",
    "kind",
    "state",
    "org_id",
    "area",
    "secrecy",
    "geometry",
    "attributes",
    "since",
    "is_removed",
    "updated_by",
    "version",
    "revision",
];
const PAST_COLUMNS: [&str; 18] = [
    "layer",
    "number",
    "code",
    "name",
    "kind",
    "state",
    "org_id",
    "area",
    "secrecy",
    "geometry",
    "attributes",
    "since",
    "is_removed",
    "updated_by",
    "version",
    "revision",
    "until",
    "ended_by",
];
/// Keys of one question.
const KEYS_MAX: usize = 512;

fn row(feature: &Feature) -> Vec<Value> {
    vec![
        feature.layer.as_str().into(),
        feature.number.into(),
        feature.code.clone().into(),
        feature.name.clone().into(),
        feature.kind.clone().into(),
        feature.state.clone().into(),
        feature.org_id.map(|org| org.0).into(),
        feature.area.as_ref().map(|area| area.0.clone()).into(),
        i32::from(feature.secrecy).into(),
        feature.shape.to_geojson().to_string().into(),
        serde_json::Value::Object(feature.attributes.clone())
            .to_string()
            .into(),
        micros(feature.since).into(),
        feature.is_removed.into(),
        feature.updated_by.as_str().into(),
        feature.version.into(),
        feature.revision.into(),
    ]
}

fn feature(row: &QueryResult) -> Result<Feature, StoreError> {
    let geometry: serde_json::Value = serde_json::from_str(&get::<String>(row, "geometry")?)?;
    let shape = Shape::of_stored(&geometry)
        .map_err(|error| StoreError::Document(format!("geometry: {error}")))?;
    Ok(Feature {
        layer: get(row, "layer")?,
        number: get(row, "number")?,
        code: get(row, "code")?,
        name: get(row, "name")?,
        kind: get(row, "kind")?,
        state: get(row, "state")?,
        org_id: get::<Option<Uuid>>(row, "org_id")?.map(OrgId),
        area: get::<Option<String>>(row, "area")?.map(AreaCode),
        secrecy: u8::try_from(get::<i32>(row, "secrecy")?).unwrap_or(4),
        shape,
        attributes: serde_json::from_str(&get::<String>(row, "attributes")?)?,
        since: from_micros(get(row, "since")?),
        is_removed: get(row, "is_removed")?,
        updated_by: get(row, "updated_by")?,
        version: get(row, "version")?,
        revision: get(row, "revision")?,
    })
}

fn select() -> SelectStatement {
    Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .take()
}

async fn read(
    conn: &impl ConnectionTrait,
    select: &SelectStatement,
) -> Result<Vec<Feature>, StoreError> {
    conn.query_all(select).await?.iter().map(feature).collect()
}

/// Features of any layer in the order of their last change after `revision`, removed ones too.
pub(crate) async fn changed_after(
    conn: &impl ConnectionTrait,
    (revision, layer, number): (i64, &str, i64),
    limit: u64,
) -> Result<Vec<Feature>, StoreError> {
    let place = Expr::tuple(["revision", "layer", "number"].map(|column| Expr::col(name(column))));
    let after =
        Expr::tuple([revision.into(), layer.into(), number.into()].map(Expr::value::<Value>));
    let mut select = select();
    select.and_where(place.gt(after));
    for column in ["revision", "layer", "number"] {
        select.order_by(name(column), Order::Asc);
    }
    read(conn, select.limit(limit)).await
}

/// How these features were: the versions that a change after `revision` and after `since` ended.
pub(crate) async fn past_of(
    conn: &impl ConnectionTrait,
    keys: &[(&str, i64)],
    revision: i64,
    since: Timestamp,
) -> Result<Vec<Feature>, StoreError> {
    let mut past = Vec::new();
    for piece in pieces(keys, KEYS_MAX) {
        let columns = Expr::tuple(["layer", "number"].map(|column| Expr::col(name(column))));
        let keys = piece
            .iter()
            .map(|(layer, number)| Expr::tuple([Expr::value(*layer), Expr::value(*number)]));
        let select = Query::select()
            .columns(COLUMNS.map(name))
            .from(name(PAST))
            .and_where(columns.is_in(keys))
            .and_where(Expr::col(name("ended_by")).gt(revision))
            .and_where(Expr::col(name("until")).gt(micros(since)))
            .take();
        past.extend(read(conn, &select).await?);
    }
    Ok(past)
}

/// These features of a layer, also those that are removed, in order of number.
pub(crate) async fn by_numbers(
    conn: &impl ConnectionTrait,
    layer: &str,
    numbers: &[i64],
) -> Result<Vec<Feature>, StoreError> {
    let mut features = Vec::with_capacity(numbers.len());
    for piece in pieces(numbers, KEYS_MAX) {
        let mut select = select();
        select
            .and_where(Expr::col(name("layer")).eq(layer))
            .and_where(Expr::col(name("number")).is_in(piece.iter().copied()))
            .order_by(name("number"), Order::Asc);
        features.extend(read(conn, &select).await?);
    }
    Ok(features)
}

/// Features of a layer by their owners' codes, also those that are removed.
pub(crate) async fn by_codes(
    conn: &impl ConnectionTrait,
    layer: &str,
    codes: &[String],
) -> Result<Vec<Feature>, StoreError> {
    let mut features = Vec::new();
    for piece in pieces(codes, KEYS_MAX) {
        let mut select = select();
        select
            .and_where(Expr::col(name("layer")).eq(layer))
            .and_where(Expr::col(name("code")).is_in(piece.iter().map(String::as_str)));
        features.extend(read(conn, &select).await?);
    }
    Ok(features)
}

/// How a feature was at an instant; `None` where it was not there.
pub(crate) async fn at(
    conn: &impl ConnectionTrait,
    layer: &str,
    number: i64,
    at: Timestamp,
) -> Result<Option<Feature>, StoreError> {
    let mut past = Query::select()
        .columns(COLUMNS.map(name))
        .from(name(PAST))
        .and_where(Expr::col(name("layer")).eq(layer))
        .and_where(Expr::col(name("number")).eq(number))
        .and_where(Expr::col(name("since")).lte(micros(at)))
        .and_where(Expr::col(name("until")).gt(micros(at)))
        .take();
    past.order_by(name("version"), Order::Desc).limit(1);
    let found = read(conn, &past).await?.pop();
    Ok(found.filter(|feature| !feature.is_removed))
}

/// A page of a layer's features that are there, in order of number.
pub(crate) async fn after(
    conn: &impl ConnectionTrait,
    layer: &str,
    number: Option<i64>,
    limit: u64,
) -> Result<Vec<Feature>, StoreError> {
    let mut select = select();
    select
        .and_where(Expr::col(name("layer")).eq(layer))
        .and_where(Expr::col(name("is_removed")).eq(false));
    if let Some(number) = number {
        select.and_where(Expr::col(name("number")).gt(number));
    }
    select.order_by(name("number"), Order::Asc).limit(limit);
    read(conn, &select).await
}

/// Puts features as they are now in the place of how they were.
pub(crate) async fn put(tx: &Tx, before: &[Feature], after: &[Feature]) -> Result<(), StoreError> {
    let (revision, since) = match after.first() {
        Some(first) => (first.revision, first.since),
        None => return Ok(()),
    };
    let past: Vec<Vec<Value>> = before
        .iter()
        .map(|feature| {
            let mut row = row(feature);
            row.extend([micros(since).into(), revision.into()]);
            row
        })
        .collect();
    tx.insert_rows(PAST, &PAST_COLUMNS, None, &past).await?;
    let rows: Vec<Vec<Value>> = after.iter().map(row).collect();
    let conflict = OnConflict::columns(["layer", "number"].map(name))
        .update_columns(COLUMNS.into_iter().skip(2).map(name))
        .to_owned();
    tx.insert_rows(TABLE, &COLUMNS, Some(&conflict), &rows)
        .await
}

/// Forgets how features were before `before`; answers of how many versions.
pub(crate) async fn forget(
    conn: &impl ConnectionTrait,
    before: Timestamp,
) -> Result<u64, StoreError> {
    let delete = Query::delete()
        .from_table(name(PAST))
        .and_where(Expr::col(name("until")).lt(micros(before)))
        .take();
    Ok(conn.execute(&delete).await?.rows_affected())
}
