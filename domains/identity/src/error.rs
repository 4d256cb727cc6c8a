//! What this domain refuses or fails with.

use serde_json::{Value, json};
use yiwang_kernel::{CursorFault, Fault, FaultKind, FieldFault, Timestamp};
use yiwang_store::StoreError;

use crate::role::Duty;

/// The things that may not be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    Org,
    User,
    Grant,
    Token,
    DemoAccounts,
}

#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// Unknown name, wrong password or a closed account: one answer, so that names cannot be tried out.
    #[error("the user name or the password is wrong")]
    BadCredentials,
    #[error("the token is not known, has ended or was revoked; ask for a new one")]
    BadToken,
    #[error("too many wrong passwords; the account is locked until {until}")]
    Locked { until: Timestamp },
    #[error("too many sign-ins wait for their turn")]
    Busy,
    #[error("nobody is signed in")]
    NotSignedIn,
    #[error("this is not yours to do")]
    Denied { action: &'static str },
    #[error("there is no such {0}")]
    NotFound(Noun),
    #[error("the user was changed by {by} since you read it")]
    Changed {
        version: i64,
        by: String,
        at: Timestamp,
    },
    #[error("the user name is taken")]
    UsernameTaken,
    #[error("the request has faults")]
    Invalid(Vec<FieldFault>),
    #[error("the password breaks the rules")]
    WeakPassword(Vec<FieldFault>),
    #[error("the old password is wrong")]
    WrongPassword,
    #[error("nobody grants to himself")]
    OwnGrant,
    #[error("nobody may hold two of the three administrators' duties")]
    DutiesSeparated { held: Vec<Duty>, wanted: Vec<Duty> },
    #[error("the grant is wider than your own right to grant")]
    BeyondOwn,
    #[error("an administrator of another duty is not yours to change")]
    OtherDuty { held: Vec<Duty> },
    #[error("an administrator of this duty exists")]
    AdministratorExists,
    #[error("failed to hash a password: {0}")]
    Hashing(String),
    #[error(transparent)]
    Cursor(#[from] CursorFault),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl std::fmt::Display for Noun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Org => "unit",
            Self::User => "user",
            Self::Grant => "grant",
            Self::Token => "token",
            Self::DemoAccounts => "list of demo accounts",
        })
    }
}

impl From<sea_orm::DbErr> for IdentityError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<serde_json::Error> for IdentityError {
    fn from(error: serde_json::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Fault for IdentityError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::BadCredentials | Self::BadToken | Self::Locked { .. } | Self::NotSignedIn => {
                FaultKind::Unauthenticated
            }
            Self::Busy => FaultKind::Unavailable,
            Self::Denied { .. } | Self::OwnGrant | Self::BeyondOwn | Self::OtherDuty { .. } => {
                FaultKind::Denied
            }
            Self::NotFound(_) => FaultKind::NotFound,
            Self::Changed { .. } => FaultKind::Conflict,
            Self::UsernameTaken | Self::DutiesSeparated { .. } | Self::AdministratorExists => {
                FaultKind::Refused
            }
            Self::Invalid(_) | Self::WeakPassword(_) | Self::WrongPassword => FaultKind::Invalid,
            Self::Hashing(_) => FaultKind::Internal,
            Self::Cursor(fault) => fault.kind(),
            Self::Store(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::BadCredentials => "session.bad_credentials",
            Self::BadToken => "session.bad_token",
            Self::Locked { .. } => "session.locked",
            Self::Busy => "session.busy",
            Self::NotSignedIn => "auth.required",
            Self::Denied { .. } => "auth.denied",
            Self::NotFound(Noun::Org) => "org.not_found",
            Self::NotFound(Noun::User) => "user.not_found",
            Self::NotFound(Noun::Grant) => "grant.not_found",
            Self::NotFound(Noun::Token) => "token.not_found",
            Self::NotFound(Noun::DemoAccounts) => "demo.off",
            Self::Changed { .. } => "user.changed",
            Self::UsernameTaken => "user.username_taken",
            Self::Invalid(_) => "identity.invalid",
            Self::WeakPassword(_) => "password.too_weak",
            Self::WrongPassword => "password.wrong",
            Self::OwnGrant => "grant.own",
            Self::DutiesSeparated { .. } => "grant.duties_separated",
            Self::BeyondOwn => "grant.beyond_own",
            Self::OtherDuty { .. } => "user.other_duty",
            Self::AdministratorExists => "user.administrator_exists",
            Self::Hashing(_) => "password.not_hashed",
            Self::Cursor(fault) => fault.code(),
            Self::Store(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::Invalid(fields) | Self::WeakPassword(fields) => fields.clone(),
            Self::WrongPassword => vec![FieldFault::new(
                "/old",
                "wrong",
                "the old password is wrong",
            )],
            _ => Vec::new(),
        }
    }

    fn data(&self) -> Value {
        match self {
            Self::Locked { until } => json!({ "locked_until": until }),
            Self::Denied { action } => json!({ "action": action }),
            Self::Changed { version, by, at } => {
                json!({ "version": version, "changed_by": by, "changed_at": at })
            }
            Self::DutiesSeparated { held, wanted } => json!({ "held": held, "wanted": wanted }),
            Self::OtherDuty { held } => json!({ "held": held }),
            _ => Value::Null,
        }
    }
}
