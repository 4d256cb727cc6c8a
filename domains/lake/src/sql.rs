//! SQL over the lake: one SELECT, read-only, within limits of rows, memory and time, on threads of its own.

mod answer;
mod figures;
mod filters;
mod past;
mod table;
mod text;

use std::sync::Arc;
use std::time::Duration;

use datafusion::common::DataFusionError;
use datafusion::execution::context::{SQLOptions, SessionContext};
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::GreedyMemoryPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::{DataFrame, SessionConfig};
use futures::StreamExt as _;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use yiwang_kernel::{Fault, FaultKind};

use crate::ask::Ask;
use crate::dataset::Dataset;
use crate::error::LakeError;
use crate::lake::Lake;
use crate::rights::Rights;
use crate::settings::QueryLimits;

use answer::Gathered;
pub use answer::{Answer, AnswerColumn};
use table::LakeTable;

/// The longest text of a query.
pub const SQL_BYTES_MAX: usize = 64 * 1024;
/// Rows of a batch while a query runs.
const BATCH_ROWS: usize = 8_192;
/// A plan's depth is in the threads' stacks.
const STACK_BYTES: usize = 8 << 20;

#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    #[error("{0}")]
    Bad(String),
    #[error("only one SELECT is answered")]
    NotASelect,
    #[error("a query has at most {SQL_BYTES_MAX} bytes")]
    TooLong,
    #[error("the query was stopped after {seconds} seconds; ask for fewer days or devices")]
    OutOfTime { seconds: u64 },
    #[error("the query needs more than {mib} MiB of memory; ask for fewer days, devices or groups")]
    OutOfMemory { mib: usize },
    #[error("{at_once} queries run already")]
    Busy { at_once: usize },
    #[error("failed to start the threads of queries")]
    Threads(#[source] std::io::Error),
    #[error("the query failed: {0}")]
    Failed(String),
    #[error(transparent)]
    Lake(#[from] LakeError),
}

impl Fault for QueryError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Bad(_) | Self::NotASelect => FaultKind::Invalid,
            Self::TooLong => FaultKind::TooLarge,
            Self::OutOfTime { .. } | Self::OutOfMemory { .. } => FaultKind::Refused,
            Self::Busy { .. } => FaultKind::Unavailable,
            Self::Threads(_) | Self::Failed(_) => FaultKind::Internal,
            Self::Lake(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Bad(_) => "lake.bad_query",
            Self::NotASelect => "lake.not_a_select",
            Self::TooLong => "lake.query_too_long",
            Self::OutOfTime { .. } => "lake.query_out_of_time",
            Self::OutOfMemory { .. } => "lake.query_out_of_memory",
            Self::Busy { .. } => "lake.busy",
            Self::Threads(_) | Self::Failed(_) => "lake.query_failed",
            Self::Lake(fault) => fault.code(),
        }
    }
}

/// Where queries run.
pub(crate) struct Queries {
    limits: QueryLimits,
    room: Semaphore,
    /// Apart from the threads that answer requests: a query takes a processor.
    threads: Option<Runtime>,
}

impl Drop for Queries {
    fn drop(&mut self) {
        // It may be dropped where nobody may wait.
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}

impl Queries {
    pub(crate) fn new(limits: QueryLimits) -> Result<Self, QueryError> {
        let threads = Builder::new_multi_thread()
            .worker_threads(limits.at_once_max.max(1))
            .thread_name("lake query")
            .thread_stack_size(STACK_BYTES)
            .enable_time()
            .build()
            .map_err(QueryError::Threads)?;
        Ok(Self {
            room: Semaphore::new(limits.at_once_max),
            limits,
            threads: Some(threads),
        })
    }

    /// Answers a query with at most `limit` rows.
    pub(crate) async fn run(
        &self,
        lake: &Lake,
        sql: &str,
        limit: usize,
        rights: Option<Arc<Rights>>,
    ) -> Result<Answer, QueryError> {
        if sql.len() > SQL_BYTES_MAX {
            return Err(QueryError::TooLong);
        }
        let busy = QueryError::Busy {
            at_once: self.limits.at_once_max,
        };
        let Ok(_room) = self.room.try_acquire() else {
            return Err(busy);
        };
        lake.tally.queries.increment();
        let (limits, ask, sql) = (self.limits.clone(), lake.ask(), sql.to_owned());
        let limit = limit.min(limits.rows_max);
        self.in_time(async move { answer(&limits, ask, &sql, limit, rights).await })
            .await
    }

    /// Does the work on the threads of queries, for as long as a query may take.
    async fn in_time<T, E>(
        &self,
        work: impl Future<Output = Result<T, E>> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<QueryError> + Send + 'static,
    {
        let Some(threads) = &self.threads else {
            let at_once = self.limits.at_once_max;
            return Err(QueryError::Busy { at_once }.into());
        };
        let work = threads.spawn(work);
        let stop = work.abort_handle();
        let seconds = self.limits.seconds;
        match tokio::time::timeout(Duration::from_secs(seconds), work).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(panicked)) => Err(QueryError::Failed(panicked.to_string()).into()),
            Err(_elapsed) => {
                stop.abort();
                Err(QueryError::OutOfTime { seconds }.into())
            }
        }
    }
}

async fn answer(
    limits: &QueryLimits,
    ask: Ask,
    sql: &str,
    limit: usize,
    rights: Option<Arc<Rights>>,
) -> Result<Answer, QueryError> {
    let told = |error: DataFusionError| failure(&error, limits);
    let context = session(limits).map_err(told)?;
    for dataset in Dataset::ALL {
        let table = LakeTable::new(ask.clone(), dataset, rights.clone());
        let table = context.register_table(dataset.name(), Arc::new(table));
        table.map_err(told)?;
    }
    let state = context.state();
    let plan = state.create_logical_plan(sql).await.map_err(told)?;
    only_select(&plan)?;
    let frame = DataFrame::new(state, plan)
        .limit(0, Some(limit.saturating_add(1)))
        .map_err(told)?;
    let mut gathered = Gathered::new(frame.schema().as_arrow(), limit);
    let mut batches = frame.execute_stream().await.map_err(told)?;
    while let Some(batch) = batches.next().await {
        let has_room = gathered
            .add(&batch.map_err(told)?)
            .map_err(|error| QueryError::Failed(error.to_string()))?;
        if !has_room {
            break;
        }
    }
    Ok(gathered.answer())
}

/// A session without a way to files or other sessions.
fn session(limits: &QueryLimits) -> Result<SessionContext, DataFusionError> {
    let config = SessionConfig::new()
        .with_target_partitions(limits.lanes)
        .with_batch_size(BATCH_ROWS);
    let no_files = DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled);
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(GreedyMemoryPool::new(limits.memory_bytes)))
        .with_disk_manager_builder(no_files)
        .build_arc()?;
    Ok(SessionContext::new_with_config_rt(config, runtime))
}

fn only_select(plan: &LogicalPlan) -> Result<(), QueryError> {
    let reads_only = SQLOptions::new()
        .with_allow_ddl(false)
        .with_allow_dml(false)
        .with_allow_statements(false);
    let shows_a_plan = matches!(
        plan,
        LogicalPlan::Explain(_) | LogicalPlan::Analyze(_) | LogicalPlan::DescribeTable(_)
    );
    if shows_a_plan || reads_only.verify_plan(plan).is_err() {
        return Err(QueryError::NotASelect);
    }
    Ok(())
}

fn failure(error: &DataFusionError, limits: &QueryLimits) -> QueryError {
    match error.find_root() {
        DataFusionError::ResourcesExhausted(_) => QueryError::OutOfMemory {
            mib: limits.memory_bytes >> 20,
        },
        DataFusionError::Internal(_) | DataFusionError::IoError(_) => {
            QueryError::Failed(error.to_string())
        }
        DataFusionError::External(inner) if inner.is::<LakeError>() => {
            QueryError::Failed(inner.to_string())
        }
        other => QueryError::Bad(other.to_string()),
    }
}

#[cfg(test)]
mod tests;
