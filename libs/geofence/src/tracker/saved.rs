//! A tracker as a value, to be kept and brought back.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{counts::Counts, fix::Fix, settings::Settings, spec::FenceSpec, watch::Watch};

use super::{
    Tracker,
    change::{ObjectFault, PutFault},
    objects::Object,
};

/// Of the form below; a later form will have another number.
const VERSION: u32 = 1;

/// All that a tracker knows, but its settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    /// Of the form.
    pub version: u32,
    /// In the order of their ids.
    pub fences: Vec<FenceSpec>,
    /// In the order of their ids.
    pub objects: Vec<SavedObject>,
    /// What became of all fixes.
    pub counts: Counts,
    /// Of the last `tick`.
    pub now: Option<i64>,
}

/// One object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedObject {
    /// Its id.
    pub id: Arc<str>,
    /// In rising order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Arc<str>>,
    /// Its last fix.
    pub last: Option<Fix>,
    /// In the order of the ids of their fences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub watches: Vec<SavedWatch>,
}

/// What was kept of an object and a fence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedWatch {
    /// The id of the fence.
    pub fence: Arc<str>,
    /// The state.
    pub state: Watch,
}

/// Why a tracker cannot be brought back.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RestoreFault {
    /// Of another form.
    #[error("the state has form {0}; this program reads form {VERSION}")]
    Version(u32),
    /// A fence is not accepted.
    #[error("fence {id}: {fault}")]
    Fence {
        /// Its id.
        id: String,
        /// Why.
        fault: PutFault,
    },
    /// An object is not accepted.
    #[error("object {id}: {fault}")]
    Object {
        /// Its id.
        id: Arc<str>,
        /// Why.
        fault: ObjectFault,
    },
    /// An object watches a fence that there is not.
    #[error("object {object} watches fence {fence}, which is not there: put it first")]
    Unfenced {
        /// The object.
        object: Arc<str>,
        /// The fence.
        fence: Arc<str>,
    },
}

impl Tracker {
    /// All that is known. Keep it in the transaction that keeps the events which came before it: then what comes
    /// after a restart is neither told twice nor lost.
    pub fn save(&self) -> Saved {
        let mut fences: Vec<_> = self.fences.specs().cloned().collect();
        fences.sort_by(|a, b| a.id.cmp(&b.id));
        let objects = self.objects.iter();
        let mut objects: Vec<_> = objects.map(|object| self.saved(object)).collect();
        objects.sort_by(|a, b| a.id.cmp(&b.id));
        Saved {
            version: VERSION,
            fences,
            objects,
            counts: self.counts,
            now: self.now,
        }
    }

    /// What is known of one object: where few of many have moved, only they need be kept again.
    pub fn save_object(&self, id: &str) -> Option<SavedObject> {
        self.objects.find(id).map(|object| self.saved(object))
    }

    /// The tracker as it was saved.
    pub fn restore(settings: Settings, saved: Saved) -> Result<Self, RestoreFault> {
        if saved.version != VERSION {
            return Err(RestoreFault::Version(saved.version));
        }
        let mut tracker = Self::new(settings);
        for spec in saved.fences {
            let id = spec.id.clone();
            tracker
                .put_fence(spec, 0, &mut Vec::new())
                .map_err(|fault| RestoreFault::Fence { id, fault })?;
        }
        for object in saved.objects {
            tracker.restore_object(object)?;
        }
        tracker.counts = saved.counts;
        tracker.now = saved.now;
        Ok(tracker)
    }

    /// Puts an object as it was saved in the place of what is known of it. Its fences must be there.
    pub fn restore_object(&mut self, saved: SavedObject) -> Result<(), RestoreFault> {
        let mut watches = Vec::with_capacity(saved.watches.len());
        for SavedWatch { fence, state } in saved.watches {
            let Some(number) = self.fences.number(&fence) else {
                let object = saved.id;
                return Err(RestoreFault::Unfenced { object, fence });
            };
            watches.push(Watch {
                fence: number,
                queued: None,
                ..state
            });
        }
        watches.sort_unstable_by_key(|watch| watch.fence);
        watches.dedup_by_key(|watch| watch.fence);
        if let Some(number) = self.objects.number(&saved.id) {
            // Nobody is told: what is put in its place is the same object.
            self.give_up(number, 0, &mut Vec::new(), |_| {
                Some(crate::Cause::ObjectRemoved)
            });
        }
        self.put_object(&saved.id, &saved.tags, 0, &mut Vec::new())
            .map_err(|fault| RestoreFault::Object {
                id: Arc::clone(&saved.id),
                fault,
            })?;
        let number = self.objects.number(&saved.id);
        let object = number.and_then(|number| Some((number, self.objects.get_mut(number)?)));
        let Some((number, object)) = object else {
            return Ok(());
        };
        object.last = saved.last;
        let heard = saved.last.map_or(0, |last| last.time);
        for watch in &mut watches {
            if let Some(fence) = self.fences.get(watch.fence) {
                self.watchers.begin();
                self.watchers.settle(number, watch, fence, heard, true);
            }
        }
        object.watches = watches;
        Ok(())
    }

    fn saved(&self, object: &Object) -> SavedObject {
        let watches = object.watches.iter().filter_map(|watch| {
            Some(SavedWatch {
                fence: Arc::clone(&self.fences.get(watch.fence)?.id),
                state: Watch {
                    fence: 0,
                    queued: None,
                    ..watch.clone()
                },
            })
        });
        let mut watches: Vec<_> = watches.collect();
        watches.sort_by(|a, b| a.fence.cmp(&b.fence));
        let tags = object.tags.iter();
        let mut tags: Vec<_> = tags.filter_map(|tag| self.fences.tag_name(*tag)).collect();
        tags.sort_unstable();
        SavedObject {
            id: Arc::clone(&object.id),
            tags,
            last: object.last,
            watches,
        }
    }
}
