//! Devices as they are shown.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use yiwang_contracts::{OrgId, Quality};
use yiwang_kernel::{AreaCode, Position, Text, Timestamp, from_micros};

use super::SensingService;
use crate::device::{DeviceId, DeviceState};
use crate::protocol::Protocol;
use crate::slot::{CountsView, Frame, Hearing, Slot, hearing};

/// What to look for; everything given must hold.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct DeviceFilter {
    /// Part of the code, the name, the place or the address.
    pub q: Option<String>,
    pub profile: Vec<String>,
    /// Owned by this unit or one under it.
    pub org: Option<OrgId>,
    /// In this area or within it.
    pub area: Option<AreaCode>,
    pub group: Option<String>,
    pub protocol: Vec<Protocol>,
    pub state: Vec<DeviceState>,
    pub hearing: Vec<Hearing>,
}

/// The last value of a property.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct LastView {
    pub property: String,
    pub name: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Absent where it is a text or nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    pub quality: Quality,
    #[schema(value_type = String, format = DateTime)]
    pub time: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub received: Timestamp,
}

/// A frame as it came.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct FrameView {
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub edge: Protocol,
    /// The first bytes, as text where they are text.
    pub text: Option<String>,
    pub hex: String,
    pub bytes: usize,
    /// The code of why it was refused.
    pub refused: Option<&'static str>,
}

impl FrameView {
    pub(super) fn of(frame: &Frame) -> Self {
        let text = std::str::from_utf8(&frame.bytes).ok();
        Self {
            at: from_micros(frame.at),
            edge: frame.edge,
            text: text.map(str::to_owned),
            hex: hex::encode(&frame.bytes),
            bytes: frame.length,
            refused: frame.refused,
        }
    }
}

/// A device.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct DeviceView {
    pub id: DeviceId,
    pub code: String,
    pub name: String,
    pub profile: String,
    pub profile_name: Text,
    pub theme: String,
    pub org_id: Option<OrgId>,
    pub org_name: Option<Text>,
    pub area: Option<AreaCode>,
    pub area_name: Option<String>,
    pub secrecy: u8,
    pub position: Option<Position>,
    pub place: Option<String>,
    pub state: DeviceState,
    pub group: Option<String>,
    pub protocol: Protocol,
    pub address: Option<String>,
    pub interval_seconds: u32,
    #[schema(value_type = Object)]
    pub attributes: Map<String, Value>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub installed_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub calibrated_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub calibration_due: Option<Timestamp>,
    pub has_token: bool,
    pub has_certificate: bool,
    /// SHA-256 of its certificate, in hexadecimal digits.
    pub certificate_sha256: Option<String>,
    pub hearing: Hearing,
    /// `heard`, `no_word`, `link_closed`, `will`, `revoked`, ...
    pub hearing_reason: &'static str,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub hearing_since: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub heard_at: Option<Timestamp>,
    /// Arrival less observation of the newest message: transport and the device's clock together.
    pub lag_seconds: Option<f64>,
    /// `mqtt 10.0.0.9:40000 token`, `mqtt tls 10.0.0.9:40000 certificate`: where from, and what it has shown.
    pub connections: Vec<String>,
    pub last: Vec<LastView>,
    pub counts: CountsView,
    pub version: i64,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    pub updated_by: String,
}

impl SensingService {
    /// The device as it stands at `now`.
    pub(super) fn view(&self, slot: &Slot, now: i64) -> DeviceView {
        let binding = slot.binding();
        let (device, profile) = (&binding.device, &binding.profile);
        let live = slot.live();
        let (state, reason, since) = hearing(&binding, &live, now);
        let last = profile.properties.iter().zip(live.last.iter());
        let last = last.filter_map(|(property, last)| {
            let sample = last.get()?;
            Some(LastView {
                property: property.entry.code.clone(),
                name: property.entry.name.clone(),
                unit: property.entry.unit.clone(),
                value: Some(sample.value).filter(|value| value.is_finite()),
                text: sample.text.as_deref().map(str::to_owned),
                quality: sample.quality,
                time: from_micros(sample.time),
                received: from_micros(sample.received),
            })
        });
        let connections = live.connections.iter();
        let org = device
            .org_id
            .and_then(|id| self.orgs.by_id(&[id]).pop().flatten());
        let area = device
            .area
            .as_ref()
            .and_then(|code| self.catalog.area(code));
        DeviceView {
            id: device.id,
            code: device.code.clone(),
            name: device.name.clone(),
            profile: device.profile.clone(),
            profile_name: profile.entry.name.clone(),
            theme: profile.entry.theme.clone(),
            org_id: device.org_id,
            org_name: org.map(|org| org.name),
            area: device.area.clone(),
            area_name: area.map(|area| area.name),
            secrecy: device.secrecy,
            position: device.position,
            place: device.place.clone(),
            state: device.state,
            group: device.group.clone(),
            protocol: device.protocol,
            address: device.address.clone(),
            interval_seconds: device
                .interval_seconds
                .unwrap_or(profile.entry.interval_seconds),
            attributes: device.attributes.clone(),
            installed_at: device.installed_at,
            calibrated_at: device.calibrated_at,
            calibration_due: device.calibration_due,
            has_token: device.token.is_some(),
            has_certificate: device.certificate.is_some(),
            certificate_sha256: device.certificate.map(hex::encode),
            hearing: state,
            hearing_reason: reason,
            hearing_since: since.map(from_micros),
            heard_at: live.heard.map(from_micros),
            lag_seconds: live.heard.map(|_| live.lag as f64 / 1e6),
            connections: connections.map(|(_, each, _)| each.to_string()).collect(),
            last: last.collect(),
            counts: slot.counts.view(),
            version: device.version,
            updated_at: device.updated_at,
            updated_by: device.updated_by.clone(),
        }
    }

    /// The predicate of a filter, its parts looked up once.
    pub(super) fn wanted<'a>(
        &self,
        filter: &'a DeviceFilter,
        now: i64,
    ) -> impl Fn(&Slot) -> bool + 'a {
        let orgs: Option<Vec<OrgId>> = filter.org.map(|org| self.orgs.subtree(org));
        let words = filter.q.as_deref().map(|q| q.trim().to_lowercase());
        move |slot: &Slot| {
            let binding = slot.binding();
            let device = &binding.device;
            let has = |text: &str| {
                words
                    .as_deref()
                    .is_none_or(|q| text.to_lowercase().contains(q))
            };
            let texts = [Some(device.code.as_str()), Some(device.name.as_str())]
                .into_iter()
                .chain([device.place.as_deref(), device.address.as_deref()])
                .flatten();
            let any = |is_empty: bool, has: bool| is_empty || has;
            any(
                filter.profile.is_empty(),
                filter.profile.contains(&device.profile),
            ) && any(
                filter.protocol.is_empty(),
                filter.protocol.contains(&device.protocol),
            ) && any(
                filter.state.is_empty(),
                filter.state.contains(&device.state),
            ) && (filter.group.is_none() || filter.group == device.group)
                && orgs
                    .as_ref()
                    .is_none_or(|orgs| device.org_id.is_some_and(|own| orgs.contains(&own)))
                && filter
                    .area
                    .as_ref()
                    .is_none_or(|area| device.area.as_ref().is_some_and(|own| area.contains(own)))
                && (words.is_none() || texts.into_iter().any(has))
                && (filter.hearing.is_empty() || {
                    let live = slot.live();
                    filter.hearing.contains(&hearing(&binding, &live, now).0)
                })
        }
    }
}

/// Numbers of devices by a word.
pub(super) type Numbers = BTreeMap<String, u64>;
