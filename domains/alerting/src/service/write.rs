//! What the judge says becomes alarms, each change with its log line and its event in one transaction.

use std::sync::Arc;

use yiwang_kernel::Timestamp;
use yiwang_store::Tx;

use super::sheet::{Sheet, Surroundings};
use super::{AlertingService, groups, quiet};
use crate::alarm::{Alarm, AlarmId};
use crate::error::AlertingError;
use crate::judge::Told;

/// Changes of one transaction.
const TOLD_AT_ONCE: usize = 500;
/// Times that a batch is tried before the next round.
const TRIES_MAX: u32 = 5;

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

    /// Waits for the judge and writes down meanwhile what it says: it says no more while too much is unwritten, and
    /// would wait for this as this for it.
    pub(super) async fn attend<T>(
        &self,
        judge: impl Future<Output = T>,
    ) -> Result<T, AlertingError> {
        let mut judge = std::pin::pin!(judge);
        loop {
            tokio::select! {
                biased;
                done = &mut judge => return Ok(done),
                () = self.heard.notified() => {
                    if let Err(error) = self.deliver().await {
                        // What is unwritten stays, and somebody has to come for it.
                        self.heard.notify_one();
                        return Err(error);
                    }
                }
            }
        }
    }

    async fn write_down(&self, batch: &Arc<Vec<Told>>) -> Result<(), AlertingError> {
        let mut tries = 0;
        loop {
            let (batch, now) = (Arc::clone(batch), self.clock.now());
            let place = self.surroundings();
            let written = self
                .db
                .write(move |tx| Box::pin(async move { write(tx, &batch, place, now).await }))
                .await;
            match written {
                // A person changed one of the alarms meanwhile.
                Err(AlertingError::VersionConflict { .. }) if tries < TRIES_MAX => tries += 1,
                written => return written,
            }
        }
    }
}

/// One batch in the order in which the judge said it; then what keeps some of it quiet, and what is one together.
async fn write(
    tx: &Tx,
    batch: &[Told],
    place: Surroundings,
    now: Timestamp,
) -> Result<(), AlertingError> {
    let mut sheet = Sheet::open(tx, place, now);
    let ids: Vec<AlarmId> = batch.iter().map(|told| told.id).collect();
    sheet.load(&ids).await?;
    for told in batch {
        if sheet.get(told.id).is_some() {
            sheet.judged(told.id, |alarm| {
                alarm.changed(&told.transition, told.is_again)
            });
        } else if let Some(mut alarm) =
            Alarm::raised(told.id, &told.transition, &told.rule, &told.device)
        {
            alarm.decided_at = now;
            sheet.add(alarm);
        }
    }
    quiet::settle(&mut sheet).await?;
    groups::settle(&mut sheet).await?;
    sheet.close().await
}
