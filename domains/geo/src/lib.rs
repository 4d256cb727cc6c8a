#![doc = include_str!("../README.md")]

mod api;
mod component;
mod error;
mod feature;
mod import;
mod layer;
mod map;
mod migration;
mod ogc;
mod service;
mod shape;
mod store;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use yiwang_runtime::{Domain, Platform};

pub use error::GeoError;
pub use feature::{CreateFeature, Feature, UpdateFeature};
pub use import::{Import, ImportId, WrongRecord};
pub use layer::{
    AttributeEntry, AttributeKind, Clustering, Content, GeometryKind, LayerEntry, StateEntry, Style,
};
pub use migration::migrations;
pub use service::{Drawing, Existing, GeoService, Questions};
pub use shape::{Shape, ShapeFault};

/// The open domain.
pub struct Opened {
    pub domain: Domain,
    pub service: Arc<GeoService>,
}

/// Opens the domain and reads the map into memory. Its tables must be there.
pub async fn open(platform: &Platform, questions: Questions) -> Result<Opened, GeoError> {
    let service = GeoService::open(platform, questions).await?;
    let public_url = platform.config.server.public_url.clone();
    let routes =
        api::routes(Arc::clone(&service)).merge(ogc::routes(Arc::clone(&service), public_url));
    let mut domain = Domain::new("geo", routes);
    domain.reconcilers = service::reconcilers(&service);
    Ok(Opened { domain, service })
}
