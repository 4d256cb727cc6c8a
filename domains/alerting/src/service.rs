//! The use cases: authorize, load, decide, save, tell. One struct, its methods by subject.

mod alarms;
mod backtest;
mod cases;
mod catch_up;
mod drafts;
mod figures;
mod groups;
mod packs;
mod picture;
mod quiet;
mod rights;
mod rules;
mod sheet;
mod sweep;
mod view;
mod windows;
mod write;

use std::collections::HashMap;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::{Mutex, Notify, Semaphore, mpsc};
use yiwang_contracts::{Audit, Cases, Catalog, Devices, History, Observer, Organisations};
use yiwang_kernel::Clock;
use yiwang_runtime::Platform;
use yiwang_store::Db;

pub(crate) use alarms::AlarmQuery;
pub(crate) use backtest::{BacktestAnswer, BacktestRequest};
pub(crate) use cases::{AlarmEvents, IncidentEvents};
pub(crate) use drafts::{
    CreateRuleDraft, PublishRuleDraft, RuleDraftDetail, RuleDraftView, RuleExamined,
    UpdateRuleDraft, WithdrawRule,
};
pub(crate) use rules::{AlarmRuleView, FeedbackView};
pub(crate) use view::{AlarmDetail, AlarmView, NumbersView};
pub(crate) use windows::{CreateShelf, CreateWindow, UpdateWindow, WindowView};

use crate::entry::RuleEntry;
use crate::error::AlertingError;
use crate::judge::{Judge, JudgeState, Told};
use crate::store;

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
    /// The rules in force, by id.
    in_force: RwLock<Arc<RulesInForce>>,
    /// When other versions come in force, microseconds since 1970 UTC.
    rules_change_at: AtomicI64,
    /// Which rules the judge has.
    rules_mark: std::sync::Mutex<Option<store::rules::RulesMark>>,
    audit: Arc<dyn Audit>,
    /// Back-tests that may run at once.
    backtests: Semaphore,
}

pub(crate) type RulesInForce = HashMap<String, Arc<RuleEntry>>;

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
            in_force: RwLock::default(),
            rules_change_at: AtomicI64::new(i64::MAX),
            rules_mark: std::sync::Mutex::default(),
            audit: platform.audit.as_question(),
            backtests: Semaphore::new(backtest::AT_ONCE),
        })
    }

    pub(crate) fn rules_now(&self) -> Arc<RulesInForce> {
        let rules = self.in_force.read();
        Arc::clone(&rules.unwrap_or_else(PoisonError::into_inner))
    }

    fn surroundings(&self) -> sheet::Surroundings {
        sheet::Surroundings {
            rules: self.rules_now(),
            catalog: Arc::clone(&self.asks.catalog),
        }
    }

    pub fn judge_state(&self) -> &JudgeState {
        &self.judge.state
    }
}
