//! What came in: received = stored + duplicate + refused + shed, by source.

use std::collections::BTreeMap;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Problems, Query, require};
use yiwang_kernel::{Page, PageRequest, Timestamp};

use super::Hub;
use crate::model::Source;
use crate::store::{Counted, RefusalRow};

#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct SourceCounters {
    source: String,
    received: i64,
    stored: i64,
    duplicate: i64,
    /// By reason.
    refused: BTreeMap<String, i64>,
    /// Turned away unread, by reason.
    shed: BTreeMap<String, i64>,
}

/// The counters of every source that sent something.
#[utoipa::path(get, path = "/api/v1/counters", tag = "counters", operation_id = "getCounters",
    responses((status = 200, body = Vec<SourceCounters>), Problems))]
pub(crate) async fn counters(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<Vec<SourceCounters>> {
    require(&actor, "counters.read", now)?;
    let mut sources: BTreeMap<Source, SourceCounters> = BTreeMap::new();
    for (key, n) in hub.counters().await? {
        let view = sources.entry(key.source).or_insert_with(|| SourceCounters {
            source: key.source.as_str().to_owned(),
            ..SourceCounters::default()
        });
        view.received += n;
        match key.kind {
            Counted::Stored => view.stored += n,
            Counted::Duplicate => view.duplicate += n,
            Counted::Refused => *view.refused.entry(key.reason).or_insert(0) += n,
            Counted::Shed => *view.shed.entry(key.reason).or_insert(0) += n,
        }
    }
    Ok(Json(sources.into_values().collect()))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RefusalParams {
    source: Option<Source>,
    cursor: Option<String>,
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusalView {
    id: i64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    source: String,
    source_ref: Option<String>,
    code: String,
    field: String,
    message: String,
}

impl From<RefusalRow> for RefusalView {
    fn from(row: RefusalRow) -> Self {
        Self {
            id: row.id,
            at: row.at,
            source: row.source,
            source_ref: row.source_ref,
            code: row.code,
            field: row.field,
            message: row.message,
        }
    }
}

/// Reports that were refused, newest first.
#[utoipa::path(get, path = "/api/v1/intake/refusals", tag = "counters", operation_id = "listRefusals",
    params(RefusalParams), responses((status = 200, body = Page<RefusalView>), Problems))]
pub(crate) async fn refusals(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(params): Query<RefusalParams>,
) -> ApiResult<Page<RefusalView>> {
    require(&actor, "counters.read", now)?;
    let page = PageRequest {
        limit: params.limit,
        cursor: params.cursor,
    };
    let limit = page.limit();
    let rows = hub
        .refusals(params.source, page.position()?, u64::from(limit) + 1)
        .await?;
    Ok(Json(
        Page::cut(rows, limit, |row: &RefusalRow| row.id).map(RefusalView::from),
    ))
}
