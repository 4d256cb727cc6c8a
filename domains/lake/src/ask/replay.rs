//! Everything in the order of observation. Parts are sorted by series, so the rows of a stretch are gathered and
//! sorted; the stretch is so short that they fit.

use std::collections::{BTreeSet, VecDeque};

use yiwang_contracts::{Point, Span};

use super::Ask;
use crate::cell::Cell;
use crate::compact::table_source;
use crate::error::LakeError;
use crate::merge::{Merge, Source};
use crate::want::{Want, Wanted};
use crate::zone::Day;

/// Rows gathered at once at most, but for those of one microsecond.
const ROWS_MAX: usize = 500_000;
/// Points of one piece of the answer.
pub(crate) const PIECE_POINTS: usize = 4_096;

pub(crate) struct Replay {
    ask: Ask,
    wanted: Wanted,
    stretches: VecDeque<(Day, Span)>,
    ready: VecDeque<Point>,
}

impl Replay {
    pub(crate) fn new(ask: Ask, devices: &[Box<str>], span: Span) -> Self {
        let (wanted, span) = (Wanted::devices(devices), ask.kept(span));
        let mut days: BTreeSet<Day> = ask.part_days(span).collect();
        for table in &ask.snapshot.points {
            days.extend(table.days(span, ask.zone));
        }
        let mut stretches = VecDeque::new();
        for day in days {
            let own = ask.zone.span(day);
            let own = Span {
                from: own.from.max(span.from),
                to: own.to.min(span.to),
            };
            let rows: u64 = ask.parts(day, own).map(|part| part.rows).sum();
            // A guess that saves tries; of few devices a day is tried whole.
            let pieces = match wanted {
                Wanted::All => rows.div_ceil(ROWS_MAX as u64 / 2).max(1),
                _ => 1,
            };
            let length = (own.to - own.from).div_euclid(pieces as i64).max(1);
            let mut from = own.from;
            while from < own.to {
                let to = from.saturating_add(length).min(own.to);
                stretches.push_back((day, Span { from, to }));
                from = to;
            }
        }
        Self {
            ask,
            wanted,
            stretches,
            ready: VecDeque::new(),
        }
    }

    /// The next piece; an empty one is the end.
    pub(crate) fn next_piece(&mut self) -> Result<Vec<Point>, LakeError> {
        while self.ready.is_empty() {
            let Some((day, span)) = self.stretches.pop_front() else {
                return Ok(Vec::new());
            };
            if !self.gather(day, span)? {
                let middle = span.from + (span.to - span.from) / 2;
                let (from, to) = (span.from, span.to);
                self.stretches.push_front((day, Span { from: middle, to }));
                self.stretches.push_front((day, Span { from, to: middle }));
            }
        }
        let count = self.ready.len().min(PIECE_POINTS);
        Ok(self.ready.drain(..count).collect())
    }

    /// Gathers a stretch, sorted; false when it is too long.
    fn gather(&mut self, day: Day, span: Span) -> Result<bool, LakeError> {
        let ask = &self.ask;
        let want = Want {
            series: self.wanted.clone(),
            span: Some(span),
        };
        let mut sources: Vec<Source<'_, Cell>> = Vec::new();
        for part in ask.parts(day, span) {
            sources.push(Box::new(ask.reader.pieces::<Cell>(part, &want)?));
        }
        for table in &ask.snapshot.points {
            sources.push(table_source(table, &self.wanted, span));
        }
        let mut points = Vec::new();
        for piece in Merge::new(sources) {
            let piece = piece?;
            let alive = piece
                .cells
                .into_iter()
                .filter(|(_, cell)| !cell.is_deleted());
            let series = piece.series;
            points.extend(alive.map(|(time, cell)| cell.point(series.clone(), time)));
            if points.len() > ROWS_MAX && span.to - span.from > 1 {
                return Ok(false);
            }
        }
        points.sort_by_key(|point| point.time);
        self.ready = points.into();
        Ok(true)
    }
}
