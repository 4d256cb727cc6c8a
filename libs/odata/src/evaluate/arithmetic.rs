//! Sums of numbers, and of times and durations.

use jiff::SignedDuration;

use crate::expression::Operator;
use crate::value::Value;

pub(super) fn minus(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(-number),
        Value::Duration(length) => length.checked_neg().map_or(Value::Null, Value::Duration),
        _ => Value::Null,
    }
}

/// Null where it cannot be reckoned.
pub(super) fn reckon(operator: Operator, a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            numbers(operator, *a, *b).map_or(Value::Null, Value::Number)
        }
        (Value::Instant(at, offset), Value::Duration(length)) => {
            let moved = match operator {
                Operator::Add => at.checked_add(*length).ok(),
                Operator::Sub => at.checked_sub(*length).ok(),
                _ => None,
            };
            moved.map_or(Value::Null, |at| Value::Instant(at, *offset))
        }
        (Value::Duration(_), Value::Instant(..)) if operator == Operator::Add => {
            reckon(operator, b, a)
        }
        (Value::Instant(a, _), Value::Instant(b, _)) if operator == Operator::Sub => {
            Value::Duration(a.duration_since(*b))
        }
        (Value::Duration(a), Value::Duration(b)) => {
            let sum = match operator {
                Operator::Add => a.checked_add(*b),
                Operator::Sub => a.checked_sub(*b),
                _ => None,
            };
            sum.map_or(Value::Null, Value::Duration)
        }
        (Value::Duration(length), Value::Number(number)) => {
            let seconds = numbers(operator, length.as_secs_f64(), *number)
                .filter(|_| matches!(operator, Operator::Mul | Operator::Div))
                .and_then(|seconds| SignedDuration::try_from_secs_f64(seconds).ok());
            seconds.map_or(Value::Null, Value::Duration)
        }
        _ => Value::Null,
    }
}

fn numbers(operator: Operator, a: f64, b: f64) -> Option<f64> {
    let number = match operator {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mul => a * b,
        Operator::Div => a / b,
        Operator::Mod => a % b,
        _ => return None,
    };
    // A division by nothing has no value.
    (!number.is_nan() && number.is_finite()).then_some(number)
}
