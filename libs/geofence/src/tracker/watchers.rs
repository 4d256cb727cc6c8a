//! What is due when. Each watch stands in the queue once at most.

use std::collections::BTreeSet;

use crate::{fence::Fence, watch::Watch};

#[derive(Debug, Default)]
pub(super) struct Watchers {
    /// The instant, the object, the fence.
    queue: BTreeSet<(i64, u32, u32)>,
    watches: usize,
}

impl Watchers {
    pub(super) fn len(&self) -> usize {
        self.watches
    }

    pub(super) fn first(&self) -> Option<i64> {
        self.queue.first().map(|(at, ..)| *at)
    }

    pub(super) fn begin(&mut self) {
        self.watches += 1;
    }

    /// The object and fence that were to be looked at by now.
    pub(super) fn pop(&mut self, now: i64) -> Option<(u32, u32)> {
        let is_due = self.first().is_some_and(|at| at <= now);
        let (_, object, fence) = is_due.then(|| self.queue.pop_first()).flatten()?;
        Some((object, fence))
    }

    /// After a watch was judged: in the queue where its next instant comes sooner, out of it where it is over. Where
    /// the next instant has moved away, as it does with every fix, the old one stays and is looked at in vain once.
    pub(super) fn settle(
        &mut self,
        object: u32,
        watch: &mut Watch,
        fence: &Fence,
        heard: i64,
        is_kept: bool,
    ) {
        if !is_kept {
            self.watches = self.watches.saturating_sub(1);
        }
        let next = watch.next(fence, heard).filter(|_| is_kept);
        let next = next.map(|(at, _)| at);
        let stays = match (watch.queued, next) {
            (Some(queued), Some(next)) => queued <= next,
            (queued, next) => is_kept && queued.is_some() || queued.is_none() && next.is_none(),
        };
        if stays {
            return;
        }
        if let Some(queued) = watch.queued {
            self.queue.remove(&(queued, object, watch.fence));
        }
        if let Some(next) = next {
            self.queue.insert((next, object, watch.fence));
        }
        watch.queued = next;
    }
}
