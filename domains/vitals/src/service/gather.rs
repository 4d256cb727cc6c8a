//! Facts for the rows that are due: asked of other domains, and counted on a thread of its own.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError};

use yiwang_contracts::{AlarmFacts, DeviceHeard, LastValue, Sample, Series, Span};
use yiwang_kernel::{Timestamp, from_micros, micros};
use yiwang_vital_rules::{Cell, Feed, Feeds, Formula, Last, Window};

use super::{Sources, VitalsService};
use crate::error::VitalsError;
use crate::facts::{self, Cells, DAY, DeviceNumber, Shape, Spread};
use crate::policy::Policy;

/// Alarms that are looked at.
pub(super) const ALARMS_MAX: u32 = 50_000;
/// How far back alarms are asked for.
const ALARMS_BACK: i64 = 31 * DAY;
/// Devices whose readings are looked through for one row.
const DEVICES_MAX: usize = 2_000;
/// Readings of one device within one window.
pub(super) const SAMPLES_MAX: usize = 20_000;

/// What other domains said for one pass.
#[derive(Default)]
pub(super) struct Facts {
    pub heard: Vec<DeviceHeard>,
    pub alarms: Vec<AlarmFacts>,
    /// By profile and property.
    pub last: HashMap<(String, String), Vec<LastValue>>,
    /// By row.
    pub windows: HashMap<usize, Vec<DeviceNumber>>,
}

impl VitalsService {
    /// Asks for all that the rows need.
    pub(super) async fn gather(
        &self,
        policy: &Policy,
        rows: &[usize],
        now: Timestamp,
    ) -> Result<Facts, VitalsError> {
        let formulas = || {
            rows.iter()
                .filter_map(|row| Some((*row, policy.formula(*row)?)))
        };
        let mut facts = Facts::default();
        let needs_heard = |(_, formula): (usize, &Formula)| {
            matches!(formula, Formula::Devices(_) | Formula::Alarms(_))
        };
        if formulas().any(needs_heard) {
            facts.heard = self.asks.devices.heard(now);
        }
        if formulas().any(|(_, formula)| matches!(formula, Formula::Alarms(_))) {
            let since = from_micros(micros(now) - ALARMS_BACK);
            facts.alarms = self.asks.alarms.alarms(since, ALARMS_MAX).await?;
        }
        for (row, formula) in formulas() {
            match formula {
                Formula::Last(last) => {
                    for profile in &last.profiles {
                        let key = (profile.clone(), last.property.clone());
                        facts.last.entry(key).or_insert_with(|| {
                            self.asks.devices.last_values(profile, &last.property)
                        });
                    }
                }
                Formula::Window(window) => {
                    let numbers = self.window(window, micros(now)).await?;
                    facts.windows.insert(row, numbers);
                }
                _ => {}
            }
        }
        Ok(facts)
    }

    /// One number of each device's readings within a window.
    async fn window(&self, window: &Window, now: i64) -> Result<Vec<DeviceNumber>, VitalsError> {
        let length = window.window.as_micros();
        let back = window
            .highest_within
            .map_or(length, |within| within.as_micros() + length);
        let span = Span {
            from: now - back,
            to: now + 1,
        };
        let mut numbers = Vec::new();
        for device in self.devices_of(&window.profiles, &window.devices, &window.property) {
            let series = Series::new(&device.device, &window.property);
            // What is older than the window has nothing to say; its readings are not asked for.
            let samples = if device.last.is_some_and(|(at, _)| at >= span.from) {
                let asked = self.asks.history.samples(&series, span, true, SAMPLES_MAX);
                asked.await?
            } else {
                Vec::new()
            };
            let value = number(window, &samples, now);
            numbers.push(DeviceNumber {
                area: device.area,
                attributes: device.attributes,
                value,
            });
        }
        Ok(numbers)
    }

    /// The devices whose readings a row is counted from: of these kinds, of each so many at most, and only these by code
    /// where any are named.
    pub(super) fn devices_of(
        &self,
        profiles: &[String],
        codes: &[String],
        property: &str,
    ) -> Vec<LastValue> {
        let profiles: BTreeSet<&String> = profiles.iter().collect();
        let of_profile = |profile: &String| {
            let devices = self.asks.devices.last_values(profile, property);
            let wanted = devices.into_iter().filter(|device| is_named(codes, device));
            wanted.take(DEVICES_MAX)
        };
        profiles.into_iter().flat_map(of_profile).collect()
    }
}

fn is_named(codes: &[String], device: &LastValue) -> bool {
    codes.is_empty() || codes.iter().any(|code| **code == *device.device)
}

/// A window's number of one device as of an instant, by its readings until then.
pub(super) fn number(window: &Window, samples: &[Sample], now: i64) -> Option<(i64, f64)> {
    match window.highest_within {
        Some(within) => {
            let lengths = (window.window.as_micros(), within.as_micros());
            facts::highest(window.per_device, samples, lengths, now)
        }
        None => facts::per_device(window.per_device, samples.iter()),
    }
}

/// Counts: the cells of all rows. Blocking.
pub(super) fn count(
    policy: &Policy,
    rows: &[usize],
    facts: &Facts,
    sources: &Arc<std::sync::RwLock<Sources>>,
    now: i64,
) -> Vec<(usize, usize, Cell)> {
    let sources = sources.read().unwrap_or_else(PoisonError::into_inner);
    let book: Vec<&yiwang_contracts::CaseFacts> = sources.cases.values().collect();
    let mut cells = Vec::new();
    for row in rows {
        let (Some(formula), Some(of_row)) =
            (policy.formula(*row), policy.engine.graph().rows().get(*row))
        else {
            continue;
        };
        let entry = policy.entry(of_row.indicator);
        let shape = Shape {
            space: of_row.space,
            rolls: of_row.rollup.is_some(),
        };
        let of_row = match formula {
            // A part of the cases is not the city's.
            Formula::Cases(_) if !sources.has_all_cases => Vec::new(),
            Formula::Cases(cases) => facts::cases(cases, &book, policy, shape, now),
            Formula::Alarms(alarms) => {
                facts::alarms(alarms, &facts.alarms, &facts.heard, policy, shape, now)
            }
            Formula::Devices(devices) => facts::devices(devices, &facts.heard, policy, shape, now),
            Formula::Last(last) => last_cells(last, facts, policy, shape, now),
            Formula::Window(window) => {
                let numbers = facts.windows.get(row).map_or(&[][..], Vec::as_slice);
                facts::spread(of_window(window), numbers, policy, shape, now)
            }
            Formula::Feed(feed) => feed_cells(feed, &sources, policy),
            Formula::Feeds(feeds) => fresh_cells(*feeds, &sources, policy, now),
            Formula::Sql(_) => entry.map_or_else(Vec::new, |entry| {
                answered_cells(&entry.code, &sources, policy, shape)
            }),
            Formula::Derived(_) => Vec::new(),
        };
        cells.extend(of_row.into_iter().map(|(area, cell)| (*row, area, cell)));
    }
    cells
}

pub(super) fn of_window(window: &Window) -> Spread<'_> {
    Spread {
        aggregate: window.aggregate,
        condition: window.condition.as_ref(),
        oldest: i64::MIN,
        scale: window.scale,
    }
}

fn last_cells(last: &Last, facts: &Facts, policy: &Policy, shape: Shape, now: i64) -> Cells {
    let mut numbers = Vec::new();
    for profile in &last.profiles {
        let key = (profile.clone(), last.property.clone());
        let devices = facts.last.get(&key).into_iter().flatten();
        let wanted = devices.filter(|device| is_named(&last.devices, device));
        numbers.extend(wanted.map(|device| DeviceNumber {
            area: device.area.clone(),
            attributes: device.attributes.clone(),
            value: device.last,
        }));
    }
    facts::spread(of_last(last, now), &numbers, policy, shape, now)
}

pub(super) fn of_last(last: &Last, now: i64) -> Spread<'_> {
    Spread {
        aggregate: last.aggregate,
        condition: last.condition.as_ref(),
        oldest: last.max_age.map_or(i64::MIN, |age| now - age.as_micros()),
        scale: last.scale,
    }
}

/// The last answer's numbers; what is wrong with it was told when it came.
fn answered_cells(code: &str, sources: &Sources, policy: &Policy, shape: Shape) -> Cells {
    let answered = sources.answers.get(code);
    let figures = answered.and_then(|answered| answered.figures.as_ref());
    let cells = figures.map(|(at, figures)| facts::sql(figures, policy, shape, *at));
    cells.and_then(Result::ok).unwrap_or_default()
}

fn feed_cells(feed: &Feed, sources: &Sources, policy: &Policy) -> Cells {
    let values = sources.feeds.get(&feed.feed).into_iter().flatten();
    let cell = |(area, (at, value)): (&String, &(i64, f64))| {
        let cell = Cell {
            value: *value,
            weight: 1.0,
            at: *at,
        };
        Some((policy.area(area)?, cell))
    };
    values.filter_map(cell).collect()
}

/// Each feed is as fresh as the strictest indicator that reads it asks for.
fn fresh_cells(feeds: Feeds, sources: &Sources, policy: &Policy, now: i64) -> Cells {
    let is_fresh = |(feed, readers): (&String, &Vec<usize>)| {
        let lags = readers.iter().filter_map(|place| policy.entry(*place));
        let lag = lags.map(yiwang_vital_rules::IndicatorEntry::lag).min();
        let newest = sources.feeds.get(feed).into_iter().flatten();
        let newest = newest.map(|(_, (at, _))| *at).max();
        newest.zip(lag).is_some_and(|(at, lag)| at >= now - lag)
    };
    let fresh: Vec<bool> = policy.feeds.iter().map(is_fresh).collect();
    facts::feeds(feeds, &fresh, policy, now)
}
