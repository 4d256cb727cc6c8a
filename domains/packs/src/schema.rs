//! An entry against the JSON Schema of its section: unknown fields, missing ones, wrong kinds, unknown words.
//!
//! The part of JSON Schema that our types make. Ranges of meaning (dates, patterns, references) are left to
//! the domains, which know better words for them.

use serde_json::{Map, Value};
use yiwang_contracts::{Diagnostic, SectionEntry};

use crate::load::escaped;
use crate::nearest::nearest;

/// Everything in which the entry differs from the schema.
pub(crate) fn check(entry: &SectionEntry, schema: &Value) -> Vec<Diagnostic> {
    let findings = Walk { root: schema }.findings(schema, &entry.value, "");
    findings
        .into_iter()
        .map(|found| {
            entry.error(
                &found.pointer,
                found.code,
                found.message,
                found.hint.as_deref(),
            )
        })
        .collect()
}

struct Finding {
    pointer: String,
    code: &'static str,
    message: String,
    hint: Option<String>,
}

#[derive(Clone, Copy)]
struct Walk<'a> {
    root: &'a Value,
}

impl<'a> Walk<'a> {
    fn findings(self, schema: &'a Value, value: &Value, pointer: &str) -> Vec<Finding> {
        let Value::Object(schema) = schema else {
            return Vec::new();
        };
        if let Some(target) = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|path| self.resolve(path))
        {
            return self.findings(target, value, pointer);
        }
        for word in ["anyOf", "oneOf"] {
            if let Some(Value::Array(choices)) = schema.get(word) {
                return self.one_of(choices, value, pointer);
            }
        }
        if let Some(found) =
            wrong_kind(schema, value, pointer).or_else(|| unknown_word(schema, value, pointer))
        {
            return vec![found];
        }
        let mut found: Vec<Finding> = out_of_range(schema, value, pointer).into_iter().collect();
        if let Some(Value::Array(parts)) = schema.get("allOf") {
            found.extend(
                parts
                    .iter()
                    .flat_map(|part| self.findings(part, value, pointer)),
            );
        }
        match value {
            Value::Object(fields) => found.extend(self.fields(schema, fields, pointer)),
            Value::Array(items) => {
                if let Some(each) = schema.get("items") {
                    let items = items.iter().enumerate();
                    found.extend(items.flat_map(|(at, item)| {
                        self.findings(each, item, &format!("{pointer}/{at}"))
                    }));
                }
            }
            _ => {}
        }
        found
    }

    fn resolve(self, path: &str) -> Option<&'a Value> {
        self.root.pointer(path.strip_prefix('#')?)
    }

    /// One choice must fit; when none does, the faults of the one that was most likely meant are told.
    fn one_of(self, choices: &'a [Value], value: &Value, pointer: &str) -> Vec<Finding> {
        let mut tried: Vec<Vec<Finding>> = choices
            .iter()
            .map(|choice| self.findings(choice, value, pointer))
            .collect();
        if tried.iter().any(Vec::is_empty) {
            return Vec::new();
        }
        let is_kind = |found: &[Finding]| {
            found
                .iter()
                .any(|one| one.code == KIND && one.pointer == pointer)
        };
        if tried.iter().all(|found| is_kind(found)) {
            let kinds = choices.iter().flat_map(|choice| self.kinds(choice));
            return vec![kind_finding(&kinds.collect::<Vec<_>>(), value, pointer)];
        }
        tried.retain(|found| !is_kind(found));
        if tried.iter().all(|found| {
            found
                .iter()
                .all(|one| one.code == WORD && one.pointer == pointer)
        }) {
            let words: Vec<&str> = choices
                .iter()
                .flat_map(|choice| self.words(choice))
                .collect();
            return vec![word_finding(&words, value, pointer)];
        }
        tried.into_iter().min_by_key(Vec::len).unwrap_or_default()
    }

    fn kinds(self, schema: &'a Value) -> Vec<&'a str> {
        match schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|path| self.resolve(path))
        {
            Some(target) => self.kinds(target),
            None => schema.as_object().map(kinds_of).unwrap_or_default(),
        }
    }

    fn words(self, schema: &'a Value) -> Vec<&'a str> {
        if let Some(target) = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|path| self.resolve(path))
        {
            return self.words(target);
        }
        let choices = ["anyOf", "oneOf"]
            .iter()
            .filter_map(|word| schema.get(word)?.as_array())
            .flatten();
        words_of(schema)
            .into_iter()
            .chain(choices.flat_map(|choice| self.words(choice)))
            .collect()
    }

    fn fields(
        self,
        schema: &'a Map<String, Value>,
        fields: &Map<String, Value>,
        pointer: &str,
    ) -> Vec<Finding> {
        let known = schema.get("properties").and_then(Value::as_object);
        let others = schema.get("additionalProperties");
        let mut found: Vec<Finding> = missing(schema, fields, pointer).collect();
        for (name, value) in fields {
            let pointer = format!("{pointer}/{}", escaped(name));
            if let Some(field) = known.and_then(|known| known.get(name)) {
                found.extend(self.findings(field, value, &pointer));
            } else if others == Some(&Value::Bool(false)) {
                let names = known.into_iter().flat_map(Map::keys).map(String::as_str);
                found.push(unknown_field(name, names, pointer));
            } else if let Some(each) = others {
                found.extend(self.findings(each, value, &pointer));
            }
        }
        found
    }
}

const KIND: &str = "pack.wrong_kind";
const WORD: &str = "pack.unknown_word";

fn missing<'a>(
    schema: &'a Map<String, Value>,
    fields: &'a Map<String, Value>,
    pointer: &'a str,
) -> impl Iterator<Item = Finding> + 'a {
    let required = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    required
        .filter(|name| !fields.contains_key(*name))
        .map(|name| Finding {
            pointer: pointer.to_owned(),
            code: "pack.missing_field",
            message: format!("field `{name}` is missing"),
            hint: None,
        })
}

fn unknown_field<'a>(name: &str, known: impl Iterator<Item = &'a str>, pointer: String) -> Finding {
    let known: Vec<&str> = known.collect();
    let hint = match nearest(name, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("known are {}", known.join(", ")),
    };
    Finding {
        pointer,
        code: "pack.unknown_field",
        message: format!("there is no field `{name}`"),
        hint: Some(hint),
    }
}

fn kinds_of(schema: &Map<String, Value>) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn is_kind(kind: &str, value: &Value) -> bool {
    match kind {
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        other => kind_of(value) == other,
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn wrong_kind(schema: &Map<String, Value>, value: &Value, pointer: &str) -> Option<Finding> {
    let kinds = kinds_of(schema);
    let fits = kinds.is_empty() || kinds.iter().any(|kind| is_kind(kind, value));
    (!fits).then(|| kind_finding(&kinds, value, pointer))
}

fn kind_finding(kinds: &[&str], value: &Value, pointer: &str) -> Finding {
    let words: Vec<&str> = kinds
        .iter()
        .filter(|kind| **kind != "null")
        .map(|kind| kind_word(kind))
        .collect();
    let quotes = kinds.contains(&"string") && (value.is_number() || value.is_boolean());
    Finding {
        pointer: pointer.to_owned(),
        code: KIND,
        message: format!(
            "expected {}, found {}",
            words.join(" or "),
            kind_word(kind_of(value))
        ),
        hint: quotes.then(|| format!("write it in quotes: \"{value}\"")),
    }
}

fn kind_word(kind: &str) -> &str {
    match kind {
        "null" => "nothing",
        "boolean" => "true or false",
        "integer" => "a whole number",
        "number" => "a number",
        "string" => "a text",
        "array" => "a list",
        "object" => "a group of fields",
        other => other,
    }
}

fn words_of(schema: &Value) -> Vec<&str> {
    let constant = schema.get("const").and_then(Value::as_str);
    let words = schema
        .get("enum")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    words.chain(constant).collect()
}

fn unknown_word(schema: &Map<String, Value>, value: &Value, pointer: &str) -> Option<Finding> {
    let known = schema.get("enum").and_then(Value::as_array);
    let is_constant = schema.get("const").is_none_or(|constant| constant == value);
    if is_constant && known.is_none_or(|known| known.contains(value)) {
        return None;
    }
    let constant = schema.get("const").and_then(Value::as_str);
    let words = known
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .chain(constant);
    Some(word_finding(&words.collect::<Vec<_>>(), value, pointer))
}

fn word_finding(known: &[&str], value: &Value, pointer: &str) -> Finding {
    let word = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    let hint = match nearest(&word, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("known are {}", known.join(", ")),
    };
    let message = format!("`{word}` is not known here");
    Finding {
        pointer: pointer.to_owned(),
        code: WORD,
        message,
        hint: Some(hint),
    }
}

fn out_of_range(schema: &Map<String, Value>, value: &Value, pointer: &str) -> Option<Finding> {
    let number = value.as_f64()?;
    let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
    let (least, most) = (bound("minimum"), bound("maximum"));
    if least.is_none_or(|least| number >= least) && most.is_none_or(|most| number <= most) {
        return None;
    }
    let message = match (least, most) {
        (Some(least), Some(most)) => format!("{value} is not within {least} to {most}"),
        (Some(least), None) => format!("{value} is less than {least}"),
        (_, most) => format!("{value} is more than {}", most.unwrap_or_default()),
    };
    Some(Finding {
        pointer: pointer.to_owned(),
        code: "pack.out_of_range",
        message,
        hint: None,
    })
}
