//! Readings pushed over HTTP.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use yiwang_contracts::Actor;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Problem, Problems, RequestOrigin};

use super::Service;
use super::devices::Body;
use crate::error::SensingError;
use crate::service::{IngestOutcome, Sender, SensingService};
use crate::slot::Slot;

/// A device by HTTP Basic (its code and token), or whoever a bearer token stands for.
pub(crate) enum Pusher {
    Device(Arc<Slot>),
    Actor(Box<Actor>),
}

impl<S> FromRequestParts<S> for Pusher
where
    S: Send + Sync,
    Arc<SensingService>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if let Some((code, token)) = basic(&parts.headers) {
            let service = Arc::<SensingService>::from_ref(state);
            return Ok(Self::Device(service.authenticate(&code, token.as_bytes())?));
        }
        let CurrentActor(actor) =
            <CurrentActor as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        Ok(Self::Actor(Box::new(actor)))
    }
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (code, token) = decoded.split_once(':')?;
    Some((code.to_owned(), token.to_owned()))
}

/// Takes readings in: JSON (`{"device": …, "time": …, "values": {…}}`, a list of such, or one on each line), or CSV
/// with `Content-Type: text/csv` (`device,time,property,value[,quality]`). A device signs in by HTTP Basic with
/// its code and token and speaks for itself. What the answer counts as stored is durable.
#[utoipa::path(post, path = "/api/v1/sensing/readings", tag = "sensing", operation_id = "pushReadings",
    request_body(content(("application/json"), ("text/csv"))),
    responses((status = 200, body = IngestOutcome), Problems))]
pub(crate) async fn push(
    State(service): Service,
    pusher: Pusher,
    RequestOrigin(origin): RequestOrigin,
    Now(now): Now,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<IngestOutcome> {
    let media = headers.get(header::CONTENT_TYPE);
    let is_csv = media
        .and_then(|media| media.to_str().ok())
        .is_some_and(|media| media.starts_with("text/csv"));
    let sender = match &pusher {
        Pusher::Device(slot) => Sender::Device(Arc::clone(slot)),
        Pusher::Actor(actor) => Sender::Actor(actor),
    };
    let remote = origin.ip.unwrap_or_default();
    let outcome = service.ingest(sender, &body, is_csv, &remote, now).await;
    Ok(Json(outcome.map_err(told)?))
}

/// What a device sent wrong is told with its reason.
fn told(error: SensingError) -> Problem {
    error.into()
}
