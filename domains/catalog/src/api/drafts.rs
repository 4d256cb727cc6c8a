//! Drafts of the responsibility list, from the first change to publication.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use yiwang_http::{
    ApiResult, CurrentActor, IfMatch, Json, Now, Path, Problem, Problems, Query, Versioned, require,
};
use yiwang_kernel::{Page, Timestamp, Uuid};

use super::Catalogue;
use crate::service::{
    CreateDraft, DraftCheck, DraftDetail, DraftDiff, DraftView, ListView, PublishDraft, UpdateDraft,
};

/// The drafts, the latest changed first.
#[utoipa::path(get, path = "/api/v1/responsibility/drafts", tag = "responsibility",
    operation_id = "listResponsibilityDrafts", responses((status = 200, body = Page<DraftView>), Problems))]
pub(crate) async fn list_drafts(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<Page<DraftView>> {
    require(&actor, "responsibility.read", now)?;
    Ok(Json(Page {
        items: service.drafts().await?,
        next: None,
    }))
}

/// Begins a draft from the list published last.
#[utoipa::path(post, path = "/api/v1/responsibility/drafts", tag = "responsibility",
    operation_id = "createResponsibilityDraft", request_body = CreateDraft,
    responses((status = 201, body = DraftDetail), Problems))]
pub(crate) async fn create_draft(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Json(body): Json<CreateDraft>,
) -> Result<Response, Problem> {
    require(&actor, "responsibility.edit", now)?;
    let draft = service.create_draft(body, &actor).await?;
    Ok((StatusCode::CREATED, versioned(draft)).into_response())
}

/// One draft with its rules.
#[utoipa::path(get, path = "/api/v1/responsibility/drafts/{id}", tag = "responsibility",
    operation_id = "getResponsibilityDraft", params(("id" = String, Path)),
    responses((status = 200, body = DraftDetail), Problems))]
pub(crate) async fn draft(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<Uuid>,
) -> Result<Versioned<DraftDetail>, Problem> {
    require(&actor, "responsibility.read", now)?;
    Ok(versioned(service.draft(id).await?))
}

/// Changes a draft. Every fault of the rules is told at once.
#[utoipa::path(put, path = "/api/v1/responsibility/drafts/{id}", tag = "responsibility",
    operation_id = "updateResponsibilityDraft", params(("id" = String, Path)), request_body = UpdateDraft,
    responses((status = 200, body = DraftDetail), Problems))]
pub(crate) async fn update_draft(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<Uuid>,
    IfMatch(expected): IfMatch,
    Json(body): Json<UpdateDraft>,
) -> Result<Versioned<DraftDetail>, Problem> {
    require(&actor, "responsibility.edit", now)?;
    Ok(versioned(
        service.update_draft(id, body, expected, &actor).await?,
    ))
}

/// Puts a draft away; it stays readable.
#[utoipa::path(delete, path = "/api/v1/responsibility/drafts/{id}", tag = "responsibility",
    operation_id = "discardResponsibilityDraft", params(("id" = String, Path)),
    responses((status = 200, body = DraftView), Problems))]
pub(crate) async fn discard_draft(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<Uuid>,
    IfMatch(expected): IfMatch,
) -> ApiResult<DraftView> {
    require(&actor, "responsibility.edit", now)?;
    Ok(Json(service.discard_draft(id, expected, &actor).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AtQuery {
    /// As if the draft were in force at this instant.
    #[param(value_type = Option<String>)]
    at: Option<Timestamp>,
}

/// Which rules the draft changes, and where another unit would lead.
#[utoipa::path(get, path = "/api/v1/responsibility/drafts/{id}/diff", tag = "responsibility",
    operation_id = "diffResponsibilityDraft", params(("id" = String, Path), AtQuery),
    responses((status = 200, body = DraftDiff), Problems))]
pub(crate) async fn draft_diff(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<Uuid>,
    Query(query): Query<AtQuery>,
) -> ApiResult<DraftDiff> {
    require(&actor, "responsibility.read", now)?;
    Ok(Json(service.draft_diff(id, query.at.unwrap_or(now)).await?))
}

/// The holes and overlaps of the draft, and those of them that it would open.
#[utoipa::path(get, path = "/api/v1/responsibility/drafts/{id}/check", tag = "responsibility",
    operation_id = "checkResponsibilityDraft", params(("id" = String, Path), AtQuery),
    responses((status = 200, body = DraftCheck), Problems))]
pub(crate) async fn draft_check(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<Uuid>,
    Query(query): Query<AtQuery>,
) -> ApiResult<DraftCheck> {
    require(&actor, "responsibility.read", now)?;
    Ok(Json(
        service.draft_check(id, query.at.unwrap_or(now)).await?,
    ))
}

/// Puts a draft in force from a day on
///
/// Refused with `responsibility.opens_fault` and the list of faults when it would open holes or overlaps and
/// nobody takes them with a reason.
#[utoipa::path(post, path = "/api/v1/responsibility/drafts/{id}/publish", tag = "responsibility",
    operation_id = "publishResponsibilityDraft", params(("id" = String, Path)), request_body = PublishDraft,
    responses((status = 200, body = ListView), Problems))]
pub(crate) async fn publish_draft(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<Uuid>,
    IfMatch(expected): IfMatch,
    Json(body): Json<PublishDraft>,
) -> ApiResult<ListView> {
    require(&actor, "responsibility.publish", now)?;
    Ok(Json(service.publish(id, body, expected, &actor).await?))
}

fn versioned(draft: DraftDetail) -> Versioned<DraftDetail> {
    let version = draft.draft.version;
    Versioned(draft, version)
}
