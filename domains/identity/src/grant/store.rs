//! Rows of grants.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use yiwang_contracts::{OrgId, UserId};
use yiwang_kernel::{AreaCode, from_micros, micros};

use super::{GrantId, GrantRow};
use crate::settings::INSERT_CHUNK;

pub(crate) mod row {
    //! Table `identity_grant`.
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "identity_grant")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub role: String,
        pub org_id: Option<Uuid>,
        pub area: Option<String>,
        pub secrecy_max: i32,
        pub purpose: Option<String>,
        pub expires_at: Option<i64>,
        pub granted_by: Uuid,
        pub granted_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl From<row::Model> for GrantRow {
    fn from(row: row::Model) -> Self {
        Self {
            id: GrantId(row.id),
            user_id: UserId(row.user_id),
            role: row.role,
            org_id: row.org_id.map(OrgId),
            area: row.area.map(AreaCode),
            secrecy_max: u8::try_from(row.secrecy_max).unwrap_or(0),
            purpose: row.purpose,
            expires_at: row.expires_at.map(from_micros),
            granted_by: UserId(row.granted_by),
            granted_at: from_micros(row.granted_at),
        }
    }
}

impl From<&GrantRow> for row::Model {
    fn from(grant: &GrantRow) -> Self {
        Self {
            id: grant.id.0,
            user_id: grant.user_id.0,
            role: grant.role.clone(),
            org_id: grant.org_id.map(|id| id.0),
            area: grant.area.as_ref().map(|area| area.0.clone()),
            secrecy_max: i32::from(grant.secrecy_max),
            purpose: grant.purpose.clone(),
            expires_at: grant.expires_at.map(micros),
            granted_by: grant.granted_by.0,
            granted_at: micros(grant.granted_at),
        }
    }
}

/// The grants of one person, oldest first.
pub(crate) async fn of_user(
    db: &impl ConnectionTrait,
    user: UserId,
) -> Result<Vec<GrantRow>, DbErr> {
    let find = row::Entity::find().filter(row::Column::UserId.eq(user.0));
    let rows = find
        .order_by_asc(row::Column::GrantedAt)
        .order_by_asc(row::Column::Id)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(GrantRow::from).collect())
}

/// The grants of several people.
pub(crate) async fn of_users(
    db: &impl ConnectionTrait,
    users: &[UserId],
) -> Result<HashMap<UserId, Vec<GrantRow>>, DbErr> {
    let ids = users.iter().map(|user| user.0);
    let rows = row::Entity::find()
        .filter(row::Column::UserId.is_in(ids))
        .all(db)
        .await?;
    let mut by_user: HashMap<UserId, Vec<GrantRow>> = HashMap::new();
    for row in rows {
        by_user
            .entry(UserId(row.user_id))
            .or_default()
            .push(row.into());
    }
    Ok(by_user)
}

pub(crate) async fn by_id(
    db: &impl ConnectionTrait,
    id: GrantId,
) -> Result<Option<GrantRow>, DbErr> {
    Ok(row::Entity::find_by_id(id.0)
        .one(db)
        .await?
        .map(GrantRow::from))
}

pub(crate) async fn insert(tx: &impl ConnectionTrait, grants: &[GrantRow]) -> Result<(), DbErr> {
    for chunk in grants.chunks(INSERT_CHUNK) {
        let rows = chunk
            .iter()
            .map(|grant| row::ActiveModel::from(row::Model::from(grant)));
        row::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

pub(crate) async fn delete(tx: &impl ConnectionTrait, id: GrantId) -> Result<bool, DbErr> {
    Ok(row::Entity::delete_by_id(id.0)
        .exec(tx)
        .await?
        .rows_affected
        > 0)
}

/// The grants of any of these roles.
pub(crate) async fn of_roles(
    db: &impl ConnectionTrait,
    codes: &[String],
) -> Result<Vec<GrantRow>, DbErr> {
    let find =
        row::Entity::find().filter(row::Column::Role.is_in(codes.iter().map(String::as_str)));
    Ok(find
        .all(db)
        .await?
        .into_iter()
        .map(GrantRow::from)
        .collect())
}
