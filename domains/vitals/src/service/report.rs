//! What an area's day or week was like (体检报告): from stored values alone, so that a past one is the same whenever it is
//! asked for.

mod cases;
mod document;
mod numbers;
mod parts;
mod stretch;

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use yiwang_contracts::Actor;
use yiwang_kernel::{AreaCode, Text, Timestamp, from_micros, micros};

pub(crate) use cases::{AlarmsPart, CasesPart};
pub(crate) use document::Language;
pub(crate) use numbers::{AreaPart, ChangePart, ReasonPart, ScorePart};
pub(crate) use parts::{BreachPart, NoticePart, StaleFeed};

use super::VitalsService;
use crate::error::VitalsError;
use crate::policy::Policy;
use numbers::Numbers;
use stretch::Stretch;

/// How long a report's stretch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Period {
    Daily,
    /// From Monday on.
    Weekly,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReportQuery {
    /// The code of the city or of a town; the largest that one may see where nothing is said.
    pub area: Option<String>,
    /// A day that it is about; today where nothing is said.
    #[param(value_type = Option<String>, format = Date)]
    pub of: Option<Date>,
    /// The language of the document, before that of `Accept-Language`; Chinese where neither says anything.
    #[param(inline)]
    pub lang: Option<Language>,
}

/// A report. Every number says which indicator it is of; the index is `index`, a domain `index.A`.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct ReportView {
    pub period: Period,
    pub area: AreaCode,
    pub name: String,
    #[schema(value_type = String, format = Date)]
    pub first_day: Date,
    #[schema(value_type = String, format = Date)]
    pub last_day: Date,
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    /// False while the stretch still runs.
    pub is_complete: bool,
    pub index: ScorePart,
    pub domains: Vec<ScorePart>,
    /// The towns of a city, the lowest index first.
    pub areas: Vec<AreaPart>,
    /// What took most away, the worst first; of a week by the mean of its days.
    pub reasons: Vec<ReasonPart>,
    /// Stretches with a grade that is not normal, the worst and longest first.
    pub breaches: Vec<BreachPart>,
    pub cases: CasesPart,
    pub alarms: AlarmsPart,
    /// Indicators that moved most against the day or week before.
    pub changes: Vec<ChangePart>,
    /// Feeds that were interrupted at the end.
    pub stale: Vec<StaleFeed>,
    pub notices: Vec<NoticePart>,
}

impl VitalsService {
    /// The report of an area about the day, or the week around it.
    pub(crate) async fn report(
        &self,
        actor: &Actor,
        period: Period,
        query: &ReportQuery,
        now: Timestamp,
    ) -> Result<ReportView, VitalsError> {
        let live = self.live.read().await;
        let area = Self::area_of(&live, actor, query.area.as_deref(), now)?;
        let policy = Arc::clone(&live.policy);
        drop(live);
        let of_area = policy.areas.get(area).cloned();
        let of_area = of_area.ok_or(VitalsError::NotFound("area"))?;
        let stretch = Stretch::of(period, query.of, now)?;
        let numbers = Numbers::read(self.db.read(), &policy, of_area.code.as_str(), stretch);
        let numbers = numbers.await?;
        let cases = cases::cases(&policy, &self.sources(), &of_area.code, stretch, now);
        let conn = self.db.read();
        let seen = seen(&policy, actor, area, now);
        Ok(ReportView {
            period,
            first_day: stretch.first_day,
            last_day: stretch.last_day,
            from: from_micros(stretch.from),
            until: from_micros(stretch.until(now)),
            is_complete: stretch.to <= micros(now),
            index: numbers.index(&policy),
            domains: numbers.domains(&policy),
            areas: numbers::areas(conn, &policy, seen.get(1..).unwrap_or_default(), stretch)
                .await?,
            reasons: numbers.reasons(&policy, area),
            breaches: parts::breaches(conn, &policy, of_area.code.as_str(), stretch, now).await?,
            cases,
            alarms: self.alarms_of(&policy, &of_area.code, stretch).await?,
            changes: numbers.changes(&policy, area),
            stale: parts::stale(conn, &policy, stretch.until(now)).await?,
            notices: parts::notices(conn, &policy, &seen, stretch).await?,
            area: of_area.code,
            name: of_area.name,
        })
    }

    /// The same as a Word file.
    pub(crate) async fn report_document(
        &self,
        actor: &Actor,
        period: Period,
        (query, language): (&ReportQuery, Language),
        now: Timestamp,
    ) -> Result<(String, Vec<u8>), VitalsError> {
        let report = self.report(actor, period, query, now).await?;
        let name = format!("vitals-{}-{}.docx", report.area, report.last_day);
        let writing = move || document::write(&report, language);
        let written = tokio::task::spawn_blocking(writing).await?;
        Ok((name, written.map_err(VitalsError::BrokenOff)?))
    }

    async fn alarms_of(
        &self,
        policy: &Policy,
        area: &AreaCode,
        stretch: Stretch,
    ) -> Result<AlarmsPart, VitalsError> {
        let since = from_micros(stretch.from);
        let alarms = self.asks.alarms.alarms(since, cases::ALARMS_MAX).await?;
        Ok(cases::alarms(policy, &alarms, area, stretch))
    }
}

/// The area itself, then those in it that one may see: code and name.
fn seen(policy: &Policy, actor: &Actor, area: usize, now: Timestamp) -> Vec<(String, String)> {
    let own = policy.areas.get(area).map(|own| own.code.clone());
    let is_within = |place: usize, code: &AreaCode| {
        place != area
            && own.as_ref().is_some_and(|own| own.contains(code))
            && VitalsService::covers(actor, "vitals.read", code, now)
    };
    let within = policy
        .kept()
        .filter(|(place, within)| is_within(*place, &within.code));
    let own = policy.areas.get(area).into_iter();
    own.chain(within.map(|(_, within)| within))
        .map(|each| (each.code.0.clone(), each.name.clone()))
        .collect()
}

/// The name of an indicator that may be gone.
fn name_of(policy: &Policy, code: &str) -> Text {
    let entry = policy.indicator(code).and_then(|place| policy.entry(place));
    entry.map_or_else(
        || Text::new(code, code),
        |entry| super::view::text(&entry.name),
    )
}
