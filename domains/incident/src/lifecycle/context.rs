//! Everything a decision may look at beside the case and the command.

use std::collections::HashMap;
use std::sync::Arc;

use yiwang_contracts::{Actor, Catalog, Grade, IncidentId, OrgId, Organisations, Subject};
use yiwang_kernel::Timestamp;
use yiwang_worktime::{Calendar, Limit};

use super::LifecycleRules;
use crate::model::{Incident, Task};

/// The world at the instant of a decision. Catalogue and organisations answer from memory.
pub struct Context<'a> {
    pub actor: &'a Actor,
    /// Whole milliseconds.
    pub now: Timestamp,
    pub catalog: &'a dyn Catalog,
    pub orgs: &'a dyn Organisations,
    pub rules: &'a LifecycleRules,
    /// The operations centre: it takes part in every case.
    pub centre: Option<OrgId>,
    /// The other case of a merge or un-merge.
    pub other: Option<&'a Incident>,
    /// The callers of the cases of a merge or un-merge: what a caller's phone is found again by, `None`
    /// for a caller without one. Cases that nobody called about are not in it.
    pub callers: Option<&'a HashMap<IncidentId, Option<i64>>>,
}

impl Context<'_> {
    /// May the actor do `action` to this case?
    pub fn may(&self, action: &str, incident: &Incident) -> bool {
        let mut orgs = incident.orgs();
        orgs.extend(self.centre);
        self.may_as(action, incident, &orgs)
    }

    /// May the actor do `action` for this task's unit?
    pub(crate) fn may_task(&self, action: &str, incident: &Incident, task: &Task) -> bool {
        self.may_as(action, incident, &[task.org_id])
    }

    pub(crate) fn may_as(&self, action: &str, incident: &Incident, orgs: &[OrgId]) -> bool {
        let subject = Subject {
            orgs,
            area: incident.area.as_ref(),
            secrecy: incident.secrecy,
        };
        self.actor.may(action, subject, self.now)
    }

    pub(crate) fn calendar(&self, name: &str) -> Arc<Calendar> {
        crate::clocks::calendar(self.catalog, name)
    }

    /// The instant at which a limit of the rules that began at `from` is over.
    pub(crate) fn after(&self, from: Timestamp, limit: Limit) -> Timestamp {
        self.calendar(&self.rules.calendar)
            .deadline(from, limit, &[])
            .due
            .unwrap_or(from)
    }

    pub(crate) fn is_urgent(&self, grade: Grade) -> bool {
        grade <= self.rules.urgent_grade
    }
}
