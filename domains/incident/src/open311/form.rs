//! The two forms of an answer, JSON and XML, from one description.
//!
//! GeoReport v2 answers lists; in XML each list has a wrapper element and a name for its entries.

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use serde_json::Value;

/// The form that a client asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    Xml,
}

impl Form {
    /// By the ending of the path, else by `Accept`, else JSON.
    pub(super) fn asked<'a>(last: &'a str, headers: &HeaderMap) -> (&'a str, Self) {
        if let Some(rest) = last.strip_suffix(".json") {
            return (rest, Self::Json);
        }
        if let Some(rest) = last.strip_suffix(".xml") {
            return (rest, Self::Xml);
        }
        let accept = headers
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let xml = accept.contains("xml") && !accept.contains("json");
        (last, if xml { Self::Xml } else { Self::Json })
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Xml => "text/xml; charset=utf-8",
        }
    }
}

/// A list of entries with its names in XML: `services` of `service`.
pub(super) struct Listing {
    pub(super) wrapper: &'static str,
    pub(super) entry: &'static str,
    pub(super) entries: Vec<Value>,
}

/// The answer in the form that was asked for.
pub(super) fn answer(status: StatusCode, form: Form, listing: &Listing) -> Response {
    let body = match form {
        Form::Json => serde_json::to_vec(&listing.entries).unwrap_or_default(),
        Form::Xml => xml(listing).unwrap_or_default(),
    };
    respond(status, form, body)
}

/// An answer that is one object in JSON and one element in XML (a service definition, discovery).
pub(super) fn answer_one(form: Form, element: &'static str, value: &Value) -> Response {
    let body = match form {
        Form::Json => serde_json::to_vec(value).unwrap_or_default(),
        Form::Xml => one_xml(element, value).unwrap_or_default(),
    };
    respond(StatusCode::OK, form, body)
}

fn respond(status: StatusCode, form: Form, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static(form.media_type()),
    );
    response
}

type Xml = Writer<Vec<u8>>;

fn begin() -> std::io::Result<Xml> {
    let mut writer = Writer::new(Vec::new());
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    Ok(writer)
}

fn xml(listing: &Listing) -> std::io::Result<Vec<u8>> {
    let mut writer = begin()?;
    writer.write_event(Event::Start(BytesStart::new(listing.wrapper)))?;
    for entry in &listing.entries {
        element(&mut writer, listing.entry, entry)?;
    }
    writer.write_event(Event::End(BytesEnd::new(listing.wrapper)))?;
    Ok(writer.into_inner())
}

fn one_xml(name: &'static str, value: &Value) -> std::io::Result<Vec<u8>> {
    let mut writer = begin()?;
    element(&mut writer, name, value)?;
    Ok(writer.into_inner())
}

fn element(writer: &mut Xml, name: &str, value: &Value) -> std::io::Result<()> {
    if value.is_null() {
        return writer.write_event(Event::Empty(BytesStart::new(name)));
    }
    writer.write_event(Event::Start(BytesStart::new(name)))?;
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                element(writer, field, value)?;
            }
        }
        Value::Array(entries) => {
            for entry in entries {
                element(writer, singular(name), entry)?;
            }
        }
        Value::String(text) => text_event(writer, text)?,
        other => text_event(writer, &other.to_string())?,
    }
    writer.write_event(Event::End(BytesEnd::new(name)))
}

/// The name of one entry of a named list, as the standard has it.
fn singular(name: &str) -> &str {
    match name {
        "attributes" => "attribute",
        "values" => "value",
        "endpoints" => "endpoint",
        "formats" => "format",
        other => other,
    }
}

/// Escaped, and without the control characters that XML 1.0 cannot hold.
fn text_event(writer: &mut Xml, text: &str) -> std::io::Result<()> {
    let clean: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'))
        .collect();
    writer.write_event(Event::Text(BytesText::new(&clean)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn xml_is_well_formed_whatever_people_write() {
        let listing = Listing {
            wrapper: "service_requests",
            entry: "request",
            entries: vec![
                json!({ "description": "a < b & \u{1} \"c\"", "lat": 31.9, "media_url": null }),
            ],
        };
        let text = String::from_utf8(xml(&listing).unwrap()).unwrap();
        assert_eq!(
            text,
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><service_requests><request>\
             <description>a &lt; b &amp;  &quot;c&quot;</description><lat>31.9</lat><media_url/></request></service_requests>"
        );
    }

    #[test]
    fn the_ending_decides_the_form() {
        let mut headers = HeaderMap::new();
        assert_eq!(
            Form::asked("requests.xml", &headers),
            ("requests", Form::Xml)
        );
        assert_eq!(
            Form::asked("02.01.01.json", &headers),
            ("02.01.01", Form::Json)
        );
        assert_eq!(Form::asked("requests", &headers), ("requests", Form::Json));
        headers.insert(header::ACCEPT, header::HeaderValue::from_static("text/xml"));
        assert_eq!(Form::asked("requests", &headers), ("requests", Form::Xml));
    }
}
