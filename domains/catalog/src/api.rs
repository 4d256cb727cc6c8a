//! The routes of this domain and their bodies. Nothing is decided here.

mod areas;
mod calendars;
mod drafts;
mod items;
mod responsibility;

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::service::Service;

/// A list of rules is longer than most bodies.
const RULES_BODY_BYTES_MAX: usize = 8 * 1024 * 1024;

pub(crate) type Catalogue = State<Arc<Service>>;

/// All routes, with their state.
pub(crate) fn routes(service: Arc<Service>) -> OpenApiRouter {
    let bodies = DefaultBodyLimit::max(RULES_BODY_BYTES_MAX);
    OpenApiRouter::new()
        .routes(routes!(items::list_items))
        .routes(routes!(items::suggest_items))
        .routes(routes!(items::item))
        .routes(routes!(items::list_grades))
        .routes(routes!(items::list_codesets))
        .routes(routes!(items::codeset))
        .routes(routes!(calendars::list_calendars))
        .routes(routes!(calendars::calendar_days))
        .routes(routes!(calendars::preview_deadline))
        .routes(routes!(areas::list_areas))
        .routes(routes!(areas::area))
        .routes(routes!(areas::outlines))
        .routes(routes!(areas::locate))
        .routes(routes!(responsibility::resolve))
        .routes(routes!(responsibility::list_rules))
        .routes(routes!(responsibility::check))
        .routes(routes!(responsibility::list_lists))
        .routes(routes!(responsibility::list))
        .routes(routes!(drafts::create_draft, drafts::list_drafts))
        .routes(routes!(drafts::draft, drafts::update_draft, drafts::discard_draft).layer(bodies))
        .routes(routes!(drafts::draft_diff))
        .routes(routes!(drafts::draft_check))
        .routes(routes!(drafts::publish_draft))
        .with_state(service)
}
