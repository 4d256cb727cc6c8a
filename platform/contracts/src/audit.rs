//! What goes to the audit log beside the cases' own action logs: sign-ins, refusals, reads of personal
//! data, exports, changes of rights and settings.

use serde_json::Value;
use yiwang_kernel::Timestamp;

use crate::{Origin, UserId};

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
