//! Indicators and the index.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Path, Problems, Query};
use yiwang_kernel::Timestamp;

use super::Service;
use crate::service::{
    BehindView, IndicatorDetail, IndicatorSeries, IndicatorView, OverviewView, RankView,
    RecomputedView, SeriesQuery,
};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AreaQuery {
    /// The code of the city or of a town; the largest that one may see where nothing is said.
    pub(super) area: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FromQuery {
    /// From when on, within the last 40 days.
    #[param(value_type = String, format = DateTime)]
    from: Timestamp,
}

/// An area at a glance: the health index, its domains, and what takes most away.
#[utoipa::path(get, path = "/api/v1/vitals", tag = "vitals", operation_id = "readVitals",
    params(AreaQuery), responses((status = 200, body = OverviewView), Problems))]
pub(crate) async fn read_vitals(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<AreaQuery>,
) -> ApiResult<OverviewView> {
    let view = service.overview(&actor, query.area.as_deref(), now);
    Ok(Json(view.await?))
}

/// All indicators of an area with their numbers, grades and last 24 hours.
#[utoipa::path(get, path = "/api/v1/indicators", tag = "vitals", operation_id = "listIndicators",
    params(AreaQuery), responses((status = 200, body = Vec<IndicatorView>), Problems))]
pub(crate) async fn list_indicators(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<AreaQuery>,
) -> ApiResult<Vec<IndicatorView>> {
    let views = service.indicators(&actor, query.area.as_deref(), now);
    Ok(Json(views.await?))
}

/// One indicator: its entry, its formula in words, the limits in force, all its versions.
#[utoipa::path(get, path = "/api/v1/indicators/{code}", tag = "vitals", operation_id = "readIndicator",
    params(("code" = String, Path), AreaQuery), responses((status = 200, body = IndicatorDetail), Problems))]
pub(crate) async fn read_indicator(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(code): Path<String>,
    Query(query): Query<AreaQuery>,
) -> ApiResult<IndicatorDetail> {
    let view = service.indicator(&actor, &code, query.area.as_deref(), now);
    Ok(Json(view.await?))
}

/// Values of the past with their grades and what was usual, and the next 24 hours. `index` and `index.A` are the
/// health index and the score of a domain.
#[utoipa::path(get, path = "/api/v1/indicators/{code}/values", tag = "vitals",
    operation_id = "readIndicatorValues",
    params(("code" = String, Path), SeriesQuery), responses((status = 200, body = IndicatorSeries), Problems))]
pub(crate) async fn read_indicator_values(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(code): Path<String>,
    Query(query): Query<SeriesQuery>,
) -> ApiResult<IndicatorSeries> {
    Ok(Json(service.series(&actor, &code, &query, now).await?))
}

/// Towns by an indicator, the best first.
#[utoipa::path(get, path = "/api/v1/indicators/{code}/areas", tag = "vitals", operation_id = "rankAreas",
    params(("code" = String, Path)), responses((status = 200, body = Vec<RankView>), Problems))]
pub(crate) async fn rank_areas(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(code): Path<String>,
) -> ApiResult<Vec<RankView>> {
    Ok(Json(service.ranking(&actor, &code, now).await?))
}

/// The list that holds the facts behind a number.
#[utoipa::path(get, path = "/api/v1/indicators/{code}/behind", tag = "vitals", operation_id = "readBehind",
    params(("code" = String, Path), AreaQuery), responses((status = 200, body = BehindView), Problems))]
pub(crate) async fn read_behind(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(code): Path<String>,
    Query(query): Query<AreaQuery>,
) -> ApiResult<BehindView> {
    let view = service.behind(&actor, &code, query.area.as_deref(), now);
    Ok(Json(view.await?))
}

/// Computes values again from an instant on, over what is stored, each by the version then in force.
#[utoipa::path(post, path = "/api/v1/indicators/{code}/recompute", tag = "vitals",
    operation_id = "recomputeIndicator",
    params(("code" = String, Path), FromQuery), responses((status = 200, body = RecomputedView), Problems))]
pub(crate) async fn recompute_indicator(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(code): Path<String>,
    Query(query): Query<FromQuery>,
) -> ApiResult<RecomputedView> {
    let view = service.recompute(&actor, &code, query.from, now);
    Ok(Json(view.await?))
}
