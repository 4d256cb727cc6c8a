//! Rows of accounts, posts and earlier passwords.

use std::collections::HashMap;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use yiwang_contracts::{OrgId, UserId};
use yiwang_kernel::{Masked, Timestamp, from_micros, micros, new_uuid};

use super::{Lockout, Post, User, UserKind, UserStatus};
use crate::password::PasswordHashed;
use crate::settings::INSERT_CHUNK;

pub(crate) mod row {
    //! Table `identity_user`.
    #![expect(unreachable_pub, reason = "the derive makes public items")]
    use sea_orm::entity::prelude::*;

    #[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "identity_user")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub username: String,
        pub name: String,
        pub phone: Option<String>,
        pub kind: String,
        pub status: String,
        pub password: Option<String>,
        pub password_changed_at: i64,
        pub must_change_password: bool,
        pub failures: i64,
        pub locked_until: Option<i64>,
        pub is_demo: bool,
        pub created_at: i64,
        pub updated_at: i64,
        pub updated_by: String,
        pub version: i64,
    }

    /// Says nothing of the person: rows end up in messages.
    impl std::fmt::Debug for Model {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.debug_struct("identity_user")
                .field("id", &self.id)
                .finish_non_exhaustive()
        }
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod post {
    //! Table `identity_post`.
    #![expect(unreachable_pub, reason = "the derive makes public items")]
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "identity_post")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i64,
        pub org_id: Uuid,
        pub title: String,
        pub is_primary: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod password {
    //! Table `identity_password`: earlier passwords.
    #![expect(unreachable_pub, reason = "the derive makes public items")]
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "identity_password")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub changed_at: i64,
        pub password: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) fn user(row: row::Model, posts: Vec<Post>) -> User {
    User {
        id: UserId(row.id),
        username: row.username,
        name: row.name,
        phone: row.phone.map(Masked::new),
        kind: if row.kind == "service" {
            UserKind::Service
        } else {
            UserKind::Person
        },
        status: if row.status == "active" {
            UserStatus::Active
        } else {
            UserStatus::Disabled
        },
        password: row.password.map(PasswordHashed),
        password_changed_at: from_micros(row.password_changed_at),
        must_change_password: row.must_change_password,
        lockout: Lockout {
            failures: u32::try_from(row.failures).unwrap_or(u32::MAX),
            locked_until: row.locked_until.map(from_micros),
        },
        is_demo: row.is_demo,
        created_at: from_micros(row.created_at),
        updated_at: from_micros(row.updated_at),
        updated_by: row.updated_by,
        version: row.version,
        posts,
    }
}

fn row(user: &User) -> row::Model {
    row::Model {
        id: user.id.0,
        username: user.username.clone(),
        name: user.name.clone(),
        phone: user.phone.as_ref().map(|phone| phone.reveal().to_owned()),
        kind: kind_word(user.kind).to_owned(),
        status: if user.status == UserStatus::Active {
            "active"
        } else {
            "disabled"
        }
        .to_owned(),
        password: user.password.as_ref().map(|hashed| hashed.0.clone()),
        password_changed_at: micros(user.password_changed_at),
        must_change_password: user.must_change_password,
        failures: i64::from(user.lockout.failures),
        locked_until: user.lockout.locked_until.map(micros),
        is_demo: user.is_demo,
        created_at: micros(user.created_at),
        updated_at: micros(user.updated_at),
        updated_by: user.updated_by.clone(),
        version: user.version,
    }
}

pub(crate) async fn by_id(db: &impl ConnectionTrait, id: UserId) -> Result<Option<User>, DbErr> {
    let found = row::Entity::find_by_id(id.0).one(db).await?;
    with_posts(db, found).await
}

/// Reads the account and holds it until the transaction ends.
pub(crate) async fn lock(tx: &impl ConnectionTrait, id: UserId) -> Result<Option<User>, DbErr> {
    let found = row::Entity::find_by_id(id.0)
        .lock_exclusive()
        .one(tx)
        .await?;
    with_posts(tx, found).await
}

pub(crate) async fn by_username(
    db: &impl ConnectionTrait,
    username: &str,
) -> Result<Option<User>, DbErr> {
    let found = row::Entity::find()
        .filter(row::Column::Username.eq(username))
        .one(db)
        .await?;
    with_posts(db, found).await
}

async fn with_posts(
    db: &impl ConnectionTrait,
    found: Option<row::Model>,
) -> Result<Option<User>, DbErr> {
    let Some(found) = found else { return Ok(None) };
    let posts = posts_of(db, &[UserId(found.id)])
        .await?
        .remove(&UserId(found.id));
    Ok(Some(user(found, posts.unwrap_or_default())))
}

pub(crate) async fn posts_of(
    db: &impl ConnectionTrait,
    users: &[UserId],
) -> Result<HashMap<UserId, Vec<Post>>, DbErr> {
    let find =
        post::Entity::find().filter(post::Column::UserId.is_in(users.iter().map(|user| user.0)));
    let mut posts: HashMap<UserId, Vec<Post>> = HashMap::new();
    for row in find.order_by_asc(post::Column::Position).all(db).await? {
        let post = Post {
            org_id: OrgId(row.org_id),
            title: row.title,
            primary: row.is_primary,
        };
        posts.entry(UserId(row.user_id)).or_default().push(post);
    }
    Ok(posts)
}

pub(crate) async fn insert(tx: &impl ConnectionTrait, users: &[User]) -> Result<(), DbErr> {
    for chunk in users.chunks(INSERT_CHUNK) {
        let rows = chunk.iter().map(|user| row::ActiveModel::from(row(user)));
        row::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
    }
    let posts: Vec<post::ActiveModel> = users.iter().flat_map(post_rows).collect();
    for chunk in posts.chunks(INSERT_CHUNK) {
        post::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

fn post_rows(user: &User) -> impl Iterator<Item = post::ActiveModel> {
    user.posts.iter().enumerate().map(|(position, post)| {
        post::ActiveModel::from(post::Model {
            user_id: user.id.0,
            position: position as i64,
            org_id: post.org_id.0,
            title: post.title.clone(),
            is_primary: post.primary,
        })
    })
}

/// Writes the account's own row; posts by [`replace_posts`].
pub(crate) async fn update(tx: &impl ConnectionTrait, user: &User) -> Result<(), DbErr> {
    row::ActiveModel::from(row(user))
        .reset_all()
        .update(tx)
        .await
        .map(|_row| ())
}

pub(crate) async fn replace_posts(tx: &impl ConnectionTrait, user: &User) -> Result<(), DbErr> {
    post::Entity::delete_many()
        .filter(post::Column::UserId.eq(user.id.0))
        .exec(tx)
        .await?;
    let rows: Vec<post::ActiveModel> = post_rows(user).collect();
    if !rows.is_empty() {
        post::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// The last `count` passwords, the present one among them.
pub(crate) async fn recent_passwords(
    db: &impl ConnectionTrait,
    user: UserId,
    count: usize,
) -> Result<Vec<PasswordHashed>, DbErr> {
    let find = password::Entity::find().filter(password::Column::UserId.eq(user.0));
    let find = find
        .order_by_desc(password::Column::ChangedAt)
        .order_by_desc(password::Column::Id);
    let rows = find.limit(count as u64).all(db).await?;
    Ok(rows
        .into_iter()
        .map(|row| PasswordHashed(row.password))
        .collect())
}

/// Adds a password to the history and forgets what is older than the last `keep`.
pub(crate) async fn remember_password(
    tx: &impl ConnectionTrait,
    user: UserId,
    hashed: &PasswordHashed,
    keep: usize,
    now: Timestamp,
) -> Result<(), DbErr> {
    let row = password::Model {
        id: new_uuid(now),
        user_id: user.0,
        changed_at: micros(now),
        password: hashed.0.clone(),
    };
    password::Entity::insert(password::ActiveModel::from(row))
        .exec_without_returning(tx)
        .await?;
    let find = password::Entity::find().filter(password::Column::UserId.eq(user.0));
    let find = find
        .order_by_desc(password::Column::ChangedAt)
        .order_by_desc(password::Column::Id);
    let old: Vec<yiwang_kernel::Uuid> = find
        .all(tx)
        .await?
        .into_iter()
        .skip(keep)
        .map(|row| row.id)
        .collect();
    if !old.is_empty() {
        password::Entity::delete_many()
            .filter(password::Column::Id.is_in(old))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Names by id, for those that are there.
pub(crate) async fn names(
    db: &impl ConnectionTrait,
    users: &[UserId],
) -> Result<HashMap<UserId, String>, DbErr> {
    let mut names = HashMap::new();
    for chunk in users.chunks(INSERT_CHUNK) {
        let found: Vec<(yiwang_kernel::Uuid, String)> = row::Entity::find()
            .select_only()
            .columns([row::Column::Id, row::Column::Name])
            .filter(row::Column::Id.is_in(chunk.iter().map(|user| user.0)))
            .into_tuple()
            .all(db)
            .await?;
        names.extend(found.into_iter().map(|(id, name)| (UserId(id), name)));
    }
    Ok(names)
}

/// Is anybody there?
pub(crate) async fn any(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(row::Entity::find().limit(1).one(db).await?.is_some())
}

/// The ids of demo accounts.
pub(crate) async fn any_demo(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(row::Entity::find()
        .filter(row::Column::IsDemo.eq(true))
        .limit(1)
        .one(db)
        .await?
        .is_some())
}

/// How a kind of account is stored.
pub(crate) fn kind_word(kind: UserKind) -> &'static str {
    match kind {
        UserKind::Person => "person",
        UserKind::Service => "service",
    }
}
