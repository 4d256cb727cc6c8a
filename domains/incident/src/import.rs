//! Bulk import: files of other systems become cases, through a mapping that is data.
//!
//! Invariants: a bad row never stops the import; every refused row is in the report with its number, column,
//! reason and content; running the same file again stores nothing twice (the row's reference decides), so an
//! import that was cut is simply run again. Old cases keep their own times.

mod mapping;
mod reader;
mod report;
mod row;
mod run;
#[cfg(test)]
mod tests;

pub use mapping::{
    Cell, ItemMapping, Mapping, MappingFault, PlaceMapping, StatusMapping, TextMapping, TimeMapping,
};
pub use reader::{FileFault, Record, Records};
pub use report::{ImportReport, RefusedRow};
pub use row::{RowFault, map_row};
pub use run::{DoorError, Fates, IMPORT_BATCH_ROWS, ImportFault, Intake, run};
