//! Items, grades and code sets.

use axum::extract::State;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yiwang_contracts::{ClockKind, Grade, ItemPolicy, ItemSuggestion};
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Path, Problems, Query, require};
use yiwang_kernel::{Page, PageRequest, Text, Timestamp};

use super::Catalogue;
use crate::error::CatalogError;
use crate::model::{Codeset, GradeEntry, ItemEntry, prefixes};
use crate::snapshot::Snapshot;

/// Suggestions answered at most.
const SUGGESTIONS_MAX: usize = 50;
const SUGGESTIONS_DEFAULT: usize = 8;

/// An item in the tree.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ItemView {
    code: String,
    name: Text,
    /// 1 domain … 4 item.
    level: usize,
    parent: Option<String>,
    /// Can it be chosen for a case?
    leaf: bool,
    grade: Grade,
    secrecy: u8,
    self_handling: bool,
    verified: bool,
    version: u32,
    aliases: Vec<String>,
    keywords: Vec<String>,
    /// The name in pinyin, a space between syllables, once for each way in which it is read.
    pinyin: Vec<String>,
}

/// An item with everything a case of it is judged by.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ItemDetail {
    #[serde(flatten)]
    item: ItemView,
    negative_keywords: Vec<String>,
    definition: Option<Text>,
    basis: Option<Text>,
    source: Option<Text>,
    crosswalk: std::collections::BTreeMap<String, String>,
    policy: ItemPolicy,
    /// At the item's own grade, whatever the time of day.
    limits: Vec<LimitView>,
    versions: Vec<ItemVersionView>,
}

/// One limit, in words too.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LimitView {
    step: ClockKind,
    #[schema(value_type = String)]
    limit: yiwang_worktime::Limit,
    words: Text,
    calendar: String,
    /// Only for clocks that start from this time of day …
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    /// … until this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<Text>,
    /// Starts when the stage before it is done.
    follows: bool,
    yellow: f64,
    orange: f64,
    /// The row it comes from.
    row: String,
    verified: bool,
    source: Option<Text>,
}

/// One version of an item.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ItemVersionView {
    version: u32,
    #[schema(value_type = String, format = DateTime)]
    valid_from: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    valid_to: Option<Timestamp>,
    name: Text,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ItemsQuery {
    /// Part of a code, name, alias or key word, or the beginnings of the name's syllables in pinyin.
    q: Option<String>,
    /// Only the children of this item.
    parent: Option<String>,
    /// Only what can (or cannot) be chosen for a case.
    leaf: Option<bool>,
    /// As things stood at this instant.
    #[param(value_type = Option<String>)]
    at: Option<Timestamp>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Items in order of code.
#[utoipa::path(get, path = "/api/v1/items", tag = "catalog", operation_id = "listItems", params(ItemsQuery),
    responses((status = 200, body = Page<ItemView>), Problems))]
pub(crate) async fn list_items(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<ItemsQuery>,
) -> ApiResult<Page<ItemView>> {
    require(&actor, "catalog.read", now)?;
    let page = PageRequest {
        limit: query.limit,
        cursor: query.cursor,
    };
    let after: Option<String> = page.position()?;
    let (snapshot, at) = (service.snapshot(), query.at.unwrap_or(now));
    let wanted = query
        .q
        .map(|text| text.trim().to_lowercase())
        .filter(|text| !text.is_empty());
    let items = snapshot
        .items
        .codes(at)
        .filter(|code| after.as_deref().is_none_or(|after| *code > after))
        .filter(|code| {
            query
                .parent
                .as_deref()
                .is_none_or(|parent| prefixes(code).nth(1) == Some(parent))
        })
        .filter(|code| {
            query
                .leaf
                .is_none_or(|leaf| snapshot.items.is_leaf(code, at) == leaf)
        })
        .filter(|code| {
            wanted
                .as_deref()
                .is_none_or(|wanted| speaks_of(&snapshot, code, wanted, at))
        });
    let rows = items
        .filter_map(|code| view(&snapshot, code, at))
        .take(page.limit() as usize + 1)
        .collect();
    Ok(Json(Page::cut(rows, page.limit(), |item: &ItemView| {
        item.code.clone()
    })))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AtQuery {
    /// As things stood at this instant.
    #[param(value_type = Option<String>)]
    at: Option<Timestamp>,
}

/// One item with its policy, limits and versions.
#[utoipa::path(get, path = "/api/v1/items/{code}", tag = "catalog", operation_id = "getItem",
    params(("code" = String, Path), AtQuery), responses((status = 200, body = ItemDetail), Problems))]
pub(crate) async fn item(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(code): Path<String>,
    Query(query): Query<AtQuery>,
) -> ApiResult<ItemDetail> {
    require(&actor, "catalog.read", now)?;
    let detail = detail(&service.snapshot(), &code, query.at.unwrap_or(now));
    Ok(Json(
        detail.ok_or_else(|| CatalogError::not_found("item", code))?,
    ))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SuggestQuery {
    /// What a report says.
    text: String,
    limit: Option<usize>,
}

/// The items a text speaks of, likeliest first, with the words that decided.
#[utoipa::path(get, path = "/api/v1/items/suggest", tag = "catalog", operation_id = "suggestItems",
    params(SuggestQuery), responses((status = 200, body = Page<ItemSuggestion>), Problems))]
pub(crate) async fn suggest_items(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<SuggestQuery>,
) -> ApiResult<Page<ItemSuggestion>> {
    require(&actor, "catalog.read", now)?;
    let snapshot = service.snapshot();
    let limit = query
        .limit
        .unwrap_or(SUGGESTIONS_DEFAULT)
        .clamp(1, SUGGESTIONS_MAX);
    Ok(Json(Page {
        items: snapshot
            .suggest
            .suggest(&snapshot.items, &query.text, now, limit),
        next: None,
    }))
}

/// The grades, most urgent first.
#[utoipa::path(get, path = "/api/v1/grades", tag = "catalog", operation_id = "listGrades",
    responses((status = 200, body = Page<GradeEntry>), Problems))]
pub(crate) async fn list_grades(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<Page<GradeEntry>> {
    require(&actor, "catalog.read", now)?;
    let items = service
        .snapshot()
        .grades
        .values()
        .map(|grade| GradeEntry::clone(grade))
        .collect();
    Ok(Json(Page { items, next: None }))
}

/// A code set without its codes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CodesetView {
    id: String,
    title: Text,
    verified: bool,
    source: Option<Text>,
    entry_count: usize,
}

/// A code set, and which items cross over to its codes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CodesetDetail {
    #[serde(flatten)]
    codeset: Codeset,
    items: Vec<CrossedItem>,
}

/// An item and the code that it crosses over to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CrossedItem {
    code: String,
    name: Text,
    /// The code in the code set; one that it does not have is shown as it is.
    to: String,
}

/// The code sets of standards and other systems.
#[utoipa::path(get, path = "/api/v1/codesets", tag = "catalog", operation_id = "listCodesets",
    responses((status = 200, body = Page<CodesetView>), Problems))]
pub(crate) async fn list_codesets(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<Page<CodesetView>> {
    require(&actor, "catalog.read", now)?;
    let snapshot = service.snapshot();
    let items = snapshot.codesets.values().map(|set| CodesetView {
        id: set.id.clone(),
        title: set.title.clone(),
        verified: set.verified,
        source: set.source.clone(),
        entry_count: set.entries.len(),
    });
    Ok(Json(Page {
        items: items.collect(),
        next: None,
    }))
}

/// One code set with its codes.
#[utoipa::path(get, path = "/api/v1/codesets/{id}", tag = "catalog", operation_id = "getCodeset",
    params(("id" = String, Path)), responses((status = 200, body = CodesetDetail), Problems))]
pub(crate) async fn codeset(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<String>,
) -> ApiResult<CodesetDetail> {
    require(&actor, "catalog.read", now)?;
    let snapshot = service.snapshot();
    let set = snapshot.codesets.get(&id);
    let set = set.ok_or_else(|| CatalogError::not_found("code set", id))?;
    Ok(Json(CodesetDetail {
        items: crossed(&snapshot, set, now),
        codeset: Codeset::clone(set),
    }))
}

/// The items that name a code of the set, in order of that code.
fn crossed(snapshot: &Snapshot, set: &Codeset, at: Timestamp) -> Vec<CrossedItem> {
    let Some(key) = &set.crosswalk else {
        return Vec::new();
    };
    let crossed = |code: &str| {
        let item = &snapshot.items.entry(code, at)?.value;
        Some(CrossedItem {
            code: code.to_owned(),
            name: item.name.clone(),
            to: item.crosswalk.get(key)?.clone(),
        })
    };
    let mut items: Vec<CrossedItem> = snapshot.items.codes(at).filter_map(crossed).collect();
    items.sort_by(|a, b| (&a.to, &a.code).cmp(&(&b.to, &b.code)));
    items
}

fn speaks_of(snapshot: &Snapshot, code: &str, wanted: &str, at: Timestamp) -> bool {
    let Some(segment) = snapshot.items.entry(code, at) else {
        return false;
    };
    let item: &ItemEntry = &segment.value;
    let words = [&item.name.zh]
        .into_iter()
        .chain(&item.name.en)
        .chain(&item.aliases)
        .chain(&item.keywords);
    code.starts_with(wanted)
        || words
            .into_iter()
            .any(|word| word.to_lowercase().contains(wanted))
        || snapshot.readings.of(&item.name.zh).fit(wanted).is_some()
}

fn view(snapshot: &Snapshot, code: &str, at: Timestamp) -> Option<ItemView> {
    let items = &snapshot.items;
    let (policy, entry) = (items.policy(code, at)?, items.entry(code, at)?);
    Some(ItemView {
        code: code.to_owned(),
        name: policy.name.clone(),
        level: prefixes(code).count(),
        parent: prefixes(code).nth(1).map(str::to_owned),
        leaf: items.is_leaf(code, at),
        grade: policy.grade,
        secrecy: policy.secrecy,
        self_handling: policy.self_handling,
        verified: policy.verified,
        version: policy.version,
        aliases: entry.value.aliases.clone(),
        keywords: entry.value.keywords.clone(),
        pinyin: snapshot.readings.of(&entry.value.name.zh).said().to_vec(),
    })
}

fn detail(snapshot: &Snapshot, code: &str, at: Timestamp) -> Option<ItemDetail> {
    let (item, entry) = (view(snapshot, code, at)?, snapshot.items.entry(code, at)?);
    let versions = snapshot
        .items
        .timeline(code)?
        .segments()
        .iter()
        .map(|segment| ItemVersionView {
            version: segment.version,
            valid_from: segment.from,
            valid_to: segment.to,
            name: segment.value.name.clone(),
        });
    Some(ItemDetail {
        negative_keywords: entry.value.negative_keywords.clone(),
        definition: entry.value.definition.clone(),
        basis: entry.value.basis.clone(),
        source: entry.value.source.clone(),
        crosswalk: entry.value.crosswalk.clone(),
        policy: snapshot.items.policy(code, at)?.as_ref().clone(),
        limits: limits(snapshot, code, item.grade, at),
        versions: versions.collect(),
        item,
    })
}

fn limits(snapshot: &Snapshot, code: &str, grade: Grade, at: Timestamp) -> Vec<LimitView> {
    let time = |time: Option<Time>| time.map(|time| time.strftime("%H:%M").to_string());
    let applied = snapshot.limits.overview(code, grade, at);
    applied
        .into_iter()
        .map(|applied| LimitView {
            step: applied.line.step,
            limit: applied.line.limit,
            words: Text::new(applied.line.limit.zh(), applied.line.limit.en()),
            calendar: applied.line.calendar.clone(),
            from: time(applied.line.from),
            until: time(applied.line.until),
            stage: applied.line.stage.clone(),
            follows: applied.line.follows,
            yellow: applied.row.yellow,
            orange: applied.row.orange,
            row: applied.row.id.clone(),
            verified: applied.row.verified,
            source: applied.row.source.clone(),
        })
        .collect()
}
