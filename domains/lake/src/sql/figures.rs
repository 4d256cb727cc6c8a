//! Questions of indicators: a text as of an instant, answered with one number for each area.

use std::sync::Arc;
use std::time::Duration;

use datafusion::arrow::array::{Array as _, ArrayRef, AsArray as _, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, TimestampMicrosecondType};
use datafusion::arrow::error::ArrowError;
use datafusion::common::DataFusionError;
use datafusion::prelude::DataFrame;
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use yiwang_contracts::{
    DevicePlace, SqlAnswer, SqlFault, SqlFaultKind, SqlFigure, SqlFigures, SqlQuestion,
};

use super::past::{self, Places};
use super::text::{self, AREA, Moment, TIME, VALUE, WEIGHT, fault};
use super::{Queries, QueryError, failure, session};
use crate::ask::Ask;
use crate::batch::time_type;
use crate::lake::Lake;
use crate::service::LakeService;
use crate::settings::QueryLimits;
use crate::zone::Zone;

/// The most rows of an answer: far more than a city has areas.
const FIGURES_MAX: usize = 10_000;

impl SqlFigures for LakeService {
    fn check(&self, sql: &str) -> Result<(), SqlFault> {
        check(sql, self.lake.zone)
    }

    fn answer<'a>(
        &'a self,
        questions: &'a [SqlQuestion],
        places: &'a [DevicePlace],
    ) -> BoxFuture<'a, Vec<SqlAnswer>> {
        Box::pin(async move {
            let places = match Places::of(places) {
                Ok(places) => places,
                Err(error) => {
                    let failed = fault(SqlFaultKind::Failed, error.to_string());
                    return vec![Err(failed); questions.len()];
                }
            };
            let mut answers = Vec::with_capacity(questions.len());
            for question in questions {
                answers.push(self.figures.figures(&self.lake, question, &places).await);
            }
            answers
        })
    }
}

/// All that can be said of a text without data. It takes no lake: the tables are empty ones.
pub(super) fn check(sql: &str, zone: Zone) -> Result<(), SqlFault> {
    let limits = QueryLimits::default();
    let told = |error: DataFusionError| failure(&error, &limits);
    let context = session(&limits).map_err(told)?;
    past::register_empty(&context).map_err(told)?;
    let state = context.state();
    let moment = Moment { zone, at: 0 };
    // Tables in memory are there at once, so that nothing is waited for.
    let plan = text::plan(&state, sql, moment, told).now_or_never();
    let plan =
        plan.unwrap_or_else(|| Err(fault(SqlFaultKind::Failed, "the text could not be read")))?;
    // What the planner lets pass and the analyzer does not: arguments of wrong types.
    state.optimize(&plan).map_err(told)?;
    Ok(())
}

impl Queries {
    /// Answers one question. Whoever asks waits for its turn, for as long as a question may take.
    async fn figures(&self, lake: &Lake, question: &SqlQuestion, places: &Places) -> SqlAnswer {
        let patience = Duration::from_secs(self.limits.seconds);
        let Ok(Ok(_room)) = tokio::time::timeout(patience, self.room.acquire()).await else {
            let at_once = self.limits.at_once_max;
            return Err(QueryError::Busy { at_once }.into());
        };
        lake.tally.questions.increment();
        let moment = Moment {
            zone: lake.zone,
            at: question.at,
        };
        let (limits, ask) = (self.limits.clone(), lake.ask());
        let (sql, places) = (Arc::clone(&question.sql), places.clone());
        self.in_time(async move { answer(&limits, ask, &sql, moment, &places).await })
            .await
    }
}

async fn answer(
    limits: &QueryLimits,
    ask: Ask,
    sql: &str,
    moment: Moment,
    places: &Places,
) -> SqlAnswer {
    let told = |error: DataFusionError| failure(&error, limits);
    let context = session(limits).map_err(told)?;
    past::register(&context, &ask, moment, places).map_err(told)?;
    let state = context.state();
    let plan = text::plan(&state, sql, moment, told).await?;
    let frame = DataFrame::new(state, plan)
        .limit(0, Some(FIGURES_MAX + 1))
        .map_err(told)?;
    let mut batches = frame.execute_stream().await.map_err(told)?;
    let mut figures = Vec::new();
    while let Some(batch) = batches.next().await {
        let read = read(&batch.map_err(told)?);
        read.map_err(|error| fault(SqlFaultKind::Failed, error.to_string()))
            .and_then(|rows| take(rows, &mut figures))?;
    }
    Ok(figures)
}

fn take(rows: Vec<SqlFigure>, figures: &mut Vec<SqlFigure>) -> Result<(), SqlFault> {
    if figures.len() + rows.len() > FIGURES_MAX {
        let message = format!("the answer has more than {FIGURES_MAX} rows; group by area");
        return Err(fault(SqlFaultKind::Rows, message));
    }
    for row in &rows {
        let area = row.area.as_deref().unwrap_or("the city");
        if row.value.is_some_and(f64::is_infinite) {
            let message = format!("the value of {area} is infinite; mind what it is divided by");
            return Err(fault(SqlFaultKind::Value, message));
        }
        if row
            .weight
            .is_some_and(|weight| !weight.is_finite() || weight < 0.0)
        {
            let message = format!("the weight of {area} is not a number of 0 or more");
            return Err(fault(SqlFaultKind::Value, message));
        }
    }
    figures.extend(rows);
    Ok(())
}

fn read(batch: &RecordBatch) -> Result<Vec<SqlFigure>, ArrowError> {
    let column = |name: &str, kind: DataType| -> Result<Option<ArrayRef>, ArrowError> {
        let own = batch.column_by_name(name);
        own.map(|column| cast(column, &kind)).transpose()
    };
    let areas = column(AREA, DataType::Utf8)?;
    let values = column(VALUE, DataType::Float64)?;
    let weights = column(WEIGHT, DataType::Float64)?;
    let times = column(TIME, time_type())?;
    let number = |column: Option<&ArrayRef>, row: usize| {
        let column = column?.as_primitive::<Float64Type>();
        column.is_valid(row).then(|| column.value(row))
    };
    let figure = |row: usize| SqlFigure {
        area: areas.as_ref().and_then(|column| {
            let column = column.as_string::<i32>();
            column.is_valid(row).then(|| column.value(row).to_owned())
        }),
        // What is not a number is not known.
        value: number(values.as_ref(), row).filter(|value| !value.is_nan()),
        weight: number(weights.as_ref(), row),
        at: times.as_ref().and_then(|column| {
            let column = column.as_primitive::<TimestampMicrosecondType>();
            column.is_valid(row).then(|| column.value(row))
        }),
    };
    Ok((0..batch.num_rows()).map(figure).collect())
}

#[cfg(test)]
mod tests;
