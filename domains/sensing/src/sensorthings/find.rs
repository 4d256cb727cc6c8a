//! Entities that the asker may see: all of a type, one by its id, those that one leads to.

use std::collections::BTreeMap;
use std::sync::Arc;

use yiwang_contracts::Span;

use super::Reader;
use super::entity::{Entity, Kind, Relation, Stream, streams};
use super::fault::Answer;
use crate::device::DeviceState;
use crate::slot::{Binding, Slot};

/// Where the entities of a list come from.
#[derive(Debug, Clone)]
pub(super) enum Source {
    All(Kind),
    Given(Kind, Vec<Entity>),
    /// Datastreams of a profile, of a property, or both.
    Streams {
        profile: Option<String>,
        property: Option<String>,
    },
    Observations(Vec<Stream>),
}

impl Source {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::All(kind) | Self::Given(kind, _) => *kind,
            Self::Streams { .. } => Kind::Datastream,
            Self::Observations(_) => Kind::Observation,
        }
    }
}

impl Reader<'_> {
    /// The device as it stands, if the asker may see it; what has left the city is gone.
    fn sees(&self, slot: &Slot) -> Option<Arc<Binding>> {
        let binding = slot.binding();
        let is_there = binding.device.state != DeviceState::Retired;
        (is_there && self.scope.permits(binding.device.subject())).then_some(binding)
    }

    fn binding(&self, code: &str) -> Option<Arc<Binding>> {
        let slot = self.service.registry().by_code(code)?;
        self.sees(&slot)
    }

    fn bindings(&self) -> impl Iterator<Item = Arc<Binding>> + '_ {
        let all = self.service.registry().all();
        all.into_iter().filter_map(|slot| self.sees(&slot))
    }

    /// Properties by code, as the first profile by code defines them.
    fn observed(&self) -> BTreeMap<String, Entity> {
        let mut found = BTreeMap::new();
        for profile in self.service.registry().profiles() {
            for (place, property) in (0u16..).zip(&profile.properties) {
                found
                    .entry(property.entry.code.clone())
                    .or_insert_with(|| Entity::ObservedProperty(Arc::clone(&profile), place));
            }
        }
        found
    }

    /// The entities of a source but observations, by id.
    pub(super) fn each<'s>(
        &'s self,
        source: &'s Source,
    ) -> Box<dyn Iterator<Item = Entity> + Send + 's> {
        match source {
            Source::Given(_, entities) => Box::new(entities.iter().cloned()),
            Source::Streams { profile, property } => {
                let wanted = |known: &str, wanted: &Option<String>| {
                    wanted.as_deref().is_none_or(|wanted| wanted == known)
                };
                let bindings = self
                    .bindings()
                    .filter(move |binding| wanted(&binding.device.profile, profile));
                let all = bindings.flat_map(|binding| streams(&binding));
                let all = all.filter(move |stream| {
                    let own = stream.property();
                    own.is_some_and(|own| wanted(&own.entry.code, property))
                });
                Box::new(all.map(Entity::Datastream))
            }
            Source::Observations(_) => Box::new(std::iter::empty()),
            Source::All(kind) => match kind {
                Kind::Thing => Box::new(self.bindings().map(Entity::Thing)),
                Kind::FeatureOfInterest => Box::new(self.bindings().map(Entity::Feature)),
                Kind::Location => Box::new(self.placed().map(Entity::Location)),
                Kind::HistoricalLocation => Box::new(self.placed().map(Entity::HistoricalLocation)),
                Kind::Datastream => {
                    let all = self.bindings().flat_map(|binding| streams(&binding));
                    Box::new(all.map(Entity::Datastream))
                }
                Kind::Sensor => Box::new(
                    self.service
                        .registry()
                        .profiles()
                        .into_iter()
                        .map(Entity::Sensor),
                ),
                Kind::ObservedProperty => Box::new(self.observed().into_values()),
                Kind::Observation => Box::new(std::iter::empty()),
            },
        }
    }

    fn placed(&self) -> impl Iterator<Item = Arc<Binding>> + '_ {
        self.bindings()
            .filter(|binding| binding.device.position.is_some())
    }

    /// The datastream by its id, `DEVICE:property`.
    pub(super) fn stream(&self, id: &str) -> Option<Stream> {
        let (code, property) = id.split_once(':')?;
        let binding = self.binding(code)?;
        let place = binding.profile.property(property)?;
        Some(Stream { binding, place })
    }

    /// One entity by its type and id.
    pub(super) async fn find(&self, kind: Kind, id: &str) -> Answer<Option<Entity>> {
        let placed = || {
            self.binding(id)
                .filter(|binding| binding.device.position.is_some())
        };
        Ok(match kind {
            Kind::Thing => self.binding(id).map(Entity::Thing),
            Kind::FeatureOfInterest => self.binding(id).map(Entity::Feature),
            Kind::Location => placed().map(Entity::Location),
            Kind::HistoricalLocation => placed().map(Entity::HistoricalLocation),
            Kind::Datastream => self.stream(id).map(Entity::Datastream),
            Kind::Sensor => self.service.registry().profile(id).map(Entity::Sensor),
            Kind::ObservedProperty => self.observed().remove(id),
            Kind::Observation => self.observation(id).await?,
        })
    }

    async fn observation(&self, id: &str) -> Answer<Option<Entity>> {
        let Some((stream, time)) = id.rsplit_once(':') else {
            return Ok(None);
        };
        let (Some(stream), Ok(time)) = (self.stream(stream), time.parse::<i64>()) else {
            return Ok(None);
        };
        let Some(series) = stream.series() else {
            return Ok(None);
        };
        let span = Span {
            from: time,
            to: time.saturating_add(1),
        };
        let found = self.service.history.samples(series, span, false, 1).await?;
        let sample = found.into_iter().next();
        Ok(sample.map(|sample| Entity::Observation(stream, Box::new(sample))))
    }

    /// What an entity leads to, but observations.
    pub(super) fn related(&self, entity: &Entity, relation: Relation) -> Vec<Entity> {
        match self.source(entity, relation) {
            Source::Given(_, entities) => entities,
            source => self.each(&source).collect(),
        }
    }

    /// Where a relation of an entity leads; of a relation to one it is that one.
    pub(super) fn source(&self, entity: &Entity, relation: Relation) -> Source {
        let kind = relation.kind;
        let given = |entities: Vec<Entity>| Source::Given(kind, entities);
        let of_device = |binding: &Arc<Binding>| {
            let binding = Arc::clone(binding);
            let is_placed = binding.device.position.is_some();
            match kind {
                Kind::Thing => given(vec![Entity::Thing(binding)]),
                Kind::FeatureOfInterest => given(vec![Entity::Feature(binding)]),
                Kind::Datastream => given(streams(&binding).map(Entity::Datastream).collect()),
                Kind::Observation => Source::Observations(streams(&binding).collect()),
                Kind::Location if is_placed => given(vec![Entity::Location(binding)]),
                Kind::HistoricalLocation if is_placed => {
                    given(vec![Entity::HistoricalLocation(binding)])
                }
                _ => given(Vec::new()),
            }
        };
        match entity {
            Entity::Thing(binding)
            | Entity::Location(binding)
            | Entity::HistoricalLocation(binding)
            | Entity::Feature(binding) => of_device(binding),
            Entity::Datastream(stream) => match kind {
                Kind::Observation => Source::Observations(vec![stream.clone()]),
                Kind::Sensor => given(vec![Entity::Sensor(Arc::clone(&stream.binding.profile))]),
                Kind::ObservedProperty => {
                    let code = stream
                        .property()
                        .map(|property| property.entry.code.as_str());
                    given(
                        code.and_then(|code| self.observed().remove(code))
                            .into_iter()
                            .collect(),
                    )
                }
                _ => of_device(&stream.binding),
            },
            Entity::Sensor(profile) => Source::Streams {
                profile: Some(profile.entry.code.clone()),
                property: None,
            },
            Entity::ObservedProperty(..) => Source::Streams {
                profile: None,
                property: Some(entity.id()),
            },
            Entity::Observation(stream, _) => match kind {
                Kind::Datastream => given(vec![Entity::Datastream(stream.clone())]),
                _ => of_device(&stream.binding),
            },
        }
    }

    /// Is the entity among those of the source?
    pub(super) fn holds(source: &Source, entity: &Entity) -> bool {
        match (source, entity) {
            (Source::All(kind), entity) => *kind == entity.kind(),
            (Source::Given(_, entities), entity) => {
                let id = entity.id();
                entities
                    .iter()
                    .any(|each| each.kind() == entity.kind() && each.id() == id)
            }
            (Source::Streams { profile, property }, Entity::Datastream(stream)) => {
                let code = stream.property().map(|own| &own.entry.code);
                profile
                    .as_ref()
                    .is_none_or(|own| *own == stream.binding.device.profile)
                    && (property.is_none() || property.as_ref() == code)
            }
            (Source::Observations(streams), Entity::Observation(stream, _)) => {
                let id = stream.id();
                streams.iter().any(|each| each.id() == id)
            }
            _ => false,
        }
    }

    /// The streams that observations of a source come from.
    pub(super) fn streams_of(&self, source: &Source) -> Vec<Stream> {
        match source {
            Source::Observations(streams) => streams.clone(),
            _ => self
                .bindings()
                .flat_map(|binding| streams(&binding))
                .collect(),
        }
    }
}
