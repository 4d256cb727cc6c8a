//! One line of a case's log, and the face of a case that the log compares before and after.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use yiwang_contracts::{IncidentId, UserId};
use yiwang_kernel::{AreaCode, Digest, Timestamp, chain_digest};

use super::{Incident, Status};

/// An action as it is stored. `hash` covers the row and the digest before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    pub incident_id: IncidentId,
    /// From 1, without gaps.
    pub seq: i64,
    pub at: Timestamp,
    pub user_id: Option<UserId>,
    pub command: String,
    /// [`ActionBody`] as compact JSON, exactly the bytes that were hashed.
    pub body: String,
    pub hash: Digest,
}

/// What an action says beside who, when and what.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ActionBody {
    /// The name as it was then.
    #[serde(rename = "n", default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    #[serde(rename = "o", default, skip_serializing_if = "String::is_empty")]
    pub org: String,
    #[serde(rename = "ip", default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    #[serde(rename = "t", default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    #[serde(rename = "b", default, skip_serializing_if = "Map::is_empty")]
    pub before: Map<String, Value>,
    #[serde(rename = "a", default, skip_serializing_if = "Map::is_empty")]
    pub after: Map<String, Value>,
}

impl Action {
    /// The digest that belongs after `previous`.
    pub fn digest(&self, previous: &Digest) -> Digest {
        let user = self.user_id.map(|user| user.0.into_bytes());
        chain_digest(
            previous,
            &[
                self.incident_id.0.as_bytes(),
                &self.seq.to_be_bytes(),
                &self.at.as_millisecond().to_be_bytes(),
                user.as_ref().map_or(&[][..], |bytes| &bytes[..]),
                self.command.as_bytes(),
                self.body.as_bytes(),
            ],
        )
    }
}

/// What of a case a timeline compares.
pub struct Face;

impl Face {
    /// The fields of `after` that differ from `before`, from both sides.
    pub fn difference(
        before: &Incident,
        after: &Incident,
    ) -> (Map<String, Value>, Map<String, Value>) {
        let (mut old, mut new) = (Map::new(), Map::new());
        for ((key, was), (_, is)) in fields(before).into_iter().zip(fields(after)) {
            if was != is {
                put(&mut old, key, was);
                put(&mut new, key, is);
            }
        }
        for task in &after.tasks {
            let was = before.task(task.no);
            let key = format!("task {}", task.no);
            if was.is_none_or(|was| was.org_id != task.org_id) {
                new.insert(format!("{key} org"), task.org_id.0.to_string().into());
            }
            if was.is_none_or(|was| was.status != task.status) {
                if let Some(was) = was {
                    old.insert(key.clone(), was.status.as_str().into());
                }
                new.insert(key.clone(), task.status.as_str().into());
            }
            if was.is_some_and(|was| was.assignee != task.assignee) {
                let assignee = task
                    .assignee
                    .map_or(Value::Null, |user| user.0.to_string().into());
                put(&mut new, &format!("{key} assignee"), assignee);
            }
        }
        (old, new)
    }
}

fn put(map: &mut Map<String, Value>, key: &str, value: Value) {
    if !value.is_null() {
        map.insert(key.to_owned(), value);
    }
}

fn fields(incident: &Incident) -> [(&'static str, Value); 15] {
    let text = |value: Option<&str>| value.map_or(Value::Null, Value::from);
    let yes = |value: bool| {
        if value {
            Value::Bool(true)
        } else {
            Value::Null
        }
    };
    let doc = &incident.doc;
    [
        ("status", incident.status.as_str().into()),
        (
            "grade",
            serde_json::to_value(incident.grade).unwrap_or_default(),
        ),
        ("item", text(incident.item_code.as_deref())),
        ("area", text(incident.area.as_ref().map(AreaCode::as_str))),
        (
            "position",
            serde_json::to_value(incident.position).unwrap_or_default(),
        ),
        ("title", incident.title.as_str().into()),
        (
            "address",
            text(Some(incident.address.as_str()).filter(|text| !text.is_empty())),
        ),
        ("secrecy", incident.secrecy.into()),
        ("suspended", yes(incident.is_suspended())),
        ("consulting", yes(doc.consulting)),
        ("outcome", text(doc.outcome.map(super::Outcome::as_str))),
        (
            "merged_into",
            incident
                .merged_into
                .map_or(Value::Null, |id| id.0.to_string().into()),
        ),
        (
            "children",
            if doc.children.is_empty() {
                Value::Null
            } else {
                doc.children.len().into()
            },
        ),
        ("excluded", yes(doc.excluded.is_some())),
        ("mass", yes(incident.has(super::Flag::Mass))),
    ]
}

impl ActionBody {
    /// The status this action led to, if it changed it.
    pub fn status_after(&self) -> Option<Status> {
        self.after
            .get("status")
            .and_then(Value::as_str)
            .and_then(Status::parse)
    }
}
