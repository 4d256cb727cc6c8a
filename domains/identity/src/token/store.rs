//! Rows of bearer tokens.

use std::collections::HashSet;

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use yiwang_contracts::UserId;
use yiwang_kernel::{Digest, Timestamp, Uuid, from_micros, micros};

use super::TokenId;
use crate::settings::INSERT_CHUNK;

pub(crate) mod row {
    //! Table `identity_token`.
    #![expect(unreachable_pub, reason = "the derive makes public items")]
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "identity_token")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub digest: Vec<u8>,
        pub user_id: Uuid,
        pub name: String,
        /// Words with one space between them.
        pub actions: String,
        pub created_at: i64,
        pub created_by: Uuid,
        pub expires_at: i64,
        pub revoked_at: Option<i64>,
        pub last_used_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A token as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) id: TokenId,
    pub(crate) user_id: UserId,
    pub(crate) name: String,
    pub(crate) actions: HashSet<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) created_by: UserId,
    pub(crate) expires_at: Timestamp,
    pub(crate) revoked_at: Option<Timestamp>,
    pub(crate) last_used_at: Option<Timestamp>,
}

impl From<row::Model> for Token {
    fn from(row: row::Model) -> Self {
        Self {
            id: TokenId(row.id),
            user_id: UserId(row.user_id),
            name: row.name,
            actions: row.actions.split_whitespace().map(str::to_owned).collect(),
            created_at: from_micros(row.created_at),
            created_by: UserId(row.created_by),
            expires_at: from_micros(row.expires_at),
            revoked_at: row.revoked_at.map(from_micros),
            last_used_at: row.last_used_at.map(from_micros),
        }
    }
}

pub(crate) async fn by_digest(
    db: &impl ConnectionTrait,
    digest: &Digest,
) -> Result<Option<Token>, DbErr> {
    let find = row::Entity::find().filter(row::Column::Digest.eq(digest.to_vec()));
    Ok(find.one(db).await?.map(Token::from))
}

pub(crate) async fn by_id(db: &impl ConnectionTrait, id: TokenId) -> Result<Option<Token>, DbErr> {
    Ok(row::Entity::find_by_id(id.0)
        .one(db)
        .await?
        .map(Token::from))
}

pub(crate) async fn insert(
    tx: &impl ConnectionTrait,
    token: &Token,
    digest: &Digest,
) -> Result<(), DbErr> {
    let mut actions: Vec<&str> = token.actions.iter().map(String::as_str).collect();
    actions.sort_unstable();
    let row = row::Model {
        id: token.id.0,
        digest: digest.to_vec(),
        user_id: token.user_id.0,
        name: token.name.clone(),
        actions: actions.join(" "),
        created_at: micros(token.created_at),
        created_by: token.created_by.0,
        expires_at: micros(token.expires_at),
        revoked_at: token.revoked_at.map(micros),
        last_used_at: token.last_used_at.map(micros),
    };
    row::Entity::insert(row::ActiveModel::from(row))
        .exec_without_returning(tx)
        .await
        .map(|_inserted| ())
}

/// Revokes it, if it was not yet.
pub(crate) async fn revoke(
    tx: &impl ConnectionTrait,
    id: TokenId,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let update = row::Entity::update_many()
        .col_expr(row::Column::RevokedAt, Expr::value(micros(now)))
        .filter(row::Column::Id.eq(id.0))
        .filter(row::Column::RevokedAt.is_null());
    Ok(update.exec(tx).await?.rows_affected > 0)
}

/// Notes that these were used up to `now`.
pub(crate) async fn touch(
    tx: &impl ConnectionTrait,
    ids: &[Uuid],
    now: Timestamp,
) -> Result<(), DbErr> {
    for chunk in ids.chunks(INSERT_CHUNK) {
        row::Entity::update_many()
            .col_expr(row::Column::LastUsedAt, Expr::value(micros(now)))
            .filter(row::Column::Id.is_in(chunk.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// A page of tokens whose accounts the condition covers, newest first.
pub(crate) async fn list(
    db: &impl ConnectionTrait,
    condition: sea_orm::Condition,
    before: Option<TokenId>,
    limit: u64,
) -> Result<Vec<Token>, DbErr> {
    let mut find = row::Entity::find().filter(condition);
    if let Some(before) = before {
        find = find.filter(row::Column::Id.lt(before.0));
    }
    let rows = find
        .order_by_desc(row::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Token::from).collect())
}
