//! What lies on the map: features of layers, and what people send to draw or change them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use yiwang_contracts::{OrgId, Subject};
use yiwang_kernel::{AreaCode, FieldFault, Timestamp, Uuid};

use crate::component::ComponentCode;
use crate::layer::{AttributeKind, Content, LayerEntry};
use crate::shape::Shape;

const NAME_LENGTH_MAX: usize = 128;
const CODE_LENGTH_MAX: usize = 64;
/// Characters of one attribute that is a text.
const TEXT_LENGTH_MAX: usize = 1_024;

/// A feature as it stands since `since`.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    pub layer: String,
    /// Names it within its layer, in tiles too. A component's is its code.
    pub number: i64,
    /// What the owner calls it; one of each in a layer.
    pub code: Option<String>,
    pub name: Option<String>,
    /// A code of the layer's code set.
    pub kind: Option<String>,
    pub state: Option<String>,
    pub org_id: Option<OrgId>,
    pub area: Option<AreaCode>,
    pub secrecy: u8,
    pub shape: Shape,
    pub attributes: Map<String, Value>,
    /// From when on it has been so.
    pub since: Timestamp,
    /// It is there no longer, since `since`.
    pub is_removed: bool,
    pub updated_by: String,
    /// Grows by one with each change of this feature.
    pub version: i64,
    /// Grows with each change of any feature.
    pub revision: i64,
}

impl Feature {
    /// What rights look at.
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            orgs: self.org_id.as_slice(),
            area: self.area.as_ref(),
            secrecy: self.secrecy,
        }
    }

    /// Stands for it in events.
    pub(crate) fn uuid(&self) -> Uuid {
        uuid_of(&self.layer, self.number)
    }
}

/// The id by which events speak of a feature.
pub(crate) fn uuid_of(layer: &str, number: i64) -> Uuid {
    let digest = yiwang_kernel::sha256(format!("feature/{layer}/{number}").as_bytes());
    let bytes: [u8; 16] = digest.first_chunk().copied().unwrap_or_default();
    yiwang_kernel::Uuid::from_bytes(bytes)
}

/// A feature to draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateFeature {
    /// What the owner calls it; of a component its 16 digits.
    #[serde(default)]
    pub code: Option<String>,
    #[serde(default)]
    pub name: Option<String>,
    /// A code of the layer's code set; a component's code says it.
    #[serde(default)]
    pub kind: Option<String>,
    /// The layer's first one where it is not given.
    #[serde(default)]
    pub state: Option<String>,
    /// Code of the unit that owns it.
    #[serde(default)]
    pub org: Option<String>,
    /// Code of its area; found by its place where it is not given.
    #[serde(default)]
    pub area: Option<AreaCode>,
    /// 1 ordinary … 4 most secret.
    #[serde(default = "ordinary")]
    pub secrecy: u8,
    /// A GeoJSON geometry in degrees of CGCS2000 or WGS-84.
    #[schema(value_type = Object)]
    pub geometry: Value,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub attributes: Map<String, Value>,
}

/// What to change of a feature; absent stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UpdateFeature {
    pub name: Option<String>,
    pub kind: Option<String>,
    pub state: Option<String>,
    pub org: Option<String>,
    pub area: Option<AreaCode>,
    pub secrecy: Option<u8>,
    #[schema(value_type = Option<Object>)]
    pub geometry: Option<Value>,
    /// Takes the place of all of them.
    #[schema(value_type = Option<Object>)]
    pub attributes: Option<Map<String, Value>>,
}

fn ordinary() -> u8 {
    1
}

/// A form that was read: a shape and no fault.
pub(crate) struct Drawn {
    pub shape: Shape,
    /// Of a component.
    pub number: Option<i64>,
    pub kind: Option<String>,
    pub state: Option<String>,
}

impl CreateFeature {
    /// Reads the form, or says everything that is wrong with it.
    pub(crate) fn read(&self, layer: &LayerEntry) -> Result<Drawn, Vec<FieldFault>> {
        let mut faults = facts_faults(layer, self.state.as_deref(), &self.attributes);
        let mut fault = |path: &str, code: &str, message: String| {
            faults.push(FieldFault::new(path, code, message));
        };
        if !(1..=4).contains(&self.secrecy) {
            fault("/secrecy", "out_of_range", "must be 1 to 4".to_owned());
        }
        if is_too_long(self.name.as_deref(), NAME_LENGTH_MAX) {
            fault(
                "/name",
                "malformed",
                "must have 1 to 128 characters".to_owned(),
            );
        }
        if is_too_long(self.code.as_deref(), CODE_LENGTH_MAX) {
            fault(
                "/code",
                "malformed",
                "must have 1 to 64 characters".to_owned(),
            );
        }
        let (mut number, mut kind) = (None, self.kind.clone());
        if layer.content == Content::Components {
            if let Some(code) = ComponentCode::parse(self.code.as_deref().unwrap_or_default()) {
                if kind.as_deref().is_some_and(|kind| kind != code.kind) {
                    let message = format!("the code says {}", code.kind);
                    fault("/kind", "contradicts", message);
                }
                (number, kind) = (Some(code.number), Some(code.kind.to_owned()));
            } else {
                let message = "a component's code has 16 digits: county 6, class 2, \
                    sub-class 2, sequence 6";
                fault("/code", "malformed", message.to_owned());
            }
        }
        let shape = Shape::of_geojson(&self.geometry, layer.geometry);
        let shape = shape.map_err(|error| fault("/geometry", "malformed", error.to_string()));
        let first = || layer.states.first().map(|state| state.code.clone());
        match (faults.is_empty(), shape) {
            (true, Ok(shape)) => Ok(Drawn {
                shape,
                number,
                kind,
                state: self.state.clone().or_else(first),
            }),
            _ => Err(faults),
        }
    }
}

impl UpdateFeature {
    /// The feature with the changes, or everything that is wrong with them. Its owner and area are the caller's to set.
    pub(crate) fn apply(
        &self,
        layer: &LayerEntry,
        before: &Feature,
    ) -> Result<Feature, Vec<FieldFault>> {
        let mut after = before.clone();
        let attributes = self.attributes.as_ref().unwrap_or(&before.attributes);
        let mut faults = facts_faults(layer, self.state.as_deref(), attributes);
        let mut fault = |path: &str, code: &str, message: &str| {
            faults.push(FieldFault::new(path, code, message));
        };
        if is_too_long(self.name.as_deref(), NAME_LENGTH_MAX) {
            fault("/name", "malformed", "must have 1 to 128 characters");
        }
        if self.secrecy.is_some_and(|level| !(1..=4).contains(&level)) {
            fault("/secrecy", "out_of_range", "must be 1 to 4");
        }
        if layer.content == Content::Components && self.kind.is_some() && self.kind != before.kind {
            fault("/kind", "contradicts", "a component's code says what it is");
        }
        if let Some(geometry) = &self.geometry {
            match Shape::of_geojson(geometry, layer.geometry) {
                Ok(shape) => after.shape = shape,
                Err(error) => fault("/geometry", "malformed", &error.to_string()),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let take = |old: &mut Option<String>, new: &Option<String>| {
            if new.is_some() {
                old.clone_from(new);
            }
        };
        take(&mut after.name, &self.name);
        take(&mut after.kind, &self.kind);
        take(&mut after.state, &self.state);
        after.secrecy = self.secrecy.unwrap_or(after.secrecy);
        after.attributes.clone_from(attributes);
        Ok(after)
    }
}

fn is_too_long(text: Option<&str>, most: usize) -> bool {
    text.is_some_and(|text| text.trim().is_empty() || text.chars().count() > most)
}

/// What is wrong with a state and attributes, by what the layer declares.
fn facts_faults(
    layer: &LayerEntry,
    state: Option<&str>,
    attributes: &Map<String, Value>,
) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    if let Some(state) = state.filter(|state| !layer.has_state(state)) {
        let message = format!("the layer has no state {state}");
        faults.push(FieldFault::new("/state", "unknown", message));
    }
    for (code, value) in attributes {
        let path = format!("/attributes/{code}");
        match layer.attribute(code).map(|attribute| attribute.kind) {
            None => {
                let message = format!("the layer has no attribute {code}");
                faults.push(FieldFault::new(path, "unknown", message));
            }
            Some(kind) if !is_of_kind(value, kind) => {
                let message = match kind {
                    AttributeKind::Text => "must be a text of at most 1024 characters",
                    AttributeKind::Number => "must be a number",
                    AttributeKind::Flag => "must be true or false",
                    AttributeKind::Date => "must be a date, as in 2026-11-26",
                };
                faults.push(FieldFault::new(path, "malformed", message));
            }
            Some(_) => {}
        }
    }
    let missing = layer
        .attributes
        .iter()
        .filter(|attribute| attribute.required && !attributes.contains_key(&attribute.code));
    faults.extend(missing.map(|attribute| {
        let path = format!("/attributes/{}", attribute.code);
        FieldFault::new(path, "missing", "the layer requires it")
    }));
    faults
}

fn is_of_kind(value: &Value, kind: AttributeKind) -> bool {
    match (value, kind) {
        (Value::Null, _)
        | (Value::Number(_), AttributeKind::Number)
        | (Value::Bool(_), AttributeKind::Flag) => true,
        (Value::String(text), AttributeKind::Text) => text.chars().count() <= TEXT_LENGTH_MAX,
        (Value::String(text), AttributeKind::Date) => text.parse::<jiff::civil::Date>().is_ok(),
        _ => false,
    }
}
