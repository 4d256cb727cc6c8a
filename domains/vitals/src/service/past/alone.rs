//! One indicator alone, hour by hour as of then, by the engine that computes what is of now.
//!
//! What happened is known: cases and alarms with their instants, readings, and what was sent. Where it happened is known as
//! of today: the areas, the devices and what they are.

use std::sync::Arc;

use yiwang_contracts::{AlarmFacts, Span};
use yiwang_kernel::{Timestamp, from_micros};
use yiwang_vital_rules::{Cell, Derived, Duration, Feed, Formula, IndicatorEntry, RowKind};

use super::super::{VitalsService, gather};
use super::known::{Known, Then, as_of};
use super::readings::span;
use super::{Point, too_much};
use crate::error::VitalsError;
use crate::facts::HOUR;
use crate::policy::{Policy, Versioned};
use crate::store;
use crate::store::values::Step;

/// Values of one indicator in one area that are read.
const KEPT_MAX: u64 = 20_000;

impl VitalsService {
    /// Every whole hour of a stretch, and its last instant: what was known at its end stays known.
    pub(super) async fn of_facts(
        &self,
        policy: &Policy,
        version: &Versioned,
        stretch: (i64, i64),
    ) -> Result<Vec<Point>, VitalsError> {
        let alone = alone(policy, version)?;
        let first = (stretch.0 + HOUR - 1).div_euclid(HOUR) * HOUR;
        let hours: Arc<[i64]> = (0..)
            .map(|hour| first + hour * HOUR)
            .take_while(|at| *at < stretch.1 - 1)
            .chain(std::iter::once(stretch.1 - 1))
            .collect();
        let then = self.then(&alone, &hours).await?;
        let counting = move || {
            let points = hours.iter().enumerate();
            let points = points.flat_map(|(place, at)| as_of(&alone, &then, place, *at));
            // What was observed before the stretch is of the stretch before it.
            points.filter(|(_, at, ..)| *at >= stretch.0).collect()
        };
        Ok(tokio::task::spawn_blocking(counting).await?)
    }

    async fn then(&self, alone: &Policy, hours: &Arc<[i64]>) -> Result<Then, VitalsError> {
        let mut then = Then::default();
        for (row, of_row) in alone.engine.graph().rows().iter().enumerate() {
            let Some(entry) = alone.entry(of_row.indicator) else {
                continue;
            };
            let known = if of_row.kind == RowKind::Indicator && of_row.indicator > 0 {
                self.kept(alone, entry, hours).await?
            } else if let Some(formula) = alone.formula(row) {
                self.known(alone, entry, formula, hours, &mut then).await?
            } else {
                continue;
            };
            then.rows.push((row, known));
        }
        Ok(then)
    }

    async fn known(
        &self,
        alone: &Policy,
        entry: &IndicatorEntry,
        formula: &Formula,
        hours: &Arc<[i64]>,
        then: &mut Then,
    ) -> Result<Known, VitalsError> {
        let not_stored = |reason| VitalsError::not_stored(&entry.code, reason);
        Ok(match formula {
            Formula::Cases(cases) => {
                let sources = self.sources();
                if !sources.has_all_cases {
                    return Err(not_stored(
                        "not all cases are read yet; ask again in a minute",
                    ));
                }
                if then.cases.is_empty() {
                    then.cases = sources.cases.values().cloned().collect();
                }
                Known::Cases(cases.clone())
            }
            Formula::Alarms(alarms) => {
                let back = alarms.within.map_or(0, Duration::as_micros);
                let known = self.alarms_since(span(hours, back).from).await?;
                // Of two rows the one that looks further back has all of the other's.
                if known.len() >= then.alarms.len() {
                    then.alarms = known;
                }
                then.devices = self.asks.devices.heard(at(hours.last()));
                Known::Alarms(alarms.clone())
            }
            Formula::Last(last) => Known::Last(last.clone(), self.last_of(last, hours).await?),
            Formula::Window(window) => {
                Known::Window(window.clone(), self.windows_of(window, hours).await?)
            }
            Formula::Feed(feed) => self.sent(alone, entry, feed, hours).await?,
            Formula::Devices(_) | Formula::Feeds(_) => {
                return Err(not_stored(
                    "how devices and feeds were heard then is not kept",
                ));
            }
            Formula::Sql(_) | Formula::Derived(_) => {
                return Err(not_stored("it is no fact within an expression"));
            }
        })
    }

    async fn alarms_since(&self, since: i64) -> Result<Vec<AlarmFacts>, VitalsError> {
        let most = gather::ALARMS_MAX;
        let alarms = self.asks.alarms.alarms(from_micros(since), most).await?;
        if alarms.len() >= most as usize {
            let message = format!("there were {most} alarms or more; choose a later from");
            return Err(too_much("vitals.recompute.alarms", message));
        }
        Ok(alarms)
    }

    /// What a department sent, from before the first hour on.
    async fn sent(
        &self,
        alone: &Policy,
        entry: &IndicatorEntry,
        feed: &Feed,
        hours: &Arc<[i64]>,
    ) -> Result<Known, VitalsError> {
        let Span { from, .. } = span(hours, entry.lag());
        let mut cells: Vec<(usize, Vec<Cell>)> = Vec::new();
        for value in self.sent_since(&feed.feed, from).await? {
            let Some(area) = alone.area(&value.area) else {
                continue;
            };
            let cell = Cell {
                value: value.value,
                weight: 1.0,
                at: value.at,
            };
            match cells.iter_mut().find(|(own, _)| *own == area) {
                Some((_, own)) => own.push(cell),
                None => cells.push((area, vec![cell])),
            }
        }
        Ok(Known::Cells(cells))
    }

    /// What was kept of another indicator.
    async fn kept(
        &self,
        alone: &Policy,
        entry: &IndicatorEntry,
        hours: &Arc<[i64]>,
    ) -> Result<Known, VitalsError> {
        let Span { from, to } = span(hours, entry.lag());
        let mut cells = Vec::new();
        for (area, of_area) in alone.kept() {
            let key = (entry.code.as_str(), of_area.code.as_str());
            let step = Step::FiveMinutes;
            let rows =
                store::values::series(self.db.read(), key, step, (from, to), KEPT_MAX).await?;
            let cell = |row: store::values::ValueRow| Cell {
                value: row.value,
                weight: row.weight,
                at: row.of_at,
            };
            cells.push((area, rows.into_iter().map(cell).collect()));
        }
        Ok(Known::Cells(cells))
    }
}

fn at(hour: Option<&i64>) -> Timestamp {
    from_micros(hour.copied().unwrap_or_default())
}

/// The city with this indicator alone, and those that it is derived from, which stand for what was kept of them.
fn alone(policy: &Policy, version: &Versioned) -> Result<Policy, VitalsError> {
    let mut indicators = vec![version.clone()];
    if let Some(Formula::Derived(Derived { uses, .. })) = &version.entry.formula {
        for code in uses {
            let used = policy.indicator(code);
            let Some(used) = used.and_then(|place| policy.indicators.get(place)) else {
                let reason = "it is derived from an indicator that is not there any more";
                return Err(VitalsError::not_stored(&version.entry.code, reason));
            };
            let mut used = used.clone();
            used.entry.rollup = None;
            used.entry.formula = Some(Formula::Feed(Feed {
                feed: String::new(),
            }));
            indicators.push(used);
        }
    }
    policy.with(indicators).map_err(VitalsError::BrokenOff)
}
