//! Alarms that are one together: storms of many devices, and devices of a group that agree. Everything is found from
//! what the store holds and judged by the same code that groups alarms in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::json;
use yiwang_kernel::{Timestamp, Uuid, from_micros, micros};
use yiwang_rules::{
    Agreement, Agreements, GroupChange, GroupTransition, Severity, StandingStorm, StandingVote,
    StormChange, Storms,
};

use super::quiet::earlier;
use super::sheet::Sheet;
use crate::alarm::{Alarm, AlarmId, AlarmKind};
use crate::entry::RuleEntry;
use crate::error::AlertingError;
use crate::store;
use crate::store::alarms::MatterKey;

/// What has just been raised or has ended meets its group.
pub(super) async fn settle(sheet: &mut Sheet<'_>) -> Result<(), AlertingError> {
    let touched: Vec<AlarmId> = sheet.raised.iter().chain(&sheet.ended).copied().collect();
    let mut ballots: BTreeSet<(String, String)> = BTreeSet::new();
    let mut matters: BTreeMap<MatterKey, Vec<AlarmId>> = BTreeMap::new();
    let mut left: BTreeMap<AlarmId, i64> = BTreeMap::new();
    for id in &touched {
        let Some(alarm) = sheet.get(*id) else {
            continue;
        };
        match (alarm.kind, &alarm.device_group) {
            (AlarmKind::Vote, Some(group)) => {
                ballots.insert((alarm.rule.clone(), group.clone()));
            }
            (AlarmKind::Single, _) if alarm.group_id.is_some() && !alarm.is_open() => {
                if let Some(group) = alarm.group_id {
                    *left.entry(group).or_default() += 1;
                }
            }
            (AlarmKind::Single, _) if alarm.is_open() && alarm.suppressed_by.is_none() => {
                if let Some(key) = MatterKey::of(alarm) {
                    matters.entry(key).or_default().push(*id);
                }
            }
            _ => {}
        }
    }
    for (group, number) in left {
        members_left(sheet, group, number).await?;
    }
    for (key, raised) in matters {
        gather(sheet, &key, &raised).await?;
    }
    for (rule, group) in ballots {
        count(sheet, &rule, &group).await?;
    }
    Ok(())
}

async fn members_left(
    sheet: &mut Sheet<'_>,
    group: AlarmId,
    number: i64,
) -> Result<(), AlertingError> {
    sheet.load(&[group]).await?;
    let now = sheet.now;
    sheet.count(group, |storm| {
        storm.members_open = (storm.members_open - number).max(0);
        storm.stirred_at = storm.stirred_at.max(now);
    });
    sheet.tell(group, "members_changed");
    Ok(())
}

/// New alarms of one matter: they join its storm, or with others make one.
async fn gather(
    sheet: &mut Sheet<'_>,
    key: &MatterKey,
    raised: &[AlarmId],
) -> Result<(), AlertingError> {
    let rule = raised
        .iter()
        .find_map(|id| Some(sheet.get(*id)?.rule.clone()));
    let entry = rule.and_then(|rule| sheet.place.rules.get(&rule).cloned());
    let Some((entry, grouping)) = entry
        .as_ref()
        .and_then(|entry| Some((entry, entry.grouping.as_ref()?)))
    else {
        return Ok(());
    };
    let stored = store::alarms::of_matter(sheet.tx, key, AlarmKind::Storm).await?;
    let mut storm = stored.into_iter().next().map(|storm| sheet.take(storm).id);
    let mut storms = Storms::new(grouping.limits());
    let (kept, alone) = match storm {
        Some(id) => (Some(kept(sheet, id).await?), Vec::new()),
        None => (None, lone(sheet, key, raised).await?),
    };
    let open = alone.into_iter().chain(members_of(kept.as_ref()));
    let number = storms.restore((), (), open, kept);
    let mut changes = Vec::new();
    for id in raised {
        let Some(alarm) = sheet.get(*id) else {
            continue;
        };
        // A member that goes on is with its storm already.
        if alarm.group_id.is_none() || number.is_some() {
            storms.raised((), (), *id, micros(alarm.opened_at), &mut changes);
        }
    }
    for change in changes {
        match change {
            StormChange::Opened { members, .. } => {
                storm = open_storm(sheet, entry, &members).await?;
            }
            StormChange::Joined { member, .. } => join(sheet, storm, member),
            StormChange::Escalated { to, .. } => worsen(sheet, storm, to),
            StormChange::Left { .. } | StormChange::Closed { .. } => {}
        }
    }
    Ok(())
}

fn members_of(kept: Option<&StandingStorm<AlarmId>>) -> Vec<(AlarmId, i64)> {
    let members = kept.into_iter().flat_map(|kept| &kept.members);
    members.map(|id| (*id, 0)).collect()
}

/// A storm as the store has it.
async fn kept(sheet: &Sheet<'_>, storm: AlarmId) -> Result<StandingStorm<AlarmId>, AlertingError> {
    let members = store::alarms::open_members(sheet.tx, storm).await?;
    let alarm = sheet.get(storm);
    Ok(StandingStorm {
        members: members.into_iter().map(|(id, _)| id).collect(),
        joined: alarm.map_or(0, |alarm| usize::try_from(alarm.members).unwrap_or(0)),
        severity: alarm.map(|alarm| alarm.severity),
        stirred: alarm.map_or(0, |alarm| micros(alarm.stirred_at)),
    })
}

/// Open alarms of a matter that are in no storm, but for those just raised.
async fn lone(
    sheet: &mut Sheet<'_>,
    key: &MatterKey,
    raised: &[AlarmId],
) -> Result<Vec<(AlarmId, i64)>, AlertingError> {
    let stored = store::alarms::of_matter(sheet.tx, key, AlarmKind::Single).await?;
    let mut alone = Vec::new();
    for alarm in stored {
        let alarm = sheet.take(alarm);
        if alarm.is_open() && !raised.contains(&alarm.id) {
            alone.push((alarm.id, micros(alarm.opened_at)));
        }
    }
    Ok(alone)
}

/// These are one from now on.
async fn open_storm(
    sheet: &mut Sheet<'_>,
    entry: &Arc<RuleEntry>,
    members: &[AlarmId],
) -> Result<Option<AlarmId>, AlertingError> {
    let alarms: Vec<Alarm> = members
        .iter()
        .filter_map(|id| sheet.get(*id).cloned())
        .collect();
    let Some(first) = alarms
        .iter()
        .min_by_key(|alarm| (alarm.opened_at, alarm.id))
    else {
        return Ok(None);
    };
    let matter = first.matter.clone().unwrap_or_default();
    let place = first.matter_area.clone();
    let name = place
        .as_ref()
        .and_then(|code| sheet.place.catalog.area(code));
    let key = format!(
        "{}/{}/{}",
        place.as_ref().map_or("", |code| code.as_str()),
        first.org_id.map_or_else(String::new, |org| org.to_string()),
        first.secrecy,
    );
    let title = entry
        .grouping
        .as_ref()
        .and_then(|grouping| grouping.name.clone());
    let id = AlarmId::of(&format!("storm:{matter}"), &key, micros(first.opened_at));
    let area = place.as_ref().map_or("", |code| code.as_str()).to_owned();
    let mut storm = group_alarm(id, AlarmKind::Storm, first, sheet.now);
    storm.device_name = name.map_or_else(|| area.clone(), |area| area.name);
    storm.device = area;
    storm.rule_name = title.map_or_else(|| first.rule_name.clone(), |title| title.zh);
    storm.area = place.clone();
    storm.place = Some(storm.device_name.clone());
    storm.explanation = json!({
        "rule": entry.rule.id,
        "version": entry.rule.version,
        "grouping": entry.grouping,
        "at": storm.opened_at,
    });
    sheet.load(&[id]).await?;
    if sheet.get(id).is_some() {
        sheet.resume(id, storm.opened_at, storm.severity);
    } else {
        sheet.add(storm);
    }
    for member in members {
        join(sheet, Some(id), *member);
    }
    adopt_case(sheet, id, members);
    Ok(Some(id))
}

/// An alarm of a group, from the first of its members.
fn group_alarm(id: AlarmId, kind: AlarmKind, first: &Alarm, now: Timestamp) -> Alarm {
    Alarm {
        id,
        kind,
        device_id: Uuid::nil(),
        decided_at: now,
        is_late: false,
        acknowledged_at: None,
        acknowledged_by: None,
        shelved_until: None,
        shelved_by: None,
        verdict: None,
        incident_id: None,
        incident_number: None,
        incident_open: false,
        group_id: None,
        members: 0,
        members_open: 0,
        stirred_at: now,
        is_chattering: false,
        suppressed_by: None,
        suppressed_ref: None,
        unattended: 0,
        version: 1,
        ..first.clone()
    }
}

/// What a member's people did before counts for the storm: its case is the storm's.
fn adopt_case(sheet: &mut Sheet<'_>, storm: AlarmId, members: &[AlarmId]) {
    let case = members.iter().find_map(|id| {
        let alarm = sheet.get(*id).filter(|alarm| alarm.incident_open)?;
        alarm.incident_id.zip(alarm.incident_number.clone())
    });
    if let Some((id, number)) = case {
        sheet.change(storm, "case_opened", json!({ "number": number }), |alarm| {
            (alarm.incident_id, alarm.incident_number) = (Some(id), Some(number));
            alarm.incident_open = true;
        });
    }
}

fn join(sheet: &mut Sheet<'_>, storm: Option<AlarmId>, member: AlarmId) {
    let Some(storm) = storm else { return };
    let Some(alarm) = sheet.get(member) else {
        return;
    };
    let (is_known, severity, shelved) = (
        alarm.group_id == Some(storm),
        alarm.severity,
        alarm.shelved_until.zip(alarm.shelved_by.clone()),
    );
    if !is_known {
        sheet.change(member, "grouped", json!({ "alarm": storm }), |alarm| {
            alarm.group_id = Some(storm);
        });
    }
    let now = sheet.now;
    let is_first = sheet.get(storm).is_some_and(|storm| storm.members == 0);
    sheet.count(storm, |storm| {
        storm.members += i64::from(!is_known);
        storm.members_open += 1;
        storm.stirred_at = storm.stirred_at.max(now);
        // A shelf of the rule or area is one of the storm too.
        if let Some((until, by)) = shelved.filter(|_| is_first) {
            (storm.shelved_until, storm.shelved_by) = (Some(until), Some(by));
        }
    });
    sheet.tell(storm, "members_changed");
    worsen(sheet, Some(storm), severity);
}

fn worsen(sheet: &mut Sheet<'_>, storm: Option<AlarmId>, to: Severity) {
    let Some(storm) = storm else { return };
    let from = sheet.get(storm).map(|alarm| alarm.severity);
    if from.is_some_and(|from| from < to) {
        let detail = json!({ "from": from, "to": to });
        sheet.change(storm, "escalated", detail, |alarm| alarm.stand_at(to));
    }
}

/// Counts the words of one group under a rule that needs agreement.
pub(super) async fn count(
    sheet: &mut Sheet<'_>,
    rule: &str,
    group: &str,
) -> Result<(), AlertingError> {
    let entry = sheet.place.rules.get(rule).cloned();
    let stored = store::alarms::agreement(sheet.tx, rule, group).await?;
    let open = stored.map(|alarm| sheet.take(alarm).id);
    let Some((entry, agreement)) = entry.and_then(|entry| {
        let agreement = entry.rule.agreement?;
        Some((entry, agreement))
    }) else {
        if let Some(id) = open {
            sheet.end(id, sheet.now, "rule", json!({ "by": "rule" }));
        }
        return Ok(());
    };
    let votes = votes(sheet, rule, group, agreement).await?;
    let mut agreements = Agreements::new();
    let severity = open
        .and_then(|id| sheet.get(id))
        .map(|alarm| alarm.severity);
    let standing = votes.iter().map(|vote| (vote.id, standing(vote)));
    agreements.restore(
        (rule.into(), agreement),
        group.to_owned(),
        standing,
        severity,
    );
    let mut changes = Vec::new();
    agreements.settle(micros(sheet.now), &mut changes);
    let mut id = open;
    for change in &changes {
        id = agreed(sheet, &entry, id, &votes, change).await?;
    }
    if let Some(id) = id {
        recount(sheet, id, &votes);
    }
    Ok(())
}

fn standing(vote: &Alarm) -> StandingVote {
    StandingVote {
        severity: vote.severity,
        from: micros(vote.opened_at),
        ended: vote.ended_at.map(micros),
    }
}

/// The words that stand, as this transaction leaves them.
async fn votes(
    sheet: &mut Sheet<'_>,
    rule: &str,
    group: &str,
    agreement: Agreement,
) -> Result<Vec<Alarm>, AlertingError> {
    let after = earlier(sheet.now, agreement.within);
    for vote in store::alarms::votes(sheet.tx, rule, group, micros(after)).await? {
        sheet.take(vote);
    }
    // Each device has one word: the last.
    let mut last: BTreeMap<String, Alarm> = BTreeMap::new();
    for vote in sheet.all() {
        let is_meant = vote.kind == AlarmKind::Vote
            && vote.rule == rule
            && vote.device_group.as_deref() == Some(group)
            && vote.ended_by.as_deref() != Some(crate::alarm::RETRACTED);
        if !is_meant {
            continue;
        }
        let is_newer = |known: &Alarm| known.opened_at < vote.opened_at;
        if last.get(&vote.device).is_none_or(is_newer) {
            last.insert(vote.device.clone(), vote.clone());
        }
    }
    Ok(last.into_values().collect())
}

/// What has changed for a group.
async fn agreed(
    sheet: &mut Sheet<'_>,
    entry: &Arc<RuleEntry>,
    open: Option<AlarmId>,
    votes: &[Alarm],
    told: &GroupTransition<String, AlarmId>,
) -> Result<Option<AlarmId>, AlertingError> {
    match (told.change, open) {
        (GroupChange::Raised(severity), None) => {
            let first = votes.iter().min_by_key(|vote| (vote.opened_at, vote.id));
            let Some(first) = first else { return Ok(None) };
            let name = format!("agreement:{}", entry.rule.id);
            let id = AlarmId::of(&name, &told.group, told.at);
            sheet.load(&[id]).await?;
            if sheet.get(id).is_some() {
                sheet.resume(id, from_micros(told.at), severity);
                return Ok(Some(id));
            }
            let mut alarm = group_alarm(id, AlarmKind::Agreement, first, sheet.now);
            (alarm.device, alarm.device_name) = (told.group.clone(), told.group.clone());
            (alarm.severity, alarm.worst) = (severity, severity);
            alarm.opened_at = from_micros(told.at);
            alarm.judged_at = alarm.opened_at;
            alarm.secrecy = votes.iter().map(|vote| vote.secrecy).max().unwrap_or(4);
            sheet.add(alarm);
            Ok(Some(id))
        }
        (GroupChange::Escalated(to), Some(id)) => {
            worsen(sheet, Some(id), to);
            Ok(Some(id))
        }
        (GroupChange::Eased(to), Some(id)) => {
            sheet.change(id, "eased", json!({ "to": to }), |alarm| alarm.stand_at(to));
            Ok(Some(id))
        }
        (GroupChange::Cleared, Some(id)) => {
            sheet.end(
                id,
                from_micros(told.at),
                "condition",
                json!({ "by": "condition" }),
            );
            Ok(Some(id))
        }
        (_, open) => Ok(open),
    }
}

/// Whose words make the alarm, and how many.
fn recount(sheet: &mut Sheet<'_>, group: AlarmId, votes: &[Alarm]) {
    let mut is_changed = false;
    for vote in votes.iter().filter(|vote| vote.group_id != Some(group)) {
        is_changed = true;
        sheet.change(vote.id, "grouped", json!({ "alarm": group }), |alarm| {
            alarm.group_id = Some(group);
        });
    }
    let joined = votes
        .iter()
        .filter(|vote| vote.group_id != Some(group))
        .count();
    let open = votes.iter().filter(|vote| vote.is_open()).count();
    let open = i64::try_from(open).unwrap_or(i64::MAX);
    let is_stale = sheet
        .get(group)
        .is_some_and(|alarm| alarm.members_open != open);
    if is_changed || is_stale {
        sheet.count(group, |alarm| {
            alarm.members += i64::try_from(joined).unwrap_or(0);
            alarm.members_open = open;
        });
        sheet.tell(group, "members_changed");
    }
}
