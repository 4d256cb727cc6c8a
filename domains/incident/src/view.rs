//! What people are shown of a case: names for ids, words for clocks, masks over people.

mod detail;
mod media;
mod row;
mod task;

pub use detail::{
    CardView, ChecksView, ClockView, DecisionView, ExclusionView, IncidentDetail, PublicKey,
    RatingView, ReporterView, RequestView, SuspensionView, TickedLine, Versions, WhistleCallView,
    WhistleView,
};
pub use media::MediaView;
pub use row::{AreaName, IncidentRow, ItemName, OrgName, UserName};
pub use task::{TaskRow, TaskView};

use std::collections::HashMap;
use std::sync::Arc;

use yiwang_contracts::{Catalog, ItemPolicy, OrgId, Organisations, UserId};
use yiwang_kernel::{AreaCode, Text, Timestamp};

use crate::clocks::Explanations;
use crate::model::Incident;

/// Where names come from.
pub(crate) struct Names<'a> {
    pub(crate) catalog: &'a dyn Catalog,
    pub(crate) orgs: &'a dyn Organisations,
    pub(crate) explanations: &'a Explanations,
    pub(crate) people: HashMap<UserId, String>,
    pub(crate) now: Timestamp,
}

impl Names<'_> {
    pub(crate) fn org(&self, id: OrgId) -> OrgName {
        let brief = self.orgs.by_id(&[id]).into_iter().flatten().next();
        let name = brief.map_or_else(|| Text::zh(id.to_string()), |brief| brief.name);
        OrgName { id, name }
    }

    pub(crate) fn item(&self, code: &str) -> ItemName {
        let name = self
            .catalog
            .item(code, self.now)
            .map(|policy| policy.name.clone());
        ItemName {
            code: code.to_owned(),
            name: name.unwrap_or_else(|| Text::zh(code)),
        }
    }

    /// What the case is judged by.
    pub(crate) fn policy(&self, incident: &Incident) -> Option<Arc<ItemPolicy>> {
        let code = incident.item_code.as_deref()?;
        let then = self.catalog.item(code, incident.created_at);
        then.or_else(|| self.catalog.item(code, self.now))
    }

    pub(crate) fn area(&self, code: &AreaCode) -> AreaName {
        let name = self.catalog.area(code).map(|area| area.name);
        AreaName {
            code: code.clone(),
            name: name.unwrap_or_else(|| code.as_str().to_owned()),
        }
    }

    pub(crate) fn user(&self, id: UserId) -> UserName {
        UserName {
            id,
            name: self.people.get(&id).cloned().unwrap_or_default(),
        }
    }
}
