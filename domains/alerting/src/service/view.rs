//! Alarms as they are shown.

use serde::Serialize;
use serde_json::Value;
use yiwang_contracts::{CaseRef, OrgId};
use yiwang_kernel::{AreaCode, Position, Text, Timestamp, Uuid};
use yiwang_rules::Severity;

use super::AlertingService;
use crate::alarm::{Alarm, AlarmId, AlarmKind, SuppressedBy, Verdict};

/// An alarm in a list.
#[expect(
    clippy::struct_excessive_bools,
    reason = "a row of a list: what is open, late, chattering and a case are different things"
)]
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct AlarmView {
    pub id: AlarmId,
    pub rule: String,
    pub rule_version: i64,
    pub rule_name: String,
    pub device: String,
    pub device_id: Uuid,
    pub device_name: String,
    pub profile: String,
    pub org_id: Option<OrgId>,
    pub org_name: Option<Text>,
    pub area: Option<AreaCode>,
    pub area_name: Option<String>,
    pub position: Option<Position>,
    pub place: Option<String>,
    pub severity: Severity,
    /// The worst that it has been.
    pub worst: Severity,
    pub is_open: bool,
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: Timestamp,
    /// Since when the condition held.
    #[schema(value_type = String, format = DateTime)]
    pub began_at: Timestamp,
    /// When the judge found it.
    #[schema(value_type = String, format = DateTime)]
    pub decided_at: Timestamp,
    /// Found by readings that came late.
    pub is_late: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// `condition`, `schedule`, `rule`, `retracted`, `quiet`.
    pub ended_by: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub acknowledged_at: Option<Timestamp>,
    pub acknowledged_by: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub shelved_until: Option<Timestamp>,
    pub shelved_by: Option<String>,
    pub verdict: Option<Verdict>,
    pub case: Option<CaseRef>,
    pub is_case_open: bool,
    /// The condition of the severity that it has, and the values that decided. Of a storm: its grouping.
    #[schema(value_type = Object)]
    pub explanation: Value,
    pub kind: AlarmKind,
    /// The storm or agreement that it belongs to.
    pub group_id: Option<AlarmId>,
    /// Of a storm or agreement: how many ever joined.
    pub members: i64,
    /// Of them, those that are open.
    pub members_open: i64,
    /// It came while its rule raised alarms for the device again and again.
    pub is_chattering: bool,
    /// Why nobody is called by it; nothing where people are.
    pub suppressed_by: Option<SuppressedBy>,
    /// The maintenance window, or the alarm that explains it.
    pub suppressed_ref: Option<Uuid>,
    /// How many steps were taken because nobody took note.
    pub unattended: i64,
    pub version: i64,
}

/// A line of an alarm's log.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct LogView {
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `raised`, `escalated`, `eased`, `revised`, `resumed`, `retracted`, `ended`, `grouped`, `suppressed`, `released`,
    /// `chattering`, `unattended`, `acknowledged`, `shelved`, `unshelved`, `judged`, `case_opened`, `case_closed`,
    /// `case_reopened`.
    pub what: String,
    /// Empty for the platform itself.
    pub by: String,
    #[schema(value_type = Option<Object>)]
    pub detail: Option<Value>,
}

/// An alarm with its log.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct AlarmDetail {
    #[serde(flatten)]
    pub alarm: AlarmView,
    pub log: Vec<LogView>,
    /// What a picture of it needs; nothing for a storm or agreement, whose members have it.
    pub picture: Option<PictureView>,
}

/// What is drawn of an alarm: which values, from when to when, and the thresholds in force then.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct PictureView {
    pub device_id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub to: Timestamp,
    /// What the rule reads.
    pub series: Vec<PictureSeries>,
    pub thresholds: Vec<PictureThreshold>,
    /// The conditions by severity, as the version that raised it has them.
    pub levels: Vec<PictureLevel>,
}

/// A property that a rule reads.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct PictureSeries {
    pub property: String,
    pub name: Text,
    pub unit: Option<String>,
}

/// A threshold as it was in force when the alarm was raised.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct PictureThreshold {
    /// A parameter of the rule, or `attr.warn`.
    pub name: String,
    pub value: f64,
}

/// One level of the rule.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct PictureLevel {
    pub severity: Severity,
    /// The condition, or how long nothing was heard.
    pub when: String,
}

/// Numbers of open alarms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct NumbersView {
    /// A storm counts as one; what is suppressed is left out.
    pub open: i64,
    /// From I to IV.
    pub by_severity: [i64; 4],
    /// Open and suppressed, beside `open`.
    pub suppressed: i64,
    /// Of `open`, those that are shelved.
    pub shelved: i64,
    /// Of `open`, those that are neither shelved nor acknowledged.
    pub unacknowledged: i64,
}

impl AlertingService {
    pub(super) fn view(&self, alarm: Alarm) -> AlarmView {
        let org = alarm
            .org_id
            .and_then(|id| self.asks.orgs.by_id(&[id]).pop().flatten());
        let area = alarm
            .area
            .as_ref()
            .and_then(|code| self.asks.catalog.area(code));
        let case = alarm.incident_id.zip(alarm.incident_number.clone());
        AlarmView {
            is_open: alarm.is_open(),
            id: alarm.id,
            rule: alarm.rule,
            rule_version: alarm.rule_version,
            rule_name: alarm.rule_name,
            device: alarm.device,
            device_id: alarm.device_id,
            device_name: alarm.device_name,
            profile: alarm.profile,
            org_id: alarm.org_id,
            org_name: org.map(|org| org.name),
            area: alarm.area,
            area_name: area.map(|area| area.name),
            position: alarm.position,
            place: alarm.place,
            severity: alarm.severity,
            worst: alarm.worst,
            opened_at: alarm.opened_at,
            began_at: alarm.began_at,
            decided_at: alarm.decided_at,
            is_late: alarm.is_late,
            ended_at: alarm.ended_at,
            ended_by: alarm.ended_by,
            acknowledged_at: alarm.acknowledged_at,
            acknowledged_by: alarm.acknowledged_by,
            shelved_until: alarm.shelved_until,
            shelved_by: alarm.shelved_by,
            verdict: alarm.verdict,
            case: case.map(|(id, number)| CaseRef { id, number }),
            is_case_open: alarm.incident_open,
            explanation: alarm.explanation,
            kind: alarm.kind,
            group_id: alarm.group_id,
            members: alarm.members,
            members_open: alarm.members_open,
            is_chattering: alarm.is_chattering,
            suppressed_by: alarm.suppressed_by,
            suppressed_ref: alarm.suppressed_ref,
            unattended: alarm.unattended,
            version: alarm.version,
        }
    }
}
