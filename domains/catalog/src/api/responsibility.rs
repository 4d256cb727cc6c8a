//! The responsibility list as it is published: who leads where, which rules, which faults.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yiwang_contracts::{AreaBrief, Catalog, Responsibility, ResponsibilityQuery};
use yiwang_coords::Crs;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Path, Problems, Query, require};
use yiwang_kernel::{AreaCode, Page, PageRequest, Text, Timestamp};

use super::Catalogue;
use super::areas::position;
use crate::error::CatalogError;
use crate::model::{ANY, OrgRef, ResponsibilityRule, covers};
use crate::responsibility::{Names, OrgIndex};
use crate::service::{CheckReport, ListDetail, ListView, OrgName, Service};
use crate::snapshot::{CodeNames, Snapshot};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ResolveQuery {
    item: String,
    /// An area's code; or else a position.
    area: Option<String>,
    lon: Option<f64>,
    lat: Option<f64>,
    /// The system the position is in: `wgs84` (also CGCS2000), `gcj02`, `bd09`.
    #[param(value_type = Option<String>)]
    crs: Option<Crs>,
    /// By the list in force at this instant.
    #[param(value_type = Option<String>)]
    at: Option<Timestamp>,
}

/// Who is responsible, and where that is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ResolvedResponsibility {
    #[serde(flatten)]
    responsibility: Responsibility,
    /// The place that was asked for, if it is in the city.
    area: Option<AreaBrief>,
}

/// Who leads an item in a place, and why.
#[utoipa::path(get, path = "/api/v1/responsibility/resolve", tag = "responsibility",
    operation_id = "resolveResponsibility", params(ResolveQuery),
    responses((status = 200, body = ResolvedResponsibility), Problems))]
pub(crate) async fn resolve(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<ResolveQuery>,
) -> ApiResult<ResolvedResponsibility> {
    require(&actor, "responsibility.read", now)?;
    let area = place(&service, &query)?;
    let code = area.as_ref().map(|area| area.code.clone());
    let query = ResponsibilityQuery {
        item: query.item,
        area: code,
        at: query.at.unwrap_or(now),
    };
    let answer = service.responsible(&[query]).pop();
    let responsibility =
        answer.ok_or_else(|| CatalogError::not_found("answer", "responsibility"))?;
    Ok(Json(ResolvedResponsibility {
        responsibility,
        area,
    }))
}

fn place(service: &Service, query: &ResolveQuery) -> Result<Option<AreaBrief>, CatalogError> {
    if let Some(code) = &query.area {
        let area = service.area(&AreaCode::new(code.as_str()));
        let unknown = || CatalogError::field("area", "unknown", format!("there is no area {code}"));
        return area.map(Some).ok_or_else(unknown);
    }
    match (query.lon, query.lat) {
        (Some(lon), Some(lat)) => Ok(service
            .locate(&[position(lon, lat, query.crs)?])
            .pop()
            .flatten()),
        (None, None) => Ok(None),
        _ => Err(CatalogError::field(
            "lon",
            "missing",
            "a position has lon and lat",
        )),
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RulesQuery {
    /// Part of an id, a basis, or the code or name of a unit, item or area.
    q: Option<String>,
    /// Only rules that say something of this item.
    item: Option<String>,
    /// Only rules that say something of this area.
    area: Option<String>,
    /// The version of the list; the one in force when it is absent.
    version: Option<u32>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// A rule with the names of what it names.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ResponsibilityRuleView)]
pub(crate) struct RuleView {
    #[serde(flatten)]
    rule: ResponsibilityRule,
    lead_name: Text,
    assistant_names: Vec<OrgName>,
    supervisor_name: Option<OrgName>,
    item_names: Vec<Text>,
    area_names: Vec<Text>,
    /// Does it hold now?
    in_force: bool,
}

/// The rules of the published list, in order of id.
#[utoipa::path(get, path = "/api/v1/responsibility/rules", tag = "responsibility",
    operation_id = "listResponsibilityRules", params(RulesQuery),
    responses((status = 200, body = Page<RuleView>), Problems))]
pub(crate) async fn list_rules(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<RulesQuery>,
) -> ApiResult<Page<RuleView>> {
    require(&actor, "responsibility.read", now)?;
    let page = PageRequest {
        limit: query.limit,
        cursor: query.cursor.clone(),
    };
    let after: Option<String> = page.position()?;
    let (snapshot, orgs) = (service.snapshot(), service.orgs());
    let list = match query.version {
        Some(version) => snapshot.lists.iter().find(|list| list.version == version),
        None => snapshot.list_at(now),
    };
    let mut rules: Vec<&ResponsibilityRule> =
        list.into_iter().flat_map(|list| list.list.said()).collect();
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    let rows = rules
        .into_iter()
        .filter(|rule| {
            after
                .as_deref()
                .is_none_or(|after| rule.id.as_str() > after)
        })
        .filter(|rule| concerns(rule, &query))
        .map(|rule| view(rule, &snapshot, &orgs, now))
        .filter(|rule| {
            query
                .q
                .as_deref()
                .is_none_or(|wanted| rule.speaks_of(wanted))
        })
        .take(page.limit() as usize + 1)
        .collect();
    Ok(Json(Page::cut(rows, page.limit(), |rule: &RuleView| {
        rule.rule.id.clone()
    })))
}

fn concerns(rule: &ResponsibilityRule, query: &RulesQuery) -> bool {
    let meets = |written: &str, wanted: &str| covers(written, wanted) || covers(wanted, written);
    let nests = |written: &str, wanted: &str| {
        written == ANY || written.starts_with(wanted) || wanted.starts_with(written)
    };
    query
        .item
        .as_deref()
        .is_none_or(|wanted| rule.items.iter().any(|item| meets(item, wanted)))
        && query
            .area
            .as_deref()
            .is_none_or(|wanted| rule.areas.iter().any(|area| nests(area, wanted)))
}

fn view(
    rule: &ResponsibilityRule,
    snapshot: &Snapshot,
    orgs: &OrgIndex,
    now: Timestamp,
) -> RuleView {
    let names = CodeNames { snapshot, at: now };
    let everywhere = || Text::new("全域", "everywhere");
    RuleView {
        lead_name: org_name(&rule.lead, orgs).name,
        assistant_names: rule
            .assistants
            .iter()
            .map(|org| org_name(org, orgs))
            .collect(),
        supervisor_name: rule.supervisor.as_ref().map(|org| org_name(org, orgs)),
        item_names: rule.items.iter().map(|item| names.item(item)).collect(),
        area_names: rule
            .areas
            .iter()
            .map(|area| {
                if area == ANY {
                    everywhere()
                } else {
                    names.area(area)
                }
            })
            .collect(),
        in_force: rule.holds_at(now),
        rule: rule.clone(),
    }
}

fn org_name(text: &str, orgs: &OrgIndex) -> OrgName {
    let name = match OrgRef::parse(text) {
        Some(OrgRef::Town) => Text::new("属地镇街", "the town of the place"),
        Some(OrgRef::Village) => Text::new("属地村社区", "the village of the place"),
        Some(OrgRef::Grid) => Text::new("属地网格", "the grid of the place"),
        _ => orgs
            .by_code(text)
            .and_then(|org| orgs.get(org))
            .map_or_else(|| Text::zh(text), |org| org.name.clone()),
    };
    OrgName {
        code: text.to_owned(),
        name,
    }
}

impl RuleView {
    fn speaks_of(&self, wanted: &str) -> bool {
        let rule = &self.rule;
        let codes = [&rule.id, &rule.lead, &rule.basis.zh]
            .into_iter()
            .chain(&rule.items)
            .chain(&rule.areas);
        let named = self
            .assistant_names
            .iter()
            .chain(&self.supervisor_name)
            .map(|org| &org.name);
        let names = [&self.lead_name]
            .into_iter()
            .chain(named)
            .chain(&self.item_names)
            .chain(&self.area_names);
        codes
            .chain(&rule.assistants)
            .chain(names.map(|name| &name.zh))
            .any(|text| text.contains(wanted))
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AtQuery {
    /// By the list in force at this instant.
    #[param(value_type = Option<String>)]
    at: Option<Timestamp>,
}

/// Every pair of a leaf item and a grid: how many have exactly one lead, and where the others are.
#[utoipa::path(get, path = "/api/v1/responsibility/check", tag = "responsibility",
    operation_id = "checkResponsibility", params(AtQuery), responses((status = 200, body = CheckReport), Problems))]
pub(crate) async fn check(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<AtQuery>,
) -> ApiResult<CheckReport> {
    require(&actor, "responsibility.read", now)?;
    Ok(Json(
        service.check_published(query.at.unwrap_or(now)).await?,
    ))
}

/// The published versions of the list, newest first.
#[utoipa::path(get, path = "/api/v1/responsibility/lists", tag = "responsibility",
    operation_id = "listResponsibilityLists", responses((status = 200, body = Page<ListView>), Problems))]
pub(crate) async fn list_lists(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<Page<ListView>> {
    require(&actor, "responsibility.read", now)?;
    Ok(Json(Page {
        items: service.lists().await?,
        next: None,
    }))
}

/// One published version: its rules, what it changed, which faults were taken and by whom.
#[utoipa::path(get, path = "/api/v1/responsibility/lists/{version}", tag = "responsibility",
    operation_id = "getResponsibilityList", params(("version" = u32, Path)),
    responses((status = 200, body = ListDetail), Problems))]
pub(crate) async fn list(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(version): Path<u32>,
) -> ApiResult<ListDetail> {
    require(&actor, "responsibility.read", now)?;
    Ok(Json(service.list(version).await?))
}
