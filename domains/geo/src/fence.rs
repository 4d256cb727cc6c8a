//! Fences (电子围栏): who may be where, and what is told when somebody is not.

use serde::{Deserialize, Serialize};
use yiwang_contracts::{OrgId, Subject};
use yiwang_geofence::{Border, Concerns, FenceSpec, Outline, Rules, Schedule};
use yiwang_kernel::{AreaCode, FieldFault, Timestamp, micros, typed_id};

typed_id!(
    /// A fence.
    FenceId
);
typed_id!(
    /// Something that was told about a fence.
    FenceEventId
);

const NAME_LENGTH_MAX: usize = 128;

/// A fence as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Fence {
    pub id: FenceId,
    pub name: String,
    pub plan: FencePlan,
    pub org_id: Option<OrgId>,
    pub area: Option<AreaCode>,
    pub secrecy: u8,
    /// Is it looked at?
    pub is_on: bool,
    pub updated_at: Timestamp,
    pub updated_by: String,
    pub version: i64,
}

/// Where it is, for whom, when, and what is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FencePlan {
    pub outline: Outline,
    /// Codes of devices; as tags the codes of their profiles and groups.
    #[serde(default)]
    pub concerns: Concerns,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    #[serde(default)]
    pub rules: Rules,
    #[serde(default)]
    pub border: Border,
}

/// A fence to set up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateFence {
    pub name: String,
    pub plan: FencePlan,
    /// Code of the unit that answers for it.
    #[serde(default)]
    pub org: Option<String>,
    #[serde(default)]
    pub area: Option<AreaCode>,
    /// 1 ordinary … 4 most secret.
    #[serde(default = "ordinary")]
    pub secrecy: u8,
}

/// What to change of a fence; absent stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UpdateFence {
    pub name: Option<String>,
    pub plan: Option<FencePlan>,
    pub is_on: Option<bool>,
}

/// Something that was told about a fence and a device.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct FenceEvent {
    pub id: FenceEventId,
    pub fence_id: FenceId,
    pub fence_name: String,
    /// Code of the device.
    pub device: String,
    /// `entered`, `left`, `dwelled`, `off_route`, `on_route`, `overspeed`, `speed_kept`, `forbidden`, `silent`, `heard`,
    /// `released`.
    pub kind: String,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// When it was certain.
    #[schema(value_type = String, format = DateTime)]
    pub decided_at: Timestamp,
    pub lon: f64,
    pub lat: f64,
    /// What explains it: speed, limit, metres off the route, minutes inside.
    #[schema(value_type = Object)]
    pub figures: serde_json::Value,
    #[serde(skip)]
    pub org_id: Option<OrgId>,
    #[serde(skip)]
    pub area: Option<AreaCode>,
    #[serde(skip)]
    pub secrecy: u8,
}

fn ordinary() -> u8 {
    1
}

impl FencePlan {
    /// As the tracker takes it.
    pub(crate) fn spec(&self, id: FenceId) -> FenceSpec {
        FenceSpec {
            id: id.to_string(),
            outline: self.outline.clone(),
            concerns: self.concerns.clone(),
            from: self.from.map(micros),
            until: self.until.map(micros),
            schedule: self.schedule.clone(),
            rules: self.rules.clone(),
            border: self.border.clone(),
        }
    }

    /// Everything that is wrong with it.
    pub(crate) fn faults(&self) -> Vec<FieldFault> {
        let mut tracker = yiwang_geofence::Tracker::default();
        let spec = FenceSpec {
            id: "fence".to_owned(),
            ..self.spec(FenceId(yiwang_kernel::Uuid::nil()))
        };
        match tracker.put_fence(spec, 0, &mut Vec::new()) {
            Ok(()) => Vec::new(),
            Err(fault) => vec![FieldFault::new("/plan", "malformed", fault.to_string())],
        }
    }
}

impl Fence {
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            orgs: self.org_id.as_slice(),
            area: self.area.as_ref(),
            secrecy: self.secrecy,
        }
    }
}

impl FenceEvent {
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            orgs: self.org_id.as_slice(),
            area: self.area.as_ref(),
            secrecy: self.secrecy,
        }
    }
}

/// What is wrong with a name and a secrecy.
pub(crate) fn form_faults(name: Option<&str>, secrecy: Option<u8>) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    let is_bad = |name: &str| name.trim().is_empty() || name.chars().count() > NAME_LENGTH_MAX;
    if name.is_some_and(is_bad) {
        let message = "must have 1 to 128 characters";
        faults.push(FieldFault::new("/name", "malformed", message));
    }
    if secrecy.is_some_and(|level| !(1..=4).contains(&level)) {
        faults.push(FieldFault::new(
            "/secrecy",
            "out_of_range",
            "must be 1 to 4",
        ));
    }
    faults
}
