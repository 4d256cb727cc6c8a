//! Bearer tokens of service accounts.

use sea_orm::Condition;
use serde_json::json;
use yiwang_contracts::{Actor, AuditEntry, Origin, UserId};
use yiwang_kernel::{Masked, Page, PageRequest, Timestamp};
use yiwang_store::scope_condition;

use super::grants::of_people_in_scope;
use super::{IdentityService, SignedIn, scope};
use crate::audit;
use crate::error::{IdentityError, Noun};
use crate::secret::{BearerKind, TOKEN_PREFIX, new_bearer, read_bearer};
use crate::token::store::{self, Token, row};
use crate::token::{CreateToken, TokenCreated, TokenId, TokenView, faults};
use crate::user;

impl IdentityService {
    /// The tokens of accounts the actor may give tokens for, newest first.
    pub async fn tokens(
        &self,
        actor: &Actor,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<TokenView>, IdentityError> {
        let scope = scope(actor, "token.edit", now)?;
        let limit = page.limit();
        let condition: Condition =
            scope_condition(&scope, &of_people_in_scope(row::Column::UserId));
        let before = page.position::<TokenId>()?;
        let rows = store::list(self.db.read(), condition, before, u64::from(limit) + 1).await?;
        let page = Page::cut(rows, limit, |token| token.id);
        let people: Vec<UserId> = page.items.iter().map(|token| token.user_id).collect();
        let names = user::store::names(self.db.read(), &people).await?;
        Ok(page.map(|token| {
            let name = names.get(&token.user_id).cloned().unwrap_or_default();
            view(token, name)
        }))
    }

    /// Makes a token. Its value is in the answer and nowhere else.
    pub async fn create_token(
        &self,
        actor: &Actor,
        create: CreateToken,
        now: Timestamp,
    ) -> Result<TokenCreated, IdentityError> {
        let user = self
            .user_for(actor, create.user_id, "token.edit", now)
            .await?;
        let faults = faults(&create, &user, now);
        if !faults.is_empty() {
            return Err(IdentityError::Invalid(faults));
        }
        let (bearer, digest) = new_bearer(TOKEN_PREFIX);
        let token = Token {
            id: TokenId::at(now),
            user_id: create.user_id,
            name: create.name.trim().to_owned(),
            actions: create.actions.into_iter().collect(),
            created_at: now,
            created_by: actor.user_id,
            expires_at: create.expires_at,
            revoked_at: None,
            last_used_at: None,
        };
        let view = view(token.clone(), user.name);
        let detail = json!({ "user": view.user_id, "name": view.name, "actions": view.actions,
            "expires_at": view.expires_at });
        let entry = AuditEntry::done(
            actor,
            "token.create",
            format!("token:{}", token.id),
            detail,
            now,
        );
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    store::insert(tx, &token, &digest).await?;
                    audit::append(tx, &[entry]).await?;
                    Ok::<_, IdentityError>(())
                })
            })
            .await?;
        Ok(TokenCreated {
            token: bearer,
            view,
        })
    }

    /// Lets in who shows a bearer token; it goes on as long as the token does.
    pub async fn enter_by_token(
        &self,
        token: &Masked,
        origin: Origin,
        now: Timestamp,
    ) -> Result<SignedIn, IdentityError> {
        let token = token.reveal();
        let found = match read_bearer(token) {
            Some((BearerKind::Token, digest)) => self.load_token(&digest, now).await?,
            _ => None,
        };
        let Some(principal) = found.filter(|found| found.times.expires_at > now) else {
            self.refused.increment();
            return Err(IdentityError::BadToken);
        };
        let actor = Actor {
            origin,
            ..principal.actor
        };
        let entry = AuditEntry::done(
            &actor,
            "session.open",
            format!("token:{}", principal.bearer_id),
            json!({ "by": "token" }),
            now,
        );
        self.audit.append(entry).await?;
        self.signed_in.increment();
        Ok(SignedIn {
            token: token.to_owned(),
            expires_at: principal.times.expires_at,
            user: self.me(&actor, now).await?,
        })
    }

    /// Ends a token at once.
    pub async fn revoke_token(
        &self,
        actor: &Actor,
        id: TokenId,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        scope(actor, "token.edit", now)?;
        let found = store::by_id(self.db.read(), id).await?;
        let token = found.ok_or(IdentityError::NotFound(Noun::Token))?;
        self.user_for(actor, token.user_id, "token.edit", now)
            .await
            .map_err(|error| match error {
                IdentityError::NotFound(_) => IdentityError::NotFound(Noun::Token),
                other => other,
            })?;
        let entry = AuditEntry::done(
            actor,
            "token.revoke",
            format!("token:{id}"),
            json!({ "name": token.name }),
            now,
        );
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    if store::revoke(tx, id, now).await? {
                        audit::append(tx, &[entry]).await?;
                    }
                    Ok::<_, IdentityError>(())
                })
            })
            .await?;
        self.sessions.forget_user(token.user_id);
        Ok(())
    }
}

fn view(token: Token, user_name: String) -> TokenView {
    let mut actions: Vec<String> = token.actions.into_iter().collect();
    actions.sort_unstable();
    TokenView {
        id: token.id,
        user_id: token.user_id,
        user_name,
        name: token.name,
        actions,
        created_at: token.created_at,
        expires_at: token.expires_at,
        revoked_at: token.revoked_at,
        last_used_at: token.last_used_at,
    }
}
