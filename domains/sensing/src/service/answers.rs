//! What other domains ask of devices.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use yiwang_contracts::{
    DeviceBrief, DeviceFigures, DeviceHeard, DeviceHearing, DevicePlace, Devices, LastValue,
    ProfileBrief, PropertyBrief,
};
use yiwang_kernel::{Timestamp, micros};

use super::SensingService;
use crate::device::{Device, DeviceState};
use crate::slot::{Hearing, Slot, hearing, is_awaited};

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

impl DeviceFigures for SensingService {
    fn heard(&self, now: Timestamp) -> Vec<DeviceHeard> {
        let heard = |slot: &Arc<Slot>| {
            let binding = slot.binding();
            (binding.device.state == DeviceState::Active).then(|| {
                let (hearing, ..) = hearing(&binding, &slot.live(), micros(now));
                let since = self.listens_since.max(binding.device.created_at);
                DeviceHeard {
                    profile: binding.device.profile.as_str().into(),
                    area: binding.device.area.clone(),
                    hearing: match hearing {
                        Hearing::Online => DeviceHearing::Online,
                        Hearing::Offline => DeviceHearing::Offline,
                        _ if is_awaited(&binding, micros(since), micros(now)) => {
                            DeviceHearing::Awaited
                        }
                        Hearing::Silent | Hearing::Never => DeviceHearing::Silent,
                    },
                }
            })
        };
        self.registry.all().iter().filter_map(heard).collect()
    }

    fn last_values(&self, profile: &str, property: &str) -> Vec<LastValue> {
        let value = |slot: &Arc<Slot>| {
            let binding = slot.binding();
            let device = &binding.device;
            if device.profile != profile || device.state != DeviceState::Active {
                return None;
            }
            let place = binding.profile.property(property)?;
            let last = slot
                .live()
                .last
                .get(usize::from(place))
                .and_then(crate::last_values::Place::get)
                .filter(|sample| sample.quality.is_believed() && sample.value.is_finite());
            Some(LastValue {
                device: device.code.as_str().into(),
                area: device.area.clone(),
                attributes: figures(device),
                last: last.map(|sample| (sample.time, sample.value)),
            })
        };
        self.registry.all().iter().filter_map(value).collect()
    }

    fn places(&self) -> Vec<DevicePlace> {
        let place = |slot: &Arc<Slot>| {
            let binding = slot.binding();
            let device = &binding.device;
            (device.state == DeviceState::Active).then(|| DevicePlace {
                device: device.code.as_str().into(),
                profile: device.profile.as_str().into(),
                area: device.area.clone(),
                attributes: figures(device),
            })
        };
        self.registry.all().iter().filter_map(place).collect()
    }
}

fn figures(device: &Device) -> Vec<(String, f64)> {
    let numbers = device.attributes.iter();
    numbers
        .filter_map(|(name, value)| Some((name.clone(), value.as_f64()?)))
        .collect()
}

fn brief(slot: &Slot) -> Arc<DeviceBrief> {
    let binding = slot.binding();
    let device = &binding.device;
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
        attributes: figures(device),
        is_active: device.state == DeviceState::Active,
    })
}
