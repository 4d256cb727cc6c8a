//! Giving and taking rights.

use sea_orm::sea_query::{Alias, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use yiwang_contracts::{Actor, AuditEntry, AuditOutcome, UserId};
use yiwang_kernel::{AreaCode, Page, PageRequest, Text, Timestamp, Uuid};
use yiwang_store::{OrgColumn, ScopeColumns, scope_condition};

use super::{IdentityService, scope};
use crate::audit;
use crate::error::{IdentityError, Noun};
use crate::grant::store::row;
use crate::grant::{self, CreateGrant, GrantId, GrantRow, Granting};
use crate::user;
use crate::user::list::OrgName;
use crate::user::store::post;

/// What to look for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct GrantFilter {
    pub user_id: Option<UserId>,
    pub role: Option<String>,
}

/// A grant in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct GrantView {
    pub id: GrantId,
    pub user_id: UserId,
    pub user_name: String,
    pub role: String,
    /// `None` when the role is no longer there; the grant carries nothing then.
    pub role_name: Option<Text>,
    /// `None`: every unit.
    pub org: Option<OrgName>,
    /// `None`: everywhere.
    pub area: Option<AreaCode>,
    pub secrecy_max: u8,
    pub purpose: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    pub granted_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub granted_at: Timestamp,
    /// Not expired.
    pub live: bool,
}

impl IdentityService {
    /// The grants of people the actor may see, newest first.
    pub async fn grants(
        &self,
        actor: &Actor,
        filter: &GrantFilter,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<GrantView>, IdentityError> {
        let scope = scope(actor, "user.read", now)?;
        let limit = page.limit();
        let mut condition = Condition::all().add(scope_condition(
            &scope,
            &of_people_in_scope(row::Column::UserId),
        ));
        if let Some(user) = filter.user_id {
            condition = condition.add(row::Column::UserId.eq(user.0));
        }
        if let Some(role) = &filter.role {
            condition = condition.add(row::Column::Role.eq(role.as_str()));
        }
        if let Some(before) = page.position::<Uuid>()? {
            condition = condition.add(row::Column::Id.lt(before));
        }
        let find = row::Entity::find()
            .filter(condition)
            .order_by_desc(row::Column::Id);
        let rows = find.limit(u64::from(limit) + 1).all(self.db.read()).await?;
        let page = Page::cut(rows, limit, |row| row.id);
        let rows: Vec<GrantRow> = page.items.into_iter().map(GrantRow::from).collect();
        Ok(Page {
            items: self.grant_views(rows, now).await?,
            next: page.next,
        })
    }

    /// Gives a right. Who may, what, to whom: `grant::check`, in the transaction that writes.
    pub async fn create_grant(
        &self,
        actor: &Actor,
        create: CreateGrant,
        now: Timestamp,
    ) -> Result<GrantView, IdentityError> {
        let scope = scope(actor, "grant.edit", now)?;
        self.user_for(actor, create.user_id, "grant.edit", now)
            .await?;
        let (tree, roles, giver) = (self.tree(), self.roles(), actor.clone());
        let asked = create.clone();
        let given = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let locked = user::store::lock(tx, create.user_id).await?;
                    locked.ok_or(IdentityError::NotFound(Noun::User))?;
                    let held = grant::store::of_user(tx, create.user_id).await?;
                    let granting = Granting {
                        giver: giver.user_id,
                        scope: &scope,
                        grant: &create,
                        held: &held,
                    };
                    grant::check(&granting, &roles, &tree, now)?;
                    let grant = granted(create, giver.user_id, now);
                    grant::store::insert(tx, std::slice::from_ref(&grant)).await?;
                    let detail = json!({ "after": facts(&grant) });
                    let object = format!("user:{}", grant.user_id);
                    audit::append(
                        tx,
                        &[AuditEntry::done(
                            &giver,
                            "grant.create",
                            object,
                            detail,
                            now,
                        )],
                    )
                    .await?;
                    Ok::<_, IdentityError>(grant)
                })
            })
            .await;
        let grant = match given {
            Ok(grant) => grant,
            Err(error) => return Err(self.refused_grant(actor, &asked, error, now).await?),
        };
        self.sessions.forget_user(grant.user_id);
        self.one_view(grant, now).await
    }

    /// Takes a right back.
    pub async fn delete_grant(
        &self,
        actor: &Actor,
        id: GrantId,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        scope(actor, "grant.edit", now)?;
        let found = grant::store::by_id(self.db.read(), id).await?;
        let grant = found.ok_or(IdentityError::NotFound(Noun::Grant))?;
        self.user_for(actor, grant.user_id, "grant.edit", now)
            .await
            .map_err(|error| match error {
                IdentityError::NotFound(_) => IdentityError::NotFound(Noun::Grant),
                other => other,
            })?;
        let detail = json!({ "before": facts(&grant) });
        let entry = AuditEntry::done(
            actor,
            "grant.delete",
            format!("user:{}", grant.user_id),
            detail,
            now,
        );
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    if !grant::store::delete(tx, id).await? {
                        return Err(IdentityError::NotFound(Noun::Grant));
                    }
                    audit::append(tx, &[entry]).await?;
                    Ok(())
                })
            })
            .await?;
        self.sessions.forget_user(grant.user_id);
        Ok(())
    }

    /// An attempt to give what may not be given goes to the audit log too.
    async fn refused_grant(
        &self,
        actor: &Actor,
        asked: &CreateGrant,
        error: IdentityError,
        now: Timestamp,
    ) -> Result<IdentityError, IdentityError> {
        use yiwang_kernel::Fault as _;
        let is_rule = matches!(
            error,
            IdentityError::OwnGrant
                | IdentityError::BeyondOwn
                | IdentityError::DutiesSeparated { .. }
        );
        if is_rule {
            let detail = json!({ "asked": asked, "reason": error.code() });
            let mut entry = AuditEntry::done(
                actor,
                "grant.create",
                format!("user:{}", asked.user_id),
                detail,
                now,
            );
            entry.outcome = AuditOutcome::Refused;
            self.audit.append(entry).await?;
        }
        Ok(error)
    }

    async fn one_view(&self, grant: GrantRow, now: Timestamp) -> Result<GrantView, IdentityError> {
        let mut views = self.grant_views(vec![grant], now).await?;
        views.pop().ok_or(IdentityError::NotFound(Noun::Grant))
    }

    async fn grant_views(
        &self,
        rows: Vec<GrantRow>,
        now: Timestamp,
    ) -> Result<Vec<GrantView>, IdentityError> {
        let people: Vec<UserId> = rows
            .iter()
            .flat_map(|row| [row.user_id, row.granted_by])
            .collect();
        let names = user::store::names(self.db.read(), &people).await?;
        let name = |id: UserId| names.get(&id).cloned().unwrap_or_default();
        let (tree, roles) = (self.tree(), self.roles());
        let view = |row: GrantRow| GrantView {
            live: row.is_live(now),
            id: row.id,
            user_id: row.user_id,
            user_name: name(row.user_id),
            role_name: roles.get(&row.role).map(|role| role.name.clone()),
            role: row.role,
            org: row.org_id.map(|id| tree.org_name(id)),
            area: row.area,
            secrecy_max: row.secrecy_max,
            purpose: row.purpose,
            expires_at: row.expires_at,
            granted_by: name(row.granted_by),
            granted_at: row.granted_at,
        };
        Ok(rows.into_iter().map(view).collect())
    }
}

/// Rows that belong to people: rights look at the units of the person's posts.
pub(super) fn of_people_in_scope<C: ColumnTrait + Send + Sync + 'static>(
    user_id: C,
) -> ScopeColumns {
    let within = move |orgs: Vec<Uuid>| {
        let holders = Query::select()
            .column(post::Column::UserId)
            .from(Alias::new("identity_post"))
            .and_where(post::Column::OrgId.is_in(orgs))
            .take();
        user_id.in_subquery(holders)
    };
    ScopeColumns {
        orgs: OrgColumn::Within(Box::new(within)),
        area: None,
        secrecy: None,
    }
}

pub(super) fn granted(create: CreateGrant, by: UserId, now: Timestamp) -> GrantRow {
    GrantRow {
        id: GrantId::at(now),
        user_id: create.user_id,
        role: create.role,
        org_id: create.org_id,
        area: create.area,
        secrecy_max: create.secrecy_max,
        purpose: create.purpose,
        expires_at: create.expires_at,
        granted_by: by,
        granted_at: now,
    }
}

fn facts(grant: &GrantRow) -> Value {
    json!({
        "id": grant.id,
        "role": grant.role,
        "org_id": grant.org_id,
        "area": grant.area,
        "secrecy_max": grant.secrecy_max,
        "purpose": grant.purpose,
        "expires_at": grant.expires_at,
    })
}
