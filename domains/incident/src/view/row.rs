//! A line of a list.

use serde::{Deserialize, Serialize};
use yiwang_contracts::{IncidentId, OrgId, UserId};
use yiwang_kernel::{AreaCode, Position, Text, Timestamp, from_micros, mask_address};

use super::Names;
use crate::clocks;
use crate::model::{Action, ActionBody, Flag, Incident};
use crate::store::{IncidentRecord, flags_of};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ItemName {
    pub code: String,
    pub name: Text,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AreaName {
    #[schema(value_type = String)]
    pub code: AreaCode,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = PartyName)]
pub struct OrgName {
    pub id: OrgId,
    pub name: Text,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct UserName {
    pub id: UserId,
    pub name: String,
}

/// One case in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct IncidentRow {
    pub id: IncidentId,
    pub number: String,
    pub title: String,
    pub status: String,
    /// green, yellow, orange, red or none.
    pub light: String,
    pub grade: String,
    pub item: Option<ItemName>,
    pub area: Option<AreaName>,
    pub position: Option<Position>,
    /// Down to the building; units and rooms are masked.
    pub address: String,
    pub source: String,
    /// The unit in the lead.
    pub lead: Option<OrgName>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Timestamp>,
    /// What is due next, or was due last when all is overdue.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Timestamp>,
    pub due_kind: Option<String>,
    pub suspended: bool,
    pub consulting: bool,
    pub secrecy: u8,
    pub version: i64,
    pub flags: Vec<Flag>,
}

impl IncidentRow {
    pub(crate) fn of_record(record: IncidentRecord, names: &Names<'_>) -> Self {
        let flags = flags_of(record.flags);
        let area = record.area_code.map(AreaCode);
        Self {
            id: IncidentId(record.id),
            number: record.number,
            title: record.title,
            status: record.status,
            light: record.light,
            grade: record.grade,
            item: record.item_code.map(|code| names.item(&code)),
            area: area.map(|code| names.area(&code)),
            position: record
                .lon
                .zip(record.lat)
                .map(|(lon, lat)| Position { lon, lat }),
            address: mask_address(&record.address),
            source: record.source,
            lead: record.lead_org.map(|id| names.org(OrgId(id))),
            created_at: from_micros(record.created_at),
            closed_at: record.closed_at.map(from_micros),
            due_at: record.due_at.map(from_micros),
            due_kind: record.due_kind,
            suspended: flags.contains(&Flag::Suspended),
            consulting: flags.contains(&Flag::Consulting),
            secrecy: u8::try_from(record.secrecy).unwrap_or(u8::MAX),
            version: record.version,
            flags,
        }
    }

    /// Makes it what it was before these actions, which come the newest first. What was due then is not told.
    pub(crate) fn turn_back<'a>(&mut self, since: impl Iterator<Item = &'a Action>) {
        for action in since {
            let Ok(body) = serde_json::from_str::<ActionBody>(&action.body) else {
                continue;
            };
            for (field, was) in &body.before {
                self.turn_field_back(field, was);
            }
        }
        "none".clone_into(&mut self.light);
        self.closed_at = None;
        (self.due_at, self.due_kind) = (None, None);
    }

    fn turn_field_back(&mut self, field: &str, was: &serde_json::Value) {
        let text = || was.as_str().map(str::to_owned);
        match field {
            "status" => self.status = text().unwrap_or_default(),
            "grade" => self.grade = text().unwrap_or_default(),
            "title" => self.title = text().unwrap_or_default(),
            "address" => self.address = mask_address(&text().unwrap_or_default()),
            "position" => self.position = serde_json::from_value(was.clone()).unwrap_or_default(),
            "suspended" => self.suspended = was.as_bool().unwrap_or_default(),
            "consulting" => self.consulting = was.as_bool().unwrap_or_default(),
            _ => {}
        }
    }

    pub(crate) fn of(incident: &Incident, names: &Names<'_>) -> Self {
        let summary = clocks::summary(incident, names.now);
        let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let kind = summary
            .due
            .map(|(_, kind)| serde_json::to_value(kind).unwrap_or_default());
        Self {
            id: incident.id,
            number: incident.number.clone(),
            title: incident.title.clone(),
            status: incident.status.as_str().to_owned(),
            light: summary.light.as_str().to_owned(),
            grade: word(serde_json::to_value(incident.grade).unwrap_or_default()),
            item: incident.item_code.as_deref().map(|code| names.item(code)),
            area: incident.area.as_ref().map(|code| names.area(code)),
            position: incident.position,
            address: mask_address(&incident.address),
            source: incident.source.as_str().to_owned(),
            lead: incident.lead_org().map(|id| names.org(id)),
            created_at: incident.created_at,
            closed_at: incident.closed_at,
            due_at: summary.due.map(|(due, _)| due),
            due_kind: kind.map(word),
            suspended: incident.is_suspended(),
            consulting: incident.doc.consulting,
            secrecy: incident.secrecy,
            version: incident.version,
            flags: incident.flags(),
        }
    }
}
