//! What an answer may cost, and the link to the next page.

use std::sync::atomic::{AtomicUsize, Ordering};

use yiwang_odata::Query;

use super::fault::{Answer, StaFault};
use super::{Address, ENTITIES_MAX, LOOKED_AT_MAX, READS_MAX, TOP_DEFAULT, TOP_MAX};

/// What one answer has cost so far.
#[derive(Default)]
pub(super) struct Spent {
    reads: AtomicUsize,
    looked_at: AtomicUsize,
    entities: AtomicUsize,
}

impl Spent {
    /// One more question to the history.
    pub(super) fn read(&self) -> Answer<()> {
        within(&self.reads, READS_MAX)
    }

    /// One more entity shown.
    pub(super) fn show(&self) -> Answer<()> {
        within(&self.entities, ENTITIES_MAX)
    }

    /// One more observation looked at; false when it has been enough.
    pub(super) fn look(&self) -> bool {
        within(&self.looked_at, LOOKED_AT_MAX).is_ok()
    }
}

fn within(spent: &AtomicUsize, most: usize) -> Answer<()> {
    if spent.fetch_add(1, Ordering::Relaxed) < most {
        Ok(())
    } else {
        Err(StaFault::too_much())
    }
}

/// Entities of a page.
pub(super) fn top(query: &Query, most: u64) -> usize {
    query.top.unwrap_or(TOP_DEFAULT).min(most) as usize
}

pub(super) fn top_of_entities(query: &Query) -> usize {
    top(query, TOP_MAX)
}

/// The same question from further on.
pub(super) fn next_link(
    base: &Address,
    path: &str,
    query: &Query,
    (name, place): (&str, &str),
) -> String {
    let mut options = form_urlencoded::Serializer::new(String::new());
    let kept = query
        .written
        .iter()
        .filter(|(name, _)| name != "$skip" && name != "$skiptoken");
    for (name, text) in kept {
        options.append_pair(name, text);
    }
    options.append_pair(name, place);
    // The `$` of a name may stand as it is, and clients look for it.
    let options = options.finish().replace("%24", "$");
    base.link(&format!("{path}?{options}"))
}
