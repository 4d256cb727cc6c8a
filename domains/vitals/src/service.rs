//! The use cases: authorize, load, decide, save, tell. One struct, its methods by subject.

mod by_sql;
mod compute;
mod early;
mod feeds;
mod follow;
mod forecast;
mod gather;
mod history;
mod hub;
mod notices;
mod packs;
mod past;
mod read;
mod report;
mod usual;
mod view;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLockReadGuard};

use tokio::sync::{Mutex, RwLock};
use yiwang_contracts::{
    Actor, AlarmFigures, Audit, CaseFacts, CaseFigures, Cases, Catalog, DeviceFigures, History,
    IncidentId, OrgScope, Organisations, SqlFigures,
};
use yiwang_http::Metrics;
use yiwang_kernel::{AreaCode, Timestamp};
use yiwang_runtime::Platform;
use yiwang_store::Db;

pub(crate) use early::{EarlyView, EarlyWarningView};
pub(crate) use feeds::{FeedAnswer, FeedView, Form};
pub(crate) use hub::{AlarmEvents, IncidentEvents, reconcilers};
pub(crate) use notices::{AcknowledgeNotice, NoticeQuery, NoticeView};
pub(crate) use past::RecomputedView;
pub(crate) use read::{IndicatorSeries, SeriesQuery};
pub(crate) use report::{Language, Period, ReportQuery, ReportView};
#[cfg(test)]
pub(crate) use view::Standing;
pub(crate) use view::{BehindView, IndicatorDetail, IndicatorView, OverviewView, RankView};

use crate::error::VitalsError;
use crate::live::Live;

/// Whom this domain asks.
pub struct Questions {
    pub orgs: Arc<dyn Organisations>,
    pub catalog: Arc<dyn Catalog>,
    pub audit: Arc<dyn Audit>,
    pub cases: Arc<dyn Cases>,
    pub case_figures: Arc<dyn CaseFigures>,
    pub alarms: Arc<dyn AlarmFigures>,
    pub devices: Arc<dyn DeviceFigures>,
    pub history: Arc<dyn History>,
    pub figures: Arc<dyn SqlFigures>,
}

/// What is known of cases, feeds and answers of the lake, in memory.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    pub cases: HashMap<IncidentId, CaseFacts>,
    /// Were the cases that were there before this domain read to the last?
    pub has_all_cases: bool,
    /// By feed and area: when, and what.
    pub feeds: BTreeMap<String, BTreeMap<String, (i64, f64)>>,
    /// By indicator.
    pub answers: by_sql::Answers,
}

/// Everything this domain does.
pub struct VitalsService {
    pub(crate) db: Db,
    pub(crate) asks: Questions,
    pub(crate) live: Arc<RwLock<Live>>,
    pub(crate) sources: Arc<std::sync::RwLock<Sources>>,
    /// How far what is in memory has followed what is stored; held while a pass runs.
    pub(crate) followed: Mutex<follow::Followed>,
    /// Whether orders become cases by themselves.
    pub(crate) opens_cases: bool,
    counters: Metrics,
}

impl VitalsService {
    /// Reads definitions and states into memory.
    pub(crate) async fn open(
        platform: &Platform,
        questions: Questions,
        opens_cases: bool,
    ) -> Result<Arc<Self>, VitalsError> {
        let live = follow::nothing(platform.now())?;
        let told = "Questions of indicators by SQL, by what became of them.";
        platform.counters.describe(by_sql::COUNTED, told);
        let service = Arc::new(Self {
            db: platform.db.clone(),
            asks: questions,
            live: Arc::new(RwLock::new(live)),
            sources: Arc::default(),
            followed: Mutex::default(),
            opens_cases,
            counters: platform.counters.clone(),
        });
        let mut followed = service.followed.lock().await;
        service.follow(&mut followed, platform.now()).await?;
        drop(followed);
        Ok(service)
    }

    pub(crate) fn sources(&self) -> RwLockReadGuard<'_, Sources> {
        self.sources.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Numbers are of places and not of units: a grant covers the area and all in it, whatever its unit.
    pub(crate) fn covers(
        actor: &Actor,
        action: &'static str,
        area: &AreaCode,
        now: Timestamp,
    ) -> bool {
        let scope = actor.scope(action, now);
        scope
            .clauses
            .iter()
            .any(|clause| clause.area.as_ref().is_none_or(|own| own.contains(area)))
    }

    /// The area asked for, or the largest that one may see; hidden ones are not there.
    pub(crate) fn area_of(
        live: &Live,
        actor: &Actor,
        area: Option<&str>,
        now: Timestamp,
    ) -> Result<usize, VitalsError> {
        const READ: &str = "vitals.read";
        if !actor.may_somewhere(READ, now) {
            return Err(VitalsError::Denied { action: READ });
        }
        let is_seen = |place: &usize| {
            let area = live.policy.areas.get(*place);
            area.is_some_and(|area| area.is_kept && Self::covers(actor, READ, &area.code, now))
        };
        let found = match area {
            Some(code) => live.policy.area(code).filter(is_seen),
            None => live
                .policy
                .top
                .filter(is_seen)
                .or_else(|| live.policy.kept().map(|(place, _)| place).find(is_seen)),
        };
        found.ok_or(VitalsError::NotFound("area"))
    }

    /// May somebody do this to what is of the whole city?
    pub(crate) fn may_in_city(
        live: &Live,
        actor: &Actor,
        action: &'static str,
        now: Timestamp,
    ) -> Result<(), VitalsError> {
        let city = live.policy.top.and_then(|top| live.policy.areas.get(top));
        let scope = actor.scope(action, now);
        let is_over_all = |clause: &yiwang_contracts::ScopeClause| {
            clause.org == OrgScope::All
                && clause
                    .area
                    .as_ref()
                    .is_none_or(|own| city.is_some_and(|city| own.contains(&city.code)))
        };
        if scope.clauses.iter().any(is_over_all) {
            return Ok(());
        }
        Err(VitalsError::Denied { action })
    }
}
