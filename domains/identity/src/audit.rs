//! The audit log: append-only rows in one hash chain.
//!
//! A row's digest covers the digest before it, its number and every field. The head (number and digest of
//! the last row) is kept beside the rows, so that a cut tail shows too.

mod search;
mod store;
mod verify;
mod writer;

pub use search::{AuditFilter, AuditView};
pub use verify::{FirstBroken, Verified, VerifyFault, verify};

pub(crate) use search::{like, search};
pub(crate) use store::append;
pub(crate) use writer::AuditWriter;

use yiwang_contracts::AuditOutcome;

pub(crate) fn outcome_text(outcome: AuditOutcome) -> &'static str {
    match outcome {
        AuditOutcome::Done => "done",
        AuditOutcome::Refused => "refused",
        AuditOutcome::Failed => "failed",
    }
}

#[cfg(test)]
mod tests;
