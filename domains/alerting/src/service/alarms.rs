//! Alarms: looked at, acknowledged, shelved, judged.

use jiff::SignedDuration;
use serde_json::{Value, json};
use yiwang_contracts::{Actor, IncidentId};
use yiwang_kernel::{AreaCode, Page, PageRequest, Timestamp, Uuid};
use yiwang_rules::Severity;
use yiwang_store::Tx;

use super::AlertingService;
use super::rights::scope_of;
use super::sheet::event;
use super::view::{AlarmDetail, AlarmView, LogView, NumbersView};
use crate::alarm::{Alarm, AlarmId, AlarmKind, LogLine, Verdict};
use crate::error::AlertingError;
use crate::store;
use crate::store::alarms::{AlarmFilter, Shown};

/// An alarm is shelved for so long at most.
pub(super) const SHELF_HOURS_MAX: i64 = 24 * 30;
const NOTE_LENGTH_MAX: usize = 500;

/// What alarms are asked for by.
#[derive(Debug, Clone, Default)]
pub struct AlarmQuery {
    /// Part of the device's code, name or place, or of the rule's name.
    pub q: Option<String>,
    pub open: Option<bool>,
    pub acknowledged: Option<bool>,
    pub shelved: Option<bool>,
    pub suppressed: Option<bool>,
    pub chattering: Option<bool>,
    pub kind: Option<AlarmKind>,
    /// Members of storms beside them.
    pub members: bool,
    /// This severe or worse.
    pub severity: Option<Severity>,
    pub rule: Option<String>,
    pub device: Option<String>,
    pub area: Option<AreaCode>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    /// Those that were open at this instant.
    pub at: Option<Timestamp>,
    pub incident: Option<IncidentId>,
}

impl AlarmQuery {
    fn filter(self) -> AlarmFilter {
        AlarmFilter {
            q: self.q,
            open: self.open,
            acknowledged: self.acknowledged,
            shelved: self.shelved,
            suppressed: self.suppressed,
            chattering: self.chattering,
            kind: self.kind,
            severity: self.severity,
            rule: self.rule,
            device: self.device,
            area: self.area,
            from: self.from,
            until: self.until,
            at: self.at,
            incident: self.incident,
            shown: if self.members {
                Shown::All
            } else {
                Shown::Calling
            },
        }
    }
}

impl AlertingService {
    /// The alarms that one may see, newest first.
    pub async fn alarms(
        &self,
        actor: &Actor,
        query: AlarmQuery,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<AlarmView>, AlertingError> {
        self.listed(actor, query.filter(), page, now).await
    }

    async fn listed(
        &self,
        actor: &Actor,
        filter: AlarmFilter,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<AlarmView>, AlertingError> {
        let scope = scope_of(actor, "alerting.read", now)?;
        let (limit, before) = (page.limit(), page.position::<Uuid>()?);
        let most = u64::from(limit) + 1;
        let alarms = store::alarms::list(self.db.read(), &scope, &filter, before, most, now);
        let page = Page::cut(alarms.await?, limit, |alarm| alarm.id.0);
        Ok(page.map(|alarm| self.view(alarm)))
    }

    /// The members of a storm or agreement that one may see, newest first.
    pub async fn members(
        &self,
        actor: &Actor,
        id: AlarmId,
        open: Option<bool>,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<AlarmView>, AlertingError> {
        self.visible(actor, id, now).await?;
        let filter = AlarmFilter {
            open,
            shown: Shown::MembersOf(id),
            ..AlarmFilter::default()
        };
        self.listed(actor, filter, page, now).await
    }

    /// Numbers of the open alarms that one may see.
    pub async fn numbers(
        &self,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<NumbersView, AlertingError> {
        let scope = scope_of(actor, "alerting.read", now)?;
        let found = store::alarms::numbers(self.db.read(), &scope, now).await?;
        let mut numbers = NumbersView {
            suppressed: found.suppressed,
            shelved: found.shelved,
            unacknowledged: found.unacknowledged,
            ..NumbersView::default()
        };
        for (severity, number) in found.by_severity {
            numbers.open += number;
            let place = 4 - usize::from(severity.rank());
            if let Some(place) = numbers.by_severity.get_mut(place) {
                *place += number;
            }
        }
        Ok(numbers)
    }

    pub async fn alarm(
        &self,
        actor: &Actor,
        id: AlarmId,
        now: Timestamp,
    ) -> Result<AlarmDetail, AlertingError> {
        let alarm = self.visible(actor, id, now).await?;
        let lines = store::alarms::log_of(self.db.read(), id).await?;
        let log = lines.into_iter().map(|(at, what, by, detail)| LogView {
            at,
            what,
            by,
            detail: Some(detail).filter(|detail| !detail.is_null()),
        });
        let log = log.collect();
        Ok(AlarmDetail {
            picture: self.picture(&alarm, now).await?,
            alarm: self.view(alarm),
            log,
        })
    }

    async fn visible(
        &self,
        actor: &Actor,
        id: AlarmId,
        now: Timestamp,
    ) -> Result<Alarm, AlertingError> {
        let alarm = store::alarms::load(self.db.read(), &[id])
            .await?
            .remove(&id);
        let alarm = alarm.ok_or(AlertingError::NotFound)?;
        let may = actor.may("alerting.read", alarm.subject(), now);
        if may {
            Ok(alarm)
        } else {
            Err(AlertingError::NotFound)
        }
    }

    /// One change by a person: may he, and is it still the alarm that he looked at? `change` answers what is written
    /// into the log.
    async fn change(
        &self,
        actor: &Actor,
        id: AlarmId,
        expected: Option<i64>,
        now: Timestamp,
        what: &'static str,
        change: impl FnOnce(&mut Alarm) -> Result<Value, AlertingError> + Send,
    ) -> Result<AlarmView, AlertingError> {
        let mut alarm = self.visible(actor, id, now).await?;
        let action = "alerting.handle";
        if !actor.may(action, alarm.subject(), now) {
            return Err(AlertingError::Denied { action });
        }
        let before = alarm.version;
        if let Some(expected) = expected
            && expected != before
        {
            return Err(AlertingError::VersionConflict {
                expected,
                current: before,
            });
        }
        let detail = change(&mut alarm)?;
        alarm.version += 1;
        let line = LogLine {
            at: now,
            what,
            by: actor.name.clone(),
            detail,
        };
        self.save(alarm.clone(), before, line, now).await?;
        Ok(self.view(alarm))
    }

    pub(super) async fn save(
        &self,
        alarm: Alarm,
        before: i64,
        line: LogLine,
        now: Timestamp,
    ) -> Result<(), AlertingError> {
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    if !store::alarms::update(tx, &alarm, before).await? {
                        let stored = store::alarms::load(tx, &[alarm.id]).await?;
                        let current = stored.get(&alarm.id).map_or(0, |alarm| alarm.version);
                        return Err(AlertingError::VersionConflict {
                            expected: before,
                            current,
                        });
                    }
                    let kind = line.what;
                    if alarm.kind.is_group() && kind == "judged" {
                        judge_members(tx, &alarm, &line).await?;
                    }
                    store::alarms::log(tx, &[(alarm.id, alarm.version, line)]).await?;
                    tx.publish(event(kind, &alarm, now));
                    Ok(())
                })
            })
            .await
    }

    /// Somebody has seen it and looks after it.
    pub async fn acknowledge(
        &self,
        actor: &Actor,
        id: AlarmId,
        note: Option<String>,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<AlarmView, AlertingError> {
        self.change(actor, id, expected, now, "acknowledged", |alarm| {
            let note = noted(note)?;
            if alarm.acknowledged_at.is_some() {
                return Err(AlertingError::NotNow("the alarm is acknowledged already"));
            }
            alarm.acknowledged_at = Some(now);
            alarm.acknowledged_by = Some(actor.name.clone());
            Ok(json!({ "note": note }))
        })
        .await
    }

    /// Nothing is to be heard of it until an instant, and no case to be opened.
    pub async fn shelve(
        &self,
        actor: &Actor,
        id: AlarmId,
        until: Timestamp,
        reason: String,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<AlarmView, AlertingError> {
        self.change(actor, id, expected, now, "shelved", |alarm| {
            let latest = now.saturating_add(SignedDuration::from_hours(SHELF_HOURS_MAX));
            if until <= now || until > latest.unwrap_or(Timestamp::MAX) {
                let message = "must lie within the next 30 days";
                return Err(AlertingError::invalid("/until", "out_of_range", message));
            }
            let reason = noted(Some(reason))?
                .ok_or_else(|| AlertingError::invalid("/reason", "missing", "say why"))?;
            if !alarm.is_open() {
                return Err(AlertingError::NotNow("the alarm has ended"));
            }
            alarm.shelved_until = Some(until);
            alarm.shelved_by = Some(actor.name.clone());
            Ok(json!({ "until": until, "reason": reason }))
        })
        .await
    }

    /// Takes an alarm off the shelf.
    pub async fn unshelve(
        &self,
        actor: &Actor,
        id: AlarmId,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<AlarmView, AlertingError> {
        self.change(actor, id, expected, now, "unshelved", |alarm| {
            if !alarm.is_shelved(now) {
                return Err(AlertingError::NotNow("the alarm is not shelved"));
            }
            (alarm.shelved_until, alarm.shelved_by) = (None, None);
            Ok(Value::Null)
        })
        .await
    }

    /// Was it true? Counts for the rule's precision.
    pub async fn judge_alarm(
        &self,
        actor: &Actor,
        id: AlarmId,
        verdict: Verdict,
        note: Option<String>,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<AlarmView, AlertingError> {
        self.change(actor, id, expected, now, "judged", |alarm| {
            let note = noted(note)?;
            alarm.verdict = Some(verdict);
            Ok(json!({ "verdict": verdict, "note": note }))
        })
        .await
    }
}

/// What is found of a storm is found of each of its members that nobody judged by itself.
async fn judge_members(tx: &Tx, group: &Alarm, line: &LogLine) -> Result<(), AlertingError> {
    let mut lines = Vec::new();
    for mut member in store::alarms::members(tx, group.id).await? {
        if member.verdict.is_some() {
            continue;
        }
        let before = member.version;
        (member.verdict, member.version) = (group.verdict, before + 1);
        if store::alarms::update(tx, &member, before).await? {
            lines.push((member.id, member.version, line.clone()));
        }
    }
    Ok(store::alarms::log(tx, &lines).await?)
}

pub(super) fn noted(note: Option<String>) -> Result<Option<String>, AlertingError> {
    if note
        .as_ref()
        .is_some_and(|note| note.chars().count() > NOTE_LENGTH_MAX)
    {
        let message = format!("at most {NOTE_LENGTH_MAX} characters");
        return Err(AlertingError::invalid("/note", "too_long", message));
    }
    Ok(note
        .map(|note| note.trim().to_owned())
        .filter(|note| !note.is_empty()))
}
