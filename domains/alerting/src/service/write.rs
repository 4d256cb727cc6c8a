//! What the judge says becomes alarms, each change with its log line and its event in one transaction.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::json;
use yiwang_contracts::{EventScope, NewEvent};
use yiwang_kernel::Timestamp;
use yiwang_store::Tx;

use super::AlertingService;
use crate::alarm::{Alarm, AlarmId, LogLine};
use crate::error::AlertingError;
use crate::judge::Told;
use crate::store;

/// Changes of one transaction.
const TOLD_AT_ONCE: usize = 500;
/// Times that a batch is tried before the next round.
const TRIES_MAX: u32 = 5;

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
            "rule": alarm.rule,
            "device": alarm.device,
            "device_id": alarm.device_id,
            "severity": alarm.severity,
            "is_open": alarm.is_open(),
            "version": alarm.version,
        }),
    }
}

impl AlertingService {
    /// Writes down what the judge said so far; answers how many changes it were.
    pub(crate) async fn deliver(&self) -> Result<usize, AlertingError> {
        let mut heard = self.told.lock().await;
        let mut written = 0;
        loop {
            if heard.unwritten.is_empty() {
                let mut batch = Vec::new();
                while batch.len() < TOLD_AT_ONCE
                    && let Ok(told) = heard.waiting.try_recv()
                {
                    batch.push(told);
                }
                heard.unwritten = Arc::new(batch);
            }
            if heard.unwritten.is_empty() {
                return Ok(written);
            }
            self.write_down(&heard.unwritten).await?;
            written += heard.unwritten.len();
            heard.unwritten = Arc::default();
        }
    }

    async fn write_down(&self, batch: &Arc<Vec<Told>>) -> Result<(), AlertingError> {
        let mut tries = 0;
        loop {
            let (batch, now) = (Arc::clone(batch), self.clock.now());
            let written = self
                .db
                .write(move |tx| Box::pin(async move { write(tx, &batch, now).await }))
                .await;
            match written {
                // A person changed one of the alarms meanwhile.
                Err(AlertingError::VersionConflict { .. }) if tries < TRIES_MAX => tries += 1,
                written => return written,
            }
        }
    }

    /// Ends an alarm for which no condition will.
    pub(super) async fn end(
        &self,
        alarm: Alarm,
        by: &'static str,
        now: Timestamp,
    ) -> Result<(), AlertingError> {
        self.db
            .write(move |tx| {
                let mut alarm = alarm.clone();
                Box::pin(async move {
                    let before = alarm.version;
                    alarm.end(now, by);
                    alarm.version += 1;
                    if store::alarms::update(tx, &alarm, before).await? {
                        let line = LogLine {
                            at: now,
                            what: "ended",
                            by: String::new(),
                            detail: json!({ "by": by }),
                        };
                        store::alarms::log(tx, &[(alarm.id, alarm.version, line)]).await?;
                        tx.publish(event("ended", &alarm, now));
                    }
                    Ok::<_, AlertingError>(())
                })
            })
            .await
    }
}

/// One batch: new alarms first, then what changes them, in the order in which the judge said it.
async fn write(tx: &Tx, batch: &[Told], now: Timestamp) -> Result<(), AlertingError> {
    let id_of = |told: &Told| {
        AlarmId::of(
            &told.rule.rule.id,
            &told.device.code,
            told.transition.opened,
        )
    };
    let ids: Vec<AlarmId> = batch.iter().map(id_of).collect();
    let mut known: HashMap<AlarmId, Alarm> = store::alarms::load(tx, &ids).await?;
    let mut open = open_now(tx, batch, &ids, &mut known).await?;
    let before: HashMap<AlarmId, i64> = known
        .iter()
        .map(|(id, alarm)| (*id, alarm.version))
        .collect();
    let (mut lines, mut events) = (Vec::new(), Vec::new());
    for (told, own) in batch.iter().zip(&ids) {
        let pair = pair(told);
        let id = if known.contains_key(own) {
            own
        } else {
            open.get(&pair).unwrap_or(own)
        };
        if let Some(alarm) = known.get_mut(id) {
            if let Some(line) = alarm.changed(&told.transition) {
                events.push(event(line.what, alarm, now));
                lines.push((alarm.id, alarm.version, line));
            }
            if !alarm.is_open() {
                open.remove(&pair);
            }
            continue;
        }
        let name = &told.rule.rule.name.zh;
        let Some(mut alarm) = Alarm::raised(&told.transition, name, &told.device) else {
            continue;
        };
        alarm.decided_at = now;
        let line = LogLine {
            at: now,
            what: "raised",
            by: String::new(),
            detail: alarm.explanation.clone(),
        };
        lines.push((alarm.id, alarm.version, line));
        events.push(event("raised", &alarm, now));
        open.insert(pair, alarm.id);
        known.insert(alarm.id, alarm);
    }
    save(tx, &known, &before).await?;
    store::alarms::log(tx, &lines).await?;
    for event in events {
        tx.publish(event);
    }
    Ok(())
}

/// Rule and device: of each pair one alarm at most is open.
type Pair<'a> = (&'a str, &'a str);

fn pair(told: &Told) -> Pair<'_> {
    (&told.rule.rule.id, &told.device.code)
}

/// The open alarms of what is told. Late readings may move the instant at which an alarm was raised, and with it the id
/// that follows from it: what is said then is of the alarm that stands open.
async fn open_now<'a>(
    tx: &Tx,
    batch: &'a [Told],
    ids: &[AlarmId],
    known: &mut HashMap<AlarmId, Alarm>,
) -> Result<HashMap<Pair<'a>, AlarmId>, AlertingError> {
    let mut open = HashMap::new();
    for (told, id) in batch.iter().zip(ids) {
        let pair = pair(told);
        if known.get(id).is_some_and(Alarm::is_open) {
            open.insert(pair, *id);
        } else if !open.contains_key(&pair)
            && let Some(alarm) = store::alarms::open_of(tx, pair.0, pair.1).await?
        {
            open.insert(pair, alarm.id);
            known.insert(alarm.id, alarm);
        }
    }
    Ok(open)
}

async fn save(
    tx: &Tx,
    alarms: &HashMap<AlarmId, Alarm>,
    before: &HashMap<AlarmId, i64>,
) -> Result<(), AlertingError> {
    let new: Vec<Alarm> = alarms
        .values()
        .filter(|alarm| !before.contains_key(&alarm.id))
        .cloned()
        .collect();
    store::alarms::insert(tx, &new).await?;
    for (id, version) in before {
        let Some(alarm) = alarms.get(id).filter(|alarm| alarm.version != *version) else {
            continue;
        };
        if !store::alarms::update(tx, alarm, *version).await? {
            // Somebody changed it in between: the whole batch is tried again.
            return Err(AlertingError::VersionConflict {
                expected: *version,
                current: 0,
            });
        }
    }
    Ok(())
}
