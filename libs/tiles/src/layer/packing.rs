//! Makes a new pack of a layer aside, while tiles are drawn and changes taken.
//!
//! What is behind a lock is touched twice for a short time: to copy the overlay, and to put the new pack in its place.
//! Changes taken in between are kept in a journal and done again.

use std::sync::Arc;

use super::{Change, Layer};
use crate::{
    dictionary::Words,
    overlay::Overlay,
    packed::{
        Packed, Set,
        staging::{Head, Staging},
    },
    record::LIVE,
    settings::Clustering,
    shape::Placed,
    world::World,
};

/// So many changes are cheap to look through with every tile.
const CHANGES_FREE: usize = 4096;
/// Beyond that, the overlay may grow to one part in so many of what is packed.
const OVERLAY_SHARE: usize = 50;

/// More changes than this while a pack is made, and the pack is given up.
const JOURNAL_MAX: usize = 1 << 20;

/// A pack to be made. It owns all that it needs and may run on another thread.
#[derive(Debug)]
pub struct Packing {
    number: u64,
    packed: Arc<Packed>,
    overlay: Overlay,
    clustering: Clustering,
    by: Option<u16>,
    horizon: i64,
}

/// A pack that was made, for the layer to adopt.
#[derive(Debug)]
pub struct Repacked {
    number: u64,
    packed: Packed,
}

/// What a new pack has replaced. Dropping it frees much memory, which takes a while: do it after the lock is released.
#[derive(Debug)]
pub struct Retired {
    packed: Arc<Packed>,
    overlay: Overlay,
}

/// The packing was given up or another began after it: its pack lacks what was changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this packing was given up, or a newer one has begun; drop it and begin another")]
pub struct StalePacking;

impl Layer {
    /// Whether so much has changed that a new pack is worth its making.
    pub fn wants_packing(&self) -> bool {
        let free = CHANGES_FREE.max(self.packed.len() / OVERLAY_SHARE);
        self.journal.is_none() && self.overlay.len() > free
    }

    /// Begins a pack. One that was begun and not adopted is given up.
    pub fn begin_packing(&mut self) -> Packing {
        self.packings += 1;
        self.journal = Some(Vec::new());
        Packing {
            number: self.packings,
            packed: Arc::clone(&self.packed),
            overlay: self.overlay.clone(),
            clustering: self.clustering.clone(),
            by: self.by,
            horizon: self.horizon,
        }
    }

    /// Gives up a pack that was begun, so that changes are no longer kept for it.
    pub fn give_up_packing(&mut self) {
        self.journal = None;
    }

    /// Keeps a change for the pack that is being made. A pack that takes too long is given up.
    pub(super) fn note(&mut self, change: impl FnOnce() -> Change) {
        if let Some(journal) = &mut self.journal {
            journal.push(change());
            if journal.len() > JOURNAL_MAX {
                self.journal = None;
            }
        }
    }

    /// Puts a new pack in the place of the old one. Tiles are the same before and after.
    pub fn adopt(&mut self, repacked: Repacked) -> Result<Retired, StalePacking> {
        if repacked.number != self.packings {
            return Err(StalePacking);
        }
        let journal = self.journal.take().ok_or(StalePacking)?;
        let overlay = Overlay::after(&repacked.packed.dictionary);
        self.bounds = repacked.packed.bounds;
        self.live =
            repacked.packed.live_points.records.len() + repacked.packed.live_shapes.records.len();
        let retired = Retired {
            packed: core::mem::replace(&mut self.packed, Arc::new(repacked.packed)),
            overlay: core::mem::replace(&mut self.overlay, overlay),
        };
        let words = Words {
            packed: &retired.packed.dictionary,
            fresh: &retired.overlay.dictionary,
        };
        for change in journal {
            self.redo(change, words);
        }
        Ok(retired)
    }

    /// Packs at once, for who need not let others in meanwhile.
    pub fn pack(&mut self) {
        let repacked = self.begin_packing().run();
        let adopted = self.adopt(repacked);
        debug_assert!(adopted.is_ok(), "nothing came in between");
    }

    fn redo(&mut self, change: Change, words: Words<'_>) {
        match change {
            Change::Remove { id, at } => {
                let newest = self.newest(id);
                self.close(id, &newest, at);
            }
            Change::Put {
                id,
                placed,
                class,
                from,
                row,
            } => {
                let newest = self.newest(id);
                self.close(id, &newest, from);
                let earlier = &self.packed.dictionary;
                let mut again = |number: u32| {
                    let pair = words.pair(number);
                    self.overlay
                        .dictionary
                        .intern(Some(earlier), pair.key, pair.value)
                        .expect("what fitted with more fits with less")
                };
                let row = row.iter().map(|number| again(*number)).collect();
                self.add(id, &placed, class, from, row);
            }
        }
    }
}

impl Packing {
    /// Makes the pack: for a million points some seconds at most, and as much memory again as the layer has.
    pub fn run(self) -> Repacked {
        let mut staging = Staging::default();
        self.stage_packed(&mut staging);
        self.stage_overlay(&mut staging);
        let words = Words {
            packed: &self.packed.dictionary,
            fresh: &self.overlay.dictionary,
        };
        Repacked {
            number: self.number,
            packed: staging.pack(words, &self.clustering, self.by),
        }
    }

    fn is_kept(&self, from: i64, until: i64) -> bool {
        until > from && until > self.horizon
    }

    fn stage_packed(&self, staging: &mut Staging) {
        for number in 0..self.packed.len() as u32 {
            let (set, at) = self.packed.locate(number);
            let records = self.packed.records(set);
            let (from, mut until) = self.packed.span(number);
            if matches!(set, Set::LivePoints | Set::LiveShapes) {
                until = self.overlay.closed_at(number as usize).unwrap_or(LIVE);
            }
            let (Some(id), Some(class)) = (records.ids.get(at), records.classes.get(at)) else {
                continue;
            };
            if self.is_kept(from, until) {
                let head = Head {
                    id: *id,
                    class: *class,
                    from,
                    until,
                };
                staging.push(head, self.packed.placed(number), records.row(at));
            }
        }
    }

    fn stage_overlay(&self, staging: &mut Staging) {
        let points = self.overlay.points.iter().map(|((key, id, _), record)| {
            let place = World::from_key(*key);
            (*id, Placed::Point(place), record)
        });
        let shapes = self
            .overlay
            .shapes
            .iter()
            .map(|((id, _), (shape, record))| (*id, Placed::Shape(Arc::clone(shape)), record));
        for (id, placed, record) in points.chain(shapes) {
            if self.is_kept(record.from, record.until) {
                let head = Head {
                    id,
                    class: record.class,
                    from: record.from,
                    until: record.until,
                };
                staging.push(head, placed, &record.row);
            }
        }
    }
}

impl Retired {
    /// Bytes that the old pack held, which are free when its last reader has let go of it.
    pub fn bytes(&self) -> usize {
        self.packed.bytes()
    }
}
