//! The functions.

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use crate::expression::Function as F;
use crate::shape::{Relation, Shape};
use crate::value::{Value, civil};

/// Null where an argument is null or of a kind that the function does not take.
pub(super) fn call(function: F, arguments: &[&Value], now: Timestamp) -> Value {
    let value = match function {
        F::Now => Some(Value::instant(now)),
        F::MinDateTime => Some(Value::instant(Timestamp::MIN)),
        F::MaxDateTime => Some(Value::instant(Timestamp::MAX)),
        _ => texts(function, arguments)
            .or_else(|| times(function, arguments))
            .or_else(|| numbers(function, arguments))
            .or_else(|| shapes(function, arguments)),
    };
    value.unwrap_or(Value::Null)
}

fn texts(function: F, arguments: &[&Value]) -> Option<Value> {
    Some(match (function, arguments) {
        (F::SubstringOf, [Value::Text(part), Value::Text(whole)])
        | (F::Contains, [Value::Text(whole), Value::Text(part)]) => {
            Value::Bool(whole.contains(part.as_str()))
        }
        (F::StartsWith, [Value::Text(whole), Value::Text(part)]) => {
            Value::Bool(whole.starts_with(part.as_str()))
        }
        (F::EndsWith, [Value::Text(whole), Value::Text(part)]) => {
            Value::Bool(whole.ends_with(part.as_str()))
        }
        (F::Length, [Value::Text(text)]) => Value::Number(text.chars().count() as f64),
        (F::IndexOf, [Value::Text(whole), Value::Text(part)]) => {
            let place = whole.find(part.as_str()).and_then(|at| whole.get(..at));
            Value::Number(place.map_or(-1.0, |before| before.chars().count() as f64))
        }
        (F::Substring, [Value::Text(text), Value::Number(from)]) => {
            Value::Text(text.chars().skip(place(*from)).collect())
        }
        (
            F::Substring,
            [
                Value::Text(text),
                Value::Number(from),
                Value::Number(length),
            ],
        ) => {
            let part = text.chars().skip(place(*from)).take(place(*length));
            Value::Text(part.collect())
        }
        (F::ToLower, [Value::Text(text)]) => Value::Text(text.to_lowercase()),
        (F::ToUpper, [Value::Text(text)]) => Value::Text(text.to_uppercase()),
        (F::Trim, [Value::Text(text)]) => Value::text(text.trim()),
        (F::Concat, [Value::Text(a), Value::Text(b)]) => Value::Text(format!("{a}{b}")),
        _ => return None,
    })
}

fn place(number: f64) -> usize {
    number.clamp(0.0, 1e9) as usize
}

fn times(function: F, arguments: &[&Value]) -> Option<Value> {
    let [argument] = arguments else {
        return None;
    };
    let (date, time, offset): (Option<Date>, Option<Time>, Option<i32>) = match argument {
        Value::Instant(at, offset) => {
            let civil = civil(*at, *offset);
            (
                Some(civil.date()),
                Some(civil.time()),
                Some(offset.seconds() / 60),
            )
        }
        // Of an interval its beginning counts.
        Value::Interval(from, _) => {
            let civil = civil(*from, jiff::tz::Offset::UTC);
            (Some(civil.date()), Some(civil.time()), Some(0))
        }
        Value::Date(date) => (Some(*date), None, None),
        Value::Time(time) => (None, Some(*time), None),
        _ => return None,
    };
    let number = |number: Option<f64>| number.map(Value::Number);
    match function {
        F::Year => number(date.map(|date| f64::from(date.year()))),
        F::Month => number(date.map(|date| f64::from(date.month()))),
        F::Day => number(date.map(|date| f64::from(date.day()))),
        F::Hour => number(time.map(|time| f64::from(time.hour()))),
        F::Minute => number(time.map(|time| f64::from(time.minute()))),
        F::Second => number(time.map(|time| f64::from(time.second()))),
        F::FractionalSeconds => number(time.map(|time| f64::from(time.subsec_nanosecond()) / 1e9)),
        F::Date => date.map(Value::Date),
        F::Time => time.map(Value::Time),
        F::TotalOffsetMinutes => number(offset.map(f64::from)),
        _ => None,
    }
}

fn numbers(function: F, arguments: &[&Value]) -> Option<Value> {
    let [Value::Number(number)] = arguments else {
        return None;
    };
    Some(Value::Number(match function {
        F::Round => number.round(),
        F::Floor => number.floor(),
        F::Ceiling => number.ceil(),
        _ => return None,
    }))
}

fn shapes(function: F, arguments: &[&Value]) -> Option<Value> {
    let relation = |relation: Relation, a: &Shape, b: &Shape| Some(Value::Bool(a.is(relation, b)));
    match (function, arguments) {
        (F::GeoLength, [Value::Shape(line)]) => line.length().map(Value::Number),
        (F::GeoDistance, [Value::Shape(a), Value::Shape(b)]) => Some(Value::Number(a.distance(b))),
        (F::StRelate, [Value::Shape(a), Value::Shape(b), Value::Text(pattern)]) => {
            a.relates(b, pattern).map(Value::Bool)
        }
        (F::GeoIntersects | F::StIntersects, [Value::Shape(a), Value::Shape(b)]) => {
            relation(Relation::Intersects, a, b)
        }
        (F::StEquals, [Value::Shape(a), Value::Shape(b)]) => relation(Relation::Equals, a, b),
        (F::StDisjoint, [Value::Shape(a), Value::Shape(b)]) => relation(Relation::Disjoint, a, b),
        (F::StTouches, [Value::Shape(a), Value::Shape(b)]) => relation(Relation::Touches, a, b),
        (F::StWithin, [Value::Shape(a), Value::Shape(b)]) => relation(Relation::Within, a, b),
        (F::StOverlaps, [Value::Shape(a), Value::Shape(b)]) => relation(Relation::Overlaps, a, b),
        (F::StCrosses, [Value::Shape(a), Value::Shape(b)]) => relation(Relation::Crosses, a, b),
        (F::StContains, [Value::Shape(a), Value::Shape(b)]) => relation(Relation::Contains, a, b),
        _ => None,
    }
}
