//! Values of literals and of properties, and how two of them compare.

use std::borrow::Cow;
use std::cmp::Ordering;

use geo::Geometry;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;

/// What a literal or a property is.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    Null,
    Bool(bool),
    Number(f64),
    Text(Cow<'a, str>),
    /// A day; beside an instant it is its midnight in UTC.
    Date(Date),
    Instant(Timestamp),
    /// From the first to the second; nothing where it is open.
    Interval(Option<Timestamp>, Option<Timestamp>),
    Shape(Cow<'a, Geometry<f64>>),
    List(Vec<Value<'a>>),
}

impl<'a> Value<'a> {
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    pub fn shape(shape: &'a Geometry<f64>) -> Self {
        Self::Shape(Cow::Borrowed(shape))
    }

    /// An attribute; an object is null, since no operator looks into one.
    pub fn of_json(json: &'a serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match json {
            Json::Null | Json::Object(_) => Self::Null,
            Json::Bool(flag) => Self::Bool(*flag),
            Json::Number(number) => number.as_f64().map_or(Self::Null, Self::Number),
            Json::String(text) => Self::text(text.as_str()),
            Json::Array(list) => Self::List(list.iter().map(Self::of_json).collect()),
        }
    }

    /// The same value without a copy of what is long.
    pub(crate) fn borrowed(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(flag) => Value::Bool(*flag),
            Self::Number(number) => Value::Number(*number),
            Self::Text(text) => Value::Text(Cow::Borrowed(text)),
            Self::Date(date) => Value::Date(*date),
            Self::Instant(at) => Value::Instant(*at),
            Self::Interval(from, to) => Value::Interval(*from, *to),
            Self::Shape(shape) => Value::Shape(Cow::Borrowed(shape)),
            Self::List(list) => Value::List(list.iter().map(Value::borrowed).collect()),
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// As a time: attributes from JSON have theirs as texts.
    pub(crate) fn as_time(&self) -> Option<Value<'static>> {
        match self {
            Self::Date(date) => Some(Value::Date(*date)),
            Self::Instant(at) => Some(Value::Instant(*at)),
            Self::Interval(from, to) => Some(Value::Interval(*from, *to)),
            Self::Text(text) => read_instant(text),
            _ => None,
        }
    }

    /// The one moment that it is.
    pub(crate) fn as_moment(&self) -> Option<Timestamp> {
        match self.as_time()? {
            Value::Date(date) => midnight(date),
            Value::Instant(at) => Some(at),
            _ => None,
        }
    }

    pub(crate) fn is_time(&self) -> bool {
        matches!(self, Self::Date(_) | Self::Instant(_) | Self::Interval(..))
    }
}

/// A day or a timestamp as the standard writes them; an offset is understood, too.
pub(crate) fn read_instant(text: &str) -> Option<Value<'static>> {
    if text.len() == 10 {
        return text.parse().ok().map(Value::Date);
    }
    text.parse().ok().map(Value::Instant)
}

fn midnight(date: Date) -> Option<Timestamp> {
    let midnight = date.to_datetime(Time::midnight());
    Offset::UTC.to_timestamp(midnight).ok()
}

/// How two values compare; nothing where they cannot.
pub(crate) fn compare(a: &Value<'_>, b: &Value<'_>) -> Option<Ordering> {
    if a.is_time() || b.is_time() {
        if let (Value::Interval(..), _) | (_, Value::Interval(..)) = (a, b) {
            return (a.as_time()? == b.as_time()?).then_some(Ordering::Equal);
        }
        return Some(a.as_moment()?.cmp(&b.as_moment()?));
    }
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Number(a), Value::Number(b)) => a.partial_cmp(b),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Shape(a), Value::Shape(b)) => (a == b).then_some(Ordering::Equal),
        (Value::List(a), Value::List(b)) => (a == b).then_some(Ordering::Equal),
        _ => None,
    }
}
