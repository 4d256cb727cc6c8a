//! Objects by number and by id.

use std::{collections::HashMap, sync::Arc};

use crate::{counts::Ignored, fix::Fix, settings::Settings, watch::Watch};

use super::fences::Fences;

const ID_BYTES_MAX: usize = 200;

#[derive(Debug)]
pub(super) struct Object {
    pub(super) id: Arc<str>,
    /// In rising order.
    pub(super) tags: Vec<u32>,
    pub(super) last: Option<Fix>,
    /// In the order of their fences.
    pub(super) watches: Vec<Watch>,
    /// Fences that are asked wherever the object is, in rising order.
    pub(super) own: Vec<u32>,
    /// Of the fences when `own` was gathered.
    version: Option<u64>,
}

#[derive(Debug, Default)]
pub(super) struct Objects {
    slots: Vec<Option<Object>>,
    free: Vec<u32>,
    ids: HashMap<Arc<str>, u32>,
}

impl Object {
    /// Gathers its own fences again if any fence has changed.
    pub(super) fn refresh(&mut self, fences: &Fences) {
        if self.version != Some(fences.version()) {
            self.own = fences.own(&self.id, &self.tags);
            self.version = Some(fences.version());
        }
    }

    pub(super) fn tag(&mut self, tags: Vec<u32>) {
        self.tags = tags;
        self.version = None;
    }
}

impl Objects {
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(super) fn number(&self, id: &str) -> Option<u32> {
        self.ids.get(id).copied()
    }

    pub(super) fn find(&self, id: &str) -> Option<&Object> {
        self.get(self.number(id)?)
    }

    pub(super) fn get(&self, number: u32) -> Option<&Object> {
        self.slots.get(number as usize)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut Object> {
        self.slots.get_mut(number as usize)?.as_mut()
    }

    /// Numbers are below this.
    pub(super) fn slots(&self) -> u32 {
        self.slots.len() as u32
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Object> {
        self.slots.iter().flatten()
    }

    pub(super) fn find_or_add(&mut self, id: &str, settings: &Settings) -> Result<u32, Ignored> {
        if let Some(number) = self.number(id) {
            return Ok(number);
        }
        if id.is_empty() || id.len() > ID_BYTES_MAX {
            return Err(Ignored::NoObject);
        }
        if self.ids.len() >= settings.objects_max {
            return Err(Ignored::NoRoom);
        }
        let id: Arc<str> = id.into();
        let object = Object {
            id: Arc::clone(&id),
            tags: Vec::new(),
            last: None,
            watches: Vec::new(),
            own: Vec::new(),
            version: None,
        };
        let number = if let Some(number) = self.free.pop() {
            if let Some(slot) = self.slots.get_mut(number as usize) {
                *slot = Some(object);
            }
            number
        } else {
            self.slots.push(Some(object));
            self.slots.len() as u32 - 1
        };
        self.ids.insert(id, number);
        Ok(number)
    }

    pub(super) fn remove(&mut self, number: u32) {
        let slot = self.slots.get_mut(number as usize);
        if let Some(object) = slot.and_then(Option::take) {
            self.ids.remove(&object.id);
            self.free.push(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_and_watches_are_as_small_as_the_readme_says() {
        assert_eq!((size_of::<Object>(), size_of::<Watch>()), (184, 128));
    }
}
