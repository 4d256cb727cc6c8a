//! Early warnings.

use axum::extract::State;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Problems, Query};

use super::Service;
use super::indicators::AreaQuery;
use crate::service::{EarlyView, EarlyWarningView};

/// Warnings of the last two days, the newest first, with what became of them.
#[utoipa::path(get, path = "/api/v1/vital-warnings", tag = "vitals", operation_id = "listVitalWarnings",
    params(AreaQuery), responses((status = 200, body = Vec<EarlyWarningView>), Problems))]
pub(crate) async fn list_vital_warnings(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<AreaQuery>,
) -> ApiResult<Vec<EarlyWarningView>> {
    let warnings = service.early_warnings(&actor, query.area.as_deref(), now);
    Ok(Json(warnings.await?))
}

/// How good warnings of each indicator are: their lead time, and how often they were in vain.
#[utoipa::path(get, path = "/api/v1/vital-warnings/scores", tag = "vitals",
    operation_id = "readVitalWarningScores",
    responses((status = 200, body = Vec<EarlyView>), Problems))]
pub(crate) async fn read_vital_warning_scores(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<Vec<EarlyView>> {
    Ok(Json(service.early_scores(&actor, now).await?))
}
