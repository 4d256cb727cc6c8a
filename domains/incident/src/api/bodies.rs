//! Bodies in and out that are not views of the domain.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use yiwang_contracts::{Grade, UserId};
use yiwang_coords::{Crs, LonLat};
use yiwang_kernel::{AreaCode, Masked, Position, Timestamp};

use crate::IncidentError;
use crate::model::{Action, ActionBody, Attachment, NewIncident, NewReporter, Source};

/// The coordinate system of a position that comes in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CrsName {
    /// WGS-84 or CGCS2000.
    #[default]
    Wgs84,
    /// What map apps show in China.
    Gcj02,
    Bd09,
}

impl CrsName {
    /// The place on the ground; `Ok(None)` for 0,0, which means that no place is known.
    pub(crate) fn place(self, given: Position) -> Result<Option<Position>, IncidentError> {
        if given.lon == 0.0 && given.lat == 0.0 {
            return Ok(None);
        }
        let crs = match self {
            Self::Wgs84 => Crs::Wgs84,
            Self::Gcj02 => Crs::Gcj02,
            Self::Bd09 => Crs::Bd09,
        };
        let found = crs.to_wgs84(LonLat {
            lon: given.lon,
            lat: given.lat,
        });
        match Position::new(found.lon, found.lat) {
            Ok(position) => Ok(Some(position)),
            Err(fault) => Err(IncidentError::invalid("position", fault.to_string())),
        }
    }
}

/// A report to be taken in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateIncident {
    source: Source,
    /// The other side's number. The same number of the same source is the same case, for life.
    #[serde(default)]
    source_ref: Option<String>,
    #[serde(default)]
    title: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    item_code: Option<String>,
    #[serde(default)]
    grade: Option<Grade>,
    #[serde(default)]
    position: Option<Position>,
    #[serde(default)]
    crs: CrsName,
    #[serde(default)]
    address: Option<String>,
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    area_code: Option<AreaCode>,
    #[serde(default)]
    reporter: Option<ReporterBody>,
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(default)]
    occurred_at: Option<Timestamp>,
    #[serde(default)]
    attachments: Vec<Attachment>,
    /// Taken down by an officer who accepts it at once.
    #[serde(default)]
    desk: bool,
}

/// Who reported.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReporterBody {
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    name: Option<Masked>,
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    phone: Option<Masked>,
    /// Handlers must not learn who it was.
    #[serde(default)]
    secret: bool,
}

impl CreateIncident {
    pub(crate) fn into_new(self) -> Result<NewIncident, IncidentError> {
        let position = match self.position {
            Some(given) => self.crs.place(given)?,
            None => None,
        };
        let blank = || Masked::new("");
        let reporter = self.reporter.map(|body| NewReporter {
            name: body.name.unwrap_or_else(blank),
            phone: body.phone.unwrap_or_else(blank),
            secret: body.secret,
        });
        Ok(NewIncident {
            source_ref: self.source_ref,
            item_code: self.item_code,
            grade: self.grade,
            position,
            address: self.address.unwrap_or_default(),
            area: self.area_code,
            reporter: reporter.filter(|reporter| {
                !reporter.name.reveal().is_empty() || !reporter.phone.reveal().is_empty()
            }),
            occurred_at: self.occurred_at,
            attachments: self.attachments,
            desk: self.desk,
            ..NewIncident::new(self.source, self.title, self.description)
        })
    }
}

/// One entry of a case's log.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ActionView {
    seq: i64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    actor: ActorView,
    from_ip: Option<String>,
    command: String,
    text: String,
    /// What changed, as it was.
    #[schema(value_type = Object)]
    before: Map<String, Value>,
    /// What changed, as it is since.
    #[schema(value_type = Object)]
    after: Map<String, Value>,
    /// SHA-256 over this entry and the digest before it, in hexadecimal.
    hash: String,
}

/// Whoever acted, by the name of that time.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ActorView {
    id: Option<UserId>,
    name: String,
    org: String,
}

impl From<Action> for ActionView {
    fn from(action: Action) -> Self {
        let body: ActionBody = serde_json::from_str(&action.body).unwrap_or_default();
        Self {
            seq: action.seq,
            at: action.at,
            actor: ActorView {
                id: action.user_id,
                name: body.name,
                org: body.org,
            },
            from_ip: body.ip,
            command: action.command,
            text: body.text,
            before: body.before,
            after: body.after,
            hash: hex::encode(action.hash),
        }
    }
}
