//! What keeps alarms quiet: maintenance windows, shelves, other alarms that explain them; and the mark of those that
//! come and go.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::json;
use yiwang_kernel::{Timestamp, Uuid, from_micros, micros};
use yiwang_rules::{Chatter, Duration, Parents};

use super::sheet::Sheet;
use crate::alarm::{Alarm, AlarmId, AlarmKind, SuppressedBy};
use crate::error::AlertingError;
use crate::store;
use crate::window::{QuietWindow, WindowKind};

/// An alarm that comes so long after another still explains it.
const PARENT_AFTER: Duration = Duration::minutes(10);

/// What has just been raised or has ended meets what keeps it quiet.
pub(super) async fn settle(sheet: &mut Sheet<'_>) -> Result<(), AlertingError> {
    let raised = sheet.raised.clone();
    if !raised.is_empty() {
        meet_windows(sheet, &raised).await?;
        mark_chatter(sheet, &raised).await?;
    }
    let ended = sheet.ended.clone();
    let groups: BTreeSet<String> = raised
        .iter()
        .chain(&ended)
        .filter_map(|id| sheet.get(*id)?.device_group.clone())
        .collect();
    for group in groups {
        explain(sheet, &group).await?;
    }
    Ok(())
}

async fn meet_windows(sheet: &mut Sheet<'_>, raised: &[AlarmId]) -> Result<(), AlertingError> {
    let opened = raised
        .iter()
        .filter_map(|id| Some(sheet.get(*id)?.opened_at));
    let Some(first) = opened.min() else {
        return Ok(());
    };
    let windows = store::windows::within(sheet.tx, first.min(sheet.now), sheet.now).await?;
    for id in raised {
        for window in &windows {
            meet(sheet, *id, window);
        }
    }
    Ok(())
}

/// An alarm that was raised while a window held is marked, and the other way round for a shelf.
pub(super) fn meet(sheet: &mut Sheet<'_>, id: AlarmId, window: &QuietWindow) {
    let Some(alarm) = sheet.get(id).filter(|alarm| window.covers(alarm)) else {
        return;
    };
    let detail = json!({ "until": window.ends_at, "reason": window.reason, "window": window.id });
    match window.kind {
        WindowKind::Maintenance
            if window.holds_at(alarm.opened_at) && alarm.suppressed_by.is_none() =>
        {
            sheet.change(id, "suppressed", detail, |alarm| {
                alarm.suppressed_by = Some(SuppressedBy::Maintenance);
                alarm.suppressed_ref = Some(window.id.0);
            });
        }
        WindowKind::Shelf if window.holds_at(sheet.now) && !alarm.is_shelved(sheet.now) => {
            sheet.change(id, "shelved", detail, |alarm| {
                alarm.shelved_until = Some(window.until());
                alarm.shelved_by = Some(window.created_by.clone());
            });
        }
        _ => {}
    }
}

/// Marks what comes and goes, as its rule says.
async fn mark_chatter(sheet: &mut Sheet<'_>, raised: &[AlarmId]) -> Result<(), AlertingError> {
    let mark_of = |alarm: &Alarm| sheet.place.rules.get(&alarm.rule)?.chatter;
    let marked: Vec<&Alarm> = raised
        .iter()
        .filter_map(|id| sheet.get(*id))
        .filter(|alarm| mark_of(alarm).is_some())
        .collect();
    let reach = |alarm: &&Alarm| {
        let within = mark_of(alarm).map_or(0, |mark| mark.within.as_micros());
        micros(alarm.opened_at).saturating_sub(within)
    };
    let Some(since) = marked.iter().map(reach).min() else {
        return Ok(());
    };
    let devices: BTreeSet<&str> = marked.iter().map(|alarm| alarm.device.as_str()).collect();
    let devices: Vec<&str> = devices.into_iter().collect();
    let mut times: BTreeMap<(String, String), BTreeMap<AlarmId, i64>> = BTreeMap::new();
    for (rule, device, id, at) in store::alarms::raises(sheet.tx, &devices, since).await? {
        times.entry((rule, device)).or_default().insert(id, at);
    }
    let mut chattering = Vec::new();
    for alarm in marked {
        let Some(mark) = mark_of(alarm) else { continue };
        let own = times
            .entry((alarm.rule.clone(), alarm.device.clone()))
            .or_default();
        own.insert(alarm.id, micros(alarm.opened_at));
        let mut chatter = Chatter::new(mark.limit());
        let mut instants: Vec<i64> = own.values().copied().collect();
        instants.sort_unstable();
        for at in instants {
            chatter.raised((), at);
        }
        if chatter.is_chattering(&()) && !alarm.is_chattering {
            chattering.push(alarm.id);
        }
    }
    for id in chattering {
        sheet.change(id, "chattering", json!({}), |alarm| {
            alarm.is_chattering = true;
        });
    }
    Ok(())
}

/// Which alarms of a group of devices another one explains, found anew from those that are open.
async fn explain(sheet: &mut Sheet<'_>, group: &str) -> Result<(), AlertingError> {
    let rules = std::sync::Arc::clone(&sheet.place.rules);
    let mut concerned: BTreeSet<&str> = BTreeSet::new();
    for entry in rules
        .values()
        .filter(|entry| !entry.explained_by.is_empty())
    {
        concerned.insert(&entry.rule.id);
        concerned.extend(entry.explained_by.iter().map(String::as_str));
    }
    if concerned.is_empty() {
        return Ok(());
    }
    let concerned_list: Vec<&str> = concerned.iter().copied().collect();
    for alarm in store::alarms::beside(sheet.tx, group, &concerned_list).await? {
        sheet.take(alarm);
    }
    let is_beside = |alarm: &&Alarm| {
        alarm.is_open()
            && matches!(alarm.kind, AlarmKind::Single | AlarmKind::Agreement)
            && alarm.device_group.as_deref() == Some(group)
            && concerned.contains(alarm.rule.as_str())
    };
    let mut open: Vec<&Alarm> = sheet.all().filter(is_beside).collect();
    open.sort_by_key(|alarm| (alarm.opened_at, alarm.id));
    let mut parents = Parents::new(PARENT_AFTER);
    let mut changes = Vec::new();
    for alarm in &open {
        let explaining = rules
            .get(&alarm.rule)
            .map(|entry| entry.explained_by.as_slice());
        let explaining = explaining.unwrap_or_default();
        let above: Vec<AlarmId> = open
            .iter()
            .filter(|other| other.device != alarm.device && explaining.contains(&other.rule))
            .map(|other| other.id)
            .collect();
        parents.raised(alarm.id, &above, micros(alarm.opened_at), &mut changes);
    }
    let found: HashMap<AlarmId, Option<AlarmId>> = open
        .iter()
        .map(|alarm| (alarm.id, parents.explained_by(&alarm.id).copied()))
        .collect();
    for (id, parent) in found {
        follow(sheet, id, parent);
    }
    Ok(())
}

fn follow(sheet: &mut Sheet<'_>, id: AlarmId, parent: Option<AlarmId>) {
    let Some(alarm) = sheet.get(id) else { return };
    let is_explained = alarm.suppressed_by == Some(SuppressedBy::Parent);
    let known: Option<Uuid> = alarm.suppressed_ref.filter(|_| is_explained);
    match parent {
        Some(parent)
            if alarm.suppressed_by.is_none() || (is_explained && known != Some(parent.0)) =>
        {
            sheet.change(id, "suppressed", json!({ "alarm": parent }), |alarm| {
                alarm.suppressed_by = Some(SuppressedBy::Parent);
                alarm.suppressed_ref = Some(parent.0);
            });
        }
        None if is_explained => release(sheet, id),
        _ => {}
    }
}

/// Nothing keeps it quiet any more, and it is still open.
pub(super) fn release(sheet: &mut Sheet<'_>, id: AlarmId) {
    sheet.change(id, "released", json!({}), |alarm| {
        (alarm.suppressed_by, alarm.suppressed_ref) = (None, None);
    });
}

/// The last instant of a stretch of time before another.
pub(super) fn earlier(at: Timestamp, by: Duration) -> Timestamp {
    from_micros(micros(at).saturating_sub(by.as_micros()))
}
