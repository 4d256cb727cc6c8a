#![doc = include_str!("../README.md")]

mod api;
mod certificate;
mod command;
mod credential;
mod device;
mod edges;
mod error;
mod intake;
mod last_values;
mod migration;
mod payload;
mod profile;
mod protocol;
mod reading;
mod registry;
mod sensorthings;
mod service;
mod settings;
mod slot;
mod store;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;
use yiwang_runtime::{Domain, Platform};

pub use device::{CreateDevice, Device, DeviceId, DeviceState, UpdateDevice};
pub use edges::{EdgeAddresses, ListenFault, OpenEdge, TlsFault, TlsFiles};
pub use error::SensingError;
pub use intake::{Intake, TimeLimits};
pub use migration::migrations;
pub use profile::{ProfileEntry, PropertyEntry, ValueKind};
pub use protocol::Protocol;
pub use registry::Registry;
pub use service::{Questions, SensingService};
pub use settings::{DialectFault, Dialects, SensingSettings};
pub use slot::Hearing;

/// The open domain.
pub struct Opened {
    pub domain: Domain,
    pub service: Arc<SensingService>,
}

impl SensingService {
    /// Opens the edges and serves them until the node stops; answers where they listen.
    pub async fn listen(
        self: &Arc<Self>,
        platform: &Platform,
        addresses: &EdgeAddresses,
    ) -> Result<Vec<OpenEdge>, ListenFault> {
        edges::listen(self, platform, addresses).await
    }
}

/// Opens the domain: devices into memory, the hall running. Its tables must be there.
pub async fn open(
    platform: &Platform,
    settings: SensingSettings,
    questions: Questions,
) -> Result<Opened, SensingError> {
    let service = SensingService::open(platform, settings, questions).await?;
    let stop = platform.tasks.stop_token();
    let closes = Arc::clone(&service);
    platform.tasks.spawn("hall", async move {
        stop.cancelled().await;
        closes.intake().close();
    });
    let routes = api::routes(Arc::clone(&service)).merge(standard(platform, &service));
    let mut domain = Domain::new("sensing", routes);
    domain.reconcilers = service::reconcilers(&service);
    Ok(Opened { domain, service })
}

/// The ways in and out by SensorThings: its routes, and its messages.
fn standard(platform: &Platform, service: &Arc<SensingService>) -> OpenApiRouter {
    let metrics = &platform.counters;
    metrics.describe(
        "sensing_sensorthings_untold_total",
        "Observations that subscribers of SensorThings were not told of because too many came at once.",
    );
    let untold = metrics.counter("sensing_sensorthings_untold_total", &[]);
    let (teller, waiting) = sensorthings::Teller::new(Arc::clone(&service.broker), untold);
    service.add_observer(Arc::new(teller));
    let public_url = platform.config.server.public_url.clone();
    let tells = sensorthings::tell(Arc::clone(service), public_url.clone(), waiting);
    let stop = platform.tasks.stop_token();
    platform.tasks.spawn("sensorthings", async move {
        stop.run_until_cancelled(tells).await;
    });
    sensorthings::routes(Arc::clone(service), public_url).into()
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
