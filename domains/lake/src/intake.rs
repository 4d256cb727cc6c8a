//! Events come in: every one of every domain, each kept once however often it is delivered.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::arrow::array::Int64Array;
use futures::future::BoxFuture;
use yiwang_contracts::Event;
use yiwang_store::{EventHandler, HandlerError};

use crate::batch::column;
use crate::dataset::Dataset;
use crate::error::LakeError;
use crate::event::{EventRow, EventTable, SEQ};
use crate::history::blocking;
use crate::lake::Lake;
use crate::want::Want;
use crate::zone::check_time;

impl Lake {
    /// Appends the events that are not kept yet; they are on disk when this returns. Answers how many.
    pub fn append_events(&self, events: &[Event]) -> Result<usize, LakeError> {
        let known = self.known_seqs(events)?;
        let mut rows: Vec<EventRow> = events
            .iter()
            .filter(|event| !known.contains(&event.seq))
            .map(EventRow::of)
            .collect();
        rows.sort_by_key(|row| row.seq);
        rows.dedup_by_key(|row| row.seq);
        if rows.is_empty() {
            return Ok(0);
        }
        rows.iter().try_for_each(|row| check_time(row.time))?;
        let batch = EventRow::encode(rows.iter()).map_err(LakeError::Encode)?;
        let count = rows.len();
        let appended = self.append::<EventTable>(&batch, |table| table.insert(rows));
        match &appended {
            Ok(()) => self.tally.events.add(count as u64),
            Err(_) => self.tally.refused.increment(),
        }
        appended.map(|()| count)
    }

    /// The events among these that are kept already: delivered again after a crash, or retried by a person.
    fn known_seqs(&self, events: &[Event]) -> Result<BTreeSet<i64>, LakeError> {
        let snapshot = self.snapshot();
        let (mut known, mut open) = (BTreeSet::new(), BTreeSet::new());
        for event in events {
            if snapshot.events.iter().any(|table| table.has(event.seq)) {
                known.insert(event.seq);
            } else {
                open.insert(event.seq);
            }
        }
        for (_, parts) in snapshot.manifest.partitions(Dataset::Events) {
            for part in parts {
                let may_hold = part
                    .seqs
                    .is_some_and(|(first, last)| open.range(first..=last).next().is_some());
                if !may_hold {
                    continue;
                }
                for batch in self
                    .reader
                    .batches(part, &Want::everything(), Some(&[SEQ]))?
                {
                    let batch = batch?;
                    let seqs: &Int64Array = column(&batch, SEQ)
                        .map_err(|error| LakeError::arrow(&self.root.join(part.path()), error))?;
                    known.extend(seqs.values().iter().filter(|seq| open.contains(seq)));
                }
            }
        }
        Ok(known)
    }
}

/// The subscription's end.
pub(crate) struct EventIntake(pub(crate) Arc<Lake>);

impl EventHandler for EventIntake {
    fn handle<'a>(&'a self, events: &'a [Event]) -> BoxFuture<'a, Result<(), HandlerError>> {
        let (lake, events) = (Arc::clone(&self.0), events.to_vec());
        Box::pin(async move {
            blocking(move || lake.append_events(&events)).await?;
            Ok(())
        })
    }
}
