//! Rights: a grant decides one action, and compiles to the condition of every list.
//!
//! A grant holds a role (a set of actions) over a subtree of organisations, a subtree of areas and
//! secrecy levels up to its own, until it expires. The grants that carry an action make the
//! [`Scope`] of that action; a row is visible when any clause of the scope covers it.

mod classes;

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use yiwang_kernel::{AreaCode, Timestamp};

pub use classes::{RightsClass, RightsClasses};

use crate::{OrgId, UserId};

/// What is done, `noun.verb`: `incident.read`, `incident.dispatch`, `audit.read`.
pub type Action = &'static str;

/// Where a request came from; goes to the audit log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub ip: Option<String>,
    pub device: Option<String>,
}

/// Whoever acts: a signed-in person, an integrator's token, or the system itself.
#[derive(Debug, Clone)]
pub struct Actor {
    pub user_id: UserId,
    /// Shown in timelines: the person's name, or the integrator's.
    pub name: String,
    pub org_id: OrgId,
    pub org_name: String,
    pub grants: Arc<Vec<Grant>>,
    pub origin: Origin,
    /// True for the platform's own acts (sweeps, imports); a system actor may do everything.
    pub system: bool,
}

/// One right, resolved: the organisation subtree is already the set of its ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub role: String,
    pub actions: Arc<HashSet<String>>,
    pub org: OrgScope,
    /// `None`: everywhere, also what has no place.
    pub area: Option<AreaCode>,
    /// 1 ordinary … 4 most secret; rows up to this level.
    pub secrecy_max: u8,
    pub purpose: Option<String>,
    pub expires_at: Option<Timestamp>,
}

impl Grant {
    /// Does the grant carry `action`, and has it not expired?
    fn carries(&self, action: &str, now: Timestamp) -> bool {
        self.actions.contains(action) && self.expires_at.is_none_or(|end| now < end)
    }
}

/// The organisations a grant covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrgScope {
    All,
    Within(Arc<HashSet<OrgId>>),
}

impl OrgScope {
    pub fn covers_any(&self, orgs: &[OrgId]) -> bool {
        match self {
            Self::All => true,
            Self::Within(set) => orgs.iter().any(|org| set.contains(org)),
        }
    }
}

/// A row's side of a right.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The units that take part in it (lead, assistants, owner).
    pub orgs: &'a [OrgId],
    /// `None`: it has no place; only grants without an area cover it.
    pub area: Option<&'a AreaCode>,
    pub secrecy: u8,
}

/// What an actor may see or do of one action: the union of its clauses. Empty: nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    pub clauses: Vec<ScopeClause>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeClause {
    pub org: OrgScope,
    pub area: Option<AreaCode>,
    pub secrecy_max: u8,
}

impl ScopeClause {
    pub fn permits(&self, subject: Subject<'_>) -> bool {
        covers(&self.org, self.area.as_ref(), self.secrecy_max, subject)
    }
}

/// The one rule of what a grant covers, for an action and for a list alike.
fn covers(org: &OrgScope, area: Option<&AreaCode>, secrecy_max: u8, subject: Subject<'_>) -> bool {
    subject.secrecy <= secrecy_max
        && org.covers_any(subject.orgs)
        && area.is_none_or(|own| subject.area.is_some_and(|area| own.contains(area)))
}

impl Scope {
    /// Everything.
    pub fn all() -> Self {
        Self {
            clauses: vec![ScopeClause {
                org: OrgScope::All,
                area: None,
                secrecy_max: u8::MAX,
            }],
        }
    }

    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    pub fn permits(&self, subject: Subject<'_>) -> bool {
        self.clauses.iter().any(|clause| clause.permits(subject))
    }
}

impl Actor {
    /// The platform acting by itself; `name` says which part of it (`"clock sweep"`).
    pub fn system(name: impl Into<String>) -> Self {
        Self {
            user_id: UserId(yiwang_kernel::Uuid::nil()),
            name: name.into(),
            org_id: OrgId(yiwang_kernel::Uuid::nil()),
            org_name: String::new(),
            grants: Arc::default(),
            origin: Origin::default(),
            system: true,
        }
    }

    /// The rows for which this actor may do `action` at `now`.
    pub fn scope(&self, action: &str, now: Timestamp) -> Scope {
        if self.system {
            return Scope::all();
        }
        let clauses = self
            .grants
            .iter()
            .filter(|grant| grant.carries(action, now))
            .map(|grant| ScopeClause {
                org: grant.org.clone(),
                area: grant.area.clone(),
                secrecy_max: grant.secrecy_max,
            })
            .collect();
        Scope { clauses }
    }

    /// May this actor do `action` to this row? The answer of [`Self::scope`], without making one: this is
    /// asked dozens of times a request.
    pub fn may(&self, action: &str, subject: Subject<'_>, now: Timestamp) -> bool {
        self.system
            || self.grants.iter().any(|grant| {
                covers(&grant.org, grant.area.as_ref(), grant.secrecy_max, subject)
                    && grant.carries(action, now)
            })
    }

    /// May this actor do `action` at all (pages and settings that have no rows)?
    pub fn may_somewhere(&self, action: &str, now: Timestamp) -> bool {
        !self.scope(action, now).is_empty()
    }

    /// Every action that some grant carries now, sorted: what the console shows buttons for.
    pub fn actions(&self, now: Timestamp) -> Vec<String> {
        let live = self
            .grants
            .iter()
            .filter(|grant| grant.expires_at.is_none_or(|end| now < end));
        let mut actions: Vec<String> = live
            .flat_map(|grant| grant.actions.iter().cloned())
            .collect();
        actions.sort_unstable();
        actions.dedup();
        actions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(grant: Grant) -> Actor {
        Actor {
            grants: Arc::new(vec![grant]),
            system: false,
            ..Actor::system("test")
        }
    }

    #[test]
    fn every_part_of_a_grant_counts() {
        let now: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let (mine, other) = (OrgId::at(now), OrgId::at(now));
        let clerk = actor(Grant {
            role: "handler".into(),
            actions: Arc::new(HashSet::from(["incident.read".to_owned()])),
            org: OrgScope::Within(Arc::new(HashSet::from([mine]))),
            area: Some("320281001".into()),
            secrecy_max: 1,
            purpose: None,
            expires_at: Some("2026-12-01T00:00:00Z".parse().unwrap()),
        });
        let village = AreaCode::from("320281001003");
        let elsewhere = AreaCode::from("320281004");
        let may =
            |action: &str, org: OrgId, area: Option<&AreaCode>, secrecy: u8, at: Timestamp| {
                clerk.may(
                    action,
                    Subject {
                        orgs: &[org],
                        area,
                        secrecy,
                    },
                    at,
                )
            };
        assert!(may("incident.read", mine, Some(&village), 1, now));
        assert!(!may("incident.dispatch", mine, Some(&village), 1, now));
        assert!(!may("incident.read", other, Some(&village), 1, now));
        assert!(!may("incident.read", mine, Some(&elsewhere), 1, now));
        assert!(!may("incident.read", mine, None, 1, now));
        assert!(!may("incident.read", mine, Some(&village), 2, now));
        assert!(!may(
            "incident.read",
            mine,
            Some(&village),
            1,
            "2026-12-01T00:00:00Z".parse().unwrap()
        ));
    }
}
