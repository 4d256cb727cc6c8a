//! Routes of maintenance windows and shelves.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use yiwang_http::{
    ApiResult, CurrentActor, IfMatch, Json, Now, Path, Problem, Problems, Query, Versioned,
};
use yiwang_kernel::{Page, PageRequest};

use super::Service;
use crate::service::{CreateShelf, CreateWindow, UpdateWindow, WindowView};
use crate::window::{WindowId, WindowKind};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct WindowsQuery {
    /// Only those that are over, or are not yet.
    over: Option<bool>,
    limit: Option<u32>,
    cursor: Option<String>,
}

impl WindowsQuery {
    fn page(self) -> (Option<bool>, PageRequest) {
        let page = PageRequest {
            limit: self.limit,
            cursor: self.cursor,
        };
        (self.over, page)
    }
}

fn created(view: WindowView) -> Response {
    let version = view.version;
    (StatusCode::CREATED, Versioned(view, version)).into_response()
}

fn versioned(view: WindowView) -> Versioned<WindowView> {
    let version = view.version;
    Versioned(view, version)
}

/// Maintenance windows for devices that one may see, the newest first.
#[utoipa::path(get, path = "/api/v1/maintenance-windows", tag = "alarms", operation_id = "listMaintenanceWindows",
    params(WindowsQuery), responses((status = 200, body = Page<WindowView>), Problems))]
pub(super) async fn list_maintenance_windows(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<WindowsQuery>,
) -> ApiResult<Page<WindowView>> {
    let (over, page) = query.page();
    let kind = WindowKind::Maintenance;
    Ok(Json(service.windows(&actor, kind, over, &page, now).await?))
}

/// Makes a maintenance window: alarms raised within are kept, marked, and call nobody.
#[utoipa::path(post, path = "/api/v1/maintenance-windows", tag = "alarms",
    operation_id = "createMaintenanceWindow", request_body = CreateWindow,
    responses((status = 201, body = WindowView), Problems))]
pub(super) async fn create_maintenance_window(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Json(body): Json<CreateWindow>,
) -> Result<Response, Problem> {
    Ok(created(service.create_window(&actor, body, now).await?))
}

/// One maintenance window.
#[utoipa::path(get, path = "/api/v1/maintenance-windows/{id}", tag = "alarms",
    operation_id = "readMaintenanceWindow", params(("id" = String, Path)),
    responses((status = 200, body = WindowView), Problems))]
pub(super) async fn read_maintenance_window(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<WindowId>,
) -> Result<Versioned<WindowView>, Problem> {
    Ok(versioned(service.window(&actor, id, now).await?))
}

/// Changes the end or the reason of a maintenance window that is not over.
#[utoipa::path(patch, path = "/api/v1/maintenance-windows/{id}", tag = "alarms",
    operation_id = "updateMaintenanceWindow",
    params(("id" = String, Path), ("if-match" = Option<String>, Header)), request_body = UpdateWindow,
    responses((status = 200, body = WindowView), Problems))]
pub(super) async fn update_maintenance_window(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    IfMatch(version): IfMatch,
    Path(id): Path<WindowId>,
    Json(body): Json<UpdateWindow>,
) -> Result<Versioned<WindowView>, Problem> {
    let changed = service.update_window(&actor, id, body, version, now);
    Ok(versioned(changed.await?))
}

/// Ends a maintenance window before its time.
#[utoipa::path(post, path = "/api/v1/maintenance-windows/{id}/cancel", tag = "alarms",
    operation_id = "cancelMaintenanceWindow",
    params(("id" = String, Path), ("if-match" = Option<String>, Header)),
    responses((status = 200, body = WindowView), Problems))]
pub(super) async fn cancel_maintenance_window(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    IfMatch(version): IfMatch,
    Path(id): Path<WindowId>,
) -> Result<Versioned<WindowView>, Problem> {
    let kind = WindowKind::Maintenance;
    let changed = service.cancel_window(&actor, id, kind, version, now);
    Ok(versioned(changed.await?))
}

/// Shelves of rules and devices, the newest first.
#[utoipa::path(get, path = "/api/v1/alarm-shelves", tag = "alarms", operation_id = "listAlarmShelves",
    params(WindowsQuery), responses((status = 200, body = Page<WindowView>), Problems))]
pub(super) async fn list_alarm_shelves(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<WindowsQuery>,
) -> ApiResult<Page<WindowView>> {
    let (over, page) = query.page();
    let kind = WindowKind::Shelf;
    Ok(Json(service.windows(&actor, kind, over, &page, now).await?))
}

/// Shelves all alarms of rules, devices, groups or areas until an instant, those that are open and those to come.
#[utoipa::path(post, path = "/api/v1/alarm-shelves", tag = "alarms", operation_id = "createAlarmShelf",
    request_body = CreateShelf, responses((status = 201, body = WindowView), Problems))]
pub(super) async fn create_alarm_shelf(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Json(body): Json<CreateShelf>,
) -> Result<Response, Problem> {
    Ok(created(service.create_shelf(&actor, body, now).await?))
}

/// Takes everything off a shelf before its time.
#[utoipa::path(post, path = "/api/v1/alarm-shelves/{id}/cancel", tag = "alarms", operation_id = "cancelAlarmShelf",
    params(("id" = String, Path), ("if-match" = Option<String>, Header)),
    responses((status = 200, body = WindowView), Problems))]
pub(super) async fn cancel_alarm_shelf(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    IfMatch(version): IfMatch,
    Path(id): Path<WindowId>,
) -> Result<Versioned<WindowView>, Problem> {
    let changed = service.cancel_window(&actor, id, WindowKind::Shelf, version, now);
    Ok(versioned(changed.await?))
}
