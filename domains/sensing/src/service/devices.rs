//! Devices: registered, changed, given and denied credentials.

use std::sync::Arc;

use serde::Serialize;
use serde_json::json;
use yiwang_contracts::{Actor, OrgId};
use yiwang_kernel::{AreaCode, FieldFault, Page, PageRequest, Position, Timestamp, micros};

use super::view::{DeviceFilter, DeviceView};
use super::{SensingService, view};
use crate::credential::{certificate_of, new_token};
use crate::device::{CreateDevice, Device, DeviceId, DeviceState, UpdateDevice};
use crate::error::SensingError;
use crate::slot::{Binding, Slot};
use crate::store;

/// A credential just made. The token is shown this once.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct CredentialView {
    /// The user name with MQTT and HTTP Basic.
    pub username: String,
    pub token: String,
}

impl SensingService {
    /// The devices that one may see, by code.
    pub fn devices(
        &self,
        actor: &Actor,
        filter: &DeviceFilter,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<DeviceView>, SensingError> {
        let scope = Self::scope(actor, "sensing.read", now)?;
        let (limit, after, at) = (page.limit(), page.position::<String>()?, micros(now));
        let wanted = self.wanted(filter, at);
        let slots = self
            .registry
            .after(after.as_deref(), limit as usize + 1, |slot| {
                scope.permits(slot.binding().device.subject()) && wanted(slot)
            });
        let page = Page::cut(slots, limit, |slot| slot.binding().device.code.clone());
        Ok(page.map(|slot| self.view(&slot, at)))
    }

    pub fn device(
        &self,
        actor: &Actor,
        id: DeviceId,
        now: Timestamp,
    ) -> Result<DeviceView, SensingError> {
        let slot = self.visible(actor, id, now)?;
        Ok(self.view(&slot, micros(now)))
    }

    /// The device, if the actor may see it; 404 where not.
    pub(super) fn visible(
        &self,
        actor: &Actor,
        id: DeviceId,
        now: Timestamp,
    ) -> Result<Arc<Slot>, SensingError> {
        let slot = self.registry.by_id(id).ok_or(SensingError::NotFound)?;
        let may = actor.may("sensing.read", slot.binding().device.subject(), now);
        if may {
            Ok(slot)
        } else {
            Err(SensingError::NotFound)
        }
    }

    /// Rows for which the actor may do `action`; an error when there can be none.
    pub(super) fn scope(
        actor: &Actor,
        action: &'static str,
        now: Timestamp,
    ) -> Result<yiwang_contracts::Scope, SensingError> {
        let scope = actor.scope(action, now);
        if scope.is_empty() {
            return Err(SensingError::Denied { action });
        }
        Ok(scope)
    }

    fn editable(
        &self,
        actor: &Actor,
        id: DeviceId,
        now: Timestamp,
    ) -> Result<Arc<Slot>, SensingError> {
        let slot = self.visible(actor, id, now)?;
        Self::may_edit(actor, &slot.binding().device, now)?;
        Ok(slot)
    }

    fn may_edit(actor: &Actor, device: &Device, now: Timestamp) -> Result<(), SensingError> {
        let action = "sensing.edit";
        if actor.may(action, device.subject(), now) {
            return Ok(());
        }
        Err(SensingError::Denied { action })
    }

    /// Registers a device.
    pub async fn create_device(
        &self,
        actor: &Actor,
        create: CreateDevice,
        now: Timestamp,
    ) -> Result<DeviceView, SensingError> {
        Self::scope(actor, "sensing.edit", now)?;
        let faults = create.faults();
        if !faults.is_empty() {
            return Err(SensingError::Invalid(faults));
        }
        let device = self.compose(create, &actor.name, now)?;
        Self::may_edit(actor, &device, now)?;
        let code = device.code.clone();
        let slot = self
            .save_new(vec![device])
            .await?
            .pop()
            .ok_or(SensingError::NotFound)?;
        self.record(
            actor,
            "device.create",
            format!("device:{code}"),
            json!({}),
            now,
        )
        .await?;
        Ok(self.view(&slot, micros(now)))
    }

    /// A device from its form: unit, area and profile looked up.
    pub(super) fn compose(
        &self,
        create: CreateDevice,
        by: &str,
        now: Timestamp,
    ) -> Result<Device, SensingError> {
        if self.registry.profile(&create.profile).is_none() {
            let message = format!("there is no profile {}", create.profile);
            return Err(SensingError::invalid("/profile", "unknown", message));
        }
        let org_id = create
            .org
            .as_deref()
            .map(|code| self.org(code))
            .transpose()?;
        let area = self.area(create.area, create.position)?;
        Ok(Device {
            id: DeviceId::at(now),
            code: create.code,
            profile: create.profile,
            name: create.name.trim().to_owned(),
            org_id,
            area,
            secrecy: create.secrecy,
            position: create.position,
            place: create.place,
            state: DeviceState::Active,
            group: create.group,
            protocol: create.protocol,
            address: create.address.filter(|address| !address.is_empty()),
            interval_seconds: create.interval_seconds,
            attributes: create.attributes,
            installed_at: create.installed_at,
            calibrated_at: create.calibrated_at,
            calibration_due: create.calibration_due,
            token: None,
            certificate: None,
            secret: create.secret,
            created_at: now,
            updated_at: now,
            updated_by: by.to_owned(),
            version: 1,
        })
    }

    fn org(&self, code: &str) -> Result<OrgId, SensingError> {
        let found = self.orgs.by_code(&[code]).pop().flatten();
        found.map(|org| org.id).ok_or_else(|| {
            SensingError::invalid("/org", "unknown", format!("there is no unit {code}"))
        })
    }

    /// The area given, or the one around the position.
    fn area(
        &self,
        given: Option<AreaCode>,
        position: Option<Position>,
    ) -> Result<Option<AreaCode>, SensingError> {
        if let Some(code) = given {
            if self.catalog.area(&code).is_none() {
                let message = format!("there is no area {}", code.0);
                return Err(SensingError::invalid("/area", "unknown", message));
            }
            return Ok(Some(code));
        }
        let located = position.and_then(|at| self.catalog.locate(&[at]).pop().flatten());
        Ok(located.map(|area| area.code))
    }

    /// Stores new devices whose codes and addresses are free.
    pub(super) async fn save_new(
        &self,
        devices: Vec<Device>,
    ) -> Result<Vec<Arc<Slot>>, SensingError> {
        for device in &devices {
            if self.registry.by_code(&device.code).is_some() {
                let value = device.code.clone();
                return Err(SensingError::Taken {
                    what: "the code",
                    value,
                });
            }
            self.is_address_free(device)?;
        }
        let rows = devices.clone();
        let revision = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    store::devices::insert(tx, &rows).await?;
                    Ok::<_, SensingError>(store::bump(tx).await?)
                })
            })
            .await?;
        let slots = devices
            .into_iter()
            .filter_map(|device| self.bind(device))
            .collect();
        self.note_revision(revision);
        Ok(slots)
    }

    fn is_address_free(&self, device: &Device) -> Result<(), SensingError> {
        let Some(address) = &device.address else {
            return Ok(());
        };
        match self.registry.by_address(device.protocol, address) {
            Some(other) if other.binding().device.id != device.id => Err(SensingError::Taken {
                what: "the address",
                value: address.clone(),
            }),
            _ => Ok(()),
        }
    }

    fn bind(&self, device: Device) -> Option<Arc<Slot>> {
        let profile = self.registry.profile(&device.profile)?;
        Some(self.registry.put(Binding::new(device, profile)))
    }

    /// Changes a device; the version that was read goes with it.
    pub async fn update_device(
        &self,
        actor: &Actor,
        id: DeviceId,
        update: UpdateDevice,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<DeviceView, SensingError> {
        let slot = self.editable(actor, id, now)?;
        let before = slot.binding().device.clone();
        let device = self.changed(before.clone(), update)?;
        // A device must not be moved out of one's reach, nor into a reach that is not one's own.
        Self::may_edit(actor, &device, now)?;
        self.is_address_free(&device)?;
        let slot = self.save(actor, &before, device, expected, now).await?;
        self.record(
            actor,
            "device.update",
            format!("device:{}", before.code),
            json!({}),
            now,
        )
        .await?;
        Ok(self.view(&slot, micros(now)))
    }

    fn changed(&self, mut device: Device, update: UpdateDevice) -> Result<Device, SensingError> {
        let mut faults = Vec::new();
        if update
            .secrecy
            .is_some_and(|secrecy| !(1..=4).contains(&secrecy))
        {
            faults.push(FieldFault::new(
                "/secrecy",
                "out_of_range",
                "must be 1 to 4",
            ));
        }
        if update.interval_seconds == Some(0) {
            faults.push(FieldFault::new(
                "/interval_seconds",
                "out_of_range",
                "must be at least 1",
            ));
        }
        if update
            .name
            .as_deref()
            .is_some_and(|name| name.trim().is_empty())
        {
            faults.push(FieldFault::new("/name", "malformed", "must not be empty"));
        }
        if !faults.is_empty() {
            return Err(SensingError::Invalid(faults));
        }
        if let Some(code) = &update.org {
            device.org_id = Some(self.org(code)?);
        }
        if update.area.is_some() || update.position.is_some() {
            let position = update.position.or(device.position);
            device.area = self.area(update.area, position)?;
            device.position = position;
        }
        device.name = update.name.unwrap_or(device.name);
        device.secrecy = update.secrecy.unwrap_or(device.secrecy);
        device.state = update.state.unwrap_or(device.state);
        device.place = update.place.or(device.place);
        device.group = update.group.or(device.group);
        device.address = update.address.or(device.address);
        device.interval_seconds = update.interval_seconds.or(device.interval_seconds);
        device.attributes = update.attributes.unwrap_or(device.attributes);
        device.calibrated_at = update.calibrated_at.or(device.calibrated_at);
        device.calibration_due = update.calibration_due.or(device.calibration_due);
        device.secret = update.secret.or(device.secret);
        Ok(device)
    }

    async fn save(
        &self,
        actor: &Actor,
        before: &Device,
        mut device: Device,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<Arc<Slot>, SensingError> {
        let current = before.version;
        if let Some(expected) = expected
            && expected != current
        {
            return Err(SensingError::VersionConflict { expected, current });
        }
        device.version = current + 1;
        device.updated_at = now;
        device.updated_by.clone_from(&actor.name);
        let row = device.clone();
        let revision = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    if !store::devices::update(tx, &row, current).await? {
                        let stored = store::devices::by_id(tx, row.id).await?;
                        let stored = stored.map_or(0, |device| device.version);
                        return Err(SensingError::VersionConflict {
                            expected: current,
                            current: stored,
                        });
                    }
                    Ok(store::bump(tx).await?)
                })
            })
            .await?;
        let slot = self.bind(device).ok_or(SensingError::NotFound)?;
        self.note_revision(revision);
        Ok(slot)
    }

    /// Gives a device a token; the one before is good no longer, and its connections end.
    pub async fn issue_token(
        &self,
        actor: &Actor,
        id: DeviceId,
        now: Timestamp,
    ) -> Result<CredentialView, SensingError> {
        let before = self.editable(actor, id, now)?.binding().device.clone();
        let (token, digest) = new_token();
        let mut device = before.clone();
        device.token = Some(digest);
        let slot = self.save(actor, &before, device, None, now).await?;
        slot.revoke_connections();
        let object = format!("device:{}", before.code);
        self.record(actor, "device.token", object, json!({}), now)
            .await?;
        Ok(CredentialView {
            username: before.code,
            token,
        })
    }

    /// Names the client certificate that a device proves itself with; the one before is good no longer, and the
    /// device's connections end.
    pub async fn set_certificate(
        &self,
        actor: &Actor,
        id: DeviceId,
        pem: &str,
        now: Timestamp,
    ) -> Result<DeviceView, SensingError> {
        let before = self.editable(actor, id, now)?.binding().device.clone();
        let digest = certificate_of(pem, now)?.digest;
        if let Some(other) = self.registry.by_certificate(&digest)
            && other.binding().device.id != id
        {
            return Err(SensingError::Taken {
                what: "the certificate",
                value: hex::encode(digest),
            });
        }
        let mut device = before.clone();
        device.certificate = Some(digest);
        let slot = self.save(actor, &before, device, None, now).await?;
        if before.has_lost_to(&slot.binding().device) {
            slot.revoke_connections();
        }
        let object = format!("device:{}", before.code);
        self.record(actor, "device.certificate", object, json!({}), now)
            .await?;
        Ok(self.view(&slot, micros(now)))
    }

    /// Takes all credentials away and ends what stands on them, at once.
    pub async fn revoke_credentials(
        &self,
        actor: &Actor,
        id: DeviceId,
        now: Timestamp,
    ) -> Result<DeviceView, SensingError> {
        let before = self.editable(actor, id, now)?.binding().device.clone();
        let mut device = before.clone();
        (device.token, device.certificate, device.secret) = (None, None, None);
        let slot = self.save(actor, &before, device, None, now).await?;
        slot.revoke_connections();
        let object = format!("device:{}", before.code);
        self.record(actor, "device.revoke", object, json!({}), now)
            .await?;
        Ok(self.view(&slot, micros(now)))
    }

    /// The frames of a device that are still in memory, newest first.
    pub fn frames(
        &self,
        actor: &Actor,
        id: DeviceId,
        now: Timestamp,
    ) -> Result<Vec<view::FrameView>, SensingError> {
        let slot = self.visible(actor, id, now)?;
        let live = slot.live();
        Ok(live.frames.iter().rev().map(view::FrameView::of).collect())
    }
}
