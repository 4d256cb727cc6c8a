//! Expressions of `$filter` and `$orderby`, as trees.

mod function;
mod lexer;
mod parse;

use crate::value::Value;

pub use function::Function;

/// Nodes of one expression.
pub const EXPRESSION_NODES_MAX: usize = 500;
/// Expressions within one another.
pub const NESTING_MAX: usize = 40;

/// An expression, with where it stood in its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    pub position: usize,
    pub node: Node,
}

/// What an expression does.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    Literal(Value),
    /// `Datastream/Thing/name`, `properties/owner`, `@iot.id` being `id`.
    Path(Vec<String>),
    Not(Box<Expression>),
    Minus(Box<Expression>),
    Binary(Operator, Box<Expression>, Box<Expression>),
    Call(Function, Vec<Expression>),
}

/// What stands between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Or,
    And,
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
    Add,
    Sub,
    Mul,
    Div,
    Mod,
}

impl Operator {
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "or" => Self::Or,
            "and" => Self::And,
            "eq" => Self::Eq,
            "ne" => Self::Ne,
            "gt" => Self::Gt,
            "ge" => Self::Ge,
            "lt" => Self::Lt,
            "le" => Self::Le,
            "add" => Self::Add,
            "sub" => Self::Sub,
            "mul" => Self::Mul,
            "div" => Self::Div,
            "mod" => Self::Mod,
            _ => return None,
        })
    }

    /// The higher binds the closer.
    pub(crate) fn rank(self) -> u8 {
        match self {
            Self::Or => 0,
            Self::And => 1,
            Self::Eq | Self::Ne => 2,
            Self::Gt | Self::Ge | Self::Lt | Self::Le => 3,
            Self::Add | Self::Sub => 4,
            Self::Mul | Self::Div | Self::Mod => 5,
        }
    }
}

impl Expression {
    pub(crate) fn new(position: usize, node: Node) -> Self {
        Self { position, node }
    }

    /// Every path in it.
    pub fn paths(&self) -> Vec<&[String]> {
        let mut found = Vec::new();
        self.visit(&mut |each| {
            if let Node::Path(path) = &each.node {
                found.push(path.as_slice());
            }
        });
        found
    }

    /// The parts that must all hold: what stands between the outermost `and`s.
    pub fn conjuncts(&self) -> Vec<&Self> {
        match &self.node {
            Node::Binary(Operator::And, a, b) => {
                let mut all = a.conjuncts();
                all.extend(b.conjuncts());
                all
            }
            _ => vec![self],
        }
    }

    fn visit<'a>(&'a self, look: &mut impl FnMut(&'a Self)) {
        look(self);
        match &self.node {
            Node::Literal(_) | Node::Path(_) => {}
            Node::Not(a) | Node::Minus(a) => a.visit(look),
            Node::Binary(_, a, b) => {
                a.visit(look);
                b.visit(look);
            }
            Node::Call(_, arguments) => arguments.iter().for_each(|each| each.visit(look)),
        }
    }
}
