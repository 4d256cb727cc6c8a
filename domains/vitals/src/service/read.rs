//! The series of an indicator.

use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use yiwang_contracts::Actor;
use yiwang_kernel::{AreaCode, Timestamp, from_micros, micros};
use yiwang_vital_rules::{Grade, SpaceGrain};

use super::VitalsService;
use super::forecast::ForecastView;
use crate::error::VitalsError;
use crate::facts::DAY;
use crate::store;
use crate::store::states::INDEX;
use crate::store::values::Step;

/// Values of one answer at most.
const VALUES_MAX: i64 = 5_000;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SeriesQuery {
    /// The city where nothing is said.
    pub area: Option<String>,
    /// A day before `to` where nothing is said.
    #[param(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    /// Now where nothing is said.
    #[param(value_type = Option<String>, format = DateTime)]
    pub to: Option<Timestamp>,
    /// The finest with at most 1,000 values where nothing is said.
    pub step: Option<Step>,
}

/// A value of the past.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct PointView {
    /// When it was so.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub value: f64,
    #[schema(value_type = Option<String>)]
    pub grade: Option<Grade>,
    pub score: Option<f64>,
    /// The version of the indicator that it was computed by.
    pub version: i64,
    /// What was usual then, and the standard deviation around it.
    pub usual: Option<f64>,
    pub spread: Option<f64>,
}

/// A series.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct IndicatorSeries {
    pub indicator: String,
    pub area: AreaCode,
    pub step: Step,
    pub points: Vec<PointView>,
    /// The next 24 hours.
    pub forecast: Vec<ForecastView>,
}

impl VitalsService {
    /// Values of an indicator, or of the index (`index`, `index.A`), with what was usual and what is to come.
    pub(crate) async fn series(
        &self,
        actor: &Actor,
        code: &str,
        query: &SeriesQuery,
        now: Timestamp,
    ) -> Result<IndicatorSeries, VitalsError> {
        let live = self.live.read().await;
        let area = Self::area_of(&live, actor, query.area.as_deref(), now)?;
        let area = live.policy.areas.get(area).cloned();
        let area = area.ok_or(VitalsError::NotFound("area"))?;
        let entry = live
            .policy
            .indicator(code)
            .and_then(|place| live.policy.entry(place).cloned());
        let is_index = code == INDEX
            || code.strip_prefix("index.").is_some_and(|letter| {
                live.policy
                    .domains
                    .iter()
                    .any(|domain| domain.code == letter)
            });
        drop(live);
        if entry.is_none() && !is_index {
            return Err(VitalsError::NotFound("indicator"));
        }
        let (span, step) = stretch(query, now)?;
        let conn = self.db.read();
        let key = (code, area.code.as_str());
        let rows = store::values::series(conn, key, step, span, VALUES_MAX as u64).await?;
        let times: Vec<i64> = rows.iter().map(|row| row.of_at).collect();
        let usual = match &entry {
            Some(entry) => self.usual_at(entry, area.code.as_str(), &times).await?,
            None => vec![None; times.len()],
        };
        let point = |(row, usual): (
            store::values::ValueRow,
            Option<yiwang_vital_rules::Baseline>,
        )| {
            PointView {
                at: from_micros(row.of_at),
                value: row.value,
                grade: row.grade,
                score: row.score,
                version: row.version,
                usual: usual.map(|usual| usual.center),
                spread: usual.and_then(|usual| usual.spread),
            }
        };
        let points = rows.into_iter().zip(usual).map(point).collect();
        let forecast = match &entry {
            Some(entry) if area.level <= entry.grain.space.max(SpaceGrain::County) => {
                self.foretell(entry, area.code.as_str(), micros(now))
                    .await?
            }
            _ => Vec::new(),
        };
        Ok(IndicatorSeries {
            indicator: code.to_owned(),
            area: area.code,
            step,
            points,
            forecast,
        })
    }
}

/// From when to when, and how fine.
fn stretch(query: &SeriesQuery, now: Timestamp) -> Result<((i64, i64), Step), VitalsError> {
    const DRAWN: i64 = 1_000;
    let to = query.to.map_or(micros(now) + 1, micros);
    let from = query.from.map_or(to - DAY, micros);
    let length = to - from;
    if length <= 0 {
        return Err(VitalsError::invalid(
            "/from",
            "vitals.stretch",
            "from lies before to",
        ));
    }
    let fits = |step: &Step| length / step.micros() <= DRAWN;
    let step = query
        .step
        .or_else(|| Step::ALL.into_iter().find(fits))
        .unwrap_or(Step::Day);
    if length / step.micros() > VALUES_MAX {
        let message = format!("more than {VALUES_MAX} values; ask for less or a coarser step");
        return Err(VitalsError::invalid("/step", "vitals.too_many", message));
    }
    Ok(((from, to), step))
}
