//! Routes of rules, and of how often they were right.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Path, Problems, Query};
use yiwang_kernel::{Page, PageRequest};

use super::Service;
use crate::service::{AlarmRuleView, FeedbackView, WithdrawRule};

/// The rules in force, with how often they were right.
#[utoipa::path(get, path = "/api/v1/alarm-rules", tag = "alarms", operation_id = "listAlarmRules",
    responses((status = 200, body = Vec<AlarmRuleView>), Problems))]
pub(super) async fn list_alarm_rules(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<Vec<AlarmRuleView>> {
    Ok(Json(service.rules(&actor, now).await?))
}

/// All versions of a rule, the newest first.
#[utoipa::path(get, path = "/api/v1/alarm-rules/{code}", tag = "alarms", operation_id = "readAlarmRule",
    params(("code" = String, Path)), responses((status = 200, body = Vec<AlarmRuleView>), Problems))]
pub(super) async fn read_alarm_rule(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(code): Path<String>,
) -> ApiResult<Vec<AlarmRuleView>> {
    Ok(Json(service.rule(&actor, &code, now).await?))
}

/// Takes back what people of the city published of a rule; the pack's version is in force again.
#[utoipa::path(post, path = "/api/v1/alarm-rules/{code}/withdraw", tag = "alarms",
    operation_id = "withdrawAlarmRule", params(("code" = String, Path)), request_body = WithdrawRule,
    responses((status = 200, body = Vec<AlarmRuleView>), Problems))]
pub(super) async fn withdraw_alarm_rule(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(code): Path<String>,
    Json(body): Json<WithdrawRule>,
) -> ApiResult<Vec<AlarmRuleView>> {
    Ok(Json(service.withdraw(&actor, &code, body, now).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FeedbackQuery {
    /// Of one rule.
    rule: Option<String>,
    /// Of one device, by code.
    device: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// How often alarms were found true and false, for each rule and device, in their order.
#[utoipa::path(get, path = "/api/v1/alarms/feedback", tag = "alarms", operation_id = "listAlarmFeedback",
    params(FeedbackQuery), responses((status = 200, body = Page<FeedbackView>), Problems))]
pub(super) async fn list_alarm_feedback(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<FeedbackQuery>,
) -> ApiResult<Page<FeedbackView>> {
    let page = PageRequest {
        limit: query.limit,
        cursor: query.cursor,
    };
    let (rule, device) = (query.rule.as_deref(), query.device.as_deref());
    let found = service.feedback(&actor, rule, device, &page, now);
    Ok(Json(found.await?))
}
