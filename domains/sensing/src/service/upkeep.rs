//! What is in memory follows what is stored; refusals are written down and pruned.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use yiwang_kernel::{Fault, FaultKind, OtherFault, Timestamp, micros};
use yiwang_runtime::Reconciler;

use super::SensingService;
use crate::edges::TlsFault;
use crate::error::SensingError;
use crate::profile::Profile;
use crate::slot::Binding;
use crate::store;

/// How soon a node learns of devices that another node registered.
const FOLLOW_EVERY: Duration = Duration::from_secs(3);
const WRITE_EVERY: Duration = Duration::from_secs(1);
const PRUNE_EVERY: Duration = Duration::from_hours(1);
/// How soon a new certificate of the node is taken up.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// Rows of one delete, and deletes of one pass.
const PRUNE_ROWS: u64 = 1_000;
const PRUNE_ROUNDS: usize = 100;
/// Refusals written at once.
const REFUSALS_AT_ONCE: usize = 500;
const DAY_US: i64 = 86_400_000_000;

pub(crate) fn reconcilers(service: &Arc<SensingService>) -> Vec<Reconciler> {
    let [follows, writes, prunes, sweeps, commands, looks] = [(); 6].map(|()| Arc::clone(service));
    vec![
        Reconciler::new("sensing.refused_frames", WRITE_EVERY, move |_| {
            let service = Arc::clone(&writes);
            async move { Ok(service.write_refusals().await?) }
        })
        .on_each_node(),
        Reconciler::new("sensing.sessions", WRITE_EVERY, move |now| {
            let service = Arc::clone(&sweeps);
            async move { Ok(service.broker.sweep(now)) }
        })
        .on_each_node(),
        Reconciler::new("sensing.commands", WRITE_EVERY, move |now| {
            let service = Arc::clone(&commands);
            async move { Ok(service.settle_commands(now).await?) }
        })
        .on_each_node(),
        Reconciler::new("sensing.devices", FOLLOW_EVERY, move |_| {
            let service = Arc::clone(&follows);
            async move { Ok(usize::from(service.follow().await?)) }
        })
        .on_each_node(),
        Reconciler::new("sensing.certificate", LOOK_EVERY, move |now| {
            let service = Arc::clone(&looks);
            async move { Ok(usize::from(service.look_at_certificate(now).await?)) }
        })
        .on_each_node(),
        Reconciler::new("sensing.refusals", PRUNE_EVERY, move |now| {
            let service = Arc::clone(&prunes);
            async move { Ok(service.prune_refusals(now).await?) }
        }),
    ]
}

pub(super) fn no_thread(error: &std::io::Error) -> Box<dyn Fault> {
    let message = format!("no thread for the hall: {error}");
    OtherFault::new(FaultKind::Unavailable, "sensing.no_thread", message).into()
}

impl SensingService {
    /// Takes a new certificate of the node up; says whether there is one.
    pub(crate) async fn look_at_certificate(&self, now: Timestamp) -> Result<bool, TlsFault> {
        match self.tls.get() {
            Some(tls) => tls.look(now).await,
            None => Ok(false),
        }
    }

    /// Reads everything again if another node changed it.
    async fn follow(&self) -> Result<bool, SensingError> {
        let stored = store::revision(self.db.read()).await?;
        if stored == self.revision.load(Ordering::Acquire) {
            return Ok(false);
        }
        self.reload().await?;
        Ok(true)
    }

    /// Reads profiles and devices into memory.
    pub(super) async fn reload(&self) -> Result<(), SensingError> {
        let _alone = self.reading.lock().await;
        let revision = store::revision(self.db.read()).await?;
        let profiles = store::profiles::load(self.db.read()).await?;
        self.registry
            .put_profiles(profiles.into_iter().map(Profile::new).collect());
        for device in store::devices::load(self.db.read()).await? {
            let known = self.registry.by_id(device.id).map(|slot| slot.binding());
            if let Some(known) = &known
                && known.device.version == device.version
            {
                continue;
            }
            let Some(profile) = self.registry.profile(&device.profile) else {
                tracing::error!(
                    device = device.code,
                    "the profile {} is not there",
                    device.profile
                );
                continue;
            };
            let is_denied = known.is_some_and(|known| known.device.has_lost_to(&device));
            let slot = self.registry.put(Binding::new(device, profile));
            if is_denied {
                slot.revoke_connections();
            }
        }
        self.revision.store(revision, Ordering::Release);
        Ok(())
    }

    /// Notes the revision that one's own change made, so that it is not read again.
    pub(super) fn note_revision(&self, revision: i64) {
        // Only the next one: another node may have written in between.
        let _other_came = self.revision.compare_exchange(
            revision - 1,
            revision,
            Ordering::AcqRel,
            Ordering::Acquire,
        );
    }

    /// Last values as the history has them.
    pub(super) async fn restore_last_values(&self) -> Result<(), SensingError> {
        for (series, sample) in self.history.latest().await? {
            let Some(slot) = self.registry.by_code(&series.device) else {
                continue;
            };
            if let Some(property) = slot.binding().profile.property(&series.property) {
                slot.restore(property, sample);
            }
        }
        Ok(())
    }

    /// Writes refused frames down, many at once.
    async fn write_refusals(&self) -> Result<usize, SensingError> {
        let mut waiting = self.refusals.lock().await;
        let mut written = 0;
        loop {
            let mut rows = Vec::new();
            while rows.len() < REFUSALS_AT_ONCE
                && let Ok(row) = waiting.try_recv()
            {
                rows.push(row);
            }
            if rows.is_empty() {
                return Ok(written);
            }
            written += rows.len();
            self.db
                .write(move |tx| {
                    Box::pin(async move {
                        Ok::<_, SensingError>(store::refusals::insert(tx, &rows).await?)
                    })
                })
                .await?;
        }
    }

    async fn prune_refusals(&self, now: Timestamp) -> Result<usize, SensingError> {
        let before = micros(now) - i64::from(self.settings.refused_days) * DAY_US;
        let keep = u64::from(self.settings.refused_rows_max);
        let mut pruned = 0;
        for _ in 0..PRUNE_ROUNDS {
            let gone = self
                .db
                .write(move |tx| {
                    Box::pin(async move {
                        Ok::<_, SensingError>(
                            store::refusals::prune(tx, before, keep, PRUNE_ROWS).await?,
                        )
                    })
                })
                .await?;
            pruned += gone as usize;
            if gone < PRUNE_ROWS {
                break;
            }
        }
        Ok(pruned)
    }
}
