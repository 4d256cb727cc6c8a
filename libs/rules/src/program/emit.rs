//! From a tree to steps.

use crate::{
    language::{Binary, Node, Unary},
    operands::{Operand, Operands},
    program::{STACK_MAX, Step, Test},
};

/// Collects the steps of all conditions of a set.
#[derive(Debug, Default)]
pub(crate) struct Emitter {
    pub(crate) steps: Vec<Step>,
    depth: usize,
    deepest: usize,
}

impl Emitter {
    /// Makes a condition ready; nothing when it holds too many values at once.
    pub(crate) fn test(&mut self, node: &Node, operands: &mut Operands) -> Option<Test> {
        if let Node::Compare(comparison, left, right) = node
            && let (Some(left), Some(right)) = (plain(left, operands), plain(right, operands))
        {
            return Some(Test::Compare(*comparison, left, right));
        }
        let from = self.steps.len();
        (self.depth, self.deepest) = (0, 0);
        self.emit(node, operands);
        if self.deepest > STACK_MAX {
            self.steps.truncate(from);
            return None;
        }
        Some(Test::Steps {
            from: from as u32,
            to: self.steps.len() as u32,
        })
    }

    fn emit(&mut self, node: &Node, operands: &mut Operands) {
        match node {
            Node::Number(_) | Node::Read(_) => {
                if let Some(operand) = plain(node, operands) {
                    self.push(Step::Read(operand));
                }
            }
            Node::Truth(truth) => {
                let operand = operands.constant(f64::from(*truth));
                self.push(Step::Read(operand));
            }
            Node::Has(operand) => self.push(Step::Has(*operand)),
            Node::Unary(unary, inner) => {
                self.emit(inner, operands);
                self.steps.push(match unary {
                    Unary::Negate => Step::Negate,
                    Unary::Not => Step::Not,
                    Unary::Abs => Step::Abs,
                    Unary::Floor => Step::Floor,
                    Unary::Ceil => Step::Ceil,
                });
            }
            Node::Binary(binary, left, right) => {
                self.emit(left, operands);
                self.emit(right, operands);
                self.fold(match binary {
                    Binary::Add => Step::Add,
                    Binary::Subtract => Step::Subtract,
                    Binary::Multiply => Step::Multiply,
                    Binary::Divide => Step::Divide,
                    Binary::Min => Step::Min,
                    Binary::Max => Step::Max,
                });
            }
            Node::Compare(comparison, left, right) => {
                let sides = (plain(left, operands), plain(right, operands));
                if let (Some(left), Some(right)) = sides {
                    self.push(Step::CompareTwo(*comparison, left, right));
                    return;
                }
                self.emit(left, operands);
                self.emit(right, operands);
                self.fold(Step::Compare(*comparison));
            }
            Node::Both(left, right) => {
                self.join(left, right, operands, Step::LeapIfFalse, Step::Both);
            }
            Node::Either(left, right) => {
                self.join(left, right, operands, Step::LeapIfTrue, Step::Either);
            }
            Node::Choose(condition, yes, no) => self.choose(condition, yes, no, operands),
        }
    }

    fn join(
        &mut self,
        left: &Node,
        right: &Node,
        operands: &mut Operands,
        leap: fn(u16) -> Step,
        fold: Step,
    ) {
        self.emit(left, operands);
        let at = self.steps.len();
        self.steps.push(leap(0));
        self.emit(right, operands);
        self.fold(fold);
        self.set(at, leap(self.since(at)));
    }

    fn choose(&mut self, condition: &Node, yes: &Node, no: &Node, operands: &mut Operands) {
        self.emit(condition, operands);
        self.depth -= 1;
        let choose = self.steps.len();
        self.steps.push(Step::Choose(0, 0));
        self.emit(yes, operands);
        self.depth -= 1;
        let leap = self.steps.len();
        self.steps.push(Step::Leap(0));
        let to_no = self.since(choose);
        self.emit(no, operands);
        self.set(leap, Step::Leap(self.since(leap)));
        self.set(choose, Step::Choose(to_no, self.since(choose)));
    }

    /// Steps that follow one.
    fn since(&self, at: usize) -> u16 {
        (self.steps.len() - at - 1) as u16
    }

    fn set(&mut self, at: usize, step: Step) {
        if let Some(place) = self.steps.get_mut(at) {
            *place = step;
        }
    }

    fn push(&mut self, step: Step) {
        self.steps.push(step);
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
    }

    fn fold(&mut self, step: Step) {
        self.steps.push(step);
        self.depth -= 1;
    }
}

/// The place of a node that is one place.
fn plain(node: &Node, operands: &mut Operands) -> Option<Operand> {
    match node {
        Node::Read(operand) => Some(*operand),
        Node::Number(value) => Some(operands.constant(*value)),
        _ => None,
    }
}
