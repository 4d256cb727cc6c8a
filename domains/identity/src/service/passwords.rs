//! Changing the own password, and setting another's.

use serde_json::json;
use yiwang_contracts::{Actor, AuditEntry, UserId};
use yiwang_kernel::{FieldFault, Masked, Timestamp};

use super::IdentityService;
use super::sessions::Attempt;
use crate::audit;
use crate::error::{IdentityError, Noun};
use crate::grant;
use crate::password::{self, PasswordHashed};
use crate::role::{Duty, OWN_SESSION};
use crate::secret::read_bearer;
use crate::session;
use crate::user::{self, User};

impl IdentityService {
    /// Changes the actor's own password. Every other session of his ends.
    pub async fn change_password(
        &self,
        actor: &Actor,
        token: &str,
        old: Masked,
        new: Masked,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        if !actor.may_somewhere(OWN_SESSION, now) {
            return Err(IdentityError::Denied {
                action: OWN_SESSION,
            });
        }
        let user = user::store::by_id(self.db.read(), actor.user_id)
            .await?
            .ok_or(IdentityError::NotSignedIn)?;
        if let Some(until) = user.lockout.closed_until(now) {
            return Err(IdentityError::Locked { until });
        }
        if !self.hasher.verify(old, user.password.clone()).await? {
            let attempt = Attempt {
                user: Some(&user),
                username: &user.username,
                origin: actor.origin.clone(),
                action: "password.change",
            };
            let refused = self.count_failure(attempt, now).await?;
            return Err(match refused {
                IdentityError::BadCredentials => IdentityError::WrongPassword,
                other => other,
            });
        }
        self.check_new(&user, &new, "/new").await?;
        let hashed = self.hasher.hash(new).await?;
        let kept = read_bearer(token).map(|(_, digest)| digest);
        let change = Change {
            user: user.id,
            expected: user.password,
            hashed,
            must_be_renewed: false,
            kept,
            audited: AuditEntry::done(
                actor,
                "password.change",
                format!("user:{}", user.id),
                json!({}),
                now,
            ),
        };
        self.set_password(change, now).await
    }

    /// Sets the password of another; he must change it before anything else. The administrators of security
    /// and audit are out of reach, so that no administrator can step into another's shoes.
    pub async fn reset_password(
        &self,
        actor: &Actor,
        id: UserId,
        new: Masked,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        let user = self.user_for(actor, id, "user.edit", now).await?;
        if user.id == actor.user_id {
            return Err(IdentityError::Denied {
                action: "user.edit",
            });
        }
        let rows = grant::store::of_user(self.db.read(), id).await?;
        let held = grant::duties_held(&rows, &self.roles(), now);
        if held.iter().any(|duty| *duty != Duty::System) {
            return Err(IdentityError::OtherDuty {
                held: held.into_iter().collect(),
            });
        }
        self.check_new(&user, &new, "/password").await?;
        let hashed = self.hasher.hash(new).await?;
        let audited = AuditEntry::done(
            actor,
            "password.reset",
            format!("user:{id}"),
            json!({}),
            now,
        );
        let change = Change {
            user: id,
            expected: None,
            hashed,
            must_be_renewed: true,
            kept: None,
            audited,
        };
        self.set_password(change, now).await
    }

    /// The rules and the history.
    pub(super) async fn check_new(
        &self,
        user: &User,
        new: &Masked,
        path: &str,
    ) -> Result<(), IdentityError> {
        let policy = &self.settings.password;
        let mut faults = password::faults(policy, &user.username, new.reveal(), path);
        if faults.is_empty() {
            let mut used =
                user::store::recent_passwords(self.db.read(), user.id, policy.history).await?;
            if let Some(present) = user
                .password
                .clone()
                .filter(|present| !used.contains(present))
            {
                used.push(present);
            }
            if self.hasher.verify_any(new.clone(), used).await? {
                let message = format!("must not be one of the last {}", policy.history);
                faults.push(FieldFault::new(path, "used_before", message));
            }
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(IdentityError::WeakPassword(faults))
        }
    }

    pub(super) async fn set_password(
        &self,
        change: Change,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        let keep = self.settings.password.history;
        let id = change.user;
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let mut user = user::store::lock(tx, id)
                        .await?
                        .ok_or(IdentityError::NotFound(Noun::User))?;
                    if change
                        .expected
                        .is_some_and(|expected| user.password != Some(expected))
                    {
                        return Err(IdentityError::WrongPassword);
                    }
                    user.password = Some(change.hashed.clone());
                    user.password_changed_at = now;
                    user.must_change_password = change.must_be_renewed;
                    user.updated_at = now;
                    user.updated_by.clone_from(&change.audited.user_name);
                    user.version += 1;
                    user::store::update(tx, &user).await?;
                    user::store::remember_password(tx, id, &change.hashed, keep, now).await?;
                    session::store::delete_of_user(tx, id, change.kept.as_ref()).await?;
                    audit::append(tx, &[change.audited]).await?;
                    Ok(())
                })
            })
            .await?;
        self.sessions.forget_user(id);
        Ok(())
    }
}

/// A password to set.
pub(super) struct Change {
    pub(super) user: UserId,
    /// What the password must still be when it is set; `None`: whatever it is.
    pub(super) expected: Option<PasswordHashed>,
    pub(super) hashed: PasswordHashed,
    pub(super) must_be_renewed: bool,
    /// The session that goes on.
    pub(super) kept: Option<yiwang_kernel::Digest>,
    pub(super) audited: yiwang_contracts::AuditEntry,
}
