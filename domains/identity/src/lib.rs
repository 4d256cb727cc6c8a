#![doc = include_str!("../README.md")]

mod api;
mod audit;
mod demo;
mod error;
mod grant;
mod migration;
mod org;
mod pack;
mod password;
mod role;
mod secret;
mod service;
mod session;
mod settings;
mod token;
mod user;

use std::sync::Arc;

use yiwang_contracts::Audit;
use yiwang_runtime::{Domain, Platform};

pub use audit::{AuditFilter, AuditView, FirstBroken, Verified, VerifyFault, verify};
pub use demo::{DEMO_PASSWORD, DemoAccount, DemoCity};
pub use error::{IdentityError, Noun};
pub use grant::{CreateGrant, GrantId, GrantRow};
pub use migration::migrations;
pub use org::{OrgTree, OrgUnit};
pub use pack::{OrgEntry, RoleEntry};
pub use password::HasherStats;
pub use role::{ACTIONS, Duty, OWN_SESSION, Role, Roles};
pub use service::{GrantFilter, GrantView, IdentityService, Me, NewAdministrator, SignedIn};
pub use settings::{HashPolicy, IdentitySettings, LockoutPolicy, PasswordPolicy, SessionPolicy};
pub use token::{CreateToken, TokenCreated, TokenId, TokenView};
pub use user::{CreateUser, Post, UpdateUser, UserFilter, UserKind, UserStatus, UserView};

/// The open domain: what the node runs, and the one that answers the others' questions
/// (`Authenticate`, `Audit`, `Organisations`, `People`, `PackTarget`).
pub struct Opened {
    pub domain: Domain,
    pub service: Arc<IdentityService>,
}

/// Opens the domain with the settings of the node. Its tables must be there.
pub async fn open(platform: &Platform) -> Result<Opened, IdentityError> {
    open_with(platform, IdentitySettings::from(platform.config.as_ref())).await
}

/// Opens the domain with settings of one's own, and becomes the node's audit log.
pub async fn open_with(
    platform: &Platform,
    settings: IdentitySettings,
) -> Result<Opened, IdentityError> {
    let service = Arc::new(IdentityService::open(platform, settings).await?);
    platform
        .audit
        .connect(Arc::clone(&service) as Arc<dyn Audit>);
    let mut domain = Domain::new("identity", api::routes(Arc::clone(&service)));
    domain.reconcilers = service::reconcilers(&service);
    Ok(Opened { domain, service })
}

#[cfg(test)]
mod tests;
