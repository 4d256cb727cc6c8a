//! Conditions as flat programs over bank and table, and what they are worth.
//!
//! Every value is an `f64`. A truth is 1 or 0, and NaN is *unknown* for numbers and truths alike, so that what is
//! not known needs no second value beside it.

use crate::{
    language::{Comparison, Node},
    operands::Operand,
};

mod emit;

pub(crate) use emit::Emitter;

/// Values that a program may hold at once.
pub(crate) const STACK_MAX: usize = 24;

/// One step. Jumps lead forward only, so every program ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Step {
    /// Pushes what is read.
    Read(Operand),
    /// Pushes the comparison of two operands: what conditions mostly consist of.
    CompareTwo(Comparison, Operand, Operand),
    Compare(Comparison),
    Add,
    Subtract,
    Multiply,
    Divide,
    Min,
    Max,
    Negate,
    Abs,
    Floor,
    Ceil,
    Not,
    Has(Operand),
    Both,
    Either,
    /// Leaps over so many steps when the top is false; it stays.
    LeapIfFalse(u16),
    /// Leaps over so many steps when the top is true; it stays.
    LeapIfTrue(u16),
    /// Takes a condition: true goes on, false leaps over the first number of steps, unknown pushes unknown and leaps
    /// over the second.
    Choose(u16, u16),
    Leap(u16),
}

/// A condition ready to be evaluated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Test {
    Compare(Comparison, Operand, Operand),
    /// A stretch of the set's steps.
    Steps {
        from: u32,
        to: u32,
    },
}

/// The three values of a truth, as they are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Truth {
    False = 0,
    True = 1,
    Unknown = 2,
}

impl Truth {
    #[inline]
    pub(crate) fn of(value: f64) -> Self {
        if value.is_nan() {
            Self::Unknown
        } else if value == 0.0 {
            Self::False
        } else {
            Self::True
        }
    }

    pub(crate) const fn from_bits(bits: u64) -> Self {
        match bits & 3 {
            0 => Self::False,
            1 => Self::True,
            _ => Self::Unknown,
        }
    }

    pub(crate) const fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::True => Self::False,
            Self::Unknown => Self::Unknown,
        }
    }

    pub(crate) const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            _ => Self::Unknown,
        }
    }

    pub(crate) const fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }
}

/// The values that operands have for one object at one instant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Values<'a> {
    pub(crate) bank: &'a [f64],
    pub(crate) table: &'a [f64],
}

impl Values<'_> {
    #[inline]
    pub(crate) fn read(self, operand: Operand) -> f64 {
        let side = if operand.is_table() {
            self.table
        } else {
            self.bank
        };
        side.get(operand.index()).copied().unwrap_or(f64::NAN)
    }

    #[inline]
    pub(crate) fn test(self, test: Test, steps: &[Step]) -> Truth {
        match test {
            Test::Compare(comparison, left, right) => {
                compare_truth(comparison, self.read(left), self.read(right))
            }
            Test::Steps { from, to } => {
                let steps = steps.get(from as usize..to as usize).unwrap_or_default();
                Truth::of(self.run(steps))
            }
        }
    }

    /// What a program is worth.
    pub(crate) fn run(self, steps: &[Step]) -> f64 {
        let mut stack = Stack::default();
        let mut at = 0;
        while let Some(step) = steps.get(at) {
            at += 1;
            match *step {
                Step::Read(operand) => stack.push(self.read(operand)),
                Step::CompareTwo(comparison, left, right) => {
                    stack.push(compare(comparison, self.read(left), self.read(right)));
                }
                Step::Has(operand) => stack.push(f64::from(!self.read(operand).is_nan())),
                Step::Compare(comparison) => {
                    stack.fold(|left, right| compare(comparison, left, right));
                }
                Step::Add => stack.fold(|left, right| left + right),
                Step::Subtract => stack.fold(|left, right| left - right),
                Step::Multiply => stack.fold(|left, right| left * right),
                Step::Divide => stack.fold(divide),
                Step::Min => stack.fold(|left, right| known(left, right, left.min(right))),
                Step::Max => stack.fold(|left, right| known(left, right, left.max(right))),
                Step::Both => stack.fold(both),
                Step::Either => stack.fold(|left, right| not(both(not(left), not(right)))),
                Step::Negate => stack.change(|top| -top),
                Step::Abs => stack.change(f64::abs),
                Step::Floor => stack.change(f64::floor),
                Step::Ceil => stack.change(f64::ceil),
                Step::Not => stack.change(not),
                Step::LeapIfFalse(over) if stack.top() == 0.0 => at += over as usize,
                Step::LeapIfTrue(over) if stack.top() > 0.5 => at += over as usize,
                Step::LeapIfFalse(_) | Step::LeapIfTrue(_) => {}
                Step::Leap(over) => at += over as usize,
                Step::Choose(to_no, to_end) => {
                    let condition = stack.pop();
                    if condition.is_nan() {
                        stack.push(f64::NAN);
                        at += to_end as usize;
                    } else if condition == 0.0 {
                        at += to_no as usize;
                    }
                }
            }
        }
        stack.pop()
    }
}

/// The emitter keeps programs within its depth; beyond it values would be lost, never memory.
struct Stack {
    values: [f64; STACK_MAX],
    depth: usize,
}

impl Default for Stack {
    #[inline]
    fn default() -> Self {
        Self {
            values: [f64::NAN; STACK_MAX],
            depth: 0,
        }
    }
}

impl Stack {
    #[inline]
    fn push(&mut self, value: f64) {
        if let Some(place) = self.values.get_mut(self.depth) {
            *place = value;
            self.depth += 1;
        }
    }

    #[inline]
    fn pop(&mut self) -> f64 {
        self.depth = self.depth.saturating_sub(1);
        self.values.get(self.depth).copied().unwrap_or(f64::NAN)
    }

    #[inline]
    fn top(&self) -> f64 {
        let top = self.depth.wrapping_sub(1);
        self.values.get(top).copied().unwrap_or(f64::NAN)
    }

    #[inline]
    fn fold(&mut self, of: impl Fn(f64, f64) -> f64) {
        let right = self.pop();
        let left = self.pop();
        self.push(of(left, right));
    }

    #[inline]
    fn change(&mut self, of: impl Fn(f64) -> f64) {
        let top = self.pop();
        self.push(of(top));
    }
}

#[inline]
fn compare_truth(comparison: Comparison, left: f64, right: f64) -> Truth {
    if left.is_nan() || right.is_nan() {
        return Truth::Unknown;
    }
    if is_met(comparison, left, right) {
        Truth::True
    } else {
        Truth::False
    }
}

#[inline]
fn compare(comparison: Comparison, left: f64, right: f64) -> f64 {
    known(left, right, f64::from(is_met(comparison, left, right)))
}

#[inline]
#[expect(clippy::float_cmp, reason = "the language's == is exact")]
fn is_met(comparison: Comparison, left: f64, right: f64) -> bool {
    match comparison {
        Comparison::Less => left < right,
        Comparison::LessOrEqual => left <= right,
        Comparison::Greater => left > right,
        Comparison::GreaterOrEqual => left >= right,
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
    }
}

/// A result, unless a side is unknown.
#[inline]
fn known(left: f64, right: f64, result: f64) -> f64 {
    if left.is_nan() || right.is_nan() {
        f64::NAN
    } else {
        result
    }
}

/// A ratio to nothing says nothing.
#[inline]
fn divide(left: f64, right: f64) -> f64 {
    if right == 0.0 { f64::NAN } else { left / right }
}

#[inline]
fn not(truth: f64) -> f64 {
    1.0 - truth
}

/// False if either side is, however unknown the other.
#[inline]
fn both(left: f64, right: f64) -> f64 {
    if left == 0.0 || right == 0.0 {
        0.0
    } else {
        left * right
    }
}

/// A condition with the operands that it reads, each once.
pub(crate) fn reads(node: &Node) -> Vec<Operand> {
    let mut operands = Vec::new();
    node.operands(&mut |operand| {
        if !operands.contains(&operand) {
            operands.push(operand);
        }
    });
    operands
}
