#![doc = include_str!("../README.md")]

mod api;
mod check;
mod diff;
mod error;
mod export;
mod load;
mod migration;
mod nearest;
mod read_yaml;
mod render;
mod schema;
mod service;
mod shelf;
mod source;
mod store;

use std::sync::Arc;

use yiwang_contracts::PackTarget;
use yiwang_runtime::{Domain, Platform};

pub use check::check;
pub use diff::{EntryDiff, FieldDiff, PackDiff, SectionDiff, diff};
pub use error::PackError;
pub use export::{schemas, write_schemas};
pub use load::{Loaded, LoadedPack, Manifest, PackVersion, PackVersionFault, Sections, load};
pub use migration::migrations;
pub use read_yaml::read_yaml;
pub use render::render;
pub use service::{Installation, PackDetail, PackService};
pub use shelf::Shelf;
pub use source::{PackFiles, SourceFault};
pub use store::InstalledPack;

/// The open domain.
pub struct Opened {
    pub domain: Domain,
    pub packs: Arc<PackService>,
}

/// Opens the domain. `targets` are the domains that own sections, in the order in which they install: the
/// one that keeps the units comes before the ones that refer to units.
pub fn open(platform: &Platform, targets: Vec<Arc<dyn PackTarget>>, shelf: Shelf) -> Opened {
    let packs = Arc::new(PackService::new(platform, targets, shelf));
    Opened {
        domain: Domain::new("packs", api::routes(Arc::clone(&packs))),
        packs,
    }
}
