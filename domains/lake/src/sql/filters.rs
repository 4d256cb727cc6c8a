//! What a query's conditions say of devices and times, so that files and pages can be passed over. The conditions
//! themselves are checked again on every row; here they may only be taken too widely.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::InList;
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{Between, BinaryExpr, Expr, Operator};
use yiwang_contracts::Span;

use crate::table::ALWAYS;
use crate::want::Wanted;
use crate::zone::{Day, Zone};

/// So many devices in a list are looked for; with more everything is read.
const DEVICES_MAX: usize = 10_000;

/// What is left of all devices and all time.
pub(super) struct Narrowed {
    zone: Zone,
    /// The time's column.
    time: &'static str,
    pub(super) span: Span,
    devices: Option<Vec<Box<str>>>,
}

impl Narrowed {
    pub(super) fn by(filters: &[Expr], zone: Zone, time: &'static str) -> Self {
        let mut narrowed = Self {
            zone,
            time,
            span: ALWAYS,
            devices: None,
        };
        for condition in filters.iter().flat_map(split_conjunction) {
            narrowed.apply(condition);
        }
        narrowed
    }

    pub(super) fn wanted(&self) -> Wanted {
        match &self.devices {
            // Nothing can be of no device.
            Some(devices) if devices.is_empty() => Wanted::Devices([].into()),
            Some(devices) => Wanted::devices(devices),
            None => Wanted::All,
        }
    }

    fn apply(&mut self, condition: &Expr) {
        match condition {
            Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
                if let Some(value) = literal(right) {
                    self.compare(left, *op, value);
                } else if let (Some(value), Some(op)) = (literal(left), op.swap()) {
                    self.compare(right, op, value);
                }
            }
            Expr::Between(Between {
                expr,
                negated: false,
                low,
                high,
            }) => {
                if let Some((low, high)) = literal(low).zip(literal(high)) {
                    self.compare(expr, Operator::GtEq, low);
                    self.compare(expr, Operator::LtEq, high);
                }
            }
            Expr::InList(InList {
                expr,
                list,
                negated: false,
            }) if is_column(expr, "device") && list.len() <= DEVICES_MAX => {
                let devices: Option<Vec<Box<str>>> = list.iter().map(device).collect();
                if let Some(devices) = devices {
                    self.keep_devices(devices);
                }
            }
            _ => {}
        }
    }

    fn compare(&mut self, expr: &Expr, op: Operator, value: &ScalarValue) {
        if is_column(expr, "device") {
            if let (Operator::Eq, Some(Some(device))) = (op, value.try_as_str()) {
                self.keep_devices(vec![device.into()]);
            }
        } else if is_column(expr, self.time) {
            if let Some((floor, ceiling)) = micros(value) {
                self.keep_times(op, floor, ceiling);
            }
        } else if let (true, ScalarValue::Date32(Some(day))) = (is_column(expr, "day"), value) {
            let own = self.zone.span(Day(*day));
            match op {
                Operator::Eq => self.keep(own.from, own.to),
                Operator::Gt => self.keep(own.to, ALWAYS.to),
                Operator::GtEq => self.keep(own.from, ALWAYS.to),
                Operator::Lt => self.keep(ALWAYS.from, own.from),
                Operator::LtEq => self.keep(ALWAYS.from, own.to),
                _ => {}
            }
        }
    }

    /// The value lies from `floor` to `ceiling`.
    fn keep_times(&mut self, op: Operator, floor: i64, ceiling: i64) {
        match op {
            Operator::Eq => self.keep(floor, ceiling.saturating_add(1)),
            Operator::Gt | Operator::GtEq => self.keep(floor, ALWAYS.to),
            Operator::Lt => self.keep(ALWAYS.from, ceiling),
            Operator::LtEq => self.keep(ALWAYS.from, ceiling.saturating_add(1)),
            _ => {}
        }
    }

    fn keep(&mut self, from: i64, to: i64) {
        self.span.from = self.span.from.max(from);
        self.span.to = self.span.to.min(to);
    }

    fn keep_devices(&mut self, devices: Vec<Box<str>>) {
        self.devices = Some(match self.devices.take() {
            None => devices,
            Some(before) => {
                let both = before.into_iter();
                both.filter(|device| devices.contains(device)).collect()
            }
        });
    }
}

/// Is it the column, maybe as another form of time?
fn is_column(expr: &Expr, name: &str) -> bool {
    match expr {
        Expr::Column(column) => column.name == name,
        Expr::Cast(cast) => is_time(cast.field.data_type()) && is_column(&cast.expr, name),
        _ => false,
    }
}

fn is_time(kind: &DataType) -> bool {
    matches!(kind, DataType::Timestamp(_, _))
}

fn literal(expr: &Expr) -> Option<&ScalarValue> {
    match expr {
        Expr::Literal(value, _) => Some(value),
        _ => None,
    }
}

fn device(expr: &Expr) -> Option<Box<str>> {
    Some(literal(expr)?.try_as_str()??.into())
}

/// The microseconds below and above an instant.
fn micros(value: &ScalarValue) -> Option<(i64, i64)> {
    let exact = |value: i64, by: i64| {
        let micros = value.checked_mul(by)?;
        Some((micros, micros))
    };
    match value {
        ScalarValue::TimestampSecond(Some(value), _) => exact(*value, 1_000_000),
        ScalarValue::TimestampMillisecond(Some(value), _) => exact(*value, 1_000),
        ScalarValue::TimestampMicrosecond(Some(value), _) => exact(*value, 1),
        ScalarValue::TimestampNanosecond(Some(value), _) => {
            let floor = value.div_euclid(1_000);
            Some((floor, floor + i64::from(value.rem_euclid(1_000) > 0)))
        }
        _ => None,
    }
}
