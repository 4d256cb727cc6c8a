#![doc = include_str!("../README.md")]

mod api;
mod check;
mod entry;
mod error;
mod finding;
mod migration;
mod screen;
mod service;
mod store;
mod version;
mod widget;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use yiwang_runtime::{Domain, Platform};

pub use error::ScreensError;
pub use finding::ScreenFinding;
pub use migration::migrations;
pub use screen::{Layout, LayoutKey, Screen};
pub use service::ScreensService;
pub use version::Origin;
pub use widget::{Widget, WidgetKind};

/// The open domain.
pub struct Opened {
    pub domain: Domain,
    pub service: Arc<ScreensService>,
}

/// Opens the domain. Its tables must be there.
pub fn open(platform: &Platform) -> Opened {
    let service = Arc::new(ScreensService::new(platform));
    let domain = Domain::new("screens", api::routes(Arc::clone(&service)));
    Opened { domain, service }
}
