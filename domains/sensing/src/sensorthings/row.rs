//! Entities as expressions see them: a path goes through properties and through relations.

use serde_json::Value as Json;
use yiwang_kernel::from_micros;
use yiwang_odata::{Row, Value};

use super::Reader;
use super::entity::{Entity, Kind};
use super::property::{placed_at, result_time};

/// An entity with what it takes to look around from it.
pub(super) struct Seen<'a> {
    pub reader: &'a Reader<'a>,
    pub entity: &'a Entity,
}

impl Row for Seen<'_> {
    fn values(&self, path: &[String]) -> Result<Vec<Value>, String> {
        let Some((first, rest)) = path.split_first() else {
            return Ok(Vec::new());
        };
        let kind = self.entity.kind();
        if let Some(relation) = kind.relation(first) {
            if relation.kind == Kind::Observation {
                return Err("observations are not looked into from here; ask \
                            Observations?$filter=result gt 5 and Datastream/Thing/name eq '…'"
                    .to_owned());
            }
            if rest.is_empty() {
                return Err(format!(
                    "{first} is a relation; name a property of it: {first}/name"
                ));
            }
            let mut values = Vec::new();
            for entity in self.reader.related(self.entity, relation) {
                let seen = Seen {
                    reader: self.reader,
                    entity: &entity,
                };
                values.extend(seen.values(rest)?);
            }
            return Ok(values);
        }
        if first == "id" && rest.is_empty() {
            return Ok(vec![Value::Text(self.entity.id())]);
        }
        if !kind.properties().contains(&first.as_str()) {
            let names = kind.properties().join(", ");
            return Err(format!(
                "{} have no property {first}; there are id, {names}",
                kind.set()
            ));
        }
        if rest.is_empty()
            && let Some(time) = self.time(first)
        {
            return Ok(vec![time]);
        }
        let json = self.entity.property(first);
        Ok(vec![Value::of_json(within(&json, rest))])
    }
}

impl Seen<'_> {
    /// Times are times, not the texts they are shown as.
    fn time(&self, name: &str) -> Option<Value> {
        let at = match (self.entity, name) {
            (Entity::Observation(_, sample), "phenomenonTime") => from_micros(sample.time),
            (Entity::Observation(_, sample), "resultTime") => result_time(sample),
            (Entity::HistoricalLocation(binding), "time") => placed_at(&binding.device),
            _ => return None,
        };
        Some(Value::instant(at))
    }
}

/// A part of a document; a number is a place in a list.
fn within<'a>(json: &'a Json, path: &[String]) -> &'a Json {
    path.iter().fold(json, |json, name| match json {
        Json::Array(list) => name
            .parse()
            .ok()
            .and_then(|at: usize| list.get(at))
            .unwrap_or(&Json::Null),
        json => json.get(name).unwrap_or(&Json::Null),
    })
}
