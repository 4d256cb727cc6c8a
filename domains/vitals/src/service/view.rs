//! The city's numbers as they are shown.

mod behind;
mod overview;

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;
use yiwang_contracts::Actor;
use yiwang_kernel::{AreaCode, Text, Timestamp, from_micros, micros};
use yiwang_vital_rules::{Direction, Grade, IndicatorEntry, Measured, Shown, Title, ranking};

pub(crate) use behind::BehindView;
pub(crate) use overview::OverviewView;

use super::VitalsService;
use super::by_sql::{self, Answers, QuestionView};
use crate::error::VitalsError;
use crate::facts::HOUR;
use crate::live::Live;
use crate::policy::Versioned;
use crate::store;

/// Hourly values that are drawn beside a number.
const TREND: i64 = 24;

/// How an indicator stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    Normal,
    Attention,
    Warning,
    Alarm,
    /// 数据中断
    Stale,
    /// There is a value, and nothing to measure it by.
    Ungraded,
    /// There is nothing to count here.
    Nothing,
    /// Nobody has what it is computed from.
    Waiting,
}

/// An indicator and its number.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct IndicatorView {
    pub code: String,
    pub name: Text,
    pub domain: String,
    pub unit: String,
    pub precision: u8,
    #[schema(value_type = String)]
    pub direction: Direction,
    /// Code of the unit that answers for it.
    pub owner: String,
    pub source: Text,
    pub state: Standing,
    pub value: Option<f64>,
    /// 0 to 100.
    pub score: Option<f64>,
    /// When the value was so.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    pub age_seconds: Option<i64>,
    /// Since when it stands so.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Timestamp>,
    /// What is usual now.
    pub usual: Option<f64>,
    /// The last values of the last 24 hours, the oldest first; nothing where an hour has none.
    pub trend: Vec<Option<f64>>,
    pub version: i64,
    /// False while nobody has checked the definition against its source.
    pub verified: bool,
    /// What keeps it from having a number; of an indicator by SQL also what keeps it from a newer one.
    pub waiting_reason: Option<Text>,
}

/// A version of an indicator.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct VersionView {
    pub version: i64,
    pub pack: String,
    #[schema(value_type = String, format = DateTime)]
    pub valid_from: Timestamp,
    pub by: String,
    #[schema(value_type = Object)]
    pub entry: Value,
}

/// Everything about an indicator.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct IndicatorDetail {
    #[serde(flatten)]
    pub now: IndicatorView,
    pub area: AreaCode,
    /// The entry as its pack has it.
    #[schema(value_type = Object)]
    pub entry: Value,
    /// How it is computed, in words.
    pub formula_words: Option<Text>,
    /// The limits in force now.
    #[schema(value_type = Option<Object>)]
    pub thresholds: Option<Value>,
    /// What the limits are compared with: `value`, `gap`, `deviation`, `z`.
    #[schema(value_type = Option<String>)]
    pub measured: Option<Measured>,
    /// Of an indicator by SQL that was asked: how its question stands.
    pub question: Option<QuestionView>,
    pub owner_name: Option<Text>,
    /// The newest first.
    pub versions: Vec<VersionView>,
}

/// A town in the order of an indicator.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct RankView {
    /// From 1, the best; nothing where there is no score.
    pub place: Option<usize>,
    pub area: AreaCode,
    pub name: String,
    pub state: Standing,
    pub value: Option<f64>,
    pub score: Option<f64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
}

pub(super) fn text(title: &Title) -> Text {
    Text::new(title.zh.as_str(), title.en.as_str())
}

/// What keeps an indicator from having a number, or a newer one.
fn waits_for(entry: &IndicatorEntry, answers: &Answers, is_known: bool) -> Option<Text> {
    if let Some(reason) = &entry.waiting_reason {
        return Some(text(reason));
    }
    let sql = by_sql::question(entry)?;
    let own = answers.get(&entry.code).filter(|own| own.sql == sql);
    if let Some(fault) = own.and_then(|own| own.fault.as_ref()) {
        return Some(fault.message.clone());
    }
    (own.is_none() && !is_known).then(|| {
        let english = "The lake has not answered its question yet";
        Text::new("数据湖尚未答复其查询", english)
    })
}

pub(super) fn standing(live: &Live, indicator: usize, area: usize, now: i64) -> Standing {
    let Some(entry) = live.policy.entry(indicator) else {
        return Standing::Nothing;
    };
    if entry.waiting {
        return Standing::Waiting;
    }
    let is_silent = live.board.cell(indicator, area).at == i64::MIN;
    match live.shown(indicator, area, now) {
        None if is_silent => Standing::Stale,
        None => Standing::Nothing,
        Some(Shown::Stale) => Standing::Stale,
        Some(Shown::Ungraded) => Standing::Ungraded,
        Some(Shown::Graded(Grade::Normal)) => Standing::Normal,
        Some(Shown::Graded(Grade::Attention)) => Standing::Attention,
        Some(Shown::Graded(Grade::Warning)) => Standing::Warning,
        Some(Shown::Graded(Grade::Alarm)) => Standing::Alarm,
    }
}

pub(super) fn score(live: &Live, indicator: usize, area: usize) -> Option<f64> {
    match live.board.part(indicator, area) {
        yiwang_vital_rules::Part::Score(score) => Some(score),
        yiwang_vital_rules::Part::None | yiwang_vital_rules::Part::Grey => None,
    }
}

fn indicator(
    live: &Live,
    answers: &Answers,
    (place, area): (usize, usize),
    now: i64,
) -> Option<IndicatorView> {
    let versioned = live.policy.indicators.get(place)?;
    let entry = &versioned.entry;
    let cell = live.board.cell(place, area);
    let is_known = cell.at != i64::MIN;
    let state = live.state(place, area);
    Some(IndicatorView {
        code: entry.code.clone(),
        name: text(&entry.name),
        domain: entry.domain.clone(),
        unit: entry.unit.clone(),
        precision: entry.precision,
        direction: entry.direction,
        owner: entry.owner.clone(),
        source: text(&entry.source),
        state: standing(live, place, area, now),
        value: cell.value.is_finite().then_some(cell.value),
        score: score(live, place, area),
        at: is_known.then(|| from_micros(cell.at)),
        age_seconds: is_known.then(|| (now - cell.at).div_euclid(1_000_000)),
        since: state.last.is_some().then(|| from_micros(state.since)),
        usual: live.board.baseline(place, area).map(|usual| usual.center),
        trend: Vec::new(),
        version: versioned.version,
        verified: entry.verified,
        waiting_reason: waits_for(entry, answers, is_known),
    })
}

/// Indicators that an area can have a number of.
fn has_values(entry: &IndicatorEntry, live: &Live, area: usize) -> bool {
    let level = live.policy.areas.get(area).map(|area| area.level);
    level.is_some_and(|level| level <= entry.grain.space)
}

impl VitalsService {
    /// All indicators of an area, with their numbers.
    pub(crate) async fn indicators(
        &self,
        actor: &Actor,
        area: Option<&str>,
        now: Timestamp,
    ) -> Result<Vec<IndicatorView>, VitalsError> {
        let at = micros(now);
        let live = self.live.read().await;
        let area = Self::area_of(&live, actor, area, now)?;
        let mut views: Vec<IndicatorView> = {
            let sources = self.sources();
            (0..live.policy.indicators.len())
                .filter(|place| {
                    let entry = live.policy.entry(*place);
                    entry.is_some_and(|entry| has_values(entry, &live, area))
                })
                .filter_map(|place| indicator(&live, &sources.answers, (place, area), at))
                .collect()
        };
        let code = live.policy.areas.get(area).map(|area| area.code.clone());
        drop(live);
        if let Some(code) = code {
            self.add_trends(&mut views, code.as_str(), at).await?;
        }
        Ok(views)
    }

    async fn add_trends(
        &self,
        views: &mut [IndicatorView],
        area: &str,
        now: i64,
    ) -> Result<(), VitalsError> {
        let first = store::values::Step::Hour.begin(now) - (TREND - 1) * HOUR;
        let codes: Vec<&str> = views.iter().map(|view| view.code.as_str()).collect();
        let mut trends: HashMap<String, Vec<Option<f64>>> = HashMap::new();
        for row in store::values::trends(self.db.read(), area, &codes, first).await? {
            let trend = trends
                .entry(row.indicator)
                .or_insert_with(|| vec![None; TREND as usize]);
            let hour = usize::try_from((row.of_at - first).div_euclid(HOUR)).unwrap_or(usize::MAX);
            if let Some(own) = trend.get_mut(hour) {
                *own = Some(row.value);
            }
        }
        for view in views {
            view.trend = trends.remove(&view.code).unwrap_or_default();
        }
        Ok(())
    }

    /// One indicator: what it is, how it is computed, how it stands.
    pub(crate) async fn indicator(
        &self,
        actor: &Actor,
        code: &str,
        area: Option<&str>,
        now: Timestamp,
    ) -> Result<IndicatorDetail, VitalsError> {
        let at = micros(now);
        let live = self.live.read().await;
        let area = Self::area_of(&live, actor, area, now)?;
        let place = live.policy.indicator(code);
        let place = place.ok_or(VitalsError::NotFound("indicator"))?;
        let found = (
            indicator(&live, &self.sources().answers, (place, area), at),
            live.policy.entry(place).cloned(),
            live.policy.areas.get(area).map(|area| area.code.clone()),
        );
        let (Some(view), Some(entry), Some(code)) = found else {
            return Err(VitalsError::NotFound("indicator"));
        };
        let measured = live
            .policy
            .gradings
            .get(place)
            .and_then(|grading| grading.scale(at))
            .map(|(_, on)| on);
        drop(live);
        let mut views = [view];
        self.add_trends(&mut views, code.as_str(), at).await?;
        let [view] = views;
        let versions = store::definitions::versions(self.db.read(), &entry.code).await?;
        let owner = self.asks.orgs.by_code(&[entry.owner.as_str()]);
        Ok(IndicatorDetail {
            now: view,
            area: code,
            thresholds: in_force(&entry, now)?,
            formula_words: entry.formula.as_ref().map(crate::words::formula),
            measured,
            question: self.question(&entry),
            owner_name: owner.into_iter().flatten().next().map(|org| org.name),
            entry: serde_json::to_value(&entry)?,
            versions: versions
                .into_iter()
                .map(version)
                .collect::<Result<_, VitalsError>>()?,
        })
    }

    fn question(&self, entry: &IndicatorEntry) -> Option<QuestionView> {
        let sources = self.sources();
        let own = sources.answers.get(&entry.code)?;
        (by_sql::question(entry) == Some(own.sql.as_str())).then(|| own.into())
    }

    /// Towns by an indicator, the best first; only those that one may see.
    pub(crate) async fn ranking(
        &self,
        actor: &Actor,
        code: &str,
        now: Timestamp,
    ) -> Result<Vec<RankView>, VitalsError> {
        let at = micros(now);
        let live = self.live.read().await;
        Self::area_of(&live, actor, None, now)?;
        let place = live.policy.indicator(code);
        let place = place.ok_or(VitalsError::NotFound("indicator"))?;
        let is_compared = live
            .policy
            .entry(place)
            .is_some_and(|entry| entry.grain.space > yiwang_vital_rules::SpaceGrain::County);
        let towns: Vec<usize> = live
            .policy
            .kept()
            .filter(|(town, _)| is_compared && Some(*town) != live.policy.top)
            .map(|(town, _)| town)
            .collect();
        // Places are among all towns, whoever looks.
        let scores: Vec<Option<f64>> = towns
            .iter()
            .map(|town| score(&live, place, *town))
            .collect();
        let mut ranks: Vec<RankView> = towns
            .iter()
            .zip(ranking(&scores))
            .zip(&scores)
            .filter_map(|((town, rank), score)| {
                let area = live.policy.areas.get(*town)?;
                if !Self::covers(actor, "vitals.read", &area.code, now) {
                    return None;
                }
                let cell = live.board.cell(place, *town);
                Some(RankView {
                    place: rank,
                    area: area.code.clone(),
                    name: area.name.clone(),
                    state: standing(&live, place, *town, at),
                    value: cell.value.is_finite().then_some(cell.value),
                    score: *score,
                    at: (cell.at != i64::MIN).then(|| from_micros(cell.at)),
                })
            })
            .collect();
        ranks.sort_by_key(|rank| rank.place.unwrap_or(usize::MAX));
        Ok(ranks)
    }
}

fn version(version: Versioned) -> Result<VersionView, VitalsError> {
    Ok(VersionView {
        version: version.version,
        valid_from: from_micros(version.valid_from),
        entry: serde_json::to_value(&version.entry)?,
        pack: version.pack,
        by: version.by,
    })
}

/// The set of limits that holds today.
fn in_force(entry: &IndicatorEntry, now: Timestamp) -> Result<Option<Value>, VitalsError> {
    let today = crate::policy::ZONE.to_datetime(now).date();
    let begun = entry
        .thresholds
        .iter()
        .filter(|set| set.valid_from.is_none_or(|day| day <= today));
    let newest = begun.max_by_key(|set| set.valid_from);
    Ok(newest.map(serde_json::to_value).transpose()?)
}
