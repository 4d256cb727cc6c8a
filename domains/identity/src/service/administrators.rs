//! What the host's operator does from the command line: the first administrators, a forgotten password.

use serde_json::json;
use yiwang_contracts::{Actor, AuditEntry};
use yiwang_kernel::{Masked, Page, PageRequest, Timestamp};

use super::IdentityService;
use super::passwords::Change;
use super::users::new_user;
use crate::error::{IdentityError, Noun};
use crate::grant::{self, CreateGrant, SECRECY_MAX};
use crate::password;
use crate::role::{Duty, duties};
use crate::user::{
    self, CreateUser, Lockout, Post, UserFilter, UserKind, UserView, name_faults, normal_username,
    username_faults,
};

/// An administrator to make from the command line.
#[derive(Clone)]
pub struct NewAdministrator {
    pub username: String,
    pub name: String,
    pub password: Masked,
    /// Code of a role with one of the three duties: `system_admin`, `security_admin`, `audit_admin`.
    pub role: String,
}

impl IdentityService {
    /// Makes the first administrator of a duty, over everything. Refused when somebody holds that duty.
    pub async fn create_administrator(
        &self,
        new: NewAdministrator,
        now: Timestamp,
    ) -> Result<UserView, IdentityError> {
        let duty = self.duty_of_role(&new.role)?;
        if self.is_held(duty, now).await? {
            return Err(IdentityError::AdministratorExists);
        }
        let username = normal_username(&new.username);
        let mut faults = username_faults(&username);
        faults.extend(name_faults(&new.name));
        faults.extend(password::faults(
            &self.settings.password,
            &username,
            new.password.reveal(),
            "/password",
        ));
        if !faults.is_empty() {
            return Err(IdentityError::Invalid(faults));
        }
        let hashed = self.hasher.hash(new.password).await?;
        let root = self.tree().root().map(|unit| unit.brief.id);
        let posts = root.map(|org_id| Post {
            org_id,
            title: "管理员".to_owned(),
            primary: true,
        });
        let create = CreateUser {
            username,
            name: new.name,
            phone: None,
            kind: UserKind::Person,
            password: None,
            must_change_password: false,
            posts: posts.into_iter().collect(),
        };
        let host = Actor::system("host operator");
        let user = new_user(create, Some(hashed), &host.name, now);
        let made = AuditEntry::done(
            &host,
            "user.create",
            format!("user:{}", user.id),
            json!({ "role": new.role }),
            now,
        );
        self.insert_user(user.clone(), made, now).await?;
        let create = CreateGrant {
            user_id: user.id,
            role: new.role,
            org_id: None,
            area: None,
            secrecy_max: SECRECY_MAX,
            purpose: None,
            expires_at: None,
        };
        self.create_grant(&host, create, now).await?;
        self.user(&host, user.id, now).await
    }

    /// Sets the password of anybody and unlocks the account; it must be changed at the next sign-in.
    pub async fn reset_password_by_name(
        &self,
        username: &str,
        new: Masked,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        let found = user::store::by_username(self.db.read(), &normal_username(username)).await?;
        let user = found.ok_or(IdentityError::NotFound(Noun::User))?;
        self.check_new(&user, &new, "/password").await?;
        let hashed = self.hasher.hash(new).await?;
        let host = Actor::system("host operator");
        let audited = AuditEntry::done(
            &host,
            "password.reset",
            format!("user:{}", user.id),
            json!({}),
            now,
        );
        let change = Change {
            user: user.id,
            expected: None,
            hashed,
            must_be_renewed: true,
            kept: None,
            audited,
        };
        self.set_password(change, now).await?;
        self.open_account(user.id).await
    }

    /// Everybody, for the command line.
    pub async fn all_users(
        &self,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<UserView>, IdentityError> {
        self.users(
            &Actor::system("host operator"),
            &UserFilter::default(),
            page,
            now,
        )
        .await
    }

    /// Is there any account at all?
    pub async fn has_users(&self) -> Result<bool, IdentityError> {
        Ok(user::store::any(self.db.read()).await?)
    }

    async fn open_account(&self, id: yiwang_contracts::UserId) -> Result<(), IdentityError> {
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let mut user = user::store::lock(tx, id)
                        .await?
                        .ok_or(IdentityError::NotFound(Noun::User))?;
                    user.lockout = Lockout::default();
                    user::store::update(tx, &user).await?;
                    Ok::<_, IdentityError>(())
                })
            })
            .await
    }

    fn duty_of_role(&self, role: &str) -> Result<Duty, IdentityError> {
        let roles = self.roles();
        let held = roles
            .get(role)
            .map(|role| duties(role.actions.iter()))
            .unwrap_or_default();
        held.into_iter().next().ok_or_else(|| {
            let message = "there is no such role with an administrator's duty";
            IdentityError::Invalid(vec![yiwang_kernel::FieldFault::new(
                "/role", "unknown", message,
            )])
        })
    }

    async fn is_held(&self, duty: Duty, now: Timestamp) -> Result<bool, IdentityError> {
        let roles = self.roles();
        let codes = roles
            .0
            .values()
            .filter(|role| duties(role.actions.iter()).contains(&duty));
        let codes: Vec<String> = codes.map(|role| role.code.clone()).collect();
        let rows = grant::store::of_roles(self.db.read(), &codes).await?;
        Ok(rows.iter().any(|row| row.is_live(now)))
    }
}
