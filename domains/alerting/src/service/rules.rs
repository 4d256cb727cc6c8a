//! Rules as they are shown: in force, in their versions, with how often they were right.

use serde::Serialize;
use yiwang_contracts::{Actor, Scope};
use yiwang_kernel::{Page, PageRequest, Timestamp, from_micros};

use super::AlertingService;
use super::rights::scope_of;
use crate::entry::RuleEntry;
use crate::error::AlertingError;
use crate::store;
use crate::store::alarms::{Feedback, FeedbackPlace};
use crate::store::rules::{RuleRow, in_force};

/// Who published a version of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleOrigin {
    /// A pack.
    Pack,
    /// People of the city, from a draft. Goes before the pack's until it is withdrawn.
    Local,
}

/// A rule in force, or one of its other versions.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct AlarmRuleView {
    #[serde(flatten)]
    pub entry: RuleEntry,
    /// The pack that brought it; `local` where people of the city published it.
    pub pack: String,
    pub origin: RuleOrigin,
    /// Is it the version that is judged by now?
    pub is_current: bool,
    /// Of a local version: that of the pack which it goes before.
    pub overrides: Option<i64>,
    /// Of a pack's version: the local one that goes before it.
    pub overridden_by: Option<i64>,
    #[schema(value_type = String, format = DateTime)]
    pub valid_from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub published_at: Timestamp,
    pub published_by: String,
    /// Why, as whoever published it said.
    pub note: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub withdrawn_at: Option<Timestamp>,
    pub withdrawn_by: Option<String>,
    /// Alarms that one may see, in all versions.
    pub alarms: i64,
    /// Of them found true and false by people.
    pub found_true: i64,
    pub found_false: i64,
    /// True ones of those that were judged.
    pub precision: Option<f64>,
}

/// How often the alarms of one rule and device were right.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct FeedbackView {
    pub rule: String,
    pub rule_name: String,
    pub device: String,
    pub device_name: String,
    pub alarms: i64,
    pub found_true: i64,
    pub found_false: i64,
    /// True ones of those that were judged.
    pub precision: Option<f64>,
    #[schema(value_type = String, format = DateTime)]
    pub last_at: Timestamp,
}

fn share(found_true: i64, found_false: i64) -> Option<f64> {
    let judged = found_true + found_false;
    (judged > 0).then(|| found_true as f64 / judged as f64)
}

/// A row among those of its rule that stand.
fn shown(
    row: RuleRow,
    standing: &[RuleRow],
    (alarms, found_true, found_false): (i64, i64, i64),
    now: Timestamp,
) -> AlarmRuleView {
    let own = |other: &&RuleRow| other.entry.rule.id == row.entry.rule.id;
    let current = in_force(standing, now).into_iter().find(own);
    let is_current = current.is_some_and(|current| current.version() == row.version());
    let of_pack = standing.iter().filter(own).find(|other| !other.is_local());
    let over = current.filter(|current| current.is_local() && row.is_current && !row.is_local());
    AlarmRuleView {
        origin: if row.is_local() {
            RuleOrigin::Local
        } else {
            RuleOrigin::Pack
        },
        is_current,
        overrides: of_pack.filter(|_| row.is_local()).map(RuleRow::version),
        overridden_by: over.map(RuleRow::version),
        valid_from: row.valid_from,
        published_at: row.published_at,
        published_by: row.published_by,
        note: row.note,
        withdrawn_at: row.withdrawn_at,
        withdrawn_by: row.withdrawn_by,
        alarms,
        found_true,
        found_false,
        precision: share(found_true, found_false),
        pack: row.pack,
        entry: row.entry,
    }
}

impl AlertingService {
    /// The rules in force.
    pub async fn rules(
        &self,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Vec<AlarmRuleView>, AlertingError> {
        let scope = scope_of(actor, "alerting.read", now)?;
        let numbers = store::alarms::verdicts(self.db.read(), &scope).await?;
        let standing = store::rules::standing(self.db.read()).await?;
        let views = in_force(&standing, now).into_iter().map(|row| {
            let numbers = numbers.get(&row.entry.rule.id).copied();
            shown(row.clone(), &standing, numbers.unwrap_or_default(), now)
        });
        Ok(views.collect())
    }

    /// All versions of a rule, the newest first.
    pub async fn rule(
        &self,
        actor: &Actor,
        code: &str,
        now: Timestamp,
    ) -> Result<Vec<AlarmRuleView>, AlertingError> {
        let scope = scope_of(actor, "alerting.read", now)?;
        self.versions_of(code, &scope, now).await
    }

    /// The same for whoever may see the alarms of a scope.
    pub(super) async fn versions_of(
        &self,
        code: &str,
        scope: &Scope,
        now: Timestamp,
    ) -> Result<Vec<AlarmRuleView>, AlertingError> {
        let numbers = store::alarms::verdicts(self.db.read(), scope).await?;
        let rows = store::rules::versions(self.db.read(), code).await?;
        if rows.is_empty() {
            return Err(AlertingError::NoRule(code.to_owned()));
        }
        let numbers = numbers.get(code).copied().unwrap_or_default();
        let standing: Vec<RuleRow> = rows.iter().filter(|row| row.is_current).cloned().collect();
        let views = rows
            .into_iter()
            .map(|row| shown(row, &standing, numbers, now));
        Ok(views.collect())
    }

    /// How often alarms were right, for each rule and device that one may see.
    pub async fn feedback(
        &self,
        actor: &Actor,
        rule: Option<&str>,
        device: Option<&str>,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<FeedbackView>, AlertingError> {
        let scope = scope_of(actor, "alerting.read", now)?;
        let (limit, after) = (page.limit(), page.position::<FeedbackPlace>()?);
        let most = u64::from(limit) + 1;
        let wanted = (rule, device);
        let rows = store::alarms::feedback(self.db.read(), &scope, wanted, after.as_ref(), most);
        let page = Page::cut(rows.await?, limit, |row| FeedbackPlace {
            rule: row.rule.clone(),
            device: row.device.clone(),
        });
        Ok(page.map(|row: Feedback| FeedbackView {
            precision: share(row.found_true, row.found_false),
            rule: row.rule,
            rule_name: row.rule_name,
            device: row.device,
            device_name: row.device_name,
            alarms: row.alarms,
            found_true: row.found_true,
            found_false: row.found_false,
            last_at: from_micros(row.last_at),
        }))
    }
}
