//! Routes of drafts and back-tests.

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
use crate::draft::{DraftId, RuleDraftState};
use crate::service::{
    AlarmRuleView, BacktestAnswer, BacktestRequest, CreateRuleDraft, PublishRuleDraft,
    RuleDraftDetail, RuleDraftView, RuleExamined, UpdateRuleDraft,
};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DraftsQuery {
    /// Of one rule.
    rule: Option<String>,
    #[param(inline)]
    state: Option<RuleDraftState>,
    limit: Option<u32>,
    cursor: Option<String>,
}

fn versioned(detail: RuleDraftDetail) -> Versioned<RuleDraftDetail> {
    let version = detail.draft.version;
    Versioned(detail, version)
}

/// Drafts of rules, the newest first.
#[utoipa::path(get, path = "/api/v1/alarm-rules/drafts", tag = "alarms", operation_id = "listAlarmRuleDrafts",
    params(DraftsQuery), responses((status = 200, body = Page<RuleDraftView>), Problems))]
pub(super) async fn list_alarm_rule_drafts(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<DraftsQuery>,
) -> ApiResult<Page<RuleDraftView>> {
    let page = PageRequest {
        limit: query.limit,
        cursor: query.cursor,
    };
    let wanted = (query.rule.as_deref(), query.state);
    Ok(Json(service.drafts(&actor, wanted, &page, now).await?))
}

/// Begins a draft from a rule, from an entry as typed, or from nothing.
#[utoipa::path(post, path = "/api/v1/alarm-rules/drafts", tag = "alarms", operation_id = "createAlarmRuleDraft",
    request_body = CreateRuleDraft, responses((status = 201, body = RuleDraftDetail), Problems))]
pub(super) async fn create_alarm_rule_draft(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Json(body): Json<CreateRuleDraft>,
) -> Result<Response, Problem> {
    let detail = service.create_draft(&actor, body, now).await?;
    Ok((StatusCode::CREATED, versioned(detail)).into_response())
}

/// One draft with its text and everything that is found about it.
#[utoipa::path(get, path = "/api/v1/alarm-rules/drafts/{id}", tag = "alarms", operation_id = "readAlarmRuleDraft",
    params(("id" = String, Path)), responses((status = 200, body = RuleDraftDetail), Problems))]
pub(super) async fn read_alarm_rule_draft(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<DraftId>,
) -> Result<Versioned<RuleDraftDetail>, Problem> {
    Ok(versioned(service.draft(&actor, id, now).await?))
}

/// Keeps a draft's text as it is now, right or not, and tells everything that is found about it.
#[utoipa::path(put, path = "/api/v1/alarm-rules/drafts/{id}", tag = "alarms", operation_id = "updateAlarmRuleDraft",
    params(("id" = String, Path), ("if-match" = Option<String>, Header)), request_body = UpdateRuleDraft,
    responses((status = 200, body = RuleDraftDetail), Problems))]
pub(super) async fn update_alarm_rule_draft(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    IfMatch(version): IfMatch,
    Path(id): Path<DraftId>,
    Json(body): Json<UpdateRuleDraft>,
) -> Result<Versioned<RuleDraftDetail>, Problem> {
    let changed = service.update_draft(&actor, id, body, version, now);
    Ok(versioned(changed.await?))
}

/// Puts a draft away; it stays readable.
#[utoipa::path(delete, path = "/api/v1/alarm-rules/drafts/{id}", tag = "alarms",
    operation_id = "discardAlarmRuleDraft", params(("id" = String, Path), ("if-match" = Option<String>, Header)),
    responses((status = 200, body = RuleDraftView), Problems))]
pub(super) async fn discard_alarm_rule_draft(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    IfMatch(version): IfMatch,
    Path(id): Path<DraftId>,
) -> ApiResult<RuleDraftView> {
    let changed = service.discard_draft(&actor, id, version, now);
    Ok(Json(changed.await?))
}

/// Makes a draft the next version of its rule, which goes before the pack's until it is withdrawn. Answers all
/// versions. A draft with errors is refused with `alerting.faulty` and all findings.
#[utoipa::path(post, path = "/api/v1/alarm-rules/drafts/{id}/publish", tag = "alarms",
    operation_id = "publishAlarmRuleDraft",
    params(("id" = String, Path), ("if-match" = Option<String>, Header)), request_body = PublishRuleDraft,
    responses((status = 200, body = Vec<AlarmRuleView>), Problems))]
pub(super) async fn publish_alarm_rule_draft(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    IfMatch(version): IfMatch,
    Path(id): Path<DraftId>,
    Json(body): Json<PublishRuleDraft>,
) -> ApiResult<Vec<AlarmRuleView>> {
    let published = service.publish_draft(&actor, id, body, version, now);
    Ok(Json(published.await?))
}

/// Tells everything that is found about an entry as typed; nothing is kept.
#[utoipa::path(post, path = "/api/v1/alarm-rules/check", tag = "alarms", operation_id = "checkAlarmRule",
    request_body = UpdateRuleDraft, responses((status = 200, body = RuleExamined), Problems))]
pub(super) async fn check_alarm_rule(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Json(body): Json<UpdateRuleDraft>,
) -> ApiResult<RuleExamined> {
    Ok(Json(service.examine(&actor, &body.entry, now)?))
}

/// Runs a rule or draft over stored history: when it would have raised alarms, and how well that fits labels or cases.
#[utoipa::path(post, path = "/api/v1/alarm-rules/backtest", tag = "alarms", operation_id = "backtestAlarmRule",
    request_body = BacktestRequest, responses((status = 200, body = BacktestAnswer), Problems))]
pub(super) async fn backtest_alarm_rule(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Json(body): Json<BacktestRequest>,
) -> ApiResult<BacktestAnswer> {
    Ok(Json(service.backtest(&actor, body, now).await?))
}
