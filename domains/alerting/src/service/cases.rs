//! Alarms become cases, and each hears of the other's end.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Value, json};
use yiwang_contracts::{CaseWanted, Event, Grade};
use yiwang_kernel::{Timestamp, Uuid};
use yiwang_store::{EventHandler, HandlerError};

use super::AlertingService;
use crate::alarm::{Alarm, AlarmId, AlarmKind, LogLine};
use crate::entry::CasePlan;
use crate::error::AlertingError;
use crate::store;

/// Hears of alarms and opens cases.
pub(crate) struct AlarmEvents(pub(crate) Arc<AlertingService>);

/// Hears of cases.
pub(crate) struct IncidentEvents(pub(crate) Arc<AlertingService>);

impl EventHandler for AlarmEvents {
    fn handle<'a>(&'a self, events: &'a [Event]) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            for event in events {
                let id = AlarmId(event.subject_id);
                match event.kind.as_str() {
                    "alarm.raised" | "alarm.escalated" | "alarm.unshelved" | "alarm.released"
                    | "alarm.resumed" => self.0.to_case(id).await?,
                    "alarm.ended" | "alarm.retracted" => self.0.tell_case_of_end(id).await?,
                    _ => {}
                }
            }
            Ok(())
        })
    }
}

impl EventHandler for IncidentEvents {
    fn handle<'a>(&'a self, events: &'a [Event]) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            let ids: Vec<Uuid> = events.iter().map(|event| event.subject_id).collect();
            let alarms = store::alarms::of_incidents(self.0.db.read(), &ids).await?;
            if alarms.is_empty() {
                return Ok(());
            }
            for event in events {
                let is_closed = event
                    .body
                    .get("status")
                    .and_then(Value::as_str)
                    .is_some_and(|status| matches!(status, "closed" | "void" | "merged"));
                let its = alarms
                    .iter()
                    .filter(|alarm| alarm.incident_id.is_some_and(|id| id.0 == event.subject_id));
                for alarm in its {
                    self.0
                        .note_case_state(alarm.id, !is_closed, event.at)
                        .await?;
                }
            }
            Ok(())
        })
    }
}

impl AlertingService {
    async fn load(&self, id: AlarmId) -> Result<Option<Alarm>, AlertingError> {
        Ok(store::alarms::load(self.db.read(), &[id])
            .await?
            .remove(&id))
    }

    /// Opens a case for the alarm if its rule says so and there is none; one for each rule and device.
    async fn to_case(&self, id: AlarmId) -> Result<(), AlertingError> {
        let now = self.clock.now();
        let Some(alarm) = self.load(id).await? else {
            return Ok(());
        };
        if alarm.kind == AlarmKind::Storm && alarm.incident_open {
            return self.tell_case_of_storm(&alarm, now).await;
        }
        let is_wanted = alarm.calls(now) && alarm.incident_id.is_none();
        let Some(plan) = self.plan_of(&alarm).await?.filter(|_| is_wanted) else {
            return Ok(());
        };
        if !plan.wants(alarm.severity) {
            return Ok(());
        }
        let other = store::alarms::with_open_case(self.db.read(), &alarm);
        let known = other
            .await?
            .and_then(|other| other.incident_id.zip(other.incident_number));
        let case = if let Some(known) = known {
            known
        } else {
            let opened = self.asks.cases.open(wanted(&alarm, &plan), now).await?;
            (opened.id, opened.number)
        };
        let mut bound = alarm.clone();
        (bound.incident_id, bound.incident_number) = (Some(case.0), Some(case.1.clone()));
        bound.incident_open = true;
        bound.version += 1;
        let line = LogLine {
            at: now,
            what: "case_opened",
            by: String::new(),
            detail: json!({ "number": case.1 }),
        };
        self.save(bound, alarm.version, line, now).await
    }

    async fn plan_of(&self, alarm: &Alarm) -> Result<Option<CasePlan>, AlertingError> {
        let versions = store::rules::versions(self.db.read(), &alarm.rule).await?;
        let own = versions
            .into_iter()
            .find(|row| i64::from(row.entry.rule.version) == alarm.rule_version);
        Ok(own.and_then(|row| row.entry.case))
    }

    /// Writes into the case that one device had how many there are now.
    async fn tell_case_of_storm(&self, storm: &Alarm, now: Timestamp) -> Result<(), AlertingError> {
        let Some(case) = storm.incident_id else {
            return Ok(());
        };
        let text = format!(
            "已归入告警风暴“{}”（{}），现有 {} 处、未恢复 {} 处，{} 级",
            storm.rule_name,
            storm.device_name,
            storm.members,
            storm.members_open,
            storm.severity.code(),
        );
        Ok(self.asks.cases.note(case, text, now).await?)
    }

    /// Writes into the case's log that the condition has ended.
    async fn tell_case_of_end(&self, id: AlarmId) -> Result<(), AlertingError> {
        let Some(alarm) = self.load(id).await?.filter(|alarm| alarm.incident_open) else {
            return Ok(());
        };
        let (Some(case), Some(ended)) = (alarm.incident_id, alarm.ended_at) else {
            return Ok(());
        };
        let what = match alarm.ended_by.as_deref() {
            Some(crate::alarm::RETRACTED) => "迟到的数据表明告警不成立",
            _ => "告警已解除",
        };
        let text = format!(
            "{what}：{}（{}），{}",
            alarm.rule_name,
            alarm.device_name,
            local(ended)
        );
        Ok(self.asks.cases.note(case, text, self.clock.now()).await?)
    }

    async fn note_case_state(
        &self,
        id: AlarmId,
        is_open: bool,
        now: Timestamp,
    ) -> Result<(), AlertingError> {
        let Some(alarm) = self
            .load(id)
            .await?
            .filter(|alarm| alarm.incident_open != is_open)
        else {
            return Ok(());
        };
        let mut noted = alarm.clone();
        noted.incident_open = is_open;
        noted.version += 1;
        let line = LogLine {
            at: now,
            what: if is_open {
                "case_reopened"
            } else {
                "case_closed"
            },
            by: String::new(),
            detail: json!({ "number": alarm.incident_number }),
        };
        self.save(noted, alarm.version, line, now).await
    }
}

/// Civil time of the city.
fn local(at: Timestamp) -> String {
    jiff::tz::offset(8)
        .to_datetime(at)
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}

fn wanted(alarm: &Alarm, plan: &CasePlan) -> CaseWanted {
    let grade: Option<Grade> = plan.grades.get(&alarm.severity).copied();
    let description = match alarm.kind {
        AlarmKind::Storm | AlarmKind::Agreement => told_of_group(alarm),
        AlarmKind::Single | AlarmKind::Vote => told_of_device(alarm),
    };
    let title = match alarm.kind {
        AlarmKind::Storm => format!(
            "{}：{}等 {} 处",
            alarm.rule_name, alarm.device_name, alarm.members
        ),
        _ => format!("{}：{}", alarm.rule_name, alarm.device_name),
    };
    CaseWanted {
        reference: format!("alarm:{}", alarm.id),
        title,
        description,
        item: Some(plan.item.clone()),
        grade,
        position: alarm.position,
        address: alarm
            .place
            .clone()
            .unwrap_or_else(|| alarm.device_name.clone()),
        area: alarm.area.clone(),
        occurred_at: alarm.began_at,
    }
}

fn told_of_group(alarm: &Alarm) -> String {
    format!(
        "{} 内自 {} 起有 {} 台设备满足规则“{}”第 {} 版，其中 {} 台尚未恢复",
        alarm.device_name,
        local(alarm.began_at),
        alarm.members,
        alarm.rule_name,
        alarm.rule_version,
        alarm.members_open,
    )
}

fn told_of_device(alarm: &Alarm) -> String {
    let readings = alarm.explanation.get("readings").and_then(Value::as_array);
    let values: Vec<String> = readings
        .into_iter()
        .flatten()
        .filter_map(|reading| {
            let name = reading.get("name")?.as_str()?;
            Some(format!("{name} = {}", reading.get("value")?))
        })
        .collect();
    let condition = alarm.explanation.get("condition").and_then(Value::as_str);
    format!(
        "设备 {}（{}）自 {} 起满足规则“{}”第 {} 版：{}。当时数值：{}",
        alarm.device_name,
        alarm.device,
        local(alarm.began_at),
        alarm.rule_name,
        alarm.rule_version,
        condition.unwrap_or_default(),
        values.join("，"),
    )
}
