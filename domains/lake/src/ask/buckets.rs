//! Buckets: of days that are over from the down-sampled parts, of the others from their values.

use std::collections::{BTreeMap, BTreeSet};

use yiwang_contracts::{Bucket, Series, Span, Step};

use super::Ask;
use crate::bucket::{Figures, Sampler};
use crate::dataset::{Dataset, Partition};
use crate::error::LakeError;
use crate::want::{Want, Wanted};
use crate::zone::{Day, Month};

impl Ask {
    /// Whole buckets: a span that begins or ends within one has all of it.
    pub(crate) fn buckets(
        &self,
        series: &Series,
        span: Span,
        step: Step,
    ) -> Result<Vec<Bucket>, LakeError> {
        let span = self.zone.whole(span, step);
        let kept = self.kept(span);
        let mut found: BTreeMap<i64, Figures> = BTreeMap::new();
        let (viewed, raw) = self.split(series, span, step);
        for (month, days) in viewed {
            self.viewed(series, span, (month, step), &days, &mut found)?;
        }
        for day in raw {
            let mut sampler = Sampler::new(self.zone, step);
            for (time, cell) in self.cells(series, day, kept)? {
                sampler.add(time, &cell);
            }
            found.extend(sampler.finish());
        }
        let buckets = found.into_iter();
        Ok(buckets
            .map(|(start, figures)| figures.bucket(start))
            .collect())
    }

    /// Days that can be answered from what is down-sampled, by month, and the others.
    fn split(
        &self,
        series: &Series,
        span: Span,
        step: Step,
    ) -> (BTreeMap<Month, BTreeSet<Day>>, BTreeSet<Day>) {
        let mut raw = self.days_of(series, self.kept(span));
        let mut viewed: BTreeMap<Month, BTreeSet<Day>> = BTreeMap::new();
        if step == Step::Minute || span.from >= span.to {
            return (viewed, raw);
        }
        let mut changed = BTreeSet::new();
        for table in &self.snapshot.points {
            table.days_of(series, self.kept(span), self.zone, &mut changed);
        }
        let (first, last) = (self.zone.day(span.from), self.zone.day(span.to - 1));
        for day in self.manifest().viewed.range(first..=last) {
            if !changed.contains(day) {
                raw.remove(day);
                viewed.entry(day.month()).or_default().insert(*day);
            }
        }
        (viewed, raw)
    }

    fn viewed(
        &self,
        series: &Series,
        span: Span,
        (month, step): (Month, Step),
        days: &BTreeSet<Day>,
        found: &mut BTreeMap<i64, Figures>,
    ) -> Result<(), LakeError> {
        let dataset = match step {
            Step::Day => Dataset::Days,
            Step::Hour | Step::Minute => Dataset::Hours,
        };
        let want = Want {
            series: Wanted::one(series),
            span: Some(span),
        };
        for part in self.manifest().parts_of(Partition::month(dataset, month)) {
            for piece in self.reader.pieces::<Figures>(part, &want)? {
                let own = piece?.cells.into_iter();
                found.extend(own.filter(|(start, _)| days.contains(&self.zone.day(*start))));
            }
        }
        Ok(())
    }
}
