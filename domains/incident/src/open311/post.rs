//! What a client posts: a form (as the standard has it) or the same fields as JSON.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, StatusCode, header};
use serde_json::Value;
use yiwang_kernel::{Masked, Position, PositionFault};

use super::fault::Open311Fault;
use crate::model::{Attachment, NewIncident, NewReporter, Sent, Source};

/// Longest description, as the standard sets it.
const DESCRIPTION_CHARS_MAX: usize = 4_000;
/// Longest of the short fields.
const FIELD_CHARS_MAX: usize = 500;

/// The fields of a post, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Posted(BTreeMap<String, String>);

impl Posted {
    /// Reads a body by its content type.
    pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, Open311Fault> {
        let kind = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let bad = |reason: String| Open311Fault::new(StatusCode::BAD_REQUEST, reason);
        if kind.starts_with("application/json") {
            let value: Value = serde_json::from_slice(body)
                .map_err(|error| bad(format!("the JSON is broken: {error}")))?;
            let Value::Object(fields) = value else {
                return Err(bad("the body must be an object".to_owned()));
            };
            return Ok(Self(
                fields
                    .into_iter()
                    .filter_map(|(name, value)| Some((name, plain(value)?)))
                    .collect(),
            ));
        }
        if kind.is_empty() || kind.starts_with("application/x-www-form-urlencoded") {
            let text = std::str::from_utf8(body)
                .map_err(|_not_text| bad("the form is not UTF-8".to_owned()))?;
            return Ok(Self::form(text));
        }
        let reason = format!("{kind} is not taken; send a form or JSON");
        Err(Open311Fault::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            reason,
        ))
    }

    /// The fields of a form with files.
    pub(super) fn of_parts(fields: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(fields.into_iter().collect())
    }

    /// Reads `a=1&b=2` with percent-encoding.
    pub(super) fn form(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        });
        Self(pairs.collect())
    }

    /// The fields as JSON, without the client's key.
    pub(super) fn sent(&self) -> Sent {
        let fields: BTreeMap<&String, &String> = self
            .0
            .iter()
            .filter(|(name, _)| *name != "api_key")
            .collect();
        let body = serde_json::to_vec(&fields).unwrap_or_default();
        Sent::json("open311", body.into())
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
    }

    /// The case that was posted for a service whose name is given. All faults at once.
    pub(super) fn case(
        &self,
        service_code: &str,
        service_name: &str,
    ) -> Result<NewIncident, Open311Fault> {
        let mut reasons = Vec::new();
        let description = self.get("description").unwrap_or_default();
        if description.chars().count() > DESCRIPTION_CHARS_MAX {
            reasons.push(format!(
                "description is longer than {DESCRIPTION_CHARS_MAX} characters"
            ));
        }
        for (name, value) in &self.0 {
            if name != "description" && value.chars().count() > FIELD_CHARS_MAX {
                reasons.push(format!(
                    "{name} is longer than {FIELD_CHARS_MAX} characters"
                ));
            }
        }
        let position = match self.position() {
            Ok(position) => position,
            Err(reason) => {
                reasons.push(reason);
                None
            }
        };
        let address = self.get("address_string").unwrap_or_default();
        if position.is_none() && address.is_empty() && reasons.is_empty() {
            reasons.push(
                "a location was not provided: send lat and long, or address_string".to_owned(),
            );
        }
        if !reasons.is_empty() {
            return Err(Open311Fault {
                status: StatusCode::BAD_REQUEST,
                reasons,
            });
        }
        let mut case = NewIncident::new(
            Source::Open311,
            title(service_name, description),
            self.described(description),
        );
        case.item_code = Some(service_code.to_owned());
        case.position = position;
        address.clone_into(&mut case.address);
        case.reporter = self.reporter();
        case.attachments = self
            .get("media_url")
            .map(Attachment::link)
            .into_iter()
            .collect();
        Ok(case)
    }

    fn position(&self) -> Result<Option<Position>, String> {
        let (lat, lon) = match (self.get("lat"), self.get("long")) {
            (None, None) => return Ok(None),
            (Some(lat), Some(lon)) => (lat, lon),
            _ => return Err("lat and long go together".to_owned()),
        };
        let number = |name: &str, text: &str| {
            text.parse::<f64>()
                .map_err(|_not_a_number| format!("{name} “{text}” is not a number of degrees"))
        };
        match Position::new(number("long", lon)?, number("lat", lat)?) {
            Ok(position) => Ok(Some(position)),
            Err(PositionFault::Null) => Ok(None),
            Err(PositionFault::OutOfRange) => {
                Err("lat must be within -90..90 and long within -180..180".to_owned())
            }
        }
    }

    /// The description with the service's further answers under it.
    fn described(&self, description: &str) -> String {
        let mut text = description.to_owned();
        for (name, value) in &self.0 {
            if let Some(code) = name
                .strip_prefix("attribute[")
                .and_then(|rest| rest.split(']').next())
            {
                text.extend(["\n", code, ": ", value]);
            }
        }
        text
    }

    fn reporter(&self) -> Option<NewReporter> {
        let name = [self.get("last_name"), self.get("first_name")]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        let contact = self
            .get("phone")
            .or_else(|| self.get("email"))
            .unwrap_or_default();
        (!name.is_empty() || !contact.is_empty()).then(|| NewReporter {
            name: Masked::new(name),
            phone: Masked::new(contact),
            secret: false,
        })
    }
}

/// A short line for lists: the service and how the description begins.
fn title(service: &str, description: &str) -> String {
    let begin: String = description
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(40)
        .collect();
    if begin.is_empty() {
        service.to_owned()
    } else {
        format!("{service}：{begin}")
    }
}

fn plain(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Percent-decoding of a form: `+` is a space; a broken escape stays as it is.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'+' => out.push(b' '),
            b'%' => match after.get(..2).and_then(|two| hex::decode(two).ok()) {
                Some(decoded) => {
                    out.extend(decoded);
                    rest = after.get(2..).unwrap_or_default();
                }
                None => out.push(b'%'),
            },
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(form: &str) -> Vec<String> {
        Posted::form(form)
            .case("02.01.01", "路面坑洼破损")
            .unwrap_err()
            .reasons
    }

    #[test]
    fn a_form_becomes_a_case() {
        let form = "service_code=02.01.01&lat=31.92&long=120.285&description=%E5%A4%A7%E5%9D%91+a%2Bb&phone=10000000001\
                    &first_name=A&last_name=B&attribute[SIZE]=3&media_url=http%3A%2F%2Fx%2Fp.jpg";
        let case = Posted::form(form).case("02.01.01", "路面坑洼破损").unwrap();
        assert_eq!(case.title, "路面坑洼破损：大坑 a+b");
        assert_eq!(case.description, "大坑 a+b\nSIZE: 3");
        assert_eq!(case.position.unwrap().lon.to_string(), "120.285");
        assert_eq!(case.reporter.unwrap().name.reveal(), "B A");
        assert_eq!(case.attachments.len(), 1);
    }

    #[test]
    fn every_fault_is_said_at_once() {
        assert_eq!(faults("lat=31&description=x").len(), 1);
        assert_eq!(
            faults("description=x"),
            ["a location was not provided: send lat and long, or address_string"]
        );
        assert_eq!(faults("lat=95&long=1").len(), 1);
        assert_eq!(
            faults("lat=north&long=1"),
            ["lat “north” is not a number of degrees"]
        );
        let long = format!("lat=1&long=x&description={}", "a".repeat(4_001));
        assert_eq!(faults(&long).len(), 2);
    }

    #[test]
    fn json_is_taken_and_other_kinds_are_not() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static("application/json"),
        );
        let posted =
            Posted::read(&headers, br#"{"lat":31.5,"long":120.1,"description":null}"#).unwrap();
        assert_eq!(posted.get("lat"), Some("31.5"));
        assert_eq!(posted.get("description"), None);
        assert!(Posted::read(&headers, b"[1]").is_err());
        headers.insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static("text/csv"),
        );
        assert_eq!(
            Posted::read(&headers, b"").unwrap_err().status,
            StatusCode::UNSUPPORTED_MEDIA_TYPE
        );
    }

    #[test]
    fn broken_escapes_stay_as_they_are() {
        for (text, plain) in [
            ("%", "%"),
            ("%zz", "%zz"),
            ("a%41", "aA"),
            ("%E4%BD%A0", "你"),
        ] {
            assert_eq!(decode(text), plain);
        }
    }
}
