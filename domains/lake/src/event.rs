//! Events as they are kept: those of all domains, each once, in the order in which they were stored.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, RwLock};

use datafusion::arrow::array::{
    Array as _, ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
    UInt8Array,
};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use yiwang_contracts::Event;
use yiwang_kernel::micros;

use crate::batch::{column, texts, time_type, times};
use crate::dataset::Dataset;
use crate::log::Pending;
use crate::sync::{read, write};

/// What an event takes in memory beside its texts.
const EVENT_BYTES: u64 = 300;
pub(crate) const SEQ: usize = 0;

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EventRow {
    pub(crate) seq: i64,
    pub(crate) kind: String,
    pub(crate) time: i64,
    pub(crate) subject_id: String,
    /// The action that reading it needs.
    pub(crate) action: String,
    /// The units that take part, as JSON.
    pub(crate) orgs: Option<String>,
    pub(crate) area: Option<String>,
    pub(crate) secrecy: u8,
    pub(crate) body: String,
}

impl EventRow {
    pub(crate) fn of(event: &Event) -> Self {
        let orgs = &event.scope.orgs;
        Self {
            seq: event.seq,
            kind: event.kind.clone(),
            time: micros(event.at),
            subject_id: event.subject_id.to_string(),
            action: event.scope.action.clone(),
            orgs: (!orgs.is_empty()).then(|| serde_json::to_string(orgs).unwrap_or_default()),
            area: event.scope.area.as_ref().map(|area| area.0.clone()),
            secrecy: event.scope.secrecy,
            body: event.body.to_string(),
        }
    }

    pub(crate) fn schema() -> SchemaRef {
        static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
            // The time is where series have it, so that parts are passed over by the same rule.
            Arc::new(Schema::new(vec![
                Field::new("seq", DataType::Int64, false),
                Field::new("kind", DataType::Utf8, false),
                Field::new("time", time_type(), false),
                Field::new("subject_id", DataType::Utf8, false),
                Field::new("action", DataType::Utf8, false),
                Field::new("orgs", DataType::Utf8, true),
                Field::new("area", DataType::Utf8, true),
                Field::new("secrecy", DataType::UInt8, false),
                Field::new("body", DataType::Utf8, false),
            ]))
        });
        Arc::clone(&SCHEMA)
    }

    pub(crate) fn encode<'a>(
        rows: impl Iterator<Item = &'a Self> + Clone,
    ) -> Result<RecordBatch, ArrowError> {
        let text = |of: fn(&Self) -> &str| texts(rows.clone().map(|row| Some(of(row))));
        let seqs = Int64Array::from_iter_values(rows.clone().map(|row| row.seq));
        let secrecies = UInt8Array::from_iter_values(rows.clone().map(|row| row.secrecy));
        let columns: Vec<ArrayRef> = vec![
            Arc::new(seqs),
            text(|row| &row.kind),
            times(rows.clone().map(|row| row.time)),
            text(|row| &row.subject_id),
            text(|row| &row.action),
            texts(rows.clone().map(|row| row.orgs.as_deref())),
            texts(rows.clone().map(|row| row.area.as_deref())),
            Arc::new(secrecies),
            text(|row| &row.body),
        ];
        RecordBatch::try_new(Self::schema(), columns)
    }

    pub(crate) fn decode(batch: &RecordBatch) -> Result<Vec<Self>, ArrowError> {
        let seqs: &Int64Array = column(batch, SEQ)?;
        let times: &TimestampMicrosecondArray = column(batch, 2)?;
        let secrecies: &UInt8Array = column(batch, 7)?;
        let text = |at| column::<StringArray>(batch, at);
        let (kinds, subjects, actions) = (text(1)?, text(3)?, text(4)?);
        let (orgs, areas, bodies) = (text(5)?, text(6)?, text(8)?);
        let own = |texts: &StringArray, row| texts.value(row).to_owned();
        let maybe = |texts: &StringArray, row| texts.is_valid(row).then(|| own(texts, row));
        let event = |row| Self {
            seq: seqs.value(row),
            kind: own(kinds, row),
            time: times.value(row),
            subject_id: own(subjects, row),
            action: own(actions, row),
            orgs: maybe(orgs, row),
            area: maybe(areas, row),
            secrecy: secrecies.value(row),
            body: own(bodies, row),
        };
        Ok((0..batch.num_rows()).map(event).collect())
    }

    fn bytes(&self) -> u64 {
        let texts = [&self.kind, &self.subject_id, &self.action, &self.body];
        let more = [&self.orgs, &self.area].into_iter().flatten();
        let lengths = texts.into_iter().chain(more).map(|text| text.len() as u64);
        EVENT_BYTES + lengths.sum::<u64>()
    }
}

/// The content of one segment of events.
pub(crate) struct EventTable {
    number: u64,
    opened_at: i64,
    held: RwLock<Held>,
}

#[derive(Default)]
struct Held {
    rows: BTreeMap<i64, Arc<EventRow>>,
    bytes: u64,
    ends: Option<(i64, i64)>,
}

impl EventTable {
    pub(crate) fn insert(&self, rows: Vec<EventRow>) {
        let mut held = write(&self.held);
        for row in rows {
            held.bytes += row.bytes();
            held.ends = Some(match held.ends {
                None => (row.time, row.time),
                Some((first, last)) => (first.min(row.time), last.max(row.time)),
            });
            held.rows.insert(row.seq, Arc::new(row));
        }
    }

    pub(crate) fn has(&self, seq: i64) -> bool {
        read(&self.held).rows.contains_key(&seq)
    }

    /// All events, by `seq`.
    pub(crate) fn all(&self) -> Vec<Arc<EventRow>> {
        read(&self.held).rows.values().cloned().collect()
    }
}

impl Pending for EventTable {
    const DATASET: Dataset = Dataset::Events;

    fn new(number: u64, opened_at: i64) -> Self {
        Self {
            number,
            opened_at,
            held: RwLock::default(),
        }
    }

    fn schema() -> SchemaRef {
        EventRow::schema()
    }

    fn number(&self) -> u64 {
        self.number
    }

    fn opened_at(&self) -> i64 {
        self.opened_at
    }

    fn rows(&self) -> u64 {
        read(&self.held).rows.len() as u64
    }

    fn bytes(&self) -> u64 {
        read(&self.held).bytes
    }

    fn ends(&self) -> Option<(i64, i64)> {
        read(&self.held).ends
    }

    fn restore(&self, batch: &RecordBatch) -> Result<(), ArrowError> {
        self.insert(EventRow::decode(batch)?);
        Ok(())
    }
}
