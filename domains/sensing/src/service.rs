//! The use cases: authorize, load, decide, save, audit. One struct, its methods by subject.

mod answers;
mod commands;
mod devices;
mod import;
mod ingest;
mod last;
mod look;
mod packs;
mod upkeep;
mod values;
mod view;

use std::sync::atomic::AtomicI64;
use std::sync::{Arc, OnceLock};

use tokio::sync::Mutex;
use tokio::sync::mpsc;
use yiwang_contracts::{
    Actor, Audit, AuditEntry, Authenticate, Catalog, History, Observer, Organisations,
};
use yiwang_kernel::Timestamp;
use yiwang_runtime::Platform;
use yiwang_store::Db;

pub(crate) use devices::CredentialView;
pub(crate) use import::ImportOutcome;
pub(crate) use ingest::{IngestOutcome, Sender};
pub(crate) use last::{LastColumn, LastWanted};
pub(crate) use look::RefusalQuery;
pub(crate) use look::{HealthView, RefusedFrame, SummaryView};
pub(crate) use upkeep::reconcilers;
pub(crate) use values::SeriesView;
pub(crate) use values::span_or_last_day;
pub(crate) use view::{DeviceFilter, DeviceView, FrameView};

use crate::command::Reply;
use crate::device::DeviceId;
use crate::edges::{Broker, Tls};
use crate::error::SensingError;
use crate::intake::{Intake, Outlets, RefusalKeeper};
use crate::registry::Registry;
use crate::settings::SensingSettings;
use crate::store::refusals::RefusalRow;

/// Whom this domain asks.
pub struct Questions {
    pub orgs: Arc<dyn Organisations>,
    pub catalog: Arc<dyn Catalog>,
    pub audit: Arc<dyn Audit>,
    /// Who is behind a bearer token.
    pub people: Arc<dyn Authenticate>,
    pub history: Arc<dyn History>,
}

/// A device and what it answered.
type DeviceReply = (DeviceId, Reply);

/// Everything this domain does.
pub struct SensingService {
    pub(crate) db: Db,
    pub(crate) registry: Arc<Registry>,
    pub(crate) intake: Arc<Intake>,
    pub(crate) settings: SensingSettings,
    pub(crate) orgs: Arc<dyn Organisations>,
    pub(crate) catalog: Arc<dyn Catalog>,
    pub(crate) audit: Arc<dyn Audit>,
    pub(crate) history: Arc<dyn History>,
    /// Revision of devices and profiles that is in memory.
    revision: AtomicI64,
    /// What MQTT connections share.
    pub(crate) broker: Arc<Broker>,
    /// What listeners with TLS share, once one is open.
    pub(crate) tls: OnceLock<Arc<Tls>>,
    pub(crate) people: Arc<dyn Authenticate>,
    /// Since when devices can be heard here.
    listens_since: Timestamp,
    /// Held while devices are read anew.
    reading: Mutex<()>,
    /// Refused frames that wait to be written down.
    refusals: Mutex<mpsc::Receiver<RefusalRow>>,
    /// Answers of devices that wait to be written down.
    replies: (
        mpsc::Sender<DeviceReply>,
        Mutex<mpsc::Receiver<DeviceReply>>,
    ),
}

impl SensingService {
    /// Reads devices into memory, puts their last values beside them, and starts the hall.
    pub(crate) async fn open(
        platform: &Platform,
        settings: SensingSettings,
        questions: Questions,
    ) -> Result<Arc<Self>, SensingError> {
        let metrics = &platform.counters;
        metrics.describe(
            "sensing_refusals_not_kept_total",
            "Refused frames that were counted but not kept, being too many of a kind.",
        );
        let not_kept = metrics.counter("sensing_refusals_not_kept_total", &[]);
        let (keeper, refusals) = RefusalKeeper::new(not_kept);
        let (replies, waiting) = mpsc::channel(commands::REPLIES_MAX);
        let outlets = Outlets {
            history: Arc::clone(&questions.history),
            observers: Arc::default(),
        };
        let clock = Arc::clone(&platform.clock);
        let intake = Intake::start(outlets, clock, metrics, keeper, settings.times)
            .map_err(|error| SensingError::Other(upkeep::no_thread(&error)))?;
        let service = Arc::new(Self {
            db: platform.db.clone(),
            registry: Arc::default(),
            intake,
            settings,
            orgs: questions.orgs,
            catalog: questions.catalog,
            audit: questions.audit,
            history: questions.history,
            revision: AtomicI64::new(-1),
            broker: Arc::new(Broker::new(metrics)),
            tls: OnceLock::new(),
            people: questions.people,
            listens_since: platform.now(),
            reading: Mutex::new(()),
            refusals: Mutex::new(refusals),
            replies: (replies, Mutex::new(waiting)),
        });
        service.reload().await?;
        service.restore_last_values().await?;
        Ok(service)
    }

    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Tells somebody else, too, of everything that was made durable.
    pub fn add_observer(&self, observer: Arc<dyn Observer>) {
        self.intake.add_observer(observer);
    }

    pub fn intake(&self) -> &Intake {
        &self.intake
    }

    pub(crate) async fn record(
        &self,
        actor: &Actor,
        action: &str,
        object: String,
        detail: serde_json::Value,
        now: Timestamp,
    ) -> Result<(), SensingError> {
        let entry = AuditEntry::done(actor, action, object, detail, now);
        Ok(self.audit.record(entry).await?)
    }
}
