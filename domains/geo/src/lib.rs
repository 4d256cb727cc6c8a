#![doc = include_str!("../README.md")]

mod api;
mod basemap;
mod component;
mod error;
mod feature;
mod fence;
mod import;
mod layer;
mod map;
mod migration;
mod near;
mod ogc;
mod positions;
mod service;
mod shape;
mod store;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use positions::PositionEar;
use yiwang_contracts::Observer;
use yiwang_runtime::{Domain, Platform};

pub use basemap::{BasemapEntry, BasemapKind, WmtsEntry};
pub use error::GeoError;
pub use feature::{CreateFeature, Feature, UpdateFeature};
pub use fence::{CreateFence, Fence, FenceEvent, FenceEventId, FenceId, FencePlan, UpdateFence};
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
    /// Is to be told of everything that devices observe.
    pub observer: Arc<dyn Observer>,
}

/// Opens the domain and reads the map into memory. Its tables must be there.
pub async fn open(platform: &Platform, questions: Questions) -> Result<Opened, GeoError> {
    let service = GeoService::open(platform, questions).await?;
    let routes = api::routes(Arc::clone(&service)).merge(ogc::routes(Arc::clone(&service)));
    let metrics = &platform.counters;
    metrics.describe(
        "geo_positions_missed_total",
        "Positions that were not looked at because too many came at once.",
    );
    metrics.describe(
        "geo_fence_events_lost_total",
        "Events of fences that were never written: the store took nothing for too long.",
    );
    let missed = metrics.counter("geo_positions_missed_total", &[]);
    let (ear, sightings) = PositionEar::new(missed);
    let guards = Arc::clone(&service).guard(sightings, Arc::clone(&platform.clock));
    let stop = platform.tasks.stop_token();
    platform.tasks.spawn("fences", async move {
        stop.run_until_cancelled(guards).await;
    });
    let mut domain = Domain::new("geo", routes);
    domain.reconcilers = service::reconcilers(&service);
    let observer = Arc::new(ear);
    Ok(Opened {
        domain,
        service,
        observer,
    })
}
