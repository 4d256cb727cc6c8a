//! Routes of alarms.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yiwang_contracts::IncidentId;
use yiwang_http::{
    ApiResult, CurrentActor, IfMatch, Json, Now, Path, Problem, Problems, Query, Versioned,
};
use yiwang_kernel::{AreaCode, Page, PageRequest, Timestamp};
use yiwang_rules::Severity;

use super::Service;
use crate::alarm::{AlarmId, AlarmKind, Verdict};
use crate::service::{AlarmDetail, AlarmQuery, AlarmView, NumbersView};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AlarmsQuery {
    /// Part of the device's code, name or place, or of the rule's name.
    q: Option<String>,
    /// Only those that are open, or have ended.
    open: Option<bool>,
    acknowledged: Option<bool>,
    shelved: Option<bool>,
    /// Only those that a maintenance window or another alarm keeps quiet, or those that nothing does.
    suppressed: Option<bool>,
    chattering: Option<bool>,
    /// `single`, `storm` or `agreement`.
    #[param(inline)]
    kind: Option<AlarmKind>,
    /// Members of storms beside them; a storm stands for them where nothing is said.
    members: Option<bool>,
    /// This severe or worse.
    #[param(inline)]
    severity: Option<Severity>,
    rule: Option<String>,
    /// The device's code.
    device: Option<String>,
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// Those that were open at this instant; what is told of them is what is known now.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// The case that they became.
    #[param(value_type = Option<String>)]
    incident: Option<IncidentId>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Taking note of an alarm.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Acknowledge {
    note: Option<String>,
}

/// Hearing nothing of an alarm for a while.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Shelve {
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    reason: String,
}

/// Saying whether an alarm was true.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct JudgeAlarm {
    verdict: Verdict,
    note: Option<String>,
}

/// The alarms that one may see, newest first.
#[utoipa::path(get, path = "/api/v1/alarms", tag = "alarms", operation_id = "listAlarms",
    params(AlarmsQuery), responses((status = 200, body = Page<AlarmView>), Problems))]
pub(super) async fn list_alarms(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<AlarmsQuery>,
) -> ApiResult<Page<AlarmView>> {
    let page = PageRequest {
        limit: query.limit,
        cursor: query.cursor,
    };
    let wanted = AlarmQuery {
        q: query.q,
        open: query.open,
        acknowledged: query.acknowledged,
        shelved: query.shelved,
        suppressed: query.suppressed,
        chattering: query.chattering,
        kind: query.kind,
        members: query.members.unwrap_or(false),
        severity: query.severity,
        rule: query.rule,
        device: query.device,
        area: query.area,
        from: query.from,
        until: query.until,
        at: query.at,
        incident: query.incident,
    };
    Ok(Json(service.alarms(&actor, wanted, &page, now).await?))
}

/// Numbers of the open alarms that one may see.
#[utoipa::path(get, path = "/api/v1/alarms/numbers", tag = "alarms", operation_id = "countAlarms",
    responses((status = 200, body = NumbersView), Problems))]
pub(super) async fn count_alarms(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<NumbersView> {
    Ok(Json(service.numbers(&actor, now).await?))
}

/// One alarm with its log, and its version as `ETag`.
#[utoipa::path(get, path = "/api/v1/alarms/{id}", tag = "alarms", operation_id = "readAlarm",
    params(("id" = String, Path)), responses((status = 200, body = AlarmDetail), Problems))]
pub(super) async fn read_alarm(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<AlarmId>,
) -> Result<Versioned<AlarmDetail>, Problem> {
    let detail = service.alarm(&actor, id, now).await?;
    let version = detail.alarm.version;
    Ok(Versioned(detail, version))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MembersQuery {
    /// Only those that are open, or have ended.
    open: Option<bool>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// The members of a storm or agreement that one may see, newest first.
#[utoipa::path(get, path = "/api/v1/alarms/{id}/members", tag = "alarms", operation_id = "listAlarmMembers",
    params(("id" = String, Path), MembersQuery), responses((status = 200, body = Page<AlarmView>), Problems))]
pub(super) async fn list_alarm_members(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<AlarmId>,
    Query(query): Query<MembersQuery>,
) -> ApiResult<Page<AlarmView>> {
    let page = PageRequest {
        limit: query.limit,
        cursor: query.cursor,
    };
    Ok(Json(
        service.members(&actor, id, query.open, &page, now).await?,
    ))
}

/// Takes note of an alarm: somebody looks after it.
#[utoipa::path(post, path = "/api/v1/alarms/{id}/acknowledge", tag = "alarms", operation_id = "acknowledgeAlarm",
    params(("id" = String, Path), ("if-match" = Option<String>, Header)),
    request_body = Acknowledge, responses((status = 200, body = AlarmView), Problems))]
pub(super) async fn acknowledge_alarm(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    IfMatch(version): IfMatch,
    Path(id): Path<AlarmId>,
    Json(body): Json<Acknowledge>,
) -> ApiResult<AlarmView> {
    let changed = service.acknowledge(&actor, id, body.note, version, now);
    Ok(Json(changed.await?))
}

/// Lets nothing be heard of an alarm until an instant; no case is opened meanwhile.
#[utoipa::path(post, path = "/api/v1/alarms/{id}/shelve", tag = "alarms", operation_id = "shelveAlarm",
    params(("id" = String, Path), ("if-match" = Option<String>, Header)),
    request_body = Shelve, responses((status = 200, body = AlarmView), Problems))]
pub(super) async fn shelve_alarm(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    IfMatch(version): IfMatch,
    Path(id): Path<AlarmId>,
    Json(body): Json<Shelve>,
) -> ApiResult<AlarmView> {
    let changed = service.shelve(&actor, id, body.until, body.reason, version, now);
    Ok(Json(changed.await?))
}

/// Takes an alarm off the shelf.
#[utoipa::path(post, path = "/api/v1/alarms/{id}/unshelve", tag = "alarms", operation_id = "unshelveAlarm",
    params(("id" = String, Path), ("if-match" = Option<String>, Header)),
    responses((status = 200, body = AlarmView), Problems))]
pub(super) async fn unshelve_alarm(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    IfMatch(version): IfMatch,
    Path(id): Path<AlarmId>,
) -> ApiResult<AlarmView> {
    Ok(Json(service.unshelve(&actor, id, version, now).await?))
}

/// Says whether an alarm was true; counts for its rule's precision.
#[utoipa::path(post, path = "/api/v1/alarms/{id}/verdict", tag = "alarms", operation_id = "judgeAlarm",
    params(("id" = String, Path), ("if-match" = Option<String>, Header)),
    request_body = JudgeAlarm, responses((status = 200, body = AlarmView), Problems))]
pub(super) async fn judge_alarm(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    IfMatch(version): IfMatch,
    Path(id): Path<AlarmId>,
    Json(body): Json<JudgeAlarm>,
) -> ApiResult<AlarmView> {
    let changed = service.judge_alarm(&actor, id, body.verdict, body.note, version, now);
    Ok(Json(changed.await?))
}
