//! What goes to the audit log beside the cases' own action logs: sign-ins, refusals, reads of personal
//! data, exports, changes of rights and settings.

use serde_json::Value;
use yiwang_kernel::Timestamp;

use crate::{Actor, Origin, UserId};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditOutcome {
    Done,
    Refused,
    Failed,
}

#[derive(Debug, Clone)]
pub struct AuditEntry {
    pub at: Timestamp,
    pub user_id: Option<UserId>,
    /// The name as it was then (accounts may be renamed).
    pub user_name: String,
    pub origin: Origin,
    /// `session.open`, `grant.create`, `incident.reveal`.
    pub action: String,
    /// What it was done to, `user:0190…`; empty when there is no object.
    pub object: String,
    pub outcome: AuditOutcome,
    /// Before and after, reasons, counts; never a password, token or unmasked phone.
    pub detail: Value,
}

impl AuditEntry {
    /// What `actor` has done; the platform's own acts have no account.
    pub fn done(actor: &Actor, action: &str, object: String, detail: Value, at: Timestamp) -> Self {
        Self {
            at,
            user_id: (!actor.system).then_some(actor.user_id),
            user_name: actor.name.clone(),
            origin: actor.origin.clone(),
            action: action.to_owned(),
            object,
            outcome: AuditOutcome::Done,
            detail,
        }
    }
}
