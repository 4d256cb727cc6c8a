//! Entities as JSON: selected, with links, with what is expanded; and lists of them.

use futures::future::BoxFuture;
use serde_json::{Map, Value, json};
use yiwang_contracts::Span;
use yiwang_kernel::from_micros;
use yiwang_odata::{Query, evaluate};

use super::Reader;
use super::entity::{Entity, Kind, Stream};
use super::fault::{Answer, StaFault};
use super::find::Source;
use super::page::{next_link, top_of_entities};
use super::row::Seen;

/// Entities looked at without a pause.
const LOOKED_AT_ONCE: usize = 1_024;

/// A page of a list.
pub(super) struct Listed {
    pub entities: Vec<Entity>,
    pub count: Option<u64>,
    pub next: Option<String>,
}

impl Reader<'_> {
    /// The page of a source that a query asks for; `path` is where the list is.
    pub(super) async fn list(&self, source: &Source, query: &Query, path: &str) -> Answer<Listed> {
        check(source.kind(), query)?;
        if source.kind() == Kind::Observation {
            let observed = self.observed_page(source, query).await?;
            let next = observed
                .next
                .map(|(name, place)| next_link(self.base, path, query, (name, &place)));
            return Ok(Listed {
                entities: observed.entities,
                count: observed.count,
                next,
            });
        }
        if query.skip_token.is_some() {
            return Err(StaFault::bad(
                "query",
                "$skiptoken belongs to observations; use $skip",
            ));
        }
        let (skip, top) = (query.skip.unwrap_or(0) as usize, top_of_entities(query));
        let mut found = Vec::new();
        let must_see_all = query.count == Some(true) || !query.order.is_empty();
        let enough = if must_see_all {
            usize::MAX
        } else {
            skip + top + 1
        };
        for (looked_at, entity) in self.each(source).enumerate() {
            if looked_at % LOOKED_AT_ONCE == LOOKED_AT_ONCE - 1 {
                // A list over a large city must not hold up whoever else is on this thread.
                tokio::task::yield_now().await;
            }
            if let Some(filter) = &query.filter
                && !self.holds_for(filter, &entity)?
            {
                continue;
            }
            found.push(entity);
            if found.len() >= enough {
                break;
            }
        }
        let count = (query.count == Some(true)).then_some(found.len() as u64);
        let mut found = self.in_order(found, query)?;
        let is_more = found.len() > skip + top;
        let next = is_more.then(|| {
            let place = (skip + top).to_string();
            next_link(self.base, path, query, ("$skip", &place))
        });
        let entities = found.drain(skip.min(found.len())..).take(top).collect();
        Ok(Listed {
            entities,
            count,
            next,
        })
    }

    /// Sorted as the query says; those that are the same stay as they were.
    pub(super) fn in_order(&self, entities: Vec<Entity>, query: &Query) -> Answer<Vec<Entity>> {
        if query.order.is_empty() {
            return Ok(entities);
        }
        let mut keyed = Vec::with_capacity(entities.len());
        for entity in entities {
            let mut keys = Vec::with_capacity(query.order.len());
            for order in &query.order {
                let seen = Seen {
                    reader: self,
                    entity: &entity,
                };
                let values =
                    evaluate(&order.expression, &seen, self.now).map_err(|mut fault| {
                        "$orderby".clone_into(&mut fault.option);
                        StaFault::from(fault)
                    })?;
                keys.push(
                    values
                        .into_iter()
                        .next()
                        .unwrap_or(yiwang_odata::Value::Null),
                );
            }
            keyed.push((keys, entity));
        }
        keyed.sort_by(|(a, _), (b, _)| {
            let mut pairs = a.iter().zip(b).zip(&query.order);
            let order = pairs.find_map(|((a, b), order)| {
                // What is not there comes first, and last where it goes down.
                let nulls = b.is_null().cmp(&a.is_null());
                let known =
                    nulls.then(yiwang_odata::compare(a, b).unwrap_or(std::cmp::Ordering::Equal));
                let turned = if order.descending {
                    known.reverse()
                } else {
                    known
                };
                Some(turned).filter(|order| order.is_ne())
            });
            order.unwrap_or(std::cmp::Ordering::Equal)
        });
        Ok(keyed.into_iter().map(|(_, entity)| entity).collect())
    }

    /// One entity as JSON. `whole`: with what has to be asked of the history.
    pub(super) fn shown<'s>(
        &'s self,
        entity: &'s Entity,
        query: &'s Query,
        whole: bool,
    ) -> BoxFuture<'s, Answer<Value>> {
        Box::pin(async move {
            self.spent.show()?;
            let kind = entity.kind();
            check(kind, query)?;
            let mut body = self.selected(entity, query);
            if let Entity::Datastream(stream) = entity {
                self.add_times(stream, query, whole, &mut body).await?;
            }
            for expand in &query.expand {
                let Some(relation) = kind.relation(&expand.name) else {
                    continue;
                };
                let source = self.source(entity, relation);
                body.remove(&format!("{}@iot.navigationLink", relation.name));
                if relation.is_many {
                    let path = format!("{}/{}", entity.path(), relation.name);
                    let listed = self.list(&source, &expand.query, &path).await?;
                    let values = self.all_shown(&listed.entities, &expand.query).await?;
                    if let Some(count) = listed.count {
                        body.insert(format!("{}@iot.count", relation.name), json!(count));
                    }
                    body.insert(relation.name.to_owned(), values.into());
                    if let Some(next) = listed.next {
                        body.insert(format!("{}@iot.nextLink", relation.name), json!(next));
                    }
                } else if let Some(one) = self.related(entity, relation).first() {
                    let one = self.shown(one, &expand.query, false).await?;
                    body.insert(relation.name.to_owned(), one);
                }
            }
            Ok(Value::Object(body))
        })
    }

    pub(super) async fn all_shown(&self, entities: &[Entity], query: &Query) -> Answer<Vec<Value>> {
        let mut values = Vec::with_capacity(entities.len());
        for entity in entities {
            values.push(self.shown(entity, query, false).await?);
        }
        Ok(values)
    }

    fn selected(&self, entity: &Entity, query: &Query) -> Map<String, Value> {
        let kind = entity.kind();
        let chosen = |name: &str| {
            let is_its = |one: &String| one.split('/').next() == Some(name);
            query.select.is_empty() || query.select.iter().any(is_its)
        };
        let link = self.base.link(&entity.path());
        let mut body = Map::new();
        if chosen("id") {
            body.insert("@iot.id".to_owned(), json!(entity.id()));
        }
        if query.select.is_empty() {
            body.insert("@iot.selfLink".to_owned(), json!(link));
        }
        for name in kind.properties().iter().filter(|name| chosen(name)) {
            let value = entity.property(name);
            // A result or a unit that is null says something; what is only not known does not.
            let says_so = matches!(*name, "result" | "resultTime");
            if !value.is_null() || says_so && kind == Kind::Observation {
                body.insert((*name).to_owned(), value);
            }
        }
        for relation in kind.relations().iter().filter(|each| chosen(each.name)) {
            let name = format!("{}@iot.navigationLink", relation.name);
            body.insert(name, json!(format!("{link}/{}", relation.name)));
        }
        body
    }

    /// From when to when there are observations: asked of the history for one datastream, or where it is named.
    async fn add_times(
        &self,
        stream: &Stream,
        query: &Query,
        whole: bool,
        body: &mut Map<String, Value>,
    ) -> Answer<()> {
        let named = query.select.iter().any(|name| name == "phenomenonTime");
        let is_wanted = named || whole && query.select.is_empty();
        if !is_wanted {
            return Ok(());
        }
        let (Some(newest), Some(series)) = (self.newest(stream), stream.series()) else {
            return Ok(());
        };
        self.spent.read()?;
        let span = Span {
            from: 0,
            to: newest.time.saturating_add(1),
        };
        let oldest = self.service.history.samples(series, span, false, 1).await?;
        let first = oldest.first().map_or(newest.time, |sample| sample.time);
        let interval = format!("{}/{}", from_micros(first), from_micros(newest.time));
        body.insert("phenomenonTime".to_owned(), json!(interval));
        Ok(())
    }

    /// Observations as rows of numbers, those of one datastream together.
    pub(super) fn data_array(&self, entities: &[Entity], query: &Query) -> Vec<Value> {
        let all = ["id", "phenomenonTime", "resultTime", "result"];
        let components: Vec<&str> = if query.select.is_empty() {
            all.to_vec()
        } else {
            query.select.iter().map(String::as_str).collect()
        };
        let mut groups: Vec<(String, Vec<Value>)> = Vec::new();
        for entity in entities {
            let Entity::Observation(stream, _) = entity else {
                continue;
            };
            let row: Vec<Value> = components
                .iter()
                .map(|name| match *name {
                    "id" => json!(entity.id()),
                    name => entity.property(name),
                })
                .collect();
            let id = stream.id();
            match groups.iter_mut().find(|(known, _)| *known == id) {
                Some((_, rows)) => rows.push(row.into()),
                None => groups.push((id, vec![row.into()])),
            }
        }
        let group = |(id, rows): (String, Vec<Value>)| {
            json!({
                "Datastream@iot.navigationLink": self.base.link(&format!("Datastreams('{id}')")),
                "components": components,
                "dataArray@iot.count": rows.len(),
                "dataArray": rows,
            })
        };
        groups.into_iter().map(group).collect()
    }
}

/// Names of a query that there are not.
fn check(kind: Kind, query: &Query) -> Answer<()> {
    for name in &query.select {
        let first = name.split('/').next().unwrap_or_default();
        let is_known =
            first == "id" || kind.properties().contains(&first) || kind.relation(first).is_some();
        if !is_known {
            let names = kind.properties().join(", ");
            let message = format!(
                "$select: {} have no {name}; there are id, {names}",
                kind.set()
            );
            return Err(StaFault::bad("query", message));
        }
    }
    for expand in &query.expand {
        if kind.relation(&expand.name).is_none() {
            let names: Vec<&str> = kind.relations().iter().map(|each| each.name).collect();
            let message = format!(
                "$expand: {} do not lead to {}; they lead to {}",
                kind.set(),
                expand.name,
                names.join(", ")
            );
            return Err(StaFault::bad("query", message));
        }
    }
    Ok(())
}

/// A list as the standard has it.
pub(super) fn listing(values: Vec<Value>, count: Option<u64>, next: Option<String>) -> Value {
    let mut body = Map::new();
    if let Some(count) = count {
        body.insert("@iot.count".to_owned(), json!(count));
    }
    if let Some(next) = next {
        body.insert("@iot.nextLink".to_owned(), json!(next));
    }
    body.insert("value".to_owned(), values.into());
    Value::Object(body)
}

pub(super) fn is_data_array(query: &Query) -> Answer<bool> {
    match query.result_format.as_deref() {
        None => Ok(false),
        Some("dataArray") => Ok(true),
        Some(other) => Err(StaFault::bad(
            "query",
            format!("$resultFormat={other} is not known; there is dataArray"),
        )),
    }
}
