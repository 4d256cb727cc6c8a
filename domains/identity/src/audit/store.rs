//! Rows of the log: how one is digested, and how several are put behind the last.

use sea_orm::{ActiveModelTrait, ActiveValue, ConnectionTrait, DbErr, EntityTrait, QuerySelect};
use yiwang_contracts::AuditEntry;
use yiwang_kernel::{Digest, chain_digest, micros};
use yiwang_store::StoreError;

use super::outcome_text;
use crate::settings::INSERT_CHUNK;

pub(crate) mod row {
    //! Table `identity_audit`.
    #![expect(unreachable_pub, reason = "the derive makes public items")]
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "identity_audit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub at: i64,
        pub user_id: Option<Uuid>,
        pub user_name: String,
        pub ip: Option<String>,
        pub device: Option<String>,
        pub action: String,
        pub object: String,
        pub outcome: String,
        /// Compact JSON, byte for byte as it was digested.
        pub detail: String,
        pub digest: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod head {
    //! Table `identity_audit_head`: one row.
    #![expect(unreachable_pub, reason = "the derive makes public items")]
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "identity_audit_head")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub seq: i64,
        pub digest: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) const HEAD: i32 = 1;

/// The digest that `row` must have behind `previous`.
pub(crate) fn digest(previous: &Digest, row: &row::Model) -> Digest {
    let optional =
        |text: Option<&[u8]>| text.map_or_else(|| vec![0], |bytes| [&[1], bytes].concat());
    chain_digest(
        previous,
        &[
            &row.seq.to_be_bytes(),
            &row.at.to_be_bytes(),
            &optional(row.user_id.as_ref().map(|id| id.as_bytes().as_slice())),
            row.user_name.as_bytes(),
            &optional(row.ip.as_deref().map(str::as_bytes)),
            &optional(row.device.as_deref().map(str::as_bytes)),
            row.action.as_bytes(),
            row.object.as_bytes(),
            row.outcome.as_bytes(),
            row.detail.as_bytes(),
        ],
    )
}

/// Puts the entries behind the last row, in this transaction.
///
/// The head's row is locked until the transaction ends, so that there is one chain whoever writes.
pub(crate) async fn append(
    tx: &impl ConnectionTrait,
    entries: &[AuditEntry],
) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    let found = head::Entity::find_by_id(HEAD)
        .lock_exclusive()
        .one(tx)
        .await?;
    let mut head =
        found.ok_or_else(|| StoreError::Document("the audit log has lost its head".to_owned()))?;
    let mut previous = as_digest(&head.digest)
        .ok_or_else(|| StoreError::Document("the head of the audit log is no digest".to_owned()))?;
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        head.seq += 1;
        let mut row = row_of(head.seq, entry)?;
        previous = digest(&previous, &row);
        row.digest = previous.to_vec();
        rows.push(row::ActiveModel::from(row));
    }
    for chunk in rows.chunks(INSERT_CHUNK) {
        row::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(tx)
            .await?;
    }
    update_head(tx, head.seq, &previous).await?;
    Ok(())
}

async fn update_head(tx: &impl ConnectionTrait, seq: i64, digest: &Digest) -> Result<(), DbErr> {
    let head = head::ActiveModel {
        id: ActiveValue::Unchanged(HEAD),
        seq: ActiveValue::Set(seq),
        digest: ActiveValue::Set(digest.to_vec()),
    };
    head.update(tx).await.map(|_head| ())
}

pub(crate) fn as_digest(bytes: &[u8]) -> Option<Digest> {
    bytes.try_into().ok()
}

fn row_of(seq: i64, entry: &AuditEntry) -> Result<row::Model, StoreError> {
    Ok(row::Model {
        seq,
        at: micros(entry.at),
        user_id: entry.user_id.map(|id| id.0),
        user_name: without_nul(&entry.user_name),
        ip: entry.origin.ip.as_deref().map(without_nul),
        device: entry.origin.device.as_deref().map(without_nul),
        action: without_nul(&entry.action),
        object: without_nul(&entry.object),
        outcome: outcome_text(entry.outcome).to_owned(),
        detail: serde_json::to_string(&entry.detail)?,
        digest: Vec::new(),
    })
}

/// PostgreSQL keeps no NUL in text; what was typed at us must never keep an entry out of the log.
fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}
