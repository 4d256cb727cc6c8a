//! Lists of people, cut to what the reader's grants cover.

use std::collections::HashMap;

use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Func, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use yiwang_contracts::{OrgId, Scope, UserId};
use yiwang_kernel::{Page, PageRequest, Text, Timestamp, Uuid, mask_phone, micros};
use yiwang_pinyin::Readings;
use yiwang_store::{OrgColumn, ScopeColumns, scope_condition};

use super::store::{self, post, row};
use super::{User, UserKind, UserStatus};
use crate::audit::like;
use crate::error::IdentityError;
use crate::grant::{self, GrantRow};
use crate::org::OrgTree;

/// People whose names are read for what was typed in pinyin.
const SPELLED_PEOPLE_MAX: u64 = 20_000;
/// People that such a search finds at most.
const SPELLED_FOUND_MAX: usize = 500;

/// What to look for; everything given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct UserFilter {
    /// Part of the name or the user name, or the beginnings of the name's syllables in pinyin.
    pub q: Option<String>,
    /// Posts in this unit or under it.
    pub org: Option<OrgId>,
    pub kind: Option<UserKind>,
    pub status: Option<UserStatus>,
    /// Code of a role that is held.
    pub role: Option<String>,
    /// Only those whose account is locked now.
    pub locked: Option<bool>,
}

/// A unit in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = UnitName)]
pub struct OrgName {
    pub id: OrgId,
    pub code: String,
    pub name: Text,
}

/// A post in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PostView {
    pub org: OrgName,
    pub title: String,
    pub primary: bool,
}

/// An account as administrators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct UserView {
    pub id: UserId,
    pub username: String,
    pub name: String,
    /// Masked, `138****5678`.
    pub phone: Option<String>,
    pub kind: UserKind,
    pub status: UserStatus,
    pub posts: Vec<PostView>,
    /// Codes of the roles held now.
    pub roles: Vec<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub locked_until: Option<Timestamp>,
    pub has_password: bool,
    pub must_change_password: bool,
    pub demo: bool,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    pub updated_by: String,
    pub version: i64,
}

impl OrgTree {
    /// The unit's name for an answer; a unit that is unknown keeps its id.
    pub(crate) fn org_name(&self, id: OrgId) -> OrgName {
        let brief = self.unit(id).map(|unit| &unit.brief);
        OrgName {
            id,
            code: brief.map(|brief| brief.code.clone()).unwrap_or_default(),
            name: brief.map(|brief| brief.name.clone()).unwrap_or_default(),
        }
    }
}

impl UserView {
    pub(crate) fn new(user: User, grants: &[GrantRow], tree: &OrgTree, now: Timestamp) -> Self {
        let mut roles: Vec<String> = grants
            .iter()
            .filter(|grant| grant.is_live(now))
            .map(|grant| grant.role.clone())
            .collect();
        roles.sort_unstable();
        roles.dedup();
        let post = |post: super::Post| PostView {
            org: tree.org_name(post.org_id),
            title: post.title,
            primary: post.primary,
        };
        Self {
            id: user.id,
            username: user.username,
            name: user.name,
            phone: user.phone.map(|phone| mask_phone(phone.reveal())),
            kind: user.kind,
            status: user.status,
            posts: user.posts.into_iter().map(post).collect(),
            roles,
            locked_until: user.lockout.closed_until(now),
            has_password: user.password.is_some(),
            must_change_password: user.must_change_password,
            demo: user.is_demo,
            created_at: user.created_at,
            updated_at: user.updated_at,
            updated_by: user.updated_by,
            version: user.version,
        }
    }
}

/// People with a post in any of the units, as a condition on the account.
fn has_post_in(orgs: Vec<Uuid>) -> Expr {
    let holders = Query::select()
        .column(post::Column::UserId)
        .from(Alias::new("identity_post"))
        .and_where(post::Column::OrgId.is_in(orgs))
        .take();
    row::Column::Id.in_subquery(holders)
}

/// Where rights look on an account: at the units of its posts. An account has no place and no secret.
pub(crate) fn scope_columns() -> ScopeColumns {
    ScopeColumns {
        orgs: OrgColumn::Within(Box::new(has_post_in)),
        area: None,
        secrecy: None,
    }
}

/// The accounts that `scope` permits and `filter` wants, by user name.
pub(crate) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: &UserFilter,
    page: &PageRequest,
    tree: &OrgTree,
    now: Timestamp,
) -> Result<Page<UserView>, IdentityError> {
    let limit = page.limit();
    let visible = Condition::all().add(scope_condition(scope, &scope_columns()));
    let spelled = spelled(db, &visible, filter.q.as_deref()).await?;
    let mut condition = visible.add(wanted(filter, &spelled, tree, now));
    if let Some(after) = page.position::<String>()? {
        condition = condition.add(row::Column::Username.gt(after));
    }
    let find = row::Entity::find()
        .filter(condition)
        .order_by_asc(row::Column::Username);
    let rows = find.limit(u64::from(limit) + 1).all(db).await?;
    let page = Page::cut(rows, limit, |row| row.username.clone());
    let ids: Vec<UserId> = page.items.iter().map(|row| UserId(row.id)).collect();
    let mut posts = store::posts_of(db, &ids).await?;
    let grants: HashMap<UserId, Vec<GrantRow>> = grant::store::of_users(db, &ids).await?;
    Ok(page.map(|row| {
        let id = UserId(row.id);
        let user = store::user(row, posts.remove(&id).unwrap_or_default());
        UserView::new(user, grants.get(&id).map_or(&[], Vec::as_slice), tree, now)
    }))
}

/// The people whose names are typed like that in pinyin. Names are read when they are asked for: there are
/// few enough of them, and nothing has to be kept in step with them.
async fn spelled(
    db: &impl ConnectionTrait,
    visible: &Condition,
    typed: Option<&str>,
) -> Result<Vec<Uuid>, IdentityError> {
    let is_latin = |text: &&str| {
        let mut letters = text.trim().chars().peekable();
        letters.peek().is_some() && letters.all(|c| c.is_ascii_alphabetic() || c == ' ')
    };
    let Some(typed) = typed.filter(is_latin) else {
        return Ok(Vec::new());
    };
    let people: Vec<(Uuid, String)> = row::Entity::find()
        .select_only()
        .column(row::Column::Id)
        .column(row::Column::Name)
        .filter(visible.clone())
        .order_by_asc(row::Column::Username)
        .limit(SPELLED_PEOPLE_MAX)
        .into_tuple()
        .all(db)
        .await?;
    let found = people
        .into_iter()
        .filter(|(_, name)| Readings::of(name).fit(typed).is_some())
        .map(|(id, _)| id);
    Ok(found.take(SPELLED_FOUND_MAX).collect())
}

fn wanted(filter: &UserFilter, spelled: &[Uuid], tree: &OrgTree, now: Timestamp) -> Condition {
    let mut all = Condition::all();
    if let Some(q) = filter.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        let lower = |column| Expr::expr(Func::lower(Expr::col(column)));
        let names = Condition::any()
            .add(lower(row::Column::Name).like(like(q)))
            .add(lower(row::Column::Username).like(like(q)))
            .add(row::Column::Id.is_in(spelled.iter().copied()));
        all = all.add(names);
    }
    if let Some(org) = filter.org {
        all = all.add(has_post_in(
            tree.subtree(org).map(|unit| unit.brief.id.0).collect(),
        ));
    }
    if let Some(kind) = filter.kind {
        all = all.add(row::Column::Kind.eq(store::kind_word(kind)));
    }
    if let Some(status) = filter.status {
        all = all.add(row::Column::Status.eq(if status == UserStatus::Active {
            "active"
        } else {
            "disabled"
        }));
    }
    if let Some(role) = &filter.role {
        let holders = Query::select()
            .column(grant::store::row::Column::UserId)
            .from(Alias::new("identity_grant"))
            .and_where(grant::store::row::Column::Role.eq(role.as_str()))
            .take();
        all = all.add(row::Column::Id.in_subquery(holders));
    }
    match filter.locked {
        Some(true) => all.add(row::Column::LockedUntil.gt(micros(now))),
        Some(false) => all.add(
            Condition::any()
                .add(row::Column::LockedUntil.is_null())
                .add(row::Column::LockedUntil.lte(micros(now))),
        ),
        None => all,
    }
}
