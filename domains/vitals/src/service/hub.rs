//! What runs by itself: cases heard of, numbers computed, orders sent, old values forgotten.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use yiwang_contracts::{Event, IncidentId};
use yiwang_kernel::{Timestamp, micros};
use yiwang_runtime::Reconciler;
use yiwang_store::{EventHandler, HandlerError};

use super::VitalsService;
use crate::error::VitalsError;
use crate::facts::DAY;
use crate::store;

const COMPUTE_EVERY: Duration = Duration::from_secs(5);
const FORGET_EVERY: Duration = Duration::from_hours(1);
/// A node that computed so shortly ago need not follow another one's work.
const OWN_WORK: i64 = 15_000_000;
/// Cases of one read of the catch-up, and reads of one pass.
const CASES_READ: u32 = 500;
const READS_MAX: usize = 40;
/// Under this name stands how far the cases have been read.
const CASES_MARK: &str = "cases_read";
const ALL_READ: &str = "all";
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

pub(crate) fn reconcilers(service: &Arc<VitalsService>) -> Vec<Reconciler> {
    let [reads, computes, follows, orders, forgets] = [(); 5].map(|()| Arc::clone(service));
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
        self.db
            .write(move |tx| {
                Box::pin(async move { Ok::<_, VitalsError>(store::cases::put(tx, &facts).await?) })
            })
            .await
    }

    /// Reads the cases that were there before this domain was; once, from the first to the last.
    async fn read_cases(&self, now: Timestamp) -> Result<usize, VitalsError> {
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
            self.db
                .write(move |tx| {
                    Box::pin(async move {
                        store::cases::put(tx, &facts).await?;
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
        Ok(usize::try_from(forgotten).unwrap_or(usize::MAX))
    }
}
