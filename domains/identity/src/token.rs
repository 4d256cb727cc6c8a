//! Bearer tokens of integrators: some actions of one service account, with an end. Shown once.

pub(crate) mod store;

use std::collections::HashSet;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use yiwang_contracts::UserId;
use yiwang_kernel::{FieldFault, Timestamp, typed_id};

use crate::role::{ACTIONS, duty_of};
use crate::settings::TOKEN_DAYS_MAX;
use crate::user::{User, UserKind};

typed_id!(
    /// A bearer token.
    TokenId
);

/// A token to make.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateToken {
    /// The service account it acts as.
    pub user_id: UserId,
    /// What it is for, so that it is known again in the list.
    pub name: String,
    /// What it may do of what the account may.
    pub actions: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// A token in a list; its value is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TokenView {
    pub id: TokenId,
    pub user_id: UserId,
    pub user_name: String,
    pub name: String,
    pub actions: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Timestamp>,
}

/// A token just made.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TokenCreated {
    /// The bearer value. It is shown this once.
    pub token: String,
    #[serde(flatten)]
    pub view: TokenView,
}

/// What is wrong with a token to make for `user`.
pub(crate) fn faults(create: &CreateToken, user: &User, now: Timestamp) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    let mut fault = |path: String, code: &str, message: String| {
        faults.push(FieldFault::new(path, code, message));
    };
    if user.kind != UserKind::Service {
        fault(
            "/user_id".into(),
            "not_a_service",
            "only service accounts have tokens".into(),
        );
    }
    if !(1..=64).contains(&create.name.trim().chars().count()) {
        fault(
            "/name".into(),
            "malformed",
            "must have 1 to 64 characters".into(),
        );
    }
    if create.actions.is_empty() {
        fault(
            "/actions".into(),
            "empty",
            "name at least one action".into(),
        );
    }
    let known: HashSet<&str> = ACTIONS.iter().copied().collect();
    for (at, action) in create.actions.iter().enumerate() {
        if !known.contains(action.as_str()) {
            fault(
                format!("/actions/{at}"),
                "unknown",
                format!("there is no action {action}"),
            );
        } else if duty_of(action).is_some() {
            fault(
                format!("/actions/{at}"),
                "duty",
                "an administrator's duty is not for programs".into(),
            );
        }
    }
    let latest = now
        .saturating_add(SignedDuration::from_hours(24 * TOKEN_DAYS_MAX))
        .unwrap_or(Timestamp::MAX);
    if create.expires_at <= now || create.expires_at > latest {
        fault(
            "/expires_at".into(),
            "out_of_range",
            format!("must lie within the next {TOKEN_DAYS_MAX} days"),
        );
    }
    faults
}
