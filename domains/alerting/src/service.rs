//! The use cases: authorize, load, decide, save, tell. One struct, its methods by subject.

mod alarms;
mod cases;
mod catch_up;
mod packs;
mod rules;
mod view;
mod write;

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use tokio::sync::{Mutex, Notify, mpsc};
use yiwang_contracts::{Cases, Catalog, Devices, History, Observer, Organisations};
use yiwang_kernel::Clock;
use yiwang_runtime::Platform;
use yiwang_store::Db;

pub(crate) use alarms::AlarmQuery;
pub(crate) use cases::{AlarmEvents, IncidentEvents};
pub(crate) use rules::RuleView;
pub(crate) use view::{AlarmDetail, AlarmView, NumbersView};

use crate::error::AlertingError;
use crate::judge::{Judge, JudgeState, Told};

/// Whom this domain asks.
#[derive(Clone)]
pub struct Questions {
    pub orgs: Arc<dyn Organisations>,
    pub catalog: Arc<dyn Catalog>,
    pub devices: Arc<dyn Devices>,
    pub history: Arc<dyn History>,
    pub cases: Arc<dyn Cases>,
}

/// Everything this domain does.
pub struct AlertingService {
    db: Db,
    clock: Arc<dyn Clock>,
    asks: Questions,
    judge: Arc<Judge>,
    told: Mutex<Heard>,
    /// The judge said something.
    pub(crate) heard: Arc<Notify>,
    /// Until when everything has been judged, microseconds since 1970 UTC.
    judged_until: AtomicI64,
    /// Held while the past is judged.
    catching_up: Mutex<()>,
}

/// What the judge said and nobody wrote down yet.
struct Heard {
    waiting: mpsc::Receiver<Told>,
    /// Taken out and not written: it is tried again.
    unwritten: Arc<Vec<Told>>,
}

/// The judge's ear, to be given to whoever takes readings in before the service is there.
pub struct Ear {
    judge: Arc<Judge>,
    told: mpsc::Receiver<Told>,
    heard: Arc<Notify>,
}

impl Ear {
    /// Starts the judge; it judges nothing before the service opens.
    pub fn open(devices: Arc<dyn Devices>) -> Result<Self, AlertingError> {
        let heard = Arc::<Notify>::default();
        let (judge, told) =
            Judge::start(devices, Arc::clone(&heard)).map_err(AlertingError::NoThread)?;
        Ok(Self {
            judge: Arc::new(judge),
            told,
            heard,
        })
    }

    /// To be told of what is durable.
    pub fn observer(&self) -> Arc<dyn Observer> {
        Arc::clone(&self.judge) as Arc<dyn Observer>
    }
}

impl AlertingService {
    pub(crate) fn new(platform: &Platform, ear: Ear, asks: Questions) -> Arc<Self> {
        Arc::new(Self {
            db: platform.db.clone(),
            clock: Arc::clone(&platform.clock),
            asks,
            judge: ear.judge,
            told: Mutex::new(Heard {
                waiting: ear.told,
                unwritten: Arc::default(),
            }),
            heard: ear.heard,
            judged_until: AtomicI64::new(i64::MIN),
            catching_up: Mutex::new(()),
        })
    }

    pub fn judge_state(&self) -> &JudgeState {
        &self.judge.state
    }
}
