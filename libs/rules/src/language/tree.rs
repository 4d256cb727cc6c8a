//! The typed tree that a condition is read into.

use crate::operands::Operand;

/// What a node is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Number,
    Truth,
}

impl Kind {
    pub(crate) const fn noun(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Truth => "true or false",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unary {
    Negate,
    Not,
    Abs,
    Floor,
    Ceil,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Min,
    Max,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

impl Comparison {
    /// The comparison of the sides exchanged.
    pub(crate) const fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            Self::Equal => Self::Equal,
            Self::NotEqual => Self::NotEqual,
        }
    }
}

/// A condition or a part of one. Well typed by construction: the reader makes no other.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Number(f64),
    Truth(bool),
    Read(Operand),
    Has(Operand),
    Unary(Unary, Box<Node>),
    Binary(Binary, Box<Node>, Box<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    Both(Box<Node>, Box<Node>),
    Either(Box<Node>, Box<Node>),
    Choose(Box<Node>, Box<Node>, Box<Node>),
}

impl Node {
    /// Calls with every operand that the node reads, once for each time it is written.
    pub(crate) fn operands(&self, each: &mut impl FnMut(Operand)) {
        match self {
            Self::Number(_) | Self::Truth(_) => {}
            Self::Read(operand) | Self::Has(operand) => each(*operand),
            Self::Unary(_, inner) => inner.operands(each),
            Self::Binary(_, left, right)
            | Self::Compare(_, left, right)
            | Self::Both(left, right)
            | Self::Either(left, right) => {
                left.operands(each);
                right.operands(each);
            }
            Self::Choose(condition, yes, no) => {
                condition.operands(each);
                yes.operands(each);
                no.operands(each);
            }
        }
    }
}
