//! Notices.

use axum::extract::State;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Path, Problems, Query};
use yiwang_kernel::Page;

use super::Service;
use crate::notice::NoticeId;
use crate::service::{AcknowledgeNotice, NoticeQuery, NoticeView};

/// What followed when grades began, the newest first.
#[utoipa::path(get, path = "/api/v1/vital-notices", tag = "vitals", operation_id = "listVitalNotices",
    params(NoticeQuery), responses((status = 200, body = Page<NoticeView>), Problems))]
pub(crate) async fn list_vital_notices(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<NoticeQuery>,
) -> ApiResult<Page<NoticeView>> {
    Ok(Json(service.notices(&actor, query, now).await?))
}

/// Takes note of one; a proposal becomes a case only by this, with `open_case`.
#[utoipa::path(post, path = "/api/v1/vital-notices/{id}/acknowledge", tag = "vitals",
    operation_id = "acknowledgeVitalNotice",
    params(("id" = NoticeId, Path)), request_body = AcknowledgeNotice,
    responses((status = 200, body = NoticeView), Problems))]
pub(crate) async fn acknowledge_vital_notice(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<NoticeId>,
    Json(body): Json<AcknowledgeNotice>,
) -> ApiResult<NoticeView> {
    Ok(Json(service.acknowledge(&actor, id, body, now).await?))
}
