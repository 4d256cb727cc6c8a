//! What a filter says of where and what its rows must be, for an index to look up.

use geo::{BoundingRect as _, Rect};

use crate::expression::{Comparison, Expression, Node, SpatialRelation};
use crate::value::{Value, compare};

/// Where the geometry of a row that passes must reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Extent {
    /// It may be anywhere, or missing.
    Everywhere,
    /// It shares a point with this rectangle, whose edges belong to it.
    Touches(Rect<f64>),
    /// No row passes.
    Nowhere,
}

/// Where the property `geometry` must reach for the filter to hold.
pub fn extent(filter: &Expression, geometry: &str) -> Extent {
    reach(filter, geometry, true)
}

fn reach(condition: &Expression, geometry: &str, is_wanted: bool) -> Extent {
    match &condition.node {
        Node::Literal(Value::Bool(flag)) if *flag != is_wanted => Extent::Nowhere,
        Node::Not(a) => reach(a, geometry, !is_wanted),
        Node::And(a, b) | Node::Or(a, b) => {
            let (a, b) = (reach(a, geometry, is_wanted), reach(b, geometry, is_wanted));
            if matches!(condition.node, Node::And(..)) == is_wanted {
                both(a, b)
            } else {
                either(a, b)
            }
        }
        Node::Spatial(relation, a, b) => {
            let is_apart = *relation == SpatialRelation::Disjoint;
            let shape = match (&a.node, &b.node) {
                (Node::Property(name), Node::Literal(Value::Shape(shape)))
                | (Node::Literal(Value::Shape(shape)), Node::Property(name))
                    if name == geometry && is_apart != is_wanted =>
                {
                    shape
                }
                _ => return Extent::Everywhere,
            };
            shape
                .bounding_rect()
                .map_or(Extent::Everywhere, Extent::Touches)
        }
        _ => Extent::Everywhere,
    }
}

/// A wide geometry may touch two rectangles that lie apart, so that they cannot be cut with each other: the smaller
/// one it is.
fn both(a: Extent, b: Extent) -> Extent {
    let area = |rect: &Rect<f64>| rect.width() * rect.height();
    match (a, b) {
        (Extent::Nowhere, _) | (_, Extent::Nowhere) => Extent::Nowhere,
        (Extent::Everywhere, other) | (other, Extent::Everywhere) => other,
        (Extent::Touches(a), Extent::Touches(b)) => {
            Extent::Touches(if area(&b) < area(&a) { b } else { a })
        }
    }
}

fn either(a: Extent, b: Extent) -> Extent {
    match (a, b) {
        (Extent::Everywhere, _) | (_, Extent::Everywhere) => Extent::Everywhere,
        (Extent::Nowhere, other) | (other, Extent::Nowhere) => other,
        (Extent::Touches(a), Extent::Touches(b)) => Extent::Touches(Rect::new(
            (a.min().x.min(b.min().x), a.min().y.min(b.min().y)),
            (a.max().x.max(b.max().x), a.max().y.max(b.max().y)),
        )),
    }
}

/// The values one of which a property must equal for the filter to hold; nothing where it may be anything else, or a
/// time, which one moment is written in many ways. No value at all means that no row passes.
pub fn equalities<'a>(filter: &'a Expression, property: &str) -> Option<Vec<&'a Value<'static>>> {
    equals(filter, property, true)
}

fn equals<'a>(
    condition: &'a Expression,
    property: &str,
    is_wanted: bool,
) -> Option<Vec<&'a Value<'static>>> {
    match &condition.node {
        Node::Literal(Value::Bool(flag)) => (*flag != is_wanted).then(Vec::new),
        Node::Not(a) => equals(a, property, !is_wanted),
        Node::And(a, b) | Node::Or(a, b) => {
            let (a, b) = (
                equals(a, property, is_wanted),
                equals(b, property, is_wanted),
            );
            if matches!(condition.node, Node::And(..)) == is_wanted {
                return match (a, b) {
                    (Some(a), Some(b)) => Some(shared(&a, &b)),
                    (a, b) => a.or(b),
                };
            }
            let (mut a, b) = (a?, b?);
            a.extend(b);
            Some(a)
        }
        Node::Compare(operator, a, b) => {
            let wanted = if is_wanted {
                Comparison::Eq
            } else {
                Comparison::Ne
            };
            match (&a.node, &b.node) {
                (Node::Property(name), Node::Literal(value))
                | (Node::Literal(value), Node::Property(name))
                    if name == property && *operator == wanted && !value.is_time() =>
                {
                    Some(vec![value])
                }
                _ => None,
            }
        }
        Node::In(a, all) if is_wanted && a.node == Node::Property(property.to_owned()) => all
            .iter()
            .map(|each| match &each.node {
                Node::Literal(value) if !value.is_time() => Some(value),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

fn shared<'a>(a: &[&'a Value<'static>], b: &[&'a Value<'static>]) -> Vec<&'a Value<'static>> {
    let is_in_b = |one: &&&Value<'static>| {
        b.iter()
            .any(|other| compare(one, other) == Some(std::cmp::Ordering::Equal))
    };
    a.iter().filter(is_in_b).copied().collect()
}
