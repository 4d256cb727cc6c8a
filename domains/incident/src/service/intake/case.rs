//! The case that a report becomes.

use yiwang_contracts::{AreaBrief, ClockKind, IncidentId};

use super::number::query_code;
use super::{Intake, Row, reference};
use crate::clocks;
use crate::lifecycle::adopt;
use crate::model::wire::whole_millis;
use crate::model::{Doc, Flag, Incident, Light, NewIncident, PastCase};

/// Characters of a title that is taken from the description.
const TITLE_CHARS_TAKEN: usize = 40;

impl Intake<'_> {
    pub(super) fn fresh(&self, row: &Row<'_>, area: Option<AreaBrief>) -> Incident {
        let (new, now) = (row.new, whole_millis(row.now));
        let created_at = new
            .past
            .as_ref()
            .map_or(now, |past| whole_millis(past.created_at));
        let status = new
            .past
            .as_ref()
            .map_or(crate::model::Status::Received, PastCase::status);
        let own_org = (!row.actor.system && Some(row.actor.org_id) != self.centre)
            .then_some(row.actor.org_id);
        let mut incident = Incident {
            id: IncidentId::at(created_at),
            number: String::new(),
            query_code: query_code(),
            source: new.source,
            source_ref: reference(new).map(str::to_owned),
            status,
            light: Light::None,
            grade: new.grade.unwrap_or(self.rules.default_grade),
            item_code: None,
            area: area.map(|area| area.code),
            secrecy: 1,
            position: new.position,
            title: title(new),
            address: new.address.trim().to_owned(),
            created_at,
            closed_at: new
                .past
                .as_ref()
                .and_then(|past| past.closed_at)
                .map(whole_millis),
            merged_into: None,
            origin_org: own_org,
            calendar_version: self.world.catalog.calendar_version(),
            version: 1,
            seq: 0,
            head: [0; 32],
            doc: doc(new),
            tasks: Vec::new(),
        };
        let policy = new
            .item_code
            .as_deref()
            .and_then(|code| self.world.catalog.item(code, created_at));
        if let Some(policy) = policy {
            adopt(&mut incident, &policy);
            incident.grade = new.grade.unwrap_or(policy.grade);
        }
        incident.mark(
            Flag::NoPlace,
            incident.position.is_none() && incident.area.is_none(),
        );
        incident.mark(Flag::Imported, new.past.is_some());
        if incident.status.is_open() {
            clocks::start_case(&mut incident, ClockKind::Accept, &self.context(row));
        }
        incident
    }
}

fn title(new: &NewIncident) -> String {
    let title = new.title.trim();
    if !title.is_empty() {
        return title.to_owned();
    }
    let description = new.description.trim();
    let first = description.lines().next().unwrap_or(description);
    first.chars().take(TITLE_CHARS_TAKEN).collect()
}

fn doc(new: &NewIncident) -> Doc {
    let past = new.past.as_ref();
    Doc {
        description: new.description.trim().to_owned(),
        occurred_at: new.occurred_at.map(whole_millis),
        has_reporter: new.reporter.is_some(),
        reporter_secret: new
            .reporter
            .as_ref()
            .is_some_and(|reporter| reporter.secret),
        outcome: past
            .filter(|past| past.closed_at.is_some())
            .map(|past| past.outcome.unwrap_or(crate::model::Outcome::Solved)),
        answer: past.map(|past| past.answer.clone()).unwrap_or_default(),
        ..Doc::default()
    }
}
