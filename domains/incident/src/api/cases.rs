//! One case: taking it in, looking at it, its log, commands to it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use yiwang_contracts::IncidentId;
use yiwang_http::{
    ApiResult, CurrentActor, IfMatch, Json, JsonSent, Now, Path, Problem, Problems, Query,
    Versioned, require,
};
use yiwang_kernel::{AreaCode, Position, Timestamp};

use super::Hub;
use super::bodies::{ActionView, CreateIncident, CrsName};
use crate::lifecycle::{Command, CommandKind};
use crate::model::{NewIncident, Refused, RefusedReport, Sent, Source};
use crate::service::{Draft, Given, Hint, IncidentService, Verified};
use crate::view::IncidentDetail;

/// Takes a report in. A report whose number its source has sent before is answered with the case
/// that it became then (200).
#[utoipa::path(post, path = "/api/v1/incidents", tag = "incidents", operation_id = "createIncident",
    request_body = CreateIncident,
    responses((status = 201, body = IncidentDetail), (status = 200, body = IncidentDetail), Problems))]
pub(crate) async fn create_incident(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    sent: JsonSent<CreateIncident>,
) -> Result<Response, Problem> {
    require(&actor, "incident.create", now)?;
    let new = readable(&hub, sent, now).await?;
    let (stored, case) = hub.create_one(new, &actor, now).await?;
    let detail = hub.receipt(&stored, case, &actor, now).await?;
    let status = if stored.duplicate {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    let location = format!("/api/v1/incidents/{}", stored.id);
    let version = detail.row.version;
    Ok((
        status,
        [(header::LOCATION, location)],
        Versioned(detail, version),
    )
        .into_response())
}

/// The report, or what is wrong with it; what cannot be read is counted and kept where it says its
/// source.
async fn readable(
    hub: &IncidentService,
    sent: JsonSent<CreateIncident>,
    now: Timestamp,
) -> Result<NewIncident, Problem> {
    let kept = Sent::json("rest", sent.bytes);
    let read = sent.read.and_then(|body| Ok(body.into_new()?));
    let problem = match read {
        Ok(new) => {
            return Ok(NewIncident {
                sent: Some(kept),
                ..new
            });
        }
        Err(problem) => problem,
    };
    if let Some((source, report)) = unread(&problem, kept) {
        hub.note_refused(source, vec![report], now).await?;
    }
    Err(problem)
}

/// What is kept of a body that could not be read; `None` when it does not say where it comes from.
fn unread(problem: &Problem, sent: Sent) -> Option<(Source, RefusedReport)> {
    let body: Value = serde_json::from_slice(&sent.body).ok()?;
    let word = |field: &str| body.get(field).and_then(Value::as_str);
    let source = word("source").and_then(Source::parse)?;
    let code = match problem.code() {
        "http.invalid_body" => "http.invalid_body",
        _ => "incident.invalid",
    };
    let refused = Refused {
        code,
        field: "",
        message: problem.body().detail.clone(),
    };
    let source_ref = word("source_ref").map(str::to_owned);
    let report = RefusedReport {
        refused,
        source_ref,
        sent: Some(sent),
    };
    Some((source, report))
}

/// One case, as the reader may see it.
#[utoipa::path(get, path = "/api/v1/incidents/{id}", tag = "incidents", operation_id = "getIncident",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = IncidentDetail), Problems))]
pub(crate) async fn incident(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<IncidentId>,
) -> Result<Versioned<IncidentDetail>, Problem> {
    let detail = hub.detail(id, &actor, now).await?;
    let version = detail.row.version;
    Ok(Versioned(detail, version))
}

/// The case's log, oldest first.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/timeline", tag = "incidents", operation_id = "getTimeline",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = Vec<ActionView>), Problems))]
pub(crate) async fn timeline(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<IncidentId>,
) -> ApiResult<Vec<ActionView>> {
    let actions = hub.timeline(id, &actor, now).await?;
    Ok(Json(actions.into_iter().map(ActionView::from).collect()))
}

/// Checks the case's log against its chain of digests.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/timeline/verify", tag = "incidents", operation_id = "verifyTimeline",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = Verified), Problems))]
pub(crate) async fn verify_timeline(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<IncidentId>,
) -> ApiResult<Verified> {
    Ok(Json(hub.verify_log(id, &actor, now).await?))
}

/// Cases that may be about the same matter as this one.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/duplicates", tag = "incidents", operation_id = "getDuplicates",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = Vec<Hint>), Problems))]
pub(crate) async fn duplicates(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<IncidentId>,
) -> ApiResult<Vec<Hint>> {
    Ok(Json(hub.duplicates_of(id, &actor, now).await?))
}

/// A report that is being written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FindDuplicates {
    #[serde(default)]
    item_code: Option<String>,
    #[serde(default)]
    position: Option<Position>,
    #[serde(default)]
    crs: CrsName,
    #[serde(default)]
    address: String,
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    area_code: Option<AreaCode>,
    #[serde(default)]
    text: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(default)]
    at: Option<Timestamp>,
    #[serde(default)]
    phone: Option<String>,
}

/// Cases that may be about the same matter as a report that is being written.
#[utoipa::path(post, path = "/api/v1/incidents/duplicates", tag = "incidents", operation_id = "findDuplicates",
    request_body = FindDuplicates, responses((status = 200, body = Vec<Hint>), Problems))]
pub(crate) async fn find_duplicates(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Json(body): Json<FindDuplicates>,
) -> ApiResult<Vec<Hint>> {
    require(&actor, "incident.read", now)?;
    let position = match body.position {
        Some(given) => body.crs.place(given)?,
        None => None,
    };
    let draft = Draft {
        item: body.item_code,
        position,
        address: body.address,
        area: body.area_code,
        text: body.text,
        at: body.at,
        phone: body.phone,
    };
    Ok(Json(hub.hints(&draft, &actor, now).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Purpose {
    /// Why it is looked at; goes to the audit log.
    #[serde(default)]
    pub(super) purpose: String,
}

/// The reporter in clear.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RevealedReporter {
    name: Option<String>,
    phone: Option<String>,
}

/// The reporter's name and phone in clear. Every look is written to the audit log.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/reporter", tag = "incidents", operation_id = "revealReporter",
    params(("id" = String, Path, format = Uuid), Purpose),
    responses((status = 200, body = RevealedReporter), Problems))]
pub(crate) async fn reporter(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<IncidentId>,
    Query(query): Query<Purpose>,
) -> ApiResult<RevealedReporter> {
    let (name, phone) = hub.reveal(id, &query.purpose, &actor, now).await?.unzip();
    Ok(Json(RevealedReporter { name, phone }))
}

/// Gives a command. The version that the actor looked at comes as `If-Match` or as `version` in the
/// body; when somebody changed the case since, the answer is 409 `incident.version_conflict`.
///
/// A program that does not need the case back says `Prefer: return=minimal` and is answered with its
/// `id`, `number`, `status` and `version` only.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/commands/{command}", tag = "incidents", operation_id = "giveCommand",
    params(("id" = String, Path, format = Uuid), ("command" = inline(CommandKind), Path),
        ("prefer" = Option<String>, Header, description = "`return=minimal` for the short answer")),
    request_body = Command,
    responses((status = 200, body = IncidentDetail), Problems))]
pub(crate) async fn give_command(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    IfMatch(expected): IfMatch,
    Path((id, command)): Path<(IncidentId, String)>,
    headers: HeaderMap,
    Json(mut body): Json<Value>,
) -> Result<Response, Problem> {
    let unknown = || {
        let text = format!("there is no command {command}");
        Problem::new(StatusCode::NOT_FOUND, "incident.unknown_command", text)
    };
    let kind = CommandKind::parse(&command).ok_or_else(unknown)?;
    let said = body.as_object_mut().and_then(|body| body.remove("version"));
    let expected = expected.or_else(|| said.and_then(|version| version.as_i64()));
    let command = Command::parse(kind, body)?;
    let actor = Arc::new(actor);
    let given = Given {
        incident: id,
        command: Arc::new(command),
        actor: Arc::clone(&actor),
        expected,
        now,
    };
    let incident = hub.give(given).await?;
    if prefers_minimal(&headers) {
        let applied = [("preference-applied", MINIMAL)];
        let brief = Brief {
            id: incident.id,
            number: incident.number.clone(),
            status: incident.status.as_str(),
            version: incident.version,
        };
        return Ok((applied, Versioned(brief, incident.version)).into_response());
    }
    let detail = hub.after_command(&incident, &actor, now).await?;
    Ok(Versioned(detail, incident.version).into_response())
}

/// The preference of RFC 7240.
const MINIMAL: &str = "return=minimal";

/// What a program needs to go on.
#[derive(Debug, Serialize)]
struct Brief {
    id: IncidentId,
    number: String,
    status: &'static str,
    version: i64,
}

fn prefers_minimal(headers: &HeaderMap) -> bool {
    let values = headers.get_all("prefer").iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|preference| preference.trim().eq_ignore_ascii_case(MINIMAL))
}
