//! One row of a layer, whosever it is, as the map draws it.

use std::borrow::Cow;

use geo::{Geometry, Point};
use serde_json::Value as Json;
use yiwang_contracts::{AreaOutline, DeviceBrief, RightsClass};
use yiwang_kernel::Position;
use yiwang_tiles::{Refusal, Value};

use super::{CityMap, Named};
use crate::feature::Feature;
use crate::layer::LayerEntry;
use crate::shape::Shape;

/// A feature as it was from its `since` until a moment, `i64::MAX` for now.
#[derive(Debug)]
pub(crate) struct Version {
    pub feature: Feature,
    pub until: i64,
}

/// A feature, a device or an area.
pub(crate) struct MapRow<'a> {
    /// Names it in tiles.
    pub number: u64,
    pub class: u32,
    geometry: Cow<'a, Geometry<f64>>,
    /// Where its name stands.
    label: Option<Point<f64>>,
    facts: Vec<(&'a str, Cow<'a, Json>)>,
    /// What else it is called, and its code where tiles do not tell it.
    alias: Option<&'a str>,
    code: Option<&'a str>,
    /// For the log.
    layer: &'a str,
}

/// A text as a fact.
fn text<'a>(text: impl Into<String>) -> Cow<'a, Json> {
    Cow::Owned(Json::String(text.into()))
}

impl<'a> MapRow<'a> {
    /// A feature that is there.
    pub(crate) fn of_feature(feature: &'a Feature, layer: &'a LayerEntry, map: &CityMap) -> Self {
        let told = [
            ("code", feature.code.as_ref().filter(|_| layer.tells_code())),
            ("name", feature.name.as_ref()),
            ("kind", feature.kind.as_ref()),
            ("state", feature.state.as_ref()),
        ];
        let told = told
            .into_iter()
            .filter_map(|(key, value)| Some((key, text(value?.as_str()))));
        let declared = layer.attributes.iter().filter_map(|fact| {
            fact.tile_zoom?;
            let value = feature.attributes.get(&fact.code)?;
            Some((fact.code.as_str(), Cow::Borrowed(value)))
        });
        let label = feature.shape.label();
        Self {
            number: feature.number as u64,
            class: map.class(RightsClass {
                org: feature.org_id,
                area: feature.area.clone(),
                secrecy: feature.secrecy,
            }),
            geometry: Cow::Borrowed(feature.shape.geometry()),
            label: label.map(|at| Point::new(at.lon, at.lat)),
            facts: told.chain(declared).collect(),
            alias: feature.attributes.get("alias").and_then(Json::as_str),
            code: feature.code.as_deref(),
            layer: &layer.code,
        }
    }

    /// A device that has a place.
    pub(crate) fn of_device(
        number: i64,
        device: &'a DeviceBrief,
        layer: &'a LayerEntry,
        map: &CityMap,
    ) -> Option<Self> {
        let at = device.position?;
        let state = if device.is_active { "active" } else { "idle" };
        Some(Self {
            number: number as u64,
            class: map.class(RightsClass {
                org: device.org,
                area: device.area.clone(),
                secrecy: device.secrecy,
            }),
            geometry: Cow::Owned(Point::new(at.lon, at.lat).into()),
            label: None,
            facts: vec![
                ("id", text(device.id.to_string())),
                ("code", text(&*device.code)),
                ("name", text(device.name.as_str())),
                ("kind", text(&*device.profile)),
                ("state", text(state)),
            ],
            alias: None,
            code: None,
            layer: &layer.code,
        })
    }

    /// An area that is drawn.
    pub(crate) fn of_area(
        number: i64,
        area: &'a AreaOutline,
        layer: &'a LayerEntry,
        map: &CityMap,
    ) -> Option<Self> {
        let shape = Shape::of_ring(area.ring.as_ref()?);
        let (brief, open) = (
            &area.brief,
            RightsClass {
                org: None,
                area: None,
                secrecy: 1,
            },
        );
        Some(Self {
            // A code of digits names its area everywhere; others have what this node counts.
            number: brief.code.0.parse().unwrap_or(number as u64),
            class: map.class(open),
            geometry: Cow::Owned(shape.into_geometry()),
            label: Some(Point::new(brief.label.lon, brief.label.lat)),
            facts: vec![
                ("code", text(brief.code.as_str())),
                ("name", text(brief.name.as_str())),
                ("level", Cow::Owned(Json::from(brief.level))),
            ],
            alias: None,
            code: None,
            layer: &layer.code,
        })
    }

    /// How it is called and where.
    pub(crate) fn named(&self) -> Option<Named> {
        let fact = |key: &str| {
            let found = self.facts.iter().find(|(name, _)| *name == key);
            found.and_then(|(_, value)| value.as_str())
        };
        let place = self.label.or_else(|| match &*self.geometry {
            Geometry::Point(point) => Some(*point),
            _ => None,
        })?;
        let position = Position::new(place.x(), place.y()).ok()?;
        let names: Vec<&str> = [fact("name"), self.alias].into_iter().flatten().collect();
        let code = fact("code").or(self.code);
        Named::new(&names, code, position, self.class)
    }

    fn values(&self) -> Vec<(&str, Value<'_>)> {
        let value = |json: &'_ Json| match json {
            Json::String(_) | Json::Null | Json::Array(_) | Json::Object(_) => None,
            Json::Bool(flag) => Some(Value::Bool(*flag)),
            Json::Number(number) => number
                .as_i64()
                .map(Value::Integer)
                .or_else(|| number.as_f64().map(Value::Float)),
        };
        let facts = self.facts.iter();
        facts
            .filter_map(|(key, json)| {
                let text = json.as_str().map(Value::Text);
                Some((*key, text.or_else(|| value(json))?))
            })
            .collect()
    }

    /// Calls `take` with the row as the map draws it, and says in the log why it is not drawn, where it is not.
    pub(crate) fn shape(
        &self,
        take: impl FnOnce(&yiwang_tiles::Feature<'_>) -> Result<(), Refusal>,
    ) {
        self.with(&self.geometry, take);
    }

    /// The same with the place of its name, where it has one.
    pub(crate) fn label(
        &self,
        take: impl FnOnce(&yiwang_tiles::Feature<'_>) -> Result<(), Refusal>,
    ) {
        if let Some(label) = self.label {
            self.with(&label.into(), take);
        }
    }

    fn with(
        &self,
        geometry: &Geometry<f64>,
        take: impl FnOnce(&yiwang_tiles::Feature<'_>) -> Result<(), Refusal>,
    ) {
        let taken = take(&yiwang_tiles::Feature {
            id: self.number,
            class: self.class,
            geometry,
            attributes: &self.values(),
        });
        if let Err(refusal) = taken {
            tracing::error!(layer = self.layer, "a feature is not on the map: {refusal}");
        }
    }
}
