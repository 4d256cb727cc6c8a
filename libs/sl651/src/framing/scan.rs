//! What is known of the bytes that wait: where frames seem to begin, where they would end, and which are whole.
//!
//! Positions count from the beginning of the stream, so that what was found stays found when bytes are cut off in
//! front. Each byte is looked at once.

use std::collections::{BTreeMap, VecDeque};

use super::waiting::Waiting;
use crate::frame::{self, ASCII_START, HEX_START};
use crate::settings::Settings;

#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Starts before this are known.
    known: u64,
    starts: VecDeque<u64>,
    /// Seeming frames by where they would end.
    claims: BTreeMap<u64, Vec<u64>>,
    /// Frames with a right sum that are whole.
    whole: VecDeque<u64>,
}

/// Where a frame may begin next: at the two bytes of one, or at the one byte of the other and digits.
pub(super) fn find_start(bytes: &[u8], from: usize) -> Option<usize> {
    (from..bytes.len()).find(|at| {
        let here = bytes.get(*at..).unwrap_or_default();
        match here {
            [0x7E] => true,
            [ASCII_START, ..] => frame::ascii::could_begin(here),
            here => here.starts_with(HEX_START),
        }
    })
}

impl Scan {
    /// Forgets what stands before this.
    pub(super) fn moved(&mut self, offset: u64) {
        for known in [&mut self.starts, &mut self.whole] {
            while known.front().is_some_and(|at| *at < offset) {
                known.pop_front();
            }
        }
    }

    /// Looks at the bytes that are new.
    pub(super) fn look(&mut self, settings: &Settings, waiting: &Waiting) {
        self.look_for_starts(waiting);
        while let Some(entry) = self.claims.first_entry() {
            if *entry.key() > waiting.end() {
                return;
            }
            let (end, starts) = entry.remove_entry();
            for start in starts
                .into_iter()
                .filter(|start| *start >= waiting.offset())
            {
                let (from, to) = (start - waiting.offset(), end - waiting.offset());
                if is_whole(settings, waiting, from as usize, to as usize) {
                    let place = self.whole.partition_point(|known| *known < start);
                    self.whole.insert(place, start);
                }
            }
        }
    }

    fn look_for_starts(&mut self, waiting: &Waiting) {
        self.known = self.known.max(waiting.offset() + 1);
        loop {
            let from = (self.known - waiting.offset()) as usize;
            let Some(at) = find_start(waiting.bytes(), from) else {
                self.known = self.known.max(waiting.end());
                return;
            };
            let here = waiting.bytes().get(at..).unwrap_or_default();
            let Some(length) = frame::declared(here) else {
                // Its header is not here yet.
                self.known = waiting.offset() + at as u64;
                return;
            };
            let start = waiting.offset() + at as u64;
            self.known = start + 1;
            if frame::is_plausible(here) {
                self.starts.push_back(start);
                let claim = self.claims.entry(start + length as u64);
                claim.or_default().push(start);
            }
        }
    }

    /// The first whole frame behind the one at the start.
    pub(super) fn next_whole(&self, waiting: &Waiting) -> Option<usize> {
        behind(&self.whole, waiting)
    }

    /// Where the next frame seems to begin.
    pub(super) fn next_start(&self, waiting: &Waiting) -> Option<usize> {
        behind(&self.starts, waiting)
    }
}

fn is_whole(settings: &Settings, waiting: &Waiting, from: usize, to: usize) -> bool {
    let frame = waiting.bytes().get(from..to).unwrap_or_default();
    let sum_of = |length| waiting.sum(from, from + length);
    frame::check(settings, frame, sum_of).is_ok()
}

fn behind(known: &VecDeque<u64>, waiting: &Waiting) -> Option<usize> {
    let next = known.iter().find(|start| **start > waiting.offset())?;
    Some((next - waiting.offset()) as usize)
}
