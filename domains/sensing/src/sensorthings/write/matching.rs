//! Datastreams, sensors and observed properties are not made by clients: they are what a profile says. Posting one
//! finds the one that is meant, or says what there is.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::super::entity::{Entity, Kind, Stream};
use super::super::fault::{Answer, StaFault};
use super::super::find::Source;
use super::{Change, list, named};
use crate::profile::Profile;
use crate::slot::Binding;

impl Change<'_> {
    pub(super) fn meant_sensor(&self, sensor: &Value) -> Answer<Entity> {
        let profiles = self.reader.service.registry().profiles();
        let found = profiles.iter().find(|profile| is_profile(profile, sensor));
        found.cloned().map(Entity::Sensor).ok_or_else(|| {
            let codes: Vec<&str> = profiles.iter().map(|each| each.entry.code.as_str()).collect();
            let message = format!(
                "a Sensor is a profile, and profiles come in packs; name one by @iot.id or name: {}",
                codes.join(", ")
            );
            StaFault::bad("sensor", message)
        })
    }

    pub(super) fn meant_property(&self, property: &Value) -> Answer<Entity> {
        let all = Source::All(Kind::ObservedProperty);
        let mut all = self.reader.each(&all);
        let found = all.find(|entity| {
            let Entity::ObservedProperty(profile, place) = entity else {
                return false;
            };
            is_property(profile, *place, property)
        });
        found.ok_or_else(|| {
            let message = "an ObservedProperty is a property of a profile, and profiles come in packs; \
                           GET ObservedProperties says what there is";
            StaFault::bad("observed_property", message)
        })
    }

    /// The datastream of a Thing that a posted one stands for.
    pub(super) async fn meant_datastream(
        &self,
        of: Option<&Entity>,
        body: &Map<String, Value>,
    ) -> Answer<Entity> {
        let thing = if matches!(of, Some(Entity::Thing(_))) {
            of.cloned()
        } else {
            let id = named(body.get("Thing")).ok_or_else(|| {
                let message = "a Datastream belongs to a Thing: {\"Thing\": {\"@iot.id\": …}}, or post it to \
                               Things('…')/Datastreams";
                StaFault::bad("body", message)
            })?;
            self.reader.find(Kind::Thing, &id).await?
        };
        let Some(Entity::Thing(binding)) = thing else {
            return Err(StaFault::not_found());
        };
        // It is there as soon as the Thing is; to name it as one's own takes the right to change the Thing.
        self.may_edit(&binding)?;
        let place = meant_place(&binding.profile, body)?;
        let stream = Stream { binding, place };
        self.post_within(&stream, body).await?;
        Ok(Entity::Datastream(stream))
    }

    /// Observations that came within their datastream.
    pub(super) async fn post_within(
        &self,
        stream: &Stream,
        body: &Map<String, Value>,
    ) -> Answer<()> {
        for observation in list(body, "Observations")? {
            self.observe(stream, observation).await?;
        }
        Ok(())
    }

    /// The profile of a Thing that does not name it: by its datastreams' sensor, else the only one that has all
    /// their properties.
    pub(super) fn meant_profile(
        &self,
        datastreams: &[&Map<String, Value>],
    ) -> Answer<Arc<Profile>> {
        let profiles = self.reader.service.registry().profiles();
        let sensor = datastreams.iter().find_map(|each| each.get("Sensor"));
        let fits = |profile: &&Arc<Profile>| {
            sensor.is_some_and(|sensor| is_profile(profile, sensor))
                || !datastreams.is_empty()
                    && datastreams
                        .iter()
                        .all(|each| meant_place(profile, each).is_ok())
        };
        let by_sensor = profiles
            .iter()
            .find(|profile| sensor.is_some_and(|sensor| is_profile(profile, sensor)));
        let mut fitting = profiles.iter().filter(fits);
        let only = match (by_sensor, fitting.next(), fitting.next()) {
            (Some(own), ..) | (None, Some(own), None) => Some(Arc::clone(own)),
            _ => None,
        };
        only.ok_or_else(|| {
            let codes: Vec<&str> = profiles.iter().map(|each| each.entry.code.as_str()).collect();
            let message = format!(
                "say what kind of device it is: {{\"properties\": {{\"profile\": …}}}}; there are {}",
                codes.join(", ")
            );
            StaFault::bad("profile", message)
        })
    }
}

fn is_profile(profile: &Profile, sensor: &Value) -> bool {
    let entry = &profile.entry;
    let words = [
        named(Some(sensor)),
        sensor
            .get("name")
            .and_then(Value::as_str)
            .map(str::to_owned),
        sensor
            .pointer("/properties/profile")
            .and_then(Value::as_str)
            .map(str::to_owned),
    ];
    words.iter().flatten().any(|word| {
        *word == entry.code || *word == entry.name.zh || entry.name.en.as_ref() == Some(word)
    })
}

fn is_property(profile: &Profile, place: u16, property: &Value) -> bool {
    let Some(own) = profile.properties.get(usize::from(place)) else {
        return false;
    };
    let entry = &own.entry;
    let text = |pointer: &str| {
        property
            .pointer(pointer)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    if let Some(id) = named(Some(property)) {
        return id == entry.code;
    }
    let definition = text("/definition");
    let by_definition = definition
        .as_deref()
        .and_then(|definition| definition.strip_prefix("urn:yiwang:observed-property:"));
    by_definition == Some(entry.code.as_str())
        || text("/properties/code").as_ref() == Some(&entry.code)
        || text("/name").is_some_and(|name| {
            name == entry.code || name == entry.name.zh || entry.name.en.as_deref() == Some(&name)
        })
}

/// The property of a profile that a posted datastream stands for.
pub(super) fn meant_place(profile: &Profile, datastream: &Map<String, Value>) -> Answer<u16> {
    let whole = datastream
        .get("ObservedProperty")
        .cloned()
        .or_else(|| {
            let own = datastream.get("properties")?.get("property")?;
            Some(serde_json::json!({ "@iot.id": own }))
        })
        .or_else(|| Some(serde_json::json!({ "name": datastream.get("name")? })))
        .unwrap_or_default();
    let count = profile.properties.len() as u16;
    let place = (0..count).find(|place| is_property(profile, *place, &whole));
    let place = place.ok_or_else(|| {
        let codes: Vec<&str> = profile
            .properties
            .iter()
            .map(|each| each.entry.code.as_str())
            .collect();
        let message = format!(
            "the profile {} has no such property; it has {}",
            profile.entry.code,
            codes.join(", ")
        );
        StaFault::bad("observed_property", message)
    })?;
    let own = profile
        .properties
        .get(usize::from(place))
        .map(|each| &each.entry);
    let unit = datastream
        .get("unitOfMeasurement")
        .and_then(|unit| unit.get("symbol"));
    if let (Some(own), Some(Value::String(unit))) = (own, unit)
        && own.unit.as_deref() != Some(unit)
    {
        let own_unit = own.unit.as_deref().unwrap_or("no unit");
        let message = format!("{} is measured in {own_unit} here, not in {unit}", own.code);
        return Err(StaFault::bad("unit", message));
    }
    Ok(place)
}

/// A Thing's datastreams as they were posted with it, each with its place in the profile.
pub(super) fn meant_places<'a>(
    profile: &Profile,
    datastreams: &[&'a Map<String, Value>],
) -> Answer<Vec<(u16, &'a Map<String, Value>)>> {
    let places = datastreams
        .iter()
        .map(|each| Ok((meant_place(profile, each)?, *each)));
    places.collect()
}

/// The device after a change.
pub(super) fn bound(change: &Change<'_>, code: &str) -> Answer<Arc<Binding>> {
    let slot = change.reader.service.registry().by_code(code);
    slot.map(|slot| slot.binding())
        .ok_or_else(StaFault::not_found)
}
