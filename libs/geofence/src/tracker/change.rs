//! Fences and objects come, change and go.

use std::sync::Arc;

use crate::{
    counts::Ignored,
    event::{Cause, Event},
    fence::Fence,
    judge::Judge,
    spec::{FenceFault, FenceSpec},
    watch::Watch,
};

use super::{Tracker, in_order};

/// Why a fence was not put.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PutFault {
    /// All that is wrong with it.
    #[error("the fence is faulty: {}", sentences(.0))]
    Faulty(Vec<FenceFault>),
    /// There are as many as the settings allow.
    #[error("there are {0} fences already; remove one or raise `fences_max`")]
    TooMany(usize),
    /// There are as many different tags as the settings allow.
    #[error("there are {0} tags already; use one of them or raise `tags_max`")]
    TooManyTags(usize),
}

/// Why an object was not put.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ObjectFault {
    /// The id is no id.
    #[error("the id of an object has 1 to 200 bytes")]
    Id,
    /// There are as many as the settings allow.
    #[error("there are {0} objects already; remove one or raise `objects_max`")]
    TooMany(usize),
    /// There are as many different tags as the settings allow.
    #[error("there are {0} tags already; use one of them or raise `tags_max`")]
    TooManyTags(usize),
}

fn sentences(faults: &[FenceFault]) -> String {
    let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
    faults.join("; ")
}

impl Tracker {
    /// Puts a fence, or takes it for the one of the same id. Objects stay inside a fence that was changed until a fix
    /// says otherwise; whom it no longer concerns, and whom it holds out of its time, is released.
    pub fn put_fence(
        &mut self,
        spec: FenceSpec,
        at: i64,
        out: &mut Vec<Event>,
    ) -> Result<(), PutFault> {
        let known = self.fences.number(&spec.id);
        let current = known.and_then(|number| self.fences.get(number));
        if current.is_some_and(|fence| fence.spec == spec) {
            return Ok(());
        }
        if known.is_none() && self.fences.len() >= self.settings.fences_max {
            return Err(PutFault::TooMany(self.fences.len()));
        }
        let mut fence = Fence::new(spec).map_err(PutFault::Faulty)?;
        let tags = fence.spec.concerns.tags.iter().map(String::as_str);
        let most = self.settings.tags_max;
        let tags = self.fences.intern(tags, most);
        fence.tags = tags.ok_or(PutFault::TooManyTags(most))?;
        let number = self.fences.put(fence);
        if known.is_some() {
            let told = out.len();
            for object in self.objects_watching(number) {
                self.adopt(object, at, out);
            }
            in_order(out, told);
        }
        Ok(())
    }

    /// Takes a fence away and releases who is inside or off it. Says whether there was one.
    pub fn remove_fence(&mut self, id: &str, at: i64, out: &mut Vec<Event>) -> bool {
        let Some(number) = self.fences.number(id) else {
            return false;
        };
        let told = out.len();
        for object in self.objects_watching(number) {
            self.give_up(object, at, out, |watch| {
                (watch.fence == number).then_some(Cause::FenceRemoved)
            });
        }
        in_order(out, told);
        self.fences.remove(number);
        true
    }

    /// Says to which kinds and groups an object belongs; it need not have been heard of.
    pub fn put_object<S: AsRef<str>>(
        &mut self,
        id: &str,
        tags: &[S],
        at: i64,
        out: &mut Vec<Event>,
    ) -> Result<(), ObjectFault> {
        let most = self.settings.tags_max;
        let tags = self.fences.intern(tags.iter().map(AsRef::as_ref), most);
        let tags = tags.ok_or(ObjectFault::TooManyTags(most))?;
        let number = match self.objects.find_or_add(id, &self.settings) {
            Ok(number) => number,
            Err(Ignored::NoObject) => return Err(ObjectFault::Id),
            Err(_) => return Err(ObjectFault::TooMany(self.objects.len())),
        };
        let told = out.len();
        let object = self.objects.get_mut(number);
        if let Some(object) = object.filter(|object| object.tags != tags) {
            object.tag(tags);
            self.adopt(number, at, out);
        }
        in_order(out, told);
        Ok(())
    }

    /// Takes an object away, and releases it. Says whether there was one.
    pub fn remove_object(&mut self, id: &str, at: i64, out: &mut Vec<Event>) -> bool {
        let Some(number) = self.objects.number(id) else {
            return false;
        };
        let told = out.len();
        self.give_up(number, at, out, |_| Some(Cause::ObjectRemoved));
        in_order(out, told);
        self.objects.remove(number);
        true
    }

    /// Takes away all objects that were not heard of since then, or never. Says how many.
    pub fn forget_before(&mut self, time: i64, at: i64, out: &mut Vec<Event>) -> usize {
        let is_old = |last: i64| last < time;
        let objects = self.objects.iter();
        let old = objects.filter(|object| object.last.is_none_or(|last| is_old(last.time)));
        let old: Vec<Arc<str>> = old.map(|object| Arc::clone(&object.id)).collect();
        for id in &old {
            self.remove_object(id, at, out);
        }
        old.len()
    }

    fn objects_watching(&self, fence: u32) -> Vec<u32> {
        let is_watching = |number: &u32| {
            let object = self.objects.get(*number);
            object.is_some_and(|object| {
                let watches = &object.watches;
                let found = watches.binary_search_by_key(&fence, |watch| watch.fence);
                found.is_ok()
            })
        };
        (0..self.objects.slots()).filter(is_watching).collect()
    }

    /// Gives up what no longer concerns an object, and brings the rest in line with its fences.
    fn adopt(&mut self, number: u32, at: i64, out: &mut Vec<Event>) {
        let Some(object) = self.objects.get_mut(number) else {
            return;
        };
        object.refresh(&self.fences);
        let mut watches = std::mem::take(&mut object.watches);
        let mut judge = Judge {
            settings: &self.settings,
            counts: &mut self.counts,
            out,
            object: &object.id,
            last: object.last.as_ref(),
            decided_at: at,
        };
        let heard = object.last.map_or(at, |last| last.time);
        watches.retain_mut(|watch| {
            let Some(fence) = self.fences.get(watch.fence) else {
                return false;
            };
            let is_kept = if self.fences.concerns(watch.fence, object) {
                judge.adopt(fence, watch, at)
            } else {
                judge.release(fence, watch, Cause::NotConcerned, at);
                false
            };
            self.watchers.settle(number, watch, fence, heard, is_kept);
            is_kept
        });
        object.watches = watches;
    }

    pub(super) fn give_up(
        &mut self,
        number: u32,
        at: i64,
        out: &mut Vec<Event>,
        cause: impl Fn(&Watch) -> Option<Cause>,
    ) {
        let Some(object) = self.objects.get_mut(number) else {
            return;
        };
        let mut judge = Judge {
            settings: &self.settings,
            counts: &mut self.counts,
            out,
            object: &object.id,
            last: object.last.as_ref(),
            decided_at: at,
        };
        object.watches.retain_mut(|watch| {
            let (Some(fence), Some(cause)) = (self.fences.get(watch.fence), cause(watch)) else {
                return true;
            };
            judge.release(fence, watch, cause, at);
            self.watchers.settle(number, watch, fence, at, false);
            false
        });
    }
}
