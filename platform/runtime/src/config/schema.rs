//! Names and types of a settings tree, checked against the schema so that all faults show at once.

use serde_json::Value as Json;

use super::{Config, ConfigFault};

/// What a setting must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    Text,
    Integer,
    Number,
    Bool,
    List,
    Section,
}

impl Expected {
    fn words(self) -> &'static str {
        match self {
            Self::Text => "a text in quotes",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Bool => "true or false",
            Self::List => "a list in [ ]",
            Self::Section => "a section",
        }
    }

    fn fits(self, value: &Json) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Number => value.is_number(),
            Self::Bool => value.is_boolean(),
            Self::List => value.is_array(),
            Self::Section => value.is_object(),
        }
    }
}

pub(super) struct Schema(Json);

impl Schema {
    pub(super) fn of_config() -> Self {
        Self(Config::schema())
    }

    /// What the setting named `server.listen` must be, if there is one.
    pub(super) fn expected_at(&self, name: &str) -> Option<Expected> {
        let mut node = &self.0;
        for part in name.split('.') {
            let named = node.get("properties").and_then(|named| named.get(part));
            node = self.resolve(named.or_else(|| node.get("additionalProperties"))?);
        }
        expected(node)
    }

    /// Every unknown name and every value of the wrong kind.
    pub(super) fn faults(&self, settings: &Json) -> Vec<ConfigFault> {
        let mut faults = Vec::new();
        self.walk(&self.0, settings, "", &mut faults);
        faults
    }

    fn resolve<'s>(&'s self, node: &'s Json) -> &'s Json {
        match node
            .get("$ref")
            .and_then(Json::as_str)
            .and_then(|name| name.strip_prefix('#'))
        {
            Some(pointer) => self.0.pointer(pointer).unwrap_or(node),
            None => node,
        }
    }

    fn walk(&self, node: &Json, value: &Json, name: &str, faults: &mut Vec<ConfigFault>) {
        let node = self.resolve(node);
        if let Some(expected) = expected(node)
            && !expected.fits(value)
        {
            faults.push(ConfigFault::new(
                name,
                format!("this must be {}", expected.words()),
            ));
            return;
        }
        if node
            .get("minimum")
            .and_then(Json::as_f64)
            .zip(value.as_f64())
            .is_some_and(|(least, given)| given < least)
        {
            faults.push(ConfigFault::new(name, "this must not be negative"));
        }
        if let (Some(words), Some(given)) = (choices(node), value.as_str())
            && !words.contains(&given)
        {
            faults.push(ConfigFault::new(
                name,
                format!("this must be one of: {}", words.join(", ")),
            ));
        }
        if let (Some(items), Some(values)) = (node.get("items"), value.as_array()) {
            for (at, item) in values.iter().enumerate() {
                self.walk(items, item, &format!("{name}[{at}]"), faults);
            }
        }
        if let (Some(each), Some(given)) = (
            node.get("additionalProperties")
                .filter(|each| each.is_object()),
            value.as_object(),
        ) {
            for (key, inner) in given {
                self.walk(each, inner, &join(name, key), faults);
            }
        }
        if let (Some(properties), Some(given)) = (
            node.get("properties").and_then(Json::as_object),
            value.as_object(),
        ) {
            for (key, inner) in given {
                let full = join(name, key);
                match properties.get(key) {
                    Some(property) => self.walk(property, inner, &full, faults),
                    None => faults.push(unknown(&full, key, properties.keys())),
                }
            }
            for key in properties.keys().filter(|key| !given.contains_key(*key)) {
                faults.push(ConfigFault::new(&join(name, key), "this is missing"));
            }
        }
    }
}

fn join(name: &str, key: &str) -> String {
    if name.is_empty() {
        key.to_owned()
    } else {
        format!("{name}.{key}")
    }
}

fn expected(node: &Json) -> Option<Expected> {
    Some(match node.get("type")?.as_str()? {
        "string" => Expected::Text,
        "integer" => Expected::Integer,
        "number" => Expected::Number,
        "boolean" => Expected::Bool,
        "array" => Expected::List,
        "object" => Expected::Section,
        _ => return None,
    })
}

fn choices(node: &Json) -> Option<Vec<&str>> {
    Some(
        node.get("enum")?
            .as_array()?
            .iter()
            .filter_map(Json::as_str)
            .collect(),
    )
}

fn unknown<'k>(full: &str, key: &str, known: impl Iterator<Item = &'k String>) -> ConfigFault {
    let known: Vec<&String> = known.collect();
    let nearest = known
        .iter()
        .map(|name| (distance(key, name), name))
        .min()
        .filter(|(far, _)| *far <= 3);
    let hint = if let Some((_, name)) = nearest {
        format!("did you mean `{name}`?")
    } else {
        let names: Vec<&str> = known.iter().map(|name| name.as_str()).collect();
        format!("there are: {}", names.join(", "))
    };
    ConfigFault::new(full, "there is no such setting").with_hint(hint)
}

/// Levenshtein distance, for hints.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (line, left) in a.chars().enumerate() {
        let mut diagonal = line;
        let mut last = line + 1;
        let mut next = vec![last];
        for (right, above) in b.chars().zip(row.iter().skip(1)) {
            last = (diagonal + usize::from(left != right))
                .min(above + 1)
                .min(last + 1);
            diagonal = *above;
            next.push(last);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
