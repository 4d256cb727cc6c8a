#![doc = include_str!("../README.md")]

mod api;
pub mod clocks;
mod doctor;
pub mod duplicates;
mod error;
mod evidence;
pub mod import;
pub mod lifecycle;
mod masking;
pub mod model;
mod open311;
mod pack;
mod service;
mod store;
#[cfg(test)]
mod testing;
pub mod view;
pub mod webhook;
mod worker;

use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use utoipa_axum::router::OpenApiRouter;
use yiwang_runtime::{Domain, Platform};

pub use doctor::{
    BrokenLog, BrokenMedia, VerifiedLogs, VerifiedMedia, copy_media, verify_logs, verify_media,
};
pub use error::IncidentError;
pub use service::{
    CaseFlow, CaseFlowGroup, Draft, DryRun, EscalationRow, EvidenceRoom, Given, Hint,
    IncidentService, Keeping, ListQuery, MediaFault, Numbers, NumbersGroup, PublicMedia,
    PublicStatus, PublicStep, Questions, Received, Said, TaskQuery, TurnRow, Verified,
};
pub use store::{Counted, CounterKey, GroupBy, RefusalFilter, RefusalRow, migrations};

/// The opened domain: what it gives to the node, and its use cases for other ways in. The service
/// is also the [`yiwang_contracts::PackTarget`] of the section `lifecycle`.
pub struct Opened {
    pub domain: Domain,
    pub service: Arc<IncidentService>,
}

/// Opens the event hub. The migrations must have been applied.
pub async fn open(platform: &Platform, questions: Questions) -> Result<Opened, IncidentError> {
    let kept = &platform.config.intake;
    let keeping = Keeping {
        bytes_max: kept.refused_bytes_max as usize,
        days: kept.refused_days,
        rows_max: kept.refused_rows_max,
    };
    let room = EvidenceRoom::new(
        platform.blobs.clone(),
        &platform.config.media,
        &platform.counters,
    );
    let service =
        IncidentService::open(platform.db.clone(), questions.clone(), keeping, room).await?;
    let routes = api::routes(Arc::clone(&service)).merge(edges(platform, questions, &service));
    let mut domain = Domain::new("incident", routes);
    domain.reconcilers = worker::reconcilers(&service);
    Ok(Opened { domain, service })
}

/// The ways in that are other people's protocols.
fn edges(
    platform: &Platform,
    questions: Questions,
    service: &Arc<IncidentService>,
) -> OpenApiRouter {
    let config = &platform.config;
    let open311 = open311::Open311 {
        db: platform.db.clone(),
        clock: Arc::clone(&platform.clock),
        catalog: questions.catalog,
        organisations: questions.orgs,
        incidents: Arc::clone(service),
        keys: config.open311.keys.clone(),
    };
    let window = i64::try_from(config.intake.webhook_window_seconds).unwrap_or(i64::MAX);
    let webhooks = webhook::Webhooks {
        clock: Arc::clone(&platform.clock),
        incidents: Arc::clone(service),
        channels: config.intake.webhooks.clone(),
        window: SignedDuration::from_secs(window),
        seen: Mutex::default(),
    };
    let open311: OpenApiRouter = open311::routes(Arc::new(open311)).into();
    webhook::routes(Arc::new(webhooks)).merge(open311)
}
