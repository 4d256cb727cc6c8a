//! An alarm: one stretch of time in which one rule held for one device. Pure.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use yiwang_contracts::{DeviceBrief, IncidentId, OrgId, Subject};
use yiwang_kernel::{AreaCode, Position, Timestamp, Uuid, from_micros, sha256, typed_id};
use yiwang_rules::{Change, Clearing, Severity, Transition};

typed_id!(
    /// An alarm.
    AlarmId
);

impl AlarmId {
    /// The same rule, device and instant always give the same id: raising twice is one alarm. It sorts by time, as
    /// ids made from the clock do.
    pub(crate) fn of(rule: &str, device: &str, opened: i64) -> Self {
        let digest = sha256(format!("{rule}\n{device}\n{opened}").as_bytes());
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
    /// `condition`, `schedule`, `rule`, `retracted`.
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
    /// Condition and values that raised it, then those of later changes.
    pub explanation: Value,
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
    pub(crate) fn raised(told: &Transition, rule_name: &str, device: &DeviceBrief) -> Option<Self> {
        let Change::Raised { severity, began } = told.change else {
            return None;
        };
        Some(Self {
            id: AlarmId::of(&told.explanation.rule, &device.code, told.opened),
            rule: told.explanation.rule.to_string(),
            rule_version: i64::from(told.explanation.version),
            rule_name: rule_name.to_owned(),
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
            version: 1,
        })
    }

    /// What a later change makes of it; `None` where it makes nothing.
    ///
    /// After a restart the judge says again what it said before: what is not newer changes nothing.
    pub(crate) fn changed(&mut self, told: &Transition) -> Option<LogLine> {
        let at = from_micros(told.at);
        if !self.is_open() || at <= self.judged_at {
            return None;
        }
        let what = match told.change {
            Change::Raised { .. } | Change::Unknown | Change::Known => return None,
            Change::Escalated { to, .. } => {
                self.severity = to;
                self.worst = self.worst.max(to);
                "escalated"
            }
            Change::Eased { to, .. } => {
                self.severity = to;
                "eased"
            }
            Change::Revised { severity, began } => {
                self.severity = severity;
                self.worst = self.worst.max(severity);
                self.began_at = from_micros(began);
                "revised"
            }
            Change::Cleared { by } => {
                self.end(from_micros(told.at), clearing(by));
                "ended"
            }
            Change::Retracted => {
                self.end(from_micros(told.at), "retracted");
                "ended"
            }
        };
        self.judged_at = at;
        self.version += 1;
        Some(LogLine {
            at: from_micros(told.decided_at),
            what,
            by: String::new(),
            detail: explained(told),
        })
    }

    pub(crate) fn end(&mut self, at: Timestamp, by: &str) {
        self.ended_at = Some(at.max(self.opened_at));
        self.ended_by = Some(by.to_owned());
    }

    pub(crate) fn is_shelved(&self, now: Timestamp) -> bool {
        self.shelved_until.is_some_and(|until| now < until)
    }
}

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
