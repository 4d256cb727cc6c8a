//! From a text to a tree: names become slots, kinds are checked, all faults are found at once.

use cel::{
    Env, IdedExpr,
    common::ast::{CallExpr, Expr, LiteralValue, operators},
};

use super::{Binary, Expression, ExpressionFault, Node, Unary};
use crate::Duration;

/// Characters of one expression.
const CHARACTERS_MAX: usize = 2_000;
/// Brackets within brackets, and choices: the parser needs stack for each.
const NESTING_MAX: usize = 16;
const CHOICES_MAX: usize = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Truth,
}

/// A node and its kind; nothing where a fault has been noted already.
type Term = Option<(Node, Kind)>;

struct Reader<'a> {
    names: &'a [String],
    with_history: usize,
    uses: Vec<bool>,
    reads_prior: bool,
    faults: Vec<ExpressionFault>,
}

pub(super) fn read(
    text: &str,
    names: &[String],
    with_history: usize,
) -> Result<Expression, Vec<ExpressionFault>> {
    if let Some(fault) = unbearable(text) {
        return Err(vec![fault]);
    }
    // Without CEL's macros `has(a01)` is read as it is written.
    let parser = Env::default().with_optional_support(false).parser();
    let tree = match parser.parse_with_source_info(text) {
        Ok((tree, _)) => tree,
        Err(faults) => return Err(faults.errors.iter().map(syntax).collect()),
    };
    let mut reader = Reader {
        names,
        with_history,
        uses: vec![false; names.len()],
        reads_prior: false,
        faults: Vec::new(),
    };
    let node = reader.expect(&tree, Kind::Number);
    match node {
        Some(node) if reader.faults.is_empty() => Ok(Expression {
            node,
            names: names.to_vec(),
            uses: reader.uses,
            reads_prior: reader.reads_prior,
        }),
        _ => Err(reader.faults),
    }
}

fn fault(kind: &'static str, message: impl Into<String>) -> ExpressionFault {
    ExpressionFault {
        kind,
        message: message.into(),
    }
}

fn syntax(said: &cel::ParseError) -> ExpressionFault {
    let (line, column) = said.pos;
    let what = said.msg.trim_start_matches("Syntax error: ");
    fault(
        "vitals.expression.syntax",
        format!("line {line}, column {column}: {what}; write for example a01 - prior(a01, \"1h\")"),
    )
}

fn unbearable(text: &str) -> Option<ExpressionFault> {
    if text.trim().is_empty() {
        let message = "the expression is empty; write for example 100.0 * closed / due";
        return Some(fault("vitals.expression.empty", message));
    }
    let (mut depth, mut deepest, mut choices) = (0_usize, 0, 0);
    for character in text.chars() {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '?' => choices += 1,
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    let is_long = text.chars().count() > CHARACTERS_MAX;
    (is_long || deepest > NESTING_MAX || choices > CHOICES_MAX).then(|| {
        let message = format!(
            "an expression has at most {CHARACTERS_MAX} characters, {NESTING_MAX} nested brackets and {CHOICES_MAX} choices; make several indicators of it"
        );
        fault("vitals.expression.too_large", message)
    })
}

impl Reader<'_> {
    fn note(&mut self, kind: &'static str, message: impl Into<String>) -> Option<Node> {
        self.faults.push(fault(kind, message));
        None
    }

    fn expect(&mut self, expr: &IdedExpr, wanted: Kind) -> Option<Node> {
        let (node, kind) = self.term(expr)?;
        if kind == wanted {
            return Some(node);
        }
        let message = match wanted {
            Kind::Number => "here must stand a number, not true or false",
            Kind::Truth => "here must stand a condition, not a number; compare it",
        };
        self.note("vitals.expression.kind", message)
    }

    fn term(&mut self, expr: &IdedExpr) -> Term {
        match &expr.expr {
            Expr::Literal(literal) => self.literal(literal),
            Expr::Ident(name) => {
                let slot = self.slot(name)?;
                Some((Node::Value(slot), Kind::Number))
            }
            Expr::Call(call) if call.target.is_none() => self.call(call),
            _ => {
                let message = "this part of CEL is not for derived values; use numbers, names, + - * /, comparisons and ? :";
                self.note("vitals.expression.unsupported", message)?;
                None
            }
        }
    }

    fn literal(&mut self, literal: &LiteralValue) -> Term {
        match literal {
            LiteralValue::Double(value) => Some((Node::Number(**value), Kind::Number)),
            LiteralValue::Int(value) => Some((Node::Number(**value as f64), Kind::Number)),
            LiteralValue::UInt(value) => Some((Node::Number(**value as f64), Kind::Number)),
            LiteralValue::Boolean(value) => {
                Some((Node::Number(super::truth(**value)), Kind::Truth))
            }
            _ => {
                let message = "a text stands only as the length of time of prior(a01, \"1h\")";
                self.note("vitals.expression.unsupported", message)?;
                None
            }
        }
    }

    fn slot(&mut self, name: &str) -> Option<usize> {
        let found = self.names.iter().position(|known| known == name);
        if let Some(used) = found.and_then(|slot| self.uses.get_mut(slot)) {
            *used = true;
        } else {
            let known = self.names.join(", ");
            let message = format!(
                "{name} is neither in `uses`, written in small letters, nor a fact; there are: {known}"
            );
            self.note("vitals.expression.unknown_name", message);
        }
        found
    }

    fn call(&mut self, call: &CallExpr) -> Term {
        let function = call.func_name.as_str();
        match (function, call.args.as_slice()) {
            (operators::LOGICAL_AND, [left, right]) => self.join(left, right, Node::Both),
            (operators::LOGICAL_OR, [left, right]) => self.join(left, right, Node::Either),
            (operators::LOGICAL_NOT, [inner]) => {
                let inner = self.expect(inner, Kind::Truth)?;
                Some((Node::Unary(Unary::Not, Box::new(inner)), Kind::Truth))
            }
            (operators::CONDITIONAL, [condition, yes, no]) => {
                let condition = self.expect(condition, Kind::Truth);
                let yes = self.expect(yes, Kind::Number);
                let no = self.expect(no, Kind::Number);
                let node = Node::Choose(Box::new(condition?), Box::new(yes?), Box::new(no?));
                Some((node, Kind::Number))
            }
            ("has", [inner]) => {
                let Expr::Ident(name) = &inner.expr else {
                    self.note("vitals.expression.has", "has is asked of a name: has(a01)")?;
                    return None;
                };
                let slot = self.slot(name)?;
                Some((Node::Has(slot), Kind::Truth))
            }
            ("prior", [of, back]) => self.prior(of, back),
            (_, [inner]) => self.unary(function, inner),
            (_, [left, right]) => self.binary(function, left, right),
            _ => self.unknown_function(function),
        }
    }

    fn unary(&mut self, function: &str, inner: &IdedExpr) -> Term {
        let unary = match function {
            operators::NEGATE => Unary::Negate,
            "abs" => Unary::Abs,
            "floor" => Unary::Floor,
            "ceil" => Unary::Ceil,
            "sqrt" => Unary::Sqrt,
            _ => return self.unknown_function(function),
        };
        let inner = self.expect(inner, Kind::Number)?;
        Some((Node::Unary(unary, Box::new(inner)), Kind::Number))
    }

    fn binary(&mut self, function: &str, left: &IdedExpr, right: &IdedExpr) -> Term {
        let (binary, kind) = match function {
            operators::ADD => (Binary::Add, Kind::Number),
            operators::SUBSTRACT => (Binary::Subtract, Kind::Number),
            operators::MULTIPLY => (Binary::Multiply, Kind::Number),
            operators::DIVIDE => (Binary::Divide, Kind::Number),
            "min" => (Binary::Min, Kind::Number),
            "max" => (Binary::Max, Kind::Number),
            operators::LESS => (Binary::Less, Kind::Truth),
            operators::LESS_EQUALS => (Binary::AtMost, Kind::Truth),
            operators::GREATER => (Binary::More, Kind::Truth),
            operators::GREATER_EQUALS => (Binary::AtLeast, Kind::Truth),
            operators::EQUALS => (Binary::Equal, Kind::Truth),
            operators::NOT_EQUALS => (Binary::NotEqual, Kind::Truth),
            _ => return self.unknown_function(function),
        };
        let left = self.expect(left, Kind::Number);
        let right = self.expect(right, Kind::Number);
        Some((
            Node::Binary(binary, Box::new(left?), Box::new(right?)),
            kind,
        ))
    }

    fn join(
        &mut self,
        left: &IdedExpr,
        right: &IdedExpr,
        of: fn(Box<Node>, Box<Node>) -> Node,
    ) -> Term {
        let left = self.expect(left, Kind::Truth);
        let right = self.expect(right, Kind::Truth);
        Some((of(Box::new(left?), Box::new(right?)), Kind::Truth))
    }

    fn prior(&mut self, of: &IdedExpr, back: &IdedExpr) -> Term {
        let form = "prior takes a code and a length of time: prior(a01, \"1h\")";
        let Expr::Ident(name) = &of.expr else {
            self.note("vitals.expression.prior", form)?;
            return None;
        };
        let Expr::Literal(LiteralValue::String(text)) = &back.expr else {
            self.note("vitals.expression.prior", form)?;
            return None;
        };
        let slot = self.slot(name)?;
        if slot >= self.with_history {
            let message = format!("{name} is a fact: only indicators in `uses` have a history");
            self.note("vitals.expression.prior", message)?;
        }
        match text.inner().parse::<Duration>() {
            Ok(back) => {
                self.reads_prior = true;
                Some((Node::Prior(slot, back.as_micros()), Kind::Number))
            }
            Err(wrong) => {
                self.note("vitals.expression.prior", wrong.to_string())?;
                None
            }
        }
    }

    fn unknown_function(&mut self, function: &str) -> Term {
        let name = function.trim_matches('_');
        let message = format!(
            "there is no {name}; there are + - * /, comparisons, && || ! ? :, abs floor ceil sqrt min max has prior"
        );
        self.note("vitals.expression.unknown_function", message)?;
        None
    }
}
