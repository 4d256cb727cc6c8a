//! What became of an import: counts that add up, and every refused row.

use std::collections::BTreeMap;
use std::path::PathBuf;

use yiwang_kernel::Timestamp;

use super::row::RowFault;

/// Examples of refused rows kept for the screen; all of them are in the file.
const EXAMPLES_MAX: usize = 10;

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RefusedRow {
    pub row: u64,
    pub code: String,
    pub column: String,
    pub message: String,
}

/// `rows = stored + duplicate + refused`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct ImportReport {
    pub rows: u64,
    pub stored: u64,
    /// Rows whose reference was there already.
    pub duplicate: u64,
    pub refused: BTreeMap<String, u64>,
    pub closed: u64,
    pub open: u64,
    /// Rows that came without a place.
    pub no_place: u64,
    pub first_created: Option<Timestamp>,
    pub last_created: Option<Timestamp>,
    pub examples: Vec<RefusedRow>,
    /// Where the refused rows are, if there are any and it was not a dry run.
    pub refused_file: Option<PathBuf>,
}

impl ImportReport {
    pub fn refused_total(&self) -> u64 {
        self.refused.values().sum()
    }

    /// True when every row has one fate.
    pub fn adds_up(&self) -> bool {
        self.rows == self.stored + self.duplicate + self.refused_total()
    }

    pub(super) fn refuse(&mut self, row: u64, fault: &RowFault) {
        *self.refused.entry(fault.code.to_owned()).or_default() += 1;
        if self.examples.len() < EXAMPLES_MAX {
            self.examples.push(RefusedRow {
                row,
                code: fault.code.to_owned(),
                column: fault.column.clone(),
                message: fault.message.clone(),
            });
        }
    }
}
