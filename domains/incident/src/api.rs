//! The routes of this domain and their bodies. Nothing is decided here.

mod bodies;
mod cases;
mod counters;
mod lists;
mod media;
mod public;
mod range;
mod refusals;

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::router::UtoipaMethodRouterExt as _;
use utoipa_axum::routes;

pub(crate) use media::{is_form, refused_early};

use crate::service::IncidentService;

pub(crate) type Hub = State<Arc<IncidentService>>;

/// All routes, with their state.
pub(crate) fn routes(service: Arc<IncidentService>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(lists::list_incidents, cases::create_incident))
        .routes(routes!(lists::incident_numbers))
        .routes(routes!(lists::incident_flow))
        .routes(routes!(lists::incident_map))
        .routes(routes!(lists::escalations_dry_run))
        .routes(routes!(cases::find_duplicates))
        .routes(routes!(cases::incident))
        .routes(routes!(cases::timeline))
        .routes(routes!(cases::verify_timeline))
        .routes(routes!(cases::duplicates))
        .routes(routes!(cases::reporter))
        .routes(routes!(cases::give_command))
        .routes(routes!(lists::list_tasks))
        .routes(routes!(public::public_rating))
        .routes(routes!(public::public_reopen))
        .routes(routes!(public::public_status))
        .routes(routes!(media::public_media))
        .routes(routes!(media::media))
        .routes(routes!(media::about))
        .routes(routes!(media::upload).layer(DefaultBodyLimit::disable()))
        .routes(routes!(counters::counters))
        .routes(routes!(refusals::refusals))
        .routes(routes!(refusals::refusal))
        .routes(routes!(refusals::reveal_refusal))
        .routes(routes!(refusals::resubmit))
        .with_state(service)
}
