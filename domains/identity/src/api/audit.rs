//! The audit log, for the audit administrator.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use yiwang_contracts::UserId;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Problems, Query};
use yiwang_kernel::{Page, PageRequest, Timestamp};

use super::Service;
use crate::audit::{AuditFilter, AuditView, FirstBroken, Verified, VerifyFault};
use crate::error::IdentityError;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// From this instant on.
    #[param(value_type = Option<String>)]
    from: Option<Timestamp>,
    /// Before this instant.
    #[param(value_type = Option<String>)]
    until: Option<Timestamp>,
    #[param(value_type = Option<String>)]
    user: Option<UserId>,
    /// The action, or what it begins with: `session.`
    action: Option<String>,
    /// The object, or what it begins with: `user:`
    object: Option<String>,
    /// Words in the name, the object, the address or the detail.
    q: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// What a check of the whole chain found.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct AuditCheck {
    intact: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    verified: Option<Verified>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_broken: Option<FirstBroken>,
}

/// The log, newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", operation_id = "listAudit",
    params(AuditQuery), responses((status = 200, body = Page<AuditView>), Problems))]
pub(crate) async fn list_audit(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<AuditQuery>,
) -> ApiResult<Page<AuditView>> {
    let page = PageRequest {
        limit: query.limit,
        cursor: query.cursor,
    };
    let filter = AuditFilter {
        from: query.from,
        until: query.until,
        user: query.user,
        action: query.action,
        object: query.object,
        q: query.q,
    };
    Ok(Json(service.audit_log(&actor, &filter, &page, now).await?))
}

/// Checks the whole chain; names the first row that is broken.
#[utoipa::path(get, path = "/api/v1/audit/verify", tag = "audit", operation_id = "verifyAudit",
    responses((status = 200, body = AuditCheck), Problems))]
pub(crate) async fn verify_audit(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<AuditCheck> {
    Ok(Json(match service.verify_audit(&actor, now).await? {
        Ok(verified) => AuditCheck {
            intact: true,
            verified: Some(verified),
            first_broken: None,
        },
        Err(VerifyFault::Broken(broken)) => AuditCheck {
            intact: false,
            verified: None,
            first_broken: Some(broken),
        },
        Err(VerifyFault::Store(error)) => return Err(IdentityError::Store(error).into()),
    }))
}
