//! Where things are that move.

use std::time::Duration;

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Path, Problems, Query};
use yiwang_kernel::Timestamp;

use super::Service;
use crate::service::{MovingView, TrailView};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MovingQuery {
    /// The revision of the answer before: only what moved since is told.
    #[serde(default)]
    after: u64,
    /// Seconds to wait for something to move, 25 at most; none where it is not given.
    wait: Option<u64>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TrailQuery {
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Now where it is not given.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
}

/// Vehicles and whatever else tells its position: where it is, or what moved since one last asked.
#[utoipa::path(get, path = "/api/v1/positions", tag = "geo", operation_id = "listPositions",
    params(MovingQuery), responses((status = 200, body = MovingView), Problems))]
pub(crate) async fn list_positions(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<MovingQuery>,
) -> ApiResult<MovingView> {
    let wait = Duration::from_secs(query.wait.unwrap_or(0));
    Ok(Json(service.moving(&actor, query.after, wait, now).await?))
}

/// Where a device went: ways without a gap, with the places where it stood. The last day where nothing is said.
#[utoipa::path(get, path = "/api/v1/positions/{device}/trail", tag = "geo", operation_id = "readTrail",
    params(("device" = String, Path), TrailQuery),
    responses((status = 200, body = Vec<TrailView>), Problems))]
pub(crate) async fn read_trail(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(device): Path<String>,
    Query(query): Query<TrailQuery>,
) -> ApiResult<Vec<TrailView>> {
    let to = query.to.unwrap_or(now);
    let day = jiff::SignedDuration::from_hours(24);
    let from = query
        .from
        .unwrap_or_else(|| to.saturating_sub(day).unwrap_or(to));
    let trails = service.trail(&actor, &device, (from, to), now);
    Ok(Json(trails.await?))
}
