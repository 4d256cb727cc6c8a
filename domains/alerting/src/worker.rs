//! What runs by itself: time passing for the judge, what it says written down, what it missed caught up; shelves and
//! windows that are over, storms that are quiet, alarms that nobody looks after.

use std::sync::Arc;
use std::time::Duration;

use yiwang_http::Metrics;
use yiwang_runtime::{Platform, Reconciler};

use crate::meter::Meter;
use crate::service::AlertingService;

const TICK_EVERY: Duration = Duration::from_secs(1);
const MARK_EVERY: Duration = Duration::from_secs(30);
/// After the store took nothing.
const RETRY_AFTER: Duration = Duration::from_secs(1);
const SWEEP_EVERY: Duration = Duration::from_secs(5);

pub(crate) fn reconcilers(service: &Arc<AlertingService>, metrics: &Metrics) -> Vec<Reconciler> {
    let meter = Arc::new(Meter::new(metrics));
    let [ticks, marks, sweeps, unattended] = [(); 4].map(|()| Arc::clone(service));
    vec![
        Reconciler::new("alerting.judge", TICK_EVERY, move |now| {
            let (service, meter) = (Arc::clone(&ticks), Arc::clone(&meter));
            async move {
                let passed = service.pass(now).await;
                meter.show(service.judge_state());
                Ok(passed?)
            }
        })
        .on_each_node(),
        Reconciler::new("alerting.mark", MARK_EVERY, move |now| {
            let service = Arc::clone(&marks);
            async move {
                service.note_judged(now).await?;
                Ok(0)
            }
        }),
        Reconciler::new("alerting.sweep", SWEEP_EVERY, move |now| {
            let service = Arc::clone(&sweeps);
            async move { Ok(service.sweep(now).await?) }
        }),
        Reconciler::new("alerting.unattended", SWEEP_EVERY, move |now| {
            let service = Arc::clone(&unattended);
            async move { Ok(service.call_attention(now).await?) }
        }),
    ]
}

/// Writes down what the judge says as soon as it says it.
pub(crate) fn listen(service: &Arc<AlertingService>, platform: &Platform) {
    let (service, stop) = (Arc::clone(service), platform.tasks.stop_token());
    platform.tasks.spawn("alarms", async move {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = service.heard.notified() => {}
            }
            if let Err(error) = service.deliver().await {
                tracing::warn!(%error, "alarms could not be written down; they are tried again");
                tokio::time::sleep(RETRY_AFTER).await;
                service.heard.notify_one();
            }
        }
    });
}
