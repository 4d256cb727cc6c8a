//! What a condition says of one time, so that a store reads a range and not everything.

use jiff::Timestamp;

use crate::evaluate::{Row, evaluate};
use crate::expression::{Expression, Node, Operator};
use crate::value::{Value, read_time};

/// `from <= time < to`, microseconds since 1970 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub from: i64,
    pub to: i64,
}

impl Bounds {
    /// Every time.
    pub const ALL: Self = Self {
        from: i64::MIN,
        to: i64::MAX,
    };

    fn and(self, other: Self) -> Self {
        Self {
            from: self.from.max(other.from),
            to: self.to.min(other.to),
        }
    }

    /// The least range that holds both; a range that is empty adds nothing.
    fn or(self, other: Self) -> Self {
        if self.is_empty() {
            other
        } else if other.is_empty() {
            self
        } else {
            Self {
                from: self.from.min(other.from),
                to: self.to.max(other.to),
            }
        }
    }

    pub fn is_empty(self) -> bool {
        self.from >= self.to
    }
}

/// A range outside of which `condition` does not hold, whatever else the row is. `field` is the path of an instant
/// that is whole in microseconds.
pub fn bounds(condition: &Expression, field: &[&str], now: Timestamp) -> Bounds {
    match &condition.node {
        Node::Binary(Operator::And, a, b) => bounds(a, field, now).and(bounds(b, field, now)),
        Node::Binary(Operator::Or, a, b) => bounds(a, field, now).or(bounds(b, field, now)),
        Node::Binary(operator, a, b) => {
            if is_field(a, field) {
                constant(b, now).map_or(Bounds::ALL, |value| by(*operator, &value))
            } else if is_field(b, field) {
                constant(a, now).map_or(Bounds::ALL, |value| by(turned(*operator), &value))
            } else {
                Bounds::ALL
            }
        }
        _ => Bounds::ALL,
    }
}

fn is_field(expression: &Expression, field: &[&str]) -> bool {
    matches!(&expression.node, Node::Path(path)
        if path.len() == field.len() && path.iter().zip(field).all(|(a, b)| a == b))
}

fn turned(operator: Operator) -> Operator {
    match operator {
        Operator::Gt => Operator::Lt,
        Operator::Ge => Operator::Le,
        Operator::Lt => Operator::Gt,
        Operator::Le => Operator::Ge,
        other => other,
    }
}

/// Has no properties: what can be reckoned over it is the same for all rows.
struct Nothing;

impl Row for Nothing {
    fn values(&self, _path: &[String]) -> Result<Vec<Value>, String> {
        Err(String::new())
    }
}

fn constant(expression: &Expression, now: Timestamp) -> Option<Value> {
    let mut values = evaluate(expression, &Nothing, now).ok()?;
    values.pop().filter(|_| values.is_empty())
}

fn by(operator: Operator, value: &Value) -> Bounds {
    let (from, to) = match value {
        Value::Instant(at, _) => (*at, *at),
        Value::Interval(from, to) => (*from, *to),
        Value::Text(text) => match read_time(text) {
            Some(time @ (Value::Instant(..) | Value::Interval(..))) => return by(operator, &time),
            _ => return Bounds::ALL,
        },
        _ => return Bounds::ALL,
    };
    // Of a time between two microseconds the one before and the one after are not the same.
    let floor = |at: Timestamp| at.as_nanosecond().div_euclid(1_000) as i64;
    let ceiling = |at: Timestamp| {
        at.as_nanosecond().div_euclid(1_000) as i64
            + i64::from(at.as_nanosecond().rem_euclid(1_000) != 0)
    };
    // An instant is after an interval once that has ended, at its end included.
    let is_instant = from == to;
    let mut bounds = Bounds::ALL;
    match operator {
        Operator::Eq => {
            bounds.from = ceiling(from);
            bounds.to = floor(to).saturating_add(1);
        }
        Operator::Gt if is_instant => bounds.from = floor(from).saturating_add(1),
        Operator::Gt | Operator::Ge => bounds.from = ceiling(to),
        Operator::Lt if is_instant => bounds.to = ceiling(to),
        Operator::Lt | Operator::Le => bounds.to = floor(from).saturating_add(1),
        _ => {}
    }
    bounds
}
