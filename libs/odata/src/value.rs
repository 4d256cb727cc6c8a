//! Values of expressions, and how two of them compare.

use std::cmp::Ordering;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use crate::shape::{Shape, of_geojson};

/// What an expression or a property is.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    /// An instant, with the offset it was written in: its hour is that of its own clock.
    Instant(Timestamp, Offset),
    /// From the first to the second.
    Interval(Timestamp, Timestamp),
    Date(Date),
    Time(Time),
    Duration(SignedDuration),
    Shape(Box<Shape>),
    /// An object or a list that is no geometry: there, and equal to nothing.
    Other,
}

impl Value {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn instant(at: Timestamp) -> Self {
        Self::Instant(at, Offset::UTC)
    }

    /// A part of a JSON document; GeoJSON is a shape.
    pub fn of_json(json: &serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match json {
            Json::Null => Self::Null,
            Json::Bool(flag) => Self::Bool(*flag),
            Json::Number(number) => number.as_f64().map_or(Self::Null, Self::Number),
            Json::String(text) => Self::text(text),
            Json::Array(_) => Self::Other,
            Json::Object(_) => {
                of_geojson(json).map_or(Self::Other, |shape| Self::Shape(Box::new(shape)))
            }
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// A text as a time, where it stands beside one: clients put times in quotes, too.
    fn as_time(&self) -> Option<(Timestamp, Timestamp)> {
        match self {
            Self::Instant(at, _) => Some((*at, *at)),
            Self::Interval(from, to) => Some((*from, *to)),
            Self::Text(text) => match read_time(text)? {
                Self::Text(_) => None,
                time => time.as_time(),
            },
            _ => None,
        }
    }

    fn is_time(&self) -> bool {
        matches!(self, Self::Instant(..) | Self::Interval(..))
    }
}

/// An instant with its offset, or an interval of two of them.
pub(crate) fn read_time(text: &str) -> Option<Value> {
    if let Some((from, to)) = text.split_once('/') {
        let (Value::Instant(from, _), Value::Instant(to, _)) =
            (read_instant(from)?, read_instant(to)?)
        else {
            return None;
        };
        return (from <= to).then_some(Value::Interval(from, to));
    }
    read_instant(text)
}

fn read_instant(text: &str) -> Option<Value> {
    // A `+` in an address that was not encoded has become a space.
    let mended = text.trim().replace(' ', "+");
    let at: Timestamp = mended.parse().ok()?;
    let zone = jiff::fmt::temporal::Pieces::parse(&mended).ok();
    let offset = zone.and_then(|pieces| pieces.to_numeric_offset());
    Some(Value::Instant(at, offset.unwrap_or(Offset::UTC)))
}

/// The clock that an instant was written by.
pub(crate) fn civil(at: Timestamp, offset: Offset) -> DateTime {
    offset.to_datetime(at)
}

/// How two values compare; nothing where they cannot. Of times that overlap only whether they are the same is known.
pub fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    if (a.is_time() || b.is_time())
        && let (Some(a), Some(b)) = (a.as_time(), b.as_time())
    {
        return order_of_times(a, b);
    }
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Number(a), Value::Number(b)) => a.partial_cmp(b),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
        (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(b)),
        (Value::Shape(a), Value::Shape(b)) => (a == b).then_some(Ordering::Equal),
        _ => None,
    }
}

fn order_of_times(a: (Timestamp, Timestamp), b: (Timestamp, Timestamp)) -> Option<Ordering> {
    if a == b {
        Some(Ordering::Equal)
    } else if a.1 <= b.0 {
        Some(Ordering::Less)
    } else if b.1 <= a.0 {
        Some(Ordering::Greater)
    } else {
        None
    }
}
