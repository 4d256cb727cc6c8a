//! The rows of a query as JSON.

use datafusion::arrow::array::{Array, AsArray as _, RecordBatch};
use datafusion::arrow::datatypes::{
    DataType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Schema,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use serde::Serialize;
use serde_json::Value;

/// The longest answer; over it the rest is left out.
const ANSWER_BYTES_MAX: usize = 32 << 20;

/// What a query is answered with.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = LakeAnswer)]
pub struct Answer {
    pub columns: Vec<AnswerColumn>,
    /// By columns. Instants and dates are text, what is not a number is null.
    #[schema(value_type = Vec<Vec<Object>>)]
    pub rows: Vec<Vec<Value>>,
    /// There were more rows than may be answered.
    pub is_cut: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = LakeAnswerColumn)]
pub struct AnswerColumn {
    pub name: String,
    /// Arrow's name of its type.
    #[serde(rename = "type")]
    pub kind: String,
}

/// An answer in the making.
pub(super) struct Gathered {
    answer: Answer,
    limit: usize,
    bytes: usize,
}

impl Gathered {
    pub(super) fn new(schema: &Schema, limit: usize) -> Self {
        let columns = schema.fields().iter().map(|field| AnswerColumn {
            name: field.name().clone(),
            kind: field.data_type().to_string(),
        });
        Self {
            answer: Answer {
                columns: columns.collect(),
                rows: Vec::new(),
                is_cut: false,
            },
            limit,
            bytes: 0,
        }
    }

    /// Adds rows; false when no more have room.
    pub(super) fn add(&mut self, batch: &RecordBatch) -> Result<bool, ArrowError> {
        let options = FormatOptions::default();
        let columns = batch.columns().iter();
        let cells = columns
            .map(|column| Cells::of(column.as_ref(), &options))
            .collect::<Result<Vec<_>, _>>()?;
        for row in 0..batch.num_rows() {
            if self.answer.rows.len() == self.limit || self.bytes > ANSWER_BYTES_MAX {
                self.answer.is_cut = true;
                return Ok(false);
            }
            let values: Vec<Value> = cells.iter().map(|cells| cells.value(row)).collect();
            let texts = values.iter().filter_map(Value::as_str).map(str::len);
            self.bytes += texts.sum::<usize>() + 16 * values.len();
            self.answer.rows.push(values);
        }
        Ok(true)
    }

    pub(super) fn answer(self) -> Answer {
        self.answer
    }
}

/// One column of a batch.
struct Cells<'a> {
    column: &'a dyn Array,
    text: ArrayFormatter<'a>,
}

impl<'a> Cells<'a> {
    fn of(column: &'a dyn Array, options: &FormatOptions<'a>) -> Result<Self, ArrowError> {
        Ok(Self {
            column,
            text: ArrayFormatter::try_new(column, options)?,
        })
    }

    fn value(&self, row: usize) -> Value {
        let column = self.column;
        if column.is_null(row) {
            return Value::Null;
        }
        match column.data_type() {
            DataType::Null => Value::Null,
            DataType::Boolean => column.as_boolean().value(row).into(),
            DataType::Int8 => column.as_primitive::<Int8Type>().value(row).into(),
            DataType::Int16 => column.as_primitive::<Int16Type>().value(row).into(),
            DataType::Int32 => column.as_primitive::<Int32Type>().value(row).into(),
            DataType::Int64 => column.as_primitive::<Int64Type>().value(row).into(),
            DataType::UInt8 => column.as_primitive::<UInt8Type>().value(row).into(),
            DataType::UInt16 => column.as_primitive::<UInt16Type>().value(row).into(),
            DataType::UInt32 => column.as_primitive::<UInt32Type>().value(row).into(),
            DataType::UInt64 => column.as_primitive::<UInt64Type>().value(row).into(),
            // Infinity becomes null here too: JSON has no word for it.
            DataType::Float32 => column.as_primitive::<Float32Type>().value(row).into(),
            DataType::Float64 => column.as_primitive::<Float64Type>().value(row).into(),
            _ => self.text.value(row).to_string().into(),
        }
    }
}
