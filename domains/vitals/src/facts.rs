//! From facts to numbers of areas. Pure: facts, formula and instant in, a cell for each area out.

mod alarms;
mod cases;
mod devices;
mod places;
mod sql;

#[cfg(test)]
mod tests;

pub(crate) use alarms::alarms;
pub(crate) use cases::{case_touched, cases};
pub(crate) use devices::{
    DeviceNumber, Spread, devices, feeds, highest, is_known, per_device, spread,
};
pub(crate) use sql::{FigureFault, roll_up, sql};

use yiwang_vital_rules::Cell;

/// The numbers of one row that are brought from outside.
pub(crate) type Cells = Vec<(usize, Cell)>;

pub(crate) const MINUTE: i64 = 60_000_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// Which areas a row has numbers for, and how it rolls up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub space: yiwang_vital_rules::SpaceGrain,
    /// Larger areas follow from smaller ones.
    pub rolls: bool,
}
