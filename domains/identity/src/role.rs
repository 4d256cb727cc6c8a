//! Roles and the three separated administrators. Pure; roles themselves are data of packs.
//!
//! The separation looks at actions, not at names of roles: whatever a pack calls its administrators, the
//! one who edits people, the one who gives rights and the one who reads the audit are three people.

mod store;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use yiwang_kernel::Text;

pub(crate) use store::{apply, load};

/// What everybody who is signed in may do: see and end the own sessions, change the own password.
pub const OWN_SESSION: &str = "session.own";

/// Every action there is. A role that names another is refused.
pub const ACTIONS: &[&str] = &[
    OWN_SESSION,
    "incident.read",
    "incident.create",
    "incident.accept",
    "incident.register",
    "incident.dispatch",
    "incident.decide",
    "incident.handle",
    "incident.verify",
    "incident.close",
    "incident.supervise",
    "incident.merge",
    "incident.void",
    "incident.reopen",
    "incident.whistle",
    "incident.reveal",
    "incident.import",
    "incident.export",
    "catalog.read",
    "catalog.edit",
    "catalog.publish",
    "responsibility.read",
    "responsibility.edit",
    "responsibility.publish",
    "org.read",
    "user.read",
    "user.edit",
    "grant.edit",
    "audit.read",
    "token.edit",
    "pack.read",
    "pack.install",
    "system.read",
    "counters.read",
    "whistle.answer",
    "sensing.read",
    "sensing.edit",
    "sensing.ingest",
    "sensing.command",
    "lake.read",
    "lake.query",
    "alerting.read",
    "alerting.handle",
    "alerting.edit",
    "alerting.publish",
    "geo.read",
    "geo.edit",
    "vitals.read",
    "vitals.feed",
    "vitals.edit",
    "screens.read",
    "screens.edit",
];

/// A named set of actions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    pub code: String,
    pub name: Text,
    pub actions: Arc<HashSet<String>>,
}

/// All roles by code.
#[derive(Debug, Default, Clone)]
pub struct Roles(pub BTreeMap<String, Role>);

impl Roles {
    pub fn get(&self, code: &str) -> Option<&Role> {
        self.0.get(code)
    }
}

/// What an administrator is there for.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// Edits people.
    System,
    /// Gives rights and tokens, unlocks.
    Security,
    /// Reads the audit log.
    Audit,
}

/// The duty that an action belongs to, if it belongs to one.
pub(crate) fn duty_of(action: &str) -> Option<Duty> {
    match action {
        "user.edit" => Some(Duty::System),
        "grant.edit" | "token.edit" => Some(Duty::Security),
        "audit.read" => Some(Duty::Audit),
        _ => None,
    }
}

/// The duties that a set of actions carries.
pub(crate) fn duties<'a>(actions: impl IntoIterator<Item = &'a String>) -> BTreeSet<Duty> {
    actions
        .into_iter()
        .filter_map(|action| duty_of(action))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_named_once_and_duties_are_apart() {
        let all: HashSet<&str> = ACTIONS.iter().copied().collect();
        assert_eq!(all.len(), ACTIONS.len());
        let of =
            |actions: &[&str]| duties(&actions.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>());
        assert_eq!(
            of(&["user.edit", "org.read"]),
            BTreeSet::from([Duty::System])
        );
        assert_eq!(
            of(&["grant.edit", "token.edit"]),
            BTreeSet::from([Duty::Security])
        );
        assert_eq!(
            of(&["audit.read", "user.edit"]),
            BTreeSet::from([Duty::System, Duty::Audit])
        );
        assert_eq!(of(&["incident.read"]), BTreeSet::new());
    }
}
