//! What came in: received = stored + duplicate + refused + shed, by source.

use std::collections::BTreeMap;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Problems, require};

use super::Hub;
use crate::model::Source;
use crate::store::Counted;

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
