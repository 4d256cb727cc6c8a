//! What other domains ask of devices.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use yiwang_contracts::{DeviceBrief, Devices, ProfileBrief, PropertyBrief};

use super::SensingService;
use crate::device::DeviceState;
use crate::slot::Slot;

impl Devices for SensingService {
    fn device(&self, code: &str) -> Option<Arc<DeviceBrief>> {
        self.registry.by_code(code).map(|slot| brief(&slot))
    }

    fn all(&self) -> Vec<Arc<DeviceBrief>> {
        self.registry.all().iter().map(|slot| brief(slot)).collect()
    }

    fn of_profile(&self, profile: &str) -> Vec<Arc<DeviceBrief>> {
        let all = self.registry.all();
        let its = all
            .iter()
            .filter(|slot| slot.binding().device.profile == profile);
        its.map(|slot| brief(slot)).collect()
    }

    fn profile(&self, code: &str) -> Option<ProfileBrief> {
        let profile = self.registry.profile(code)?;
        let properties = profile.properties.iter().map(|property| PropertyBrief {
            code: property.entry.code.clone(),
            name: property.entry.name.clone(),
            unit: property.entry.unit.clone(),
            min: property.entry.min,
            max: property.entry.max,
            is_number: !property.is_text(),
        });
        Some(ProfileBrief {
            code: profile.entry.code.clone(),
            name: profile.entry.name.clone(),
            properties: properties.collect(),
        })
    }

    fn revision(&self) -> i64 {
        self.revision.load(Ordering::Acquire)
    }
}

fn brief(slot: &Slot) -> Arc<DeviceBrief> {
    let binding = slot.binding();
    let device = &binding.device;
    let numbers = device.attributes.iter();
    let numbers = numbers.filter_map(|(name, value)| Some((name.clone(), value.as_f64()?)));
    Arc::new(DeviceBrief {
        id: device.id.0,
        code: device.code.as_str().into(),
        name: device.name.clone(),
        profile: device.profile.as_str().into(),
        org: device.org_id,
        area: device.area.clone(),
        secrecy: device.secrecy,
        position: device.position,
        place: device.place.clone(),
        group: device.group.as_deref().map(Into::into),
        attributes: numbers.collect(),
        is_active: device.state == DeviceState::Active,
    })
}
