//! Fences by number, by id, by whom they are for and by where they are.

use std::{collections::HashMap, sync::Arc};

use yiwang_coords::LonLat;

use crate::{fence::Fence, grid::Grid, spec::FenceSpec};

use super::objects::Object;

#[derive(Debug, Default)]
pub(super) struct Fences {
    slots: Vec<Option<Fence>>,
    free: Vec<u32>,
    ids: HashMap<Arc<str>, u32>,
    /// Fences found by where they are.
    grid: Grid,
    /// Fences that name an object, by its id.
    named: HashMap<Arc<str>, Vec<u32>>,
    /// Routes for a tag.
    routes: HashMap<u32, Vec<u32>>,
    tags: HashMap<Arc<str>, u32>,
    tag_names: Vec<Arc<str>>,
    version: u64,
}

impl Fences {
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Grows with every change.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    pub(super) fn number(&self, id: &str) -> Option<u32> {
        self.ids.get(id).copied()
    }

    pub(super) fn get(&self, number: u32) -> Option<&Fence> {
        self.slots.get(number as usize)?.as_ref()
    }

    pub(super) fn specs(&self) -> impl Iterator<Item = &FenceSpec> {
        self.slots.iter().flatten().map(|fence| &fence.spec)
    }

    /// In place of the fence of the same id, if there is one.
    pub(super) fn put(&mut self, fence: Fence) -> u32 {
        let number = self.number(&fence.id);
        if let Some(number) = number {
            self.unlist(number);
        }
        let number = number.or_else(|| self.free.pop()).unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() as u32 - 1
        });
        self.ids.insert(Arc::clone(&fence.id), number);
        if fence.is_mapped() {
            self.grid.insert(number, &fence.shape.boxes());
        }
        for object in &fence.spec.concerns.objects {
            let named = self.named.entry(object.as_str().into()).or_default();
            named.push(number);
        }
        for tag in fence.tags.iter().filter(|_| fence.is_route()) {
            self.routes.entry(*tag).or_default().push(number);
        }
        if let Some(slot) = self.slots.get_mut(number as usize) {
            *slot = Some(fence);
        }
        self.version += 1;
        number
    }

    pub(super) fn remove(&mut self, number: u32) {
        self.unlist(number);
        let slot = self.slots.get_mut(number as usize);
        if let Some(fence) = slot.and_then(Option::take) {
            self.ids.remove(&fence.id);
            self.free.push(number);
        }
        self.version += 1;
    }

    /// The numbers of tags in rising order, or nothing where there would be too many.
    pub(super) fn intern<'t>(
        &mut self,
        tags: impl Iterator<Item = &'t str>,
        most: usize,
    ) -> Option<Vec<u32>> {
        let mut numbers = Vec::new();
        for tag in tags {
            let number = if let Some(number) = self.tags.get(tag) {
                *number
            } else if self.tag_names.len() < most {
                let name: Arc<str> = tag.into();
                let number = self.tag_names.len() as u32;
                self.tag_names.push(Arc::clone(&name));
                self.tags.insert(name, number);
                number
            } else {
                return None;
            };
            numbers.push(number);
        }
        numbers.sort_unstable();
        numbers.dedup();
        Some(numbers)
    }

    pub(super) fn tag_name(&self, number: u32) -> Option<Arc<str>> {
        self.tag_names.get(number as usize).cloned()
    }

    /// Fences that an object is asked about wherever it is: those that name it, and routes for its tags.
    pub(super) fn own(&self, id: &str, tags: &[u32]) -> Vec<u32> {
        let named = self.named.get(id).into_iter().flatten();
        let routes = tags.iter().filter_map(|tag| self.routes.get(tag));
        let mut own: Vec<_> = named.chain(routes.flatten()).copied().collect();
        own.sort_unstable();
        own.dedup();
        own
    }

    /// Is a fence for an object whose own fences are up to date?
    pub(super) fn concerns(&self, number: u32, object: &Object) -> bool {
        let is_own = object.own.binary_search(&number).is_ok();
        is_own
            || self
                .get(number)
                .is_some_and(|fence| shares(fence, &object.tags))
    }

    /// Fences that may have to be looked at anew: the object's own, and those that may hold the place; none that it
    /// watches already.
    pub(super) fn candidates<'a>(
        &'a self,
        object: &'a Object,
        place: LonLat,
    ) -> impl Iterator<Item = u32> + 'a {
        let is_watched = |number: &u32| {
            let found = object
                .watches
                .binary_search_by_key(number, |watch| watch.fence);
            found.is_ok()
        };
        let own = object.own.iter().copied();
        let mapped = self.grid.at(place).filter(|number| {
            let fence = self.get(*number);
            fence.is_some_and(|fence| shares(fence, &object.tags))
                && object.own.binary_search(number).is_err()
        });
        own.chain(mapped).filter(move |number| !is_watched(number))
    }

    fn unlist(&mut self, number: u32) {
        let Some(fence) = self.slots.get(number as usize).and_then(Option::as_ref) else {
            return;
        };
        if fence.is_mapped() {
            self.grid.remove(number, &fence.shape.boxes());
        }
        for object in &fence.spec.concerns.objects {
            strike(&mut self.named, object.as_str(), number);
        }
        for tag in &fence.tags {
            strike(&mut self.routes, tag, number);
        }
    }
}

/// Is it for all, or for one of the tags?
fn shares(fence: &Fence, tags: &[u32]) -> bool {
    let is_shared = |tag: &u32| fence.tags.binary_search(tag).is_ok();
    fence.is_for_all() || tags.iter().any(is_shared)
}

fn strike<K, Q>(lists: &mut HashMap<K, Vec<u32>>, key: &Q, number: u32)
where
    K: std::borrow::Borrow<Q> + Eq + std::hash::Hash,
    Q: Eq + std::hash::Hash + ?Sized,
{
    if let Some(list) = lists.get_mut(key) {
        list.retain(|listed| *listed != number);
        if list.is_empty() {
            lists.remove(key);
        }
    }
}
