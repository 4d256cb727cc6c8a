#![doc = include_str!("../README.md")]

mod api;
mod command;
mod credential;
mod device;
mod edges;
mod error;
mod intake;
mod migration;
mod payload;
mod profile;
mod protocol;
mod reading;
mod registry;
mod service;
mod settings;
mod slot;
mod store;

use std::net::SocketAddr;
use std::sync::Arc;

use yiwang_runtime::{Domain, Platform};

pub use device::{CreateDevice, Device, DeviceId, DeviceState, UpdateDevice};
pub use edges::EdgeAddresses;
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
    ) -> std::io::Result<Vec<(Protocol, SocketAddr)>> {
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
    let mut domain = Domain::new("sensing", api::routes(Arc::clone(&service)));
    domain.reconcilers = service::reconcilers(&service);
    Ok(Opened { domain, service })
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
