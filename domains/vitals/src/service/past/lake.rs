//! The past of questions to the lake.

use std::sync::Arc;

use yiwang_contracts::{SqlFigure, SqlQuestion};
use yiwang_kernel::{AreaCode, from_micros};
use yiwang_vital_rules::{Cell, IndicatorEntry};

use super::super::VitalsService;
use super::super::by_sql::{self, QuestionFault};
use super::{Point, too_much};
use crate::error::VitalsError;
use crate::facts::{self, FigureFault, HOUR, MINUTE};
use crate::policy::{Policy, UTC_OFFSET_MINUTES};

/// Questions to the lake of one version.
const QUESTIONS_MAX: i64 = 400;

impl VitalsService {
    /// As of every refresh, of whole hours at least, and of the end: the lake answers as it would have then.
    pub(super) async fn of_lake(
        &self,
        policy: &Policy,
        entry: &IndicatorEntry,
        sql: &str,
        stretch: (i64, i64),
    ) -> Result<Vec<Point>, VitalsError> {
        let step = (entry.refresh.as_micros() + HOUR - 1)
            .div_euclid(HOUR)
            .max(1)
            * HOUR;
        // Steps begin with the city's day.
        let offset = i64::from(UTC_OFFSET_MINUTES) * MINUTE;
        let first = (stretch.0 + offset + step - 1).div_euclid(step) * step - offset;
        let count = (stretch.1 - first + step - 1).div_euclid(step).max(0);
        if count > QUESTIONS_MAX {
            let message = format!(
                "the lake would be asked {count} times, and may be {QUESTIONS_MAX} times; choose a later from"
            );
            return Err(too_much("vitals.recompute.questions", message));
        }
        let sql: Arc<str> = sql.into();
        let question = |at: i64| SqlQuestion {
            sql: Arc::clone(&sql),
            at,
        };
        let end = stretch.1 - 1;
        let instants = (0..count).map(|number| first + number * step);
        let instants = instants.filter(|at| *at < end);
        let questions: Vec<SqlQuestion> =
            instants.chain(std::iter::once(end)).map(question).collect();
        let places = self.asks.devices.places();
        let answers = self.asks.figures.answer(&questions, &places).await;
        let mut points = Vec::new();
        for (question, answer) in questions.iter().zip(answers) {
            let found = answer.map_err(QuestionFault::from).and_then(|figures| {
                let cells = of_answer(&figures, policy, entry, question.at);
                cells.map_err(QuestionFault::from)
            });
            match found {
                Ok(found) => points.extend(found),
                Err(fault) => {
                    return Err(VitalsError::NotAnswered {
                        code: entry.code.clone(),
                        at: from_micros(question.at),
                        reason: fault.message.en.unwrap_or(fault.message.zh),
                    });
                }
            }
        }
        Ok(points)
    }
}

/// The numbers of the city and its towns in an answer about the past. Its instant is when they are kept.
fn of_answer(
    figures: &[SqlFigure],
    policy: &Policy,
    entry: &IndicatorEntry,
    at: i64,
) -> Result<Vec<Point>, FigureFault> {
    let (shape, rollup) = by_sql::shape(entry);
    let cells = facts::sql(figures, policy, shape, at)?;
    let of_areas: Vec<(AreaCode, Cell)> = if let Some(rollup) = rollup {
        facts::roll_up(&cells, rollup, policy)
    } else {
        let kept = |(place, cell): (usize, Cell)| {
            let area = policy.areas.get(place).filter(|area| area.is_kept)?;
            cell.value.is_finite().then(|| (area.code.clone(), cell))
        };
        cells.into_iter().filter_map(kept).collect()
    };
    let point = |(area, cell): (AreaCode, Cell)| (area.0, at, cell.value, cell.weight);
    Ok(of_areas.into_iter().map(point).collect())
}
