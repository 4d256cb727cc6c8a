//! The button of the demo city that lets a storm come.

use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Problem, Problems, require};
use yiwang_simulator::Weather;

/// The sky of the demo city; none elsewhere.
pub(crate) type Sky = Option<Arc<Weather>>;

/// Is it raining in the demo city?
#[derive(Serialize, utoipa::ToSchema)]
struct StormView {
    is_stormy: bool,
}

pub(crate) fn routes(sky: Sky) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(let_it_storm))
        .with_state(sky)
}

/// Lets a storm come over the demo city; 404 elsewhere.
#[utoipa::path(post, path = "/api/v1/demo/storm", tag = "demo", operation_id = "letItStorm",
    responses((status = 200, body = StormView), Problems))]
async fn let_it_storm(
    State(sky): State<Sky>,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<StormView> {
    require(&actor, "alerting.handle", now)?;
    let sky = sky.ok_or_else(Problem::not_found)?;
    sky.storm(now.as_second());
    Ok(Json(StormView { is_stormy: true }))
}
