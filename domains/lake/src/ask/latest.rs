//! The last value of every series.

use std::collections::BTreeSet;
use std::sync::Arc;

use yiwang_contracts::{Sample, Series};

use super::Ask;
use crate::error::LakeError;
use crate::merge::newest_of_each;
use crate::table::ALWAYS;

impl Ask {
    pub(crate) fn latest(&self) -> Result<Vec<(Arc<Series>, Sample)>, LakeError> {
        let kept = self.kept(ALWAYS);
        let mut latest = self.snapshot.latest.as_ref().clone();
        latest.0.retain(|_, (time, _)| *time >= kept.from);
        let tables = &self.snapshot.points;
        let changed: BTreeSet<Arc<Series>> =
            tables.iter().flat_map(|table| table.series(kept)).collect();
        for series in changed {
            let cells = tables.iter().flat_map(|table| table.cells(&series, kept));
            let cells = newest_of_each(cells.collect());
            let known = latest.0.get(&series).map(|(time, _)| *time);
            let at = |time: i64| cells.binary_search_by_key(&time, |(time, _)| *time).ok();
            let is_gone = known
                .and_then(at)
                .and_then(|at| cells.get(at))
                .is_some_and(|(_, cell)| cell.is_deleted());
            if is_gone {
                // What was before it is found like any value.
                latest.0.remove(&series);
                continue;
            }
            let alive = cells.into_iter().rev().find(|(_, cell)| !cell.is_deleted());
            if let Some((time, cell)) = alive {
                latest.put(series, time, cell);
            }
        }
        let mut answer = Vec::with_capacity(latest.0.len());
        for series in self.snapshot.latest.0.keys() {
            if !latest.0.contains_key(series) {
                let newest = self.samples(series, kept, true, 1)?.into_iter().next();
                answer.extend(newest.map(|sample| (Arc::clone(series), sample)));
            }
        }
        let found = latest.0.into_iter();
        answer.extend(found.map(|(series, (time, cell))| (series, cell.sample(time))));
        answer.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        Ok(answer)
    }
}
