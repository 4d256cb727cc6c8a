//! Publishing: a draft becomes the list from a day on. What would open a hole or an overlap is refused,
//! unless somebody takes it on the record.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;
use yiwang_contracts::{Actor, NewEvent};
use yiwang_kernel::{Timestamp, Uuid};

use super::drafts::{check_rules, object, store_draft};
use super::judge::Judge;
use super::{CheckedFaults, Service, blocking, event};
use crate::error::CatalogError;
use crate::model::{ResponsibilityRule, day_start};
use crate::responsibility::{RuleChange, RuleChangeKind, RuleList, rule_changes};
use crate::store::{self, Draft, DraftState, ListChanges, PublishedList};

const REASON_CHARS_MAX: usize = 1_000;

/// Puts a draft in force.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PublishDraft {
    /// First day on which it holds; today means from now on.
    #[schema(value_type = String, format = Date)]
    pub valid_from: Date,
    /// Why holes or overlaps that it opens are taken; goes on the record with the name of who takes them.
    pub accept_faults: Option<String>,
}

/// One published version.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = ResponsibilityList)]
pub(crate) struct ListView {
    pub version: u32,
    #[schema(value_type = String, format = DateTime)]
    pub valid_from: Timestamp,
    pub title: String,
    pub changes: ListChanges,
    /// Pairs left without a lead, or with several, when it was published.
    pub opened_pairs: usize,
    /// Why they were taken.
    pub accepted: Option<String>,
    pub draft_id: Option<Uuid>,
    pub publisher: String,
    #[schema(value_type = String, format = DateTime)]
    pub published_at: Timestamp,
}

/// One published version with what it changed and opened.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = ResponsibilityListDetail)]
pub(crate) struct ListDetail {
    #[serde(flatten)]
    pub list: ListView,
    pub diff: Vec<RuleChange>,
    pub opened: CheckedFaults,
    pub rules: Vec<ResponsibilityRule>,
}

impl Service {
    pub(crate) async fn lists(&self) -> Result<Vec<ListView>, CatalogError> {
        Ok(store::list_heads(self.db.read())
            .await?
            .iter()
            .map(view)
            .collect())
    }

    pub(crate) async fn list(&self, version: u32) -> Result<ListDetail, CatalogError> {
        let list = store::list(self.db.read(), version).await?;
        let list =
            list.ok_or_else(|| CatalogError::not_found("list version", version.to_string()))?;
        Ok(ListDetail {
            list: view(&list),
            diff: list.changes,
            opened: list.faults,
            rules: list.rules,
        })
    }

    pub(crate) async fn publish(
        &self,
        id: Uuid,
        publish: PublishDraft,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<ListView, CatalogError> {
        let draft = self.open_draft(id, expected).await?;
        let accepted = checked_reason(publish.accept_faults.as_deref())?;
        let valid_from = self.effective(publish.valid_from)?;
        let list = self.judged(&draft, valid_from, accepted, actor).await?;
        let (stored, expected, now) = (list.clone(), draft.version, self.now());
        let closed = Draft {
            state: DraftState::Published,
            list_version: Some(list.version),
            version: draft.version + 1,
            updated_by: actor.name.clone(),
            updated_at: now,
            ..draft
        };
        let written = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    // The counter's row is taken first: publications come one after the other.
                    store::bump(tx, false).await?;
                    let latest = store::list_latest(tx)
                        .await?
                        .map_or(0, |latest| latest.version);
                    if latest != closed.base {
                        return Err(CatalogError::BaseMoved {
                            base: closed.base,
                            latest,
                        });
                    }
                    store_draft(tx, &closed, expected).await?;
                    store::insert_list(tx, &stored).await?;
                    tx.publish(published_event(&stored, now));
                    Ok(())
                })
            })
            .await;
        written?;
        self.reload().await?;
        let detail = json!({
            "version": list.version, "valid_from": list.valid_from, "title": list.title,
            "changes": counts(&list.changes), "opened_holes": list.faults.hole_pairs,
            "opened_overlaps": list.faults.overlap_pairs, "accepted": list.accepted,
        });
        self.record(actor, "responsibility.publish", object(id), detail)
            .await?;
        Ok(view(&list))
    }

    /// The version a draft would become, once everything that speaks against it has been looked at.
    async fn judged(
        &self,
        draft: &Draft,
        valid_from: Timestamp,
        accepted: Option<String>,
        actor: &Actor,
    ) -> Result<PublishedList, CatalogError> {
        let (snapshot, orgs) = (self.snapshot(), self.orgs());
        let latest = self.latest_version();
        if draft.base != latest {
            return Err(CatalogError::BaseMoved {
                base: draft.base,
                latest,
            });
        }
        check_rules(&draft.rules, &snapshot, &orgs)?;
        let changes = rule_changes(&snapshot.latest_rules(), &draft.rules);
        if changes.is_empty() {
            return Err(CatalogError::NothingChanged);
        }
        let rules = draft.rules.clone();
        let faults = blocking(move || {
            let empty = RuleList::default();
            let before = snapshot.list_latest().map_or(&empty, |latest| &latest.list);
            Judge {
                snapshot: &snapshot,
                orgs: &orgs,
            }
            .opened(before, &RuleList::new(rules), valid_from)
        })
        .await?;
        if !faults.is_empty() && accepted.is_none() {
            return Err(CatalogError::OpensFault(Box::new(faults)));
        }
        Ok(PublishedList {
            version: latest + 1,
            valid_from,
            title: draft.title.clone(),
            rules: draft.rules.clone(),
            changes,
            accepted: accepted.filter(|_| !faults.is_empty()),
            faults,
            draft_id: Some(draft.id),
            published_by: actor.user_id,
            publisher: actor.name.clone(),
            published_at: self.now(),
        })
    }

    /// The instant from which a list published now for `day` holds: never in the past, and never before
    /// the version published last, so that the versions' times grow with their numbers.
    fn effective(&self, day: Date) -> Result<Timestamp, CatalogError> {
        let now = self.now();
        let last = self
            .snapshot()
            .list_latest()
            .map_or(now, |latest| latest.valid_from.max(now));
        let start = day_start(day);
        let is_today = start <= now && now < day.tomorrow().map_or(Timestamp::MAX, day_start);
        let effective = if is_today { now } else { start };
        if effective < last {
            Err(CatalogError::TooEarly { earliest: last })
        } else {
            Ok(effective)
        }
    }
}

/// Says that a version of the list was published.
pub(super) fn published_event(list: &PublishedList, at: Timestamp) -> NewEvent {
    let body = json!({
        "version": list.version, "valid_from": list.valid_from, "title": list.title,
        "changes": counts(&list.changes), "accepted": list.accepted.is_some(),
    });
    event(
        "catalog.responsibility_published",
        "responsibility.read",
        at,
        body,
    )
}

fn view(list: &PublishedList) -> ListView {
    ListView {
        version: list.version,
        valid_from: list.valid_from,
        title: list.title.clone(),
        changes: counts(&list.changes),
        opened_pairs: list.faults.hole_pairs + list.faults.overlap_pairs,
        accepted: list.accepted.clone(),
        draft_id: list.draft_id,
        publisher: list.publisher.clone(),
        published_at: list.published_at,
    }
}

fn counts(changes: &[RuleChange]) -> ListChanges {
    let count = |kind| changes.iter().filter(|change| change.kind == kind).count();
    ListChanges {
        added: count(RuleChangeKind::Added),
        removed: count(RuleChangeKind::Removed),
        changed: count(RuleChangeKind::Changed),
    }
}

pub(super) fn checked_reason(reason: Option<&str>) -> Result<Option<String>, CatalogError> {
    let Some(reason) = reason.map(str::trim) else {
        return Ok(None);
    };
    if reason.is_empty() || reason.chars().count() > REASON_CHARS_MAX {
        let message = format!("a reason has 1 to {REASON_CHARS_MAX} characters");
        return Err(CatalogError::field("/accept_faults", "length", message));
    }
    Ok(Some(reason.to_owned()))
}
