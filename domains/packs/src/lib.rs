#![doc = include_str!("../README.md")]

mod check;
mod diff;
mod export;
mod load;
mod nearest;
mod render;
mod schema;
mod source;

pub use check::check;
pub use diff::{EntryDiff, FieldDiff, PackDiff, SectionDiff, diff};
pub use export::{schemas, write_schemas};
pub use load::{Loaded, LoadedPack, Manifest, PackVersion, PackVersionFault, Sections, load};
pub use render::render;
pub use source::{PackFiles, SourceFault};
