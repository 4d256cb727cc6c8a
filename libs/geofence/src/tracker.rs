//! All objects and all fences: fixes go in, events come out.

use serde::{Deserialize, Serialize};
use yiwang_coords::Plane;

use crate::{
    counts::{Counts, Ignored},
    event::Event,
    fence::micros,
    fix::{Fix, TIME_MAX},
    judge::{Judge, Sight},
    settings::Settings,
};

mod change;
mod fences;
mod objects;
mod saved;
mod watchers;

pub use change::{ObjectFault, PutFault};
use fences::Fences;
use objects::{Object, Objects};
pub use saved::{RestoreFault, Saved, SavedObject, SavedWatch};
use watchers::Watchers;

/// Follows objects among fences. It knows no clock: `tick` says what time it is.
#[derive(Debug, Default)]
pub struct Tracker {
    settings: Settings,
    fences: Fences,
    objects: Objects,
    watchers: Watchers,
    counts: Counts,
    /// Of the last `tick`.
    now: Option<i64>,
}

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Fences.
    pub fences: usize,
    /// Objects.
    pub objects: usize,
    /// Pairs of an object and a fence that it is inside, near or bound to.
    pub watches: usize,
}

impl Tracker {
    /// No fence, no object.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            ..Self::default()
        }
    }

    /// Takes a fix, and adds what it means to `out` in the order in which it happened. An object that was never heard
    /// of begins to exist, without tags.
    pub fn fix(&mut self, object: &str, fix: Fix, out: &mut Vec<Event>) -> Result<(), Ignored> {
        self.counts.received += 1;
        let told = out.len();
        let taken = self.take(object, &fix.cleaned(), out);
        match taken {
            Ok(()) => self.counts.taken += 1,
            Err(why) => self.counts.ignore(why),
        }
        in_order(out, told);
        taken
    }

    /// Lets time pass: tells what is due by then and no fix has shown. Says whether that was all; if not, call again.
    pub fn tick(&mut self, now: i64, out: &mut Vec<Event>) -> bool {
        let now = now.clamp(0, TIME_MAX);
        self.now = self.now.max(Some(now));
        let told = out.len();
        let mut is_all = false;
        for _ in 0..self.settings.dues_max.max(1) {
            let Some((object, fence)) = self.watchers.pop(now) else {
                is_all = true;
                break;
            };
            self.pass(object, fence, now, out);
        }
        in_order(out, told);
        is_all
    }

    /// The next instant at which `tick` may have something to do. It never comes too late; it may come too early.
    pub fn wake(&self) -> Option<i64> {
        self.watchers.first()
    }

    /// What became of all fixes.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// How much there is.
    pub fn size(&self) -> Size {
        Size {
            fences: self.fences.len(),
            objects: self.objects.len(),
            watches: self.watchers.len(),
        }
    }

    /// The ids of the fences that an object is inside, in rising order.
    pub fn inside(&self, object: &str) -> Vec<&str> {
        let object = self.objects.find(object);
        let watches = object.into_iter().flat_map(|object| &object.watches);
        let inside = watches.filter(|watch| watch.is_inside);
        let fences = inside.filter_map(|watch| self.fences.get(watch.fence));
        let mut ids: Vec<_> = fences.map(|fence| &*fence.id).collect();
        ids.sort_unstable();
        ids
    }

    fn take(&mut self, id: &str, fix: &Fix, out: &mut Vec<Event>) -> Result<(), Ignored> {
        if !fix.has_position() {
            return Err(Ignored::NoPosition);
        }
        let ahead = micros(Some(self.settings.ahead_seconds)).unwrap_or_default();
        let latest = self.now.map_or(TIME_MAX, |now| TIME_MAX.min(now + ahead));
        if !(0..=latest).contains(&fix.time) {
            return Err(Ignored::UnlikelyTime);
        }
        let index = self.objects.find_or_add(id, &self.settings)?;
        let Some(object) = self.objects.get_mut(index) else {
            return Err(Ignored::NoRoom);
        };
        let plane = Plane::at(fix.place);
        if let Some(last) = &object.last {
            may_follow(last, fix, &plane, &self.settings)?;
        }
        object.refresh(&self.fences);
        let last = object.last.replace(*fix);
        let mut judge = Judge {
            settings: &self.settings,
            counts: &mut self.counts,
            out,
            object: &object.id,
            last: last.as_ref(),
            decided_at: fix.time,
        };
        let sight = Sight {
            fix,
            plane,
            speed_kmh: fix.speed_kmh.or_else(|| {
                let last = last.as_ref()?;
                speed_between(last, &plane, fix, &self.settings)
            }),
        };
        let watchers = &mut self.watchers;
        object.watches.retain_mut(|watch| {
            let Some(fence) = self.fences.get(watch.fence) else {
                return false;
            };
            let is_kept = judge.see(fence, watch, &sight);
            watchers.settle(index, watch, fence, fix.time, is_kept);
            is_kept
        });
        let mut begun = Vec::new();
        for slot in self.fences.candidates(object, fix.place) {
            let Some(fence) = self.fences.get(slot) else {
                continue;
            };
            let Some(mut watch) = judge.first_look(fence, slot, fix) else {
                continue;
            };
            if object.watches.len() + begun.len() >= self.settings.watches_max {
                judge.counts.unwatched += 1;
                continue;
            }
            watchers.begin();
            let is_kept = judge.see(fence, &mut watch, &sight);
            watchers.settle(index, &mut watch, fence, fix.time, is_kept);
            if is_kept {
                begun.push(watch);
            }
        }
        if !begun.is_empty() {
            object.watches.append(&mut begun);
            object.watches.sort_unstable_by_key(|watch| watch.fence);
        }
        Ok(())
    }

    /// Lets time pass for one object and fence.
    fn pass(&mut self, index: u32, slot: u32, now: i64, out: &mut Vec<Event>) {
        let (Some(object), Some(fence)) = (self.objects.get_mut(index), self.fences.get(slot))
        else {
            return;
        };
        let Object {
            id, last, watches, ..
        } = object;
        let found = watches.binary_search_by_key(&slot, |watch| watch.fence);
        let Ok(found) = found else { return };
        let Some(watch) = watches.get_mut(found) else {
            return;
        };
        watch.queued = None;
        let mut judge = Judge {
            settings: &self.settings,
            counts: &mut self.counts,
            out,
            object: id,
            last: last.as_ref(),
            decided_at: now,
        };
        let heard = last.map_or(now, |last| last.time);
        let is_kept = judge.advance(fence, watch, now, heard);
        self.watchers.settle(index, watch, fence, heard, is_kept);
        if !is_kept {
            watches.remove(found);
        }
    }
}

/// Events of one call, as they happened, whatever the order in which fences were asked.
fn in_order(out: &mut [Event], from: usize) {
    let Some(told) = out.get_mut(from..) else {
        return;
    };
    told.sort_by(|a, b| {
        let earlier = a.at.cmp(&b.at).then_with(|| a.object.cmp(&b.object));
        earlier.then_with(|| a.fence.cmp(&b.fence))
    });
}

fn may_follow(last: &Fix, fix: &Fix, plane: &Plane, settings: &Settings) -> Result<(), Ignored> {
    if fix.time < last.time {
        return Err(Ignored::Late);
    }
    if fix.time == last.time {
        return Err(Ignored::Repeated);
    }
    let hours = (fix.time - last.time) as f64 / 3.6e9;
    let unsure = fix.accuracy_m.unwrap_or(0.0) + last.accuracy_m.unwrap_or(0.0);
    let farthest = settings.jump_kmh * 1_000.0 * hours + settings.jump_slack_m + unsure;
    if plane.distance_m(last.place) > farthest {
        return Err(Ignored::Jump);
    }
    Ok(())
}

fn speed_between(last: &Fix, plane: &Plane, fix: &Fix, settings: &Settings) -> Option<f64> {
    let gap = micros(Some(settings.gap_seconds))?;
    let lapse = fix.time - last.time;
    let is_of_use = lapse > 0 && lapse <= gap;
    is_of_use.then(|| plane.distance_m(last.place) * 3.6e6 / lapse as f64)
}
