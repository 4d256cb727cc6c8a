//! Hints at duplicates. They are shown; nothing is ever merged by itself.

use jiff::SignedDuration;
use yiwang_contracts::{Actor, IncidentId};
use yiwang_kernel::{AreaCode, Position, Timestamp, Uuid, from_micros};

use super::{IncidentService, reader};
use crate::IncidentError;
use crate::duplicates::{Parts, Side, score};
use crate::store::{self, Search};
use crate::view::IncidentRow;

/// A case that may be the same matter.
#[derive(Debug, Clone, PartialEq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = DuplicateHint)]
pub struct Hint {
    pub incident: IncidentRow,
    pub score: f64,
    pub parts: Parts,
    /// Likely enough to be shown on top.
    pub top: bool,
}

/// Hints shown at most.
const HINTS_MAX: usize = 20;

/// A report that is being written.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub item: Option<String>,
    pub position: Option<Position>,
    pub address: String,
    pub area: Option<AreaCode>,
    pub text: String,
    pub at: Option<Timestamp>,
    pub phone: Option<String>,
}

impl IncidentService {
    /// Cases like a report that is being written.
    pub async fn hints(
        &self,
        draft: &Draft,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Vec<Hint>, IncidentError> {
        let phone_key = draft.phone.as_deref().and_then(store::phone_key);
        self.like(draft, phone_key, None, actor, now).await
    }

    /// Cases like this one.
    pub async fn duplicates_of(
        &self,
        id: IncidentId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Vec<Hint>, IncidentError> {
        let incident = self.seen(id, actor, now).await?;
        let reporter = store::reporter(reader(&self.db), id).await?;
        let phone_key = reporter.and_then(|row| store::phone_key(row.phone.reveal()));
        let draft = Draft {
            item: incident.item_code,
            position: incident.position,
            address: incident.address,
            area: incident.area,
            text: format!("{} {}", incident.title, incident.doc.description),
            at: Some(incident.created_at),
            phone: None,
        };
        self.like(&draft, phone_key, Some(id.0), actor, now).await
    }

    async fn like(
        &self,
        draft: &Draft,
        phone_key: Option<i64>,
        not: Option<Uuid>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Vec<Hint>, IncidentError> {
        let rules = self.world.rules();
        let rules = &rules.duplicates;
        let at = draft.at.unwrap_or(now);
        let item = draft.item.as_deref();
        let window = item
            .and_then(|code| self.world.catalog.item(code, at))
            .map_or(rules.window_hours, |policy| {
                policy.merge_window_hours.max(rules.window_hours)
            });
        let window = SignedDuration::from_hours(i64::from(window));
        let search = Search {
            position: draft.position,
            radius_m: rules.radius_m,
            item,
            area: draft.area.as_ref(),
            since: at.checked_sub(window).unwrap_or(at),
            until: at.checked_add(window).unwrap_or(at),
            not,
            limit: u64::from(rules.candidates_max),
        };
        let visible = self.visible(actor, now).await?;
        let candidates = store::candidates(reader(&self.db), visible.condition, &search).await?;
        let own = Side {
            position: draft.position,
            address: &draft.address,
            item,
            text: &draft.text,
            at,
            phone_key,
        };
        let names = self.names(now);
        let mut hints = Vec::new();
        for candidate in &candidates {
            let record = &candidate.record;
            let text = format!("{} {}", record.title, candidate.description);
            let other = Side {
                position: record
                    .lon
                    .zip(record.lat)
                    .map(|(lon, lat)| Position { lon, lat }),
                address: &record.address,
                item: record.item_code.as_deref(),
                text: &text,
                at: from_micros(record.created_at),
                phone_key: candidate.phone_key,
            };
            let (score, parts) = score(own, other, rules);
            if score >= rules.side {
                let incident = IncidentRow::of_record(record.clone(), &names);
                hints.push(Hint {
                    incident,
                    score,
                    parts,
                    top: score >= rules.top,
                });
            }
        }
        hints.sort_by(|a, b| b.score.total_cmp(&a.score));
        hints.truncate(HINTS_MAX);
        Ok(hints)
    }
}
