//! The lake on its files: opened by one process at a time, appended to by any thread, asked by all.
//!
//! One lock covers the manifest and the tables together, so that whoever asks sees each row once, wherever it is.
//! It is held for swaps only. A second one is held while a batch goes to disk, a third while files are compacted.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, RwLock};
use std::time::Duration;

use datafusion::arrow::array::RecordBatch;
use yiwang_contracts::Point;
use yiwang_http::Metrics;
use yiwang_kernel::{Clock, micros};

use crate::batch::encode;
use crate::cell::Cell;
use crate::disk::Disk;
use crate::error::LakeError;
use crate::event::EventTable;
use crate::latest::Latest;
use crate::log::{Log, Pending, Tables, recover};
use crate::manifest::{self, Edit, Manifest};
use crate::part::Part;
use crate::reader::Reader;
use crate::settings::LakeSettings;
use crate::sync::{lock, read, write};
use crate::table::Table;
use crate::tally::Tally;
use crate::zone::{Zone, check_time};

/// Locked by the one process that writes.
const LOCK_FILE: &str = ".lock";
/// How often a lake is read again because it changed while it was read.
const READ_TRIES_MAX: u32 = 10;

/// The history of a city as files in a folder.
pub struct Lake {
    pub(crate) root: PathBuf,
    pub(crate) settings: LakeSettings,
    pub(crate) zone: Zone,
    pub(crate) disk: Disk,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) reader: Arc<Reader>,
    pub(crate) tally: Tally,
    pub(crate) points: Mutex<Log>,
    pub(crate) events: Mutex<Log>,
    pub(crate) state: RwLock<State>,
    pub(crate) work: Mutex<Work>,
    /// Held as long as the lake is open for writing.
    _lock: Option<File>,
}

/// What there is at one moment.
pub(crate) struct State {
    pub(crate) manifest: Arc<Manifest>,
    pub(crate) points: Tables<Table>,
    pub(crate) events: Tables<EventTable>,
    /// The last values of the series in parts.
    pub(crate) latest: Arc<Latest>,
}

/// What compaction keeps from one pass to the next.
pub(crate) struct Work {
    next_part: u64,
    /// Replaced files that somebody may still read.
    retired: Vec<Arc<Part>>,
}

/// What a question is answered from.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(crate) manifest: Arc<Manifest>,
    /// From the oldest to the newest.
    pub(crate) points: Vec<Arc<Table>>,
    pub(crate) events: Vec<Arc<EventTable>>,
    pub(crate) latest: Arc<Latest>,
}

/// A dataset that is appended to.
pub(crate) trait Appended: Pending + Sized {
    fn log(lake: &Lake) -> &Mutex<Log>;
    fn tables(state: &State) -> &Tables<Self>;
    fn tables_mut(state: &mut State) -> &mut Tables<Self>;
}

impl Appended for Table {
    fn log(lake: &Lake) -> &Mutex<Log> {
        &lake.points
    }

    fn tables(state: &State) -> &Tables<Self> {
        &state.points
    }

    fn tables_mut(state: &mut State) -> &mut Tables<Self> {
        &mut state.points
    }
}

impl Appended for EventTable {
    fn log(lake: &Lake) -> &Mutex<Log> {
        &lake.events
    }

    fn tables(state: &State) -> &Tables<Self> {
        &state.events
    }

    fn tables_mut(state: &mut State) -> &mut Tables<Self> {
        &mut state.events
    }
}

impl Lake {
    /// Opens the lake in a folder, for writing; makes it when there is none. What a crash left is put in order.
    pub fn open(
        root: &Path,
        settings: LakeSettings,
        clock: Arc<dyn Clock>,
        metrics: &Metrics,
    ) -> Result<Self, LakeError> {
        Self::open_on(Disk::default(), root, settings, clock, metrics)
    }

    pub(crate) fn open_on(
        disk: Disk,
        root: &Path,
        settings: LakeSettings,
        clock: Arc<dyn Clock>,
        metrics: &Metrics,
    ) -> Result<Self, LakeError> {
        let above = root.parent().unwrap_or(root);
        disk.make_folder(above, root)?;
        let lock = hold(root)?;
        let manifest = Manifest::load(root)?;
        let manifest = if let Some(manifest) = manifest {
            manifest
        } else {
            let found = crate::sweep::find(root, &Manifest::default())?;
            if let Some((path, _)) = found.parts.first() {
                // Without it every part would look like one that nobody names, and be removed.
                let why = format!("it is gone, and there are parts such as {}", path.display());
                return Err(LakeError::damaged(&root.join(manifest::FILE), why));
            }
            let manifest = Manifest::new(settings.zone_minutes);
            manifest.save(&disk, root)?;
            manifest
        };
        let missing = crate::sweep::sweep(&disk, root, &manifest)?;
        let lake = Self::with(disk, root, settings, clock, metrics, manifest, Some(lock))?;
        let now = micros(lake.clock.now());
        for path in missing {
            lake.tally
                .fault(now, format!("{} is missing", path.display()));
        }
        Ok(lake)
    }

    /// Opens the lake for reading, beside whoever writes to it; nothing is changed.
    pub fn open_to_read(
        root: &Path,
        mut settings: LakeSettings,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, LakeError> {
        let metrics = Metrics::new();
        for _ in 0..READ_TRIES_MAX {
            let Some(manifest) = Manifest::load(root)? else {
                return Err(LakeError::damaged(root, "there is no lake here"));
            };
            settings.zone_minutes = manifest.zone_minutes;
            let before = manifest.segments_from.clone();
            let clock = Arc::clone(&clock);
            let disk = Disk::default();
            let lake = Self::with(
                disk,
                root,
                settings.clone(),
                clock,
                &metrics,
                manifest,
                None,
            );
            // A segment that was compacted meanwhile is in the parts of the next manifest.
            let after = Manifest::load(root)?.map(|manifest| manifest.segments_from);
            if after.is_some_and(|after| after == before) {
                return lake;
            }
        }
        Err(LakeError::Interrupted(
            "the lake changed each time it was read".to_owned(),
        ))
    }

    fn with(
        disk: Disk,
        root: &Path,
        settings: LakeSettings,
        clock: Arc<dyn Clock>,
        metrics: &Metrics,
        manifest: Manifest,
        lock: Option<File>,
    ) -> Result<Self, LakeError> {
        if manifest.zone_minutes != settings.zone_minutes {
            return Err(LakeError::OtherZone {
                found: manifest.zone_minutes,
                wanted: settings.zone_minutes,
            });
        }
        let tally = Tally::new(metrics);
        let now = micros(clock.now());
        let reader = Arc::new(Reader::new(root, settings.cache_bytes));
        let writing = lock.is_some().then_some(&disk);
        let (points, point_tables) = open_log::<Table>(writing, root, &manifest, now, &tally)?;
        let (events, event_tables) = open_log::<EventTable>(writing, root, &manifest, now, &tally)?;
        let latest = Latest::load(root, &manifest);
        let latest = latest.unwrap_or_else(|fault| {
            tally.fault(now, format!("the last values are read from parts: {fault}"));
            Latest::scan(&manifest, &reader)
        });
        let next_part = manifest.next_part;
        Ok(Self {
            root: root.to_owned(),
            zone: Zone::minutes(settings.zone_minutes),
            settings,
            disk,
            clock,
            reader,
            tally,
            points: Mutex::new(points),
            events: Mutex::new(events),
            state: RwLock::new(State {
                manifest: Arc::new(manifest),
                points: point_tables,
                events: event_tables,
                latest: Arc::new(latest),
            }),
            work: Mutex::new(Work {
                next_part,
                retired: Vec::new(),
            }),
            _lock: lock,
        })
    }

    pub(crate) fn now(&self) -> i64 {
        micros(self.clock.now())
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let state = read(&self.state);
        Snapshot {
            manifest: Arc::clone(&state.manifest),
            points: state.points.all(),
            events: state.events.all(),
            latest: Arc::clone(&state.latest),
        }
    }

    /// Appends observations; they are on disk when this returns. On an error none of them is kept.
    pub fn append_points(&self, points: &[Point]) -> Result<(), LakeError> {
        if points.is_empty() {
            return Ok(());
        }
        let begun = self.now();
        let appended = self.try_append(points);
        let took = u64::try_from(self.now() - begun).unwrap_or(0);
        self.tally.append.observe(Duration::from_micros(took));
        match &appended {
            Ok(()) => self.tally.points.add(points.len() as u64),
            Err(_) => self.tally.refused.increment(),
        }
        appended
    }

    fn try_append(&self, points: &[Point]) -> Result<(), LakeError> {
        points.iter().try_for_each(|point| check_time(point.time))?;
        let cells: Vec<Cell> = points.iter().map(Cell::of).collect();
        let rows = points.iter().zip(&cells);
        let batch = encode(rows.map(|(point, cell)| (&*point.series, point.time, cell)))
            .map_err(LakeError::Encode)?;
        self.append::<Table>(&batch, |table| table.insert(points))
    }

    /// Writes a batch to the log's segment, then puts it into the table.
    pub(crate) fn append<T: Appended>(
        &self,
        batch: &RecordBatch,
        put: impl FnOnce(&T),
    ) -> Result<(), LakeError> {
        let mut log = lock(T::log(self));
        let mut active = self.active::<T>();
        if active.bytes() >= self.settings.seal_bytes {
            self.seal::<T>(&mut log)?;
            active = self.active::<T>();
        }
        log.append(&self.disk, batch)?;
        put(&active);
        if active.bytes() >= self.settings.seal_bytes {
            // Where there is no room for it, the next append says so.
            let _full = self.seal::<T>(&mut log);
        }
        Ok(())
    }

    fn active<T: Appended>(&self) -> Arc<T> {
        Arc::clone(&T::tables(&read(&self.state)).active)
    }

    /// Closes the open segment, so that it can be compacted.
    fn seal<T: Appended>(&self, log: &mut MutexGuard<'_, Log>) -> Result<(), LakeError> {
        let sealed = T::tables(&read(&self.state)).sealed.len();
        if sealed >= self.settings.sealed_max {
            return Err(LakeError::Behind { sealed });
        }
        let next = Arc::new(T::new(log.close(), self.now()));
        let mut state = write(&self.state);
        let tables = T::tables_mut(&mut state);
        let full = std::mem::replace(&mut tables.active, next);
        tables.sealed.push(full);
        Ok(())
    }

    /// Closes the open segment when it is old enough, or in any case.
    pub(crate) fn seal_due<T: Appended>(&self, in_any_case: bool) -> Result<(), LakeError> {
        let mut log = lock(T::log(self));
        let active = self.active::<T>();
        let after = i64::try_from(self.settings.seal_after.as_micros()).unwrap_or(i64::MAX);
        let is_due = in_any_case || self.now().saturating_sub(active.opened_at()) >= after;
        if active.rows() == 0 || !is_due {
            return Ok(());
        }
        match self.seal::<T>(&mut log) {
            // It is closed when there is room again.
            Err(LakeError::Behind { .. }) => Ok(()),
            outcome => outcome,
        }
    }

    /// The number of the next part. None is given twice, also not after a failure.
    pub(crate) fn next_part(work: &mut Work) -> u64 {
        let number = work.next_part;
        work.next_part += 1;
        number
    }

    /// Makes a change durable and then visible, in one step; then removes what it replaced. When it fails nothing
    /// has changed, and the parts that would have been added are gone.
    pub(crate) fn commit(
        &self,
        work: &mut Work,
        mut edit: Edit,
        swap: impl FnOnce(&mut State),
    ) -> Result<(), LakeError> {
        edit.compacted_at = Some(self.now());
        let current = Arc::clone(&read(&self.state).manifest);
        let next = current.with(&edit);
        if let Err(fault) = next.save(&self.disk, &self.root) {
            // The new manifest may be the one that a start would find. Only when the current one is surely there
            // again may the parts go that the new one names.
            match current.save(&self.disk, &self.root) {
                Ok(()) => self.discard(&edit.add),
                Err(again) => self.tally.fault(
                    self.now(),
                    format!(
                        "new parts stay until the next start, the manifest is not safe: {again}"
                    ),
                ),
            }
            return Err(fault);
        }
        {
            let mut state = write(&self.state);
            state.manifest = Arc::new(next);
            swap(&mut state);
        }
        drop(current);
        self.tally.compactions.increment();
        self.retire(work, edit.remove);
        Ok(())
    }

    /// Removes parts that never became live.
    pub(crate) fn discard(&self, parts: &[Part]) {
        for part in parts {
            if let Err(fault) = self.disk.remove(&self.root.join(part.path())) {
                self.tally
                    .fault(self.now(), format!("a new part stays: {fault}"));
            }
        }
    }

    /// Takes replaced files out of sight, and those away that nobody reads any more.
    pub(crate) fn retire(&self, work: &mut Work, parts: Vec<Arc<Part>>) {
        for part in parts {
            let path = self.root.join(part.path());
            if let Err(fault) = self
                .disk
                .rename(&path, &self.root.join(part.retired_path()))
            {
                // It is no part any more; the next start removes it.
                self.tally
                    .fault(self.now(), format!("a replaced file stays: {fault}"));
            }
            work.retired.push(part);
        }
        work.retired.retain(|part| {
            if Arc::strong_count(part) > 1 {
                return true;
            }
            let path = self.root.join(part.retired_path());
            let removed = self.disk.remove(&path);
            if let Some(folder) = path.parent() {
                // Only an empty folder goes.
                let _in_use = std::fs::remove_dir(folder);
            }
            removed.is_err()
        });
    }

    /// Closed segments that wait for compaction, of the dataset that has more.
    pub(crate) fn waiting(&self) -> usize {
        let state = read(&self.state);
        let (points, events) = (state.points.sealed.len(), state.events.sealed.len());
        points.max(events)
    }

    /// Sets what the gauges show.
    pub(crate) fn measure(&self) {
        let (bytes, sealed) = {
            let state = read(&self.state);
            let points = state.points.all();
            let events = state.events.all();
            let points = points.iter().map(|table| table.bytes());
            let events = events.iter().map(|table| table.bytes());
            let sealed = state.points.sealed.len() + state.events.sealed.len();
            (points.chain(events).sum::<u64>(), sealed)
        };
        self.tally.memory.set(bytes as f64);
        self.tally.waiting.set(sealed as f64);
    }
}

/// One process writes: it holds the lock until it ends.
fn hold(root: &Path) -> Result<File, LakeError> {
    let path = root.join(LOCK_FILE);
    let file = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(|source| LakeError::file(&path, source))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LakeError::Locked(root.to_owned())),
        Err(TryLockError::Error(source)) => Err(LakeError::file(&path, source)),
    }
}

/// The log of a dataset with what its segments hold.
fn open_log<T: Pending>(
    writing: Option<&Disk>,
    root: &Path,
    manifest: &Manifest,
    now: i64,
    tally: &Tally,
) -> Result<(Log, Tables<T>), LakeError> {
    let folder = root.join(T::DATASET.segments());
    if let Some(disk) = writing {
        disk.make_folder(root, &folder)?;
    }
    let from = manifest.segments_from(T::DATASET);
    let found = recover::<T>(writing, &folder, from, now)?;
    tally.torn.add(found.torn);
    for fault in found.faults {
        tally.fault(now, fault);
    }
    let tables = Tables {
        active: Arc::new(T::new(found.next, now)),
        sealed: found.tables,
    };
    Ok((Log::new(folder, T::schema(), found.next), tables))
}
