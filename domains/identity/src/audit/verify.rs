//! Reads the whole chain and says where it first breaks. Works on any database that can be opened; it
//! needs no server.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use yiwang_kernel::Digest;
use yiwang_store::StoreError;

use super::store::{HEAD, as_digest, digest, head, row};

/// Rows read at once.
const PAGE: u64 = 2_000;

/// A whole chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Verified {
    pub rows: i64,
    /// Digest of the last row in hex. Write it down elsewhere to prove later that nothing was rewritten.
    pub head: String,
}

/// The first row that is not what was written, and what is wrong with it.
#[derive(
    Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, thiserror::Error,
)]
#[error("row {seq} {why}")]
pub struct FirstBroken {
    pub seq: i64,
    pub why: String,
}

#[derive(Debug, thiserror::Error)]
pub enum VerifyFault {
    #[error("the audit log is broken: {0}")]
    Broken(FirstBroken),
    #[error("failed to read the audit log")]
    Store(#[source] StoreError),
}

impl From<DbErr> for VerifyFault {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

fn broken(seq: i64, why: impl Into<String>) -> VerifyFault {
    VerifyFault::Broken(FirstBroken {
        seq,
        why: why.into(),
    })
}

/// Checks every row against the one before it, and the last against the head.
pub async fn verify(db: &impl ConnectionTrait) -> Result<Verified, VerifyFault> {
    let mut last = 0;
    let mut previous: Digest = [0; 32];
    loop {
        let rows = page(db, last).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            if row.seq != last + 1 {
                return Err(broken(last + 1, "is missing"));
            }
            let expected = digest(&previous, &row);
            if row.digest != expected {
                return Err(broken(
                    row.seq,
                    "was changed, or a row before it was replaced",
                ));
            }
            (last, previous) = (row.seq, expected);
        }
    }
    check_head(db, last, &previous).await?;
    Ok(Verified {
        rows: last,
        head: hex::encode(previous),
    })
}

/// Rows before the first are there only if somebody put them there.
async fn page(db: &impl ConnectionTrait, last: i64) -> Result<Vec<row::Model>, VerifyFault> {
    let mut find = row::Entity::find()
        .order_by_asc(row::Column::Seq)
        .limit(PAGE);
    if last > 0 {
        find = find.filter(row::Column::Seq.gt(last));
    }
    match find.all(db).await {
        Ok(rows) => Ok(rows),
        Err(_) => one_by_one(db, last).await,
    }
}

/// A page with a row that cannot be read: the rows before it, or the row itself as the broken one.
async fn one_by_one(db: &impl ConnectionTrait, last: i64) -> Result<Vec<row::Model>, VerifyFault> {
    let mut rows = Vec::new();
    for seq in last + 1..=last + PAGE as i64 {
        match row::Entity::find_by_id(seq).one(db).await {
            Ok(Some(row)) => rows.push(row),
            _ if !rows.is_empty() => return Ok(rows),
            Ok(None) => return Err(broken(seq, "is missing")),
            Err(_) if is_readable(db).await => return Err(broken(seq, "cannot be read")),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(rows)
}

/// Tells a broken row from a database that does not answer.
async fn is_readable(db: &impl ConnectionTrait) -> bool {
    head::Entity::find().one(db).await.is_ok()
}

async fn check_head(
    db: &impl ConnectionTrait,
    last: i64,
    digest: &Digest,
) -> Result<(), VerifyFault> {
    let head = match head::Entity::find_by_id(HEAD).one(db).await {
        Ok(Some(head)) => head,
        Ok(None) => return Err(broken(last, "has no head beside it")),
        Err(DbErr::Type(_) | DbErr::TryIntoErr { .. } | DbErr::Query(_)) => {
            return Err(broken(last, "has a head beside it that cannot be read"));
        }
        Err(error) => return Err(error.into()),
    };
    if head.seq > last {
        return Err(broken(last + 1, "is missing"));
    }
    if head.seq < last || as_digest(&head.digest) != Some(*digest) {
        return Err(broken(
            last,
            "is not the head that was written down beside the rows",
        ));
    }
    Ok(())
}
