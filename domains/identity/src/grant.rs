//! Grants: who holds which role, over what. Pure rules here; rows in `store`.

pub(crate) mod store;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use yiwang_contracts::{Grant, OrgId, OrgScope, Scope, UserId};
use yiwang_kernel::{AreaCode, FieldFault, Timestamp, typed_id};

use crate::error::IdentityError;
use crate::org::OrgTree;
use crate::role::{Duty, OWN_SESSION, Roles, duties};

typed_id!(
    /// A grant.
    GrantId
);

/// The most secret level there is.
pub(crate) const SECRECY_MAX: u8 = 4;

/// A grant as it is kept: the subtree by its root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantRow {
    pub id: GrantId,
    pub user_id: UserId,
    pub role: String,
    /// `None`: every unit.
    pub org_id: Option<OrgId>,
    /// `None`: everywhere, also what has no place.
    pub area: Option<AreaCode>,
    pub secrecy_max: u8,
    pub purpose: Option<String>,
    pub expires_at: Option<Timestamp>,
    pub granted_by: UserId,
    pub granted_at: Timestamp,
}

/// What to grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateGrant {
    pub user_id: UserId,
    /// Code of the role.
    pub role: String,
    /// Root of the subtree; absent: every unit.
    #[serde(default)]
    pub org_id: Option<OrgId>,
    /// Root of the subtree of areas; absent: everywhere.
    #[serde(default)]
    pub area: Option<AreaCode>,
    /// 1 ordinary … 4 most secret.
    #[serde(default = "ordinary")]
    pub secrecy_max: u8,
    #[serde(default)]
    pub purpose: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
}

fn ordinary() -> u8 {
    1
}

impl GrantRow {
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }

    /// The resolved right; `None` when its role is no longer there.
    pub fn compile(&self, roles: &Roles, tree: &OrgTree) -> Option<Grant> {
        let role = roles.get(&self.role)?;
        Some(Grant {
            role: self.role.clone(),
            actions: Arc::clone(&role.actions),
            org: tree.scope(self.org_id),
            area: self.area.clone(),
            secrecy_max: self.secrecy_max,
            purpose: self.purpose.clone(),
            expires_at: self.expires_at,
        })
    }
}

/// Compiles a person's grants.
pub(crate) fn compile(rows: &[GrantRow], roles: &Roles, tree: &OrgTree) -> Vec<Grant> {
    rows.iter()
        .filter_map(|row| row.compile(roles, tree))
        .collect()
}

/// Cuts grants down to some actions: what a token may do of what its account may.
pub(crate) fn narrow(grants: Vec<Grant>, actions: &HashSet<String>) -> Vec<Grant> {
    grants
        .into_iter()
        .map(|mut grant| {
            grant.actions = Arc::new(grant.actions.intersection(actions).cloned().collect());
            grant
        })
        .filter(|grant| !grant.actions.is_empty())
        .collect()
}

/// The only right of somebody who must change the password first.
pub(crate) fn only_own_session() -> Vec<Grant> {
    vec![Grant {
        role: String::new(),
        actions: Arc::new(HashSet::from([OWN_SESSION.to_owned()])),
        org: OrgScope::Within(Arc::default()),
        area: None,
        secrecy_max: 1,
        purpose: None,
        expires_at: None,
    }]
}

/// The duties that live grants carry.
pub(crate) fn duties_held(rows: &[GrantRow], roles: &Roles, now: Timestamp) -> BTreeSet<Duty> {
    rows.iter()
        .filter(|row| row.is_live(now))
        .filter_map(|row| roles.get(&row.role))
        .flat_map(|role| duties(role.actions.iter()))
        .collect()
}

/// Who grants, with what right, what, to whom.
pub(crate) struct Granting<'a> {
    pub giver: UserId,
    /// The giver's scope of `grant.edit`.
    pub scope: &'a Scope,
    pub grant: &'a CreateGrant,
    /// What the receiver holds already.
    pub held: &'a [GrantRow],
}

/// May this be granted? The system itself (first administrator, demo) does not ask.
pub(crate) fn check(
    granting: &Granting<'_>,
    roles: &Roles,
    tree: &OrgTree,
    now: Timestamp,
) -> Result<(), IdentityError> {
    let grant = granting.grant;
    let faults = faults(grant, roles, tree, now);
    if !faults.is_empty() {
        return Err(IdentityError::Invalid(faults));
    }
    if grant.user_id == granting.giver {
        return Err(IdentityError::OwnGrant);
    }
    separate_duties(grant, granting.held, roles, now)?;
    if is_within(grant, granting.scope, tree) {
        Ok(())
    } else {
        Err(IdentityError::BeyondOwn)
    }
}

/// Nobody holds two of the three duties.
pub(crate) fn separate_duties(
    grant: &CreateGrant,
    held: &[GrantRow],
    roles: &Roles,
    now: Timestamp,
) -> Result<(), IdentityError> {
    let held = duties_held(held, roles, now);
    let wanted = roles
        .get(&grant.role)
        .map(|role| duties(role.actions.iter()))
        .unwrap_or_default();
    if !wanted.is_empty() && held.union(&wanted).count() > 1 {
        return Err(IdentityError::DutiesSeparated {
            held: held.into_iter().collect(),
            wanted: wanted.into_iter().collect(),
        });
    }
    Ok(())
}

fn faults(grant: &CreateGrant, roles: &Roles, tree: &OrgTree, now: Timestamp) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    let mut fault =
        |path: &str, code: &str, message: &str| faults.push(FieldFault::new(path, code, message));
    if roles.get(&grant.role).is_none() {
        fault("/role", "unknown", "there is no such role");
    }
    if grant
        .org_id
        .is_some_and(|id| !tree.unit(id).is_some_and(|unit| unit.is_active))
    {
        fault("/org_id", "unknown", "there is no such unit");
    }
    if !(1..=SECRECY_MAX).contains(&grant.secrecy_max) {
        fault("/secrecy_max", "out_of_range", "must be 1 to 4");
    }
    if grant.expires_at.is_some_and(|end| end <= now) {
        fault("/expires_at", "in_the_past", "must lie in the future");
    }
    let code_is_odd =
        |area: &AreaCode| area.0.is_empty() || !area.0.bytes().all(|byte| byte.is_ascii_digit());
    if grant.area.as_ref().is_some_and(code_is_odd) {
        fault("/area", "malformed", "must be the digits of an area code");
    }
    if grant
        .purpose
        .as_ref()
        .is_some_and(|purpose| purpose.chars().count() > 200)
    {
        fault("/purpose", "too_long", "must have at most 200 characters");
    }
    faults
}

/// Is the whole of the grant covered by one clause of the giver's right?
fn is_within(grant: &CreateGrant, scope: &Scope, tree: &OrgTree) -> bool {
    scope.clauses.iter().any(|clause| {
        let org = match (&clause.org, tree.scope(grant.org_id)) {
            (OrgScope::All, _) => true,
            (OrgScope::Within(_), OrgScope::All) => false,
            // A subtree whose root lies within another lies within it as a whole.
            (OrgScope::Within(set), OrgScope::Within(_)) => {
                grant.org_id.is_some_and(|root| set.contains(&root))
            }
        };
        let area = clause
            .area
            .as_ref()
            .is_none_or(|own| grant.area.as_ref().is_some_and(|area| own.contains(area)));
        org && area && grant.secrecy_max <= clause.secrecy_max
    })
}

#[cfg(test)]
mod tests;
