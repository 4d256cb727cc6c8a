//! Closed segments of events into parts of their days, sorted by `seq`. None is ever replaced: an event that is kept
//! is not taken in again.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::sync::Arc;

use datafusion::parquet::file::properties::EnabledStatistics;
use datafusion::parquet::schema::types::ColumnPath;

use crate::batch::TIME;
use crate::dataset::{Dataset, Partition};
use crate::error::LakeError;
use crate::event::{EventRow, EventTable, SEQ};
use crate::lake::{Lake, Work};
use crate::log::Pending as _;
use crate::manifest::Edit;
use crate::part::Part;
use crate::segment;
use crate::sync::read;
use crate::want::Want;
use crate::writer::{PartFile, Place, WRITE_ROWS, properties};
use crate::zone::Day;

type Rows<'a> = Box<dyn Iterator<Item = Result<Arc<EventRow>, LakeError>> + 'a>;

impl Lake {
    /// Answers how many segments are in parts now that were not.
    pub(super) fn flush_events(&self, work: &mut Work) -> Result<usize, LakeError> {
        let (manifest, tables) = {
            let state = read(&self.state);
            (Arc::clone(&state.manifest), state.events.sealed.clone())
        };
        let Some(last) = tables.last() else {
            return Ok(0);
        };
        let mut days: BTreeMap<Day, BTreeMap<i64, Arc<EventRow>>> = BTreeMap::new();
        for event in tables.iter().flat_map(|table| table.all()) {
            let day = self.zone.day(event.time);
            if manifest.is_removed(Dataset::Events, day) {
                self.tally.expired.increment();
            } else {
                days.entry(day).or_default().insert(event.seq, event);
            }
        }
        drop(manifest);
        let until = last.number();
        let mut edit = Edit {
            segments_from: Some((Dataset::Events, until + 1)),
            ..Edit::default()
        };
        for (day, events) in days {
            let partition = Partition::day(Dataset::Events, day);
            let rows = events.into_values().map(Ok);
            match self.write_events(work, partition, self.now(), Box::new(rows)) {
                Ok(part) => edit.add.extend(part),
                Err(fault) => {
                    self.discard(&edit.add);
                    return Err(fault);
                }
            }
        }
        self.commit(work, edit, |state| {
            state.events.sealed.retain(|table| table.number() > until);
        })?;
        self.remove_segments(&tables);
        Ok(tables.len())
    }

    fn remove_segments(&self, tables: &[Arc<EventTable>]) {
        let folder = self.root.join(Dataset::Events.segments());
        for table in tables {
            if let Err(fault) = self.disk.remove(&segment::path(&folder, table.number())) {
                self.tally
                    .fault(self.now(), format!("a compacted file stays: {fault}"));
            }
        }
    }

    /// The parts of a day into one.
    pub(super) fn merge_events(
        &self,
        work: &mut Work,
        partition: Partition,
        parts: Vec<Arc<Part>>,
    ) -> Result<(), LakeError> {
        let newest = parts.iter().map(|part| part.written_at).max();
        let mut sources = Vec::new();
        for part in &parts {
            sources.push(self.events_of(part)?.peekable());
        }
        let rows = Box::new(BySeq { sources });
        let written_at = newest.unwrap_or_else(|| self.now());
        let merged = self.write_events(work, partition, written_at, rows)?;
        let edit = Edit {
            add: merged.into_iter().collect(),
            remove: parts,
            ..Edit::default()
        };
        self.commit(work, edit, |_state| {})
    }

    fn events_of(&self, part: &Arc<Part>) -> Result<Rows<'static>, LakeError> {
        let batches = self.reader.batches(part, &Want::everything(), None)?;
        let path = self.root.join(part.path());
        let rows = batches.flat_map(move |batch| {
            let rows = batch.and_then(|batch| {
                EventRow::decode(&batch).map_err(|error| LakeError::arrow(&path, error))
            });
            match rows {
                Ok(rows) => rows.into_iter().map(|row| Ok(Arc::new(row))).collect(),
                Err(fault) => vec![Err(fault)],
            }
        });
        Ok(Box::new(rows))
    }

    fn write_events(
        &self,
        work: &mut Work,
        partition: Partition,
        now: i64,
        mut rows: Rows<'_>,
    ) -> Result<Option<Part>, LakeError> {
        let place = Place {
            disk: &self.disk,
            root: &self.root,
            partition,
            number: Self::next_part(work),
            now,
        };
        let mut sorted = properties(&[SEQ]);
        let schema = EventRow::schema();
        for at in [SEQ, TIME] {
            if let Some(field) = schema.fields().get(at) {
                let column = ColumnPath::from(field.name().as_str());
                sorted = sorted.set_column_statistics_enabled(column, EnabledStatistics::Page);
            }
        }
        let mut file = PartFile::create(place, schema, sorted.build())?;
        let mut seqs: Option<(i64, i64)> = None;
        loop {
            let some = rows.by_ref().take(WRITE_ROWS);
            let some = some.collect::<Result<Vec<_>, _>>()?;
            let times = some.iter().map(|row| row.time);
            let Some(ends) = times.clone().min().zip(times.max()) else {
                break;
            };
            if let Some((first, last)) = some.first().zip(some.last()) {
                seqs = Some((seqs.map_or(first.seq, |(from, _)| from), last.seq));
            }
            let batch =
                EventRow::encode(some.iter().map(AsRef::as_ref)).map_err(LakeError::Encode)?;
            file.write(&batch, ends)?;
        }
        let part = file.finish()?;
        Ok(part.map(|part| Part { seqs, ..part }))
    }
}

/// Rows of several parts in one order.
struct BySeq<'a> {
    sources: Vec<Peekable<Rows<'a>>>,
}

impl Iterator for BySeq<'_> {
    type Item = Result<Arc<EventRow>, LakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        let key = |source: &mut Peekable<Rows<'_>>| match source.peek() {
            // A fault comes first.
            Some(Err(_)) => Some(i64::MIN),
            Some(Ok(row)) => Some(row.seq),
            None => None,
        };
        let sources = self.sources.iter_mut();
        let keyed = sources.filter_map(|source| key(source).map(|key| (key, source)));
        let (_, least) = keyed.min_by_key(|(key, _)| *key)?;
        least.next()
    }
}
