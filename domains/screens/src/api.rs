//! Routes; no decisions.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Path, Problem, Problems, Query};

use crate::service::{
    DraftView, KeepDraft, PublishScreen, RestoreScreen, ScreenBrief, ScreenView, ScreensService,
    VersionView,
};

type Service = State<Arc<ScreensService>>;

/// All routes by their full paths, with their state in them.
pub(crate) fn routes(service: Arc<ScreensService>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list_screens))
        .routes(routes!(read_screen, remove_screen))
        .routes(routes!(list_screen_versions))
        .routes(routes!(
            read_screen_draft,
            keep_screen_draft,
            discard_screen_draft
        ))
        .routes(routes!(publish_screen))
        .routes(routes!(restore_screen))
        .with_state(service)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ScreensQuery {
    /// Also what is only a draft yet, for editors.
    drafts: Option<bool>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ScreenQuery {
    /// An older version.
    version: Option<i64>,
}

/// The screens that one may see, in their order.
#[utoipa::path(get, path = "/api/v1/screens", tag = "screens", operation_id = "listScreens",
    params(ScreensQuery), responses((status = 200, body = Vec<ScreenBrief>), Problems))]
async fn list_screens(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<ScreensQuery>,
) -> ApiResult<Vec<ScreenBrief>> {
    let drafts = query.drafts.unwrap_or(false);
    Ok(Json(service.screens(&actor, drafts, now).await?))
}

/// A screen as it is shown, or in an older version.
#[utoipa::path(get, path = "/api/v1/screens/{code}", tag = "screens", operation_id = "readScreen",
    params(("code" = String, Path), ScreenQuery), responses((status = 200, body = ScreenView), Problems))]
async fn read_screen(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(code): Path<String>,
    Query(query): Query<ScreenQuery>,
) -> ApiResult<ScreenView> {
    let screen = service.screen(&actor, &code, query.version, now);
    Ok(Json(screen.await?))
}

/// Takes a screen away that no pack brings, with its draft.
#[utoipa::path(delete, path = "/api/v1/screens/{code}", tag = "screens", operation_id = "removeScreen",
    params(("code" = String, Path)), responses((status = 204), Problems))]
async fn remove_screen(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(code): Path<String>,
) -> Result<StatusCode, Problem> {
    service.remove(&actor, &code, now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Versions of a screen, the newest first.
#[utoipa::path(get, path = "/api/v1/screens/{code}/versions", tag = "screens",
    operation_id = "listScreenVersions", params(("code" = String, Path)),
    responses((status = 200, body = Vec<VersionView>), Problems))]
async fn list_screen_versions(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(code): Path<String>,
) -> ApiResult<Vec<VersionView>> {
    Ok(Json(service.versions(&actor, &code, now).await?))
}

/// The draft of a screen with everything that is found about it.
#[utoipa::path(get, path = "/api/v1/screens/{code}/draft", tag = "screens", operation_id = "readScreenDraft",
    params(("code" = String, Path)), responses((status = 200, body = DraftView), Problems))]
async fn read_screen_draft(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(code): Path<String>,
) -> ApiResult<DraftView> {
    Ok(Json(service.draft(&actor, &code, now).await?))
}

/// Keeps a draft as it is now, right or not, and tells everything that is found about it. Refused with
/// `screens.draft_conflict` where another has changed it since `revision`.
#[utoipa::path(put, path = "/api/v1/screens/{code}/draft", tag = "screens", operation_id = "keepScreenDraft",
    params(("code" = String, Path)), request_body = KeepDraft, responses((status = 200, body = DraftView), Problems))]
async fn keep_screen_draft(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(code): Path<String>,
    Json(body): Json<KeepDraft>,
) -> ApiResult<DraftView> {
    Ok(Json(service.keep_draft(&actor, &code, body, now).await?))
}

/// Puts a draft away for good.
#[utoipa::path(delete, path = "/api/v1/screens/{code}/draft", tag = "screens",
    operation_id = "discardScreenDraft", params(("code" = String, Path)), responses((status = 204), Problems))]
async fn discard_screen_draft(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(code): Path<String>,
) -> Result<StatusCode, Problem> {
    service.discard_draft(&actor, &code, now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a draft the version that is shown. A draft with findings is refused with `screens.faulty` and all of them.
#[utoipa::path(post, path = "/api/v1/screens/{code}/publish", tag = "screens", operation_id = "publishScreen",
    params(("code" = String, Path)), request_body = PublishScreen,
    responses((status = 200, body = ScreenView), Problems))]
async fn publish_screen(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(code): Path<String>,
    Json(body): Json<PublishScreen>,
) -> ApiResult<ScreenView> {
    Ok(Json(service.publish(&actor, &code, body, now).await?))
}

/// Makes an old version the newest. The pack's newest version gives the screen back to the pack.
#[utoipa::path(post, path = "/api/v1/screens/{code}/restore", tag = "screens", operation_id = "restoreScreen",
    params(("code" = String, Path)), request_body = RestoreScreen,
    responses((status = 200, body = ScreenView), Problems))]
async fn restore_screen(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(code): Path<String>,
    Json(body): Json<RestoreScreen>,
) -> ApiResult<ScreenView> {
    Ok(Json(service.restore(&actor, &code, body, now).await?))
}
