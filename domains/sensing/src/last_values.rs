//! The last durable values of all devices, side by side by property: a map, a wall or a sum over the city reads a
//! million of them without touching a million devices. Each row knows whose right decides it, by a class that is
//! looked at once for all rows that have it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use yiwang_contracts::{RightsClass, RightsClasses, Sample, Series};

use crate::device::Device;
use crate::profile::Profile;
use crate::slot::locked;

/// Profile and property.
type Key = (Box<str>, Box<str>);

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct LastValues {
    columns: RwLock<BTreeMap<Key, Arc<Column>>>,
    classes: Mutex<RightsClasses>,
}

/// One property of one profile.
#[derive(Debug)]
pub(crate) struct Column {
    pub profile: Box<str>,
    pub property: Box<str>,
    rows: RwLock<Rows>,
}

#[derive(Debug, Default)]
struct Rows {
    all: Vec<Row>,
    free: Vec<u32>,
}

/// One series: its last value, and whose right decides who sees it.
#[derive(Debug)]
pub(crate) struct Row {
    pub series: Arc<Series>,
    /// Its number in [`LastValues::permitted`].
    pub class: u32,
    pub last: Option<Sample>,
}

/// Where the last value of one property of one device is.
#[derive(Debug)]
pub(crate) struct Place {
    column: Arc<Column>,
    row: u32,
}

fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

impl LastValues {
    /// Room for the last value of each property of a device, by position.
    pub(crate) fn places(
        &self,
        device: &Device,
        profile: &Profile,
        series: &[Arc<Series>],
    ) -> Box<[Place]> {
        let class = self.class(device);
        let place = |series: &Arc<Series>| {
            let column = self.column(&profile.entry.code, &series.property);
            let row = write(&column.rows).add(Row {
                series: Arc::clone(series),
                class,
                last: None,
            });
            Place { column, row }
        };
        series.iter().map(place).collect()
    }

    fn column(&self, profile: &str, property: &str) -> Arc<Column> {
        let key = (Box::from(profile), Box::from(property));
        if let Some(column) = read(&self.columns).get(&key) {
            return Arc::clone(column);
        }
        let mut columns = write(&self.columns);
        let column = columns
            .entry(key)
            .or_insert_with_key(|(profile, property)| {
                Arc::new(Column {
                    profile: profile.clone(),
                    property: property.clone(),
                    rows: RwLock::default(),
                })
            });
        Arc::clone(column)
    }

    fn class(&self, device: &Device) -> u32 {
        let class = RightsClass {
            org: device.org_id,
            area: device.area.clone(),
            secrecy: device.secrecy,
        };
        locked(&self.classes).number(class)
    }

    /// For every class, whether its rows are wanted. A class that comes later is not in it, and not seen.
    pub(crate) fn permitted(&self, wanted: impl Fn(&RightsClass) -> bool) -> Vec<bool> {
        locked(&self.classes).permitted(wanted)
    }

    /// The columns that are wanted, by profile and property.
    pub(crate) fn columns(&self, wanted: impl Fn(&Column) -> bool) -> Vec<Arc<Column>> {
        let columns = read(&self.columns);
        let columns = columns.values().filter(|column| wanted(column));
        columns.cloned().collect()
    }
}

impl Rows {
    fn add(&mut self, row: Row) -> u32 {
        if let Some(free) = self.free.pop()
            && let Some(place) = self.all.get_mut(free as usize)
        {
            *place = row;
            return free;
        }
        self.all.push(row);
        (self.all.len() - 1) as u32
    }
}

impl Column {
    /// Shows `each` at most `count` rows from the row `from`; says whether there are more.
    pub(crate) fn each(&self, from: usize, count: usize, each: impl FnMut(&Row)) -> bool {
        let rows = read(&self.rows);
        let until = rows.all.len().min(from.saturating_add(count));
        rows.all
            .get(from..until)
            .into_iter()
            .flatten()
            .for_each(each);
        until < rows.all.len()
    }
}

impl Place {
    pub(crate) fn get(&self) -> Option<Sample> {
        let rows = read(&self.column.rows);
        rows.all.get(self.row as usize)?.last.clone()
    }

    /// Takes a value over unless a newer one is there; says whether it did.
    pub(crate) fn put(&self, sample: Sample) -> bool {
        let mut rows = write(&self.column.rows);
        let Some(row) = rows.all.get_mut(self.row as usize) else {
            return false;
        };
        let is_newer = row
            .last
            .as_ref()
            .is_none_or(|last| last.time <= sample.time);
        if is_newer {
            row.last = Some(sample);
        }
        is_newer
    }

    /// Gives the row back, with what was in it.
    pub(crate) fn vacate(self) -> Option<Sample> {
        let mut rows = write(&self.column.rows);
        rows.free.push(self.row);
        rows.all.get_mut(self.row as usize)?.last.take()
    }
}
