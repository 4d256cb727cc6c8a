#![doc = include_str!("../README.md")]

mod api;
mod error;
mod facts;
mod feed;
mod live;
mod migration;
mod notice;
mod pack;
mod policy;
mod service;
mod store;
mod words;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use yiwang_runtime::{Domain, Platform};
use yiwang_store::Subscription;

pub use error::VitalsError;
pub use migration::migrations;
pub use notice::{Follow, Notice, NoticeId};
pub use service::{Questions, VitalsService};

/// The open domain.
pub struct Opened {
    pub domain: Domain,
    pub service: Arc<VitalsService>,
}

/// Opens the domain and reads what stands into memory. Its tables must be there.
pub async fn open(platform: &Platform, questions: Questions) -> Result<Opened, VitalsError> {
    let service = VitalsService::open(platform, questions, true).await?;
    let mut domain = Domain::new("vitals", api::routes(Arc::clone(&service)));
    domain.reconcilers = service::reconcilers(&service);
    domain.subscriptions = vec![
        Subscription {
            name: "vitals.cases",
            kinds: &["incident."],
            handler: Arc::new(service::IncidentEvents(Arc::clone(&service))),
        },
        Subscription {
            name: "vitals.alarms",
            kinds: &["alarm."],
            handler: Arc::new(service::AlarmEvents(Arc::clone(&service))),
        },
    ];
    Ok(Opened { domain, service })
}
