//! The door for pushes of other systems: `POST /api/v1/intake/webhooks/{channel}`.
//!
//! A push is believed by its signature, taken once, and answered with the case's number. The same reference
//! is the same case for life. What is refused after its signature fits is counted and kept to look at.

mod payload;
mod signature;

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yiwang_contracts::{Actor, IncidentId};
use yiwang_http::{Json, Problem, Problems};
use yiwang_kernel::{Clock, Fault, FaultKind, FieldFault};
use yiwang_runtime::WebhookConfig;

use crate::model::{NewIncident, Refused, RefusedReport, Sent, Source, Stored};
use crate::service::IncidentService;

pub use payload::{Caller, Message, Pushed, WorkOrder};
pub use signature::{SIGNATURE_HEADER, SIGNATURES_MAX, Seen, SignatureFault, sign, verify};

/// What the door stands on.
pub(crate) struct Webhooks {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) incidents: Arc<IncidentService>,
    pub(crate) channels: Vec<WebhookConfig>,
    pub(crate) window: SignedDuration,
    pub(crate) seen: Mutex<Seen>,
}

/// What became of a push.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PushAnswer {
    pub id: IncidentId,
    pub number: String,
    /// True when the reference was there already; nothing was changed.
    pub duplicate: bool,
}

#[derive(Debug, thiserror::Error)]
enum WebhookFault {
    #[error("there is no channel of this name")]
    UnknownChannel,
    #[error(transparent)]
    Signature(#[from] SignatureFault),
    #[error("the body is not a work order or a message: {0}")]
    Unreadable(String),
    #[error("the report is not right")]
    Invalid(Vec<FieldFault>),
    #[error("{}", .0.message)]
    Refused(Refused),
}

impl Fault for WebhookFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::UnknownChannel => FaultKind::NotFound,
            Self::Signature(_) => FaultKind::Unauthenticated,
            Self::Unreadable(_) | Self::Invalid(_) | Self::Refused(_) => FaultKind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::UnknownChannel => "webhook.unknown_channel",
            Self::Signature(SignatureFault::Missing) => "webhook.signature_missing",
            Self::Signature(SignatureFault::Wrong) => "webhook.signature_wrong",
            Self::Signature(SignatureFault::Stale) => "webhook.signature_stale",
            Self::Signature(SignatureFault::Replayed) => "webhook.signature_replayed",
            Self::Unreadable(_) => "webhook.unreadable",
            Self::Invalid(_) => "webhook.invalid",
            Self::Refused(refused) => refused.code,
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::Invalid(fields) => fields.clone(),
            Self::Refused(refused) => {
                vec![FieldFault::new(
                    format!("/{}", refused.field),
                    refused.code,
                    refused.message.clone(),
                )]
            }
            _ => Vec::new(),
        }
    }
}

impl WebhookFault {
    /// What is kept of a push that could not be read into a report.
    fn refused(&self, channel: &str, body: &[u8], sent: Sent) -> RefusedReport {
        let pushed: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
        let reference = pushed.get("ref").or_else(|| pushed.get("message_id"));
        let message = match self {
            Self::Invalid(fields) => {
                let said = |fault: &FieldFault| format!("{}: {}", fault.path, fault.message);
                fields.iter().map(said).collect::<Vec<_>>().join("; ")
            }
            other => other.to_string(),
        };
        RefusedReport {
            refused: Refused {
                code: self.code(),
                field: "",
                message,
            },
            source_ref: reference
                .and_then(|reference| reference.as_str())
                .map(|reference| format!("{channel}:{reference}")),
            sent: Some(sent),
        }
    }
}

pub(crate) fn routes(state: Arc<Webhooks>) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(push)).with_state(state)
}

/// Takes a signed report of another system
///
/// The header `X-Yiwang-Signature: t=<seconds>,v1=<hex>` holds HMAC-SHA256 over `<seconds>.<body>` by the
/// channel's secret. The same reference again is answered 200 with the number it got the first time.
#[utoipa::path(
    post, path = "/api/v1/intake/webhooks/{channel}", tag = "intake", operation_id = "webhook_push",
    params(("channel" = String, Path, description = "the channel's name in the settings")),
    request_body = Pushed, security(()),
    responses((status = 201, body = PushAnswer), (status = 200, body = PushAnswer), Problems)
)]
async fn push(
    State(door): State<Arc<Webhooks>>,
    Path(channel): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let stored = door.take(&channel, &headers, &body).await?;
    let status = if stored.duplicate {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    let answer = PushAnswer {
        id: stored.id,
        number: stored.number,
        duplicate: stored.duplicate,
    };
    Ok((status, Json(answer)).into_response())
}

impl Webhooks {
    async fn take(
        &self,
        channel: &str,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<Stored, Problem> {
        let now = self.clock.now();
        let known = self.channels.iter().find(|known| known.channel == channel);
        let config = known.ok_or(WebhookFault::UnknownChannel)?;
        let header = headers
            .get(SIGNATURE_HEADER)
            .and_then(|value| value.to_str().ok());
        let signed = verify(config.secret.reveal(), header, body, now, self.window)
            .map_err(WebhookFault::from)?;
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take(signed, now, self.window)
            .map_err(WebhookFault::from)?;
        // The settings were checked when they were read; a channel that says nothing is a hotline.
        let source = Source::parse(&config.source).unwrap_or(Source::Hotline);
        let sent = Sent::json(format!("webhook:{channel}"), body.clone());
        let case = match read(body)
            .and_then(|pushed| pushed.case(channel, source).map_err(WebhookFault::Invalid))
        {
            Ok(case) => NewIncident {
                sent: Some(sent),
                ..case
            },
            Err(fault) => {
                let refused = fault.refused(channel, body, sent);
                self.incidents
                    .note_refused(source, vec![refused], now)
                    .await?;
                return Err(fault.into());
            }
        };
        let actor = Arc::new(Actor::system(format!("webhook: {channel}")));
        let outcomes = self.incidents.create(vec![case], &actor, now).await?;
        match outcomes.into_iter().next() {
            Some(Ok(stored)) => Ok(stored),
            Some(Err(refused)) => Err(WebhookFault::Refused(refused).into()),
            None => Err(Problem::internal()),
        }
    }
}

fn read(body: &[u8]) -> Result<Pushed, WebhookFault> {
    serde_json::from_slice(body).map_err(|error| WebhookFault::Unreadable(error.to_string()))
}
