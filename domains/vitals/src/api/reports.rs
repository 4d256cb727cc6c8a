//! Reports of a day or a week.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Path, Problem, Problems, Query};

use super::Service;
use crate::service::{Language, Period, ReportQuery, ReportView};

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// What an area's day or week was like, from stored values: a past one is the same whenever it is asked for.
#[utoipa::path(get, path = "/api/v1/vitals/reports/{period}", tag = "vitals", operation_id = "readVitalsReport",
    params(("period" = Period, Path), ReportQuery), responses((status = 200, body = ReportView), Problems))]
pub(crate) async fn read_report(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(period): Path<Period>,
    Query(query): Query<ReportQuery>,
) -> ApiResult<ReportView> {
    Ok(Json(service.report(&actor, period, &query, now).await?))
}

/// The same as a Word file, in Chinese or English.
#[utoipa::path(get, path = "/api/v1/vitals/reports/{period}/docx", tag = "vitals",
    operation_id = "readVitalsReportDocument", params(("period" = Period, Path), ReportQuery),
    responses((status = 200, body = Vec<u8>,
        content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"), Problems))]
pub(crate) async fn read_report_document(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(period): Path<Period>,
    Query(query): Query<ReportQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let accepted = headers.get(header::ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    let language = query.lang;
    let language = language.unwrap_or_else(|| Language::accepted(accepted.unwrap_or_default()));
    let document = service.report_document(&actor, period, (&query, language), now);
    let (name, bytes) = document.await?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(WORD));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
