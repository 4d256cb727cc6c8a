//! Routes; no decisions.

mod early;
mod feeds;
mod indicators;
mod notices;
mod reports;

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::service::VitalsService;

type Service = State<Arc<VitalsService>>;

/// Bytes of one message of a feed.
const FEED_BYTES_MAX: usize = 2 * 1024 * 1024;

/// All routes by their full paths, with their state in them.
pub(crate) fn routes(service: Arc<VitalsService>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(indicators::read_vitals))
        .routes(routes!(indicators::list_indicators))
        .routes(routes!(indicators::read_indicator))
        .routes(routes!(indicators::read_indicator_values))
        .routes(routes!(indicators::rank_areas))
        .routes(routes!(indicators::read_behind))
        .routes(routes!(indicators::recompute_indicator))
        .routes(routes!(feeds::list_feeds))
        .routes(routes!(feeds::send_values).layer(DefaultBodyLimit::max(FEED_BYTES_MAX)))
        .routes(routes!(notices::list_vital_notices))
        .routes(routes!(notices::acknowledge_vital_notice))
        .routes(routes!(early::list_vital_warnings))
        .routes(routes!(early::read_vital_warning_scores))
        .routes(routes!(reports::read_report))
        .routes(routes!(reports::read_report_document))
        .with_state(service)
}
