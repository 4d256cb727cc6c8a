//! Reading: lists, detail, timeline, numbers, inbox. Every answer is cut to the reader's rights.

mod detail;
mod flow;
mod lists;
mod numbers;

pub use detail::Verified;

pub(crate) use detail::check_log_against;
pub use flow::{CaseFlow, CaseFlowGroup};
pub use lists::{ListQuery, TaskQuery};
pub use numbers::{DryRun, EscalationRow, Numbers, NumbersGroup, TurnRow};

use std::collections::HashMap;

use yiwang_contracts::{Actor, UserId};
use yiwang_kernel::Timestamp;

use super::{IncidentService, reader};
use crate::IncidentError;
use crate::store::{self, Visible};
use crate::view::Names;

impl IncidentService {
    pub(super) fn names(&self, now: Timestamp) -> Names<'_> {
        Names {
            catalog: &*self.world.catalog,
            orgs: &*self.world.orgs,
            explanations: &self.world.explanations,
            people: HashMap::new(),
            now,
        }
    }

    async fn names_with(
        &self,
        users: Vec<UserId>,
        now: Timestamp,
    ) -> Result<Names<'_>, IncidentError> {
        let mut names = self.names(now);
        if !users.is_empty() {
            let found = self.people.names(&users).await?;
            let known = users
                .into_iter()
                .zip(found)
                .filter_map(|(user, name)| Some((user, name?)));
            names.people = known.collect();
        }
        Ok(names)
    }

    /// The condition of every list: what the actor may read.
    pub(super) async fn visible(
        &self,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Visible, IncidentError> {
        let scope = actor.scope("incident.read", now);
        Ok(store::visible_reach(reader(&self.db), &scope, self.world.centre()).await?)
    }
}
