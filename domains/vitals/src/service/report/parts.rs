//! Lists of a report: breaches, interrupted feeds, notices.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use serde::Serialize;
use yiwang_contracts::CaseRef;
use yiwang_kernel::{AreaCode, Text, Timestamp, from_micros, micros};
use yiwang_vital_rules::{Grade, IndicatorEntry};

use super::name_of;
use super::stretch::Stretch;
use crate::error::VitalsError;
use crate::notice::Follow;
use crate::policy::Policy;
use crate::store;
use crate::store::breaches::Breach;

/// Rows of one list.
const ROWS_MAX: usize = 200;

/// A stretch in which an indicator was not normal.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct BreachPart {
    pub code: String,
    pub name: Text,
    /// The worst.
    #[schema(value_type = String)]
    pub grade: Grade,
    /// What the worst grade began with.
    pub value: f64,
    pub unit: String,
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// Nothing where it lasted beyond the end.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// Within the report's days.
    pub minutes: i64,
}

/// A feed without a fresh value.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct StaleFeed {
    pub feed: String,
    /// The indicators that read it.
    pub codes: Vec<String>,
    pub name: Text,
    /// Code of the unit that answers for it.
    pub owner: String,
    /// Nothing where nothing ever came.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_at: Option<Timestamp>,
    pub age_minutes: Option<i64>,
}

/// What followed when a grade began.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct NoticePart {
    pub code: String,
    pub name: Text,
    pub area: AreaCode,
    pub area_name: String,
    #[schema(value_type = String)]
    pub grade: Grade,
    pub action: Follow,
    pub value: f64,
    pub owner: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The case that was opened for it.
    pub case: Option<CaseRef>,
    /// Whether somebody had taken note at the end.
    pub is_acknowledged: bool,
}

/// Grades that follow each other without a gap are one breach.
pub(super) async fn breaches(
    conn: &impl ConnectionTrait,
    policy: &Policy,
    area: &str,
    stretch: Stretch,
    now: Timestamp,
) -> Result<Vec<BreachPart>, VitalsError> {
    let end = stretch.until(now);
    let rows = store::breaches::within(conn, area, (stretch.from, end)).await?;
    let follows = |one: &Breach, next: &Breach| {
        one.indicator == next.indicator && one.until == Some(next.from)
    };
    let part = |rows: &[Breach]| {
        let (first, last) = (rows.first()?, rows.last()?);
        let worst = rows.iter().max_by_key(|row| row.grade)?;
        let until = last.until.filter(|until| *until < end);
        let entry = policy.indicator(&first.indicator);
        let entry = entry.and_then(|place| policy.entry(place));
        let length = until.unwrap_or(end) - first.from.max(stretch.from);
        Some(BreachPart {
            code: first.indicator.clone(),
            name: name_of(policy, &first.indicator),
            grade: worst.grade,
            value: worst.value,
            unit: entry.map(|entry| entry.unit.clone()).unwrap_or_default(),
            from: from_micros(first.from),
            until: until.map(from_micros),
            minutes: length / crate::facts::MINUTE,
        })
    };
    let mut parts: Vec<BreachPart> = rows.chunk_by(follows).filter_map(part).collect();
    parts.sort_by_key(|part| std::cmp::Reverse((part.grade, part.minutes)));
    parts.truncate(ROWS_MAX);
    Ok(parts)
}

pub(super) async fn stale(
    conn: &impl ConnectionTrait,
    policy: &Policy,
    end: i64,
) -> Result<Vec<StaleFeed>, VitalsError> {
    let newest = store::feeds::newest_until(conn, end).await?;
    let newest: HashMap<String, i64> = newest.into_iter().collect();
    let stale = |(feed, readers): (&String, &Vec<usize>)| {
        let entries: Vec<&IndicatorEntry> = readers
            .iter()
            .filter_map(|place| policy.entry(*place))
            .collect();
        let lag = entries.iter().map(|entry| entry.lag()).min()?;
        let first = entries.first()?;
        let last = newest.get(feed).copied();
        // Who was late by less than an hour at midnight is no matter of a report.
        let lag = lag.max(crate::facts::HOUR);
        last.is_none_or(|last| last < end - lag).then(|| StaleFeed {
            feed: feed.clone(),
            codes: entries.iter().map(|entry| entry.code.clone()).collect(),
            name: super::super::view::text(&first.name),
            owner: first.owner.clone(),
            last_at: last.map(from_micros),
            age_minutes: last.map(|last| (end - last) / crate::facts::MINUTE),
        })
    };
    Ok(policy.feeds.iter().filter_map(stale).collect())
}

pub(super) async fn notices(
    conn: &impl ConnectionTrait,
    policy: &Policy,
    seen: &[(String, String)],
    stretch: Stretch,
) -> Result<Vec<NoticePart>, VitalsError> {
    let codes: Vec<String> = seen.iter().map(|(code, _)| code.clone()).collect();
    let span = (stretch.from, stretch.to);
    let found = store::notices::within(conn, &codes, span, ROWS_MAX as u64).await?;
    let part = |notice: crate::notice::Notice| NoticePart {
        name: name_of(policy, &notice.indicator),
        area_name: seen
            .iter()
            .find(|(code, _)| *code == notice.area.0)
            .map(|(_, name)| name.clone())
            .unwrap_or_default(),
        is_acknowledged: notice
            .acknowledged_at
            .is_some_and(|at| micros(at) < stretch.to),
        code: notice.indicator,
        area: notice.area,
        grade: notice.grade,
        action: notice.action,
        value: notice.value,
        owner: notice.owner,
        at: notice.at,
        case: notice.case,
    };
    Ok(found.into_iter().map(part).collect())
}
