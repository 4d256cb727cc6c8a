//! All devices in memory, by code and by address.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use yiwang_kernel::Digest;

use crate::device::DeviceId;
use crate::last_values::{LastValues, Place};
use crate::profile::Profile;
use crate::protocol::Protocol;
use crate::slot::{Binding, Slot};

/// The devices of the node.
#[derive(Default)]
pub struct Registry {
    index: RwLock<Index>,
    last_values: LastValues,
}

#[derive(Default)]
struct Index {
    by_code: BTreeMap<Box<str>, Arc<Slot>>,
    by_address: HashMap<(Protocol, Box<str>), Arc<Slot>>,
    by_id: HashMap<DeviceId, Arc<Slot>>,
    by_certificate: HashMap<Digest, Arc<Slot>>,
    profiles: HashMap<Box<str>, Arc<Profile>>,
}

impl Registry {
    fn read(&self) -> RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Index> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn by_code(&self, code: &str) -> Option<Arc<Slot>> {
        self.read().by_code.get(code).cloned()
    }

    pub fn by_id(&self, id: DeviceId) -> Option<Arc<Slot>> {
        self.read().by_id.get(&id).cloned()
    }

    /// The device that a protocol knows by `address`.
    pub fn by_address(&self, protocol: Protocol, address: &str) -> Option<Arc<Slot>> {
        let key = (protocol, Box::from(address));
        self.read().by_address.get(&key).cloned()
    }

    /// The device that proves itself with this certificate.
    pub(crate) fn by_certificate(&self, digest: &Digest) -> Option<Arc<Slot>> {
        self.read().by_certificate.get(digest).cloned()
    }

    pub fn profile(&self, code: &str) -> Option<Arc<Profile>> {
        self.read().profiles.get(code).cloned()
    }

    pub fn profiles(&self) -> Vec<Arc<Profile>> {
        let mut all: Vec<_> = self.read().profiles.values().cloned().collect();
        all.sort_by(|a, b| a.entry.code.cmp(&b.entry.code));
        all
    }

    /// Every device, by code.
    pub fn all(&self) -> Vec<Arc<Slot>> {
        self.read().by_code.values().cloned().collect()
    }

    /// Devices after `code` for which `wanted` holds, by code, at most `limit`.
    pub fn after(
        &self,
        code: Option<&str>,
        limit: usize,
        wanted: impl Fn(&Slot) -> bool,
    ) -> Vec<Arc<Slot>> {
        use std::ops::Bound;
        let index = self.read();
        let from = code.map_or(Bound::Unbounded, Bound::Excluded);
        let range = index.by_code.range::<str, _>((from, Bound::Unbounded));
        let wanted = range.map(|(_, slot)| slot).filter(|slot| wanted(slot));
        wanted.take(limit).cloned().collect()
    }

    pub fn len(&self) -> usize {
        self.read().by_id.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The last durable values of all devices.
    pub(crate) fn last_values(&self) -> &LastValues {
        &self.last_values
    }

    fn places(&self, binding: &Binding) -> Box<[Place]> {
        let (device, profile) = (&binding.device, &binding.profile);
        self.last_values.places(device, profile, &binding.series)
    }

    /// Puts profiles in place; devices that have one that is another than before are bound anew.
    pub(crate) fn put_profiles(&self, profiles: Vec<Profile>) {
        let is_other = |profile: &Profile| {
            let known = self.profile(&profile.entry.code);
            known.is_none_or(|known| known.entry != profile.entry)
        };
        let changed: HashMap<Box<str>, Arc<Profile>> = profiles
            .into_iter()
            .filter(is_other)
            .map(|profile| (profile.entry.code.as_str().into(), Arc::new(profile)))
            .collect();
        if changed.is_empty() {
            return;
        }
        let slots: Vec<Arc<Slot>> = {
            let mut index = self.write();
            index.profiles.extend(
                changed
                    .iter()
                    .map(|(code, profile)| (code.clone(), Arc::clone(profile))),
            );
            index.by_id.values().cloned().collect()
        };
        for slot in slots {
            let binding = slot.binding();
            if let Some(profile) = changed.get(binding.device.profile.as_str()) {
                let binding = Binding::new(binding.device.clone(), Arc::clone(profile));
                let places = self.places(&binding);
                slot.rebind(binding, places);
            }
        }
    }

    /// Puts a new or changed device in its place.
    pub(crate) fn put(&self, binding: Binding) -> Arc<Slot> {
        let mut index = self.write();
        let known = index.by_id.get(&binding.device.id).cloned();
        let (code, id) = (binding.device.code.clone(), binding.device.id);
        let (address, certificate) = (address_of(&binding), binding.device.certificate);
        let places = self.places(&binding);
        let slot = if let Some(slot) = known {
            let before = slot.binding();
            if let Some(old) = address_of(&before) {
                index.by_address.remove(&old);
            }
            index.forget_certificate(&before);
            slot.rebind(binding, places);
            slot
        } else {
            Arc::new(Slot::new(binding, places))
        };
        if let Some(address) = address {
            index.by_address.insert(address, Arc::clone(&slot));
        }
        if let Some(digest) = certificate {
            // Of two with one certificate it stays the first one's.
            let first = index.by_certificate.entry(digest);
            first.or_insert_with(|| Arc::clone(&slot));
        }
        index.by_code.insert(code.into(), Arc::clone(&slot));
        index.by_id.insert(id, Arc::clone(&slot));
        slot
    }
}

impl Index {
    /// The certificate of a device that is about to change.
    fn forget_certificate(&mut self, before: &Binding) {
        let Some(digest) = before.device.certificate else {
            return;
        };
        let its = self.by_certificate.get(&digest);
        if its.is_some_and(|slot| slot.binding().device.id == before.device.id) {
            self.by_certificate.remove(&digest);
        }
    }
}

fn address_of(binding: &Binding) -> Option<(Protocol, Box<str>)> {
    let device = &binding.device;
    let address = device.address.as_deref().filter(|a| !a.is_empty())?;
    Some((device.protocol, address.into()))
}
