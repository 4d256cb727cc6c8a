//! Who asks: an account by its session or token, or a device by its code and token, which posts for itself only.

use std::sync::Arc;

use axum::extract::FromRequestParts as _;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use yiwang_contracts::Actor;
use yiwang_http::CurrentActor;
use yiwang_kernel::Timestamp;

use super::entity::Stream;
use super::fault::{Answer, StaFault};
use crate::service::SensingService;
use crate::slot::Slot;

pub(super) enum Caller {
    Device(Arc<Slot>),
    Account(Box<Actor>),
}

impl Caller {
    /// Clients of the standard know HTTP Basic: a device's code and token, or any name and an account's token.
    pub(super) async fn of(service: &SensingService, parts: &mut Parts) -> Answer<Self> {
        if let Some((name, password)) = basic(parts) {
            if service.registry().by_code(&name).is_some() {
                return Ok(Self::Device(
                    service.authenticate(&name, password.as_bytes())?,
                ));
            }
            let bearer = HeaderValue::try_from(format!("Bearer {password}"));
            let bearer = bearer.map_err(|_no_header| {
                StaFault::new(
                    StatusCode::UNAUTHORIZED,
                    "unauthenticated",
                    "this is no token",
                )
            })?;
            parts.headers.insert(header::AUTHORIZATION, bearer);
        }
        let CurrentActor(actor) = CurrentActor::from_request_parts(parts, &()).await?;
        Ok(Self::Account(Box::new(actor)))
    }

    pub(super) fn account(&self) -> Answer<&Actor> {
        match self {
            Self::Account(actor) => Ok(actor),
            Self::Device(_) => Err(StaFault::new(
                StatusCode::FORBIDDEN,
                "device",
                "a device posts its own observations; sign in by an account to read or to change",
            )),
        }
    }

    /// The device whose datastream it is, if the caller may post to it.
    pub(super) fn may_post(
        &self,
        service: &SensingService,
        stream: &Stream,
        now: Timestamp,
    ) -> Answer<Arc<Slot>> {
        let device = &stream.binding.device;
        let slot = service
            .registry()
            .by_id(device.id)
            .ok_or_else(StaFault::not_found)?;
        match self {
            Self::Device(own) if Arc::ptr_eq(own, &slot) => {}
            Self::Device(_) => return Err(StaFault::not_found()),
            Self::Account(actor) => {
                if !actor.may("sensing.ingest", device.subject(), now) {
                    let may_see = actor.may("sensing.read", device.subject(), now);
                    let denied = crate::SensingError::Denied {
                        action: "sensing.ingest",
                    };
                    return Err(if may_see {
                        denied.into()
                    } else {
                        StaFault::not_found()
                    });
                }
            }
        }
        if device.state.takes() {
            Ok(slot)
        } else {
            let message = format!("the device {} is not in use", device.code);
            Err(StaFault::new(StatusCode::CONFLICT, "not_active", message))
        }
    }
}

fn basic(parts: &Parts) -> Option<(String, String)> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (name, password) = decoded.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}
