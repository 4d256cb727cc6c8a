//! One rule, read: its conditions as trees over places.

use crate::{
    compile::{Findings, fields},
    duration::Duration,
    language::{Comparison, Node, Reader, RuleNames},
    operands::{Entry, Operands},
    rule_set::Settings,
    spec::{Bound, Level, Param, Rule, Severity, Until},
};

/// A rule whose conditions have been read.
#[derive(Debug)]
pub(crate) struct Draft {
    /// The least severe first.
    pub(crate) levels: Vec<DraftLevel>,
    pub(crate) clear: Option<DraftUntil>,
}

#[derive(Debug)]
pub(crate) struct DraftLevel {
    pub(crate) severity: Severity,
    pub(crate) written: String,
    pub(crate) when: Node,
    pub(crate) lasting: Option<Duration>,
    pub(crate) until: Option<DraftUntil>,
}

/// With no condition, the negation of what began.
#[derive(Debug)]
pub(crate) struct DraftUntil {
    pub(crate) written: Option<String>,
    pub(crate) when: Option<Node>,
    pub(crate) lasting: Option<Duration>,
}

impl Draft {
    /// Reads a rule; nothing, and at least one error, when it cannot be compiled.
    pub(crate) fn read(
        rule: &Rule,
        operands: &mut Operands,
        settings: &Settings,
        found: &mut Findings,
    ) -> Option<Self> {
        fields::check(rule, found);
        let mut names = names_of(rule, operands, settings, found);
        let levels: Vec<_> = rule
            .levels
            .iter()
            .enumerate()
            .map(|(position, level)| read_level(position, level, operands, &mut names, found))
            .collect();
        let clear = rule
            .clear
            .as_ref()
            .map(|clear| read_until("/clear", clear, operands, &mut names, found));
        if levels.iter().all(Option::is_some) && clear.as_ref().is_none_or(Option::is_some) {
            unused(rule, &names, found);
        }
        if found.has_error() {
            return None;
        }
        let mut levels = levels.into_iter().collect::<Option<Vec<_>>>()?;
        levels.sort_by_key(|level| level.severity);
        Some(Self {
            levels,
            clear: clear.flatten(),
        })
    }
}

fn names_of(
    rule: &Rule,
    operands: &mut Operands,
    settings: &Settings,
    found: &mut Findings,
) -> RuleNames {
    let mut names = RuleNames {
        accepts: rule.accepts,
        ..RuleNames::default()
    };
    for (index, code) in rule.uses.iter().enumerate() {
        let properties = &operands.profile.properties;
        if let Some(property) = properties
            .iter()
            .position(|property| property.code == *code)
        {
            names.properties.insert(code.clone(), property);
            continue;
        }
        let pointer = format!("/uses/{index}");
        let message = format!("objects of this kind have no property {code}");
        let codes = properties.iter().map(|property| property.code.as_str());
        let hint = match crate::language::nearest(code, codes.clone()) {
            Some(near) => format!("{near} is meant?"),
            None => format!("there are {}", codes.collect::<Vec<_>>().join(", ")),
        };
        found
            .error(&pointer, "rules.unknown_property", message)
            .hint(hint);
    }
    // One that has the name of a property is a fault already.
    for (name, param) in rule
        .params
        .iter()
        .filter(|(name, _)| !rule.uses.contains(name))
    {
        let entry = match param {
            Param::Fixed(value) => Entry::Constant(*value),
            Param::Dated(dated) => Entry::Dated(fields::spans(dated, settings.utc_offset_minutes)),
        };
        names
            .params
            .insert(name.clone(), operands.param(name, entry));
    }
    names
}

fn read_level(
    position: usize,
    level: &Level,
    operands: &mut Operands,
    names: &mut RuleNames,
    found: &mut Findings,
) -> Option<DraftLevel> {
    let (when, mut written) = match (&level.when, level.missing) {
        (Some(text), None) => {
            let pointer = format!("/levels/{position}/when");
            (
                condition(&pointer, text, operands, names, found),
                text.clone(),
            )
        }
        (None, Some(lapse)) => (silence(lapse, operands, names), format!("missing {lapse}")),
        // What `fields` has said already.
        _ => (None, String::new()),
    };
    let until = level.until.as_ref().map(|until| {
        let pointer = format!("/levels/{position}/until");
        read_until(&pointer, until, operands, names, found)
    });
    if let Some(lasting) = level.lasting {
        written = format!("{written} for {lasting}");
    }
    Some(DraftLevel {
        severity: level.severity,
        written,
        when: when?,
        lasting: level.lasting,
        until: match until {
            Some(until) => Some(until?),
            None => None,
        },
    })
}

fn condition(
    pointer: &str,
    text: &str,
    operands: &mut Operands,
    names: &mut RuleNames,
    found: &mut Findings,
) -> Option<Node> {
    let mut reader = Reader::new(operands, names);
    let node = reader.condition(text);
    for remark in reader.remarks {
        found.remark(pointer, remark);
    }
    node
}

/// None of the rule's properties has been heard of.
fn silence(lapse: Duration, operands: &mut Operands, names: &mut RuleNames) -> Option<Node> {
    let properties: Vec<usize> = names.properties.values().copied().collect();
    names.properties_used.extend(&properties);
    let silent = properties.into_iter().map(|property| {
        let slot = operands.slot(property, names.accepts);
        Node::Read(operands.silence(slot, lapse))
    });
    silent.reduce(|left, right| Node::Both(Box::new(left), Box::new(right)))
}

fn read_until(
    pointer: &str,
    until: &Until,
    operands: &mut Operands,
    names: &mut RuleNames,
    found: &mut Findings,
) -> Option<DraftUntil> {
    let (when, mut written) = match (&until.when, &until.below, &until.above) {
        (None, None, None) => (None, None),
        (Some(text), _, _) => {
            let pointer = format!("{pointer}/when");
            let node = condition(&pointer, text, operands, names, found)?;
            (Some(node), Some(text.clone()))
        }
        (None, Some(bound), _) => {
            let (node, text) = beyond(pointer, until, bound, false, operands, names, found)?;
            (Some(node), Some(text))
        }
        (None, None, Some(bound)) => {
            let (node, text) = beyond(pointer, until, bound, true, operands, names, found)?;
            (Some(node), Some(text))
        }
    };
    if let (Some(text), Some(lasting)) = (&mut written, until.lasting) {
        *text = format!("{text} for {lasting}");
    }
    Some(DraftUntil {
        written,
        when,
        lasting: until.lasting,
    })
}

/// `{below: slow, by: 0.03}` as the condition that it stands for.
fn beyond(
    pointer: &str,
    until: &Until,
    bound: &Bound,
    is_above: bool,
    operands: &mut Operands,
    names: &mut RuleNames,
    found: &mut Findings,
) -> Option<(Node, String)> {
    let property = match (
        &until.of,
        names.properties.keys().collect::<Vec<_>>().as_slice(),
    ) {
        (Some(property), _) => property.clone(),
        (None, [only]) => (*only).clone(),
        (None, _) => {
            let message = "below and above do not say which of the rule's properties is meant";
            found
                .error(pointer, "rules.which_property", message)
                .hint("add of: and the property");
            return None;
        }
    };
    let text = |bound: &Bound| match bound {
        Bound::Number(value) => value.to_string(),
        Bound::Param(name) => name.clone(),
    };
    let sign = if is_above { '>' } else { '<' };
    let mut written = format!("{property} {sign} {}", text(bound));
    let side = if is_above { "above" } else { "below" };
    let mut node = limit(&format!("{pointer}/{side}"), bound, names, found)?;
    if let Some(by) = &until.by {
        written = format!(
            "{written} {} {}",
            if is_above { '+' } else { '-' },
            text(by)
        );
        let by = limit(&format!("{pointer}/by"), by, names, found)?;
        let binary = if is_above {
            crate::language::Binary::Add
        } else {
            crate::language::Binary::Subtract
        };
        node = Node::Binary(binary, Box::new(node), Box::new(by));
    }
    let Some(index) = names.properties.get(&property).copied() else {
        let message = format!("{property} is not listed in uses");
        found.error(&format!("{pointer}/of"), "rules.unlisted_property", message);
        return None;
    };
    names.properties_used.push(index);
    let slot = operands.slot(index, names.accepts);
    let value = Node::Read(operands.value(slot));
    let comparison = if is_above {
        Comparison::Greater
    } else {
        Comparison::Less
    };
    let node = Node::Compare(comparison, Box::new(value), Box::new(node));
    Some((node, written))
}

fn limit(
    pointer: &str,
    bound: &Bound,
    names: &mut RuleNames,
    found: &mut Findings,
) -> Option<Node> {
    let name = match bound {
        Bound::Number(value) => return Some(Node::Number(*value)),
        Bound::Param(name) => name,
    };
    if let Some(operand) = names.params.get(name) {
        names.params_used.push(name.clone());
        return Some(Node::Read(*operand));
    }
    let candidates = names.params.keys().map(String::as_str);
    let near = crate::language::nearest(name, candidates).map(|near| format!("{near} is meant?"));
    let hint = near.unwrap_or_else(|| "add it to params".into());
    found
        .error(
            pointer,
            "rules.unknown_name",
            format!("there is no parameter {name}"),
        )
        .hint(hint);
    None
}

fn unused(rule: &Rule, names: &RuleNames, found: &mut Findings) {
    for name in names
        .params
        .keys()
        .filter(|name| !names.params_used.contains(name))
    {
        let remark = crate::diagnostic::Remark::warning(
            "rules.unused_param",
            format!("no condition uses the parameter {name}"),
        );
        let pointer = format!("/params/{name}");
        found.remark(&pointer, remark.hint("use it or take it away"));
    }
    for (index, code) in rule.uses.iter().enumerate() {
        let property = names.properties.get(code);
        if property.is_some_and(|property| !names.properties_used.contains(property)) {
            let remark = crate::diagnostic::Remark::warning(
                "rules.unused_property",
                format!("no condition uses {code}"),
            );
            found.remark(&format!("/uses/{index}"), remark.hint("take it away"));
        }
    }
}
