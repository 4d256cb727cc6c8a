//! A dataset as a table of a query.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchReceiverStreamBuilder;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};

use super::filters::Narrowed;
use crate::ask::Ask;
use crate::dataset::Dataset;
use crate::rights::Rights;
use crate::scan::{Scan, Unit, schema};

/// Batches that wait between a reading thread and the query.
const QUEUE_BATCHES: usize = 2;

pub(super) struct LakeTable {
    ask: Ask,
    dataset: Dataset,
    rights: Option<Arc<Rights>>,
    schema: SchemaRef,
}

impl LakeTable {
    pub(super) fn new(ask: Ask, dataset: Dataset, rights: Option<Arc<Rights>>) -> Self {
        Self {
            ask,
            dataset,
            rights,
            schema: schema(dataset),
        }
    }
}

impl fmt::Debug for LakeTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.dataset.name())
    }
}

#[async_trait]
impl TableProvider for LakeTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let time = match self.dataset {
            Dataset::Hours | Dataset::Days => "start",
            Dataset::Observations | Dataset::Events => "time",
        };
        let narrowed = Narrowed::by(filters, self.ask.zone, time);
        let all = || (0..self.schema.fields().len()).collect();
        let columns = projection.cloned().unwrap_or_else(all);
        let projected: SchemaRef = Arc::new(self.schema.project(&columns)?);
        let scan = Scan {
            ask: self.ask.clone(),
            dataset: self.dataset,
            wanted: narrowed.wanted(),
            span: narrowed.span,
            rights: self.rights.clone(),
            columns,
        };
        let units = scan.units();
        let lanes = state
            .config()
            .target_partitions()
            .clamp(1, units.len().max(1));
        let mut shares = vec![Vec::new(); lanes];
        for (at, unit) in units.into_iter().enumerate() {
            if let Some(share) = shares.get_mut(at % lanes) {
                share.push(unit);
            }
        }
        let lane = |units| -> Arc<dyn PartitionStream> {
            Arc::new(Lane {
                scan: scan.clone(),
                units,
                schema: Arc::clone(&projected),
            })
        };
        let lanes = shares.into_iter().map(lane).collect();
        let schema = Arc::clone(&projected);
        let plan = StreamingTableExec::try_new(schema, lanes, None, [], false, limit)?;
        Ok(Arc::new(plan))
    }
}

/// Units that are read one after the other.
struct Lane {
    scan: Scan,
    units: Vec<Unit>,
    schema: SchemaRef,
}

impl fmt::Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} units", self.units.len())
    }
}

impl PartitionStream for Lane {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let schema = Arc::clone(&self.schema);
        let mut stream = RecordBatchReceiverStreamBuilder::new(schema, QUEUE_BATCHES);
        let (sender, scan, units) = (stream.tx(), self.scan.clone(), self.units.clone());
        stream.spawn_blocking(move || {
            let external = |fault| DataFusionError::External(Box::new(fault));
            for unit in units {
                for batch in scan.read(unit).map_err(external)? {
                    // Nobody waits for it any more: the query was stopped, or has enough.
                    if sender.blocking_send(batch.map_err(external)).is_err() {
                        return Ok(());
                    }
                }
            }
            Ok(())
        });
        stream.build()
    }
}
