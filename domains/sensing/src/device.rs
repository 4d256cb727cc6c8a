//! Devices as they are registered. Pure.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use yiwang_contracts::{OrgId, Subject};
use yiwang_kernel::{AreaCode, Digest, FieldFault, Position, Timestamp, typed_id};

use crate::protocol::Protocol;

typed_id!(
    /// A device.
    DeviceId
);

/// Where a device stands in its life.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    /// Its readings are taken and judged.
    Active,
    /// Its readings are taken and marked: somebody works on it.
    Maintenance,
    /// Nothing of it is taken.
    Disabled,
    /// Gone for good; its history stays.
    Retired,
}

impl DeviceState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Maintenance => "maintenance",
            Self::Disabled => "disabled",
            Self::Retired => "retired",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        [
            Self::Active,
            Self::Maintenance,
            Self::Disabled,
            Self::Retired,
        ]
        .into_iter()
        .find(|state| state.as_str() == word)
    }

    /// Is anything of it taken in?
    pub fn takes(self) -> bool {
        matches!(self, Self::Active | Self::Maintenance)
    }
}

/// A registered device.
#[derive(Debug, Clone, PartialEq)]
pub struct Device {
    pub id: DeviceId,
    /// Stable for life; names it in topics and in the history.
    pub code: String,
    pub profile: String,
    pub name: String,
    pub org_id: Option<OrgId>,
    pub area: Option<AreaCode>,
    pub secrecy: u8,
    pub position: Option<Position>,
    pub place: Option<String>,
    pub state: DeviceState,
    /// Devices that are judged together: a drainage area, a site.
    pub group: Option<String>,
    pub protocol: Protocol,
    /// Its name in that protocol: MN, station address, phone number.
    pub address: Option<String>,
    pub interval_seconds: Option<u32>,
    /// Figures of its own that rules may use: `{ "guard_level": 3.2 }`.
    pub attributes: Map<String, Value>,
    pub installed_at: Option<Timestamp>,
    pub calibrated_at: Option<Timestamp>,
    pub calibration_due: Option<Timestamp>,
    pub token: Option<Digest>,
    /// SHA-256 of its client certificate.
    pub certificate: Option<Digest>,
    /// What the protocol itself asks for: HJ 212 password, JT/T 808 authentication code.
    pub secret: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub updated_by: String,
    pub version: i64,
}

impl Device {
    /// Is a credential of it good no longer, now that it is `other`?
    pub(crate) fn has_lost_to(&self, other: &Self) -> bool {
        let is_gone = |before: Option<Digest>, now| before.is_some() && before != now;
        is_gone(self.token, other.token)
            || is_gone(self.certificate, other.certificate)
            || (self.secret.is_some() && other.secret.is_none())
    }

    /// What rights look at. A device without an owner belongs to nobody but the whole city.
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            orgs: self.org_id.as_slice(),
            area: self.area.as_ref(),
            secrecy: self.secrecy,
        }
    }
}

/// A device to register.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateDevice {
    /// Letters, digits, `-`, `_`, `.`; at most 64.
    pub code: String,
    pub profile: String,
    pub name: String,
    /// Code of the unit that owns it.
    #[serde(default)]
    pub org: Option<String>,
    /// Code of its area; found by its position where it is not given.
    #[serde(default)]
    pub area: Option<AreaCode>,
    /// 1 ordinary … 4 most secret.
    #[serde(default = "ordinary")]
    pub secrecy: u8,
    #[serde(default)]
    pub position: Option<Position>,
    #[serde(default)]
    pub place: Option<String>,
    #[serde(default)]
    pub group: Option<String>,
    pub protocol: Protocol,
    #[serde(default)]
    pub address: Option<String>,
    #[serde(default)]
    pub interval_seconds: Option<u32>,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub attributes: Map<String, Value>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub installed_at: Option<Timestamp>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub calibrated_at: Option<Timestamp>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub calibration_due: Option<Timestamp>,
    /// What the protocol itself asks for.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password)]
    pub secret: Option<String>,
}

/// What to change of a device; absent stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UpdateDevice {
    pub name: Option<String>,
    pub org: Option<String>,
    pub area: Option<AreaCode>,
    pub secrecy: Option<u8>,
    pub position: Option<Position>,
    pub place: Option<String>,
    pub state: Option<DeviceState>,
    pub group: Option<String>,
    pub address: Option<String>,
    pub interval_seconds: Option<u32>,
    #[schema(value_type = Option<Object>)]
    pub attributes: Option<Map<String, Value>>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub calibrated_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub calibration_due: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = Password)]
    pub secret: Option<String>,
}

fn ordinary() -> u8 {
    1
}

const CODE_LENGTH_MAX: usize = 64;
const NAME_LENGTH_MAX: usize = 128;
const ATTRIBUTES_MAX: usize = 64;

impl CreateDevice {
    /// Everything that is wrong with the form itself.
    pub(crate) fn faults(&self) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        let mut fault = |path: &str, code: &str, message: &str| {
            faults.push(FieldFault::new(path, code, message));
        };
        if !is_device_code(&self.code) {
            let message = "a code has 1 to 64 letters, digits, `-`, `_` or `.`";
            fault("/code", "malformed", message);
        }
        if self.name.trim().is_empty() || self.name.chars().count() > NAME_LENGTH_MAX {
            fault("/name", "malformed", "must have 1 to 128 characters");
        }
        if !(1..=4).contains(&self.secrecy) {
            fault("/secrecy", "out_of_range", "must be 1 to 4");
        }
        if self.interval_seconds == Some(0) {
            fault("/interval_seconds", "out_of_range", "must be at least 1");
        }
        if self.attributes.len() > ATTRIBUTES_MAX {
            fault("/attributes", "too_many", "at most 64 attributes");
        }
        let needs_address = matches!(
            self.protocol,
            Protocol::Hj212 | Protocol::Sl651 | Protocol::Jt808 | Protocol::Gb26875
        );
        if needs_address && self.address.as_deref().is_none_or(str::is_empty) {
            let message = "the protocol knows a device by an address (MN, station, phone, source)";
            fault("/address", "missing", message);
        }
        faults
    }
}

pub(crate) fn is_device_code(code: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !code.is_empty() && code.len() <= CODE_LENGTH_MAX && code.chars().all(good)
}
