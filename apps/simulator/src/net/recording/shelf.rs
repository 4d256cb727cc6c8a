//! The recordings of a folder and the window of them that is held.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Context;
use jiff::civil::DateTime;
use tokio_util::sync::CancellationToken;

use super::calendar::floor;
use super::faults::Faults;
use super::folder::{Source, sources};
use super::survey::Survey;
use super::{DAY_MINUTES, Kind, Recording, Values, reader};

/// Days before and after now that are held.
const DAYS_BEFORE: i32 = 9;
const DAYS_AFTER: i32 = 2;
/// Steps before and after that are held at most, of what is recorded by the minute.
const STEPS_MAX: i32 = 3_000;

/// Values by recorded time.
type Window = BTreeMap<DateTime, Values>;

/// All recordings of a folder.
#[derive(Debug)]
pub(in crate::net) struct Shelf {
    sources: Vec<Source>,
    recordings: Vec<Recording>,
    windows: RwLock<Arc<Vec<Window>>>,
    /// Reading ends with it.
    stop: CancellationToken,
}

impl Shelf {
    /// Looks through all files of the folder, and says in the log what is there and what is wrong with it. Blocks.
    pub(in crate::net) fn open(
        folder: &Path,
        now: DateTime,
        stop: CancellationToken,
    ) -> anyhow::Result<Self> {
        let cannot = || format!("the recordings in {} cannot be listed", folder.display());
        let (sources, is_cut) = sources(folder).with_context(cannot)?;
        if is_cut {
            tracing::warn!("{} has more files than are looked at", folder.display());
        }
        let mut survey = Survey::default();
        let mut tables = Vec::new();
        for source in sources {
            let mut faults = Faults::of(source.name.clone());
            let file = tables.len();
            let is_table = read(&source, &mut faults, |row| {
                survey.row(file, row);
                on(&stop)
            });
            tell(&faults);
            if is_table {
                tables.push(source);
            } else {
                tracing::debug!("{} holds no table of measurements", source.name);
            }
        }
        if survey.is_full {
            tracing::warn!("{} has more stations than are played", folder.display());
        }
        let names: Vec<String> = tables.iter().map(|source| source.name.clone()).collect();
        let (recordings, told) = survey.recordings(&names);
        for words in told {
            tracing::warn!("not played: {words}");
        }
        let shelf = Self {
            sources: tables,
            recordings,
            windows: RwLock::default(),
            stop,
        };
        shelf.turn(now);
        Ok(shelf)
    }

    pub(in crate::net) fn recordings(&self) -> &[Recording] {
        &self.recordings
    }

    /// Reads the values around now, and lets go of those that were held. Blocks.
    pub(in crate::net) fn turn(&self, now: DateTime) {
        let wanted: Vec<BTreeSet<DateTime>> = self
            .recordings
            .iter()
            .map(|recording| wanted(recording, now))
            .collect();
        let places: HashMap<(Kind, &str), usize> = self
            .recordings
            .iter()
            .enumerate()
            .map(|(at, recording)| ((recording.kind, recording.key.as_str()), at))
            .collect();
        let mut windows: Vec<Window> = vec![Window::new(); self.recordings.len()];
        for (file, source) in self.sources.iter().enumerate() {
            // They were told when the folder was opened.
            let mut faults = Faults::default();
            read(source, &mut faults, |row| {
                let at = places.get(&(row.kind, row.station)).copied();
                if let Some(at) = at
                    && let (Some(recording), Some(wanted), Some(window)) =
                        (self.recordings.get(at), wanted.get(at), windows.get_mut(at))
                    && recording.files.contains(&file)
                {
                    let time = floor(row.time, recording.step);
                    if wanted.contains(&time) {
                        keep(window.entry(time).or_default(), row);
                    }
                }
                on(&self.stop)
            });
        }
        let mut held = self.windows.write().unwrap_or_else(PoisonError::into_inner);
        *held = Arc::new(windows);
    }

    /// What is played of a recording in the step that begins at this time of now.
    pub(in crate::net) fn values(&self, recording: usize, at: DateTime) -> Values {
        let held = self.windows.read().unwrap_or_else(PoisonError::into_inner);
        let windows = Arc::clone(&held);
        drop(held);
        let found = self.recordings.get(recording).and_then(|known| {
            let time = known.span.recorded(at);
            windows.get(recording)?.get(&time).cloned()
        });
        found.unwrap_or_default()
    }
}

/// Of two files that say different things the first by name is believed.
fn keep(values: &mut Values, row: &reader::Row<'_>) {
    for (quantity, stat, value) in row.values {
        values.entry((*quantity, *stat)).or_insert(*value);
    }
}

fn on(stop: &CancellationToken) -> ControlFlow<()> {
    if stop.is_cancelled() {
        ControlFlow::Break(())
    } else {
        ControlFlow::Continue(())
    }
}

fn wanted(recording: &Recording, now: DateTime) -> BTreeSet<DateTime> {
    let a_day = i32::from(DAY_MINUTES / recording.step.max(1));
    let before = (DAYS_BEFORE * a_day).min(STEPS_MAX);
    let after = (DAYS_AFTER * a_day).min(STEPS_MAX);
    let here = floor(now, recording.step);
    let time = |step: i32| {
        let minutes = jiff::Span::new().minutes(i64::from(step) * i64::from(recording.step));
        let at = here.checked_add(minutes).ok()?;
        Some(recording.span.recorded(at))
    };
    (-before..=after).filter_map(time).collect()
}

fn read(
    source: &Source,
    faults: &mut Faults,
    each: impl FnMut(&reader::Row<'_>) -> ControlFlow<()>,
) -> bool {
    match File::open(&source.path) {
        Ok(file) => reader::read(file, &source.station, faults, each),
        Err(error) => {
            faults.file(format_args!("cannot be opened: {error}"));
            false
        }
    }
}

fn tell(faults: &Faults) {
    if faults.is_clean() {
        return;
    }
    let (name, cells, lines) = (&faults.name, faults.cells, faults.lines);
    tracing::warn!("{name}: {cells} cells and {lines} lines cannot be read and are left out");
    for words in &faults.told {
        tracing::warn!("{words}");
    }
}
