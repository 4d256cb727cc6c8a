//! What happened while nobody judged: at the start, after other rules, and when the judge was too slow.

use std::sync::atomic::Ordering;

use futures::StreamExt as _;
use yiwang_contracts::Span;
use yiwang_kernel::{Timestamp, from_micros, micros};

use super::AlertingService;
use crate::error::AlertingError;
use crate::store;

/// The history is looked at so far back at most.
const BACK_US_MAX: i64 = 26 * 3_600 * 1_000_000;
/// Readings come later than they were observed: the mark stays so far behind.
const MARGIN_US: i64 = 3_600 * 1_000_000;
/// Rounds until what comes meanwhile is judged as it comes.
const ROUNDS_MAX: usize = 20;

impl AlertingService {
    /// Sets the rules in force and judges the past by them.
    pub(crate) async fn sit(&self, now: Timestamp) -> Result<(), AlertingError> {
        let _alone = self.catching_up.lock().await;
        self.judge.is_warm.store(false, Ordering::Release);
        let rows = store::rules::current(self.db.read()).await?;
        let entries = rows.into_iter().map(|row| row.entry).collect();
        let from = self.look_from(now).await?;
        self.judge.rules(entries, from_micros(from)).await;
        self.judge_past(from, now).await?;
        self.end_the_forgotten(now).await
    }

    /// Lets time pass: what became due, what was missed, what was said.
    pub(crate) async fn pass(&self, now: Timestamp) -> Result<usize, AlertingError> {
        let caught_up = self.catch_up(now).await?;
        self.judge.tick(now).await;
        Ok(self.deliver().await? + usize::from(caught_up))
    }

    /// Judges what the judge could not take, if there is any.
    pub(crate) async fn catch_up(&self, now: Timestamp) -> Result<bool, AlertingError> {
        if !self.judge.is_behind.load(Ordering::Acquire) {
            return Ok(false);
        }
        let _alone = self.catching_up.lock().await;
        let mark = self.judged_until.load(Ordering::Acquire);
        let from = mark.max(micros(now) - BACK_US_MAX);
        self.judge_past(from, now).await?;
        Ok(true)
    }

    /// Far enough back to know every open alarm again.
    async fn look_from(&self, now: Timestamp) -> Result<i64, AlertingError> {
        let mark = store::judged_until(self.db.read())
            .await?
            .unwrap_or(micros(now));
        let open = store::alarms::open(self.db.read()).await?;
        let began = open.iter().map(|alarm| micros(alarm.began_at)).min();
        let from = mark.min(began.unwrap_or(mark)) - MARGIN_US;
        Ok(from.max(micros(now) - BACK_US_MAX))
    }

    async fn judge_past(&self, from: i64, now: Timestamp) -> Result<(), AlertingError> {
        for _ in 0..ROUNDS_MAX {
            self.judge.is_behind.store(false, Ordering::Release);
            let span = Span {
                from,
                to: micros(now).saturating_add(MARGIN_US),
            };
            let mut pieces = self.asks.history.replay(&[], span);
            while let Some(piece) = pieces.next().await {
                self.judge.past(piece?).await;
            }
            drop(pieces);
            self.judge.is_warm.store(true, Ordering::Release);
            if !self.judge.is_behind.load(Ordering::Acquire) {
                break;
            }
        }
        self.judge.tick(now).await;
        self.deliver().await?;
        Ok(())
    }

    /// Alarms that nobody will end any more: their rule or device is gone, or they are older than what is looked at.
    async fn end_the_forgotten(&self, now: Timestamp) -> Result<(), AlertingError> {
        let standing = self.judge.open().await;
        let open = store::alarms::open(self.db.read()).await?;
        let forgotten = open
            .into_iter()
            .filter(|alarm| !standing.contains(&(alarm.rule.clone(), alarm.device.clone())));
        for alarm in forgotten {
            self.end(alarm, "rule", now).await?;
        }
        Ok(())
    }

    /// Notes until when everything has been judged.
    pub(crate) async fn note_judged(&self, now: Timestamp) -> Result<(), AlertingError> {
        let at = micros(now) - MARGIN_US;
        self.judged_until.store(at, Ordering::Release);
        self.db
            .write(move |tx| {
                Box::pin(async move { Ok::<_, AlertingError>(store::note_judged(tx, at).await?) })
            })
            .await
    }
}
