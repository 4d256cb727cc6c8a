#![doc = include_str!("../README.md")]

mod api;
mod areas;
mod check;
mod error;
mod items;
mod limits;
mod migration;
pub mod model;
pub mod responsibility;
mod sections;
mod service;
mod snapshot;
mod store;
mod suggest;
mod worker;

use std::sync::Arc;

use yiwang_contracts::Organisations;
use yiwang_runtime::{Domain, Platform};

pub use error::CatalogError;
pub use migration::migrations;
pub use sections::Section;
pub use service::Service;

/// The opened domain: what it gives to the node, and what answers its questions
/// ([`yiwang_contracts::Catalog`], [`yiwang_contracts::PackTarget`]).
pub struct Opened {
    pub domain: Domain,
    pub answers: Arc<Service>,
}

/// Reads the catalogue and makes it ready. The migrations must have been applied.
pub async fn open(
    platform: &Platform,
    organisations: Arc<dyn Organisations>,
) -> Result<Opened, CatalogError> {
    let answers = Arc::new(Service::open(platform, organisations).await?);
    let mut domain = Domain::new("catalog", api::routes(Arc::clone(&answers)));
    domain.reconcilers = worker::reconcilers(&answers);
    Ok(Opened { domain, answers })
}
