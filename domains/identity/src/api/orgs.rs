//! Units and roles. Both are public within the house: whoever may read units reads the whole tree, since a
//! case can be sent to any of them.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use yiwang_contracts::{OrgBrief, OrgId, OrgKind};
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Path, Problems, Query, require};
use yiwang_kernel::{Page, Text};

use super::Service;
use crate::error::{IdentityError, Noun};
use crate::role::{Duty, duties};
use crate::settings::SEARCH_MAX;
use crate::user::list::OrgName;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OrgQuery {
    /// Part of the name or the code, or the beginnings of its syllables in pinyin (`jys`, `jiangyin`); the best
    /// matches first, 200 at most.
    q: Option<String>,
    /// Only units of this kind.
    #[param(inline)]
    kind: Option<OrgKind>,
    /// Only the unit with this id and those under it.
    #[param(value_type = Option<String>)]
    under: Option<OrgId>,
}

/// A unit in the list.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct OrgListed {
    #[serde(flatten)]
    org: OrgBrief,
    /// The name in pinyin, a space between syllables, once for each way in which it is read.
    pinyin: Vec<String>,
}

/// A unit with its place in the tree.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct OrgView {
    #[serde(flatten)]
    org: OrgBrief,
    phone: Option<String>,
    /// From the city down to the unit above.
    path: Vec<OrgName>,
    children: Vec<OrgName>,
}

/// A role and what it may do.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct RoleView {
    code: String,
    name: Text,
    actions: Vec<String>,
    /// The administrator's duty that it carries.
    duty: Option<Duty>,
}

/// Every unit, parents before children.
#[utoipa::path(get, path = "/api/v1/orgs", tag = "orgs", operation_id = "listOrgs",
    params(OrgQuery), responses((status = 200, body = Page<OrgListed>), Problems))]
pub(crate) async fn list_orgs(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<OrgQuery>,
) -> ApiResult<Page<OrgListed>> {
    require(&actor, "org.read", now)?;
    let tree = service.tree();
    let found: Vec<OrgBrief> = match (&query.q, query.under) {
        (Some(text), _) => tree.search(text, SEARCH_MAX),
        (None, Some(root)) => tree.subtree(root).map(|unit| unit.brief.clone()).collect(),
        (None, None) => tree.active().map(|unit| unit.brief.clone()).collect(),
    };
    let is_under = |org: &OrgBrief| {
        query
            .under
            .is_none_or(|root| tree.ancestors(org.id).contains(&root))
    };
    let is_kind = |org: &OrgBrief| query.kind.is_none_or(|kind| org.kind == kind);
    let items = found
        .into_iter()
        .filter(|org| is_kind(org) && is_under(org))
        .map(|org| OrgListed {
            pinyin: tree.readings(org.id).to_vec(),
            org,
        })
        .collect();
    Ok(Json(Page { items, next: None }))
}

/// One unit.
#[utoipa::path(get, path = "/api/v1/orgs/{id}", tag = "orgs", operation_id = "readOrg",
    params(("id" = String, Path)), responses((status = 200, body = OrgView), Problems))]
pub(crate) async fn read_org(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<OrgId>,
) -> ApiResult<OrgView> {
    require(&actor, "org.read", now)?;
    let tree = service.tree();
    let unit = tree.unit(id).ok_or(IdentityError::NotFound(Noun::Org))?;
    let above = tree.ancestors(id);
    let children = tree
        .subtree(id)
        .filter(|below| below.brief.parent_id == Some(id));
    Ok(Json(OrgView {
        org: unit.brief.clone(),
        phone: unit.phone.clone(),
        path: above
            .iter()
            .skip(1)
            .rev()
            .map(|id| tree.org_name(*id))
            .collect(),
        children: children
            .map(|below| tree.org_name(below.brief.id))
            .collect(),
    }))
}

/// Every role.
#[utoipa::path(get, path = "/api/v1/roles", tag = "grants", operation_id = "listRoles",
    responses((status = 200, body = Page<RoleView>), Problems))]
pub(crate) async fn list_roles(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<Page<RoleView>> {
    require(&actor, "user.read", now)?;
    let view = |role: &crate::role::Role| {
        let mut actions: Vec<String> = role.actions.iter().cloned().collect();
        actions.sort_unstable();
        let duty = duties(&actions).into_iter().next();
        RoleView {
            code: role.code.clone(),
            name: role.name.clone(),
            actions,
            duty,
        }
    };
    Ok(Json(Page {
        items: service.roles().0.values().map(view).collect(),
        next: None,
    }))
}
