//! What is usual: looked up in the values of the past.

use yiwang_kernel::{Timestamp, micros};
use yiwang_vital_rules::{
    Baseline, BaselineSpec, IndicatorEntry, SameWeekday, TimeGrain, plan_at, same_weekday,
    weekday_instants, year_before,
};

use super::VitalsService;
use crate::error::VitalsError;
use crate::facts::HOUR;
use crate::policy::{Area, Policy, UTC_OFFSET_MINUTES};
use crate::store;
use crate::store::values::{Step, ValueRow};

/// A value of the past may be so far from the instant asked for.
const NEAR: i64 = 3 * HOUR / 2;

type Usual = Vec<(usize, usize, Option<Baseline>)>;

impl VitalsService {
    /// What is usual now for these indicators, in the city and its towns.
    pub(super) async fn usual(
        &self,
        policy: &Policy,
        indicators: &[usize],
        now: Timestamp,
    ) -> Result<Usual, VitalsError> {
        let at = micros(now);
        let mut usual = Vec::new();
        for indicator in indicators {
            let Some(entry) = policy.entry(*indicator) else {
                continue;
            };
            let instants = instants(&entry.baseline, at);
            let asked: Vec<i64> = instants.iter().flat_map(|at| hours(*at)).collect();
            let has_values = |(_, area): &(usize, &Area)| area.level <= entry.grain.space;
            let areas: Vec<(usize, &Area)> = policy.kept().filter(has_values).collect();
            let codes: Vec<&str> = areas.iter().map(|(_, area)| area.code.as_str()).collect();
            let key = (entry.code.as_str(), codes.as_slice());
            let found = store::values::at(self.db.read(), key, Step::Hour, &asked).await?;
            for (area, of_area) in areas {
                let own: Vec<&ValueRow> = found
                    .iter()
                    .filter(|row| row.area == of_area.code.as_str())
                    .collect();
                let values: Vec<f64> = instants
                    .iter()
                    .map(|at| value_at(&within(entry, &own, *at), *at))
                    .collect();
                usual.push((*indicator, area, baseline(&entry.baseline, &values, at)));
            }
        }
        Ok(usual)
    }

    /// What was usual at these instants.
    pub(super) async fn usual_at(
        &self,
        entry: &IndicatorEntry,
        area: &str,
        times: &[i64],
    ) -> Result<Vec<Option<Baseline>>, VitalsError> {
        if entry.baseline.is_none() {
            return Ok(vec![None; times.len()]);
        }
        let mut asked: Vec<i64> = times
            .iter()
            .flat_map(|at| instants(&entry.baseline, *at))
            .flat_map(hours)
            .collect();
        asked.sort_unstable();
        asked.dedup();
        let mut found = Vec::new();
        for piece in asked.chunks(500) {
            let conn = self.db.read();
            let key = (entry.code.as_str(), &[area][..]);
            found.extend(store::values::at(conn, key, Step::Hour, piece).await?);
        }
        found.sort_unstable_by_key(|row| row.of_at);
        let usual = |at: &i64| {
            let values: Vec<f64> = instants(&entry.baseline, *at)
                .iter()
                .map(|instant| {
                    let from = found.partition_point(|row| row.of_at < instant - 2 * HOUR);
                    let near: Vec<&ValueRow> = found
                        .iter()
                        .skip(from)
                        .take_while(|row| row.of_at <= instant + 2 * HOUR)
                        .collect();
                    value_at(&within(entry, &near, *instant), *instant)
                })
                .collect();
            baseline(&entry.baseline, &values, *at)
        };
        Ok(times.iter().map(usual).collect())
    }
}

/// The instants whose values say what is usual at one.
fn instants(spec: &BaselineSpec, at: i64) -> Vec<i64> {
    match spec {
        BaselineSpec::SameWeekday(SameWeekday { weeks, .. }) => {
            weekday_instants(at, *weeks).collect()
        }
        BaselineSpec::YearOnYear => year_before(at, UTC_OFFSET_MINUTES).into_iter().collect(),
        BaselineSpec::None | BaselineSpec::Fixed(_) | BaselineSpec::Plan(_) => Vec::new(),
    }
}

/// The hours whose last values may lie around an instant.
fn hours(at: i64) -> [i64; 3] {
    let own = Step::Hour.begin(at);
    [own - HOUR, own, own + HOUR]
}

fn baseline(spec: &BaselineSpec, values: &[f64], at: i64) -> Option<Baseline> {
    match spec {
        BaselineSpec::None => None,
        BaselineSpec::Fixed(value) => Some(Baseline::fixed(*value)),
        BaselineSpec::SameWeekday(weeks) => same_weekday(values, *weeks),
        BaselineSpec::YearOnYear => {
            let known = values.iter().copied().find(|value| value.is_finite());
            known.map(Baseline::fixed)
        }
        BaselineSpec::Plan(plan) => plan_at(plan, at, UTC_OFFSET_MINUTES)
            .ok()
            .map(Baseline::fixed),
    }
}

/// What is counted up within a day begins anew at midnight: of such an indicator only values of the same day are near.
fn within<'a>(entry: &IndicatorEntry, rows: &[&'a ValueRow], at: i64) -> Vec<&'a ValueRow> {
    let is_daily = entry.grain.time == TimeGrain::Day;
    let day = Step::Day.begin(at);
    let near = rows.iter().copied();
    near.filter(|row| !is_daily || Step::Day.begin(row.of_at) == day)
        .collect()
}

/// On the straight line between the values around an instant; else the nearest, where one is near.
pub(super) fn value_at(rows: &[&ValueRow], at: i64) -> f64 {
    let before = rows.iter().filter(|row| row.of_at <= at);
    let before = before.max_by_key(|row| row.of_at);
    let after = rows.iter().filter(|row| row.of_at > at);
    let after = after.min_by_key(|row| row.of_at);
    let is_near = |row: &&&ValueRow| (row.of_at - at).abs() <= NEAR;
    match (before.filter(is_near), after.filter(is_near)) {
        (Some(before), Some(after)) => {
            let part = (at - before.of_at) as f64 / (after.of_at - before.of_at) as f64;
            before.value + part * (after.value - before.value)
        }
        (Some(one), None) | (None, Some(one)) => one.value,
        (None, None) => f64::NAN,
    }
}
