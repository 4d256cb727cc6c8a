//! From a bearer value to an actor with compiled grants.

use std::sync::Arc;

use futures::future::BoxFuture;
use yiwang_contracts::{Actor, Authenticate, Grant, OrgId, Origin, People, UserId};
use yiwang_kernel::{Digest, Fault, IntoFault as _, Timestamp, Uuid};

use super::IdentityService;
use crate::error::IdentityError;
use crate::grant;
use crate::password::is_too_old;
use crate::secret::{BearerKind, read_bearer};
use crate::session::cache::{Asking, Lookup, Principal};
use crate::session::{self, SessionTimes};
use crate::token;
use crate::user::{self, User, UserStatus};

impl Authenticate for IdentityService {
    fn authenticate<'a>(
        &'a self,
        token: &'a str,
        origin: Origin,
        now: Timestamp,
    ) -> BoxFuture<'a, Option<Actor>> {
        Box::pin(async move {
            let actor = self.find(token, Asking::Uses, now).await?;
            Some(Actor { origin, ..actor })
        })
    }

    fn look_again<'a>(&'a self, token: &'a str, now: Timestamp) -> BoxFuture<'a, Option<Actor>> {
        Box::pin(self.find(token, Asking::Looks, now))
    }
}

impl People for IdentityService {
    fn names<'a>(
        &'a self,
        ids: &'a [UserId],
    ) -> BoxFuture<'a, Result<Vec<Option<String>>, Box<dyn Fault>>> {
        Box::pin(async move {
            if let Some(names) = self.names.all(ids) {
                return Ok(names);
            }
            let names = user::store::names(self.db.read(), ids)
                .await
                .map_err(|error| IdentityError::from(error).into_fault())?;
            self.names.put(&names);
            Ok(ids.iter().map(|id| names.get(id).cloned()).collect())
        })
    }
}

impl IdentityService {
    async fn find(&self, token: &str, asking: Asking, now: Timestamp) -> Option<Actor> {
        let (kind, digest) = read_bearer(token)?;
        let epoch = match self.sessions.get(&digest, asking, now) {
            Lookup::Live(actor) => return Some(actor),
            Lookup::Ask { epoch } => epoch,
        };
        let loaded = match kind {
            BearerKind::Session => self.load_session(&digest, now).await,
            BearerKind::Token => self.load_token(&digest, now).await,
        };
        let principal = loaded.unwrap_or_else(|error| {
            tracing::error!(%error, "failed to look up who is signed in");
            None
        })?;
        let actor = principal.actor.clone();
        self.sessions
            .put(digest, principal, epoch, asking, now)
            .then_some(actor)
    }

    async fn load_session(
        &self,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<Principal>, IdentityError> {
        let Some(session) = session::store::by_digest(self.db.read(), digest).await? else {
            return Ok(None);
        };
        let Some(user) = self.active_user(session.user_id).await? else {
            return Ok(None);
        };
        let grants = if self.must_change_password(&user, now) {
            grant::only_own_session()
        } else {
            let mut grants = self.grants_of(user.id).await?;
            grants.extend(grant::only_own_session());
            grants
        };
        Ok(Some(Principal {
            actor: self.actor(user, grants),
            kind: BearerKind::Session,
            bearer_id: session.id.0,
            times: session.times,
            loaded_at: now,
        }))
    }

    pub(super) async fn load_token(
        &self,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<Principal>, IdentityError> {
        let found = token::store::by_digest(self.db.read(), digest).await?;
        let Some(token) = found.filter(|token| token.revoked_at.is_none()) else {
            return Ok(None);
        };
        let Some(user) = self.active_user(token.user_id).await? else {
            return Ok(None);
        };
        let grants = grant::narrow(self.grants_of(user.id).await?, &token.actions);
        Ok(Some(Principal {
            actor: self.actor(user, grants),
            kind: BearerKind::Token,
            bearer_id: token.id.0,
            times: SessionTimes {
                last_seen_at: now,
                expires_at: token.expires_at,
            },
            loaded_at: now,
        }))
    }

    async fn active_user(&self, id: UserId) -> Result<Option<User>, IdentityError> {
        let user = user::store::by_id(self.db.read(), id).await?;
        Ok(user.filter(|user| user.status == UserStatus::Active))
    }

    async fn grants_of(&self, user: UserId) -> Result<Vec<Grant>, IdentityError> {
        let rows = grant::store::of_user(self.db.read(), user).await?;
        Ok(grant::compile(&rows, &self.roles(), &self.tree()))
    }

    fn actor(&self, user: User, grants: Vec<Grant>) -> Actor {
        let org_id = user.org_id().unwrap_or(OrgId(Uuid::nil()));
        Actor {
            user_id: user.id,
            name: user.name,
            org_id,
            org_name: self.tree().org_name(org_id).name.zh,
            grants: Arc::new(grants),
            origin: Origin::default(),
            system: false,
        }
    }

    /// Demo accounts are everybody's; their passwords do not age.
    pub(super) fn must_change_password(&self, user: &User, now: Timestamp) -> bool {
        let policy = &self.settings.password;
        user.must_change_password
            || (!user.is_demo && is_too_old(policy, user.password_changed_at, now))
    }
}
