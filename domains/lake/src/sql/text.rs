//! The text of an indicator's question: its parameters, and all that can be said of it without data.

use std::ops::ControlFlow;

use datafusion::arrow::datatypes::{DataType, Schema};
use datafusion::execution::SessionState;
use datafusion::logical_expr::LogicalPlan;
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{Expr, Value, visit_expressions_mut};
use yiwang_contracts::{SqlFault, SqlFaultKind, Step};
use yiwang_kernel::from_micros;

use super::{QueryError, SQL_BYTES_MAX, only_select};
use crate::batch::UTC;
use crate::zone::{Month, Zone};

/// What a text may name, in words for whoever mistyped one.
const PARAMETERS: &str = ":now, :hour, :day, :month and :year";

/// The columns of an answer.
pub(super) const AREA: &str = "area";
pub(super) const VALUE: &str = "value";
pub(super) const WEIGHT: &str = "weight";
pub(super) const TIME: &str = "time";

/// The instants that a text may name, microseconds since 1970 UTC.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) zone: Zone,
    pub(super) at: i64,
}

impl Moment {
    /// The instant of a parameter: the question's own, or when the city's hour, day, month or year began.
    fn of(self, name: &str) -> Option<i64> {
        let month = self.zone.day(self.at).month();
        let january = Month(month.0 - month.0.rem_euclid(12));
        let begin = |month: Month| self.zone.span(month.first_day()).from;
        match name {
            ":now" => Some(self.at),
            ":hour" => Some(self.zone.start(self.at, Step::Hour)),
            ":day" => Some(self.zone.start(self.at, Step::Day)),
            ":month" => Some(begin(month)),
            ":year" => Some(begin(january)),
            _ => None,
        }
    }
}

pub(super) fn fault(kind: SqlFaultKind, message: impl Into<String>) -> SqlFault {
    SqlFault {
        kind,
        message: message.into(),
    }
}

impl From<QueryError> for SqlFault {
    fn from(error: QueryError) -> Self {
        let kind = match &error {
            QueryError::Bad(_) | QueryError::NotASelect | QueryError::TooLong => SqlFaultKind::Text,
            QueryError::OutOfTime { .. } => SqlFaultKind::Time,
            QueryError::OutOfMemory { .. } => SqlFaultKind::Memory,
            QueryError::Busy { .. } => SqlFaultKind::Busy,
            QueryError::Threads(_) | QueryError::Failed(_) | QueryError::Lake(_) => {
                SqlFaultKind::Failed
            }
        };
        fault(kind, error.to_string())
    }
}

/// The plan of a text as of a moment, with the columns that are asked for.
pub(super) async fn plan(
    state: &SessionState,
    sql: &str,
    moment: Moment,
    told: impl Fn(datafusion::common::DataFusionError) -> QueryError,
) -> Result<LogicalPlan, SqlFault> {
    if sql.len() > SQL_BYTES_MAX {
        return Err(QueryError::TooLong.into());
    }
    let dialect = state.config_options().sql_parser.dialect;
    let mut statement = state.sql_to_statement(sql, &dialect).map_err(&told)?;
    fill(&mut statement, moment)?;
    let plan = state.statement_to_plan(statement).await.map_err(&told)?;
    only_select(&plan)?;
    columns(plan.schema().as_arrow())?;
    Ok(plan)
}

/// Puts instants in the place of parameters.
fn fill(statement: &mut Statement, moment: Moment) -> Result<(), SqlFault> {
    let Statement::Statement(inner) = statement else {
        return Err(QueryError::NotASelect.into());
    };
    let filled = visit_expressions_mut(inner.as_mut(), |expr: &mut Expr| {
        let Expr::Value(value) = expr else {
            return ControlFlow::Continue(());
        };
        let Value::Placeholder(name) = &value.value else {
            return ControlFlow::Continue(());
        };
        match moment.of(name).and_then(instant) {
            Some(instant) => {
                *expr = instant;
                ControlFlow::Continue(())
            }
            None => ControlFlow::Break(name.clone()),
        }
    });
    match filled {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(name) => {
            let message = format!("there is no parameter {name}; there are {PARAMETERS}");
            Err(fault(SqlFaultKind::Text, message))
        }
    }
}

/// An instant of the very type that the columns of times have, so that conditions on them pass files over.
fn instant(micros: i64) -> Option<Expr> {
    let text = from_micros(micros);
    let sql = format!("arrow_cast('{text}', 'Timestamp(Microsecond, Some(\"{UTC}\"))')");
    let dialect = datafusion::sql::sqlparser::dialect::GenericDialect {};
    let parser = datafusion::sql::sqlparser::parser::Parser::new(&dialect);
    parser.try_with_sql(&sql).ok()?.parse_expr().ok()
}

/// Whether an answer has the right columns: `value`, and perhaps `area`, `weight` and `time`.
fn columns(schema: &Schema) -> Result<(), SqlFault> {
    let refused = |message: String| Err(fault(SqlFaultKind::Columns, message));
    for (place, field) in schema.fields().iter().enumerate() {
        let (name, kind) = (field.name().as_str(), field.data_type());
        let (is_right, wanted) = match name {
            AREA => (is_text(kind), "a text, the code of an area"),
            VALUE | WEIGHT => (is_number(kind), "a number"),
            TIME => (
                matches!(kind, DataType::Timestamp(..) | DataType::Null),
                "an instant",
            ),
            _ => {
                let message = format!(
                    "there is no use for the column {name}; an answer has value, and perhaps area, weight and time"
                );
                return refused(message);
            }
        };
        if !is_right {
            return refused(format!("the column {name} is {kind}; it must be {wanted}"));
        }
        let before = schema.fields().iter().take(place);
        if before.map(|field| field.name()).any(|own| own == name) {
            return refused(format!("the column {name} is there twice"));
        }
    }
    if schema.field_with_name(VALUE).is_err() {
        return refused("the column value is missing: SELECT … AS value".to_owned());
    }
    Ok(())
}

fn is_text(kind: &DataType) -> bool {
    matches!(
        kind,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null
    )
}

fn is_number(kind: &DataType) -> bool {
    kind.is_numeric() || matches!(kind, DataType::Null)
}
