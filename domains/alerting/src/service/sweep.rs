//! What time alone changes for alarms: shelves and windows that are over, storms that have been quiet, words that have
//! lapsed, and alarms that nobody has taken note of.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::json;
use yiwang_kernel::{Timestamp, micros};
use yiwang_rules::Severity;

use super::sheet::Sheet;
use super::{AlertingService, RulesInForce, groups, quiet};
use crate::alarm::{Alarm, AlarmId, AlarmKind, SuppressedBy};
use crate::error::AlertingError;
use crate::policy::{AttentionStep, steps_due};
use crate::store;

impl AlertingService {
    /// One round; answers how many alarms were touched.
    pub(crate) async fn sweep(&self, now: Timestamp) -> Result<usize, AlertingError> {
        let unshelved = store::alarms::shelf_over(self.db.read(), now).await?;
        let released = self.released(now).await?;
        let quiet = self.quiet_storms(now).await?;
        let agreed = store::alarms::open_of_kind(self.db.read(), AlarmKind::Agreement).await?;
        let touched = unshelved.len() + released.len() + quiet.len();
        if touched + agreed.len() == 0 {
            return Ok(0);
        }
        let place = self.surroundings();
        let ids =
            |alarms: &[Alarm]| -> Vec<AlarmId> { alarms.iter().map(|each| each.id).collect() };
        let (unshelved, released, quiet) = (ids(&unshelved), ids(&released), ids(&quiet));
        let ballots: Vec<(String, String)> = agreed
            .into_iter()
            .filter_map(|alarm| Some((alarm.rule, alarm.device_group?)))
            .collect();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let mut sheet = Sheet::open(tx, place, now);
                    for part in [&unshelved, &released, &quiet] {
                        sheet.load(part).await?;
                    }
                    for id in unshelved {
                        unshelve(&mut sheet, id);
                    }
                    for id in released {
                        quiet::release(&mut sheet, id);
                    }
                    for id in quiet {
                        close(&mut sheet, id);
                    }
                    for (rule, group) in ballots {
                        groups::count(&mut sheet, &rule, &group).await?;
                    }
                    sheet.close().await
                })
            })
            .await?;
        Ok(touched)
    }

    /// Open alarms that a window or their device's state kept quiet, and that it does no longer.
    async fn released(&self, now: Timestamp) -> Result<Vec<Alarm>, AlertingError> {
        let suppressed = store::alarms::suppressed(self.db.read()).await?;
        if suppressed.is_empty() {
            return Ok(Vec::new());
        }
        let windows = store::windows::within(self.db.read(), now, now).await?;
        let is_kept = |alarm: &Alarm| match alarm.suppressed_by {
            Some(SuppressedBy::Maintenance) => windows
                .iter()
                .any(|window| window.holds_at(now) && alarm.suppressed_ref == Some(window.id.0)),
            Some(SuppressedBy::Device) => {
                let device = self.asks.devices.device(&alarm.device);
                device.is_some_and(|device| !device.is_active)
            }
            _ => true,
        };
        Ok(suppressed
            .into_iter()
            .filter(|alarm| !is_kept(alarm))
            .collect())
    }

    /// Storms without open members that have been quiet for as long as their rule says.
    async fn quiet_storms(&self, now: Timestamp) -> Result<Vec<Alarm>, AlertingError> {
        let storms = store::alarms::open_of_kind(self.db.read(), AlarmKind::Storm).await?;
        let rules = self.rules_now();
        let is_over = |storm: &Alarm| {
            let grouping = rules
                .get(&storm.rule)
                .and_then(|entry| entry.grouping.as_ref());
            let quiet = grouping.map_or(0, |grouping| grouping.quiet.as_micros());
            storm.members_open == 0 && micros(storm.stirred_at).saturating_add(quiet) <= micros(now)
        };
        Ok(storms.into_iter().filter(is_over).collect())
    }

    /// Tells the next people of alarms that nobody has taken note of; answers how often.
    pub(crate) async fn call_attention(&self, now: Timestamp) -> Result<usize, AlertingError> {
        let waiting = store::alarms::unattended(self.db.read()).await?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let policy = store::escalations::all(self.db.read()).await?;
        let rules = self.rules_now();
        let mut calls = Vec::new();
        for alarm in waiting.iter().filter(|alarm| alarm.calls(now)) {
            let steps = steps_of(alarm, &rules, &policy);
            let due = steps_due(
                steps,
                alarm.unattended,
                micros(alarm.decided_at),
                micros(now),
            );
            calls.extend(due.map(|(level, step)| (alarm.id, level, step.clone())));
        }
        if calls.is_empty() {
            return Ok(0);
        }
        let (place, number) = (self.surroundings(), calls.len());
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let mut sheet = Sheet::open(tx, place, now);
                    let ids: Vec<AlarmId> = calls.iter().map(|(id, ..)| *id).collect();
                    sheet.load(&ids).await?;
                    for (id, level, step) in calls {
                        call(&mut sheet, id, level, &step);
                    }
                    sheet.close().await
                })
            })
            .await?;
        Ok(number)
    }
}

/// What is to be done for an alarm when nobody takes note: what its rule says, or else what the city says.
fn steps_of<'a>(
    alarm: &Alarm,
    rules: &'a Arc<RulesInForce>,
    policy: &'a HashMap<Severity, Vec<AttentionStep>>,
) -> &'a [AttentionStep] {
    let own = rules
        .get(&alarm.rule)
        .and_then(|entry| entry.unattended.as_deref());
    own.or_else(|| policy.get(&alarm.severity).map(Vec::as_slice))
        .unwrap_or_default()
}

fn call(sheet: &mut Sheet<'_>, id: AlarmId, level: i64, step: &AttentionStep) {
    let is_waiting = |alarm: &Alarm| {
        alarm.is_open() && alarm.acknowledged_at.is_none() && alarm.unattended < level
    };
    if sheet.get(id).is_some_and(is_waiting) {
        let detail = json!({ "level": level, "to": step.to, "after": step.after });
        sheet.change(id, "unattended", detail.clone(), |alarm| {
            alarm.unattended = level;
        });
        sheet.tell_with(id, "unattended", detail);
    }
}

fn unshelve(sheet: &mut Sheet<'_>, id: AlarmId) {
    let now = sheet.now;
    let is_over = |alarm: &Alarm| alarm.shelved_until.is_some_and(|until| until <= now);
    if sheet.get(id).is_some_and(is_over) {
        sheet.change(id, "unshelved", json!({ "by": "time" }), |alarm| {
            (alarm.shelved_until, alarm.shelved_by) = (None, None);
        });
    }
}

fn close(sheet: &mut Sheet<'_>, id: AlarmId) {
    let now = sheet.now;
    let members = sheet.get(id).map(|storm| storm.members);
    if sheet.get(id).is_some_and(|storm| storm.members_open == 0) {
        let detail = json!({ "by": "quiet", "members": members });
        sheet.end(id, now, "quiet", detail);
    }
}
