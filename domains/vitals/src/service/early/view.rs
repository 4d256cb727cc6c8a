//! Early warnings as they are shown, with what became of them.

use serde::Serialize;
use yiwang_contracts::Actor;
use yiwang_kernel::{AreaCode, Text, Timestamp, Uuid, from_micros, micros};
use yiwang_vital_rules::{
    Episode, Grade, PastWarning, WARNING_HORIZON, WarningScore, score_warnings,
};

use super::{SCORED, VitalsService};
use crate::error::VitalsError;
use crate::facts::MINUTE;
use crate::store;

const READ: &str = "vitals.read";
/// Warnings that are shown.
const SHOWN: u64 = 200;
const SHOWN_BACK: i64 = 2 * WARNING_HORIZON;

/// What became of a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EarlyOutcome {
    /// Its day is not over.
    Pending,
    /// The grade began.
    Right,
    /// It did not.
    False,
}

/// A warning.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct EarlyWarningView {
    pub id: Uuid,
    pub indicator: String,
    pub name: Text,
    pub unit: String,
    pub area: AreaCode,
    /// That is about to begin.
    #[schema(value_type = String)]
    pub grade: Grade,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What the indicator was then.
    pub value: f64,
    pub limit: f64,
    /// When it is more likely past the limit than not.
    #[schema(value_type = String, format = DateTime)]
    pub expected_at: Timestamp,
    /// When it is past the limit with a chance of one in ten.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub earliest_at: Option<Timestamp>,
    pub outcome: EarlyOutcome,
}

/// How good warnings of an indicator are.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct EarlyScoreView {
    pub right: u32,
    pub false_alarms: u32,
    pub pending: u32,
    /// Breaches that were warned of, and those that were not.
    pub found: u32,
    pub missed: u32,
    /// The part of the decided warnings that was in vain.
    pub false_alarm_rate: Option<f64>,
    /// The part of the breaches that was warned of.
    pub recall: Option<f64>,
    /// How long before: half of the breaches that were found had at least so long.
    pub lead_minutes: Option<i64>,
}

/// How good warnings of one indicator are.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct EarlyView {
    pub indicator: String,
    pub name: Text,
    /// Those that were really given, of 90 days.
    pub given: EarlyScoreView,
    /// Those that would have been given in the last two weeks of the city's past; nothing while too little is known.
    pub tried: Option<EarlyScoreView>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub tried_at: Option<Timestamp>,
}

impl From<&WarningScore> for EarlyScoreView {
    fn from(score: &WarningScore) -> Self {
        Self {
            right: score.right,
            false_alarms: score.false_alarms,
            pending: score.pending,
            found: score.found,
            missed: score.missed,
            false_alarm_rate: score.precision().map(|precision| 1.0 - precision),
            recall: score.recall(),
            lead_minutes: score.lead_median().map(|lead| lead / MINUTE),
        }
    }
}

impl VitalsService {
    /// Warnings of the last two days, the newest first.
    pub(crate) async fn early_warnings(
        &self,
        actor: &Actor,
        area: Option<&str>,
        now: Timestamp,
    ) -> Result<Vec<EarlyWarningView>, VitalsError> {
        let at = micros(now);
        let live = self.live.read().await;
        let first = Self::area_of(&live, actor, area, now)?;
        let policy = std::sync::Arc::clone(&live.policy);
        drop(live);
        let areas: Vec<String> = policy
            .kept()
            .filter(|(place, of_area)| {
                let is_asked = area.is_none() || *place == first;
                is_asked && Self::covers(actor, READ, &of_area.code, now)
            })
            .map(|(_, of_area)| of_area.code.0.clone())
            .collect();
        let conn = self.db.read();
        let warnings = store::warnings::since(conn, &areas, at - SHOWN_BACK, SHOWN).await?;
        let mut views = Vec::with_capacity(warnings.len());
        for warning in warnings {
            let end = warning.at + WARNING_HORIZON;
            let span = (warning.at, end);
            let breaches = store::breaches::within(conn, &warning.area, span).await?;
            let came = breaches.iter().any(|breach| {
                breach.indicator == warning.indicator
                    && breach.grade >= warning.grade
                    && breach.from > warning.at
            });
            let entry = policy.indicator(&warning.indicator);
            let entry = entry.and_then(|place| policy.entry(place));
            let Some(entry) = entry else { continue };
            views.push(EarlyWarningView {
                id: warning.id,
                name: super::super::view::text(&entry.name),
                unit: entry.unit.clone(),
                indicator: warning.indicator,
                area: warning.area.as_str().into(),
                grade: warning.grade,
                at: from_micros(warning.at),
                value: warning.value,
                limit: warning.limit,
                expected_at: from_micros(warning.expected_at),
                earliest_at: warning.earliest_at.map(from_micros),
                outcome: match (came, end > at) {
                    (true, _) => EarlyOutcome::Right,
                    (false, true) => EarlyOutcome::Pending,
                    (false, false) => EarlyOutcome::False,
                },
            });
        }
        Ok(views)
    }

    /// How good warnings are, for each indicator that can be warned of.
    pub(crate) async fn early_scores(
        &self,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Vec<EarlyView>, VitalsError> {
        let at = micros(now);
        let live = self.live.read().await;
        Self::area_of(&live, actor, None, now)?;
        let policy = std::sync::Arc::clone(&live.policy);
        drop(live);
        let mut tried: std::collections::HashMap<String, (i64, Option<WarningScore>)> =
            store::warnings::scores(self.db.read())
                .await?
                .into_iter()
                .map(|(code, at, score)| (code, (at, score)))
                .collect();
        let mut views = Vec::new();
        for (place, versioned) in policy.indicators.iter().enumerate() {
            if super::value_scale(&policy, place, at).is_none() {
                continue;
            }
            let entry = &versioned.entry;
            let own = tried.remove(&entry.code);
            views.push(EarlyView {
                indicator: entry.code.clone(),
                name: super::super::view::text(&entry.name),
                given: EarlyScoreView::from(&self.given_score(&policy, &entry.code, at).await?),
                tried: own
                    .as_ref()
                    .and_then(|(_, score)| score.as_ref())
                    .map(EarlyScoreView::from),
                tried_at: own.map(|(at, _)| from_micros(at)),
            });
        }
        Ok(views)
    }

    /// The score of the warnings that were given.
    async fn given_score(
        &self,
        policy: &crate::policy::Policy,
        code: &str,
        now: i64,
    ) -> Result<WarningScore, VitalsError> {
        let conn = self.db.read();
        let warnings = store::warnings::of_indicator(conn, code, now - SCORED).await?;
        // Before the first warning nobody could have been warned.
        let Some(first) = warnings.first().map(|warning| warning.at) else {
            return Ok(WarningScore::default());
        };
        let place = |area: &str| policy.area(area).unwrap_or(usize::MAX);
        let given: Vec<PastWarning> = warnings
            .iter()
            .map(|warning| PastWarning {
                indicator: 0,
                area: place(&warning.area),
                at: warning.at,
                grade: warning.grade,
            })
            .collect();
        let breaches = store::breaches::of_indicator(conn, code, first).await?;
        let episodes: Vec<Episode> = breaches
            .iter()
            .map(|breach| Episode {
                indicator: 0,
                area: place(&breach.area),
                grade: breach.grade,
                from: breach.from,
            })
            .collect();
        let scores = score_warnings(&given, &episodes, WARNING_HORIZON, now);
        Ok(scores.into_iter().next().unwrap_or_default())
    }
}
