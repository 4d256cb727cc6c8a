//! Between which numbers a node can lie, as far as that is known: for comparisons that are never or always true.

use crate::{
    language::tree::{Binary, Comparison, Node, Unary},
    operands::{Entry, Function, Operand, Operands, Source},
};

/// The least and the greatest value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Range {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Range {
    const ANY: Self = Self::new(f64::NEG_INFINITY, f64::INFINITY);
    const POSITIVE: Self = Self::new(0.0, f64::INFINITY);

    const fn new(low: f64, high: f64) -> Self {
        Self { low, high }
    }

    fn over(self, other: Self, of: impl Fn(f64, f64) -> f64) -> Self {
        let corners = [
            of(self.low, other.low),
            of(self.low, other.high),
            of(self.high, other.low),
            of(self.high, other.high),
        ];
        if corners.iter().any(|corner| corner.is_nan()) {
            return Self::ANY;
        }
        let low = corners.iter().copied().fold(f64::INFINITY, f64::min);
        Self::new(
            low,
            corners.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        )
    }

    fn hull(self, other: Self) -> Self {
        Self::new(self.low.min(other.low), self.high.max(other.high))
    }
}

/// What a comparison of such values always is, if that is known.
pub(super) fn foregone(comparison: Comparison, left: Range, right: Range) -> Option<bool> {
    let (always, never) = match comparison {
        Comparison::Less => (left.high < right.low, left.low >= right.high),
        Comparison::LessOrEqual => (left.high <= right.low, left.low > right.high),
        Comparison::Greater => (left.low > right.high, left.high <= right.low),
        Comparison::GreaterOrEqual => (left.low >= right.high, left.high < right.low),
        Comparison::Equal => (false, left.high < right.low || left.low > right.high),
        Comparison::NotEqual => (left.high < right.low || left.low > right.high, false),
    };
    if always {
        Some(true)
    } else {
        never.then_some(false)
    }
}

pub(super) fn of(node: &Node, operands: &Operands) -> Range {
    match node {
        Node::Number(value) => Range::new(*value, *value),
        Node::Read(operand) => of_operand(*operand, operands),
        Node::Unary(unary, inner) => of_unary(*unary, of(inner, operands)),
        Node::Binary(binary, left, right) => {
            let (left, right) = (of(left, operands), of(right, operands));
            match binary {
                Binary::Add => left.over(right, |a, b| a + b),
                Binary::Subtract => left.over(right, |a, b| a - b),
                Binary::Multiply => left.over(right, |a, b| a * b),
                Binary::Min => left.over(right, f64::min),
                Binary::Max => left.over(right, f64::max),
                Binary::Divide => Range::ANY,
            }
        }
        Node::Choose(_, yes, no) => of(yes, operands).hull(of(no, operands)),
        Node::Truth(_) | Node::Has(_) | Node::Compare(..) | Node::Both(..) | Node::Either(..) => {
            Range::new(0.0, 1.0)
        }
    }
}

fn of_unary(unary: Unary, inner: Range) -> Range {
    match unary {
        Unary::Negate => Range::new(-inner.high, -inner.low),
        Unary::Abs if inner.low >= 0.0 => inner,
        Unary::Abs => Range::new(0.0, inner.high.max(-inner.low)),
        Unary::Floor => Range::new(inner.low.floor(), inner.high.floor()),
        Unary::Ceil => Range::new(inner.low.ceil(), inner.high.ceil()),
        Unary::Not => Range::new(0.0, 1.0),
    }
}

fn of_operand(operand: Operand, operands: &Operands) -> Range {
    if operand.is_table() {
        return match operands.table.get(operand.index()) {
            Some(Entry::Constant(value)) => Range::new(*value, *value),
            Some(Entry::Dated(spans)) => spans
                .iter()
                .map(|(_, _, value)| Range::new(*value, *value))
                .reduce(Range::hull)
                .unwrap_or(Range::ANY),
            None => Range::ANY,
        };
    }
    match operands.bank.get(operand.index()) {
        Some(Source::Slot(slot)) => of_slot(*slot, operands),
        Some(Source::Window(window, function)) => {
            let slot = operands.windows.get(*window).map(|window| window.slot);
            let values = slot.map_or(Range::ANY, |slot| of_slot(slot, operands));
            of_function(*function, values)
        }
        Some(Source::Age(_)) => Range::POSITIVE,
        Some(Source::Silence(..)) => Range::new(0.0, 1.0),
        Some(Source::Attribute(_)) | None => Range::ANY,
    }
}

fn of_slot(slot: usize, operands: &Operands) -> Range {
    let property = operands.slots.get(slot).map(|slot| slot.property);
    let property = property.and_then(|property| operands.profile.properties.get(property));
    let range = property.and_then(|property| property.range);
    range.map_or(Range::ANY, |(low, high)| Range::new(low, high))
}

fn of_function(function: Function, values: Range) -> Range {
    match function {
        Function::Average
        | Function::Least
        | Function::Most
        | Function::Median
        | Function::First
        | Function::Last
        | Function::Baseline => values,
        Function::Delta => values.over(values, |last, first| last - first),
        Function::Count | Function::CountOf(_) | Function::Deviation => Range::POSITIVE,
        Function::Sum if values.low >= 0.0 => Range::POSITIVE,
        _ => Range::ANY,
    }
}
