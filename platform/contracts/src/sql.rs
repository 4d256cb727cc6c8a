//! Numbers of areas that are asked of the lake in SQL, as a pack writes the question.

use std::sync::Arc;

use futures::future::BoxFuture;

use crate::DevicePlace;

/// One text, asked as of one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlQuestion {
    /// One SELECT that answers the columns `value`, and perhaps `area`, `weight` and `time`.
    pub sql: Arc<str>,
    /// The parameter `:now`, microseconds since 1970 UTC. What was observed or happened later is not there.
    pub at: i64,
}

/// One row of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct SqlFigure {
    /// The area's code as the text answers it; nothing for the whole city.
    pub area: Option<String>,
    /// Finite; nothing where it is not known.
    pub value: Option<f64>,
    /// What stands behind it, 0 or more; nothing where the text does not say.
    pub weight: Option<f64>,
    /// When it was so, microseconds since 1970 UTC; nothing for the instant of the question.
    pub at: Option<i64>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SqlFault {
    pub kind: SqlFaultKind,
    /// What it is and what to do, for whoever wrote the text.
    pub message: String,
}

/// What kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SqlFaultKind {
    /// The text is no SELECT that can be answered.
    Text,
    /// It answers other columns, or columns of other types, than are asked for.
    Columns,
    /// A number is not finite, or a weight below 0.
    Value,
    /// It answers too many rows.
    Rows,
    /// It took too long.
    Time,
    /// It needs too much memory.
    Memory,
    /// Too much is asked at once; asking again later helps.
    Busy,
    /// The lake failed.
    Failed,
}

impl SqlFaultKind {
    /// Stable, `out_of_time`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Columns => "columns",
            Self::Value => "value",
            Self::Rows => "too_many_rows",
            Self::Time => "out_of_time",
            Self::Memory => "out_of_memory",
            Self::Busy => "busy",
            Self::Failed => "failed",
        }
    }
}

/// What a question is answered with.
pub type SqlAnswer = Result<Vec<SqlFigure>, SqlFault>;

/// Answered by `lake`, within limits of rows, memory, time and number of its own. It asks nobody for rights: the
/// question is the system's, over everything that is kept, and its text came with a pack.
pub trait SqlFigures: Send + Sync + 'static {
    /// All that can be said of a text without data: whether it is one SELECT over known tables and parameters, and
    /// answers the right columns.
    fn check(&self, sql: &str) -> Result<(), SqlFault>;

    /// Answers in the order asked. The places of devices are there as the tables `devices` and `device_attributes`.
    fn answer<'a>(
        &'a self,
        questions: &'a [SqlQuestion],
        places: &'a [DevicePlace],
    ) -> BoxFuture<'a, Vec<SqlAnswer>>;
}
