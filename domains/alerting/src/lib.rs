#![doc = include_str!("../README.md")]

mod alarm;
mod api;
mod draft;
mod entry;
mod error;
mod judge;
mod meter;
mod migration;
mod policy;
mod service;
mod store;
mod window;
mod worker;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use yiwang_runtime::{Domain, Platform};
use yiwang_store::Subscription;

pub use alarm::{Alarm, AlarmId, AlarmKind, SuppressedBy, Verdict};
pub use draft::{DraftId, FindingPlace, FindingWeight, RuleDraft, RuleDraftState, RuleFinding};
pub use entry::{CasePlan, RuleEntry, RuleScope};
pub use error::AlertingError;
pub use judge::JudgeState;
pub use migration::migrations;
pub use policy::{AlarmEscalation, AreaReach, AttentionStep, ChatterMark, Grouping, SevereFrom};
pub use service::{AlertingService, Ear, Questions};
pub use window::{QuietWindow, WindowId, WindowKind, WindowTarget};

/// The open domain.
pub struct Opened {
    pub domain: Domain,
    pub service: Arc<AlertingService>,
}

/// Opens the domain and judges what happened since it was last open. Its tables must be there.
pub async fn open(
    platform: &Platform,
    ear: Ear,
    questions: Questions,
) -> Result<Opened, AlertingError> {
    let service = AlertingService::new(platform, ear, questions);
    service.sit(platform.now()).await?;
    worker::listen(&service, platform);
    let mut domain = Domain::new("alerting", api::routes(Arc::clone(&service)));
    domain.reconcilers = worker::reconcilers(&service, &platform.counters);
    domain.subscriptions = vec![
        Subscription {
            name: "alerting.cases",
            kinds: &["alarm."],
            handler: Arc::new(service::AlarmEvents(Arc::clone(&service))),
        },
        Subscription {
            name: "alerting.incidents",
            kinds: &["incident."],
            handler: Arc::new(service::IncidentEvents(Arc::clone(&service))),
        },
    ];
    Ok(Opened { domain, service })
}
