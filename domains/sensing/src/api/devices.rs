//! Devices.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use yiwang_contracts::OrgId;
use yiwang_http::{
    ApiResult, CurrentActor, IfMatch, Json, Now, Path, Problem, Problems, Query, Versioned,
};
use yiwang_kernel::{AreaCode, Page, PageRequest, Timestamp};

use super::Service;
use crate::device::{CreateDevice, DeviceId, DeviceState, UpdateDevice};
use crate::protocol::Protocol;
use crate::service::{
    CredentialView, DeviceFilter, DeviceView, FrameView, ImportOutcome, LastColumn, LastWanted,
    SeriesView, SummaryView, span_or_last_day,
};
use crate::slot::Hearing;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeviceQuery {
    /// Part of the code, the name, the place or the address.
    q: Option<String>,
    #[serde(default)]
    profile: Vec<String>,
    /// Owned by this unit or one under it.
    #[param(value_type = Option<String>)]
    org: Option<OrgId>,
    /// In this area or within it.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    group: Option<String>,
    #[serde(default)]
    #[param(inline)]
    protocol: Vec<Protocol>,
    #[serde(default)]
    #[param(inline)]
    state: Vec<DeviceState>,
    #[serde(default)]
    #[param(inline)]
    hearing: Vec<Hearing>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Devices to register together.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportDevices {
    devices: Vec<CreateDevice>,
    /// Only say what would happen.
    #[serde(default)]
    rehearse: bool,
}

/// A device's client certificate.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceCertificate {
    /// PEM.
    pem: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ValuesQuery {
    /// Property codes; all where none is given.
    #[serde(default)]
    property: Vec<String>,
    /// One day before `to` where it is not given.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Now where it is not given.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// How many points a property may have; 2000 where it is not given, 20000 at most.
    points: Option<u32>,
}

/// Whose last values are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LastQuery {
    /// Property codes; all where none is given.
    #[serde(default)]
    property: Vec<String>,
    #[serde(default)]
    profile: Vec<String>,
    /// Columns of the answer, in this order; all where none is given. A map needs no more than device and value.
    #[serde(default)]
    #[param(inline)]
    column: Vec<LastColumn>,
    /// Owned by this unit or one under it.
    #[param(value_type = Option<String>)]
    org: Option<OrgId>,
    /// In this area or within it.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
}

/// The devices that one may see, by code.
#[utoipa::path(get, path = "/api/v1/devices", tag = "sensing", operation_id = "listDevices",
    params(DeviceQuery), responses((status = 200, body = Page<DeviceView>), Problems))]
pub(crate) async fn list_devices(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<DeviceQuery>,
) -> ApiResult<Page<DeviceView>> {
    let page = PageRequest {
        limit: query.limit,
        cursor: query.cursor,
    };
    let filter = DeviceFilter {
        q: query.q,
        profile: query.profile,
        org: query.org,
        area: query.area,
        group: query.group,
        protocol: query.protocol,
        state: query.state,
        hearing: query.hearing,
    };
    Ok(Json(service.devices(&actor, &filter, &page, now)?))
}

/// Numbers of the devices that one may see.
#[utoipa::path(get, path = "/api/v1/devices/summary", tag = "sensing", operation_id = "summariseDevices",
    responses((status = 200, body = SummaryView), Problems))]
pub(crate) async fn summary(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<SummaryView> {
    Ok(Json(service.summary(&actor, now)?))
}

/// The last durable values of all devices that one may see, as one CSV: a line for each device and property with
/// `device,property,time,received,value,text,quality`, by profile and property. Streamed from memory, not paged.
#[utoipa::path(get, path = "/api/v1/devices/last-values", tag = "sensing", operation_id = "readLastValues",
    params(LastQuery), responses((status = 200, body = String, content_type = "text/csv"), Problems))]
pub(crate) async fn last_values(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<LastQuery>,
) -> Result<Response, Problem> {
    let wanted = LastWanted {
        profiles: query.profile,
        properties: query.property,
        columns: query.column,
        org: query.org,
        area: query.area,
    };
    let rows = service.last_values(&actor, &wanted, now)?;
    let media = [(header::CONTENT_TYPE, "text/csv; charset=utf-8")];
    Ok((media, axum::body::Body::from_stream(rows)).into_response())
}

/// Registers a device.
#[utoipa::path(post, path = "/api/v1/devices", tag = "sensing", operation_id = "createDevice",
    request_body = CreateDevice, responses((status = 201, body = DeviceView), Problems))]
pub(crate) async fn create_device(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Json(body): Json<CreateDevice>,
) -> Result<(StatusCode, HeaderMap, Versioned<DeviceView>), Problem> {
    let view = service.create_device(&actor, body, now).await?;
    let place = header::HeaderValue::try_from(format!("/api/v1/devices/{}", view.id)).ok();
    let headers = place
        .into_iter()
        .map(|place| (header::LOCATION, place))
        .collect();
    let version = view.version;
    Ok((StatusCode::CREATED, headers, Versioned(view, version)))
}

/// Registers many devices: all of them, or none when anything is wrong with one.
#[utoipa::path(post, path = "/api/v1/devices/import", tag = "sensing", operation_id = "importDevices",
    request_body = ImportDevices, responses((status = 200, body = ImportOutcome), Problems))]
pub(crate) async fn import_devices(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Json(body): Json<ImportDevices>,
) -> ApiResult<ImportOutcome> {
    let imported = service.import_devices(&actor, body.devices, body.rehearse, now);
    Ok(Json(imported.await?))
}

/// One device, with its version as `ETag`.
#[utoipa::path(get, path = "/api/v1/devices/{id}", tag = "sensing", operation_id = "readDevice",
    params(("id" = String, Path)), responses((status = 200, body = DeviceView), Problems))]
pub(crate) async fn read_device(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<DeviceId>,
) -> Result<Versioned<DeviceView>, Problem> {
    let view = service.device(&actor, id, now)?;
    let version = view.version;
    Ok(Versioned(view, version))
}

/// Changes a device. Send the version that was read as `If-Match`; another one answers 409.
#[utoipa::path(patch, path = "/api/v1/devices/{id}", tag = "sensing", operation_id = "updateDevice",
    params(("id" = String, Path), ("if-match" = Option<String>, Header)),
    request_body = UpdateDevice, responses((status = 200, body = DeviceView), Problems))]
pub(crate) async fn update_device(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    IfMatch(version): IfMatch,
    Path(id): Path<DeviceId>,
    Json(body): Json<UpdateDevice>,
) -> Result<Versioned<DeviceView>, Problem> {
    let view = service
        .update_device(&actor, id, body, version, now)
        .await?;
    let version = view.version;
    Ok(Versioned(view, version))
}

/// Gives a device a token, shown this once; the one before is good no longer.
#[utoipa::path(post, path = "/api/v1/devices/{id}/token", tag = "sensing", operation_id = "issueDeviceToken",
    params(("id" = String, Path)), responses((status = 200, body = CredentialView), Problems))]
pub(crate) async fn issue_token(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<DeviceId>,
) -> Result<(HeaderMap, Json<CredentialView>), Problem> {
    let credential = service.issue_token(&actor, id, now).await?;
    let no_store = header::HeaderValue::from_static("no-store");
    let headers = HeaderMap::from_iter([(header::CACHE_CONTROL, no_store)]);
    Ok((headers, Json(credential)))
}

/// Names the client certificate that a device proves itself with.
#[utoipa::path(post, path = "/api/v1/devices/{id}/certificate", tag = "sensing",
    operation_id = "setDeviceCertificate", params(("id" = String, Path)),
    request_body = DeviceCertificate, responses((status = 200, body = DeviceView), Problems))]
pub(crate) async fn set_certificate(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<DeviceId>,
    Json(body): Json<DeviceCertificate>,
) -> ApiResult<DeviceView> {
    Ok(Json(
        service.set_certificate(&actor, id, &body.pem, now).await?,
    ))
}

/// Takes all credentials of a device away and ends its connections, at once.
#[utoipa::path(delete, path = "/api/v1/devices/{id}/credentials", tag = "sensing",
    operation_id = "revokeDeviceCredentials", params(("id" = String, Path)),
    responses((status = 200, body = DeviceView), Problems))]
pub(crate) async fn revoke_credentials(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<DeviceId>,
) -> ApiResult<DeviceView> {
    Ok(Json(service.revoke_credentials(&actor, id, now).await?))
}

/// The last frames of a device as they came, newest first.
#[utoipa::path(get, path = "/api/v1/devices/{id}/frames", tag = "sensing", operation_id = "listDeviceFrames",
    params(("id" = String, Path)), responses((status = 200, body = Vec<FrameView>), Problems))]
pub(crate) async fn frames(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<DeviceId>,
) -> ApiResult<Vec<FrameView>> {
    Ok(Json(service.frames(&actor, id, now)?))
}

/// What a device observed: single values, or means with least and greatest where there are too many.
#[utoipa::path(get, path = "/api/v1/devices/{id}/values", tag = "sensing", operation_id = "readDeviceValues",
    params(("id" = String, Path), ValuesQuery),
    responses((status = 200, body = Vec<SeriesView>), Problems))]
pub(crate) async fn values(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<DeviceId>,
    Query(query): Query<ValuesQuery>,
) -> ApiResult<Vec<SeriesView>> {
    let span = span_or_last_day(query.from, query.to, now);
    let points = query.points.unwrap_or(2_000) as usize;
    let values = service.values(&actor, id, &query.property, span, points, now);
    Ok(Json(values.await?))
}

/// The body of a request as it came.
pub(super) type Body = Bytes;
