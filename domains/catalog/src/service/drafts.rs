//! Drafts of the responsibility list: begun from the published one, changed, compared, checked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;
use yiwang_contracts::Actor;
use yiwang_kernel::{FieldFault, Timestamp, Uuid, new_uuid};

use super::judge::Judge;
use super::{CheckReport, CheckedFaults, LeadChangeGroup, Service, blocking};
use crate::check::{KnownCodes, rule_findings};
use crate::error::CatalogError;
use crate::model::ResponsibilityRule;
use crate::responsibility::{OrgIndex, RuleChange, RuleList, rule_changes};
use crate::snapshot::Snapshot;
use crate::store::{self, Draft, DraftState};

/// Rules of one list at most.
pub(super) const RULES_MAX: usize = 20_000;
const TITLE_CHARS_MAX: usize = 200;

/// Begins a draft from the list published last.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateDraft {
    pub title: String,
}

/// Changes a draft; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateDraft {
    pub title: Option<String>,
    /// The whole list.
    pub rules: Option<Vec<ResponsibilityRule>>,
    /// Says that the draft has been brought up to this published version.
    pub base: Option<u32>,
}

/// A draft in a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = ResponsibilityDraft)]
pub(crate) struct DraftView {
    pub id: Uuid,
    pub title: String,
    /// The published version it was begun from.
    pub base: u32,
    /// The published version now.
    pub latest: u32,
    pub state: DraftState,
    /// The version it became.
    pub list_version: Option<u32>,
    pub version: i64,
    pub rule_count: usize,
    pub created_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    pub updated_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// A draft with its rules.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = ResponsibilityDraftDetail)]
pub(crate) struct DraftDetail {
    #[serde(flatten)]
    pub draft: DraftView,
    pub rules: Vec<ResponsibilityRule>,
}

/// What a draft changes against the list published last.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = ResponsibilityDraftDiff)]
pub(crate) struct DraftDiff {
    pub base: u32,
    pub latest: u32,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub changes: Vec<RuleChange>,
    /// Pairs of a leaf item and a grid that another unit would lead.
    pub changed_pairs: usize,
    pub leads: Vec<LeadChangeGroup>,
    pub groups_left: usize,
}

/// The state of the list as the draft would make it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = ResponsibilityDraftCheck)]
pub(crate) struct DraftCheck {
    #[serde(flatten)]
    pub report: CheckReport,
    /// The faults that the published list does not have.
    pub opened: CheckedFaults,
}

impl Service {
    pub(crate) async fn drafts(&self) -> Result<Vec<DraftView>, CatalogError> {
        let latest = self.latest_version();
        Ok(store::drafts(self.db.read())
            .await?
            .iter()
            .map(|draft| view(draft, latest))
            .collect())
    }

    pub(crate) async fn draft(&self, id: Uuid) -> Result<DraftDetail, CatalogError> {
        let draft = self.load_draft(id).await?;
        Ok(DraftDetail {
            draft: view(&draft, self.latest_version()),
            rules: draft.rules,
        })
    }

    pub(crate) async fn create_draft(
        &self,
        create: CreateDraft,
        actor: &Actor,
    ) -> Result<DraftDetail, CatalogError> {
        let now = self.now();
        let snapshot = self.snapshot();
        let draft = Draft {
            id: new_uuid(now),
            title: checked_title(&create.title)?,
            base: self.latest_version(),
            rules: snapshot.latest_rules(),
            state: DraftState::Open,
            list_version: None,
            version: 1,
            created_by: actor.name.clone(),
            created_at: now,
            updated_by: actor.name.clone(),
            updated_at: now,
        };
        let stored = draft.clone();
        self.db
            .write(move |tx| {
                Box::pin(
                    async move { Ok::<_, CatalogError>(store::insert_draft(tx, &stored).await?) },
                )
            })
            .await?;
        let detail = json!({"title": draft.title, "base": draft.base});
        self.record(
            actor,
            "responsibility.draft_create",
            object(draft.id),
            detail,
        )
        .await?;
        Ok(DraftDetail {
            draft: view(&draft, draft.base),
            rules: draft.rules,
        })
    }

    pub(crate) async fn update_draft(
        &self,
        id: Uuid,
        update: UpdateDraft,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<DraftDetail, CatalogError> {
        let mut draft = self.open_draft(id, expected).await?;
        let before = draft.clone();
        if let Some(title) = &update.title {
            draft.title = checked_title(title)?;
        }
        let snapshot = self.snapshot();
        if let Some(base) = update.base {
            if base != self.latest_version() {
                return Err(CatalogError::BaseMoved {
                    base,
                    latest: self.latest_version(),
                });
            }
            draft.base = base;
        }
        if let Some(rules) = update.rules {
            check_rules(&rules, &snapshot, &self.orgs())?;
            draft.rules = with_origin(rules, &snapshot.latest_rules());
        }
        let changes = rule_changes(&before.rules, &draft.rules).len();
        self.save_draft(&mut draft, before.version, actor).await?;
        let detail = json!({"title": draft.title, "base": draft.base, "changed_rules": changes});
        self.record(actor, "responsibility.draft_update", object(id), detail)
            .await?;
        Ok(DraftDetail {
            draft: view(&draft, self.latest_version()),
            rules: draft.rules,
        })
    }

    pub(crate) async fn discard_draft(
        &self,
        id: Uuid,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<DraftView, CatalogError> {
        let mut draft = self.open_draft(id, expected).await?;
        let version = draft.version;
        draft.state = DraftState::Discarded;
        self.save_draft(&mut draft, version, actor).await?;
        self.record(
            actor,
            "responsibility.draft_discard",
            object(id),
            json!({"title": draft.title}),
        )
        .await?;
        Ok(view(&draft, self.latest_version()))
    }

    pub(crate) async fn draft_diff(
        &self,
        id: Uuid,
        at: Timestamp,
    ) -> Result<DraftDiff, CatalogError> {
        let draft = self.load_draft(id).await?;
        let (snapshot, orgs) = (self.snapshot(), self.orgs());
        blocking(move || {
            let latest = snapshot.list_latest();
            let empty = RuleList::default();
            let before = latest.map_or(&empty, |latest| &latest.list);
            let changes = rule_changes(&snapshot.latest_rules(), &draft.rules);
            let judge = Judge {
                snapshot: &snapshot,
                orgs: &orgs,
            };
            let (leads, groups_left) = judge.lead_changes(before, &RuleList::new(draft.rules), at);
            DraftDiff {
                base: draft.base,
                latest: latest.map_or(0, |latest| latest.version),
                at,
                changes,
                changed_pairs: leads.iter().map(|group| group.count).sum(),
                leads,
                groups_left,
            }
        })
        .await
    }

    pub(crate) async fn draft_check(
        &self,
        id: Uuid,
        at: Timestamp,
    ) -> Result<DraftCheck, CatalogError> {
        let draft = self.load_draft(id).await?;
        let began = self.now();
        let (snapshot, orgs) = (self.snapshot(), self.orgs());
        let mut check = blocking(move || judge_draft(&snapshot, &orgs, draft.rules, at)).await?;
        check.report.took_ms = self.milliseconds_since(began);
        Ok(check)
    }

    /// The state of the published list at an instant.
    pub(crate) async fn check_published(&self, at: Timestamp) -> Result<CheckReport, CatalogError> {
        let began = self.now();
        let (snapshot, orgs) = (self.snapshot(), self.orgs());
        let mut report = blocking(move || {
            let empty = RuleList::default();
            let in_force = snapshot.list_at(at);
            let judge = Judge {
                snapshot: &snapshot,
                orgs: &orgs,
            };
            judge.report(
                in_force.map_or(&empty, |list| &list.list),
                in_force.map(|list| list.version),
                at,
            )
        })
        .await?;
        report.took_ms = self.milliseconds_since(began);
        Ok(report)
    }

    pub(super) fn latest_version(&self) -> u32 {
        self.snapshot()
            .list_latest()
            .map_or(0, |latest| latest.version)
    }

    async fn load_draft(&self, id: Uuid) -> Result<Draft, CatalogError> {
        let draft = store::draft(self.db.read(), id).await?;
        draft.ok_or_else(|| CatalogError::not_found("draft", id.to_string()))
    }

    /// The draft if it can be changed and is still at the version the caller read.
    pub(super) async fn open_draft(
        &self,
        id: Uuid,
        expected: Option<i64>,
    ) -> Result<Draft, CatalogError> {
        let draft = self.load_draft(id).await?;
        if draft.state != DraftState::Open {
            return Err(CatalogError::DraftClosed {
                state: draft.state.word(),
            });
        }
        match expected {
            Some(expected) if expected != draft.version => Err(changed(&draft)),
            _ => Ok(draft),
        }
    }

    async fn save_draft(
        &self,
        draft: &mut Draft,
        expected: i64,
        actor: &Actor,
    ) -> Result<(), CatalogError> {
        draft.version = expected + 1;
        draft.updated_by.clone_from(&actor.name);
        draft.updated_at = self.now();
        let stored = draft.clone();
        self.db
            .write(move |tx| Box::pin(async move { store_draft(tx, &stored, expected).await }))
            .await
    }

    fn milliseconds_since(&self, began: Timestamp) -> u64 {
        u64::try_from(self.now().duration_since(began).as_millis()).unwrap_or(0)
    }
}

/// Stores a draft that must still be at `expected`; otherwise says who changed it.
pub(super) async fn store_draft(
    tx: &yiwang_store::Tx,
    draft: &Draft,
    expected: i64,
) -> Result<(), CatalogError> {
    if store::update_draft(tx, draft, expected).await? {
        return Ok(());
    }
    let now = store::draft(tx, draft.id).await?;
    let now = now.ok_or_else(|| CatalogError::not_found("draft", draft.id.to_string()))?;
    Err(changed(&now))
}

pub(super) fn object(draft: Uuid) -> String {
    format!("responsibility_draft:{draft}")
}

pub(super) fn view(draft: &Draft, latest: u32) -> DraftView {
    DraftView {
        id: draft.id,
        title: draft.title.clone(),
        base: draft.base,
        latest,
        state: draft.state,
        list_version: draft.list_version,
        version: draft.version,
        rule_count: draft.rules.len(),
        created_by: draft.created_by.clone(),
        created_at: draft.created_at,
        updated_by: draft.updated_by.clone(),
        updated_at: draft.updated_at,
    }
}

/// Everything that is wrong with the rules, each at its pointer.
pub(super) fn check_rules(
    rules: &[ResponsibilityRule],
    snapshot: &Snapshot,
    orgs: &OrgIndex,
) -> Result<(), CatalogError> {
    if rules.len() > RULES_MAX {
        return Err(CatalogError::field(
            "/rules",
            "too_many",
            format!("a list has at most {RULES_MAX} rules"),
        ));
    }
    let known = KnownCodes {
        items: snapshot.items.all_codes().collect(),
        areas: snapshot
            .areas
            .all()
            .map(|area| area.brief.code.as_str())
            .collect(),
        orgs: orgs.codes().collect(),
    };
    let mut ids = BTreeSet::new();
    let mut faults = Vec::new();
    for (at, rule) in rules.iter().enumerate() {
        if rule.id.trim().is_empty() || !ids.insert(rule.id.as_str()) {
            let message = format!("id {:?} is empty or stands twice", rule.id);
            faults.push(FieldFault::new(
                format!("/rules/{at}/id"),
                "catalog.rule.bad_id",
                message,
            ));
        }
        faults.extend(rule_findings(rule, &known).into_iter().map(|finding| {
            let hint = finding
                .hint
                .map(|hint| format!(" ({hint})"))
                .unwrap_or_default();
            FieldFault::new(
                format!("/rules/{at}{}", finding.pointer),
                finding.code,
                format!("{}{hint}", finding.message),
            )
        }));
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(CatalogError::Invalid(faults))
    }
}

fn judge_draft(
    snapshot: &Arc<Snapshot>,
    orgs: &Arc<OrgIndex>,
    rules: Vec<ResponsibilityRule>,
    at: Timestamp,
) -> DraftCheck {
    let judge = Judge { snapshot, orgs };
    let after = RuleList::new(rules);
    let empty = RuleList::default();
    let before = snapshot.list_latest().map_or(&empty, |latest| &latest.list);
    DraftCheck {
        report: judge.report(&after, None, at),
        opened: judge.opened(before, &after, at),
    }
}

/// A rule that says what it said before keeps its pack; every other one was made here.
fn with_origin(
    rules: Vec<ResponsibilityRule>,
    before: &[ResponsibilityRule],
) -> Vec<ResponsibilityRule> {
    let before: BTreeMap<&str, &ResponsibilityRule> =
        before.iter().map(|rule| (rule.id.as_str(), rule)).collect();
    rules
        .into_iter()
        .map(|rule| {
            let same = before
                .get(rule.id.as_str())
                .filter(|before| before.says_the_same(&rule));
            ResponsibilityRule {
                pack: same.and_then(|before| before.pack.clone()),
                ..rule
            }
        })
        .collect()
}

fn checked_title(title: &str) -> Result<String, CatalogError> {
    let title = title.trim();
    if title.is_empty() || title.chars().count() > TITLE_CHARS_MAX {
        let message = format!("a title has 1 to {TITLE_CHARS_MAX} characters");
        return Err(CatalogError::field("/title", "length", message));
    }
    Ok(title.to_owned())
}

fn changed(draft: &Draft) -> CatalogError {
    CatalogError::DraftChanged {
        version: draft.version,
        by: draft.updated_by.clone(),
        at: draft.updated_at,
    }
}
