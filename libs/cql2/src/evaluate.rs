//! What a filter is for a row, in the logic of three values: what is not known is not true.

mod scalars;
mod shapes;
mod times;

use crate::expression::{Arithmetic, Expression, Node, SetRelation};
use crate::value::{Value, compare};
use crate::{Comparison, Fault};

/// Something that has properties.
pub trait Row {
    /// The value of a property, null where this row has none of it; nothing where no row can have it.
    fn value(&self, name: &str) -> Option<Value<'_>>;
}

/// The value of an expression.
pub fn evaluate<'a>(expression: &'a Expression, row: &'a dyn Row) -> Result<Value<'a>, Fault> {
    let of = |inner: &'a Expression| evaluate(inner, row);
    Ok(match &expression.node {
        Node::Literal(value) => value.borrowed(),
        Node::Property(name) => row.value(name).ok_or_else(|| {
            Fault::new(
                expression.position,
                format!("there is no property {name}; ask the layer's queryables"),
            )
        })?,
        Node::Interval(from, to) => {
            let is_open = |end: &Expression| matches!(end.node, Node::Literal(Value::Null));
            times::interval(of(from)?, is_open(from), of(to)?, is_open(to))
        }
        Node::List(all) => Value::List(all.iter().map(of).collect::<Result<_, _>>()?),
        Node::Not(a) => truth(holds(a, row)?.map(|holds| !holds)),
        Node::And(a, b) => match holds(a, row)? {
            Some(false) => Value::Bool(false),
            known => {
                let other = holds(b, row)?;
                truth(if other == Some(false) {
                    other
                } else {
                    known.and(other)
                })
            }
        },
        Node::Or(a, b) => match holds(a, row)? {
            Some(true) => Value::Bool(true),
            known => {
                let other = holds(b, row)?;
                truth(if other == Some(true) {
                    other
                } else {
                    known.and(other)
                })
            }
        },
        Node::Compare(operator, a, b) => truth(compared(*operator, &of(a)?, &of(b)?)),
        Node::Like(a, pattern) => truth(scalars::like(&of(a)?, &of(pattern)?)),
        Node::Between(three) => {
            let [a, low, high] = &**three;
            let value = of(a)?;
            let low = compared(Comparison::Ge, &value, &of(low)?);
            let high = compared(Comparison::Le, &value, &of(high)?);
            match (low, high) {
                (Some(false), _) | (_, Some(false)) => Value::Bool(false),
                (low, high) => truth(low.and(high)),
            }
        }
        Node::In(a, all) => within(&of(a)?, all, row)?,
        Node::IsNull(a) => Value::Bool(of(a)?.is_null()),
        Node::Minus(a) => scalars::reckon(Arithmetic::Sub, &Value::Number(0.0), &of(a)?),
        Node::Arithmetic(operator, a, b) => scalars::reckon(*operator, &of(a)?, &of(b)?),
        Node::Casei(a) => scalars::casei(&of(a)?),
        Node::Accenti(a) => scalars::accenti(&of(a)?),
        Node::Spatial(relation, a, b) => truth(shapes::lie(*relation, &of(a)?, &of(b)?)),
        Node::Temporal(relation, a, b) => truth(times::lie(*relation, &of(a)?, &of(b)?)),
        Node::Set(relation, a, b) => truth(sets(*relation, &of(a)?, &of(b)?)),
    })
}

/// Whether a filter holds for the row.
pub fn is_true(filter: &Expression, row: &dyn Row) -> Result<bool, Fault> {
    Ok(holds(filter, row)? == Some(true))
}

/// True, false or not known.
fn holds(condition: &Expression, row: &dyn Row) -> Result<Option<bool>, Fault> {
    match evaluate(condition, row)? {
        Value::Bool(holds) => Ok(Some(holds)),
        Value::Null => Ok(None),
        _ => Err(Fault::new(
            condition.position,
            "this is neither true nor false; compare it with something",
        )),
    }
}

fn truth<'a>(holds: Option<bool>) -> Value<'a> {
    holds.map_or(Value::Null, Value::Bool)
}

fn compared(operator: Comparison, a: &Value<'_>, b: &Value<'_>) -> Option<bool> {
    let order = compare(a, b);
    // Shapes, lists and intervals are equal or not, and have no order.
    let is_kin = matches!(
        (a, b),
        (Value::Shape(_), Value::Shape(_))
            | (Value::List(_), Value::List(_))
            | (Value::Interval(..), Value::Interval(..))
    );
    match operator {
        Comparison::Eq if is_kin => Some(order.is_some()),
        Comparison::Ne if is_kin => Some(order.is_none()),
        _ if is_kin => None,
        Comparison::Eq => order.map(std::cmp::Ordering::is_eq),
        Comparison::Ne => order.map(std::cmp::Ordering::is_ne),
        Comparison::Lt => order.map(std::cmp::Ordering::is_lt),
        Comparison::Le => order.map(std::cmp::Ordering::is_le),
        Comparison::Gt => order.map(std::cmp::Ordering::is_gt),
        Comparison::Ge => order.map(std::cmp::Ordering::is_ge),
    }
}

fn within<'a>(
    value: &Value<'_>,
    all: &'a [Expression],
    row: &'a dyn Row,
) -> Result<Value<'a>, Fault> {
    let mut is_known = true;
    for each in all {
        match compared(Comparison::Eq, value, &evaluate(each, row)?) {
            Some(true) => return Ok(Value::Bool(true)),
            Some(false) => {}
            None => is_known = false,
        }
    }
    Ok(truth(is_known.then_some(false)))
}

fn sets(relation: SetRelation, a: &Value<'_>, b: &Value<'_>) -> Option<bool> {
    let (Value::List(a), Value::List(b)) = (a, b) else {
        return None;
    };
    let has = |list: &[Value<'_>], one: &Value<'_>| list.iter().any(|each| same(each, one));
    let contains = |a: &[Value<'_>], b: &[Value<'_>]| b.iter().all(|each| has(a, each));
    Some(match relation {
        SetRelation::Equals => contains(a, b) && contains(b, a),
        SetRelation::Contains => contains(a, b),
        SetRelation::ContainedBy => contains(b, a),
        SetRelation::Overlaps => b.iter().any(|each| has(a, each)),
    })
}

fn same(a: &Value<'_>, b: &Value<'_>) -> bool {
    if let (Value::List(_), Value::List(_)) = (a, b) {
        return sets(SetRelation::Equals, a, b) == Some(true);
    }
    compared(Comparison::Eq, a, b) == Some(true)
}
