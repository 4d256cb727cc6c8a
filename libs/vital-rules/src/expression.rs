//! Derived values: CEL's arithmetic over indicators and facts, read once and computed many times.
//!
//! All values are doubles. What is not known is no number, and so is what is computed from it, but for
//! `false && unknown`, `true || unknown`, `has`, and the side of a choice that is not taken. A quotient by nothing is
//! unknown.

mod read;
#[cfg(test)]
mod tests;

/// An expression that can be computed. Well typed by construction.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    node: Node,
    names: Vec<String>,
    uses: Vec<bool>,
    reads_prior: bool,
}

/// Where an expression reads from. Slots are places in the list of names that it was read with.
pub trait Inputs {
    /// What a name is now; no number where it is not known.
    fn value(&self, slot: usize) -> f64;
    /// What it was so many microseconds before.
    fn prior(&self, slot: usize, micros: i64) -> f64;
}

/// Why a text is no expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionFault {
    /// Stable: `vitals.expression.syntax`.
    pub kind: &'static str,
    /// What it is and what to do.
    pub message: String,
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Number(f64),
    Value(usize),
    Prior(usize, i64),
    Has(usize),
    Unary(Unary, Box<Node>),
    Binary(Binary, Box<Node>, Box<Node>),
    Both(Box<Node>, Box<Node>),
    Either(Box<Node>, Box<Node>),
    Choose(Box<Node>, Box<Node>, Box<Node>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unary {
    Negate,
    Not,
    Abs,
    Floor,
    Ceil,
    Sqrt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Min,
    Max,
    Less,
    AtMost,
    More,
    AtLeast,
    Equal,
    NotEqual,
}

impl Expression {
    /// Reads a text that may use these names; `prior` is for the first so many of them.
    pub fn read(
        text: &str,
        names: &[String],
        with_history: usize,
    ) -> Result<Self, Vec<ExpressionFault>> {
        read::read(text, names, with_history)
    }

    /// What it is worth; nothing where that is not known.
    pub fn compute(&self, inputs: &impl Inputs) -> Option<f64> {
        let value = compute(&self.node, inputs);
        value.is_finite().then_some(value)
    }

    /// Whether it reads the name at a slot.
    pub fn uses(&self, slot: usize) -> bool {
        self.uses.get(slot).copied().unwrap_or(false)
    }

    /// Whether it reads what anything was before.
    pub fn reads_prior(&self) -> bool {
        self.reads_prior
    }

    /// The names that it was read with.
    pub fn names(&self) -> &[String] {
        &self.names
    }
}

fn compute(node: &Node, inputs: &impl Inputs) -> f64 {
    match node {
        Node::Number(value) => *value,
        Node::Value(slot) => inputs.value(*slot),
        Node::Prior(slot, micros) => inputs.prior(*slot, *micros),
        Node::Has(slot) => truth(!inputs.value(*slot).is_nan()),
        Node::Unary(unary, inner) => unary.of(compute(inner, inputs)),
        Node::Binary(binary, left, right) => {
            binary.of(compute(left, inputs), compute(right, inputs))
        }
        Node::Both(left, right) => {
            let (left, right) = (compute(left, inputs), compute(right, inputs));
            if is_false(left) || is_false(right) {
                0.0
            } else {
                left * right
            }
        }
        Node::Either(left, right) => {
            let (left, right) = (compute(left, inputs), compute(right, inputs));
            if is_true(left) || is_true(right) {
                1.0
            } else {
                left + right
            }
        }
        Node::Choose(condition, yes, no) => {
            let condition = compute(condition, inputs);
            if condition.is_nan() {
                f64::NAN
            } else if is_true(condition) {
                compute(yes, inputs)
            } else {
                compute(no, inputs)
            }
        }
    }
}

impl Unary {
    fn of(self, value: f64) -> f64 {
        match self {
            Self::Negate => -value,
            Self::Not => 1.0 - value,
            Self::Abs => value.abs(),
            Self::Floor => value.floor(),
            Self::Ceil => value.ceil(),
            Self::Sqrt => value.sqrt(),
        }
    }
}

impl Binary {
    #[expect(
        clippy::float_cmp,
        reason = "a condition of a pack compares exactly what it says"
    )]
    fn of(self, left: f64, right: f64) -> f64 {
        // Without this a comparison with an unknown value would be false, and the lesser of it and a known one known.
        if left.is_nan() || right.is_nan() {
            return f64::NAN;
        }
        match self {
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            Self::Divide if right == 0.0 => f64::NAN,
            Self::Divide => left / right,
            Self::Min => left.min(right),
            Self::Max => left.max(right),
            Self::Less => truth(left < right),
            Self::AtMost => truth(left <= right),
            Self::More => truth(left > right),
            Self::AtLeast => truth(left >= right),
            Self::Equal => truth(left == right),
            Self::NotEqual => truth(left != right),
        }
    }
}

const fn truth(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

fn is_true(value: f64) -> bool {
    value > 0.5
}

fn is_false(value: f64) -> bool {
    value < 0.5
}
