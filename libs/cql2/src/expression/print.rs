//! A tree as text again, every operator in brackets; what is read from it is the same tree.

use std::fmt::{self, Display, Formatter};

use wkt::ToWkt as _;

use super::{Expression, Node};
use crate::Value;

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.node {
            Node::Literal(value) => literal(value, f),
            Node::Property(name) => write!(f, "\"{name}\""),
            Node::Interval(from, to) => {
                f.write_str("INTERVAL(")?;
                end_of_interval(from, f)?;
                f.write_str(", ")?;
                end_of_interval(to, f)?;
                f.write_str(")")
            }
            Node::List(all) => list(all, f),
            Node::Not(a) => write!(f, "(NOT {a})"),
            Node::And(a, b) => write!(f, "({a} AND {b})"),
            Node::Or(a, b) => write!(f, "({a} OR {b})"),
            Node::Compare(operator, a, b) => write!(f, "({a} {} {b})", operator.word()),
            Node::Like(a, pattern) => write!(f, "({a} LIKE {pattern})"),
            Node::Between(three) => {
                let [a, low, high] = &**three;
                write!(f, "({a} BETWEEN {low} AND {high})")
            }
            Node::In(a, all) => {
                write!(f, "({a} IN ")?;
                list(all, f)?;
                f.write_str(")")
            }
            Node::IsNull(a) => write!(f, "({a} IS NULL)"),
            Node::Minus(a) => write!(f, "(-{a})"),
            Node::Arithmetic(operator, a, b) => write!(f, "({a} {} {b})", operator.word()),
            Node::Casei(a) => write!(f, "CASEI({a})"),
            Node::Accenti(a) => write!(f, "ACCENTI({a})"),
            Node::Spatial(relation, a, b) => write!(f, "{}({a}, {b})", relation.word()),
            Node::Temporal(relation, a, b) => write!(f, "{}({a}, {b})", relation.word()),
            Node::Set(relation, a, b) => write!(f, "{}({a}, {b})", relation.word()),
        }
    }
}

fn list(all: &[Expression], f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("(")?;
    for (place, each) in all.iter().enumerate() {
        f.write_str(if place == 0 { "" } else { ", " })?;
        each.fmt(f)?;
    }
    f.write_str(")")
}

fn end_of_interval(end: &Expression, f: &mut Formatter<'_>) -> fmt::Result {
    match &end.node {
        Node::Literal(Value::Null) => f.write_str("'..'"),
        Node::Literal(Value::Date(date)) => write!(f, "'{date}'"),
        Node::Literal(Value::Instant(at)) => write!(f, "'{at}'"),
        _ => end.fmt(f),
    }
}

fn literal(value: &Value<'_>, f: &mut Formatter<'_>) -> fmt::Result {
    match value {
        Value::Null => f.write_str("NULL"),
        Value::Bool(true) => f.write_str("TRUE"),
        Value::Bool(false) => f.write_str("FALSE"),
        // Both read back to the same number; the longer ones would be hundreds of digits.
        Value::Number(number) if (1e-5..1e15).contains(&number.abs()) || *number == 0.0 => {
            write!(f, "{number}")
        }
        Value::Number(number) => write!(f, "{number:e}"),
        Value::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
        Value::Date(date) => write!(f, "DATE('{date}')"),
        Value::Instant(at) => write!(f, "TIMESTAMP('{at}')"),
        Value::Interval(from, to) => {
            let told =
                |end: &Option<jiff::Timestamp>| end.map_or("..".to_owned(), |at| at.to_string());
            write!(f, "INTERVAL('{}', '{}')", told(from), told(to))
        }
        Value::Shape(shape) => f.write_str(&shape.wkt_string()),
        Value::List(all) => {
            f.write_str("(")?;
            for (place, each) in all.iter().enumerate() {
                f.write_str(if place == 0 { "" } else { ", " })?;
                literal(each, f)?;
            }
            f.write_str(")")
        }
    }
}
