//! Events: what happened, written in the transaction in which it happened, delivered at least once.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use yiwang_kernel::{AreaCode, Timestamp, Uuid};

use crate::{OrgId, Subject};

/// Who may see an event: the same three things that decide on its row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventScope {
    /// The action that reading it needs, `incident.read`.
    pub action: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub orgs: Vec<OrgId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
    pub secrecy: u8,
}

impl EventScope {
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            orgs: &self.orgs,
            area: self.area.as_ref(),
            secrecy: self.secrecy,
        }
    }
}

/// An event about to be written. `kind` is past tense and dotted: `incident.dispatched`.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    pub kind: String,
    /// The aggregate it belongs to; events of one aggregate arrive in order.
    pub subject_id: Uuid,
    pub at: Timestamp,
    pub scope: EventScope,
    /// Small: ids, version, what changed. Whoever needs more asks.
    pub body: Value,
}

/// A stored event. `seq` grows by the order of commit; it is the resume point of streams and subscriptions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub seq: i64,
    pub kind: String,
    pub subject_id: Uuid,
    pub at: Timestamp,
    pub scope: EventScope,
    pub body: Value,
}

impl NewEvent {
    /// The event as it stands in the outbox.
    pub fn stored(self, seq: i64) -> Event {
        Event {
            seq,
            kind: self.kind,
            subject_id: self.subject_id,
            at: self.at,
            scope: self.scope,
            body: self.body,
        }
    }
}
