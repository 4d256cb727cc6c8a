//! Reading the log: the newest first, by who, what, when and words.

use sea_orm::sea_query::{Expr, ExprTrait as _, Func, LikeExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use yiwang_contracts::UserId;
use yiwang_kernel::{Page, PageRequest, Timestamp, from_micros, micros};

use super::store::row;
use crate::error::IdentityError;

/// What to look for; everything given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct AuditFilter {
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub user: Option<UserId>,
    /// The action, or what it begins with: `session` finds `session.open`.
    pub action: Option<String>,
    /// The object, or what it begins with: `user:`.
    pub object: Option<String>,
    /// Words in the name, the object, the address or the detail.
    pub q: Option<String>,
}

/// One row of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AuditView {
    pub seq: i64,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub user_id: Option<UserId>,
    pub user_name: String,
    pub ip: Option<String>,
    pub device: Option<String>,
    pub action: String,
    pub object: String,
    /// `done`, `refused` or `failed`.
    pub outcome: String,
    pub detail: Value,
    /// The row's digest in hex.
    pub digest: String,
}

/// One page of the log.
pub(crate) async fn search(
    db: &impl ConnectionTrait,
    filter: &AuditFilter,
    page: &PageRequest,
) -> Result<Page<AuditView>, IdentityError> {
    let limit = page.limit();
    let mut condition = condition(filter);
    if let Some(before) = page.position::<i64>()? {
        condition = condition.add(row::Column::Seq.lt(before));
    }
    let find = row::Entity::find()
        .filter(condition)
        .order_by_desc(row::Column::Seq);
    let rows = find.limit(u64::from(limit) + 1).all(db).await?;
    Ok(Page::cut(rows, limit, |row| row.seq).map(view))
}

fn condition(filter: &AuditFilter) -> Condition {
    let mut condition = Condition::all();
    if let Some(from) = filter.from {
        condition = condition.add(row::Column::At.gte(micros(from)));
    }
    if let Some(until) = filter.until {
        condition = condition.add(row::Column::At.lt(micros(until)));
    }
    if let Some(user) = filter.user {
        condition = condition.add(row::Column::UserId.eq(user.0));
    }
    for (column, prefix) in [
        (row::Column::Action, &filter.action),
        (row::Column::Object, &filter.object),
    ] {
        if let Some(prefix) = prefix.as_deref().filter(|prefix| !prefix.is_empty()) {
            condition = condition
                .add(column.gte(prefix))
                .add(column.lt(format!("{prefix}\u{10ffff}")));
        }
    }
    if let Some(words) = filter
        .q
        .as_deref()
        .map(str::trim)
        .filter(|words| !words.is_empty())
    {
        condition = condition.add(has_words(words));
    }
    condition
}

fn has_words(words: &str) -> Condition {
    let mut any = Condition::any();
    for column in [
        row::Column::UserName,
        row::Column::Object,
        row::Column::Ip,
        row::Column::Detail,
    ] {
        any = any.add(Expr::expr(Func::lower(Expr::col(column))).like(like(words)));
    }
    any
}

/// The text anywhere, its own `%` and `_` taken as they are.
pub(crate) fn like(text: &str) -> LikeExpr {
    let mut pattern = String::from("%");
    for c in text.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('\\')
}

fn view(row: row::Model) -> AuditView {
    AuditView {
        seq: row.seq,
        at: from_micros(row.at),
        user_id: row.user_id.map(UserId),
        user_name: row.user_name,
        ip: row.ip,
        device: row.device,
        action: row.action,
        object: row.object,
        outcome: row.outcome,
        detail: serde_json::from_str(&row.detail).unwrap_or(Value::String(row.detail)),
        digest: hex::encode(row.digest),
    }
}
