//! Rules as they are shown, with how often they were right.

use serde::Serialize;
use yiwang_contracts::Actor;
use yiwang_kernel::Timestamp;

use super::AlertingService;
use crate::entry::RuleEntry;
use crate::error::AlertingError;
use crate::store;
use crate::store::rules::RuleRow;

/// A rule in force, or one of its earlier versions.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct RuleView {
    #[serde(flatten)]
    pub entry: RuleEntry,
    pub pack: String,
    pub is_current: bool,
    #[schema(value_type = String, format = DateTime)]
    pub published_at: Timestamp,
    pub published_by: String,
    /// Alarms that it raised, in all its versions.
    pub alarms: i64,
    /// Of them found true and false by people.
    pub found_true: i64,
    pub found_false: i64,
    /// True ones of those that were judged.
    pub precision: Option<f64>,
}

fn shown(row: RuleRow, (alarms, found_true, found_false): (i64, i64, i64)) -> RuleView {
    let judged = found_true + found_false;
    RuleView {
        entry: row.entry,
        pack: row.pack,
        is_current: row.is_current,
        published_at: row.published_at,
        published_by: row.published_by,
        alarms,
        found_true,
        found_false,
        precision: (judged > 0).then(|| found_true as f64 / judged as f64),
    }
}

impl AlertingService {
    /// The rules in force.
    pub async fn rules(
        &self,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Vec<RuleView>, AlertingError> {
        may_read(actor, now)?;
        let numbers = store::alarms::verdicts(self.db.read()).await?;
        let rows = store::rules::current(self.db.read()).await?;
        let of = |row: &RuleRow| numbers.get(&row.entry.rule.id).copied().unwrap_or_default();
        Ok(rows
            .into_iter()
            .map(|row| (of(&row), row))
            .map(|(n, row)| shown(row, n))
            .collect())
    }

    /// All versions of a rule, the newest first.
    pub async fn rule(
        &self,
        actor: &Actor,
        code: &str,
        now: Timestamp,
    ) -> Result<Vec<RuleView>, AlertingError> {
        may_read(actor, now)?;
        let numbers = store::alarms::verdicts(self.db.read()).await?;
        let rows = store::rules::versions(self.db.read(), code).await?;
        if rows.is_empty() {
            return Err(AlertingError::NoRule(code.to_owned()));
        }
        let number = numbers.get(code).copied().unwrap_or_default();
        Ok(rows.into_iter().map(|row| shown(row, number)).collect())
    }
}

fn may_read(actor: &Actor, now: Timestamp) -> Result<(), AlertingError> {
    if actor.may_somewhere("alerting.read", now) {
        Ok(())
    } else {
        Err(AlertingError::Denied {
            action: "alerting.read",
        })
    }
}
