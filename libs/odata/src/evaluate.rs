//! What an expression is for a row.
//!
//! A path that leads through a collection has many values; a condition holds if it holds for any of them. A
//! comparison with null is null, except that null equals null; null is not true.

mod arithmetic;
mod calls;

use jiff::Timestamp;

use crate::Fault;
use crate::expression::{Expression, Node, Operator};
use crate::value::{Value, compare};

/// Combinations of values that one function or operator looks at.
const COMBINATIONS_MAX: usize = 10_000;

/// Something that has properties.
pub trait Row {
    /// The values at a path: one, or as many as a collection on the way has. `Err` says in words that there is no
    /// such property.
    fn values(&self, path: &[String]) -> Result<Vec<Value>, String>;
}

/// The values of an expression; one, unless a path of it leads through a collection.
pub fn evaluate(
    expression: &Expression,
    row: &dyn Row,
    now: Timestamp,
) -> Result<Vec<Value>, Fault> {
    let evaluator = Evaluator { row, now };
    evaluator.values(expression)
}

/// Whether a condition holds for the row.
pub fn is_true(expression: &Expression, row: &dyn Row, now: Timestamp) -> Result<bool, Fault> {
    let values = evaluate(expression, row, now)?;
    Ok(values.contains(&Value::Bool(true)))
}

struct Evaluator<'a> {
    row: &'a dyn Row,
    now: Timestamp,
}

impl Evaluator<'_> {
    fn values(&self, expression: &Expression) -> Result<Vec<Value>, Fault> {
        let at = expression.position;
        match &expression.node {
            Node::Literal(value) => Ok(vec![value.clone()]),
            Node::Path(path) => {
                let mut values = self
                    .row
                    .values(path)
                    .map_err(|message| Fault::new(at, message))?;
                if values.is_empty() {
                    values.push(Value::Null);
                }
                Ok(values)
            }
            Node::Not(inner) => {
                let holds = self.holds(inner)?;
                Ok(vec![truth(holds.map(|holds| !holds))])
            }
            Node::Minus(inner) => Ok(self.values(inner)?.iter().map(arithmetic::minus).collect()),
            Node::Binary(Operator::And, a, b) => {
                let a = self.holds(a)?;
                if a == Some(false) {
                    return Ok(vec![Value::Bool(false)]);
                }
                let b = self.holds(b)?;
                Ok(vec![truth(if b == Some(false) { b } else { a.and(b) })])
            }
            Node::Binary(Operator::Or, a, b) => {
                let a = self.holds(a)?;
                if a == Some(true) {
                    return Ok(vec![Value::Bool(true)]);
                }
                let b = self.holds(b)?;
                Ok(vec![truth(if b == Some(true) { b } else { a.and(b) })])
            }
            Node::Binary(operator, a, b) => self.binary(*operator, a, b, at),
            Node::Call(function, arguments) => {
                let arguments: Vec<Vec<Value>> = arguments
                    .iter()
                    .map(|each| self.values(each))
                    .collect::<Result<_, _>>()?;
                let mut results = Vec::new();
                combine(&arguments, at, &mut |chosen| {
                    results.push(calls::call(*function, chosen, self.now));
                })?;
                Ok(if function.decides() {
                    vec![any(&results)]
                } else {
                    results
                })
            }
        }
    }

    /// The condition as true, false or not known.
    fn holds(&self, expression: &Expression) -> Result<Option<bool>, Fault> {
        match any(&self.values(expression)?) {
            Value::Bool(holds) => Ok(Some(holds)),
            Value::Null => Ok(None),
            _ => Err(Fault::new(
                expression.position,
                "a condition is a comparison or a function that is true or false",
            )),
        }
    }

    fn binary(
        &self,
        operator: Operator,
        a: &Expression,
        b: &Expression,
        at: usize,
    ) -> Result<Vec<Value>, Fault> {
        let sides = [self.values(a)?, self.values(b)?];
        let mut results = Vec::new();
        combine(&sides, at, &mut |chosen| {
            if let [a, b] = chosen {
                results.push(apply(operator, a, b));
            }
        })?;
        let decides = operator.rank() <= Operator::Gt.rank();
        Ok(if decides {
            vec![any(&results)]
        } else {
            results
        })
    }
}

fn truth(holds: Option<bool>) -> Value {
    holds.map_or(Value::Null, Value::Bool)
}

/// True if any is, else null if any is, else false; a value that is neither stays.
fn any(values: &[Value]) -> Value {
    let of = |wanted: &Value| values.contains(wanted).then(|| wanted.clone());
    of(&Value::Bool(true))
        .or_else(|| of(&Value::Null))
        .or_else(|| of(&Value::Bool(false)))
        .or_else(|| values.first().cloned())
        .unwrap_or(Value::Null)
}

/// Every choice of one value from each list.
fn combine(lists: &[Vec<Value>], at: usize, look: &mut dyn FnMut(&[&Value])) -> Result<(), Fault> {
    let count = lists
        .iter()
        .try_fold(1usize, |count, list| count.checked_mul(list.len()))
        .filter(|count| *count <= COMBINATIONS_MAX)
        .ok_or_else(|| Fault::new(at, "this goes through too many entities of collections"))?;
    for number in 0..count {
        let mut left = number;
        let chosen: Vec<&Value> = lists
            .iter()
            .filter_map(|list| {
                let place = left % list.len();
                left /= list.len();
                list.get(place)
            })
            .collect();
        look(&chosen);
    }
    Ok(())
}

fn apply(operator: Operator, a: &Value, b: &Value) -> Value {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let order = |holds: &dyn Fn(std::cmp::Ordering) -> bool| truth(compare(a, b).map(holds));
    match operator {
        Operator::Eq | Operator::Ne => {
            let is_equal = match (a, b) {
                (Value::Null, Value::Null) => true,
                _ => compare(a, b) == Some(Equal),
            };
            Value::Bool(is_equal == (operator == Operator::Eq))
        }
        Operator::Gt => order(&|order| order == Greater),
        Operator::Ge => order(&|order| order != Less),
        Operator::Lt => order(&|order| order == Less),
        Operator::Le => order(&|order| order != Greater),
        Operator::Add | Operator::Sub | Operator::Mul | Operator::Div | Operator::Mod => {
            arithmetic::reckon(operator, a, b)
        }
        Operator::And | Operator::Or => Value::Null,
    }
}
