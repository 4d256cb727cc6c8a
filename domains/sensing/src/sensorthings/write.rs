//! Changes: what of the standard's creating, updating and deleting the platform's own commands do. What they do not
//! is answered with where it is done.

mod device;
mod json_patch;
mod matching;
mod observation;

use axum::Json;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value};
use yiwang_odata::{Query, Segment};

use super::Reader;
use super::caller::Caller;
use super::entity::{Entity, Kind};
use super::fault::{Answer, StaFault};
use super::resource::Target;

pub(in crate::sensorthings) use observation::reading;

const CREATE_OBSERVATIONS: &str = "CreateObservations";

/// One request that changes something.
pub(super) struct Change<'a> {
    pub reader: &'a Reader<'a>,
    pub caller: &'a Caller,
    pub remote: &'a str,
    pub is_json_patch: bool,
}

impl Change<'_> {
    pub(super) async fn answer(
        &self,
        method: &Method,
        segments: &[Segment],
        body: &[u8],
    ) -> Answer<Response> {
        match *method {
            Method::POST => self.post(segments, body).await,
            Method::PATCH | Method::PUT => {
                let entity = self.one(segments).await?;
                let is_whole = *method == Method::PUT;
                let changed = self.update(&entity, body, is_whole).await?;
                let shown = self
                    .reader
                    .shown(&changed, &Query::default(), false)
                    .await?;
                Ok(Json(shown).into_response())
            }
            Method::DELETE => {
                let entity = self.one(segments).await?;
                self.delete(&entity).await?;
                Ok(StatusCode::OK.into_response())
            }
            _ => Err(StaFault::not_here(format!("{method} means nothing here"))),
        }
    }

    async fn one(&self, segments: &[Segment]) -> Answer<Entity> {
        match self.reader.target(segments).await? {
            Target::One(entity) => Ok(*entity),
            _ => Err(StaFault::not_here("name one entity: Things('id')")),
        }
    }

    async fn post(&self, segments: &[Segment], body: &[u8]) -> Answer<Response> {
        if let [only] = segments
            && only.name == CREATE_OBSERVATIONS
        {
            return self.create_observations(body).await;
        }
        let Target::List { source, of, .. } = self.reader.target(segments).await? else {
            return Err(StaFault::not_here("entities are posted to a list: Things"));
        };
        if source.kind() == Kind::Observation {
            return self.post_observation(of.as_ref(), body).await;
        }
        self.caller.account()?;
        let body = object(body)?;
        let made = match source.kind() {
            Kind::Thing if of.is_none() => self.create_thing(body).await?,
            Kind::Location => self.place_thing(of.as_ref(), &body).await?,
            Kind::Datastream => self.meant_datastream(of.as_ref(), &body).await?,
            Kind::Sensor => self.meant_sensor(&Value::Object(body))?,
            Kind::ObservedProperty => self.meant_property(&Value::Object(body))?,
            kind => {
                let message = format!(
                    "{} are not made here: they follow from where a Thing is; post or patch its Location",
                    kind.set()
                );
                return Err(StaFault::not_here(message));
            }
        };
        self.created(&made).await
    }

    async fn created(&self, entity: &Entity) -> Answer<Response> {
        let link = self.reader.base.link(&entity.path());
        let shown = self.reader.shown(entity, &Query::default(), false).await?;
        let mut response = (StatusCode::CREATED, Json(shown)).into_response();
        if let Ok(link) = HeaderValue::try_from(link) {
            response.headers_mut().insert(header::LOCATION, link);
        }
        Ok(response)
    }

    async fn update(&self, entity: &Entity, body: &[u8], is_whole: bool) -> Answer<Entity> {
        self.caller.account()?;
        let (body, is_whole) = if self.is_json_patch {
            let mut document = Map::new();
            for name in entity.kind().properties() {
                document.insert((*name).to_owned(), entity.property(name));
            }
            let patch: Value = parsed(body)?;
            (json_patch::apply(Value::Object(document), &patch)?, true)
        } else {
            (Value::Object(object(body)?), is_whole)
        };
        let Value::Object(body) = body else {
            return Err(StaFault::bad("body", "an entity is a JSON object"));
        };
        match entity {
            Entity::Thing(binding) => self.update_thing(binding, body, is_whole).await,
            Entity::Location(binding) => self.update_place(binding, &body).await,
            Entity::Observation(stream, sample) => self.correct(stream, sample, &body).await,
            Entity::Datastream(_) | Entity::Sensor(_) | Entity::ObservedProperty(..) => {
                Err(StaFault::not_here(
                    "what a kind of device observes is its profile, which many devices share; profiles are \
                     changed in packs (section `profiles`)",
                ))
            }
            Entity::HistoricalLocation(_) | Entity::Feature(_) => Err(StaFault::not_here(
                "this follows from where the Thing is; patch its Location",
            )),
        }
    }

    async fn delete(&self, entity: &Entity) -> Answer<()> {
        self.caller.account()?;
        match entity {
            Entity::Thing(binding) => self.retire(binding).await,
            Entity::Observation(..) => Err(StaFault::not_here(
                "what was observed is kept for as long as the lake keeps it; patch the Observation to correct it",
            )),
            Entity::Location(_) | Entity::HistoricalLocation(_) | Entity::Feature(_) => Err(
                StaFault::not_here("a Thing is somewhere; patch its Location, or delete the Thing"),
            ),
            _ => Err(StaFault::not_here(
                "this follows from the Thing's profile; delete the Thing, or change the profile in its pack",
            )),
        }
    }
}

fn parsed(body: &[u8]) -> Answer<Value> {
    serde_json::from_slice(body).map_err(|error| StaFault::bad("body", format!("no JSON: {error}")))
}

fn object(body: &[u8]) -> Answer<Map<String, Value>> {
    match parsed(body)? {
        Value::Object(object) => Ok(object),
        _ => Err(StaFault::bad("body", "an entity is a JSON object")),
    }
}

/// The id of an entity that is named by it: `{"@iot.id": "…"}`.
pub(in crate::sensorthings) fn named(value: Option<&Value>) -> Option<String> {
    let id = value?.get("@iot.id")?;
    match id {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// Refuses what would be lost without a word.
fn only(body: &Map<String, Value>, known: &[&str]) -> Answer<()> {
    let unknown = body
        .keys()
        .find(|name| !known.contains(&name.as_str()) && !name.contains("@iot."));
    match unknown {
        None => Ok(()),
        Some(name) => {
            let known = known.join(", ");
            let message = format!("`{name}` is not kept here; there are {known}");
            Err(StaFault::bad("body", message))
        }
    }
}

/// A text of the body; refuses what is there and is none.
fn text(body: &Map<String, Value>, name: &str) -> Answer<Option<String>> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(StaFault::bad("body", format!("`{name}` is a text"))),
    }
}

/// A list of objects; one alone is a list of one.
fn list<'a>(body: &'a Map<String, Value>, name: &str) -> Answer<Vec<&'a Map<String, Value>>> {
    let fault = || StaFault::bad("body", format!("`{name}` is a list of objects"));
    match body.get(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Object(one)) => Ok(vec![one]),
        Some(Value::Array(many)) => many
            .iter()
            .map(|one| one.as_object().ok_or_else(fault))
            .collect(),
        Some(_) => Err(fault()),
    }
}
