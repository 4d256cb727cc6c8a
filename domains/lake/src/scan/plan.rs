//! Which files and tables a scan reads.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use yiwang_contracts::Span;

use super::{Scan, Unit, step_of};
use crate::dataset::{Dataset, Partition};
use crate::log::Pending as _;
use crate::part::Part;
use crate::table::Table;
use crate::want::Want;
use crate::zone::Day;

impl Scan {
    pub(crate) fn units(&self) -> Vec<Unit> {
        match self.dataset {
            Dataset::Observations => self.observation_units(),
            Dataset::Hours | Dataset::Days => self.bucket_units(),
            Dataset::Events => self.event_units(),
        }
    }

    /// What is wanted of a partition; without a span where all of it lies within.
    fn want(&self, own: Span) -> Want {
        let is_whole = self.span.from <= own.from && own.to <= self.span.to;
        Want {
            series: self.wanted.clone(),
            span: (!is_whole).then_some(self.span),
        }
    }

    /// The tables with wanted rows of a day, and the time they reach over.
    fn pending(&self, day: Day) -> (Vec<Arc<Table>>, Option<(i64, i64)>) {
        let own = self.ask.zone.span(day);
        let mut ends: Option<(i64, i64)> = None;
        let mut tables = Vec::new();
        for table in &self.ask.snapshot.points {
            if let Some((first, last)) = table.ends_within(own) {
                tables.push(Arc::clone(table));
                ends =
                    Some(ends.map_or((first, last), |(from, to)| (from.min(first), to.max(last))));
            }
        }
        (tables, ends)
    }

    /// The days with values, in the span and kept.
    fn days(&self) -> BTreeSet<Day> {
        let span = self.ask.kept(self.span);
        let mut days: BTreeSet<Day> = self.ask.part_days(span).collect();
        for table in &self.ask.snapshot.points {
            days.extend(table.days(span, self.ask.zone));
        }
        days
    }

    fn observation_units(&self) -> Vec<Unit> {
        let mut units = Vec::new();
        for day in self.days() {
            let own = self.ask.zone.span(day);
            let want = self.want(own);
            let (tables, ends) = self.pending(day);
            let reached = |part: &&Arc<Part>| {
                ends.is_some_and(|(first, last)| part.overlaps(first, last.saturating_add(1)))
            };
            let parts = self.ask.parts(day, self.span);
            let (merged, alone): (Vec<&Arc<Part>>, Vec<&Arc<Part>>) = parts.partition(reached);
            units.extend(alone.into_iter().map(|part| Unit::Part {
                part: Arc::clone(part),
                want: want.clone(),
                days: None,
            }));
            if !tables.is_empty() {
                units.push(Unit::Day {
                    day,
                    parts: merged.into_iter().cloned().collect(),
                    tables,
                    want,
                    step: None,
                });
            }
        }
        units
    }

    /// Days whose buckets are made are read from files, the others are worked out.
    fn bucket_units(&self) -> Vec<Unit> {
        let Some(step) = step_of(self.dataset) else {
            return Vec::new();
        };
        let zone = self.ask.zone;
        let mut changed = BTreeSet::new();
        for table in &self.ask.snapshot.points {
            changed.extend(table.days(self.ask.kept(self.span), zone));
        }
        let mut files: BTreeMap<Partition, BTreeSet<Day>> = BTreeMap::new();
        for day in &self.ask.manifest().viewed {
            let own = zone.span(*day);
            if !changed.contains(day) && own.from < self.span.to && self.span.from < own.to {
                let month = Partition::month(self.dataset, day.month());
                files.entry(month).or_default().insert(*day);
            }
        }
        let raw = self.days().into_iter().filter(|day| {
            let month = Partition::month(self.dataset, day.month());
            !files.get(&month).is_some_and(|days| days.contains(day))
        });
        let mut units: Vec<Unit> = raw
            .map(|day| Unit::Day {
                day,
                parts: self.ask.parts(day, zone.span(day)).cloned().collect(),
                tables: self.pending(day).0,
                want: Want {
                    series: self.wanted.clone(),
                    span: None,
                },
                step: Some(step),
            })
            .collect();
        for (month, days) in files {
            let (days, want) = (Arc::new(days), self.want(self.month_span(month)));
            for part in self.ask.manifest().parts_of(month) {
                units.push(Unit::Part {
                    part: Arc::clone(part),
                    want: want.clone(),
                    days: Some(Arc::clone(&days)),
                });
            }
        }
        units
    }

    fn month_span(&self, month: Partition) -> Span {
        Span {
            from: self.ask.zone.span(month.first_day()).from,
            to: self.ask.zone.span(month.next_day()).from,
        }
    }

    fn event_units(&self) -> Vec<Unit> {
        let mut units = Vec::new();
        for (partition, parts) in self.ask.manifest().partitions(Dataset::Events) {
            let want = self.want(self.ask.zone.span(partition.first_day()));
            let parts = parts
                .iter()
                .filter(|part| part.overlaps(self.span.from, self.span.to));
            units.extend(parts.map(|part| Unit::Part {
                part: Arc::clone(part),
                want: want.clone(),
                days: None,
            }));
        }
        let mut days: BTreeMap<Day, Vec<_>> = BTreeMap::new();
        for table in &self.ask.snapshot.events {
            let ends = table.ends();
            if ends.is_none_or(|(first, last)| first >= self.span.to || last < self.span.from) {
                continue;
            }
            for row in table.all() {
                let day = self.ask.zone.day(row.time);
                let is_kept = !self.ask.manifest().is_removed(Dataset::Events, day);
                if self.span.from <= row.time && row.time < self.span.to && is_kept {
                    days.entry(day).or_default().push(row);
                }
            }
        }
        units.extend(days.into_iter().map(|(day, mut rows)| {
            rows.sort_by_key(|row| row.seq);
            Unit::Events { day, rows }
        }));
        units
    }
}
