//! JSON of another platform: the values stand where the profile's pointers (RFC 6901) say.

use jiff::tz::Offset;
use serde_json::{Map, Value};

use super::Decoded;
use super::json::read_object;
use super::time::{time_of, time_of_number};
use crate::profile::{ForeignEntry, Profile};
use crate::reading::Refused;

/// Reads one message; a value that is not there is left out.
pub(crate) fn read_foreign(
    entry: &ForeignEntry,
    profile: &Profile,
    payload: &[u8],
    received: i64,
    zone: Offset,
) -> Result<Decoded, Refused> {
    let document: Value = serde_json::from_slice(payload)
        .map_err(|error| Refused::new("malformed", format!("no JSON: {error}")))?;
    let time = match entry.time.as_deref().map(|at| (at, document.pointer(at))) {
        None => received,
        Some((_, Some(found))) => instant(found, zone)?,
        Some((pointer, None)) => {
            let message = format!("there is no time at {pointer}");
            return Err(Refused::new("bad_time", message));
        }
    };
    let values = entry.values.iter().filter_map(|(code, pointer)| {
        let value = document.pointer(pointer)?;
        Some((code.clone(), value.clone()))
    });
    let values: Map<String, Value> = values.collect();
    if values.is_empty() {
        let pointers: Vec<&str> = entry.values.values().map(String::as_str).collect();
        let message = format!("there is nothing at {}", pointers.join(", "));
        return Err(Refused::new("no_values", message));
    }
    let mut decoded = Decoded::default();
    read_object(Value::Object(values), profile, time, zone, &mut decoded);
    Ok(decoded)
}

fn instant(found: &Value, zone: Offset) -> Result<i64, Refused> {
    let instant = match found {
        Value::Number(number) => time_of_number(number.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => time_of(text, zone),
        _ => return Err(Refused::new("bad_time", format!("{found} is no time"))),
    };
    instant.map_err(|fault| Refused::new("bad_time", fault.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::ProfileEntry;

    fn profile() -> Profile {
        let entry: ProfileEntry = serde_json::from_value(serde_json::json!({
            "code": "gauge", "name": { "zh": "计" }, "theme": "hydrology", "interval_seconds": 60,
            "properties": [{ "code": "level", "name": { "zh": "水位" }, "resolution": 0.01 },
                           { "code": "state", "name": { "zh": "状态" }, "kind": "text" }],
            "foreign": [{ "topic": "iot/{device}", "time": "/at", "values": { "level": "/data/0/v", "state": "/s" } }]
        }))
        .unwrap();
        Profile::new(entry)
    }

    #[test]
    fn values_are_taken_from_where_the_profile_says() {
        let profile = profile();
        let zone = Offset::from_hours(8).unwrap();
        let read = |payload: &str| {
            let entry = &profile.entry.foreign[0];
            read_foreign(entry, &profile, payload.as_bytes(), 7, zone)
        };
        let decoded = read(r#"{"at": 1764000000, "data": [{"v": "1.234"}], "s": "ok"}"#).unwrap();
        let readings: Vec<_> = decoded
            .readings
            .iter()
            .map(|each| (each.property, each.time, each.value, each.text.as_deref()))
            .collect();
        assert_eq!(readings[0], (0, 1_764_000_000_000_000, 1.23, None));
        assert_eq!(readings[1].3, Some("ok"));
        for (payload, code) in [
            ("nonsense", "malformed"),
            (r#"{"data": [{"v": 1}]}"#, "bad_time"),
            (r#"{"at": {}, "data": [{"v": 1}]}"#, "bad_time"),
            (r#"{"at": 1764000000}"#, "no_values"),
        ] {
            assert_eq!(read(payload).unwrap_err().code, code, "{payload}");
        }
        let decoded = read(r#"{"at": 1764000000, "data": [{"v": "high"}]}"#).unwrap();
        assert_eq!(decoded.refused[0].code, "not_a_number");
    }
}
