//! Observations: read by the profile of their device, and taken in by the hall like those of every other edge.
//! A success means that they are durable.

use std::sync::Arc;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value, json};
use yiwang_contracts::{Quality, Sample};
use yiwang_kernel::{Timestamp, micros};

use super::super::entity::{Entity, Stream};
use super::super::fault::{Answer, StaFault};
use super::{Change, named, object, parsed};
use crate::intake::{Ack, Kept, Tally};
use crate::profile::Property;
use crate::protocol::Protocol;
use crate::reading::{Message, Reading, Refused};
use crate::slot::Slot;

/// Observations of one request.
const OBSERVATIONS_MAX: usize = 100_000;
const KNOWN: [&str; 8] = [
    "result",
    "phenomenonTime",
    "resultTime",
    "resultQuality",
    "validTime",
    "parameters",
    "Datastream",
    "FeatureOfInterest",
];

impl Change<'_> {
    pub(super) async fn post_observation(
        &self,
        of: Option<&Entity>,
        body: &[u8],
    ) -> Answer<Response> {
        let body = object(body)?;
        let stream = if let Some(Entity::Datastream(stream)) = of {
            stream.clone()
        } else {
            let id = named(body.get("Datastream")).ok_or_else(|| {
                let message = "an Observation belongs to a Datastream: {\"Datastream\": {\"@iot.id\": …}}, or post \
                               it to Datastreams('…')/Observations";
                StaFault::bad("body", message)
            })?;
            self.reader.stream(&id).ok_or_else(StaFault::not_found)?
        };
        let entity = self.observe(&stream, &body).await?;
        self.created(&entity).await
    }

    /// Takes one observation in; answers it as it is kept.
    pub(super) async fn observe(
        &self,
        stream: &Stream,
        body: &Map<String, Value>,
    ) -> Answer<Entity> {
        let (slot, reading) = self.read_one(stream, body)?;
        let sample = sample_of(&reading, micros(self.reader.now));
        self.submit(vec![(slot, reading)]).await?;
        Ok(Entity::Observation(stream.clone(), Box::new(sample)))
    }

    /// Another value at the same time takes the place of the one before.
    pub(super) async fn correct(
        &self,
        stream: &Stream,
        sample: &Sample,
        body: &Map<String, Value>,
    ) -> Answer<Entity> {
        let mut whole = body.clone();
        let at = yiwang_kernel::from_micros(sample.time).to_string();
        let told = body.get("phenomenonTime").and_then(Value::as_str);
        let told = told.map(str::parse::<Timestamp>);
        if told.is_some_and(|told| told.map(micros).ok() != Some(sample.time)) {
            let message = "the time of an Observation is its name; post another Observation";
            return Err(StaFault::bad("body", message));
        }
        whole.insert("phenomenonTime".to_owned(), json!(at));
        whole
            .entry("resultQuality")
            .or_insert_with(|| json!(Quality::Manual));
        self.observe(stream, &whole).await
    }

    /// The reading, if the caller may post it; what is refused is counted, and kept to be looked at.
    fn read_one(&self, stream: &Stream, body: &Map<String, Value>) -> Answer<(Arc<Slot>, Reading)> {
        let (service, now) = (self.reader.service, self.reader.now);
        let slot = self.caller.may_post(service, stream, now)?;
        let received = micros(now);
        let read = stream
            .property()
            .ok_or_else(|| Refused::new("unknown_property", "the profile has no such property"))
            .and_then(|property| reading(property, stream.place, body, received))
            .and_then(|reading| {
                let times = service.settings.times;
                let ahead = reading.time > received + times.ahead;
                if ahead || reading.time < received - times.behind {
                    let (code, words) = if ahead {
                        ("time_ahead", "phenomenonTime is ahead of the clock here")
                    } else {
                        ("time_behind", "phenomenonTime is older than what is kept")
                    };
                    return Err(Refused::new(code, words));
                }
                Ok(reading)
            });
        match read {
            Ok(reading) => Ok((slot, reading)),
            Err(refused) => {
                let bytes = Value::Object(body.clone()).to_string();
                let kept = Kept {
                    edge: Protocol::Sensorthings,
                    slot: Some(&slot),
                    claimed: "",
                    remote: self.remote,
                    bytes: bytes.as_bytes(),
                    at: received,
                };
                service.intake.refuse_whole(kept, &refused);
                Err(StaFault::bad(refused.code, refused.message))
            }
        }
    }

    /// Into the hall, one message for each device; returns once all are durable.
    async fn submit(&self, posted: Vec<(Arc<Slot>, Reading)>) -> Answer<()> {
        let mut messages: Vec<(Arc<Slot>, Vec<Reading>)> = Vec::new();
        for (slot, reading) in posted {
            match messages
                .iter_mut()
                .find(|(known, _)| Arc::ptr_eq(known, &slot))
            {
                Some((_, readings)) => readings.push(reading),
                None => messages.push((slot, vec![reading])),
            }
        }
        let tally = Tally::of(messages.len() as u32);
        for (slot, mut readings) in messages {
            readings.sort_by_key(|reading| reading.time);
            let message = Message {
                slot,
                edge: Protocol::Sensorthings,
                received: micros(self.reader.now),
                readings,
                ack: Ack::Tally(Arc::clone(&tally)),
            };
            let offered = self.reader.service.intake.offer(message).await;
            offered.map_err(crate::SensingError::from)?;
        }
        tally.wait().await;
        Ok(())
    }

    /// The data array extension: many observations of many datastreams; each answered by its link, or by `error`.
    pub(super) async fn create_observations(&self, body: &[u8]) -> Answer<Response> {
        let body = parsed(body)?;
        let groups = body.as_array().ok_or_else(|| {
            StaFault::bad(
                "body",
                "a list of {\"Datastream\": …, \"components\": […], \"dataArray\": […]}",
            )
        })?;
        let (mut links, mut posted) = (Vec::new(), Vec::new());
        for group in groups {
            let rows = rows(group)?;
            if links.len() + rows.len() > OBSERVATIONS_MAX {
                let message = format!(
                    "more than {OBSERVATIONS_MAX} observations at once; send them in parts"
                );
                return Err(StaFault::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "too_many",
                    message,
                ));
            }
            let stream = named(group.get("Datastream")).and_then(|id| self.reader.stream(&id));
            for row in rows {
                let read = stream
                    .as_ref()
                    .map(|stream| (stream, self.read_one(stream, &row)));
                match read {
                    Some((stream, Ok((slot, reading)))) => {
                        let sample = sample_of(&reading, micros(self.reader.now));
                        let entity = Entity::Observation(stream.clone(), Box::new(sample));
                        links.push(self.reader.base.link(&entity.path()));
                        posted.push((slot, reading));
                    }
                    Some((_, Err(_))) | None => links.push("error".to_owned()),
                }
            }
        }
        self.submit(posted).await?;
        Ok((StatusCode::CREATED, Json(links)).into_response())
    }
}

/// The rows of a data array as observations.
fn rows(group: &Value) -> Answer<Vec<Map<String, Value>>> {
    let fault = || {
        StaFault::bad(
            "body",
            "`components` is a list of names, `dataArray` one of rows as long",
        )
    };
    let components = group
        .get("components")
        .and_then(Value::as_array)
        .ok_or_else(fault)?;
    let names: Option<Vec<&str>> = components.iter().map(Value::as_str).collect();
    let names = names.ok_or_else(fault)?;
    let rows = group
        .get("dataArray")
        .and_then(Value::as_array)
        .ok_or_else(fault)?;
    let row = |row: &Value| {
        let values = row
            .as_array()
            .filter(|values| values.len() == names.len())
            .ok_or_else(fault)?;
        let pairs = names.iter().zip(values);
        // The place is the Thing's, and the id is made here; a row that has them says nothing new.
        let pairs =
            pairs.filter(|(name, _)| **name != "id" && !name.starts_with("FeatureOfInterest"));
        Ok(pairs
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect())
    };
    rows.iter().map(row).collect()
}

fn sample_of(reading: &Reading, received: i64) -> Sample {
    Sample {
        time: reading.time,
        received,
        value: reading.value,
        text: reading.text.clone(),
        quality: reading.quality,
    }
}

/// An observation as a reading of a property.
pub(in crate::sensorthings) fn reading(
    property: &Property,
    place: u16,
    body: &Map<String, Value>,
    received: i64,
) -> Result<Reading, Refused> {
    let refused = |message: String| Refused::new("malformed", message);
    let is_known = |name: &&String| KNOWN.contains(&name.as_str()) || name.contains("@iot.");
    if let Some(name) = body.keys().find(|name| !is_known(name)) {
        return Err(refused(format!(
            "`{name}` is no property of an Observation"
        )));
    }
    for name in ["parameters", "validTime"] {
        let is_empty = match body.get(name) {
            None | Some(Value::Null) => true,
            Some(Value::Object(inner)) => inner.is_empty(),
            Some(_) => false,
        };
        if !is_empty {
            return Err(refused(format!(
                "`{name}` of an Observation is not kept here"
            )));
        }
    }
    let time = time(body.get("phenomenonTime"), received)?;
    let quality = match body.get("resultQuality") {
        None | Some(Value::Null) => Quality::Good,
        Some(told) => serde_json::from_value(told.clone())
            .ok()
            .filter(|quality| *quality != Quality::Deleted)
            .ok_or_else(|| {
                let known = "good, maintenance, calibration, fault, stopped, manual, invalid";
                refused(format!("resultQuality is one of {known}"))
            })?,
    };
    let result = body
        .get("result")
        .ok_or_else(|| refused("an Observation has a `result`".to_owned()))?;
    let (number, text) = value(property, result)?;
    let quality = if result.is_null() {
        Quality::Invalid
    } else {
        quality
    };
    let (value, quality) = property.judge(number, quality);
    Ok(Reading {
        property: place,
        time,
        value,
        text,
        quality,
    })
}

fn time(told: Option<&Value>, received: i64) -> Result<i64, Refused> {
    let text = match told {
        None | Some(Value::Null) => return Ok(received),
        Some(Value::String(text)) => text,
        Some(_) => return Err(Refused::new("bad_time", "phenomenonTime is a text")),
    };
    let bad = || {
        let message = format!("phenomenonTime `{text}` is no instant; write 2026-11-23T02:15:00Z");
        Refused::new("bad_time", message)
    };
    let parse = |text: &str| text.parse::<Timestamp>().map(micros).map_err(|_none| bad());
    match text.split_once('/') {
        None => parse(text),
        Some((from, to)) if parse(from)? == parse(to)? => parse(from),
        Some(_) => Err(bad()),
    }
}

fn value(property: &Property, result: &Value) -> Result<(f64, Option<Arc<str>>), Refused> {
    let name = &property.entry.code;
    let not_a_number = || {
        Refused::new(
            "not_a_number",
            format!("{name} is a number, `{result}` is none"),
        )
    };
    Ok(match result {
        Value::Null => (f64::NAN, None),
        Value::String(text) if property.is_text() => (f64::NAN, Some(Arc::from(text.as_str()))),
        other if property.is_text() => (f64::NAN, Some(Arc::from(other.to_string()))),
        Value::Bool(flag) => (f64::from(u8::from(*flag)), None),
        Value::Number(number) => (number.as_f64().ok_or_else(not_a_number)?, None),
        Value::String(text) => {
            let number = text
                .trim()
                .parse::<f64>()
                .ok()
                .filter(|number| number.is_finite());
            (number.ok_or_else(not_a_number)?, None)
        }
        _ => return Err(not_a_number()),
    })
}
