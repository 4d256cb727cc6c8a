//! People: list, read, create, change, unlock.

use serde_json::{Value, json};
use yiwang_contracts::{Actor, AuditEntry, Subject, UserId};
use yiwang_kernel::{FieldFault, Page, PageRequest, Timestamp};
use yiwang_store::StoreError;

use super::{IdentityService, scope};
use crate::audit;
use crate::error::{IdentityError, Noun};
use crate::grant;
use crate::password::{self, PasswordHashed};
use crate::session;
use crate::user::{
    self, CreateUser, Lockout, Post, UpdateUser, User, UserFilter, UserStatus, UserView, list,
    name_faults, normal_username, phone_faults, post_faults, username_faults, with_primary,
};

impl IdentityService {
    /// The accounts the actor may see.
    pub async fn users(
        &self,
        actor: &Actor,
        filter: &UserFilter,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<UserView>, IdentityError> {
        let scope = scope(actor, "user.read", now)?;
        list::list(self.db.read(), &scope, filter, page, &self.tree(), now).await
    }

    pub async fn user(
        &self,
        actor: &Actor,
        id: UserId,
        now: Timestamp,
    ) -> Result<UserView, IdentityError> {
        let user = self.user_for(actor, id, "user.read", now).await?;
        self.view(user, now).await
    }

    pub async fn create_user(
        &self,
        actor: &Actor,
        create: CreateUser,
        now: Timestamp,
    ) -> Result<UserView, IdentityError> {
        scope(actor, "user.edit", now)?;
        let create = CreateUser {
            username: normal_username(&create.username),
            ..create
        };
        let mut faults = username_faults(&create.username);
        faults.extend(name_faults(&create.name));
        faults.extend(phone_faults(create.phone.as_ref()));
        faults.extend(post_faults(&create.posts, &self.tree()));
        if let Some(password) = &create.password {
            let policy = &self.settings.password;
            faults.extend(password::faults(
                policy,
                &create.username,
                password.reveal(),
                "/password",
            ));
        }
        refuse(faults)?;
        may_place(actor, &create.posts, now)?;
        let hashed = match create.password.clone() {
            Some(password) => Some(self.hasher.hash(password).await?),
            None => None,
        };
        let user = new_user(create, hashed, &actor.name, now);
        let entry = AuditEntry::done(
            actor,
            "user.create",
            format!("user:{}", user.id),
            json!({ "after": facts(&user) }),
            now,
        );
        self.insert_user(user.clone(), entry, now).await?;
        self.view(user, now).await
    }

    pub(super) async fn insert_user(
        &self,
        user: User,
        entry: yiwang_contracts::AuditEntry,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        let keep = self.settings.password.history;
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    user::store::insert(tx, std::slice::from_ref(&user))
                        .await
                        .map_err(taken)?;
                    if let Some(hashed) = &user.password {
                        user::store::remember_password(tx, user.id, hashed, keep, now).await?;
                    }
                    audit::append(tx, &[entry]).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Changes an account. `version` is what the caller last read; another one is a conflict.
    pub async fn update_user(
        &self,
        actor: &Actor,
        id: UserId,
        update: UpdateUser,
        version: Option<i64>,
        now: Timestamp,
    ) -> Result<UserView, IdentityError> {
        self.user_for(actor, id, "user.edit", now).await?;
        let mut faults = update.name.as_deref().map(name_faults).unwrap_or_default();
        faults.extend(phone_faults(update.phone.as_ref()));
        if let Some(posts) = &update.posts {
            faults.extend(post_faults(posts, &self.tree()));
        }
        refuse(faults)?;
        may_place(actor, update.posts.as_deref().unwrap_or_default(), now)?;
        let actor = actor.clone();
        let user = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let before = user::store::lock(tx, id)
                        .await?
                        .ok_or(IdentityError::NotFound(Noun::User))?;
                    check_version(&before, version)?;
                    let moves = update.posts.is_some();
                    let after = changed(before.clone(), update, &actor.name, now);
                    user::store::update(tx, &after).await?;
                    if moves {
                        user::store::replace_posts(tx, &after).await?;
                    }
                    if after.status == UserStatus::Disabled {
                        session::store::delete_of_user(tx, id, None).await?;
                    }
                    let detail = json!({ "before": facts(&before), "after": facts(&after),
                        "phone_changed": before.phone != after.phone });
                    audit::append(
                        tx,
                        &[AuditEntry::done(
                            &actor,
                            "user.update",
                            format!("user:{id}"),
                            detail,
                            now,
                        )],
                    )
                    .await?;
                    Ok::<_, IdentityError>(after)
                })
            })
            .await?;
        self.sessions.forget_user(id);
        self.names.forget(id);
        self.view(user, now).await
    }

    /// Opens an account that wrong passwords had closed.
    pub async fn unlock_user(
        &self,
        actor: &Actor,
        id: UserId,
        now: Timestamp,
    ) -> Result<UserView, IdentityError> {
        self.user_for(actor, id, "grant.edit", now).await?;
        if id == actor.user_id {
            return Err(IdentityError::Denied {
                action: "grant.edit",
            });
        }
        let entry = AuditEntry::done(actor, "user.unlock", format!("user:{id}"), json!({}), now);
        let user = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let mut user = user::store::lock(tx, id)
                        .await?
                        .ok_or(IdentityError::NotFound(Noun::User))?;
                    user.lockout = Lockout::default();
                    user::store::update(tx, &user).await?;
                    audit::append(tx, &[entry]).await?;
                    Ok::<_, IdentityError>(user)
                })
            })
            .await?;
        self.view(user, now).await
    }

    /// The account, if the actor may do `action` to it: hidden ones are not there, seen ones may be refused.
    pub(super) async fn user_for(
        &self,
        actor: &Actor,
        id: UserId,
        action: &'static str,
        now: Timestamp,
    ) -> Result<User, IdentityError> {
        let may_at_all = actor.may_somewhere(action, now) || actor.may_somewhere("user.read", now);
        if !may_at_all {
            return Err(IdentityError::Denied { action });
        }
        let user = user::store::by_id(self.db.read(), id)
            .await?
            .ok_or(IdentityError::NotFound(Noun::User))?;
        let orgs = user.org_ids();
        let subject = Subject {
            orgs: &orgs,
            area: None,
            secrecy: 1,
        };
        if actor.may(action, subject, now) {
            Ok(user)
        } else if actor.may("user.read", subject, now) {
            Err(IdentityError::Denied { action })
        } else {
            Err(IdentityError::NotFound(Noun::User))
        }
    }

    async fn view(&self, user: User, now: Timestamp) -> Result<UserView, IdentityError> {
        let grants = grant::store::of_user(self.db.read(), user.id).await?;
        Ok(UserView::new(user, &grants, &self.tree(), now))
    }
}

fn refuse(faults: Vec<FieldFault>) -> Result<(), IdentityError> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(IdentityError::Invalid(faults))
    }
}

/// Nobody puts people into units beyond his own right.
fn may_place(actor: &Actor, posts: &[Post], now: Timestamp) -> Result<(), IdentityError> {
    let scope = actor.scope("user.edit", now);
    let all_within = posts.iter().all(|post| {
        let orgs = [post.org_id];
        scope.permits(Subject {
            orgs: &orgs,
            area: None,
            secrecy: 1,
        })
    });
    if all_within {
        Ok(())
    } else {
        Err(IdentityError::Denied {
            action: "user.edit",
        })
    }
}

fn check_version(user: &User, version: Option<i64>) -> Result<(), IdentityError> {
    if version.is_none_or(|version| version == user.version) {
        return Ok(());
    }
    Err(IdentityError::Changed {
        version: user.version,
        by: user.updated_by.clone(),
        at: user.updated_at,
    })
}

fn taken(error: sea_orm::DbErr) -> IdentityError {
    match StoreError::from(error) {
        StoreError::Duplicate(_) => IdentityError::UsernameTaken,
        other => other.into(),
    }
}

pub(super) fn new_user(
    create: CreateUser,
    password: Option<PasswordHashed>,
    by: &str,
    now: Timestamp,
) -> User {
    User {
        id: UserId::at(now),
        username: create.username,
        name: create.name.trim().to_owned(),
        phone: create.phone,
        kind: create.kind,
        status: UserStatus::Active,
        must_change_password: create.must_change_password && password.is_some(),
        password,
        password_changed_at: now,
        lockout: Lockout::default(),
        is_demo: false,
        created_at: now,
        updated_at: now,
        updated_by: by.to_owned(),
        version: 1,
        posts: with_primary(create.posts),
    }
}

fn changed(mut user: User, update: UpdateUser, by: &str, now: Timestamp) -> User {
    if let Some(name) = update.name {
        name.trim().clone_into(&mut user.name);
    }
    if update.phone.is_some() {
        user.phone = update.phone;
    }
    if let Some(status) = update.status {
        user.status = status;
    }
    if let Some(posts) = update.posts {
        user.posts = with_primary(posts);
    }
    user.updated_at = now;
    by.clone_into(&mut user.updated_by);
    user.version += 1;
    user
}

/// What the audit keeps of an account; no phone, no password.
fn facts(user: &User) -> Value {
    json!({
        "username": user.username,
        "name": user.name,
        "kind": user.kind,
        "status": user.status,
        "posts": user.posts,
        "must_change_password": user.must_change_password,
        "version": user.version,
    })
}
