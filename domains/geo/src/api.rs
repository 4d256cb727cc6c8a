//! Routes; no decisions.

mod features;
mod layers;

use std::sync::Arc;

use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::service::GeoService;

type Service = State<Arc<GeoService>>;

/// All routes by their full paths, with their state in them.
pub(crate) fn routes(service: Arc<GeoService>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(layers::list_layers))
        .routes(routes!(layers::tile_json))
        .routes(routes!(layers::tile))
        .routes(routes!(features::list_features, features::create_feature))
        .routes(routes!(
            features::read_feature,
            features::update_feature,
            features::remove_feature
        ))
        .with_state(service)
}
