//! Functions that conditions call.

use cel::{
    IdedExpr,
    common::ast::{Expr, LiteralValue},
};

use crate::{
    diagnostic::Remark,
    duration::{Duration, HOUR},
    language::{
        names::nearest,
        read::{Reader, Reading, Term},
        tree::{Binary, Comparison, Kind, Node, Unary},
    },
    operands::{Anchor, Function, Operand},
};

/// Every function with how it is written.
const FUNCTIONS: [(&str, &str); 22] = [
    ("avg", "avg(level, \"10m\")"),
    ("min", "min(level, \"10m\") or min(a, b)"),
    ("max", "max(level, \"10m\") or max(a, b)"),
    ("sum", "sum(rain, \"1h\")"),
    (
        "count",
        "count(level, \"10m\") or count(level > 0.3, \"30m\")",
    ),
    ("rate", "rate(level, \"1h\")"),
    ("delta", "delta(level, \"1h\")"),
    ("stddev", "stddev(level, \"1h\")"),
    ("median", "median(level, \"1h\")"),
    ("first", "first(level, \"1h\")"),
    ("last", "last(level, \"1h\")"),
    ("missing", "missing(level, \"30m\")"),
    ("age", "age(level) > 600"),
    (
        "robust_z",
        "robust_z(level, \"6h\") or robust_z(level, \"6h\", 0.01)",
    ),
    (
        "seasonal_z",
        "seasonal_z(level, \"7d\") or seasonal_z(level, \"7d\", 0.01)",
    ),
    (
        "change",
        "change(level, \"1h\") or change(level, \"1h\", 0.01)",
    ),
    ("baseline", "baseline(level, \"7d\")"),
    ("abs", "abs(x)"),
    ("floor", "floor(x)"),
    ("ceil", "ceil(x)"),
    ("has", "has(level) or has(attr.guard)"),
    ("in", "state in [1, 2]"),
];

/// Days that a baseline by the hour needs at the least, and remembers at the most.
const SEASON_DAYS: std::ops::RangeInclusive<i64> = 3..=62;
/// Days beyond which single samples are many to keep.
const WINDOW_DAYS: i64 = 7;

impl Reader<'_> {
    pub(super) fn function(&mut self, expr: &IdedExpr, name: &str, args: &[IdedExpr]) -> Term {
        let is_windowed = args.get(1).is_some_and(is_text);
        match (name, args) {
            ("abs", [inner]) => self.unary(inner, Unary::Abs, Kind::Number),
            ("floor", [inner]) => self.unary(inner, Unary::Floor, Kind::Number),
            ("ceil", [inner]) => self.unary(inner, Unary::Ceil, Kind::Number),
            ("min", [_, _, ..]) if !is_windowed => self.extreme(args, Binary::Min),
            ("max", [_, _, ..]) if !is_windowed => self.extreme(args, Binary::Max),
            ("has", [inner]) => self.has(inner),
            ("age", [_]) => {
                let remark = Remark::error(
                    "rules.age",
                    "an age is compared at once and with a number or parameter",
                );
                self.note(expr, remark.hint("write age(level) > 600 (seconds)"));
                None
            }
            ("missing", [property, lapse]) if is_windowed => {
                let slot = self.slot(property);
                let lapse = self.lapse(lapse);
                let operand = self.operands.silence(slot?, lapse?);
                Some((Node::Read(operand), Kind::Truth))
            }
            ("count", [counted, lapse]) if is_windowed && !is_name(counted) => {
                self.count_of(counted, lapse)
            }
            (_, [property, lapse]) if is_windowed => self.window(expr, name, property, lapse, 0.0),
            ("robust_z" | "seasonal_z" | "change", [property, lapse, floor]) if is_windowed => {
                let floor = self.floor(floor);
                self.window(expr, name, property, lapse, floor?)
            }
            _ => self.misused(expr, name),
        }
    }

    fn extreme(&mut self, args: &[IdedExpr], binary: Binary) -> Term {
        let read: Vec<_> = args
            .iter()
            .map(|arg| self.expect(arg, Kind::Number))
            .collect();
        let node = read.into_iter().reduce(|left, right| {
            Some(Node::Binary(binary, Box::new(left?), Box::new(right?)))
        })??;
        Some((node, Kind::Number))
    }

    fn has(&mut self, inner: &IdedExpr) -> Term {
        if let (Node::Read(operand), Kind::Number) = self.read(inner)? {
            return Some((Node::Has(operand), Kind::Truth));
        }
        let message = "has asks for one property, parameter, attribute or window";
        self.note(
            inner,
            Remark::error("rules.has", message).hint("write has(level)"),
        );
        None
    }

    fn window(
        &mut self,
        expr: &IdedExpr,
        name: &str,
        property: &IdedExpr,
        lapse: &IdedExpr,
        floor: f64,
    ) -> Term {
        let function = match name {
            "avg" => Function::Average,
            "min" => Function::Least,
            "max" => Function::Most,
            "sum" => Function::Sum,
            "count" => Function::Count,
            "rate" => Function::Rate,
            "delta" => Function::Delta,
            "stddev" => Function::Deviation,
            "median" => Function::Median,
            "first" => Function::First,
            "last" => Function::Last,
            "robust_z" => Function::RobustZ(floor),
            "seasonal_z" => Function::SeasonalZ(floor),
            "change" => Function::Change(floor),
            "baseline" => Function::Baseline,
            _ => return self.misused(expr, name),
        };
        let slot = self.slot(property);
        let long = self.lapse(lapse);
        let (slot, long) = (slot?, long?);
        let days = long.as_micros() / (24 * HOUR);
        if function.anchor() == Anchor::Hours && !SEASON_DAYS.contains(&days) {
            let (least, most) = (SEASON_DAYS.start(), SEASON_DAYS.end());
            let message =
                format!("a baseline by the hour of day needs {least}d to {most}d, not {long}");
            self.note(lapse, Remark::error("rules.season", message));
            return None;
        }
        if function.anchor() != Anchor::Hours && days > WINDOW_DAYS {
            let message = format!("a window of {long} keeps every sample of that time");
            let hint = "shorten it, or use baseline, which keeps hours";
            self.note(
                lapse,
                Remark::warning("rules.long_window", message).hint(hint),
            );
        }
        let written = format!("{name}({}", self.operands.property_of(slot));
        let operand = self.operands.window(slot, long, function, &written);
        Some((Node::Read(operand), Kind::Number))
    }

    /// `count(level > 0.3, "30m")`: samples for which a condition holds.
    fn count_of(&mut self, counted: &IdedExpr, lapse: &IdedExpr) -> Term {
        if self.reading != Reading::Condition {
            return self.no_window_within(counted);
        }
        self.reading = Reading::Predicate;
        let test = self.expect(counted, Kind::Truth);
        let read = std::mem::replace(&mut self.reading, Reading::Condition);
        let lapse = self.lapse(lapse);
        let test = test?;
        let Reading::PredicateOf(slot) = read else {
            let remark = Remark::error("rules.predicate", "what is counted must name a property");
            self.note(counted, remark.hint("write count(level > 0.3, \"30m\")"));
            return None;
        };
        let predicate = self.operands.predicate(slot, test);
        let text = self.places.as_ref().map(|places| places.text_of(counted));
        let written = format!("count({}", text.unwrap_or_default());
        let operand = self
            .operands
            .window(slot, lapse?, Function::CountOf(predicate), &written);
        Some((Node::Read(operand), Kind::Number))
    }

    /// `age(level)` on one side of a comparison.
    pub(super) fn compare_age(
        &mut self,
        age: &IdedExpr,
        comparison: Comparison,
        limit: &IdedExpr,
    ) -> Term {
        let slot = match &age.expr {
            Expr::Call(call) => match call.args.as_slice() {
                [property] => self.slot(property)?,
                _ => return self.misused(age, "age"),
            },
            _ => return None,
        };
        let node = self.expect(limit, Kind::Number)?;
        let is_ordering = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        let place: Option<Operand> = match &node {
            Node::Number(value) => Some(self.operands.constant(*value)),
            Node::Read(operand) if operand.is_table() => Some(*operand),
            _ => None,
        };
        let Some(place) = place.filter(|_| is_ordering) else {
            let remark = Remark::error(
                "rules.age",
                "an age is compared by < <= > >= with a number or parameter",
            );
            self.note(limit, remark.hint("write age(level) > 600 (seconds)"));
            return None;
        };
        let age = Node::Read(self.operands.age(slot, place));
        Some((
            Node::Compare(comparison, Box::new(age), Box::new(node)),
            Kind::Truth,
        ))
    }

    /// The property that a window is of.
    fn slot(&mut self, expr: &IdedExpr) -> Option<usize> {
        let Expr::Ident(name) = &expr.expr else {
            let remark = Remark::error("rules.window_of", "a window is of one property");
            self.note(
                expr,
                remark.hint("compute with the window's result instead: avg(level, \"10m\") * 2.0"),
            );
            return None;
        };
        if self.reading != Reading::Condition {
            return self.no_window_within(expr);
        }
        if self.names.params.contains_key(name.as_str()) {
            let remark = Remark::error(
                "rules.window_of",
                format!("{name} is a parameter; a window is of a property"),
            );
            self.note(expr, remark);
            return None;
        }
        let property = self.property(expr, name)?;
        Some(self.operands.slot(property, self.names.accepts))
    }

    fn no_window_within<T>(&mut self, expr: &IdedExpr) -> Option<T> {
        let remark = Remark::error(
            "rules.predicate",
            "within a count there are no other windows",
        );
        self.note(
            expr,
            remark.hint("count(level > 0.3, \"30m\") looks at each sample by itself"),
        );
        None
    }

    fn lapse(&mut self, expr: &IdedExpr) -> Option<Duration> {
        let Expr::Literal(LiteralValue::String(text)) = &expr.expr else {
            let remark = Remark::error("rules.duration", "the length of a window is a text");
            self.note(expr, remark.hint("write \"10m\""));
            return None;
        };
        match text.inner().parse() {
            Ok(lapse) => Some(lapse),
            Err(fault) => {
                let fault: crate::duration::DurationFault = fault;
                self.note(expr, Remark::error("rules.duration", fault.to_string()));
                None
            }
        }
    }

    fn floor(&mut self, expr: &IdedExpr) -> Option<f64> {
        match self.expect(expr, Kind::Number)? {
            Node::Number(floor) if floor >= 0.0 => Some(floor),
            _ => {
                let remark = Remark::error(
                    "rules.floor",
                    "the least deviation is a plain number, 0 or more",
                );
                self.note(expr, remark);
                None
            }
        }
    }

    fn misused(&mut self, expr: &IdedExpr, name: &str) -> Term {
        if let Some((_, form)) = FUNCTIONS.iter().find(|(known, _)| *known == name) {
            let remark =
                Remark::error("rules.arguments", format!("{name} is not called like this"));
            self.note(expr, remark.hint(format!("write {form}")));
            return None;
        }
        let names = FUNCTIONS.iter().map(|(known, _)| *known);
        let hint = match nearest(name, names.clone()) {
            Some(near) => format!("{near} is meant?"),
            None => format!("there are {}", names.collect::<Vec<_>>().join(", ")),
        };
        let message = format!("there is no function {name}");
        self.note(
            expr,
            Remark::error("rules.unknown_function", message).hint(hint),
        );
        None
    }
}

pub(super) fn is_age(expr: &IdedExpr) -> bool {
    matches!(&expr.expr, Expr::Call(call) if call.func_name == "age" && call.target.is_none())
}

fn is_text(expr: &IdedExpr) -> bool {
    matches!(&expr.expr, Expr::Literal(LiteralValue::String(_)))
}

fn is_name(expr: &IdedExpr) -> bool {
    matches!(&expr.expr, Expr::Ident(_))
}
