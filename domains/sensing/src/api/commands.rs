//! Commands to a device.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Path, Problem, Problems, Query};
use yiwang_kernel::{Page, PageRequest};

use super::Service;
use crate::command::{Command, SendCommand};
use crate::device::DeviceId;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CommandsQuery {
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Tells a device to do something. The answer comes later: look at the command again.
#[utoipa::path(post, path = "/api/v1/devices/{id}/commands", tag = "sensing", operation_id = "sendDeviceCommand",
    params(("id" = String, Path)), request_body = SendCommand,
    responses((status = 202, body = Command), Problems))]
pub(crate) async fn send_command(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<DeviceId>,
    Json(wanted): Json<SendCommand>,
) -> Result<(StatusCode, Json<Command>), Problem> {
    let command = service.send_command(&actor, id, wanted, now).await?;
    Ok((StatusCode::ACCEPTED, Json(command)))
}

/// The commands that a device got, newest first.
#[utoipa::path(get, path = "/api/v1/devices/{id}/commands", tag = "sensing", operation_id = "listDeviceCommands",
    params(("id" = String, Path), CommandsQuery), responses((status = 200, body = Page<Command>), Problems))]
pub(crate) async fn list_commands(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<DeviceId>,
    Query(query): Query<CommandsQuery>,
) -> ApiResult<Page<Command>> {
    let page = PageRequest {
        limit: query.limit,
        cursor: query.cursor,
    };
    Ok(Json(service.commands(&actor, id, &page, now).await?))
}
