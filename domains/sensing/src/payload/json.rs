//! JSON: `{"time": …, "values": {"level": 0.12}}`, or a list of such, or one on each line.
//!
//! `values` may also be called `props`, `properties` or `params`, and `time` `ts` or `timestamp`. A value is a
//! number, a truth value, a text, or `{"value": …, "quality": "maintenance", "time": …}`.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use jiff::tz::Offset;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use yiwang_contracts::Quality;

use super::time::{TimeFault, time_of, time_of_number};
use super::{Decoded, READINGS_MAX};
use crate::profile::Profile;
use crate::reading::{Reading, Refused};

/// Messages of one payload.
const MESSAGES_MAX: usize = 10_000;

/// One message, its values not read yet: they are read by the profile of its device.
#[derive(Debug, Deserialize)]
pub(crate) struct Envelope<'a> {
    #[serde(borrow, default)]
    pub device: Option<Cow<'a, str>>,
    #[serde(borrow, default, alias = "ts", alias = "timestamp")]
    time: Option<TimeToken<'a>>,
    #[serde(
        borrow,
        default,
        alias = "props",
        alias = "properties",
        alias = "params"
    )]
    values: Option<&'a RawValue>,
}

/// The messages of a payload.
pub(crate) fn read_envelopes(payload: &[u8]) -> Result<Vec<Envelope<'_>>, Refused> {
    let text = std::str::from_utf8(payload)
        .map_err(|error| Refused::new("malformed", format!("no UTF-8 text: {error}")))?;
    let malformed =
        |error: serde_json::Error| Refused::new("malformed", format!("no JSON: {error}"));
    let trimmed = text.trim_start();
    let envelopes: Vec<Envelope<'_>> = if trimmed.starts_with('[') {
        serde_json::from_str(trimmed).map_err(malformed)?
    } else {
        // One object, or one on each line.
        serde_json::Deserializer::from_str(trimmed)
            .into_iter()
            .take(MESSAGES_MAX + 1)
            .collect::<Result<_, _>>()
            .map_err(malformed)?
    };
    if envelopes.len() > MESSAGES_MAX {
        let message = format!("more than {MESSAGES_MAX} messages at once; send them in parts");
        return Err(Refused::new("too_many", message));
    }
    if envelopes.is_empty() {
        return Err(Refused::new("malformed", "there is nothing in it"));
    }
    Ok(envelopes)
}

/// Reads the values of one message into `decoded`.
pub(crate) fn read_values(
    envelope: &Envelope<'_>,
    profile: &Profile,
    received: i64,
    zone: Offset,
    decoded: &mut Decoded,
) {
    let time = match envelope.time.as_ref().map(|token| token.instant(zone)) {
        None => received,
        Some(Ok(time)) => time,
        Some(Err(fault)) => {
            decoded
                .refused
                .push(Refused::new("bad_time", fault.to_string()));
            return;
        }
    };
    let Some(values) = envelope.values else {
        let message = "there are no values; send {\"time\": …, \"values\": {\"level\": 0.12}}";
        decoded.refused.push(Refused::new("no_values", message));
        return;
    };
    let seed = Values {
        profile,
        time,
        zone,
        decoded,
    };
    if let Err(error) = seed.deserialize(&mut serde_json::Deserializer::from_str(values.get())) {
        let refused = Refused::new("malformed", format!("the values cannot be read: {error}"));
        decoded.refused.push(refused);
    }
}

/// Reads an object of property codes and values that was read before.
pub(super) fn read_object(
    values: serde_json::Value,
    profile: &Profile,
    time: i64,
    zone: Offset,
    decoded: &mut Decoded,
) {
    let seed = Values {
        profile,
        time,
        zone,
        decoded,
    };
    if let Err(error) = seed.deserialize(values) {
        let refused = Refused::new("malformed", format!("the values cannot be read: {error}"));
        decoded.refused.push(refused);
    }
}

/// A time as it stands in JSON.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum TimeToken<'a> {
    Number(f64),
    #[serde(borrow)]
    Text(Cow<'a, str>),
}

impl TimeToken<'_> {
    fn instant(&self, zone: Offset) -> Result<i64, TimeFault> {
        match self {
            Self::Number(number) => time_of_number(*number),
            Self::Text(text) => time_of(text, zone),
        }
    }
}

/// The object of values, read by the profile.
struct Values<'p, 'd> {
    profile: &'p Profile,
    time: i64,
    zone: Offset,
    decoded: &'d mut Decoded,
}

impl<'de> DeserializeSeed<'de> for Values<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Values<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of property codes and values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<Name<'de>>()? {
            let Some(property) = self.profile.property(&name.0) else {
                self.decoded.unknown(&name.0, self.profile);
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let value: ValueToken<'de> = map.next_value()?;
            if self.decoded.readings.len() >= READINGS_MAX {
                let message = format!("more than {READINGS_MAX} readings at once");
                self.decoded.refused.push(Refused::new("too_many", message));
                continue;
            }
            match reading(self.profile, property, value, self.time, self.zone) {
                Ok(reading) => self.decoded.readings.push(reading),
                Err(refused) => self.decoded.refused.push(refused),
            }
        }
        Ok(())
    }
}

/// A key, borrowed where it has no escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// One value as it stands in JSON.
#[derive(Deserialize)]
#[serde(untagged)]
enum ValueToken<'a> {
    Number(f64),
    Flag(bool),
    #[serde(borrow)]
    Text(Cow<'a, str>),
    Nothing(()),
    #[serde(borrow)]
    Marked(Box<Marked<'a>>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Marked<'a> {
    #[serde(borrow)]
    value: ValueToken<'a>,
    #[serde(default)]
    quality: Option<Quality>,
    #[serde(borrow, default, alias = "ts")]
    time: Option<TimeToken<'a>>,
}

fn reading(
    profile: &Profile,
    property: u16,
    value: ValueToken<'_>,
    time: i64,
    zone: Offset,
) -> Result<Reading, Refused> {
    let (value, quality, time) = match value {
        ValueToken::Marked(marked) => {
            let time = match &marked.time {
                None => time,
                Some(token) => token
                    .instant(zone)
                    .map_err(|fault| Refused::new("bad_time", fault.to_string()))?,
            };
            (marked.value, marked.quality.unwrap_or(Quality::Good), time)
        }
        plain => (plain, Quality::Good, time),
    };
    let kind = profile
        .properties
        .get(usize::from(property))
        .ok_or_else(|| Refused::new("unknown_property", "the property is not in the profile"))?;
    let name = &kind.entry.code;
    let (number, text) = match value {
        ValueToken::Number(number) if !kind.is_text() => (number, None),
        ValueToken::Number(number) => (f64::NAN, Some(Arc::from(number.to_string()))),
        ValueToken::Flag(flag) => (f64::from(u8::from(flag)), None),
        ValueToken::Text(text) if kind.is_text() => (f64::NAN, Some(Arc::from(text.as_ref()))),
        ValueToken::Text(text) => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => (number, None),
            _ => {
                let message = format!("{name} is a number, `{text}` is none");
                return Err(Refused::new("not_a_number", message));
            }
        },
        ValueToken::Nothing(()) => {
            return Ok(Reading {
                property,
                time,
                value: f64::NAN,
                text: None,
                quality: Quality::Invalid,
            });
        }
        ValueToken::Marked(_) => {
            let message = format!("{name} has a value within a value");
            return Err(Refused::new("malformed", message));
        }
    };
    let (value, quality) = kind.judge(number, quality);
    Ok(Reading {
        property,
        time,
        value,
        text,
        quality,
    })
}
