//! From CEL's tree to ours: names become places, kinds are checked, and all faults are found at once.

use std::collections::BTreeMap;

use cel::{
    IdedExpr,
    common::ast::{CallExpr, Expr, LiteralValue, operators},
};

use crate::{
    diagnostic::Remark,
    language::{
        calls::is_age,
        names::nearest,
        parse::{self, Places},
        range,
        tree::{Binary, Comparison, Kind, Node, Unary},
    },
    operands::{Operand, Operands},
    spec::Accepts,
};

/// Values of a list after `in`.
const LIST_MAX: usize = 32;

/// The names of one rule, and which of them its conditions have used.
#[derive(Debug, Default)]
pub(crate) struct RuleNames {
    pub(crate) accepts: Accepts,
    /// The properties listed in `uses`, by code.
    pub(crate) properties: BTreeMap<String, usize>,
    pub(crate) params: BTreeMap<String, Operand>,
    pub(crate) properties_used: Vec<usize>,
    pub(crate) params_used: Vec<String>,
}

/// A node and its kind; nothing where a fault has been noted already.
pub(crate) type Term = Option<(Node, Kind)>;

/// What is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    Condition,
    /// What a count is of: there a property's name means the sample that is looked at.
    Predicate,
    /// The same, after it has named a slot.
    PredicateOf(usize),
}

/// Reads the conditions of one rule.
pub(crate) struct Reader<'a> {
    pub(crate) operands: &'a mut Operands,
    pub(crate) names: &'a mut RuleNames,
    pub(crate) remarks: Vec<Remark>,
    pub(super) places: Option<Places>,
    pub(super) reading: Reading,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(operands: &'a mut Operands, names: &'a mut RuleNames) -> Self {
        Self {
            operands,
            names,
            remarks: Vec::new(),
            places: None,
            reading: Reading::Condition,
        }
    }

    /// A condition, or nothing and why in the remarks.
    pub(crate) fn condition(&mut self, text: &str) -> Option<Node> {
        let tree = match parse::parse(text) {
            Ok((tree, places)) => {
                self.places = Some(places);
                tree
            }
            Err(remarks) => {
                self.remarks.extend(remarks);
                return None;
            }
        };
        let (node, kind) = self.read(&tree)?;
        if kind == Kind::Truth {
            return Some(node);
        }
        let remark = Remark::error(
            "rules.not_a_condition",
            "the condition is a number, not true or false",
        );
        self.note(&tree, remark.hint("compare it: level > 0.3"));
        None
    }

    pub(super) fn note(&mut self, at: &IdedExpr, remark: Remark) {
        let place = self.places.as_ref().and_then(|places| places.of(at));
        self.remarks.push(remark.at(place));
    }

    pub(super) fn read(&mut self, expr: &IdedExpr) -> Term {
        match &expr.expr {
            Expr::Literal(literal) => self.literal(expr, literal),
            Expr::Ident(name) => self.name(expr, name),
            Expr::Select(_) => self.attribute(expr).map(|node| (node, Kind::Number)),
            Expr::Call(call) => self.call(expr, call),
            Expr::List(_) => {
                let remark = Remark::error("rules.list", "a list stands only after in");
                self.note(expr, remark.hint("write state in [1, 2]"));
                None
            }
            _ => {
                self.note(
                    expr,
                    Remark::error(
                        "rules.unsupported",
                        "this part of CEL is not for conditions",
                    ),
                );
                None
            }
        }
    }

    fn literal(&mut self, expr: &IdedExpr, literal: &LiteralValue) -> Term {
        match literal {
            LiteralValue::Boolean(value) => Some((Node::Truth(**value), Kind::Truth)),
            LiteralValue::Double(value) => Some((Node::Number(**value), Kind::Number)),
            LiteralValue::Int(value) => Some((Node::Number(**value as f64), Kind::Number)),
            LiteralValue::UInt(value) => Some((Node::Number(**value as f64), Kind::Number)),
            LiteralValue::String(_) => {
                let remark =
                    Remark::error("rules.text", "a text stands only as the length of a window");
                self.note(expr, remark.hint("write avg(level, \"10m\")"));
                None
            }
            LiteralValue::Bytes(_) | LiteralValue::Null => {
                self.note(
                    expr,
                    Remark::error(
                        "rules.unsupported",
                        "conditions know numbers, true and false only",
                    ),
                );
                None
            }
        }
    }

    fn name(&mut self, expr: &IdedExpr, name: &str) -> Term {
        if let Some(operand) = self.names.params.get(name) {
            self.names.params_used.push(name.into());
            return Some((Node::Read(*operand), Kind::Number));
        }
        let property = self.property(expr, name)?;
        let slot = self.operands.slot(property, self.names.accepts);
        match self.reading {
            Reading::Condition => {}
            Reading::PredicateOf(other) if other != slot => {
                let message = "samples of one property are counted at a time";
                let hint = "give the other condition a count of its own and join them with &&";
                self.note(expr, Remark::error("rules.predicate", message).hint(hint));
                return None;
            }
            _ => self.reading = Reading::PredicateOf(slot),
        }
        Some((Node::Read(self.operands.value(slot)), Kind::Number))
    }

    /// The property of a name, if the rule may read it.
    pub(super) fn property(&mut self, expr: &IdedExpr, name: &str) -> Option<usize> {
        if let Some(property) = self.names.properties.get(name) {
            self.names.properties_used.push(*property);
            return Some(*property);
        }
        let known = |property: &crate::profile::Property| property.code == name;
        if self.operands.profile.properties.iter().any(known) {
            let remark = Remark::error(
                "rules.unlisted_property",
                format!("{name} is not listed in uses"),
            );
            self.note(expr, remark.hint(format!("add {name} to uses")));
            return None;
        }
        let properties = self.operands.profile.properties.iter();
        let candidates = properties.map(|property| property.code.as_str());
        let candidates = candidates.chain(self.names.params.keys().map(String::as_str));
        let hint = match nearest(name, candidates.clone()) {
            Some(near) => format!("{near} is meant?"),
            None => format!("there are {}", candidates.collect::<Vec<_>>().join(", ")),
        };
        let message = format!("{name} is neither a property nor a parameter");
        self.note(
            expr,
            Remark::error("rules.unknown_name", message).hint(hint),
        );
        None
    }

    pub(super) fn attribute(&mut self, expr: &IdedExpr) -> Option<Node> {
        let field = match &expr.expr {
            Expr::Select(select) => match &select.operand.expr {
                Expr::Ident(name) if name == "attr" => &select.field,
                _ => {
                    let remark = Remark::error("rules.dot", "only attributes have a dot");
                    self.note(expr, remark.hint("write attr.guard"));
                    return None;
                }
            },
            _ => return None,
        };
        let attributes = &self.operands.profile.attributes;
        if let Some(attribute) = attributes.iter().position(|attribute| attribute == field) {
            return Some(Node::Read(self.operands.attribute(attribute)));
        }
        let hint = match nearest(field, attributes.iter().map(String::as_str)) {
            Some(near) => format!("attr.{near} is meant?"),
            None if attributes.is_empty() => "objects of this kind have none".into(),
            None => format!("there are {}", attributes.join(", ")),
        };
        let message = format!("objects have no attribute {field}");
        self.note(
            expr,
            Remark::error("rules.unknown_attribute", message).hint(hint),
        );
        None
    }

    fn call(&mut self, expr: &IdedExpr, call: &CallExpr) -> Term {
        let function = call.func_name.as_str();
        if call.target.is_some() {
            let remark = Remark::error(
                "rules.method",
                format!("{function} is not called with a dot"),
            );
            self.note(
                expr,
                remark.hint(format!("write {function}(level, \"10m\")")),
            );
            return None;
        }
        match (function, call.args.as_slice()) {
            (operators::LOGICAL_AND, [left, right]) => self.join(left, right, Node::Both),
            (operators::LOGICAL_OR, [left, right]) => self.join(left, right, Node::Either),
            (operators::LOGICAL_NOT, [inner]) => self.unary(inner, Unary::Not, Kind::Truth),
            (operators::NEGATE, [inner]) => self.unary(inner, Unary::Negate, Kind::Number),
            (operators::ADD, [left, right]) => self.binary(left, right, Binary::Add),
            (operators::SUBSTRACT, [left, right]) => self.binary(left, right, Binary::Subtract),
            (operators::MULTIPLY, [left, right]) => self.binary(left, right, Binary::Multiply),
            (operators::DIVIDE, [left, right]) => self.binary(left, right, Binary::Divide),
            (operators::CONDITIONAL, [condition, yes, no]) => self.choose(condition, yes, no),
            (operators::IN, [item, list]) => self.within(item, list),
            (_, [left, right]) if comparison(function).is_some() => {
                self.compare(expr, comparison(function)?, left, right)
            }
            _ if parse::is_named(function) => self.function(expr, function, &call.args),
            _ => {
                let sign = function.trim_matches('_');
                let remark =
                    Remark::error("rules.unsupported", format!("{sign} is not for conditions"));
                self.note(
                    expr,
                    remark.hint("operators are + - * / < <= > >= == != && || ! ? : in"),
                );
                None
            }
        }
    }

    /// Reads an operand that must be of a kind.
    pub(super) fn expect(&mut self, expr: &IdedExpr, wanted: Kind) -> Option<Node> {
        let (node, kind) = self.read(expr)?;
        if kind == wanted {
            return Some(node);
        }
        let message = format!("here must stand {}, not {}", wanted.noun(), kind.noun());
        self.note(expr, Remark::error("rules.kind", message));
        None
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

    pub(super) fn unary(&mut self, inner: &IdedExpr, unary: Unary, kind: Kind) -> Term {
        let node = match (unary, self.expect(inner, kind)?) {
            (Unary::Negate, Node::Number(value)) => Node::Number(-value),
            (unary, inner) => Node::Unary(unary, Box::new(inner)),
        };
        Some((node, kind))
    }

    fn binary(&mut self, left: &IdedExpr, right: &IdedExpr, binary: Binary) -> Term {
        let left = self.expect(left, Kind::Number);
        let right = self.expect(right, Kind::Number);
        let node = Node::Binary(binary, Box::new(left?), Box::new(right?));
        Some((node, Kind::Number))
    }

    fn choose(&mut self, condition: &IdedExpr, yes: &IdedExpr, no: &IdedExpr) -> Term {
        let condition = self.expect(condition, Kind::Truth);
        let yes = self.read(yes);
        let wanted = yes.as_ref().map(|(_, kind)| *kind);
        let no = match wanted {
            Some(kind) => self.expect(no, kind),
            None => self.read(no).map(|(node, _)| node),
        };
        let (yes, kind) = yes?;
        let node = Node::Choose(Box::new(condition?), Box::new(yes), Box::new(no?));
        Some((node, kind))
    }

    fn within(&mut self, item: &IdedExpr, list: &IdedExpr) -> Term {
        let item = self.expect(item, Kind::Number);
        let elements = match &list.expr {
            Expr::List(list) if (1..=LIST_MAX).contains(&list.elements.len()) => &list.elements,
            _ => {
                let message = format!("after in stands a list of 1 to {LIST_MAX} numbers");
                self.note(
                    list,
                    Remark::error("rules.list", message).hint("write state in [1, 2]"),
                );
                return None;
            }
        };
        let read: Vec<_> = elements
            .iter()
            .map(|element| self.expect(element, Kind::Number))
            .collect();
        let item = item?;
        let mut tests = read.into_iter().map(|element| {
            let element = Box::new(element?);
            Some(Node::Compare(
                Comparison::Equal,
                Box::new(item.clone()),
                element,
            ))
        });
        let first = tests.next()??;
        let node = tests.try_fold(first, |node, test| {
            Some(Node::Either(Box::new(node), Box::new(test?)))
        })?;
        Some((node, Kind::Truth))
    }

    fn compare(
        &mut self,
        expr: &IdedExpr,
        comparison: Comparison,
        left: &IdedExpr,
        right: &IdedExpr,
    ) -> Term {
        if is_age(left) {
            return self.compare_age(left, comparison, right);
        }
        if is_age(right) {
            return self.compare_age(right, comparison.mirrored(), left);
        }
        let left = self.read(left);
        let wanted = left.as_ref().map(|(_, kind)| *kind);
        let right = match wanted {
            Some(kind) => self.expect(right, kind),
            None => self.read(right).map(|(node, _)| node),
        };
        let ((left, kind), right) = (left?, right?);
        let is_ordering = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        if kind == Kind::Truth && is_ordering {
            let remark = Remark::error("rules.kind", "true and false have no order");
            self.note(expr, remark.hint("compare them with == or !="));
            return None;
        }
        let ranges = (
            range::of(&left, self.operands),
            range::of(&right, self.operands),
        );
        if kind == Kind::Number
            && let Some(is_true) = range::foregone(comparison, ranges.0, ranges.1)
        {
            let always = if is_true { "always" } else { "never" };
            let remark = Remark::warning(
                "rules.foregone",
                format!("this comparison is {always} true"),
            );
            let range::Range { low, high } = ranges.0;
            self.note(
                expr,
                remark.hint(format!("its left side lies between {low} and {high}")),
            );
        }
        Some((
            Node::Compare(comparison, Box::new(left), Box::new(right)),
            Kind::Truth,
        ))
    }
}

fn comparison(function: &str) -> Option<Comparison> {
    Some(match function {
        operators::LESS => Comparison::Less,
        operators::LESS_EQUALS => Comparison::LessOrEqual,
        operators::GREATER => Comparison::Greater,
        operators::GREATER_EQUALS => Comparison::GreaterOrEqual,
        operators::EQUALS => Comparison::Equal,
        operators::NOT_EQUALS => Comparison::NotEqual,
        _ => return None,
    })
}
