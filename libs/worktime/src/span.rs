//! Suspensions: stretches of time in which a clock stands still.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;

/// A stretch of time that is not counted. Spans may overlap and come in any order; one that ends
/// before it begins is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// When the clock stopped.
    pub from: Timestamp,
    /// When it went on; `None` while it still stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// Where an open span ends, in local time.
pub(crate) const NEVER: i64 = i64::MAX;

/// Spans in local time: in order, apart from one another, none empty.
#[derive(Debug, Default)]
pub(crate) struct Stops(Vec<(i64, i64)>);

impl Stops {
    pub(crate) fn new(calendar: &Calendar, spans: &[Span]) -> Self {
        let local = |span: &Span| {
            let until = span.until.map_or(NEVER, |until| calendar.local(until));
            (calendar.local(span.from), until)
        };
        let mut stops: Vec<_> = spans
            .iter()
            .map(local)
            .filter(|(from, until)| from < until)
            .collect();
        stops.sort_unstable();
        stops.dedup_by(|later, earlier| {
            let touches = later.0 <= earlier.1;
            if touches {
                earlier.1 = earlier.1.max(later.1);
            }
            touches
        });
        Self(stops)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn as_slice(&self) -> &[(i64, i64)] {
        &self.0
    }

    /// When the stop begins that has no end; far away when there is none.
    pub(crate) fn open_from(&self) -> i64 {
        let open = self.0.last().filter(|(_, until)| *until == NEVER);
        open.map_or(NEVER, |(from, _)| *from)
    }

    /// The parts of the stops that lie within a stretch.
    pub(crate) fn within(&self, from: i64, to: i64) -> impl Iterator<Item = (i64, i64)> {
        let first = self.0.partition_point(|(_, until)| *until <= from);
        let later = self.0.iter().skip(first);
        later
            .take_while(move |(start, _)| *start < to)
            .map(move |(start, until)| (from.max(*start), to.min(*until)))
    }

    /// The parts of a stretch that no stop covers, in order.
    pub(crate) fn running(&self, from: i64, to: i64) -> impl Iterator<Item = (i64, i64)> {
        let ends = self.within(from, to).chain([(to, to)]);
        ends.scan(from, |at, (start, until)| {
            Some((std::mem::replace(at, until), start))
        })
        .filter(|(from, to)| from < to)
    }
}
