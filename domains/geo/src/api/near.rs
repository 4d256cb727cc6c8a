//! Questions about many places at once. They change nothing, and are sent as bodies because they are long.

use axum::extract::State;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Path, Problems};

use super::Service;
use crate::service::{
    AlongAsk, CrosswalkRow, Holding, HoldingAsk, NearAsk, PointFound, UnreachedAsk, UnreachedView,
};

/// What is near each of many places, the nearest first: a list for each place, in their order.
#[utoipa::path(post, path = "/api/v1/places/near", tag = "geo", operation_id = "findNear",
    request_body = NearAsk, responses((status = 200, body = Vec<Vec<PointFound>>), Problems))]
pub(crate) async fn find_near(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Json(ask): Json<NearAsk>,
) -> ApiResult<Vec<Vec<PointFound>>> {
    Ok(Json(service.near(&actor, &ask, now).await?))
}

/// What is beside a way, in the order in which it comes.
#[utoipa::path(post, path = "/api/v1/places/along", tag = "geo", operation_id = "findAlong",
    request_body = AlongAsk, responses((status = 200, body = Vec<PointFound>), Problems))]
pub(crate) async fn find_along(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Json(ask): Json<AlongAsk>,
) -> ApiResult<Vec<PointFound>> {
    Ok(Json(service.along(&actor, &ask, now).await?))
}

/// In which areas and grids each of many places lies: a list for each place, in their order.
#[utoipa::path(post, path = "/api/v1/places/holding", tag = "geo", operation_id = "findHolding",
    request_body = HoldingAsk, responses((status = 200, body = Vec<Vec<Holding>>), Problems))]
pub(crate) async fn find_holding(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Json(ask): Json<HoldingAsk>,
) -> ApiResult<Vec<Vec<Holding>>> {
    Ok(Json(service.holding(&actor, &ask, now).await?))
}

/// Points that nothing reaches within a distance: who is uncovered, and where.
#[utoipa::path(post, path = "/api/v1/places/unreached", tag = "geo", operation_id = "findUnreached",
    request_body = UnreachedAsk, responses((status = 200, body = UnreachedView), Problems))]
pub(crate) async fn find_unreached(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Json(ask): Json<UnreachedAsk>,
) -> ApiResult<UnreachedView> {
    Ok(Json(service.unreached(&actor, &ask, now).await?))
}

/// Which areas of a layer lie in which of another, with the ground that they share.
#[utoipa::path(get, path = "/api/v1/layers/{layer}/crosswalk/{other}", tag = "geo", operation_id = "readCrosswalk",
    params(("layer" = String, Path), ("other" = String, Path)),
    responses((status = 200, body = Vec<CrosswalkRow>), Problems))]
pub(crate) async fn read_crosswalk(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path((layer, other)): Path<(String, String)>,
) -> ApiResult<Vec<CrosswalkRow>> {
    let rows = service.crosswalk(&actor, (&layer, &other), now).await?;
    Ok(Json(rows))
}
