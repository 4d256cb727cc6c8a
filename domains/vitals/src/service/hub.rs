//! What runs by itself: cases heard of, numbers computed, orders sent, old values forgotten.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use yiwang_contracts::{CaseFacts, Event, IncidentId};
use yiwang_kernel::{Timestamp, micros};
use yiwang_runtime::Reconciler;
use yiwang_store::{EventHandler, HandlerError, Tx};
use yiwang_vital_rules::Formula;

use super::VitalsService;
use super::history::note_past;
use crate::error::VitalsError;
use crate::facts::DAY;
use crate::store;

const COMPUTE_EVERY: Duration = Duration::from_secs(5);
/// A past that was sent is made complete so soon.
const PAST_EVERY: Duration = Duration::from_secs(10);
/// How often it is looked ahead.
const WARN_EVERY: Duration = Duration::from_mins(10);
const FORGET_EVERY: Duration = Duration::from_hours(1);
/// A node that computed so shortly ago need not follow another one's work.
const OWN_WORK: i64 = 15_000_000;
/// Cases of one read of the catch-up, and reads of one pass.
const CASES_READ: u32 = 500;
const READS_MAX: usize = 40;
/// Under this name stands how far the cases have been read.
pub(super) const CASES_MARK: &str = "cases_read";
pub(super) const ALL_READ: &str = "all";
/// Values that departments sent are kept as long as anything is computed from them.
const FEED_VALUES_KEPT: i64 = 400 * DAY;

/// Hears of cases.
pub(crate) struct IncidentEvents(pub(crate) Arc<VitalsService>);

impl EventHandler for IncidentEvents {
    fn handle<'a>(&'a self, events: &'a [Event]) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            let mut ids: Vec<IncidentId> = events
                .iter()
                .map(|event| IncidentId(event.subject_id))
                .collect();
            ids.sort_unstable();
            ids.dedup();
            let at = events.iter().map(|event| event.at).max();
            if let Some(at) = at {
                self.0.take_cases(&ids, at).await?;
            }
            Ok(())
        })
    }
}

/// Hears of alarms: that something happened is enough, they are counted by asking.
pub(crate) struct AlarmEvents(pub(crate) Arc<VitalsService>);

impl EventHandler for AlarmEvents {
    fn handle<'a>(&'a self, _: &'a [Event]) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            let counting = self.0.db.write(|tx| {
                Box::pin(async move {
                    store::count_on(tx, store::ALARMS).await?;
                    Ok::<_, VitalsError>(())
                })
            });
            Ok(counting.await?)
        })
    }
}

pub(crate) fn reconcilers(service: &Arc<VitalsService>) -> Vec<Reconciler> {
    let [
        reads,
        computes,
        follows,
        orders,
        forgets,
        completes,
        looks,
        tries,
        asks,
    ] = [(); 9].map(|()| Arc::clone(service));
    let mut all = vec![
        Reconciler::new("vitals.cases", COMPUTE_EVERY, move |now| {
            let service = Arc::clone(&reads);
            async move { Ok(service.read_cases(now).await?) }
        }),
        Reconciler::new("vitals.compute", COMPUTE_EVERY, move |now| {
            let service = Arc::clone(&computes);
            async move {
                service.pass(true, now).await?;
                Ok(0)
            }
        }),
        Reconciler::new("vitals.follow", COMPUTE_EVERY, move |now| {
            let service = Arc::clone(&follows);
            async move {
                let computed = service.live.read().await.computed_at;
                let is_own = service.followed.lock().await.leads;
                if !is_own || computed.is_none_or(|at| at < micros(now) - OWN_WORK) {
                    service.pass(false, now).await?;
                }
                Ok(0)
            }
        })
        .on_each_node(),
        Reconciler::new("vitals.questions", COMPUTE_EVERY, move |now| {
            let service = Arc::clone(&asks);
            async move { Ok(service.ask_lake(now).await?) }
        }),
        Reconciler::new("vitals.past", PAST_EVERY, move |now| {
            let service = Arc::clone(&completes);
            async move { Ok(service.complete_past(now).await?) }
        }),
        Reconciler::new("vitals.warnings", WARN_EVERY, move |now| {
            let service = Arc::clone(&looks);
            async move { Ok(service.look_ahead(now).await?) }
        }),
        Reconciler::new("vitals.tried", PAST_EVERY, move |now| {
            let service = Arc::clone(&tries);
            async move { Ok(service.try_on_past(now).await?) }
        }),
        Reconciler::new("vitals.forget", FORGET_EVERY, move |now| {
            let service = Arc::clone(&forgets);
            async move { Ok(service.forget(now).await?) }
        }),
    ];
    if service.opens_cases {
        all.push(Reconciler::new(
            "vitals.orders",
            COMPUTE_EVERY,
            move |now| {
                let service = Arc::clone(&orders);
                async move { Ok(service.send_orders(now).await?) }
            },
        ));
    }
    all
}

impl VitalsService {
    /// Takes over what is known of cases; answers how many were news.
    async fn take_cases(&self, ids: &[IncidentId], now: Timestamp) -> Result<usize, VitalsError> {
        let facts = self.asks.case_figures.facts(ids, now).await?;
        let counting = self.counting_cases().await;
        self.db
            .write(move |tx| Box::pin(async move { put_cases(tx, &facts, &counting, now).await }))
            .await
    }

    /// The indicators that count cases.
    async fn counting_cases(&self) -> Vec<String> {
        let policy = Arc::clone(&self.live.read().await.policy);
        let entries = policy.indicators.iter().map(|each| &each.entry);
        let counting = entries.filter(|entry| matches!(entry.formula, Some(Formula::Cases(_))));
        counting.map(|entry| entry.code.clone()).collect()
    }

    /// Reads the cases that were there before this domain was; once, from the first to the last.
    pub(crate) async fn read_cases(&self, now: Timestamp) -> Result<usize, VitalsError> {
        let mut done = 0;
        for _ in 0..READS_MAX {
            let mark = store::mark(self.db.read(), CASES_MARK).await?;
            if mark.as_deref() == Some(ALL_READ) {
                break;
            }
            let after = mark.and_then(|id| id.parse().ok());
            let asked = self.asks.case_figures.facts_after(after, CASES_READ, now);
            let facts = asked.await?;
            let mark = facts
                .last()
                .map_or_else(|| ALL_READ.to_owned(), |case| case.id.to_string());
            done += facts.len();
            let counting = self.counting_cases().await;
            self.db
                .write(move |tx| {
                    Box::pin(async move {
                        put_cases(tx, &facts, &counting, now).await?;
                        store::note(tx, CASES_MARK, &mark).await?;
                        Ok::<_, VitalsError>(())
                    })
                })
                .await?;
        }
        Ok(done)
    }

    async fn forget(&self, now: Timestamp) -> Result<usize, VitalsError> {
        let at = micros(now);
        let forgotten = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let values = store::values::forget(tx, at).await?;
                    let sent = store::feeds::forget(tx, at - FEED_VALUES_KEPT).await?;
                    Ok::<_, VitalsError>(values + sent)
                })
            })
            .await?;
        let forgotten = forgotten + self.forget_warnings(at).await?;
        Ok(usize::try_from(forgotten).unwrap_or(usize::MAX))
    }
}

/// What came with a past of its own changes what was counted then.
async fn put_cases(
    tx: &Tx,
    facts: &[CaseFacts],
    counting: &[String],
    now: Timestamp,
) -> Result<usize, VitalsError> {
    let (count, oldest) = store::cases::put(tx, facts).await?;
    if let Some(from) = oldest.filter(|oldest| *oldest < micros(now) - DAY) {
        let codes = counting.iter().map(String::as_str);
        note_past(tx, codes, from, micros(now)).await?;
    }
    Ok(count)
}
