//! What happened while nobody judged: at the start, after rules for new kinds of devices, and when the judge was too
//! slow.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures::StreamExt as _;
use serde_json::json;
use yiwang_contracts::Span;
use yiwang_kernel::{Timestamp, from_micros, micros};

use super::AlertingService;
use super::sheet::Sheet;
use crate::alarm::AlarmId;
use crate::entry::RuleEntry;
use crate::error::AlertingError;
use crate::judge::{Bench, Reach, Remembered, Sitting, Standing, by_profile};
use crate::store;
use crate::store::rules::{RuleRow, in_force};

const HOUR_US: i64 = 3_600 * 1_000_000;
/// The history is looked at so far back at most.
const BACK_US_MAX: i64 = 26 * HOUR_US;
/// The same for kinds of devices whose rules look farther back.
const FAR_US_MAX: i64 = 22 * 24 * HOUR_US;
/// Readings come later than they were observed: the mark stays so far behind.
const MARGIN_US: i64 = HOUR_US;
/// Rounds until what comes meanwhile is judged as it comes.
const ROUNDS_MAX: usize = 20;

/// From when on the past is judged.
#[derive(Debug, Clone, Copy)]
struct Back {
    near: i64,
    far: i64,
}

impl AlertingService {
    /// Sets the rules in force and judges the past by them.
    pub(crate) async fn sit(&self, now: Timestamp) -> Result<(), AlertingError> {
        let _alone = self.catching_up.lock().await;
        self.judge.is_warm.store(false, Ordering::Release);
        self.judge.take_missed();
        // What was said before must stand before the states begin anew.
        self.attend(self.judge.tick(now)).await?;
        self.deliver().await?;
        let entries = self.set_in_force(now).await?;
        let back = self.look_from(&entries, now).await?;
        let known = store::alarms::standing_since(self.db.read(), back.near).await?;
        let sitting = Sitting {
            entries,
            from: back.near,
            from_far: back.far,
            remembered: known.iter().map(Remembered::from).collect(),
        };
        self.attend(self.judge.sit(sitting)).await?;
        self.judge_past(back, now).await?;
        self.square(now).await
    }

    /// Judges by the rules that are in force now; what has not changed stands where it stood.
    pub(crate) async fn adopt(&self, now: Timestamp) -> Result<(), AlertingError> {
        let is_carried = {
            let _alone = self.catching_up.lock().await;
            let entries = self.set_in_force(now).await?;
            self.attend(self.judge.adopt(entries, now)).await?
        };
        if !is_carried {
            return self.sit(now).await;
        }
        self.deliver().await?;
        Ok(())
    }

    /// Looks up which version of each rule is in force, and when that changes next.
    async fn set_in_force(&self, now: Timestamp) -> Result<Vec<RuleEntry>, AlertingError> {
        let mark = store::rules::mark(self.db.read()).await?;
        let standing = store::rules::standing(self.db.read()).await?;
        *self
            .rules_mark
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Some(mark);
        let later = standing.iter().map(|row: &RuleRow| row.valid_from);
        let next = later.filter(|from| *from > now).min();
        let entries: Vec<RuleEntry> = in_force(&standing, now)
            .into_iter()
            .map(|row| row.entry.clone())
            .collect();
        let shared = entries.iter().map(|entry| {
            let shared = Arc::new(entry.clone());
            (shared.rule.id.clone(), shared)
        });
        let shared: HashMap<String, Arc<RuleEntry>> = shared.collect();
        *self
            .in_force
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(shared);
        let next = next.map_or(i64::MAX, micros);
        self.rules_change_at.store(next, Ordering::Release);
        Ok(entries)
    }

    /// Another node or program published or took back rules.
    async fn are_rules_others(&self) -> Result<bool, AlertingError> {
        let mark = store::rules::mark(self.db.read()).await?;
        let known = self.rules_mark.lock();
        let known = known.unwrap_or_else(std::sync::PoisonError::into_inner);
        Ok(known.is_some_and(|known| known != mark))
    }

    /// Lets time pass: what became due, what was missed, what was said.
    pub(crate) async fn pass(&self, now: Timestamp) -> Result<usize, AlertingError> {
        let is_due = self.rules_change_at.load(Ordering::Acquire) <= micros(now);
        if is_due || self.are_rules_others().await? {
            self.adopt(now).await?;
        }
        let caught_up = self.catch_up(now).await?;
        self.attend(self.judge.tick(now)).await?;
        Ok(self.deliver().await? + usize::from(caught_up))
    }

    /// Judges what the judge could not take, if there is any.
    pub(crate) async fn catch_up(&self, now: Timestamp) -> Result<bool, AlertingError> {
        if !self.judge.is_behind.load(Ordering::Acquire) {
            return Ok(false);
        }
        let _alone = self.catching_up.lock().await;
        // What comes meanwhile is judged in its order, after what was passed over.
        self.judge.is_warm.store(false, Ordering::Release);
        let near = self.judge.take_missed().unwrap_or_else(|| micros(now));
        let near = near.max(micros(now) - BACK_US_MAX);
        self.judge_past(Back { near, far: near }, now).await?;
        Ok(true)
    }

    /// Far enough back to know every open alarm again, and to fill the windows of the rules.
    async fn look_from(
        &self,
        entries: &[RuleEntry],
        now: Timestamp,
    ) -> Result<Back, AlertingError> {
        let at = micros(now);
        let mark = store::judged_until(self.db.read()).await?.unwrap_or(at);
        let open = store::alarms::open(self.db.read()).await?;
        let began = open
            .iter()
            .filter(|alarm| !alarm.kind.is_group())
            .map(|alarm| micros(alarm.began_at))
            .min();
        let from = mark.min(began.unwrap_or(mark)) - MARGIN_US;
        let (mut near, mut far) = (0, 0);
        for (profile, own) in by_profile(entries) {
            let Some(bench) = Bench::of(profile, &own, self.asks.devices.as_ref()) else {
                continue;
            };
            let horizon = bench.rules.horizon().as_micros();
            match bench.reach {
                Reach::Near => near = near.max(horizon),
                Reach::Far => far = far.max(horizon),
            }
        }
        Ok(Back {
            near: from.saturating_sub(near).max(at - BACK_US_MAX),
            far: from.saturating_sub(far).max(at - FAR_US_MAX),
        })
    }

    async fn judge_past(&self, back: Back, now: Timestamp) -> Result<(), AlertingError> {
        let judged = self.judge_from(back, now).await;
        if judged.is_err() {
            // What was not judged to the end is judged again, and not passed over.
            self.judge.has_missed(back.near);
        }
        judged
    }

    async fn judge_from(&self, mut back: Back, now: Timestamp) -> Result<(), AlertingError> {
        for _ in 0..ROUNDS_MAX {
            self.hand_in(back.far, Reach::Far, now).await?;
            self.hand_in(back.near, Reach::Near, now).await?;
            self.attend(self.judge.tick(now)).await?;
            self.attend(self.judge.warm()).await?;
            self.judge.is_warm.store(true, Ordering::Release);
            // What came meanwhile is in the history by now.
            let Some(missed) = self.judge.take_missed() else {
                break;
            };
            (back.near, back.far) = (missed, missed);
            self.judge.is_warm.store(false, Ordering::Release);
        }
        self.judge.is_warm.store(true, Ordering::Release);
        self.attend(self.judge.tick(now)).await?;
        self.deliver().await?;
        Ok(())
    }

    /// Hands the judge what devices of one reach observed.
    async fn hand_in(&self, from: i64, reach: Reach, now: Timestamp) -> Result<(), AlertingError> {
        let to = micros(now).saturating_add(MARGIN_US);
        let devices = match reach {
            Reach::Near => Vec::new(),
            Reach::Far => self.far_devices(),
        };
        if devices.is_empty() && reach == Reach::Far {
            return Ok(());
        }
        let mut pieces = self.asks.history.replay(&devices, Span { from, to });
        while let Some(piece) = pieces.next().await {
            self.attend(self.judge.past(piece?, reach)).await?;
        }
        Ok(())
    }

    /// The devices whose rules look far back.
    fn far_devices(&self) -> Vec<Box<str>> {
        let entries: Vec<RuleEntry> = self
            .rules_now()
            .values()
            .map(|each| (**each).clone())
            .collect();
        let mut codes = Vec::new();
        for (profile, own) in by_profile(&entries) {
            let bench = Bench::of(profile, &own, self.asks.devices.as_ref());
            if bench.is_some_and(|bench| bench.reach == Reach::Far) {
                let devices = self.asks.devices.of_profile(profile);
                codes.extend(devices.iter().map(|device| Box::from(&*device.code)));
            }
        }
        codes
    }

    /// After the past: ends alarms that nobody will end any more (their rule or device is gone, or they are older
    /// than what is looked at), and lets those go on that had been ended too early.
    async fn square(&self, now: Timestamp) -> Result<(), AlertingError> {
        let standing = self.attend(self.judge.open()).await?;
        let open = store::alarms::open(self.db.read()).await?;
        let forgotten: Vec<AlarmId> = open
            .iter()
            .filter(|alarm| !alarm.kind.is_group() && !standing.contains_key(&alarm.id))
            .map(|alarm| alarm.id)
            .collect();
        let is_open = |id: &AlarmId| open.iter().any(|alarm| alarm.id == *id);
        let resumed: Vec<(AlarmId, Standing)> = standing
            .into_iter()
            .filter(|(id, _)| !is_open(id))
            .collect();
        if forgotten.is_empty() && resumed.is_empty() {
            return Ok(());
        }
        let place = self.surroundings();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let mut sheet = Sheet::open(tx, place, now);
                    sheet.load(&forgotten).await?;
                    let again: Vec<AlarmId> = resumed.iter().map(|(id, _)| *id).collect();
                    sheet.load(&again).await?;
                    for id in forgotten {
                        sheet.end(id, now, "rule", json!({ "by": "rule" }));
                    }
                    for (id, standing) in resumed {
                        sheet.resume(id, from_micros(standing.opened), standing.severity);
                    }
                    sheet.close().await
                })
            })
            .await
    }

    /// Notes until when everything has been judged.
    pub(crate) async fn note_judged(&self, now: Timestamp) -> Result<(), AlertingError> {
        if self.judge.is_behind.load(Ordering::Acquire) {
            return Ok(());
        }
        let at = micros(now) - MARGIN_US;
        self.judged_until.store(at, Ordering::Release);
        self.db
            .write(move |tx| {
                Box::pin(async move { Ok::<_, AlertingError>(store::note_judged(tx, at).await?) })
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use crate::testing::{flood, watches};

    #[tokio::test]
    async fn what_could_not_be_judged_to_the_end_is_judged_again() {
        for watch in watches().await {
            watch.gauge("P1", 2, "320281001003");
            watch.install(vec![flood()], Vec::new()).await;
            watch.settle().await;
            // As while the judge is behind: what comes has to be taken from the history.
            watch.service.judge.is_warm.store(false, Ordering::Release);
            watch.memory.is_broken.store(true, Ordering::Release);
            watch.read_at("P1", "level", 0, 4.0);
            assert!(watch.service.pass(watch.now()).await.is_err());
            assert!(watch.alarms().await.is_empty());
            watch.memory.is_broken.store(false, Ordering::Release);
            watch.settle().await;
            assert!(watch.only().await.is_open);
        }
    }
}
