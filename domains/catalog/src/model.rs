//! The words of the catalogue: what packs say about items, grades, limits, areas and responsibility.
//!
//! An entry is what a person wrote; nothing is inherited or resolved in it yet. Unknown fields are
//! refused, so that a misspelt field is a finding and not a silent default.

mod area;
mod code;
mod codeset;
mod grade;
mod item;
mod limit;
mod rule;
mod timeline;
mod words;

pub use area::{AreaEntry, AreaLevel};
pub use code::{ANY, ItemCode, ItemCodeFault, covers, prefixes};
pub use codeset::{Codeset, CodesetEntry};
pub(crate) use grade::grade_word;
pub use grade::{Colour, GradeEntry};
pub use item::{CheckEntry, ItemEntry};
pub use limit::{LimitEntry, LimitLine};
pub use rule::{OrgRef, ResponsibilityRule};
pub use timeline::{Segment, Timeline, splice};
pub use words::{day_start, opt_words, words};

use jiff::civil::Date;
use yiwang_kernel::Timestamp;

/// The instant before which nothing is dated: entries without `valid_from` hold from here on.
pub const ALWAYS: Timestamp = Timestamp::UNIX_EPOCH;

/// The half-open time in which an entry holds: from the start of `from` to the start of `to`.
pub fn validity(from: Option<Date>, to: Option<Date>) -> (Timestamp, Option<Timestamp>) {
    (from.map_or(ALWAYS, day_start), to.map(day_start))
}
