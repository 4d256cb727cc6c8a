//! The lake as it was at an instant: what questions of indicators see.
//!
//! Nothing that was observed or that happened later is there, and a bucket only once it is over. So a text that is asked
//! again about the past is answered as it was then, but for what came in late.

use std::sync::Arc;

use datafusion::arrow::array::{Float64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::{Result, ScalarValue};
use datafusion::datasource::{MemTable, ViewTable, provider_as_source};
use datafusion::execution::context::SessionContext;
use datafusion::logical_expr::{Expr, LogicalPlanBuilder};
use datafusion::prelude::{col, lit};
use yiwang_contracts::{DevicePlace, Step};

use super::table::LakeTable;
use super::text::Moment;
use crate::ask::Ask;
use crate::batch::UTC;
use crate::dataset::Dataset;
use crate::scan::schema;

const DEVICES: &str = "devices";
const ATTRIBUTES: &str = "device_attributes";

/// Where devices are, as tables.
#[derive(Debug, Clone)]
pub(super) struct Places {
    devices: RecordBatch,
    attributes: RecordBatch,
}

impl Places {
    pub(super) fn of(places: &[DevicePlace]) -> Result<Self> {
        let codes = places.iter().map(|place| Some(&*place.device));
        let profiles = places.iter().map(|place| Some(&*place.profile));
        let areas = places.iter();
        let areas = areas.map(|place| place.area.as_ref().map(yiwang_kernel::AreaCode::as_str));
        let figures = places.iter().flat_map(|place| {
            let own = place.attributes.iter();
            own.map(move |(name, value)| (&*place.device, name.as_str(), *value))
        });
        // Arrays are made of what knows its length.
        let figures: Vec<(&str, &str, f64)> = figures.collect();
        let devices = RecordBatch::try_new(
            devices(),
            vec![
                Arc::new(codes.collect::<StringArray>()),
                Arc::new(profiles.collect::<StringArray>()),
                Arc::new(areas.collect::<StringArray>()),
            ],
        )?;
        let attributes = RecordBatch::try_new(
            attributes(),
            vec![
                Arc::new(StringArray::from_iter_values(
                    figures.iter().map(|one| one.0),
                )),
                Arc::new(StringArray::from_iter_values(
                    figures.iter().map(|one| one.1),
                )),
                Arc::new(Float64Array::from_iter_values(
                    figures.iter().map(|one| one.2),
                )),
            ],
        )?;
        Ok(Self {
            devices,
            attributes,
        })
    }

    fn register(&self, context: &SessionContext) -> Result<()> {
        for (name, batch) in [(DEVICES, &self.devices), (ATTRIBUTES, &self.attributes)] {
            let table = MemTable::try_new(batch.schema(), vec![vec![batch.clone()]])?;
            context.register_table(name, Arc::new(table))?;
        }
        Ok(())
    }
}

fn devices() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("device", DataType::Utf8, false),
        Field::new("profile", DataType::Utf8, false),
        Field::new("area", DataType::Utf8, true),
    ]))
}

fn attributes() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("device", DataType::Utf8, false),
        Field::new("name", DataType::Utf8, false),
        Field::new("value", DataType::Float64, false),
    ]))
}

/// Registers the lake as it was then, and the places.
pub(super) fn register(
    context: &SessionContext,
    ask: &Ask,
    moment: Moment,
    places: &Places,
) -> Result<()> {
    for dataset in Dataset::ALL {
        let table = Arc::new(LakeTable::new(ask.clone(), dataset, None));
        let then = LogicalPlanBuilder::scan(dataset.name(), provider_as_source(table), None)?
            .filter(known(dataset, moment))?
            .build()?;
        context.register_table(dataset.name(), Arc::new(ViewTable::new(then, None)))?;
    }
    places.register(context)
}

/// The same tables without a row, for looking at texts.
pub(super) fn register_empty(context: &SessionContext) -> Result<()> {
    let tables = Dataset::ALL.map(|dataset| (dataset.name(), schema(dataset)));
    let places = [(DEVICES, devices()), (ATTRIBUTES, attributes())];
    for (name, schema) in tables.into_iter().chain(places) {
        let table = MemTable::try_new(schema, vec![Vec::new()])?;
        context.register_table(name, Arc::new(table))?;
    }
    Ok(())
}

fn known(dataset: Dataset, moment: Moment) -> Expr {
    let at = |micros| {
        lit(ScalarValue::TimestampMicrosecond(
            Some(micros),
            Some(UTC.into()),
        ))
    };
    let over = |step| col("start").lt(at(moment.zone.start(moment.at, step)));
    match dataset {
        Dataset::Observations | Dataset::Events => col("time").lt_eq(at(moment.at)),
        Dataset::Hours => over(Step::Hour),
        Dataset::Days => over(Step::Day),
    }
}
