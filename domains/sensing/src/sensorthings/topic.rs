//! Topics of the standard at the MQTT edge: `v1.1/Datastreams('ID')/Observations`, `v1.1/Observations`.

use serde_json::{Map, Value};

use super::write::reading;
use crate::payload::Decoded;
use crate::reading::Refused;
use crate::slot::Slot;

/// The first level of the standard's topics.
pub(super) const VERSION: &str = "v1.1";

/// A topic of the standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Topic<'a> {
    /// Observations of every datastream.
    All,
    /// Of one: its device and its property.
    One { device: &'a str, property: &'a str },
}

impl<'a> Topic<'a> {
    /// The topic without wildcards, if it is one of the standard's.
    pub(crate) fn parse(topic: &'a str) -> Option<Self> {
        let rest = topic.strip_prefix(VERSION)?.strip_prefix('/')?;
        if rest == "Observations" {
            return Some(Self::All);
        }
        let id = rest
            .strip_prefix("Datastreams('")?
            .strip_suffix("')/Observations")?;
        let (device, property) = id.split_once(':')?;
        Some(Self::One { device, property })
    }

    /// May a filter match topics of the standard?
    pub(crate) fn is_heard_by(filter: &str) -> bool {
        let first = filter.split('/').next().unwrap_or_default();
        matches!(first, VERSION | "#" | "+" | "$share")
    }
}

/// An observation published for a device.
pub(crate) fn read_publish(
    slot: &Slot,
    topic: &Topic<'_>,
    payload: &[u8],
    received: i64,
) -> Result<Decoded, Refused> {
    let body: Map<String, Value> = serde_json::from_slice(payload)
        .map_err(|error| Refused::new("malformed", format!("no JSON object: {error}")))?;
    let binding = slot.binding();
    let named = super::write::named(body.get("Datastream"));
    let (device, property) = match topic {
        Topic::One { device, property } => (*device, *property),
        Topic::All => named
            .as_deref()
            .and_then(|id| id.split_once(':'))
            .ok_or_else(|| {
                let message =
                    "an Observation names its Datastream: {\"Datastream\": {\"@iot.id\": …}}";
                Refused::new("no_device", message)
            })?,
    };
    if device != binding.device.code {
        return Err(Refused::new(
            "other_device",
            "a device speaks for itself only",
        ));
    }
    let mut decoded = Decoded::default();
    let place = binding.profile.property(property);
    let own = place.and_then(|place| binding.profile.properties.get(usize::from(place)));
    match (place, own) {
        (Some(place), Some(own)) => match reading(own, place, &body, received) {
            Ok(reading) => decoded.readings.push(reading),
            Err(refused) => decoded.refused.push(refused),
        },
        _ => decoded.unknown(property, &binding.profile),
    }
    Ok(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_told_apart() {
        let one = Topic::One {
            device: "R1",
            property: "level",
        };
        assert_eq!(
            Topic::parse("v1.1/Datastreams('R1:level')/Observations"),
            Some(one)
        );
        assert_eq!(Topic::parse("v1.1/Observations"), Some(Topic::All));
        for other in [
            "v1.0/Observations",
            "v1.1/Things",
            "v1.1/Datastreams(1)/Observations",
            "v1.1/+",
        ] {
            assert_eq!(Topic::parse(other), None, "{other}");
        }
        assert!(
            Topic::is_heard_by("#") && Topic::is_heard_by("v1.1/+") && !Topic::is_heard_by("yw/#")
        );
    }
}
