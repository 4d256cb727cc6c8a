//! The past made complete by itself: where values came that are older than a pass could grade, what is measured by what
//! was usual is computed again, and the index of those hours with it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use yiwang_kernel::{Timestamp, from_micros, micros};
use yiwang_store::Tx;
use yiwang_vital_rules::{
    CityPart, DomainPart, Formula, IndicatorEntry, Measured, city_score, domain_score,
};

use super::VitalsService;
use super::past::BACK_MAX;
use crate::error::VitalsError;
use crate::facts::{DAY, HOUR};
use crate::policy::Policy;
use crate::store;
use crate::store::states::INDEX;
use crate::store::values::{Step, ValueRow};

/// Under names that begin so stands from when on something is to be computed again.
const PAST: &str = "past:";
/// Values that are older than this came too late for a pass.
pub(super) const LATE: i64 = 2 * HOUR;
/// While more of a past may still be on its way, nothing is begun.
const QUIET: i64 = 15_000_000;
/// Indicators of one run.
const AT_ONCE: usize = 8;

/// Notes that the past of these has to be computed again.
pub(super) async fn note_past(
    tx: &Tx,
    codes: impl Iterator<Item = &str>,
    from: i64,
    now: i64,
) -> Result<(), VitalsError> {
    for code in codes {
        let key = format!("{PAST}{code}");
        let known = store::mark(tx, &key).await?;
        let known = known.as_deref().and_then(read_mark);
        let from = known.map_or(from, |(known, _)| known.min(from));
        store::note(tx, &key, &format!("{from} {now}")).await?;
    }
    Ok(())
}

fn read_mark(mark: &str) -> Option<(i64, i64)> {
    let (from, heard) = mark.split_once(' ')?;
    Some((from.parse().ok()?, heard.parse().ok()?))
}

/// Whose values of the past need more than themselves: what was usual, or the cases of that time.
pub(super) fn needs_past(entry: &IndicatorEntry) -> bool {
    let is_relative = || entry.thresholds.iter().any(|set| set.on != Measured::Value);
    match &entry.formula {
        Some(Formula::Cases(_)) => true,
        Some(Formula::Feed(_)) => is_relative(),
        _ => false,
    }
}

impl VitalsService {
    /// Computes what was noted again, some at a time, and at last the index; answers how much was done.
    pub(crate) async fn complete_past(&self, now: Timestamp) -> Result<usize, VitalsError> {
        let at = micros(now);
        let marks = store::marks(self.db.read(), PAST).await?;
        let marks = marks.into_iter().filter_map(|(name, mark)| {
            let code = name.strip_prefix(PAST)?.to_owned();
            Some((code, read_mark(&mark)?, mark))
        });
        let (index, codes): (Vec<_>, Vec<_>) = marks.partition(|(code, ..)| code == INDEX);
        let is_busy = codes
            .iter()
            .chain(&index)
            .any(|(_, (_, heard), _)| *heard > at - QUIET);
        // A part of the cases is not the past's.
        if is_busy || !self.sources().has_all_cases {
            return Ok(0);
        }
        let mut done = 0;
        for (code, (from, _), mark) in codes.into_iter().take(AT_ONCE) {
            let from = from.max(at - BACK_MAX + HOUR);
            match self.compute_again(&code, from_micros(from), now).await {
                // It may be gone or have another formula by now.
                Ok(_) | Err(VitalsError::NotFound(_) | VitalsError::NotStored { .. }) => {}
                Err(error) => return Err(error),
            }
            self.done_with(code, mark, Some(from), at).await?;
            done += 1;
        }
        if done == 0
            && let Some((code, (from, _), mark)) = index.into_iter().next()
        {
            let from = from.max(at - BACK_MAX + HOUR);
            done += self.index_of_past(from, at).await?;
            self.done_with(code, mark, None, at).await?;
        }
        Ok(done)
    }

    /// Strikes a mark out, unless more came meanwhile; the index of that time follows.
    async fn done_with(
        &self,
        code: String,
        mark: String,
        index_from: Option<i64>,
        now: i64,
    ) -> Result<(), VitalsError> {
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    store::strike(tx, &format!("{PAST}{code}"), &mark).await?;
                    if let Some(from) = index_from {
                        note_past(tx, std::iter::once(INDEX), from, now - QUIET).await?;
                    }
                    Ok::<_, VitalsError>(())
                })
            })
            .await
    }

    /// The index and the domains' scores of hours that have none; answers how many hours.
    async fn index_of_past(&self, from: i64, now: i64) -> Result<usize, VitalsError> {
        let live = self.live.read().await;
        let policy = Arc::clone(&live.policy);
        drop(live);
        let mut hours = 0;
        for (area, of_area) in policy.kept() {
            let mut last: HashMap<String, ValueRow> = HashMap::new();
            let mut day = Step::Day.begin(from);
            while day < now {
                let span = (day.max(from), (day + DAY).min(now - HOUR));
                let rows = self
                    .index_of_day(&policy, (area, of_area.code.as_str()), span, &mut last)
                    .await?;
                hours += rows.iter().filter(|row| row.indicator == INDEX).count();
                if !rows.is_empty() {
                    self.db
                        .write(move |tx| {
                            Box::pin(async move {
                                store::values::put(tx, &rows, now).await?;
                                Ok::<_, VitalsError>(())
                            })
                        })
                        .await?;
                }
                day += DAY;
            }
        }
        Ok(hours)
    }

    async fn index_of_day(
        &self,
        policy: &Policy,
        (area, code): (usize, &str),
        (from, to): (i64, i64),
        last: &mut HashMap<String, ValueRow>,
    ) -> Result<Vec<ValueRow>, VitalsError> {
        if from >= to {
            return Ok(Vec::new());
        }
        let first = Step::Hour.begin(from);
        let instants: Vec<i64> = (0..24)
            .map(|hour| first + hour * HOUR)
            .take_while(|at| *at < to)
            .collect();
        let entries = policy.indicators.iter();
        let codes: Vec<&str> = entries.map(|each| each.entry.code.as_str()).collect();
        let conn = self.db.read();
        let rows = store::values::of_area(conn, code, &codes, (Step::Hour, &instants)).await?;
        let known = store::values::at(conn, (INDEX, &[code]), Step::Hour, &instants).await?;
        let known: HashSet<i64> = known
            .iter()
            .map(|row| Step::Hour.begin(row.of_at))
            .collect();
        let mut by_hour: BTreeMap<i64, Vec<ValueRow>> = BTreeMap::new();
        for row in rows {
            by_hour
                .entry(Step::Hour.begin(row.of_at))
                .or_default()
                .push(row);
        }
        let mut found = Vec::new();
        for at in instants {
            for row in by_hour.remove(&at).into_iter().flatten() {
                last.insert(row.indicator.clone(), row);
            }
            if !known.contains(&at) {
                found.extend(scores(policy, (area, code), at, last));
            }
        }
        Ok(found)
    }
}

/// The scores of an hour, by the last scores of the indicators that were not too old.
fn scores(
    policy: &Policy,
    (area, code): (usize, &str),
    at: i64,
    last: &HashMap<String, ValueRow>,
) -> Vec<ValueRow> {
    let end = at + HOUR;
    let part = |indicator: usize| {
        let entry = policy.entry(indicator)?;
        let row = last.get(&entry.code)?;
        let score = row
            .score
            .filter(|_| row.of_at >= end - entry.lag() - HOUR)?;
        Some(DomainPart {
            weight: entry.weight,
            score: Some(score),
            is_veto: entry.veto,
        })
    };
    let row = |indicator: String, score: f64| ValueRow {
        indicator,
        area: code.to_owned(),
        of_at: at,
        value: score,
        weight: 1.0,
        grade: None,
        score: Some(score),
        version: 0,
    };
    let (mut rows, mut parts) = (Vec::new(), Vec::new());
    for (place, domain) in policy.domains.iter().enumerate() {
        let members = policy.engine.members(place, area);
        let members: Vec<DomainPart> = members.filter_map(part).collect();
        let Some(score) = domain_score(&members, &policy.index).score else {
            continue;
        };
        rows.push(row(format!("{INDEX}.{}", domain.code), score));
        let weight = policy.index.weights.get(&domain.code).copied();
        parts.push(CityPart {
            weight: weight.unwrap_or(0.0),
            score: Some(score),
        });
    }
    let city = city_score(&parts, &policy.index).score;
    rows.extend(city.map(|score| row(INDEX.to_owned(), score)));
    rows
}
