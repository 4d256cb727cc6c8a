//! Things and their places: devices, by the same commands as `/api/v1/devices`.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use yiwang_kernel::Position;

use super::super::entity::{Entity, Kind, Stream};
use super::super::fault::{Answer, StaFault};
use super::super::property::{DESCRIPTION, OWN};
use super::matching::{bound, meant_places};
use super::{Change, list, named, only, text};
use crate::device::{CreateDevice, DeviceId, DeviceState, UpdateDevice};
use crate::slot::Binding;

const THING: [&str; 6] = [
    "name",
    "description",
    "properties",
    "Locations",
    "Datastreams",
    "HistoricalLocations",
];
const LOCATION: [&str; 7] = [
    "name",
    "description",
    "encodingType",
    "location",
    "properties",
    "Things",
    "HistoricalLocations",
];
/// Of the platform's own properties, those that a client may say when it creates a Thing.
const CREATES: [&str; 11] = [
    "code",
    "profile",
    "org",
    "area",
    "group",
    "secrecy",
    "protocol",
    "address",
    "interval_seconds",
    "place",
    "installed_at",
];
/// And those that it may change.
const CHANGES: [&str; 8] = [
    "org",
    "area",
    "group",
    "secrecy",
    "state",
    "address",
    "interval_seconds",
    "place",
];
const ATTRIBUTES_MAX: usize = 64;

impl Change<'_> {
    pub(super) async fn create_thing(&self, body: Map<String, Value>) -> Answer<Entity> {
        let (actor, now) = (self.caller.account()?, self.reader.now);
        if !actor.may_somewhere("sensing.edit", now) {
            let action = "sensing.edit";
            return Err(crate::SensingError::Denied { action }.into());
        }
        only(&body, &THING)?;
        let service = self.reader.service;
        let properties = properties(&body)?;
        let datastreams = list(&body, "Datastreams")?;
        let profile = match properties.get("profile").and_then(Value::as_str) {
            Some(code) => service.registry().profile(code),
            None => Some(self.meant_profile(&datastreams)?),
        };
        let profile = profile.ok_or_else(|| {
            let message = "there is no such profile; GET Sensors says what there is";
            StaFault::bad("profile", message)
        })?;
        let meant = meant_places(&profile, &datastreams)?;
        let mut form = Map::new();
        form.insert("code".to_owned(), json!(self.code(&body)));
        form.insert("protocol".to_owned(), json!("sensorthings"));
        let mut attributes = Map::new();
        for (name, value) in properties {
            if CREATES.contains(&name.as_str()) {
                form.insert(name, value);
            } else if !OWN.contains(&name.as_str()) {
                attributes.insert(name, value);
            }
        }
        if let Some(description) = text(&body, "description")? {
            attributes.insert(DESCRIPTION.to_owned(), json!(description));
        }
        form.insert(
            "name".to_owned(),
            json!(text(&body, "name")?.unwrap_or_default()),
        );
        form.insert("profile".to_owned(), json!(profile.entry.code));
        form.insert("attributes".to_owned(), Value::Object(attributes));
        match list(&body, "Locations")?.as_slice() {
            [] => {}
            [one] => {
                let (position, place) = located(one)?;
                form.insert("position".to_owned(), json!(position));
                form.entry("place").or_insert_with(|| json!(place));
            }
            _ => return Err(StaFault::bad("body", "a Thing is at one place")),
        }
        let form: CreateDevice = serde_json::from_value(Value::Object(form))
            .map_err(|error| StaFault::bad("body", format!("properties: {error}")))?;
        let code = form.code.clone();
        service.create_device(actor, form, now).await?;
        let binding = bound(self, &code)?;
        for (place, datastream) in meant {
            let stream = Stream {
                binding: Arc::clone(&binding),
                place,
            };
            self.post_within(&stream, datastream).await?;
        }
        Ok(Entity::Thing(binding))
    }

    /// As the client says, else one that is nobody else's.
    fn code(&self, body: &Map<String, Value>) -> String {
        let id = body.get("@iot.id").and_then(Value::as_str);
        id.map_or_else(
            || format!("st-{}", DeviceId::at(self.reader.now)),
            str::to_owned,
        )
    }

    /// The right is looked at before the body.
    pub(super) fn may_edit(&self, binding: &Binding) -> Answer<()> {
        let (actor, now) = (self.caller.account()?, self.reader.now);
        let action = "sensing.edit";
        if actor.may(action, binding.device.subject(), now) {
            Ok(())
        } else {
            Err(crate::SensingError::Denied { action }.into())
        }
    }

    pub(super) async fn update_thing(
        &self,
        binding: &Arc<Binding>,
        mut body: Map<String, Value>,
        is_whole: bool,
    ) -> Answer<Entity> {
        self.may_edit(binding)?;
        let device = &binding.device;
        // A whole entity as a client holds it may have its relations in it; they are not changed by it.
        body.retain(|name, _| !is_whole || Kind::Thing.relation(name).is_none());
        only(&body, &THING[..3])?;
        let current = Entity::Thing(Arc::clone(binding)).property("properties");
        let given = properties(&body)?;
        let has_properties = body.contains_key("properties");
        let mut form = Map::new();
        let mut attributes = device.attributes.clone();
        if is_whole && has_properties {
            attributes.retain(|name, _| name == DESCRIPTION);
        }
        for (name, value) in given {
            if current.get(&name) == Some(&value) && OWN.contains(&name.as_str()) {
                continue;
            }
            if CHANGES.contains(&name.as_str()) {
                form.insert(name, value);
            } else if OWN.contains(&name.as_str()) {
                let message = format!("`{name}` of a Thing cannot be changed here");
                return Err(StaFault::bad("body", message));
            } else if value.is_null() {
                attributes.remove(&name);
            } else {
                attributes.insert(name, value);
            }
        }
        if let Some(description) = text(&body, "description")? {
            attributes.insert(DESCRIPTION.to_owned(), json!(description));
        }
        if attributes.len() > ATTRIBUTES_MAX {
            return Err(StaFault::bad("body", "at most 64 properties of one's own"));
        }
        if let Some(name) = text(&body, "name")? {
            form.insert("name".to_owned(), json!(name));
        }
        form.insert("attributes".to_owned(), Value::Object(attributes));
        let form: UpdateDevice = serde_json::from_value(Value::Object(form))
            .map_err(|error| StaFault::bad("body", format!("properties: {error}")))?;
        self.save(binding, form).await.map(Entity::Thing)
    }

    async fn save(&self, binding: &Binding, form: UpdateDevice) -> Answer<Arc<Binding>> {
        let actor = self.caller.account()?;
        let (id, now) = (binding.device.id, self.reader.now);
        let service = self.reader.service;
        service.update_device(actor, id, form, None, now).await?;
        bound(self, &binding.device.code)
    }

    /// A Location posted for a Thing says where it is.
    pub(super) async fn place_thing(
        &self,
        of: Option<&Entity>,
        body: &Map<String, Value>,
    ) -> Answer<Entity> {
        only(body, &LOCATION)?;
        let thing = if matches!(of, Some(Entity::Thing(_))) {
            of.cloned()
        } else {
            let things = list(body, "Things")?;
            let id = match things.as_slice() {
                [one] => named(Some(&Value::Object((*one).clone()))),
                _ => None,
            };
            let id = id.ok_or_else(|| {
                let message = "a Location is where one Thing is: {\"Things\": [{\"@iot.id\": …}]}, or post it to \
                               Things('…')/Locations";
                StaFault::bad("body", message)
            })?;
            self.reader.find(Kind::Thing, &id).await?
        };
        match thing {
            Some(Entity::Thing(binding)) => self.move_to(&binding, located(body)?).await,
            _ => Err(StaFault::not_found()),
        }
    }

    pub(super) async fn update_place(
        &self,
        binding: &Binding,
        body: &Map<String, Value>,
    ) -> Answer<Entity> {
        self.may_edit(binding)?;
        only(body, &LOCATION)?;
        let place = text(body, "name")?;
        let position = match body.get("location") {
            Some(location) => Some(point(location)?),
            None => binding.device.position,
        };
        match position {
            Some(position) => self.move_to(binding, (position, place)).await,
            None => Err(StaFault::not_found()),
        }
    }

    async fn move_to(
        &self,
        binding: &Binding,
        (position, place): (Position, Option<String>),
    ) -> Answer<Entity> {
        let form = UpdateDevice {
            position: Some(position),
            place,
            ..UpdateDevice::default()
        };
        self.save(binding, form).await.map(Entity::Location)
    }

    /// A Thing that is deleted is retired: nothing of it is taken any more, and its history stays.
    pub(super) async fn retire(&self, binding: &Binding) -> Answer<()> {
        let form = UpdateDevice {
            state: Some(DeviceState::Retired),
            ..UpdateDevice::default()
        };
        self.save(binding, form).await.map(drop)
    }
}

fn properties(body: &Map<String, Value>) -> Answer<Map<String, Value>> {
    match body.get("properties") {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(properties)) => Ok(properties.clone()),
        Some(_) => Err(StaFault::bad("body", "`properties` is an object")),
    }
}

/// The point of a posted Location, and its name.
fn located(body: &Map<String, Value>) -> Answer<(Position, Option<String>)> {
    only(body, &LOCATION)?;
    let location = body.get("location").unwrap_or(&Value::Null);
    Ok((point(location)?, text(body, "name")?))
}

fn point(location: &Value) -> Answer<Position> {
    let geometry = location.get("geometry").unwrap_or(location);
    let is_point = geometry.get("type").and_then(Value::as_str) == Some("Point");
    let number = |at: usize| geometry.get("coordinates")?.get(at)?.as_f64();
    let (Some(lon), Some(lat)) = (number(0).filter(|_| is_point), number(1)) else {
        let message = "`location` is a GeoJSON point: {\"type\": \"Point\", \"coordinates\": [120.28, 31.91]}";
        return Err(StaFault::bad("location", message));
    };
    Position::new(lon, lat).map_err(|fault| StaFault::bad("location", fault.to_string()))
}
