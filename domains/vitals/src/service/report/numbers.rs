//! What stood at the end of a stretch and of the one before: the index, domains, towns, reasons, changes.

use std::collections::BTreeMap;

use sea_orm::ConnectionTrait;
use serde::Serialize;
use yiwang_kernel::{AreaCode, Text};
use yiwang_vital_rules::{
    CityPart, DomainPart, Lamp, city_losses, city_score, domain_losses, domain_score,
    indicator_losses, lamp, top_reasons,
};

use super::super::view::text;
use super::stretch::Stretch;
use crate::error::VitalsError;
use crate::policy::Policy;
use crate::store;
use crate::store::states::INDEX;
use crate::store::values::{Step, ValueRow};

const REASONS: usize = 5;
const CHANGES: usize = 10;
/// Hourly scores of a week, and some more.
const SCORES_MAX: u64 = 200;

/// The index, or the score of a domain.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct ScorePart {
    /// `index`, or `index.A`.
    pub code: String,
    pub name: Text,
    /// At the end.
    pub score: Option<f64>,
    #[schema(value_type = Option<String>)]
    pub lamp: Option<Lamp>,
    /// At the end of the day or week before.
    pub before: Option<f64>,
    pub change: Option<f64>,
    /// Of the hours in between.
    pub lowest: Option<f64>,
    pub highest: Option<f64>,
}

/// The index of a town.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct AreaPart {
    pub code: String,
    pub area: AreaCode,
    pub name: String,
    pub score: Option<f64>,
    #[schema(value_type = Option<String>)]
    pub lamp: Option<Lamp>,
    pub before: Option<f64>,
    pub change: Option<f64>,
}

/// What took points away.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct ReasonPart {
    pub code: String,
    pub name: Text,
    pub domain: String,
    /// Points of the index.
    pub loss: f64,
    pub score: f64,
    pub value: f64,
    pub unit: String,
}

/// How an indicator moved.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct ChangePart {
    pub code: String,
    pub name: Text,
    pub unit: String,
    pub precision: u8,
    pub value: f64,
    pub before: f64,
    pub change: f64,
    pub score: Option<f64>,
    /// Points that it won or lost.
    pub score_change: Option<f64>,
}

/// The last values of the days of an area, by indicator and day.
pub(super) struct Numbers {
    own: BTreeMap<String, Vec<ValueRow>>,
    before: BTreeMap<String, Vec<ValueRow>>,
    hours: Vec<ValueRow>,
}

impl Numbers {
    pub(super) async fn read(
        conn: &impl ConnectionTrait,
        policy: &Policy,
        area: &str,
        stretch: Stretch,
    ) -> Result<Self, VitalsError> {
        let domains = policy.domains.iter();
        let mut codes: Vec<String> = domains
            .map(|domain| format!("{INDEX}.{}", domain.code))
            .collect();
        codes.push(INDEX.to_owned());
        let indicators = policy.indicators.iter();
        codes.extend(indicators.map(|versioned| versioned.entry.code.clone()));
        let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
        let own: Vec<i64> = stretch.days().collect();
        let before: Vec<i64> = stretch.before().collect();
        let own = store::values::of_area(conn, area, &codes, (Step::Day, &own)).await?;
        let before = store::values::of_area(conn, area, &codes, (Step::Day, &before)).await?;
        let span = (stretch.from, stretch.to);
        let hours = store::values::series(conn, (INDEX, area), Step::Hour, span, SCORES_MAX);
        Ok(Self {
            own: by_indicator(own),
            before: by_indicator(before),
            hours: hours.await?,
        })
    }

    fn last(&self, code: &str) -> Option<&ValueRow> {
        self.own.get(code)?.last()
    }

    fn last_before(&self, code: &str) -> Option<&ValueRow> {
        self.before.get(code)?.last()
    }

    pub(super) fn index(&self, policy: &Policy) -> ScorePart {
        let name = Text::new("城市健康指数", "City health index");
        let mut index = self.score(policy, INDEX.to_owned(), name);
        let scores = || self.hours.iter().map(|row| row.value);
        index.lowest = scores().min_by(f64::total_cmp);
        index.highest = scores().max_by(f64::total_cmp);
        index
    }

    pub(super) fn domains(&self, policy: &Policy) -> Vec<ScorePart> {
        let domains = policy.domains.iter();
        domains
            .map(|domain| {
                let code = format!("{INDEX}.{}", domain.code);
                self.score(policy, code, text(&domain.name))
            })
            .collect()
    }

    fn score(&self, policy: &Policy, code: String, name: Text) -> ScorePart {
        let score = self.last(&code).map(|row| row.value);
        let before = self.last_before(&code).map(|row| row.value);
        let days = || self.own.get(&code).into_iter().flatten();
        ScorePart {
            name,
            score,
            lamp: lamp(score, None, &policy.index),
            before,
            change: score.zip(before).map(|(score, before)| score - before),
            lowest: days().map(|row| row.value).min_by(f64::total_cmp),
            highest: days().map(|row| row.value).max_by(f64::total_cmp),
            code,
        }
    }

    /// What took most away from the index as it was at the end.
    pub(super) fn reasons(&self, policy: &Policy, area: usize) -> Vec<ReasonPart> {
        let (mut of_city, mut of_domains) = (Vec::new(), Vec::new());
        for (place, domain) in policy.domains.iter().enumerate() {
            let members: Vec<usize> = policy.engine.members(place, area).collect();
            let parts: Vec<DomainPart> = members
                .iter()
                .map(|indicator| self.part(policy, *indicator))
                .collect();
            let score = domain_score(&parts, &policy.index);
            let weight = policy.index.weights.get(&domain.code).copied();
            of_city.push(CityPart {
                weight: weight.filter(|_| score.score.is_some()).unwrap_or(0.0),
                score: score.score,
            });
            of_domains.push((members, domain_losses(&parts, &score)));
        }
        let index = self.last(INDEX).map(|row| row.value);
        let index = index.or_else(|| city_score(&of_city, &policy.index).score);
        let losses = city_losses(&of_city, index);
        let (mut members, mut of_members) = (Vec::new(), Vec::new());
        for ((own, in_domain), of_domain) in of_domains.into_iter().zip(losses) {
            of_members.extend(indicator_losses(&in_domain, of_domain));
            members.extend(own);
        }
        let reason = |reason: yiwang_vital_rules::Reason| {
            let entry = policy.entry(*members.get(reason.part)?)?;
            Some(ReasonPart {
                code: entry.code.clone(),
                name: text(&entry.name),
                domain: entry.domain.clone(),
                loss: reason.loss,
                score: self.mean_score(&entry.code)?,
                value: self.last(&entry.code)?.value,
                unit: entry.unit.clone(),
            })
        };
        let top = top_reasons(&of_members, REASONS);
        top.into_iter().filter_map(reason).collect()
    }

    fn part(&self, policy: &Policy, indicator: usize) -> DomainPart {
        let entry = policy.entry(indicator);
        let score = entry.and_then(|entry| self.mean_score(&entry.code));
        DomainPart {
            // What has no score that day is no part: whether it was interrupted is told by itself.
            weight: entry
                .filter(|_| score.is_some())
                .map_or(0.0, |entry| entry.weight),
            score,
            is_veto: entry.is_some_and(|entry| entry.veto),
        }
    }

    fn mean_score(&self, code: &str) -> Option<f64> {
        let rows = self.own.get(code)?;
        let scores: Vec<f64> = rows.iter().filter_map(|row| row.score).collect();
        (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
    }

    /// What moved most: first by points, then by its own size.
    pub(super) fn changes(&self, policy: &Policy, area: usize) -> Vec<ChangePart> {
        let level = policy.areas.get(area).map(|area| area.level);
        let entries = policy.indicators.iter().map(|versioned| &versioned.entry);
        let change = |entry: &yiwang_vital_rules::IndicatorEntry| {
            let (own, before) = (self.last(&entry.code)?, self.last_before(&entry.code)?);
            let has_values = level.is_some_and(|level| level <= entry.grain.space);
            let moved = own.value - before.value;
            (has_values && moved.abs() > 1e-9).then(|| ChangePart {
                code: entry.code.clone(),
                name: text(&entry.name),
                unit: entry.unit.clone(),
                precision: entry.precision,
                value: own.value,
                before: before.value,
                change: moved,
                score: own.score,
                score_change: own.score.zip(before.score).map(|(own, was)| own - was),
            })
        };
        let mut changes: Vec<ChangePart> = entries.filter_map(change).collect();
        let points = |part: &ChangePart| part.score_change.unwrap_or(0.0).abs();
        let size = |part: &ChangePart| part.change.abs() / part.before.abs().max(1e-9);
        changes.sort_by(|one, other| {
            let by_points = points(other).total_cmp(&points(one));
            by_points.then(size(other).total_cmp(&size(one)))
        });
        changes.truncate(CHANGES);
        changes
    }
}

fn by_indicator(mut rows: Vec<ValueRow>) -> BTreeMap<String, Vec<ValueRow>> {
    rows.sort_by_key(|row| row.of_at);
    let mut by: BTreeMap<String, Vec<ValueRow>> = BTreeMap::new();
    for row in rows {
        by.entry(row.indicator.clone()).or_default().push(row);
    }
    by
}

/// The index of towns, the lowest first; those without one last.
pub(super) async fn areas(
    conn: &impl ConnectionTrait,
    policy: &Policy,
    towns: &[(String, String)],
    stretch: Stretch,
) -> Result<Vec<AreaPart>, VitalsError> {
    let codes: Vec<&str> = towns.iter().map(|(code, _)| code.as_str()).collect();
    let own: Vec<i64> = stretch.days().collect();
    let before: Vec<i64> = stretch.before().collect();
    let own = store::values::at(conn, (INDEX, &codes), Step::Day, &own).await?;
    let before = store::values::at(conn, (INDEX, &codes), Step::Day, &before).await?;
    let last = |rows: &[ValueRow], area: &str| {
        let of_area = rows.iter().filter(|row| row.area == area);
        of_area.max_by_key(|row| row.of_at).map(|row| row.value)
    };
    let part = |(code, name): &(String, String)| {
        let (score, before) = (last(&own, code), last(&before, code));
        AreaPart {
            code: INDEX.to_owned(),
            area: code.as_str().into(),
            name: name.clone(),
            score,
            lamp: lamp(score, None, &policy.index),
            before,
            change: score.zip(before).map(|(score, before)| score - before),
        }
    };
    let mut parts: Vec<AreaPart> = towns.iter().map(part).collect();
    let key = |part: &AreaPart| part.score.unwrap_or(f64::INFINITY);
    parts.sort_by(|one, other| key(one).total_cmp(&key(other)));
    Ok(parts)
}
