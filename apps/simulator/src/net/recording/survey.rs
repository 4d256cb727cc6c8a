//! What is in the files, without the values: stations, what they measure, from when to when, how often.

use std::collections::BTreeMap;

use jiff::civil::DateTime;

use super::reader::Row;
use super::{DAY_MINUTES, Kind, Quantity, Recording, Span};

/// Recorded stations and basins.
const RECORDINGS_MAX: usize = 256;
/// Different distances of rows that are counted.
const STEPS_MAX: usize = 16;
const HOUR_MINUTES: u16 = 60;
/// The values of all quantities are there at once for at least a year, or a longer time is taken than that.
const YEAR_DAYS: i32 = 365;

/// A station in one file.
#[derive(Debug, Default)]
struct Sighting {
    spans: BTreeMap<Quantity, Span>,
    /// How often which distance in minutes lay between two rows.
    steps: Vec<(i64, u64)>,
    last: Option<DateTime>,
}

/// All stations of all files.
#[derive(Debug, Default)]
pub(super) struct Survey {
    seen: BTreeMap<(Kind, String), BTreeMap<usize, Sighting>>,
    /// Stations beyond the bound were left out.
    pub is_full: bool,
}

impl Survey {
    /// Takes a row of the file with this number into account.
    pub(super) fn row(&mut self, file: usize, row: &Row<'_>) {
        let key = (row.kind, row.station.to_owned());
        if self.seen.len() >= RECORDINGS_MAX && !self.seen.contains_key(&key) {
            self.is_full = true;
            return;
        }
        let sighting = self.seen.entry(key).or_default().entry(file).or_default();
        if let Some(last) = sighting.last.replace(row.time)
            && last < row.time
        {
            let minutes = row.time.duration_since(last).as_mins();
            count(&mut sighting.steps, minutes);
        }
        for (quantity, ..) in row.values {
            let span = sighting.spans.entry(*quantity).or_insert(Span {
                first: row.time,
                last: row.time,
            });
            span.first = span.first.min(row.time);
            span.last = span.last.max(row.time);
        }
    }

    /// The recordings that can be played, and why others cannot.
    pub(super) fn recordings(self, names: &[String]) -> (Vec<Recording>, Vec<String>) {
        let (mut recordings, mut told) = (Vec::new(), Vec::new());
        for ((kind, key), sightings) in self.seen {
            let name = |file: &usize| names.get(*file).map_or("", String::as_str);
            let steps: BTreeMap<usize, u16> = sightings
                .iter()
                .filter_map(|(file, sighting)| Some((*file, sighting.step(kind)?)))
                .collect();
            let Some(step) = steps.values().min().copied() else {
                let file = sightings.keys().next().map_or("", name);
                told.push(format!("{file}: {key} {}", unplayable(kind)));
                continue;
            };
            let mut spans: BTreeMap<Quantity, Span> = BTreeMap::new();
            for (file, sighting) in &sightings {
                if steps.get(file) == Some(&step) {
                    join(&mut spans, &sighting.spans, step);
                } else {
                    let file = name(file);
                    told.push(format!(
                        "{file}: {key} is played every {step} minutes from other files"
                    ));
                }
            }
            let Some(span) = shared(&spans) else {
                told.push(format!("{key} has no value at all"));
                continue;
            };
            recordings.push(Recording {
                files: steps
                    .iter()
                    .filter(|(_, each)| **each == step)
                    .map(|(file, _)| *file)
                    .collect(),
                kind,
                key,
                step,
                span,
                quantities: spans.into_keys().collect(),
            });
        }
        (recordings, told)
    }
}

impl Sighting {
    /// The usual distance of rows, if values can be played at it.
    fn step(&self, kind: Kind) -> Option<u16> {
        let usual = self.steps.iter().max_by_key(|(_, times)| *times)?;
        let step = u16::try_from(usual.0).ok()?;
        let is_playable = match kind {
            Kind::Air => step == HOUR_MINUTES,
            Kind::Hydro => step > 0 && DAY_MINUTES.is_multiple_of(step),
        };
        is_playable.then_some(step)
    }
}

fn unplayable(kind: Kind) -> &'static str {
    match kind {
        Kind::Air => "has no hourly values, which are played of the air",
        Kind::Hydro => "has no regular step that a day is a multiple of",
    }
}

fn count(steps: &mut Vec<(i64, u64)>, minutes: i64) {
    if let Some((_, times)) = steps.iter_mut().find(|(each, _)| *each == minutes) {
        *times += 1;
    } else if steps.len() < STEPS_MAX {
        steps.push((minutes, 1));
    }
}

fn join(spans: &mut BTreeMap<Quantity, Span>, more: &BTreeMap<Quantity, Span>, step: u16) {
    for (quantity, span) in more {
        let (first, last) = (
            super::calendar::floor(span.first, step),
            super::calendar::floor(span.last, step),
        );
        let known = spans.entry(*quantity).or_insert(Span { first, last });
        known.first = known.first.min(first);
        known.last = known.last.max(last);
    }
}

/// The time of which all quantities are known, so that none is missing at its ends; the whole time where that would
/// leave less than a year of more.
fn shared(spans: &BTreeMap<Quantity, Span>) -> Option<Span> {
    let all = Span {
        first: spans.values().map(|span| span.first).min()?,
        last: spans.values().map(|span| span.last).max()?,
    };
    let common = Span {
        first: spans.values().map(|span| span.first).max()?,
        last: spans.values().map(|span| span.last).min()?,
    };
    let is_enough = common.first <= common.last && common.days() >= YEAR_DAYS.min(all.days());
    Some(if is_enough { common } else { all })
}
