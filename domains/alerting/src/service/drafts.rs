//! Drafts of rules: written, tried, published, withdrawn.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use yiwang_contracts::Actor;
use yiwang_kernel::{Page, PageRequest, Timestamp, Uuid};

use super::AlertingService;
use super::alarms::noted;
use super::rights::{must_reach, scope_of};
use super::rules::AlarmRuleView;
use crate::draft::{DraftId, RuleDraft, RuleDraftState, RuleFinding, examined};
use crate::entry::RuleEntry;
use crate::error::AlertingError;
use crate::store;
use crate::store::rules::{LOCAL, in_force};

const EDIT: &str = "alerting.edit";
const PUBLISH: &str = "alerting.publish";
/// Bytes that one rule takes as text.
const ENTRY_BYTES_MAX: usize = 64 * 1024;

/// A draft to be begun: from a rule, from an entry as typed, or from nothing.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateRuleDraft {
    /// The id of a rule whose text it begins with.
    pub from: Option<String>,
    /// Which version of it; the one in force where nothing is said.
    pub version: Option<i64>,
    /// The entry as typed; need not be right yet.
    #[schema(value_type = Option<Object>)]
    pub entry: Option<Value>,
}

/// The whole entry as it is now.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateRuleDraft {
    #[schema(value_type = Object)]
    pub entry: Value,
}

/// A draft becomes the next version of its rule.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishRuleDraft {
    /// From when on it is in force; at once where nothing is said.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_from: Option<Timestamp>,
    /// Why.
    pub note: String,
}

/// What people of the city published of a rule is taken back.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawRule {
    pub reason: String,
}

/// A draft in a list.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct RuleDraftView {
    pub id: DraftId,
    /// The id of the rule as far as it is written.
    pub code: String,
    pub state: RuleDraftState,
    /// The version of the rule that it began from.
    pub based_on: Option<i64>,
    /// The version that it became.
    pub published: Option<i64>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    pub created_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    pub updated_by: String,
    pub version: i64,
}

/// A draft with its text and everything that is found about it.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct RuleDraftDetail {
    #[serde(flatten)]
    pub draft: RuleDraftView,
    #[schema(value_type = Object)]
    pub entry: Value,
    pub findings: Vec<RuleFinding>,
    /// Nothing forbids that it is published.
    pub is_right: bool,
    /// The rule has changed since the draft began.
    pub is_outdated: bool,
}

/// What is found about an entry as typed.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct RuleExamined {
    pub findings: Vec<RuleFinding>,
    pub is_right: bool,
}

fn view(draft: &RuleDraft) -> RuleDraftView {
    RuleDraftView {
        id: draft.id,
        code: draft.code().to_owned(),
        state: draft.state,
        based_on: draft.based_on,
        published: draft.published,
        created_at: draft.created_at,
        created_by: draft.created_by.clone(),
        updated_at: draft.updated_at,
        updated_by: draft.updated_by.clone(),
        version: draft.version,
    }
}

/// Who edits or publishes rules sees the drafts.
fn may_see(actor: &Actor, now: Timestamp) -> Result<(), AlertingError> {
    if actor.may_somewhere(EDIT, now) || actor.may_somewhere(PUBLISH, now) {
        return Ok(());
    }
    Err(AlertingError::Denied { action: EDIT })
}

fn checked(entry: Value) -> Result<Value, AlertingError> {
    if !entry.is_object() {
        return Err(AlertingError::invalid(
            "/entry",
            "malformed",
            "an object is needed",
        ));
    }
    if entry.to_string().len() > ENTRY_BYTES_MAX {
        let message = format!("at most {ENTRY_BYTES_MAX} bytes");
        return Err(AlertingError::invalid("/entry", "too_long", message));
    }
    Ok(entry)
}

/// What a draft from nothing begins with.
fn blank() -> Value {
    json!({
        "profile": "",
        "rule": { "id": "", "name": { "zh": "" }, "uses": [], "levels": [] },
        "verified": false,
    })
}

impl AlertingService {
    pub async fn drafts(
        &self,
        actor: &Actor,
        (code, state): (Option<&str>, Option<RuleDraftState>),
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<RuleDraftView>, AlertingError> {
        may_see(actor, now)?;
        let (limit, before) = (page.limit(), page.position::<Uuid>()?);
        let most = u64::from(limit) + 1;
        let rows = store::drafts::list(self.db.read(), code, state, before, most).await?;
        Ok(Page::cut(rows, limit, |draft| draft.id.0).map(|draft| view(&draft)))
    }

    pub async fn draft(
        &self,
        actor: &Actor,
        id: DraftId,
        now: Timestamp,
    ) -> Result<RuleDraftDetail, AlertingError> {
        may_see(actor, now)?;
        let draft = self.load_draft(id).await?;
        self.draft_detail(draft).await
    }

    async fn load_draft(&self, id: DraftId) -> Result<RuleDraft, AlertingError> {
        let found = store::drafts::load(self.db.read(), id).await?;
        found.ok_or(AlertingError::NoDraft)
    }

    async fn draft_detail(&self, draft: RuleDraft) -> Result<RuleDraftDetail, AlertingError> {
        let (right, findings) = examined(&draft.entry, self.asks.devices.as_ref());
        let rows = store::rules::versions(self.db.read(), draft.code()).await?;
        let newest = rows.first().map(store::rules::RuleRow::version);
        Ok(RuleDraftDetail {
            draft: view(&draft),
            findings,
            is_right: right.is_some(),
            is_outdated: draft.state == RuleDraftState::Open && newest > draft.based_on,
            entry: draft.entry,
        })
    }

    /// What is found about an entry, whether or not it is kept.
    pub fn examine(
        &self,
        actor: &Actor,
        entry: &Value,
        now: Timestamp,
    ) -> Result<RuleExamined, AlertingError> {
        may_see(actor, now)?;
        let (right, findings) = examined(entry, self.asks.devices.as_ref());
        Ok(RuleExamined {
            findings,
            is_right: right.is_some(),
        })
    }

    pub async fn create_draft(
        &self,
        actor: &Actor,
        create: CreateRuleDraft,
        now: Timestamp,
    ) -> Result<RuleDraftDetail, AlertingError> {
        scope_of(actor, EDIT, now)?;
        let (from, based_on) = self.begin_from(&create, now).await?;
        let entry = match create.entry {
            Some(entry) => checked(entry)?,
            None => from.unwrap_or_else(blank),
        };
        let draft = RuleDraft {
            id: DraftId::at(now),
            entry,
            based_on,
            created_at: now,
            created_by: actor.name.clone(),
            updated_at: now,
            updated_by: actor.name.clone(),
            state: RuleDraftState::Open,
            published: None,
            version: 1,
        };
        let new = draft.clone();
        self.db
            .write(move |tx| {
                Box::pin(
                    async move { Ok::<_, AlertingError>(store::drafts::insert(tx, &new).await?) },
                )
            })
            .await?;
        let detail = json!({ "rule": draft.code(), "based_on": draft.based_on });
        self.record(
            actor,
            "alarm_rule.draft",
            format!("draft:{}", draft.id),
            detail,
            now,
        )
        .await?;
        self.draft_detail(draft).await
    }

    /// The text and the version that a draft begins with.
    async fn begin_from(
        &self,
        create: &CreateRuleDraft,
        now: Timestamp,
    ) -> Result<(Option<Value>, Option<i64>), AlertingError> {
        let Some(code) = &create.from else {
            return Ok((None, None));
        };
        let rows = store::rules::versions(self.db.read(), code).await?;
        let standing: Vec<_> = rows.iter().filter(|row| row.is_current).cloned().collect();
        let row = match create.version {
            Some(version) => rows.iter().find(|row| row.version() == version),
            None => in_force(&standing, now).into_iter().next().or(rows.first()),
        };
        let row = row.ok_or_else(|| AlertingError::NoRule(code.clone()))?;
        let newest = rows.first().map(store::rules::RuleRow::version);
        Ok((Some(serde_json::to_value(&row.entry)?), newest))
    }

    /// One change of a draft that is still open.
    async fn change_draft(
        &self,
        actor: &Actor,
        id: DraftId,
        expected: Option<i64>,
        now: Timestamp,
        change: impl FnOnce(&mut RuleDraft) + Send,
    ) -> Result<RuleDraft, AlertingError> {
        scope_of(actor, EDIT, now)?;
        let mut draft = self.load_draft(id).await?;
        is_at(&draft, expected)?;
        let before = draft.version;
        change(&mut draft);
        draft.version += 1;
        (draft.updated_at, draft.updated_by) = (now, actor.name.clone());
        let saved = draft.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    if store::drafts::update(tx, &saved, before).await? {
                        return Ok(());
                    }
                    let current = store::drafts::load(tx, id).await?;
                    Err(AlertingError::VersionConflict {
                        expected: before,
                        current: current.map_or(0, |draft| draft.version),
                    })
                })
            })
            .await?;
        Ok(draft)
    }

    pub async fn update_draft(
        &self,
        actor: &Actor,
        id: DraftId,
        update: UpdateRuleDraft,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<RuleDraftDetail, AlertingError> {
        scope_of(actor, EDIT, now)?;
        let entry = checked(update.entry)?;
        let draft = self
            .change_draft(actor, id, expected, now, |draft| draft.entry = entry)
            .await?;
        self.draft_detail(draft).await
    }

    /// Puts a draft away; it stays readable.
    pub async fn discard_draft(
        &self,
        actor: &Actor,
        id: DraftId,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<RuleDraftView, AlertingError> {
        let draft = self
            .change_draft(actor, id, expected, now, |draft| {
                draft.state = RuleDraftState::Discarded;
            })
            .await?;
        Ok(view(&draft))
    }

    /// A draft becomes the next version of its rule and goes before the pack's.
    pub async fn publish_draft(
        &self,
        actor: &Actor,
        id: DraftId,
        publish: PublishRuleDraft,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<Vec<AlarmRuleView>, AlertingError> {
        let scope = scope_of(actor, PUBLISH, now)?;
        let draft = self.load_draft(id).await?;
        is_at(&draft, expected)?;
        let note = noted(Some(publish.note))?
            .ok_or_else(|| AlertingError::invalid("/note", "missing", "say why"))?;
        let valid_from = publish.valid_from.unwrap_or(now).max(now);
        let (right, findings) = examined(&draft.entry, self.asks.devices.as_ref());
        let Some(entry) = right else {
            return Err(AlertingError::Faulty(findings));
        };
        must_reach(&scope, PUBLISH, &self.devices_of(&entry))?;
        self.is_same_kind(&entry).await?;
        let version = self
            .save_published(
                draft.clone(),
                entry.clone(),
                (note.clone(), valid_from),
                actor,
                now,
            )
            .await?;
        let detail =
            json!({ "version": version, "valid_from": valid_from, "note": note, "draft": id });
        let object = format!("alarm_rule:{}", entry.rule.id);
        self.record(actor, "alarm_rule.publish", object, detail, now)
            .await?;
        self.adopt(now).await?;
        self.versions_of(&entry.rule.id, &scope, now).await
    }

    /// A rule stays one of the kind of device that it was for.
    async fn is_same_kind(&self, entry: &RuleEntry) -> Result<(), AlertingError> {
        let rows = store::rules::versions(self.db.read(), &entry.rule.id).await?;
        match rows
            .first()
            .filter(|row| row.entry.profile != entry.profile)
        {
            Some(row) => {
                let message = format!("the rule is for {}", row.entry.profile);
                Err(AlertingError::invalid("/profile", "other_kind", message))
            }
            None => Ok(()),
        }
    }

    async fn save_published(
        &self,
        draft: RuleDraft,
        entry: RuleEntry,
        (note, valid_from): (String, Timestamp),
        actor: &Actor,
        now: Timestamp,
    ) -> Result<i64, AlertingError> {
        let by = actor.name.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let why = Some(note.as_str());
                    let version =
                        store::rules::add(tx, &entry, LOCAL, why, (&by, now), valid_from).await?;
                    let (mut saved, before) = (draft.clone(), draft.version);
                    (saved.state, saved.published) = (RuleDraftState::Published, Some(version));
                    (saved.updated_at, saved.updated_by) = (now, by);
                    saved.version += 1;
                    if !store::drafts::update(tx, &saved, before).await? {
                        return Err(AlertingError::VersionConflict {
                            expected: before,
                            current: 0,
                        });
                    }
                    Ok(version)
                })
            })
            .await
    }

    /// Takes back what people of the city published of a rule: the pack's version is in force again, if there is one.
    pub async fn withdraw(
        &self,
        actor: &Actor,
        code: &str,
        withdraw: WithdrawRule,
        now: Timestamp,
    ) -> Result<Vec<AlarmRuleView>, AlertingError> {
        let scope = scope_of(actor, PUBLISH, now)?;
        let reason = noted(Some(withdraw.reason))?
            .ok_or_else(|| AlertingError::invalid("/reason", "missing", "say why"))?;
        let rows = store::rules::versions(self.db.read(), code).await?;
        let row = rows
            .iter()
            .find(|row| row.is_local() && row.is_current)
            .or(rows.first())
            .ok_or_else(|| AlertingError::NoRule(code.to_owned()))?;
        must_reach(&scope, PUBLISH, &self.devices_of(&row.entry))?;
        let (id, by) = (code.to_owned(), actor.name.clone());
        let taken = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    Ok::<_, AlertingError>(store::rules::withdraw(tx, &id, &by, now).await?)
                })
            })
            .await?;
        if taken == 0 {
            return Err(AlertingError::NotNow(
                "nothing of it was published by people",
            ));
        }
        let object = format!("alarm_rule:{code}");
        let detail = json!({ "reason": reason, "versions": taken });
        self.record(actor, "alarm_rule.withdraw", object, detail, now)
            .await?;
        self.adopt(now).await?;
        self.versions_of(code, &scope, now).await
    }
}

/// The draft is open, and the one that was looked at.
fn is_at(draft: &RuleDraft, expected: Option<i64>) -> Result<(), AlertingError> {
    if let Some(expected) = expected.filter(|expected| *expected != draft.version) {
        return Err(AlertingError::VersionConflict {
            expected,
            current: draft.version,
        });
    }
    match draft.state {
        RuleDraftState::Open => Ok(()),
        RuleDraftState::Published => Err(AlertingError::NotNow("the draft is published")),
        RuleDraftState::Discarded => Err(AlertingError::NotNow("the draft is put away")),
    }
}
