#![doc = include_str!("../README.md")]

mod api;
mod ask;
mod batch;
mod bucket;
mod cache;
mod cell;
mod check;
mod checksum;
mod compact;
mod copy;
mod dataset;
mod disk;
mod error;
mod event;
mod export;
mod history;
mod intake;
mod lake;
mod latest;
mod log;
mod manifest;
mod merge;
mod migration;
mod part;
mod piece;
mod reader;
mod retain;
mod rights;
mod scan;
mod segment;
mod service;
mod settings;
mod sql;
mod store;
mod sweep;
mod sync;
mod table;
mod tally;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod view;
mod want;
mod writer;
mod zone;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use yiwang_contracts::{History, SqlFigures};
use yiwang_runtime::{Domain, Platform, Reconciler};
use yiwang_store::Subscription;

pub use ask::SAMPLES_MAX;
pub use check::{CheckFault, LakeCheck, check};
pub use compact::{Compacted, Effort};
pub use copy::{LakeCopied, copy};
pub use dataset::Dataset;
pub use error::LakeError;
pub use export::{Export, ExportFormat, export};
pub use lake::Lake;
pub use migration::migrations;
pub use service::LakeService;
pub use settings::{LakeSettings, QueryLimits};
pub use sql::{Answer, AnswerColumn, QueryError, SQL_BYTES_MAX};
pub use store::Removal;
pub use tally::LakeFault;
pub use view::{DatasetView, LakeView, SegmentsView};

/// How often the lake looks whether something is due.
const UPKEEP_EVERY: Duration = Duration::from_secs(15);

/// The open domain.
pub struct Opened {
    pub domain: Domain,
    pub service: Arc<LakeService>,
    /// What other domains ask.
    pub history: Arc<dyn History>,
    pub figures: Arc<dyn SqlFigures>,
}

/// Opens the lake in a folder. It reads what segments hold, so it takes a thread that may wait.
pub async fn open(
    platform: &Platform,
    root: &Path,
    settings: LakeSettings,
) -> Result<Opened, QueryError> {
    let (root, clock) = (root.to_owned(), Arc::clone(&platform.clock));
    let counters = platform.counters.clone();
    let lake = history::blocking(move || Lake::open(&root, settings, clock, &counters)).await?;
    let lake = Arc::new(lake);
    let audit = platform.audit.as_question();
    let service = LakeService::new(Arc::clone(&lake), platform.db.clone(), audit)?;
    let service = Arc::new(service);
    let mut domain = Domain::new("lake", api::routes(Arc::clone(&service)));
    domain.subscriptions = vec![Subscription {
        name: "lake",
        kinds: &[],
        handler: Arc::new(intake::EventIntake(lake)),
    }];
    let upkeep = Arc::clone(&service);
    let upkeep = Reconciler::new("lake.upkeep", UPKEEP_EVERY, move |_now| {
        let service = Arc::clone(&upkeep);
        async move { Ok(service.upkeep().await?) }
    });
    // The files are this node's own.
    domain.reconcilers = vec![upkeep.on_each_node()];
    Ok(Opened {
        domain,
        history: Arc::clone(&service) as Arc<dyn History>,
        figures: Arc::clone(&service) as Arc<dyn SqlFigures>,
        service,
    })
}
