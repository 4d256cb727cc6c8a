//! Routes; no decisions.

mod basemaps;
mod features;
mod fences;
mod imports;
mod layers;
mod near;
mod places;
mod positions;

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::service::GeoService;

type Service = State<Arc<GeoService>>;

/// All routes by their full paths, with their state in them.
pub(crate) fn routes(service: Arc<GeoService>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(layers::list_layers))
        .routes(routes!(layers::tile_json))
        .routes(routes!(layers::tile))
        .routes(routes!(basemaps::list_basemaps))
        .routes(routes!(basemaps::basemap_tile))
        .routes(routes!(features::list_features, features::create_feature))
        .routes(routes!(
            features::read_feature,
            features::update_feature,
            features::remove_feature
        ))
        .routes(
            routes!(imports::list_imports, imports::import_layer)
                .layer(DefaultBodyLimit::disable()),
        )
        .routes(routes!(imports::list_wrong_records))
        .routes(routes!(places::search_places))
        .routes(routes!(places::place_at))
        .routes(routes!(near::find_near))
        .routes(routes!(near::find_along))
        .routes(routes!(near::find_holding))
        .routes(routes!(near::find_unreached))
        .routes(routes!(near::read_crosswalk))
        .routes(routes!(fences::list_fences, fences::create_fence))
        .routes(routes!(
            fences::read_fence,
            fences::update_fence,
            fences::remove_fence
        ))
        .routes(routes!(fences::list_fence_events))
        .routes(routes!(positions::list_positions))
        .routes(routes!(positions::read_trail))
        .with_state(service)
}
