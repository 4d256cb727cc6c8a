//! Profiles (物模型): what a kind of device observes, reports and can be told. Pure; profiles are data of packs.

mod check;
mod compiled;
mod entry;

pub(crate) use check::{SECTION, check};
pub(crate) use compiled::{Profile, Property};
pub(crate) use entry::ForeignEntry;
pub use entry::{ProfileEntry, PropertyEntry, ValueKind};
