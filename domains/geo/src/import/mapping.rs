//! Which column of a file is which fact of a feature.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use yiwang_geofiles::Record;

use super::ImportQuery;
use crate::feature::CreateFeature;
use crate::layer::{AttributeKind, LayerEntry};
use crate::shape::geojson_of;

/// Usual names of columns, in small letters.
const CODES: [&str; 7] = [
    "code",
    "编码",
    "部件编码",
    "标识码",
    "部件标识码",
    "objcode",
    "bjbm",
];
const NAMES: [&str; 4] = ["name", "名称", "部件名称", "objname"];
const KINDS: [&str; 4] = ["kind", "类型", "小类", "小类代码"];
const STATES: [&str; 4] = ["state", "状态", "部件状态", "objstate"];
const ORGS: [&str; 4] = ["org", "单位", "单位代码", "所属单位"];

/// What is known of the columns of one file.
pub(crate) struct Mapping<'a> {
    query: &'a ImportQuery,
    layer: &'a LayerEntry,
    left_out: BTreeSet<String>,
}

impl<'a> Mapping<'a> {
    pub(crate) fn new(query: &'a ImportQuery, layer: &'a LayerEntry) -> Self {
        Self {
            query,
            layer,
            left_out: BTreeSet::new(),
        }
    }

    /// Columns that no fact of the layer was found for.
    pub(crate) fn left_out(self) -> Vec<String> {
        self.left_out.into_iter().collect()
    }

    /// The feature that a record describes.
    pub(crate) fn feature(&mut self, record: &Record) -> CreateFeature {
        let query = self.query;
        let mut feature = CreateFeature {
            code: None,
            name: None,
            kind: None,
            state: None,
            org: query.owner.clone(),
            area: None,
            secrecy: 1,
            geometry: geojson_of(&record.geometry),
            attributes: Map::new(),
        };
        for (column, value) in &record.attributes {
            let lower = column.trim().to_lowercase();
            let is = |asked: &Option<String>, usual: &[&str]| match asked {
                Some(asked) => asked == column,
                None => usual.contains(&lower.as_str()),
            };
            if is(&query.code, &CODES) {
                feature.code = text(value);
            } else if is(&query.name, &NAMES) {
                feature.name = text(value);
            } else if is(&query.kind, &KINDS) {
                feature.kind = text(value);
            } else if is(&query.state, &STATES) {
                feature.state = text(value).map(|state| self.state(state));
            } else if is(&query.org, &ORGS) {
                feature.org = text(value).or(feature.org);
            } else {
                self.attribute(column, &lower, value, &mut feature.attributes);
            }
        }
        if feature.code.is_none() {
            feature.code = record
                .id
                .clone()
                .filter(|_| query.code.as_deref() == Some("id"));
        }
        feature
    }

    /// A state by its code or by its name.
    fn state(&self, state: String) -> String {
        let named = self.layer.states.iter();
        let named = named.into_iter().find(|known| {
            known.name.zh == state || known.name.en.as_deref() == Some(state.as_str())
        });
        named.map_or(state, |known| known.code.clone())
    }

    fn attribute(
        &mut self,
        column: &str,
        lower: &str,
        value: &Value,
        into: &mut Map<String, Value>,
    ) {
        let found = self.layer.attributes.iter().find(|attribute| {
            attribute.code == lower
                || attribute.name.zh == column
                || attribute.name.en.as_deref() == Some(column)
        });
        let Some(attribute) = found else {
            self.left_out.insert(column.to_owned());
            return;
        };
        let read = match (attribute.kind, value) {
            (_, Value::Null) => return,
            (_, Value::String(text)) if text.trim().is_empty() => return,
            (AttributeKind::Number, Value::String(text)) => {
                let number = text.trim().parse::<f64>().ok();
                number.map_or_else(|| value.clone(), Value::from)
            }
            (AttributeKind::Flag, Value::String(text)) => match text.trim() {
                "1" | "true" | "是" => Value::Bool(true),
                "0" | "false" | "否" => Value::Bool(false),
                _ => value.clone(),
            },
            (AttributeKind::Text | AttributeKind::Date, Value::Number(number)) => {
                Value::String(number.to_string())
            }
            _ => value.clone(),
        };
        into.insert(attribute.code.clone(), read);
    }
}

/// A cell as a text; nothing where it is empty.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use geo::Point;
    use serde_json::json;

    use super::*;

    #[test]
    fn columns_are_found_by_their_usual_names() {
        let layer: LayerEntry = serde_json::from_value(json!({
            "code": "component", "name": { "zh": "部件" }, "geometry": "point",
            "states": [{ "code": "intact", "name": { "zh": "完好" } }],
            "attributes": [{ "code": "keeper", "name": { "zh": "养护单位" } },
                { "code": "depth", "name": { "zh": "井深" }, "kind": "number" }],
        }))
        .unwrap();
        let query = ImportQuery {
            owner: Some("cgj".to_owned()),
            ..ImportQuery::default()
        };
        let mut mapping = Mapping::new(&query, &layer);
        let cells = json!({ "标识码": "3202810103000001", "状态": "完好", "养护单位": "市政一所",
            "井深": "2.5", "名称": "", "调查员": "甲" });
        let record = Record {
            number: 1,
            id: None,
            geometry: Point::new(120.28, 31.91).into(),
            attributes: cells.as_object().cloned().unwrap(),
        };
        let feature = mapping.feature(&record);
        assert_eq!(feature.code.as_deref(), Some("3202810103000001"));
        assert_eq!(feature.state.as_deref(), Some("intact"));
        assert_eq!((feature.name, feature.org.as_deref()), (None, Some("cgj")));
        assert_eq!(
            Value::Object(feature.attributes),
            json!({ "keeper": "市政一所", "depth": 2.5 })
        );
        assert_eq!(mapping.left_out(), ["调查员"]);
    }
}
