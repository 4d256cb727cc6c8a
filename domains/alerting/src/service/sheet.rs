//! What one transaction makes of alarms: changed in memory, then saved with log lines and events at once.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::{Value, json};
use yiwang_contracts::{Catalog, EventScope, NewEvent};
use yiwang_kernel::Timestamp;
use yiwang_rules::Severity;
use yiwang_store::Tx;

use crate::alarm::{Alarm, AlarmId, AlarmKind, LogLine};
use crate::entry::RuleEntry;
use crate::error::AlertingError;
use crate::store;

/// What is asked while alarms are written down.
#[derive(Clone)]
pub(super) struct Surroundings {
    pub rules: Arc<HashMap<String, Arc<RuleEntry>>>,
    pub catalog: Arc<dyn Catalog>,
}

/// The alarms that one transaction touches.
pub(super) struct Sheet<'a> {
    pub tx: &'a Tx,
    pub place: Surroundings,
    pub now: Timestamp,
    alarms: HashMap<AlarmId, Alarm>,
    before: HashMap<AlarmId, i64>,
    lines: Vec<(AlarmId, i64, LogLine)>,
    /// What happened, once for each alarm and kind, and what more is to be said of it.
    told: Vec<(AlarmId, &'static str, Value)>,
    /// In the order in which it happened.
    pub raised: Vec<AlarmId>,
    pub ended: Vec<AlarmId>,
}

impl<'a> Sheet<'a> {
    pub(super) fn open(tx: &'a Tx, place: Surroundings, now: Timestamp) -> Self {
        Self {
            tx,
            place,
            now,
            alarms: HashMap::new(),
            before: HashMap::new(),
            lines: Vec::new(),
            told: Vec::new(),
            raised: Vec::new(),
            ended: Vec::new(),
        }
    }

    /// Takes alarms in from the store that are not here yet.
    pub(super) async fn load(&mut self, ids: &[AlarmId]) -> Result<(), AlertingError> {
        let missing: BTreeSet<AlarmId> = ids
            .iter()
            .copied()
            .filter(|id| !self.alarms.contains_key(id))
            .collect();
        let missing: Vec<AlarmId> = missing.into_iter().collect();
        for alarm in store::alarms::load(self.tx, &missing).await?.into_values() {
            self.take(alarm);
        }
        Ok(())
    }

    /// Takes an alarm in as the store has it. What is here already has been changed and stays.
    pub(super) fn take(&mut self, alarm: Alarm) -> &Alarm {
        let id = alarm.id;
        self.before.entry(id).or_insert(alarm.version);
        self.alarms.entry(id).or_insert(alarm)
    }

    pub(super) fn get(&self, id: AlarmId) -> Option<&Alarm> {
        self.alarms.get(&id)
    }

    /// All alarms that are here.
    pub(super) fn all(&self) -> impl Iterator<Item = &Alarm> {
        self.alarms.values()
    }

    /// Was it in the store before?
    pub(super) fn is_new(&self, id: AlarmId) -> bool {
        !self.before.contains_key(&id)
    }

    /// A new alarm.
    pub(super) fn add(&mut self, alarm: Alarm) {
        let line = LogLine {
            at: self.now,
            what: "raised",
            by: String::new(),
            detail: alarm.explanation.clone(),
        };
        self.lines.push((alarm.id, alarm.version, line));
        self.tell(alarm.id, "raised");
        self.raised.push(alarm.id);
        self.alarms.insert(alarm.id, alarm);
    }

    /// Changes an alarm by the platform itself, with a line in its log.
    pub(super) fn change(
        &mut self,
        id: AlarmId,
        what: &'static str,
        detail: Value,
        change: impl FnOnce(&mut Alarm),
    ) {
        if let Some(alarm) = self.alarms.get_mut(&id) {
            change(alarm);
            alarm.version += 1;
            let line = LogLine {
                at: self.now,
                what,
                by: String::new(),
                detail,
            };
            self.note(id, line);
        }
    }

    /// Changes what is counted of an alarm; nothing is written beside it.
    pub(super) fn count(&mut self, id: AlarmId, change: impl FnOnce(&mut Alarm)) {
        if let Some(alarm) = self.alarms.get_mut(&id) {
            change(alarm);
            alarm.version += 1;
        }
    }

    /// What the judge said of an alarm that is here.
    pub(super) fn judged(
        &mut self,
        id: AlarmId,
        change: impl FnOnce(&mut Alarm) -> Option<LogLine>,
    ) {
        let Some(alarm) = self.alarms.get_mut(&id) else {
            return;
        };
        let was_open = alarm.is_open();
        let Some(line) = change(alarm) else { return };
        let is_open = alarm.is_open();
        self.note(id, line);
        match (was_open, is_open) {
            (true, false) => self.ended.push(id),
            (false, true) => self.raised.push(id),
            _ => {}
        }
    }

    pub(super) fn end(&mut self, id: AlarmId, at: Timestamp, by: &'static str, detail: Value) {
        if self.alarms.get(&id).is_some_and(Alarm::is_open) {
            self.change(id, "ended", detail, |alarm| alarm.end(at, by));
            self.ended.push(id);
        }
    }

    /// An alarm that had ended stands open after all.
    pub(super) fn resume(&mut self, id: AlarmId, opened: Timestamp, severity: Severity) {
        if self.alarms.get(&id).is_some_and(|alarm| !alarm.is_open()) {
            self.change(id, "resumed", json!({ "severity": severity }), |alarm| {
                (alarm.ended_at, alarm.ended_by) = (None, None);
                alarm.opened_at = opened;
                alarm.stand_at(severity);
            });
            self.raised.push(id);
        }
    }

    fn note(&mut self, id: AlarmId, line: LogLine) {
        let Some(alarm) = self.alarms.get(&id) else {
            return;
        };
        let what = line.what;
        self.lines.push((id, alarm.version, line));
        self.tell(id, what);
    }

    /// Others are told of it, once.
    pub(super) fn tell(&mut self, id: AlarmId, what: &'static str) {
        if !self
            .told
            .iter()
            .any(|(known, other, _)| (*known, *other) == (id, what))
        {
            self.told.push((id, what, Value::Null));
        }
    }

    /// The same with something more to say: the last that was said stands.
    pub(super) fn tell_with(&mut self, id: AlarmId, what: &'static str, more: Value) {
        self.told
            .retain(|(known, other, _)| (*known, *other) != (id, what));
        self.told.push((id, what, more));
    }

    /// Saves everything, or nothing when somebody was faster.
    pub(super) async fn close(self) -> Result<(), AlertingError> {
        let is_new = |alarm: &&Alarm| !self.before.contains_key(&alarm.id);
        let new: Vec<Alarm> = self.alarms.values().filter(is_new).cloned().collect();
        store::alarms::insert(self.tx, &new).await?;
        for (id, version) in &self.before {
            let changed = self.alarms.get(id);
            let Some(alarm) = changed.filter(|alarm| alarm.version != *version) else {
                continue;
            };
            if !store::alarms::update(self.tx, alarm, *version).await? {
                // The whole batch is tried again.
                return Err(AlertingError::VersionConflict {
                    expected: *version,
                    current: 0,
                });
            }
        }
        store::alarms::log(self.tx, &self.lines).await?;
        for (id, what, more) in &self.told {
            if let Some(alarm) = self
                .alarms
                .get(id)
                .filter(|alarm| self.is_heard(alarm, what))
            {
                let mut event = event(what, alarm, self.now);
                if let Some(body) = event.body.as_object_mut().filter(|_| !more.is_null()) {
                    body.insert("more".to_owned(), more.clone());
                }
                self.tx.publish(event);
            }
        }
        Ok(())
    }

    /// A member is heard of through its group, but for its joining where it was heard of before.
    fn is_heard(&self, alarm: &Alarm, what: &str) -> bool {
        match (alarm.kind, alarm.group_id) {
            (AlarmKind::Vote, _) => false,
            (_, Some(_)) => {
                // A case that a member had before must hear of the end.
                let ends = alarm.incident_open && matches!(what, "ended" | "retracted");
                ends || (what == "grouped" && !self.is_new(alarm.id))
            }
            _ => true,
        }
    }
}

/// What others are told of an alarm: what happened, and where it stands now.
pub(super) fn event(kind: &str, alarm: &Alarm, now: Timestamp) -> NewEvent {
    NewEvent {
        kind: format!("alarm.{kind}"),
        subject_id: alarm.id.0,
        at: now,
        scope: EventScope {
            action: "alerting.read".to_owned(),
            orgs: alarm.org_id.into_iter().collect(),
            area: alarm.area.clone(),
            secrecy: alarm.secrecy,
        },
        body: json!({
            "id": alarm.id,
            "kind": alarm.kind,
            "rule": alarm.rule,
            "device": alarm.device,
            "device_id": alarm.device_id,
            "severity": alarm.severity,
            "is_open": alarm.is_open(),
            "group_id": alarm.group_id,
            "members": alarm.members,
            "members_open": alarm.members_open,
            "version": alarm.version,
        }),
    }
}
