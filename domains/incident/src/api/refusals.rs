//! Reports that were refused: a list, one with its payload, the payload in clear.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yiwang_contracts::IncidentId;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Path, Problem, Problems, Query, require};
use yiwang_kernel::{FieldFault, Page, PageRequest, Text, Timestamp};

use super::Hub;
use super::bodies::CreateIncident;
use super::cases::Purpose;
use crate::IncidentError;
use crate::model::{NewIncident, Source};
use crate::service::{RefusalDetail, Withheld, reason};
use crate::store::{RefusalFilter, RefusalRow};
use crate::webhook::Pushed;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RefusalParams {
    source: Option<Source>,
    /// The stable code of the reason, `incident.intake.unknown_item`.
    code: Option<String>,
    /// The beginning of the sender's reference.
    #[serde(rename = "ref")]
    reference: Option<String>,
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// Only those that became no case yet.
    open: Option<bool>,
    cursor: Option<String>,
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusalView {
    id: i64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    source: String,
    source_ref: Option<String>,
    code: String,
    /// The code in words.
    reason: Text,
    field: String,
    message: String,
    /// The way in: `rest`, `open311`, `webhook:CHANNEL`; empty when nothing was kept.
    via: String,
    /// Bytes that were sent, and how many of them are kept.
    payload_bytes: i64,
    kept_bytes: i64,
    /// The case that it became when somebody corrected it.
    incident_id: Option<IncidentId>,
}

impl From<RefusalRow> for RefusalView {
    fn from(row: RefusalRow) -> Self {
        Self {
            id: row.id,
            at: row.at,
            source: row.source,
            source_ref: row.source_ref,
            reason: reason(&row.code),
            code: row.code,
            field: row.field,
            message: row.message,
            via: row.via,
            payload_bytes: row.payload_bytes,
            kept_bytes: row.kept_bytes,
            incident_id: row.incident_id,
        }
    }
}

/// A refused report with its payload.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusalDetailView {
    #[serde(flatten)]
    row: RefusalView,
    media: String,
    /// As it was sent, with people masked.
    payload: Option<String>,
    /// Why there is no payload.
    #[schema(inline)]
    withheld: Option<Withheld>,
}

impl From<RefusalDetail> for RefusalDetailView {
    fn from(detail: RefusalDetail) -> Self {
        Self {
            media: detail.row.media.clone(),
            row: detail.row.into(),
            payload: detail.payload,
            withheld: detail.withheld,
        }
    }
}

/// Reports that were refused, newest first.
#[utoipa::path(get, path = "/api/v1/intake/refusals", tag = "counters", operation_id = "listRefusals",
    params(RefusalParams), responses((status = 200, body = Page<RefusalView>), Problems))]
pub(crate) async fn refusals(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(params): Query<RefusalParams>,
) -> ApiResult<Page<RefusalView>> {
    require(&actor, "counters.read", now)?;
    let page = PageRequest {
        limit: params.limit,
        cursor: params.cursor,
    };
    let some = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let filter = RefusalFilter {
        source: params.source,
        code: some(params.code),
        reference: some(params.reference),
        from: params.from,
        until: params.until,
        open: params.open.unwrap_or(false),
    };
    let limit = page.limit();
    let rows = hub
        .refusals(&filter, page.position()?, u64::from(limit) + 1)
        .await?;
    Ok(Json(
        Page::cut(rows, limit, |row: &RefusalRow| row.id).map(RefusalView::from),
    ))
}

/// One refused report with what was sent, people in it masked. The payload is shown to those only who
/// could read it as a case.
#[utoipa::path(get, path = "/api/v1/intake/refusals/{id}", tag = "counters", operation_id = "getRefusal",
    params(("id" = i64, Path)), responses((status = 200, body = RefusalDetailView), Problems))]
pub(crate) async fn refusal(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<i64>,
) -> ApiResult<RefusalDetailView> {
    require(&actor, "counters.read", now)?;
    Ok(Json(hub.refusal(id, &actor, now).await?.into()))
}

/// What was sent, in clear.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RevealedPayload {
    payload: String,
}

/// What was sent, in clear. Every look is written to the audit log.
#[utoipa::path(get, path = "/api/v1/intake/refusals/{id}/payload", tag = "counters", operation_id = "revealRefusal",
    params(("id" = i64, Path), Purpose), responses((status = 200, body = RevealedPayload), Problems))]
pub(crate) async fn reveal_refusal(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<i64>,
    Query(query): Query<Purpose>,
) -> ApiResult<RevealedPayload> {
    require(&actor, "counters.read", now)?;
    let payload = hub.reveal_refusal(id, &query.purpose, &actor, now).await?;
    Ok(Json(RevealedPayload { payload }))
}

/// A refused report, corrected.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Resubmit {
    /// The whole report in the form it came in.
    #[schema(value_type = Object)]
    payload: serde_json::Value,
}

/// What a corrected report became.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Resubmitted {
    id: IncidentId,
    number: String,
    /// The reference was a case already.
    duplicate: bool,
}

/// Takes in a refused report that somebody corrected, in the form it came in. What came over Open311 is
/// taken in at the desk instead.
#[utoipa::path(post, path = "/api/v1/intake/refusals/{id}/resubmit", tag = "counters", operation_id = "resubmitRefusal",
    params(("id" = i64, Path)), request_body = Resubmit,
    responses((status = 200, body = Resubmitted), Problems))]
pub(crate) async fn resubmit(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<i64>,
    Json(body): Json<Resubmit>,
) -> ApiResult<Resubmitted> {
    require(&actor, "counters.read", now)?;
    require(&actor, "incident.create", now)?;
    let row = hub.to_resubmit(id).await?;
    let corrected = read_again(&row, body.payload)?;
    let stored = hub.resubmit(&row, corrected, &actor, now).await?;
    Ok(Json(Resubmitted {
        id: stored.id,
        number: stored.number,
        duplicate: stored.duplicate,
    }))
}

/// Reads the report as its way in does.
fn read_again(row: &RefusalRow, payload: serde_json::Value) -> Result<NewIncident, Problem> {
    let unfit = |error: serde_json::Error| IncidentError::invalid("payload", error.to_string());
    if row.via == "rest" {
        let body: CreateIncident = serde_json::from_value(payload).map_err(unfit)?;
        return Ok(body.into_new()?);
    }
    let Some(channel) = row.via.strip_prefix("webhook:") else {
        let via = row.via.clone();
        return Err(IncidentError::NotResubmittable { via }.into());
    };
    let pushed: Pushed = serde_json::from_value(payload).map_err(unfit)?;
    let source = Source::parse(&row.source).unwrap_or(Source::Hotline);
    pushed.case(channel, source).map_err(|fields| {
        let said = |fault: &FieldFault| format!("{}: {}", fault.path, fault.message);
        let message: Vec<String> = fields.iter().map(said).collect();
        let fault = IncidentError::invalid("payload", message.join("; "));
        Problem::from(fault).with_fields(fields)
    })
}
