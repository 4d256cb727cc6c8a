//! Where cases came from, who leads them and how they stand, counted.

use jiff::SignedDuration;
use serde_json::{Map, Value};
use yiwang_contracts::{Actor, OrgId};
use yiwang_kernel::Timestamp;

use super::super::{IncidentService, reader};
use super::numbers::NONE;
use crate::IncidentError;
use crate::model::{Source, Status};
use crate::store;
use crate::view::OrgName;

/// How far back cases are counted.
const FLOW_DAYS_MAX: i64 = 35;
/// Groups of one answer; those with the fewest cases are left out and counted.
const FLOW_GROUPS_MAX: usize = 1_000;

/// Cases since an instant, by source, lead unit and stage.
#[derive(Debug, Clone, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct CaseFlow {
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// Cases that came in since then, as far as the reader may see them.
    pub total: i64,
    /// The largest first.
    pub groups: Vec<CaseFlowGroup>,
    /// Cases of groups that were left out.
    pub left_out: i64,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct CaseFlowGroup {
    pub source: Source,
    /// Nothing while it has none.
    pub lead: Option<OrgName>,
    pub status: Status,
    pub count: i64,
    /// The filter of the list that has exactly these cases.
    #[schema(value_type = Object)]
    pub query: Map<String, Value>,
}

impl IncidentService {
    /// Counts the cases that came in since then.
    pub async fn flow(
        &self,
        from: Timestamp,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<CaseFlow, IncidentError> {
        let earliest = now.checked_sub(SignedDuration::from_hours(24 * FLOW_DAYS_MAX));
        if earliest.is_ok_and(|earliest| from < earliest) {
            let message = format!("cases are counted at most {FLOW_DAYS_MAX} days back");
            return Err(IncidentError::invalid("from", message));
        }
        let visible = self.visible(actor, now).await?;
        let found = store::flow(reader(&self.db), &visible.condition, from).await?;
        let total = found.iter().map(|group| group.count).sum();
        let left_out = found.iter().skip(FLOW_GROUPS_MAX);
        let left_out = left_out.map(|group| group.count).sum();
        let names = self.names(now);
        let told = |group: store::FlowGroup| {
            let lead = group.lead.map(OrgId);
            let text = |value: String| Value::from(value);
            let query = [
                ("source", text(group.source.clone())),
                (
                    "org",
                    text(lead.map_or_else(|| NONE.to_owned(), |id| id.to_string())),
                ),
                ("status", text(group.status.clone())),
                ("from", text(from.to_string())),
            ];
            Some(CaseFlowGroup {
                source: Source::parse(&group.source)?,
                lead: lead.map(|id| names.org(id)),
                status: Status::parse(&group.status)?,
                count: group.count,
                query: query
                    .map(|(name, value)| (name.to_owned(), value))
                    .into_iter()
                    .collect(),
            })
        };
        Ok(CaseFlow {
            as_of: now,
            from,
            total,
            groups: found
                .into_iter()
                .take(FLOW_GROUPS_MAX)
                .filter_map(told)
                .collect(),
            left_out,
        })
    }
}
