//! What is in memory follows what is stored, here and on other nodes.

use std::sync::{Arc, PoisonError};

use jiff::civil::Date;
use yiwang_contracts::{OrgBrief, OrgId};
use yiwang_kernel::{Timestamp, micros};
use yiwang_vital_rules::{DomainEntry, IndexEntry};

use super::VitalsService;
use super::hub::{ALL_READ, CASES_MARK};
use crate::error::VitalsError;
use crate::facts::DAY;
use crate::live::Live;
use crate::pack::{DOMAINS, INDEX};
use crate::policy::{Parts, Policy, ZONE};
use crate::store;

/// Cases over which nothing asks any more: the longest stretch of a formula is a year.
const CASES_KEPT: i64 = 400 * DAY;

/// How far memory is.
#[derive(Debug, Default)]
pub(crate) struct Followed {
    /// Counter of the definitions, version of the catalog, the city's day.
    policy: Option<(i64, i64, Date)>,
    feeds: Option<i64>,
    cases: i64,
    has_all_cases: bool,
    /// Did this node keep and tell what it computed in its last pass?
    pub leads: bool,
}

/// Of a city that has no pack yet.
pub(super) fn nothing(now: Timestamp) -> Result<Live, VitalsError> {
    let parts = Parts {
        indicators: Vec::new(),
        domains: Vec::new(),
        index: Vec::new(),
        outlines: Vec::new(),
    };
    let policy = Policy::compile(parts, now)?;
    Ok(Live::new(Arc::new(policy), Vec::new(), Vec::new()))
}

impl VitalsService {
    /// Takes over what changed; answers whether cases did.
    pub(crate) async fn follow(
        &self,
        followed: &mut Followed,
        now: Timestamp,
    ) -> Result<bool, VitalsError> {
        self.follow_policy(followed, now).await?;
        self.follow_feeds(followed).await?;
        self.follow_cases(followed, now).await
    }

    async fn follow_policy(
        &self,
        followed: &mut Followed,
        now: Timestamp,
    ) -> Result<(), VitalsError> {
        let conn = self.db.read();
        let definitions = store::count_of(conn, store::DEFINITIONS).await?;
        let day = ZONE.to_datetime(now).date();
        let mark = (definitions, self.asks.catalog.version(), day);
        if followed.policy == Some(mark) {
            return Ok(());
        }
        let parts = Parts {
            indicators: store::definitions::current(conn).await?,
            domains: store::definitions::composition::<DomainEntry>(conn, DOMAINS).await?,
            index: store::definitions::composition::<IndexEntry>(conn, INDEX).await?,
            outlines: self.asks.catalog.outlines(),
        };
        let policy = Arc::new(Policy::compile(parts, now)?);
        let (owners, governors) = self.hearers(&policy);
        let mut live = Live::new(policy, owners, governors);
        live.restore(&store::states::all(conn).await?);
        *self.live.write().await = live;
        followed.policy = Some(mark);
        Ok(())
    }

    /// The owner of each indicator, and the units that govern each area or what it lies in.
    fn hearers(&self, policy: &Policy) -> (Vec<Option<OrgId>>, Vec<Vec<OrgId>>) {
        let codes: Vec<&str> = policy
            .indicators
            .iter()
            .map(|each| each.entry.owner.as_str())
            .collect();
        let owners = self.asks.orgs.by_code(&codes);
        let owners = owners.into_iter().map(|org| org.map(|org| org.id));
        let orgs = self.asks.orgs.all();
        let governs = |area: &crate::policy::Area| {
            let is_over = |org: &&OrgBrief| {
                org.area
                    .as_ref()
                    .is_some_and(|own| area.is_kept && own.contains(&area.code))
            };
            let governing = orgs.iter().filter(is_over).map(|org| org.id);
            governing.collect::<Vec<OrgId>>()
        };
        (owners.collect(), policy.areas.iter().map(governs).collect())
    }

    async fn follow_feeds(&self, followed: &mut Followed) -> Result<(), VitalsError> {
        let conn = self.db.read();
        let revision = store::count_of(conn, store::FEEDS).await?;
        if followed.feeds == Some(revision) {
            return Ok(());
        }
        let (values, until) = match followed.feeds {
            None => (store::feeds::latest(conn).await?, revision),
            Some(known) => {
                let rows = store::feeds::after(conn, known).await?;
                let until = rows.iter().map(|(_, revision)| *revision).max();
                let values = rows.into_iter().map(|(value, _)| value).collect();
                (values, until.unwrap_or(revision))
            }
        };
        let mut sources = self.sources.write().unwrap_or_else(PoisonError::into_inner);
        for value in values {
            let of_feed = sources.feeds.entry(value.feed).or_default();
            let own = of_feed.entry(value.area).or_insert((value.at, value.value));
            if own.0 <= value.at {
                *own = (value.at, value.value);
            }
        }
        followed.feeds = Some(until);
        Ok(())
    }

    async fn follow_cases(
        &self,
        followed: &mut Followed,
        now: Timestamp,
    ) -> Result<bool, VitalsError> {
        let conn = self.db.read();
        // Looked at before the rows: what was read until then is among them.
        let has_all = followed.has_all_cases
            || store::mark(conn, CASES_MARK).await?.as_deref() == Some(ALL_READ);
        let completes = has_all && !followed.has_all_cases;
        let revision = store::count_of(conn, store::CASES).await?;
        if followed.cases == revision && !completes {
            return Ok(false);
        }
        let since = micros(now) - CASES_KEPT;
        let rows = store::cases::after(conn, followed.cases, since).await?;
        let until = rows.iter().map(|(_, revision)| *revision).max();
        let mut sources = self.sources.write().unwrap_or_else(PoisonError::into_inner);
        for (case, _) in rows {
            sources.cases.insert(case.id, case);
        }
        sources.has_all_cases = has_all;
        followed.has_all_cases = has_all;
        let outlives = |case: &yiwang_contracts::CaseFacts| {
            case.is_open || crate::facts::case_touched(case) >= since
        };
        sources.cases.retain(|_, case| outlives(case));
        followed.cases = until.unwrap_or(revision).max(revision);
        Ok(true)
    }
}
