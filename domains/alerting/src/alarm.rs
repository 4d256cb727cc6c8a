//! An alarm: one stretch of time in which one rule held for one device. Pure.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use yiwang_contracts::{DeviceBrief, IncidentId, OrgId, Subject};
use yiwang_kernel::{AreaCode, Position, Timestamp, Uuid, from_micros, sha256, typed_id};
use yiwang_rules::{Change, Clearing, Severity, Transition};

use crate::entry::RuleEntry;

typed_id!(
    /// An alarm.
    AlarmId
);

impl AlarmId {
    /// The same rule, device and instant always give the same id: raising twice is one alarm. It sorts by time, as
    /// ids made from the clock do.
    pub(crate) fn of(rule: &str, device: &str, opened: i64) -> Self {
        Self::nth(rule, device, opened, 0)
    }

    /// The same for an alarm whose instant another one has had before late readings moved that.
    pub(crate) fn nth(rule: &str, device: &str, opened: i64, number: u32) -> Self {
        let name = match number {
            0 => format!("{rule}\n{device}\n{opened}"),
            _ => format!("{rule}\n{device}\n{opened}\n{number}"),
        };
        let digest = sha256(name.as_bytes());
        let mut bytes = [0; 16];
        let millis = u64::try_from(opened / 1_000).unwrap_or(0).to_be_bytes();
        for (to, from) in bytes
            .iter_mut()
            .zip(millis.iter().skip(2).chain(digest.iter()))
        {
            *to = *from;
        }
        // Version 7 and variant of RFC 9562.
        bytes[6] = bytes[6] & 0x0f | 0x70;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        Self(Uuid::from_bytes(bytes))
    }
}

/// What stands behind an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlarmKind {
    /// One device.
    #[default]
    Single,
    /// Many devices of one matter and area at once.
    Storm,
    /// Devices of a group that agree.
    Agreement,
    /// One device's word towards an agreement; no alarm by itself.
    Vote,
}

impl AlarmKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Storm => "storm",
            Self::Agreement => "agreement",
            Self::Vote => "vote",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::Single, Self::Storm, Self::Agreement, Self::Vote]
            .into_iter()
            .find(|each| each.as_str() == word)
    }

    /// Has it members?
    pub(crate) fn is_group(self) -> bool {
        matches!(self, Self::Storm | Self::Agreement)
    }
}

/// Why an alarm is kept and nobody is called by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuppressedBy {
    /// A maintenance window.
    Maintenance,
    /// Another alarm explains it.
    Parent,
    /// The device itself is under maintenance.
    Device,
}

impl SuppressedBy {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Maintenance => "maintenance",
            Self::Parent => "parent",
            Self::Device => "device",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::Maintenance, Self::Parent, Self::Device]
            .into_iter()
            .find(|each| each.as_str() == word)
    }
}

/// Was it true?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    True,
    False,
}

impl Verdict {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::True => "true",
            Self::False => "false",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::True, Self::False]
            .into_iter()
            .find(|each| each.as_str() == word)
    }
}

/// An alarm as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Alarm {
    pub id: AlarmId,
    pub rule: String,
    pub rule_version: i64,
    pub rule_name: String,
    pub device: String,
    pub device_id: Uuid,
    pub device_name: String,
    pub profile: String,
    pub org_id: Option<OrgId>,
    pub area: Option<AreaCode>,
    pub secrecy: u8,
    pub position: Option<Position>,
    pub place: Option<String>,
    pub severity: Severity,
    /// The worst that it has been.
    pub worst: Severity,
    pub opened_at: Timestamp,
    /// Since when the condition held.
    pub began_at: Timestamp,
    pub decided_at: Timestamp,
    /// The instant, by the devices' clocks, of the last change that the judge made.
    pub judged_at: Timestamp,
    /// Found by readings that came late.
    pub is_late: bool,
    pub ended_at: Option<Timestamp>,
    /// `condition`, `schedule`, `rule`, `retracted`, `quiet`.
    pub ended_by: Option<String>,
    pub acknowledged_at: Option<Timestamp>,
    pub acknowledged_by: Option<String>,
    pub shelved_until: Option<Timestamp>,
    pub shelved_by: Option<String>,
    pub verdict: Option<Verdict>,
    pub incident_id: Option<IncidentId>,
    pub incident_number: Option<String>,
    /// Is the case still worked on?
    pub incident_open: bool,
    /// Condition and values of the severity that it has; the log keeps those before.
    pub explanation: Value,
    pub kind: AlarmKind,
    pub device_group: Option<String>,
    /// The storm or agreement that it belongs to.
    pub group_id: Option<AlarmId>,
    /// What storms of it are about, and the area in which they are one.
    pub matter: Option<String>,
    pub matter_area: Option<AreaCode>,
    /// Of a storm or agreement: how many ever joined, and how many are open.
    pub members: i64,
    pub members_open: i64,
    /// Of a storm or agreement: when its members last changed.
    pub stirred_at: Timestamp,
    /// It came while its rule and device raised alarms again and again.
    pub is_chattering: bool,
    pub suppressed_by: Option<SuppressedBy>,
    /// The maintenance window, or the alarm that explains it.
    pub suppressed_ref: Option<Uuid>,
    /// How many people's roles were told that nobody took note.
    pub unattended: i64,
    pub version: i64,
}

/// What to write beside an alarm.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LogLine {
    pub at: Timestamp,
    pub what: &'static str,
    pub by: String,
    pub detail: Value,
}

impl Alarm {
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            orgs: self.org_id.as_slice(),
            area: self.area.as_ref(),
            secrecy: self.secrecy,
        }
    }

    pub fn is_open(&self) -> bool {
        self.ended_at.is_none()
    }

    /// A new alarm; `None` where the transition raises none.
    pub(crate) fn raised(
        id: AlarmId,
        told: &Transition,
        entry: &RuleEntry,
        device: &DeviceBrief,
    ) -> Option<Self> {
        let Change::Raised { severity, began } = told.change else {
            return None;
        };
        let matter = entry
            .grouping
            .as_ref()
            .map(|grouping| grouping.matter(&entry.rule.id).to_owned());
        let matter_area = entry
            .grouping
            .as_ref()
            .zip(device.area.as_ref())
            .map(|(grouping, area)| grouping.area.around(area));
        let is_vote = entry.rule.agreement.is_some();
        Some(Self {
            id,
            rule: told.explanation.rule.to_string(),
            rule_version: i64::from(told.explanation.version),
            rule_name: entry.rule.name.zh.clone(),
            device: device.code.to_string(),
            device_id: device.id,
            device_name: device.name.clone(),
            profile: device.profile.to_string(),
            org_id: device.org,
            area: device.area.clone(),
            secrecy: device.secrecy,
            position: device.position,
            place: device.place.clone(),
            severity,
            worst: severity,
            opened_at: from_micros(told.opened),
            began_at: from_micros(began),
            decided_at: from_micros(told.decided_at),
            judged_at: from_micros(told.opened),
            is_late: told.late,
            ended_at: None,
            ended_by: None,
            acknowledged_at: None,
            acknowledged_by: None,
            shelved_until: None,
            shelved_by: None,
            verdict: None,
            incident_id: None,
            incident_number: None,
            incident_open: false,
            explanation: explained(told),
            kind: if is_vote {
                AlarmKind::Vote
            } else {
                AlarmKind::Single
            },
            device_group: device.group.as_deref().map(str::to_owned),
            group_id: None,
            matter,
            matter_area,
            members: 0,
            members_open: 0,
            stirred_at: from_micros(told.opened),
            is_chattering: false,
            suppressed_by: (!device.is_active).then_some(SuppressedBy::Device),
            suppressed_ref: None,
            unattended: 0,
            version: 1,
        })
    }

    /// What a later change makes of it; `None` where it makes nothing.
    ///
    /// After a restart the judge says again what it said before (`is_again`): what is not newer changes nothing then.
    pub(crate) fn changed(&mut self, told: &Transition, is_again: bool) -> Option<LogLine> {
        let at = from_micros(told.at);
        if is_again && at <= self.judged_at && !matches!(told.change, Change::Raised { .. }) {
            return None;
        }
        let what = match told.change {
            Change::Raised { severity, began } => {
                self.raised_again(told, severity, began, is_again)?
            }
            Change::Escalated { to, .. } if self.is_open() && self.severity != to => {
                self.stand_at(to);
                "escalated"
            }
            Change::Eased { to, .. } if self.is_open() && self.severity != to => {
                self.stand_at(to);
                "eased"
            }
            Change::Revised { severity, began } if self.is_open() => {
                self.stand_at(severity);
                self.began_at = from_micros(began);
                self.opened_at = from_micros(told.opened);
                "revised"
            }
            Change::Cleared { by } if self.is_open() => {
                self.opened_at = from_micros(told.opened);
                self.end(at, clearing(by));
                "ended"
            }
            Change::Retracted if self.ended_by.as_deref() != Some(RETRACTED) => {
                self.end(self.ended_at.unwrap_or(at), RETRACTED);
                "retracted"
            }
            _ => return None,
        };
        if self.is_open() {
            self.explanation = explained(told);
        }
        self.judged_at = self.judged_at.max(at);
        self.is_late |= told.late;
        self.version += 1;
        Some(LogLine {
            at: from_micros(told.decided_at),
            what,
            by: String::new(),
            detail: explained(told),
        })
    }

    /// An alarm that had ended goes on, or one that is known from before begins at another instant.
    fn raised_again(
        &mut self,
        told: &Transition,
        severity: Severity,
        began: i64,
        is_again: bool,
    ) -> Option<&'static str> {
        let opened = from_micros(told.opened);
        if self.is_open() && (opened == self.opened_at || !is_again) {
            return None;
        }
        if !self.is_open() && is_again {
            return None;
        }
        let what = if self.is_open() { "revised" } else { "resumed" };
        (self.ended_at, self.ended_by) = (None, None);
        (self.opened_at, self.began_at) = (opened, from_micros(began));
        self.stand_at(severity);
        Some(what)
    }

    pub(crate) fn stand_at(&mut self, severity: Severity) {
        self.severity = severity;
        self.worst = self.worst.max(severity);
    }

    pub(crate) fn end(&mut self, at: Timestamp, by: &str) {
        self.ended_at = Some(at.max(self.opened_at));
        self.ended_by = Some(by.to_owned());
    }

    /// Does it stand by itself, so that people are called by it?
    pub(crate) fn calls(&self, now: Timestamp) -> bool {
        self.is_open()
            && self.kind != AlarmKind::Vote
            && self.group_id.is_none()
            && self.suppressed_by.is_none()
            && !self.is_shelved(now)
    }

    pub(crate) fn is_shelved(&self, now: Timestamp) -> bool {
        self.shelved_until.is_some_and(|until| now < until)
    }
}

/// How an alarm has ended that never was.
pub(crate) const RETRACTED: &str = "retracted";

fn clearing(by: Clearing) -> &'static str {
    match by {
        Clearing::Condition => "condition",
        Clearing::Schedule => "schedule",
        Clearing::Rule => "rule",
    }
}

/// Condition and values, complete enough to be shown years later.
pub(crate) fn explained(told: &Transition) -> Value {
    let readings = told.explanation.readings.iter();
    let readings: Vec<Value> = readings
        .map(|reading| json!({ "name": &*reading.name, "value": reading.value }))
        .collect();
    json!({
        "rule": &*told.explanation.rule,
        "version": told.explanation.version,
        "condition": &*told.explanation.condition,
        "readings": readings,
        "at": from_micros(told.at),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_from_what_was_raised_and_sort_by_time() {
        let id = AlarmId::of("ponding", "P1", 1_763_864_100_000_000);
        assert_eq!(id, AlarmId::of("ponding", "P1", 1_763_864_100_000_000));
        assert_ne!(id, AlarmId::of("ponding", "P2", 1_763_864_100_000_000));
        assert!(id < AlarmId::of("ponding", "P1", 1_763_864_200_000_000));
        let time = yiwang_kernel::uuid_time(id.0).unwrap();
        assert_eq!(yiwang_kernel::micros(time), 1_763_864_100_000_000);
    }
}
