//! Who asks: a bearer token or the session cookie, checked once a request.
//!
//! The cookie alone does not carry an unsafe request: another site could have made the browser send it.

mod address;
mod cookie;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use yiwang_contracts::{Actor, Origin, Scope};
use yiwang_kernel::Timestamp;

pub(crate) use address::client_address;
pub use address::{AddressRange, AddressRangeFault};
pub use cookie::{CSRF_HEADER, SESSION_COOKIE, clear_session_cookie, session_cookie};

use crate::{Edge, Problem};

/// The signed-in person or integrator. `Option<CurrentActor>` is `None` only when no credential was sent.
#[derive(Debug, Clone)]
pub struct CurrentActor(pub Actor);

/// The credential of a request as it was sent, for signing out.
#[derive(Clone)]
pub struct Credential {
    pub token: String,
    /// True when it came by cookie, false for `Authorization: Bearer`.
    pub by_cookie: bool,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credential")
            .field("by_cookie", &self.by_cookie)
            .finish_non_exhaustive()
    }
}

/// Where the request came from: address (behind trusted proxies the forwarded one) and device.
#[derive(Debug, Clone)]
pub struct RequestOrigin(pub Origin);

/// The instant at which the request is answered.
#[derive(Debug, Clone, Copy)]
pub struct Now(pub Timestamp);

/// Set on the request once its credential proved good; the rate limit looks at it afterwards.
#[derive(Debug, Clone, Default)]
pub(crate) struct Proved(pub(crate) Arc<AtomicBool>);

/// The rows for which the actor may do `action`; 403 `auth.denied` when there can be none.
pub fn require(actor: &Actor, action: &str, now: Timestamp) -> Result<Scope, Problem> {
    let scope = actor.scope(action, now);
    if scope.is_empty() {
        Err(Problem::denied(action))
    } else {
        Ok(scope)
    }
}

/// Reads the credential without asking whether it is good.
pub(crate) fn credential(parts: &Parts) -> Option<Credential> {
    if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        let token = token.trim();
        return (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| Credential {
            token: token.to_owned(),
            by_cookie: false,
        });
    }
    cookie::session_token(&parts.headers).map(|token| Credential {
        token,
        by_cookie: true,
    })
}

async fn authenticate(parts: &mut Parts) -> Result<Option<CurrentActor>, Problem> {
    if let Some(known) = parts.extensions.get::<CurrentActor>() {
        return Ok(Some(known.clone()));
    }
    let Some(credential) = credential(parts) else {
        // A header of another scheme is a credential too, and not a good one.
        let none_sent = !parts.headers.contains_key(header::AUTHORIZATION);
        return if none_sent {
            Ok(None)
        } else {
            Err(Problem::auth_required())
        };
    };
    let edge = Edge::of(parts)?;
    if credential.by_cookie && !is_safe(&parts.method) && !cookie::from_our_own_page(&parts.headers)
    {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "auth.csrf",
            format!("a request that changes something by cookie needs the header {CSRF_HEADER}: 1"),
        ));
    }
    let origin = edge.origin(parts);
    let now = edge.now();
    let actor = edge
        .authenticate()
        .authenticate(&credential.token, origin, now)
        .await;
    let current = CurrentActor(actor.ok_or_else(Problem::auth_required)?);
    if let Some(proved) = parts.extensions.get::<Proved>() {
        proved.0.store(true, Ordering::Relaxed);
    }
    parts.extensions.insert(current.clone());
    Ok(Some(current))
}

pub(crate) fn is_safe(method: &Method) -> bool {
    matches!(
        *method,
        Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE
    )
}

impl<S: Send + Sync> FromRequestParts<S> for CurrentActor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        authenticate(parts)
            .await?
            .ok_or_else(Problem::auth_required)
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for CurrentActor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Option<Self>, Problem> {
        authenticate(parts).await
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Credential {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        credential(parts).ok_or_else(Problem::auth_required)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestOrigin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        Ok(Self(Edge::of(parts)?.origin(parts)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Now {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        Ok(Self(Edge::of(parts)?.now()))
    }
}
