//! Rows of sessions.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use yiwang_contracts::{Origin, UserId};
use yiwang_kernel::{Digest, Timestamp, Uuid, from_micros, micros};

use super::{SessionId, SessionTimes};
use crate::settings::{INSERT_CHUNK, SessionPolicy, TOUCH_EVERY};

mod row {
    //! Table `identity_session`.
    #![expect(unreachable_pub, reason = "the derive makes public items")]
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "identity_session")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub digest: Vec<u8>,
        pub user_id: Uuid,
        pub created_at: i64,
        pub last_seen_at: i64,
        pub expires_at: i64,
        pub ip: Option<String>,
        pub device: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A session as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) user_id: UserId,
    pub(crate) times: SessionTimes,
}

impl From<row::Model> for Session {
    fn from(row: row::Model) -> Self {
        let times = SessionTimes {
            last_seen_at: from_micros(row.last_seen_at),
            expires_at: from_micros(row.expires_at),
        };
        Self {
            id: SessionId(row.id),
            user_id: UserId(row.user_id),
            times,
        }
    }
}

pub(crate) async fn by_digest(
    db: &impl ConnectionTrait,
    digest: &Digest,
) -> Result<Option<Session>, DbErr> {
    let find = row::Entity::find().filter(row::Column::Digest.eq(digest.to_vec()));
    Ok(find.one(db).await?.map(Session::from))
}

pub(crate) async fn insert(
    tx: &impl ConnectionTrait,
    session: &Session,
    digest: &Digest,
    origin: &Origin,
    now: Timestamp,
) -> Result<(), DbErr> {
    let row = row::Model {
        id: session.id.0,
        digest: digest.to_vec(),
        user_id: session.user_id.0,
        created_at: micros(now),
        last_seen_at: micros(session.times.last_seen_at),
        expires_at: micros(session.times.expires_at),
        ip: origin.ip.clone(),
        device: origin.device.clone(),
    };
    row::Entity::insert(row::ActiveModel::from(row))
        .exec_without_returning(tx)
        .await
        .map(|_inserted| ())
}

/// Ends the oldest sessions of a person beyond the newest `keep`; answers which.
pub(crate) async fn prune(
    tx: &impl ConnectionTrait,
    user: UserId,
    keep: usize,
) -> Result<Vec<SessionId>, DbErr> {
    let ids: Vec<Uuid> = row::Entity::find()
        .select_only()
        .column(row::Column::Id)
        .filter(row::Column::UserId.eq(user.0))
        .order_by_desc(row::Column::CreatedAt)
        .order_by_desc(row::Column::Id)
        .into_tuple()
        .all(tx)
        .await?;
    let old: Vec<Uuid> = ids.into_iter().skip(keep).collect();
    if !old.is_empty() {
        row::Entity::delete_many()
            .filter(row::Column::Id.is_in(old.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(old.into_iter().map(SessionId).collect())
}

pub(crate) async fn delete_by_digest(
    tx: &impl ConnectionTrait,
    digest: &Digest,
) -> Result<(), DbErr> {
    let delete = row::Entity::delete_many().filter(row::Column::Digest.eq(digest.to_vec()));
    delete.exec(tx).await.map(|_deleted| ())
}

/// Ends every session of a person, but for the one that is `kept`.
pub(crate) async fn delete_of_user(
    tx: &impl ConnectionTrait,
    user: UserId,
    kept: Option<&Digest>,
) -> Result<(), DbErr> {
    let mut delete = row::Entity::delete_many().filter(row::Column::UserId.eq(user.0));
    if let Some(kept) = kept {
        delete = delete.filter(row::Column::Digest.ne(kept.to_vec()));
    }
    delete.exec(tx).await.map(|_deleted| ())
}

/// Notes that these were used up to `now`.
pub(crate) async fn touch(
    tx: &impl ConnectionTrait,
    ids: &[Uuid],
    now: Timestamp,
) -> Result<(), DbErr> {
    for chunk in ids.chunks(INSERT_CHUNK) {
        row::Entity::update_many()
            .col_expr(row::Column::LastSeenAt, Expr::value(micros(now)))
            .filter(row::Column::Id.is_in(chunk.iter().copied()))
            .filter(row::Column::LastSeenAt.lt(micros(now)))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Takes away what has ended by itself. The last use is written down late, so idle ones get a little longer.
pub(crate) async fn sweep(
    tx: &impl ConnectionTrait,
    policy: &SessionPolicy,
    now: Timestamp,
) -> Result<u64, DbErr> {
    let idle_since = now
        .saturating_sub(policy.idle + TOUCH_EVERY * 2)
        .unwrap_or(Timestamp::MIN);
    let ended = Condition::any()
        .add(row::Column::ExpiresAt.lte(micros(now)))
        .add(row::Column::LastSeenAt.lt(micros(idle_since)));
    Ok(row::Entity::delete_many()
        .filter(ended)
        .exec(tx)
        .await?
        .rows_affected)
}
