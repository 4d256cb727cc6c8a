//! The properties of entities, each made of what the platform knows.

use serde_json::{Map, Value, json};
use yiwang_contracts::Sample;
use yiwang_kernel::{Timestamp, from_micros};

use super::entity::{Entity, Stream};
use crate::device::Device;
use crate::profile::{Profile, PropertyEntry, ValueKind};
use crate::slot::Binding;

const SECOND_US: i64 = 1_000_000;
/// How a device's own words are kept among its attributes.
pub(super) const DESCRIPTION: &str = "description";
const GEOJSON: &str = "application/geo+json";

/// A property of a Thing's `properties` that is the platform's own; all others are the device's attributes.
pub(super) const OWN: [&str; 14] = [
    "code",
    "profile",
    "theme",
    "org",
    "area",
    "group",
    "secrecy",
    "state",
    "protocol",
    "address",
    "interval_seconds",
    "place",
    "installed_at",
    "calibration_due",
];

impl Entity {
    /// The property by its name; null where it has none.
    pub(super) fn property(&self, name: &str) -> Value {
        match self {
            Self::Thing(binding) => thing(binding, name),
            Self::Location(binding) | Self::Feature(binding) => place(binding, name),
            Self::HistoricalLocation(binding) => match name {
                "time" => json!(placed_at(&binding.device)),
                _ => Value::Null,
            },
            Self::Datastream(stream) => datastream(stream, name).unwrap_or_default(),
            Self::Sensor(profile) => sensor(profile, name),
            Self::ObservedProperty(profile, place) => {
                let property = profile.properties.get(usize::from(*place));
                property.map_or(Value::Null, |property| observed(&property.entry, name))
            }
            Self::Observation(stream, sample) => observation(stream, sample, name),
        }
    }
}

/// Since when a device is where it is, as far as is known.
pub(super) fn placed_at(device: &Device) -> Timestamp {
    device.installed_at.unwrap_or(device.created_at)
}

/// When a sample was taken in; it is kept in whole seconds after its own time.
pub(super) fn result_time(sample: &Sample) -> Timestamp {
    let lag = sample
        .received
        .saturating_sub(sample.time)
        .div_euclid(SECOND_US);
    from_micros(sample.time.saturating_add(lag.saturating_mul(SECOND_US)))
}

fn thing(binding: &Binding, name: &str) -> Value {
    let device = &binding.device;
    match name {
        "name" => json!(device.name),
        "description" => {
            let own = device.attributes.get(DESCRIPTION).and_then(Value::as_str);
            let words = own.or(device.place.as_deref());
            json!(words.unwrap_or(&binding.profile.entry.name.zh))
        }
        "properties" => Value::Object(properties(binding)),
        _ => Value::Null,
    }
}

fn properties(binding: &Binding) -> Map<String, Value> {
    let (device, profile) = (&binding.device, &binding.profile.entry);
    let mut all: Map<String, Value> = device
        .attributes
        .iter()
        .filter(|(name, _)| *name != DESCRIPTION)
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let own = [
        json!(device.code),
        json!(device.profile),
        json!(profile.theme),
        json!(device.org_id),
        json!(device.area),
        json!(device.group),
        json!(device.secrecy),
        json!(device.state),
        json!(device.protocol),
        json!(device.address),
        json!(device.interval_seconds.unwrap_or(profile.interval_seconds)),
        json!(device.place),
        json!(device.installed_at),
        json!(device.calibration_due),
    ];
    for (name, value) in OWN.into_iter().zip(own) {
        if !value.is_null() {
            all.insert(name.to_owned(), value);
        }
    }
    all
}

fn place(binding: &Binding, name: &str) -> Value {
    let device = &binding.device;
    let point = device
        .position
        .map(|at| json!({ "type": "Point", "coordinates": [at.lon, at.lat] }));
    match name {
        "name" => json!(device.place.as_deref().unwrap_or(&device.name)),
        "description" => json!(format!("{} ({})", device.name, device.code)),
        "encodingType" => json!(GEOJSON),
        // A feature whose place is not known is a feature all the same.
        "location" | "feature" => point
            .unwrap_or_else(|| json!({ "type": "Feature", "geometry": null, "properties": {} })),
        "properties" => json!({ "area": device.area }),
        _ => Value::Null,
    }
}

fn datastream(stream: &Stream, name: &str) -> Option<Value> {
    let entry = &stream.property()?.entry;
    let device = &stream.binding.device;
    Some(match name {
        "name" => json!(format!("{} {}", device.name, entry.name.zh)),
        "description" => json!(words(entry)),
        "observationType" => json!(format!(
            "http://www.opengis.net/def/observationType/OGC-OM/2.0/{}",
            match entry.kind {
                ValueKind::Number => "OM_Measurement",
                ValueKind::Flag => "OM_TruthObservation",
                ValueKind::Text => "OM_Observation",
            }
        )),
        "unitOfMeasurement" => json!({
            "name": entry.unit,
            "symbol": entry.unit,
            "definition": entry.unit.as_ref().map(|unit| format!("ucum:{unit}")),
        }),
        "observedArea" => device.position.map_or(
            Value::Null,
            |at| json!({ "type": "Point", "coordinates": [at.lon, at.lat] }),
        ),
        "properties" => json!({
            "property": entry.code,
            "min": entry.min,
            "max": entry.max,
            "resolution": entry.resolution,
        }),
        _ => Value::Null,
    })
}

fn sensor(profile: &Profile, name: &str) -> Value {
    let entry = &profile.entry;
    match name {
        "name" => json!(entry.name.zh),
        "description" => json!(entry.name.en.as_deref().unwrap_or(&entry.name.zh)),
        "encodingType" => json!("application/json"),
        "metadata" => json!({
            "profile": entry.code,
            "source": entry.source,
            "verified": entry.verified,
            "interval_seconds": entry.interval_seconds,
        }),
        "properties" => json!({ "profile": entry.code, "theme": entry.theme }),
        _ => Value::Null,
    }
}

fn observed(entry: &PropertyEntry, name: &str) -> Value {
    match name {
        "name" => json!(entry.name.zh),
        "definition" => json!(format!("urn:yiwang:observed-property:{}", entry.code)),
        "description" => json!(words(entry)),
        "properties" => json!({ "code": entry.code }),
        _ => Value::Null,
    }
}

fn words(entry: &PropertyEntry) -> String {
    match &entry.name.en {
        Some(en) => format!("{} {en}", entry.name.zh),
        None => entry.name.zh.clone(),
    }
}

fn observation(stream: &Stream, sample: &Sample, name: &str) -> Value {
    match name {
        "phenomenonTime" => json!(from_micros(sample.time)),
        "result" => result(stream, sample),
        "resultTime" => json!(result_time(sample)),
        "resultQuality" => json!(sample.quality),
        _ => Value::Null,
    }
}

/// A text, a truth value, a number; null where nothing was measured.
pub(super) fn result(stream: &Stream, sample: &Sample) -> Value {
    if let Some(text) = &sample.text {
        return json!(text.as_ref());
    }
    if !sample.value.is_finite() {
        return Value::Null;
    }
    let kind = stream.property().map(|property| property.entry.kind);
    let flag = [0.0f64, 1.0]
        .iter()
        .position(|each| each.to_bits() == (sample.value + 0.0).to_bits());
    match flag.filter(|_| kind == Some(ValueKind::Flag)) {
        Some(flag) => json!(flag == 1),
        None => json!(sample.value),
    }
}
