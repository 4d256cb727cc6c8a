//! From a text to CEL's tree, with the places of its nodes. What the parser cannot bear is refused before it.

use cel::{
    Env, IdedExpr, ParseError,
    common::ast::{Expr, SourceInfo},
};

use crate::diagnostic::{Place, Remark};

/// Characters of one condition.
const CHARACTERS_MAX: usize = 2_000;
/// Brackets within brackets. The parser needs so much stack for each that without optimisation ten of them end a
/// thread of 2 MiB; with it a hundred do not.
const NESTING_MAX: usize = 16;
/// Choices, each of which the parser nests.
const CHOICES_MAX: usize = 16;

/// Where the nodes of a text stand.
#[derive(Debug)]
pub(crate) struct Places {
    info: SourceInfo,
}

/// Parses one condition; otherwise says everything that keeps it from being one.
pub(crate) fn parse(text: &str) -> Result<(IdedExpr, Places), Vec<Remark>> {
    if let Some(remark) = unbearable(text) {
        return Err(vec![remark]);
    }
    // Without CEL's macros `has(level)` is read as it is written.
    let parser = Env::default().with_optional_support(false).parser();
    match parser.parse_with_source_info(text) {
        Ok((tree, info)) => Ok((tree, Places { info })),
        Err(faults) => Err(syntax(&faults.errors)),
    }
}

fn unbearable(text: &str) -> Option<Remark> {
    if text.trim().is_empty() {
        let remark = Remark::error("rules.empty_condition", "the condition is empty");
        return Some(remark.hint("write for example level > 0.3"));
    }
    if text.chars().count() > CHARACTERS_MAX {
        let message = format!("the condition is longer than {CHARACTERS_MAX} characters");
        return Some(
            Remark::error("rules.long_condition", message).hint("make several rules of it"),
        );
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
    let message = if deepest > NESTING_MAX {
        format!("brackets are nested {deepest} deep; {NESTING_MAX} are allowed")
    } else if choices > CHOICES_MAX {
        format!("there are {choices} choices with ?; {CHOICES_MAX} are allowed")
    } else {
        return None;
    };
    Some(Remark::error("rules.deep_condition", message).hint("make several rules of it"))
}

/// The parser's faults in our words. Characters that follow each other are one fault, and where there are such that
/// no condition has, what else is said only follows from them.
fn syntax(faults: &[ParseError]) -> Vec<Remark> {
    let is_foreign = |fault: &ParseError| fault.msg.contains("token recognition error");
    let has_foreign = faults.iter().any(is_foreign);
    let mut remarks: Vec<Remark> = Vec::new();
    let mut last: Option<(isize, isize)> = None;
    for fault in faults
        .iter()
        .filter(|fault| !has_foreign || is_foreign(fault))
    {
        let (line, column) = fault.pos;
        let is_unknown_character = is_foreign(fault);
        let follows = last == Some((line, column - 1));
        last = is_unknown_character.then_some((line, column));
        if is_unknown_character && follows {
            if let Some(place) = remarks.last_mut().and_then(|remark| remark.place.as_mut()) {
                place.length += 1;
            }
            continue;
        }
        let place = Place {
            line: u32::try_from(line).unwrap_or(1).max(1),
            column: u32::try_from(column).unwrap_or(1).max(1),
            length: 1,
        };
        remarks.push(in_words(&fault.msg, is_unknown_character).at(Some(place)));
    }
    remarks
}

fn in_words(said: &str, is_unknown_character: bool) -> Remark {
    let quoted = said.split('\'').nth(1).unwrap_or_default();
    if is_unknown_character {
        let remark = Remark::error("rules.syntax", "this cannot stand in a condition");
        return remark.hint("names are Latin letters, digits and _; operators are + - * / < <= > >= == != && || ! ? : in");
    }
    if quoted == "<EOF>" {
        let remark = Remark::error("rules.syntax", "the condition ends too early");
        return remark
            .hint("something is missing after its last character, or a bracket is not closed");
    }
    if said.contains("input '") {
        let remark = Remark::error("rules.syntax", format!("{quoted} cannot stand here"));
        return remark
            .hint("an operator, a bracket or a comma is missing before it, or it is one too many");
    }
    Remark::error("rules.syntax", said.trim_start_matches("Syntax error: "))
}

impl Places {
    /// The stretch that a node and everything in it covers.
    pub(crate) fn of(&self, node: &IdedExpr) -> Option<Place> {
        let mut span: Option<(u32, u32)> = None;
        self.widen(node, &mut span);
        let (start, stop) = span?;
        let (mut line, mut column) = (1, 1);
        for character in self.info.source.chars().take(start as usize) {
            if character == '\n' {
                (line, column) = (line + 1, 1);
            } else {
                column += 1;
            }
        }
        Some(Place {
            line,
            column,
            length: stop.saturating_sub(start) + 1,
        })
    }

    /// What is written there.
    pub(crate) fn text_of(&self, node: &IdedExpr) -> String {
        let mut span = None;
        self.widen(node, &mut span);
        let (start, stop) = span.unwrap_or((0, 0));
        let length = stop.saturating_sub(start) + 1;
        self.info
            .source
            .chars()
            .skip(start as usize)
            .take(length as usize)
            .collect()
    }

    fn widen(&self, node: &IdedExpr, span: &mut Option<(u32, u32)>) {
        if let Some((start, stop)) = self.info.offset_for(node.id) {
            // The place of a call is its bracket; its name stands before it.
            let name = match &node.expr {
                Expr::Call(call) if is_named(&call.func_name) && call.target.is_none() => {
                    call.func_name.chars().count() as u32
                }
                _ => 0,
            };
            // That of a selection is its dot; what is selected stands behind it.
            let field = match &node.expr {
                Expr::Select(select) => select.field.chars().count() as u32,
                _ => 0,
            };
            let (start, stop) = (start.saturating_sub(name), stop + field);
            *span = Some(span.map_or((start, stop), |(from, to)| (from.min(start), to.max(stop))));
        }
        for child in children(node) {
            self.widen(child, span);
        }
    }
}

/// Whether a function is called by a name, and not an operator.
pub(crate) fn is_named(function: &str) -> bool {
    function.starts_with(|first: char| first.is_ascii_alphabetic())
}

fn children(node: &IdedExpr) -> Vec<&IdedExpr> {
    match &node.expr {
        Expr::Call(call) => call
            .target
            .iter()
            .map(Box::as_ref)
            .chain(&call.args)
            .collect(),
        Expr::Select(select) => vec![&select.operand],
        Expr::List(list) => list.elements.iter().collect(),
        _ => Vec::new(),
    }
}
