//! YAML with lines: values as JSON has them, and the line of every field.

use std::collections::BTreeMap;

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use serde_json::{Map, Number, Value};

/// Deeper nesting is no pack entry.
const DEPTH_MAX: usize = 16;

/// A value with the line it begins at and the lines of everything in it, by JSON pointer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Marked {
    pub(crate) line: usize,
    pub(crate) value: Value,
    pub(crate) lines: BTreeMap<String, usize>,
}

/// What is wrong with the text itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct YamlFault {
    pub(crate) line: usize,
    pub(crate) message: String,
    pub(crate) hint: Option<&'static str>,
}

/// The one document of a file; `None` when there is nothing in it.
pub(crate) fn document(text: &str) -> Result<Option<Marked>, Vec<YamlFault>> {
    let documents = MarkedYaml::load_from_str(text).map_err(|error| {
        let message = error.info().to_owned();
        vec![YamlFault {
            line: error.marker().line(),
            message,
            hint: None,
        }]
    })?;
    if let Some(second) = documents.get(1) {
        let message = "a second document begins here".to_owned();
        let hint = Some("write one document per file, without `---` between");
        return Err(vec![YamlFault {
            line: second.span.start.line(),
            message,
            hint,
        }]);
    }
    let Some(node) = documents.first() else {
        return Ok(None);
    };
    if matches!(node.data, YamlData::Value(Scalar::Null)) {
        return Ok(None);
    }
    let mut reading = Reading::default();
    let value = reading.value(node, "", 0);
    if reading.faults.is_empty() {
        Ok(Some(Marked {
            line: node.span.start.line(),
            value,
            lines: reading.lines,
        }))
    } else {
        Err(reading.faults)
    }
}

impl Marked {
    /// The elements of a list, each with its own pointers; anything else is one element.
    pub(crate) fn into_elements(self) -> Vec<Self> {
        let Value::Array(items) = self.value else {
            return vec![self];
        };
        let mut elements: Vec<Self> = items
            .into_iter()
            .map(|value| Self {
                line: self.line,
                value,
                lines: BTreeMap::new(),
            })
            .collect();
        for (pointer, line) in self.lines {
            let inner = pointer.get(1..).unwrap_or_default();
            let (index, rest) = inner.split_at(inner.find('/').unwrap_or(inner.len()));
            let Some(element) = index
                .parse()
                .ok()
                .and_then(|index: usize| elements.get_mut(index))
            else {
                continue;
            };
            if rest.is_empty() {
                element.line = line;
            } else {
                element.lines.insert(rest.to_owned(), line);
            }
        }
        elements
    }
}

#[derive(Default)]
struct Reading {
    lines: BTreeMap<String, usize>,
    faults: Vec<YamlFault>,
}

impl Reading {
    fn fault(&mut self, node: &MarkedYaml<'_>, message: &str, hint: Option<&'static str>) -> Value {
        self.faults.push(YamlFault {
            line: node.span.start.line(),
            message: message.to_owned(),
            hint,
        });
        Value::Null
    }

    fn value(&mut self, node: &MarkedYaml<'_>, pointer: &str, depth: usize) -> Value {
        if depth > DEPTH_MAX {
            return self.fault(node, "nested too deeply", None);
        }
        match &node.data {
            YamlData::Value(scalar) => scalar_value(scalar),
            YamlData::Sequence(items) => {
                let items = items.iter().enumerate().map(|(index, item)| {
                    let pointer = format!("{pointer}/{index}");
                    self.lines.insert(pointer.clone(), item.span.start.line());
                    self.value(item, &pointer, depth + 1)
                });
                Value::Array(items.collect())
            }
            YamlData::Mapping(fields) => {
                let mut map = Map::new();
                for (key, item) in fields {
                    let YamlData::Value(Scalar::String(name)) = &key.data else {
                        self.fault(
                            key,
                            "a field's name must be text",
                            Some("write it in quotes"),
                        );
                        continue;
                    };
                    let pointer = format!("{pointer}/{}", escaped(name));
                    self.lines.insert(pointer.clone(), key.span.start.line());
                    map.insert(
                        name.clone().into_owned(),
                        self.value(item, &pointer, depth + 1),
                    );
                }
                Value::Object(map)
            }
            YamlData::Tagged(..) => self.fault(
                node,
                "tags (`!…`) are not used in packs",
                Some("leave the tag out"),
            ),
            YamlData::Representation(..) | YamlData::Alias(_) | YamlData::BadValue => {
                self.fault(node, "the value cannot be read", None)
            }
        }
    }
}

/// `~` and `/` have a meaning in pointers.
pub(crate) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn scalar_value(scalar: &Scalar<'_>) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(flag) => Value::Bool(*flag),
        Scalar::Integer(number) => Value::Number((*number).into()),
        Scalar::FloatingPoint(number) => {
            Number::from_f64(**number).map_or(Value::Null, Value::Number)
        }
        Scalar::String(text) => Value::String(text.clone().into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_knows_its_line() {
        let text = "# a note\n- code: a\n  name:\n    zh: 甲\n- { code: b,\n    n: 1.5 }\n";
        let elements = document(text).unwrap().unwrap().into_elements();
        let [first, second] = elements.as_slice() else {
            panic!("two elements")
        };
        assert_eq!((first.line, second.line), (2, 5));
        assert_eq!(
            first.value,
            serde_json::json!({"code": "a", "name": {"zh": "甲"}})
        );
        assert_eq!(first.lines.get("/name/zh"), Some(&4));
        assert_eq!(second.lines.get("/n"), Some(&6));
    }

    #[test]
    fn faults_of_the_text_are_told_with_their_line() {
        let check = |text: &str, lines: &[usize]| {
            let faults = document(text).err().unwrap_or_default();
            assert_eq!(
                faults.iter().map(|fault| fault.line).collect::<Vec<_>>(),
                lines,
                "{text}"
            );
        };
        check("", &[]);
        check("# only a note\n", &[]);
        check("a: 1\na: 2\n", &[2]);
        check("a: [1, 2\nb: 3\n", &[2]);
        check("1: a\n2: b\n", &[1, 2]);
        check("a: !x b\n", &[1]);
        check("a: 1\n---\nb: 2\n", &[3]);
        check(&format!("{}{}", "[".repeat(40), "]".repeat(40)), &[1]);
        check(
            &format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
            &[1],
        );
    }
}
