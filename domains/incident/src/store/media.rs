//! Files of evidence: what is known of each. Their bytes are in the store's folder of files.

use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use yiwang_contracts::{IncidentId, UserId};
use yiwang_kernel::{Digest, Position, Timestamp, Uuid, from_micros, micros};
use yiwang_media::Kind;
use yiwang_store::{Backend, StoreError, Tx};

use super::sql::{get, name, pieces, unknown};
use crate::model::{Media, MediaId};

const TABLE: &str = "incident_media";
const COLUMNS: [&str; 14] = [
    "id",
    "sha256",
    "kind",
    "bytes",
    "width",
    "height",
    "taken_at",
    "lon",
    "lat",
    "name",
    "uploaded_by",
    "uploader",
    "at",
    "incident_id",
];

/// The table.
pub(super) fn table(backend: Backend) -> Vec<String> {
    let (uuid, bytes, float) = (backend.uuid(), backend.bytes(), backend.float());
    vec![
        format!(
            "CREATE TABLE incident_media (
                id {uuid} PRIMARY KEY NOT NULL, sha256 {bytes} NOT NULL, kind TEXT NOT NULL,
                bytes BIGINT NOT NULL, width INTEGER, height INTEGER, taken_at BIGINT,
                lon {float}, lat {float}, name TEXT NOT NULL, uploaded_by {uuid},
                uploader TEXT NOT NULL, at BIGINT NOT NULL, incident_id {uuid})"
        ),
        "CREATE INDEX incident_media_by_content ON incident_media (sha256)".to_owned(),
        "CREATE INDEX incident_media_by_case ON incident_media (incident_id, id) WHERE incident_id IS NOT NULL".to_owned(),
        "CREATE INDEX incident_media_waiting ON incident_media (at, id) WHERE incident_id IS NULL".to_owned(),
        "CREATE INDEX incident_media_of_sender ON incident_media (uploaded_by) WHERE incident_id IS NULL".to_owned(),
    ]
}

pub(crate) async fn insert_media(tx: &Tx, media: &Media) -> Result<(), StoreError> {
    let (width, height) = media.size.unzip();
    let side = |side: Option<u32>| side.and_then(|side| i32::try_from(side).ok());
    let row: Vec<Value> = vec![
        media.id.0.into(),
        media.digest.to_vec().into(),
        media.kind.as_str().into(),
        i64::try_from(media.bytes).unwrap_or(i64::MAX).into(),
        side(width).into(),
        side(height).into(),
        media.taken_at.map(micros).into(),
        media.position.map(|at| at.lon).into(),
        media.position.map(|at| at.lat).into(),
        media.name.as_str().into(),
        media.uploaded_by.map(|user| user.0).into(),
        media.uploader.as_str().into(),
        micros(media.at).into(),
        media.incident_id.map(|case| case.0).into(),
    ];
    tx.insert_rows(TABLE, &COLUMNS, None, &[row]).await
}

/// The files with these ids that are there.
pub(crate) async fn media(
    conn: &impl ConnectionTrait,
    ids: &[MediaId],
) -> Result<Vec<Media>, StoreError> {
    let mut found = Vec::new();
    for piece in pieces(ids) {
        let ids = piece.iter().map(|id| id.0);
        let statement = select().and_where(Expr::col(name("id")).is_in(ids)).take();
        let rows = conn.query_all(&statement).await?;
        for row in &rows {
            found.push(read(row)?);
        }
    }
    Ok(found)
}

/// A case's files, in the order in which they came.
pub(crate) async fn media_of(
    conn: &impl ConnectionTrait,
    case: IncidentId,
) -> Result<Vec<Media>, StoreError> {
    let statement = select()
        .and_where(Expr::col(name("incident_id")).eq(case.0))
        .order_by(name("id"), Order::Asc)
        .take();
    conn.query_all(&statement).await?.iter().map(read).collect()
}

/// The files after `after` by their ids, at most `limit`.
pub(crate) async fn media_after(
    conn: &impl ConnectionTrait,
    after: Option<MediaId>,
    limit: u64,
) -> Result<Vec<Media>, StoreError> {
    let mut statement = select();
    statement.order_by(name("id"), Order::Asc).limit(limit);
    if let Some(after) = after {
        statement.and_where(Expr::col(name("id")).gt(after.0));
    }
    conn.query_all(&statement).await?.iter().map(read).collect()
}

/// Which of these contents are evidence of a case other than `case`.
pub(crate) async fn used_elsewhere(
    conn: &impl ConnectionTrait,
    digests: &[Digest],
    case: IncidentId,
) -> Result<Vec<Digest>, StoreError> {
    let mut found = Vec::new();
    for piece in pieces(digests) {
        let digests = piece.iter().map(|digest| digest.to_vec());
        let statement = Query::select()
            .distinct()
            .column(name("sha256"))
            .from(name(TABLE))
            .and_where(Expr::col(name("sha256")).is_in(digests))
            .and_where(Expr::col(name("incident_id")).is_not_null())
            .and_where(Expr::col(name("incident_id")).ne(case.0))
            .take();
        let rows = conn.query_all(&statement).await?;
        for row in &rows {
            found.push(digest(row)?);
        }
    }
    Ok(found)
}

/// Is there a row with this content?
pub(crate) async fn is_named(
    conn: &impl ConnectionTrait,
    digest: &Digest,
) -> Result<bool, StoreError> {
    let statement = Query::select()
        .column(name("id"))
        .from(name(TABLE))
        .and_where(Expr::col(name("sha256")).eq(digest.to_vec()))
        .limit(1)
        .take();
    Ok(conn.query_one(&statement).await?.is_some())
}

/// Files of this sender that hang on no case.
pub(crate) async fn waiting_of(
    conn: &impl ConnectionTrait,
    sender: UserId,
) -> Result<i64, StoreError> {
    let statement = Query::select()
        .expr_as(Expr::cust("COUNT(*)"), name("n"))
        .from(name(TABLE))
        .and_where(Expr::cust("incident_id IS NULL"))
        .and_where(Expr::col(name("uploaded_by")).eq(sender.0))
        .take();
    let row = conn.query_one(&statement).await?;
    Ok(row.map(|row| get(&row, "n")).transpose()?.unwrap_or(0))
}

/// Gives files to cases. One that another writer has taken or removed meanwhile fails the whole write; tried again,
/// it is refused by name.
pub(crate) async fn attach(
    conn: &impl ConnectionTrait,
    taken: &[(MediaId, IncidentId)],
) -> Result<(), StoreError> {
    for (id, case) in taken {
        let update = Query::update()
            .table(name(TABLE))
            .value(name("incident_id"), case.0)
            .and_where(Expr::col(name("id")).eq(id.0))
            .and_where(Expr::cust("incident_id IS NULL"))
            .take();
        if conn.execute(&update).await?.rows_affected() != 1 {
            let why = "a file was taken or removed meanwhile";
            return Err(StoreError::NotCommitted(why.to_owned()));
        }
    }
    Ok(())
}

/// Removes rows of files that hang on no case and came before `before`, at most `limit`; answers their contents.
pub(crate) async fn remove_waiting(
    conn: &impl ConnectionTrait,
    before: Timestamp,
    limit: u64,
) -> Result<Vec<Digest>, StoreError> {
    let statement = select()
        .and_where(Expr::cust("incident_id IS NULL"))
        .and_where(Expr::col(name("at")).lt(micros(before)))
        .order_by(name("at"), Order::Asc)
        .limit(limit)
        .take();
    let mut digests = Vec::new();
    for row in conn.query_all(&statement).await? {
        let media = read(&row)?;
        let delete = Query::delete()
            .from_table(name(TABLE))
            .and_where(Expr::col(name("id")).eq(media.id.0))
            .and_where(Expr::cust("incident_id IS NULL"))
            .take();
        if conn.execute(&delete).await?.rows_affected() == 1 {
            digests.push(media.digest);
        }
    }
    Ok(digests)
}

fn select() -> SelectStatement {
    Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .take()
}

fn read(row: &QueryResult) -> Result<Media, StoreError> {
    let kind: String = get(row, "kind")?;
    let side = |column| -> Result<Option<u32>, StoreError> {
        Ok(get::<Option<i32>>(row, column)?.and_then(|side| u32::try_from(side).ok()))
    };
    let place: (Option<f64>, Option<f64>) = (get(row, "lon")?, get(row, "lat")?);
    Ok(Media {
        id: MediaId(get(row, "id")?),
        digest: digest(row)?,
        kind: Kind::parse(&kind).ok_or_else(|| unknown("kind", &kind))?,
        bytes: u64::try_from(get::<i64>(row, "bytes")?).unwrap_or(0),
        size: side("width")?.zip(side("height")?),
        taken_at: get::<Option<i64>>(row, "taken_at")?.map(from_micros),
        position: place.0.zip(place.1).map(|(lon, lat)| Position { lon, lat }),
        name: get(row, "name")?,
        uploaded_by: get::<Option<Uuid>>(row, "uploaded_by")?.map(UserId),
        uploader: get(row, "uploader")?,
        at: from_micros(get(row, "at")?),
        incident_id: get::<Option<Uuid>>(row, "incident_id")?.map(IncidentId),
    })
}

fn digest(row: &QueryResult) -> Result<Digest, StoreError> {
    let bytes: Vec<u8> = get(row, "sha256")?;
    bytes
        .try_into()
        .map_err(|_long| unknown("sha256", "a digest of another length"))
}
