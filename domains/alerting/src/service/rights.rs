//! Who may do something to rules and windows, which are about many devices: whoever may do it to each of them.

use std::sync::Arc;

use serde_json::Value;
use yiwang_contracts::{Actor, AuditEntry, DeviceBrief, OrgScope, Scope};
use yiwang_kernel::Timestamp;

use super::AlertingService;
use crate::entry::RuleEntry;
use crate::error::AlertingError;

/// The rows for which the actor may do `action`; an error where there can be none.
pub(super) fn scope_of(
    actor: &Actor,
    action: &'static str,
    now: Timestamp,
) -> Result<Scope, AlertingError> {
    let scope = actor.scope(action, now);
    if scope.is_empty() {
        return Err(AlertingError::Denied { action });
    }
    Ok(scope)
}

/// May the actor do it over the whole city?
fn is_everywhere(scope: &Scope) -> bool {
    scope
        .clauses
        .iter()
        .any(|clause| clause.org == OrgScope::All && clause.area.is_none())
}

/// The actor must have the right for all of these; for none of them, over the whole city.
pub(super) fn must_reach(
    scope: &Scope,
    action: &'static str,
    devices: &[Arc<DeviceBrief>],
) -> Result<(), AlertingError> {
    let reaches = if devices.is_empty() {
        is_everywhere(scope)
    } else {
        devices.iter().all(|device| scope.permits(device.subject()))
    };
    if reaches {
        Ok(())
    } else {
        Err(AlertingError::Denied { action })
    }
}

impl AlertingService {
    /// The devices that a rule speaks of.
    pub(super) fn devices_of(&self, entry: &RuleEntry) -> Vec<Arc<DeviceBrief>> {
        let mut devices = self.asks.devices.of_profile(&entry.profile);
        devices.retain(|device| entry.scope.covers(device));
        devices
    }

    /// Writes an act into the audit log.
    pub(super) async fn record(
        &self,
        actor: &Actor,
        action: &str,
        object: String,
        detail: Value,
        now: Timestamp,
    ) -> Result<(), AlertingError> {
        let entry = AuditEntry::done(actor, action, object, detail, now);
        Ok(self.audit.record(entry).await?)
    }
}
