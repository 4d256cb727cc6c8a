//! What other systems push: a hotline's work order, or a message as an e-mail gateway gives it. Pure.

use serde::Deserialize;
use yiwang_coords::{Crs, LonLat};
use yiwang_kernel::{AreaCode, FieldFault, Masked, Position, PositionFault, Timestamp};

use crate::model::{Attachment, NewIncident, NewReporter, Source};

/// A pushed report, either of the hotline's form or of an e-mail's.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum Pushed {
    WorkOrder(Box<WorkOrder>),
    Message(Message),
}

/// A work order of a hotline or another platform.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkOrder {
    /// The sender's number, for life: pushing it again stores nothing new.
    pub r#ref: String,
    pub text: String,
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub item_code: Option<String>,
    #[serde(default)]
    pub address: Option<String>,
    #[serde(default)]
    pub area_code: Option<AreaCode>,
    #[serde(default)]
    pub position: Option<Position>,
    /// The system of `position`, WGS-84 when not said.
    #[serde(default)]
    pub crs: Crs,
    #[serde(default)]
    pub caller: Option<Caller>,
    /// RFC 3339.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    #[serde(default)]
    pub media: Vec<String>,
}

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Caller {
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub name: Option<Masked>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub phone: Option<Masked>,
    /// Handlers must not learn who called.
    #[serde(default)]
    pub secret: bool,
}

/// A message as e-mail gateways give it.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// The message's own id, for life.
    pub message_id: String,
    #[schema(value_type = String)]
    pub from: Masked,
    #[serde(default)]
    pub subject: String,
    pub text: String,
    /// RFC 3339.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
}

/// Longest line made into a title.
const TITLE_CHARS: usize = 40;

impl Pushed {
    /// The case it describes, for a channel that stands for `source`.
    pub fn case(self, channel: &str, source: Source) -> Result<NewIncident, Vec<FieldFault>> {
        match self {
            Self::WorkOrder(order) => order.case(channel, source),
            Self::Message(message) => message.case(channel, source),
        }
    }
}

impl WorkOrder {
    fn case(self, channel: &str, source: Source) -> Result<NewIncident, Vec<FieldFault>> {
        let mut faults = required(&[("/ref", &self.r#ref), ("/text", &self.text)]);
        let position = match self
            .position
            .map(|given| to_wgs84(given, self.crs))
            .transpose()
        {
            Ok(position) => position.flatten(),
            Err(fault) => {
                faults.push(FieldFault::new(
                    "/position",
                    "position.out_of_range",
                    fault.to_string(),
                ));
                None
            }
        };
        if !faults.is_empty() {
            return Err(faults);
        }
        let title = self
            .title
            .filter(|title| !title.trim().is_empty())
            .unwrap_or_else(|| head(&self.text));
        let mut case = NewIncident::new(source, title, self.text);
        case.source_ref = Some(format!("{channel}:{}", self.r#ref));
        case.item_code = self.item_code;
        case.position = position;
        case.area = self.area_code;
        case.address = self.address.unwrap_or_default();
        case.occurred_at = self.at;
        case.attachments = self
            .media
            .into_iter()
            .filter(|url| !url.trim().is_empty())
            .map(|url| Attachment::link(&url))
            .collect();
        case.reporter = self.caller.map(|caller| NewReporter {
            name: caller.name.unwrap_or_else(|| Masked::new("")),
            phone: caller.phone.unwrap_or_else(|| Masked::new("")),
            secret: caller.secret,
        });
        Ok(case)
    }
}

impl Message {
    fn case(self, channel: &str, source: Source) -> Result<NewIncident, Vec<FieldFault>> {
        let faults = required(&[("/message_id", &self.message_id), ("/text", &self.text)]);
        if !faults.is_empty() {
            return Err(faults);
        }
        let title = if self.subject.trim().is_empty() {
            head(&self.text)
        } else {
            self.subject
        };
        let mut case = NewIncident::new(source, title, self.text);
        case.source_ref = Some(format!("{channel}:{}", self.message_id));
        case.occurred_at = self.at;
        case.reporter = Some(NewReporter {
            name: self.from,
            phone: Masked::new(""),
            secret: false,
        });
        Ok(case)
    }
}

fn required(fields: &[(&str, &String)]) -> Vec<FieldFault> {
    let empty = fields.iter().filter(|(_, text)| text.trim().is_empty());
    empty
        .map(|(path, _)| FieldFault::new(*path, "required", "must not be empty"))
        .collect()
}

fn head(text: &str) -> String {
    text.lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(TITLE_CHARS)
        .collect()
}

fn to_wgs84(given: Position, crs: Crs) -> Result<Option<Position>, PositionFault> {
    match Position::new(given.lon, given.lat) {
        Ok(position) => {
            let point = crs.to_wgs84(LonLat {
                lon: position.lon,
                lat: position.lat,
            });
            Ok(Some(Position {
                lon: point.lon,
                lat: point.lat,
            }))
        }
        Err(PositionFault::Null) => Ok(None),
        Err(fault) => Err(fault),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn case(value: serde_json::Value) -> Result<NewIncident, Vec<FieldFault>> {
        serde_json::from_value::<Pushed>(value)
            .unwrap()
            .case("line", Source::Hotline)
    }

    #[test]
    fn both_forms_become_cases() {
        let order = case(json!({ "ref": "A1", "text": "路灯不亮\n第二行", "position": { "lon": 120.2, "lat": 31.9 },
            "caller": { "name": "某", "phone": "10000000002" } }))
        .unwrap();
        assert_eq!(
            (order.title.as_str(), order.source_ref.as_deref()),
            ("路灯不亮", Some("line:A1"))
        );
        assert!(order.position.is_some() && order.reporter.is_some());
        let mail = case(
            json!({ "message_id": "<1@x>", "from": "a@example.invalid", "subject": "Noise", "text": "loud" }),
        );
        assert_eq!(mail.unwrap().title, "Noise");
    }

    #[test]
    fn faults_name_their_fields() {
        let faults =
            case(json!({ "ref": " ", "text": "", "position": { "lon": 500.0, "lat": 0.0 } }))
                .unwrap_err();
        let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(paths, ["/ref", "/text", "/position"]);
        let nowhere =
            case(json!({ "ref": "1", "text": "x", "position": { "lon": 0.0, "lat": 0.0 } }))
                .unwrap();
        assert_eq!(nowhere.position, None);
    }
}
