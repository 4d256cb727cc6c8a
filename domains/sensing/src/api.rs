//! Routes; no decisions.

mod commands;
mod devices;
mod readings;
mod sensing;

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::service::SensingService;

type Service = State<Arc<SensingService>>;

/// The largest push of readings and the largest import.
const PUSH_BYTES_MAX: usize = 16 << 20;

/// All routes by their full paths, with their state in them.
pub(crate) fn routes(service: Arc<SensingService>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(devices::list_devices, devices::create_device))
        .routes(routes!(devices::summary))
        .routes(routes!(devices::last_values))
        .routes(routes!(devices::import_devices).layer(DefaultBodyLimit::max(PUSH_BYTES_MAX)))
        .routes(routes!(devices::read_device, devices::update_device))
        .routes(routes!(devices::issue_token))
        .routes(routes!(devices::set_certificate))
        .routes(routes!(devices::revoke_credentials))
        .routes(routes!(devices::frames))
        .routes(routes!(commands::send_command, commands::list_commands))
        .routes(routes!(devices::values))
        .routes(routes!(sensing::list_profiles))
        .routes(routes!(sensing::health))
        .routes(routes!(sensing::list_refusals))
        .routes(routes!(readings::push).layer(DefaultBodyLimit::max(PUSH_BYTES_MAX)))
        .with_state(service)
}
