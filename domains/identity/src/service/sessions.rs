//! Signing in and out, and who one is.

use serde::{Deserialize, Serialize};
use serde_json::json;
use yiwang_contracts::{Actor, AuditEntry, AuditOutcome, Origin, UserId};
use yiwang_kernel::{Masked, Timestamp};

use super::IdentityService;
use crate::audit;
use crate::error::IdentityError;
use crate::grant;
use crate::password::PasswordHashed;
use crate::secret::{SESSION_PREFIX, new_bearer, read_bearer};
use crate::session::store::{self, Session};
use crate::session::{SessionId, SessionTimes};
use crate::settings::SESSIONS_PER_DEMO_ACCOUNT_MAX;
use crate::user::list::{OrgName, PostView};
use crate::user::{self, Lockout, User, UserStatus, normal_username, username_faults};

/// Longer input is not a password of ours; it is not hashed.
const PASSWORD_BYTES_MAX: usize = 1_024;

/// A session just opened.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SignedIn {
    /// Good as `Authorization: Bearer` and as the session cookie.
    pub token: String,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    pub user: Me,
}

/// Who is signed in, and what he may do somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Me {
    pub id: UserId,
    pub username: String,
    pub name: String,
    /// The unit of the primary post.
    pub org: Option<OrgName>,
    pub posts: Vec<PostView>,
    /// Codes of the roles held now.
    pub roles: Vec<String>,
    /// Actions that some grant carries now; what the console shows buttons for.
    pub actions: Vec<String>,
    /// Nothing but a change of the password is possible until it is done.
    pub must_change_password: bool,
    pub demo: bool,
}

impl IdentityService {
    /// Opens a session. A wrong name and a wrong password are one answer after the same work.
    pub async fn sign_in(
        &self,
        username: &str,
        password: Masked,
        origin: Origin,
        now: Timestamp,
    ) -> Result<SignedIn, IdentityError> {
        let username = normal_username(username);
        let result = self
            .try_sign_in(&username, password, origin.clone(), now)
            .await;
        match &result {
            Ok(_) => self.signed_in.increment(),
            Err(IdentityError::Busy) => self.shed.increment(),
            Err(_) => self.refused.increment(),
        }
        result
    }

    async fn try_sign_in(
        &self,
        username: &str,
        password: Masked,
        origin: Origin,
        now: Timestamp,
    ) -> Result<SignedIn, IdentityError> {
        let found = user::store::by_username(self.db.read(), username).await?;
        let lockout = found
            .as_ref()
            .map_or_else(|| self.unknown.lockout(username), |user| user.lockout);
        if let Some(until) = lockout.closed_until(now) {
            self.audit
                .append(refusal(
                    Attempt::sign_in(found.as_ref(), username, origin),
                    "locked",
                    now,
                ))
                .await?;
            return Err(IdentityError::Locked { until });
        }
        let fits = password.reveal().len() <= PASSWORD_BYTES_MAX;
        let hashed = found
            .as_ref()
            .filter(|_| fits)
            .and_then(|user| user.password.clone());
        let password = if fits { password } else { Masked::new("") };
        let is_right = self.hasher.verify(password, hashed.clone()).await?;
        match (found, hashed) {
            (Some(user), Some(hashed)) if is_right && user.status == UserStatus::Active => {
                self.open_session(user.id, hashed, origin, now).await
            }
            (found, _) => Err(self
                .count_failure(Attempt::sign_in(found.as_ref(), username, origin), now)
                .await?),
        }
    }

    /// One more wrong password: counted and audited in one transaction. Answers how to refuse.
    pub(super) async fn count_failure(
        &self,
        attempt: Attempt<'_>,
        now: Timestamp,
    ) -> Result<IdentityError, IdentityError> {
        let policy = self.settings.lockout;
        let (user, username) = (attempt.user, attempt.username);
        let refusal = refusal(attempt, "wrong name or password", now);
        let lockout = match user.map(|user| user.id) {
            None => {
                self.audit.append(refusal).await?;
                self.unknown.count_failure(username, &policy, now)
            }
            Some(id) => {
                self.db
                    .write(move |tx| {
                        Box::pin(async move {
                            let Some(mut user) = user::store::lock(tx, id).await? else {
                                return Ok(Lockout::default());
                            };
                            user.lockout = user.lockout.after_failure(&policy, now);
                            user::store::update(tx, &user).await?;
                            audit::append(tx, &[refusal]).await?;
                            Ok::<_, IdentityError>(user.lockout)
                        })
                    })
                    .await?
            }
        };
        Ok(match lockout.closed_until(now) {
            Some(until) => IdentityError::Locked { until },
            None => IdentityError::BadCredentials,
        })
    }

    async fn open_session(
        &self,
        id: UserId,
        verified: PasswordHashed,
        origin: Origin,
        now: Timestamp,
    ) -> Result<SignedIn, IdentityError> {
        let (token, digest) = new_bearer(SESSION_PREFIX);
        let times = SessionTimes::starting(&self.settings.session, now);
        let session = Session {
            id: SessionId::at(now),
            user_id: id,
            times,
        };
        let most = self.settings.session.per_user_max;
        let (user, pruned) = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let user = user::store::lock(tx, id)
                        .await?
                        .ok_or(IdentityError::BadCredentials)?;
                    let mut user = still_good(user, &verified, now)?;
                    if user.lockout != Lockout::default() {
                        user.lockout = Lockout::default();
                        user::store::update(tx, &user).await?;
                    }
                    let most = if user.is_demo {
                        SESSIONS_PER_DEMO_ACCOUNT_MAX
                    } else {
                        most
                    };
                    store::insert(tx, &session, &digest, &origin, now).await?;
                    let pruned = store::prune(tx, id, most.max(1)).await?;
                    audit::append(tx, &[opened(&user, origin, session.id, now)]).await?;
                    Ok::<_, IdentityError>((user, pruned))
                })
            })
            .await?;
        if !pruned.is_empty() {
            self.sessions.forget_user(id);
        }
        let user = self.me_of(user, now).await?;
        Ok(SignedIn {
            token,
            expires_at: times.expires_at,
            user,
        })
    }

    /// Ends the session that `token` opened; a bearer token itself goes on.
    pub async fn sign_out(
        &self,
        actor: &Actor,
        token: &str,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        let (_, digest) = read_bearer(token).ok_or(IdentityError::NotSignedIn)?;
        let entry = AuditEntry::done(
            actor,
            "session.close",
            format!("user:{}", actor.user_id),
            json!({}),
            now,
        );
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    store::delete_by_digest(tx, &digest).await?;
                    audit::append(tx, &[entry]).await?;
                    Ok::<_, IdentityError>(())
                })
            })
            .await?;
        self.sessions.forget(&digest);
        Ok(())
    }

    /// Who the actor is.
    pub async fn me(&self, actor: &Actor, now: Timestamp) -> Result<Me, IdentityError> {
        let user = user::store::by_id(self.db.read(), actor.user_id)
            .await?
            .ok_or(IdentityError::NotSignedIn)?;
        let mut me = self.me_of(user, now).await?;
        // A token carries less than its account.
        me.actions = actor.actions(now);
        Ok(me)
    }

    async fn me_of(&self, user: User, now: Timestamp) -> Result<Me, IdentityError> {
        let mut rows = grant::store::of_user(self.db.read(), user.id).await?;
        rows.retain(|row| row.is_live(now));
        let must_change_password = self.must_change_password(&user, now);
        let grants = grant::compile(&rows, &self.roles(), &self.tree());
        let held = if must_change_password {
            Vec::new()
        } else {
            grants
        };
        let mut actor = Actor {
            grants: std::sync::Arc::new(held),
            system: false,
            ..Actor::system(&user.name)
        };
        let mut roles: Vec<String> = actor
            .grants
            .iter()
            .map(|grant| grant.role.clone())
            .collect();
        roles.sort_unstable();
        roles.dedup();
        std::sync::Arc::make_mut(&mut actor.grants).extend(grant::only_own_session());
        let tree = self.tree();
        let post = |post: &user::Post| PostView {
            org: tree.org_name(post.org_id),
            title: post.title.clone(),
            primary: post.primary,
        };
        Ok(Me {
            id: user.id,
            org: user.org_id().map(|id| tree.org_name(id)),
            posts: user.posts.iter().map(post).collect(),
            username: user.username,
            name: user.name,
            roles,
            actions: actor.actions(now),
            must_change_password,
            demo: user.is_demo,
        })
    }
}

/// What was true before the password was hashed must be true in the transaction.
fn still_good(
    user: User,
    verified: &PasswordHashed,
    now: Timestamp,
) -> Result<User, IdentityError> {
    if let Some(until) = user.lockout.closed_until(now) {
        return Err(IdentityError::Locked { until });
    }
    if user.status != UserStatus::Active || user.password.as_ref() != Some(verified) {
        return Err(IdentityError::BadCredentials);
    }
    Ok(user)
}

fn opened(user: &User, origin: Origin, session: SessionId, now: Timestamp) -> AuditEntry {
    AuditEntry {
        at: now,
        user_id: Some(user.id),
        user_name: user.name.clone(),
        origin,
        action: "session.open".to_owned(),
        object: format!("user:{}", user.id),
        outcome: AuditOutcome::Done,
        detail: json!({ "session": session }),
    }
}

/// Somebody tries a password.
pub(super) struct Attempt<'a> {
    pub(super) user: Option<&'a User>,
    pub(super) username: &'a str,
    pub(super) origin: Origin,
    pub(super) action: &'static str,
}

impl<'a> Attempt<'a> {
    fn sign_in(user: Option<&'a User>, username: &'a str, origin: Origin) -> Self {
        Self {
            user,
            username,
            origin,
            action: "session.open",
        }
    }
}

/// A password typed in the wrong field must not get into the log, so only what looks like a name is kept.
fn refusal(attempt: Attempt<'_>, why: &str, now: Timestamp) -> AuditEntry {
    let user = attempt.user;
    let tried = if username_faults(attempt.username).is_empty() {
        attempt.username
    } else {
        "?"
    };
    AuditEntry {
        at: now,
        user_id: user.map(|user| user.id),
        user_name: user.map_or_else(|| tried.to_owned(), |user| user.name.clone()),
        origin: attempt.origin,
        action: attempt.action.to_owned(),
        object: user
            .map(|user| format!("user:{}", user.id))
            .unwrap_or_default(),
        outcome: AuditOutcome::Refused,
        detail: json!({ "username": tried, "reason": why }),
    }
}
