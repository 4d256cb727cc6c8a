//! Cuts a stream into frames, by their starts, their lengths and their sums.
//!
//! A start can stand in any body, a length can be wrong, a frame can be cut off. So every place where a frame could
//! begin is remembered with the place where it would end, and as soon as that place is reached its sum is made: a whole
//! frame is found wherever it stands, and one bad frame costs itself and nothing behind it.

use jiff::Timestamp;

use crate::frame::{self, End, Frame};
use crate::refusal::{Oddity, Refusal};
use crate::settings::{Settings, Tolerance};

mod scan;
mod skipped;
#[cfg(test)]
mod tests;
mod waiting;

use scan::{Scan, find_start};
use skipped::Skipped;
use waiting::Waiting;

/// End mark and sum.
const TAIL: usize = 3;
/// No frame in bytes is longer.
const FRAME_BYTES_MAX: usize = frame::HEX_HEAD + frame::BODY_BYTES_MAX + TAIL;

/// What the stream was cut into.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    Frame {
        raw: Vec<u8>,
        frame: Frame,
        oddities: Vec<Oddity>,
    },
    Bad {
        raw: Vec<u8>,
        reason: Refusal,
    },
}

/// The bytes of one connection that are not cut yet.
#[derive(Debug, Default)]
pub(crate) struct Framer {
    waiting: Waiting,
    scan: Scan,
    /// When the first byte of the buffer came.
    since: Option<Timestamp>,
    skipped: Skipped,
    /// Up to here no sum fits behind the frame at the start.
    unfit: usize,
}

impl Framer {
    /// How many bytes wait.
    pub(crate) fn pending(&self) -> usize {
        self.waiting.len() + self.skipped.kept()
    }

    /// Takes bytes in and pushes what can be cut.
    pub(crate) fn feed(
        &mut self,
        settings: &Settings,
        bytes: &[u8],
        now: Timestamp,
        cuts: &mut Vec<Cut>,
    ) {
        const SLICE: usize = 4_096;
        for slice in bytes.chunks(SLICE) {
            self.waiting.extend(slice);
            self.cut_all(settings, cuts);
            if self.skipped.is_over(&settings.limits) {
                self.report(cuts);
            }
        }
        if self.waiting.is_empty() {
            self.since = None;
        } else {
            self.since = self.since.or(Some(now));
        }
    }

    /// Gives up a frame whose rest has not come in time.
    pub(crate) fn expire(&mut self, settings: &Settings, now: Timestamp, cuts: &mut Vec<Cut>) {
        let age = self.since.map(|since| now.duration_since(since).as_secs());
        if age.is_some_and(|age| age > i64::from(settings.limits.frame_seconds_max)) {
            self.give_up(settings, cuts);
            self.since = (!self.waiting.is_empty()).then_some(now);
        }
    }

    /// Gives up everything that waits, since nothing more will come.
    pub(crate) fn close(&mut self, settings: &Settings, cuts: &mut Vec<Cut>) {
        while !self.waiting.is_empty() {
            self.give_up(settings, cuts);
        }
        self.report(cuts);
    }

    /// Gives up the frame at the start, and cuts what stands behind it.
    fn give_up(&mut self, settings: &Settings, cuts: &mut Vec<Cut>) {
        if let Some(declared) = frame::declared(self.waiting.bytes()) {
            self.look(settings);
            let next = self.scan.next_start(&self.waiting);
            let have = next.unwrap_or(self.waiting.len());
            let stale = Refusal::Stale { declared, have };
            let cut = self.of_another_length(settings, have, stale);
            self.emit(cut, cuts);
        } else {
            let all = self.waiting.len();
            self.skip(settings, all);
        }
        self.cut_all(settings, cuts);
    }

    fn cut_all(&mut self, settings: &Settings, cuts: &mut Vec<Cut>) {
        while let Some(cut) = self.next(settings) {
            self.emit(cut, cuts);
        }
    }

    fn emit(&mut self, cut: Cut, cuts: &mut Vec<Cut>) {
        self.report(cuts);
        cuts.push(cut);
    }

    fn report(&mut self, cuts: &mut Vec<Cut>) {
        if let Some((raw, bytes)) = self.skipped.take() {
            let reason = Refusal::Garbage { bytes };
            cuts.push(Cut::Bad { raw, reason });
        }
    }

    /// The next cut, or nothing while more bytes are needed.
    fn next(&mut self, settings: &Settings) -> Option<Cut> {
        self.skip_blank();
        let start = self.start(settings).unwrap_or(self.waiting.len());
        self.skip(settings, start);
        let declared = frame::declared(self.waiting.bytes())?;
        if declared <= self.waiting.len() {
            return match self.check(settings, 0, declared) {
                Ok(oddity) => Some(self.whole(declared, oddity)),
                Err(fault) => self.bad_sum(settings, declared, fault),
            };
        }
        self.look(settings);
        let next = self.scan.next_whole(&self.waiting)?;
        let truncated = Refusal::Truncated {
            declared,
            have: next,
        };
        Some(self.of_another_length(settings, next, truncated))
    }

    /// Where the next frame begins: its header is possible, or not here yet, or impossible and its sum right.
    fn start(&self, settings: &Settings) -> Option<usize> {
        let bytes = self.waiting.bytes();
        let mut from = 0;
        loop {
            let start = find_start(bytes, from)?;
            let here = bytes.get(start..).unwrap_or_default();
            let Some(declared) = frame::declared(here) else {
                return Some(start);
            };
            let is_whole =
                || declared <= here.len() && self.check(settings, start, declared).is_ok();
            if frame::is_plausible(here) || is_whole() {
                return Some(start);
            }
            from = start + 1;
        }
    }

    /// Compares the sum of the frame of this length that begins here.
    fn check(
        &self,
        settings: &Settings,
        from: usize,
        length: usize,
    ) -> Result<Option<Oddity>, Refusal> {
        let frame = self.waiting.bytes().get(from..from + length);
        let sum_of = |length| self.waiting.sum(from, from + length);
        frame::check(settings, frame.unwrap_or_default(), sum_of)
    }

    /// A frame that is whole by its length and its sum.
    fn whole(&mut self, length: usize, oddity: Option<Oddity>) -> Cut {
        let raw = self.take(length);
        match frame::parse(&raw) {
            Ok(frame) => Cut::Frame {
                raw,
                frame,
                oddities: oddity.into_iter().collect(),
            },
            Err(reason) => Cut::Bad { raw, reason },
        }
    }

    /// A frame that is whole by its length and not by its sum or its end. What begins inside of it may be the next one.
    fn bad_sum(&mut self, settings: &Settings, declared: usize, fault: Refusal) -> Option<Cut> {
        self.look(settings);
        let mark = self.waiting.bytes().get(declared - self.tail());
        let mark = mark.copied().unwrap_or_default();
        let ends = End::of_byte(mark).is_some();
        let whole = self.scan.next_whole(&self.waiting);
        let inside = |next: &usize| *next < declared;
        let is_sum = matches!(fault, Refusal::Crc { .. });
        let may_be_longer = is_sum && !ends && self.takes_other_lengths(settings);
        if may_be_longer && whole.is_none_or(|whole| whole > declared) {
            let limit = whole.unwrap_or(self.waiting.len()).min(FRAME_BYTES_MAX);
            if self.fitting(limit).is_none() && whole.is_none() && limit < FRAME_BYTES_MAX {
                return None;
            }
            let found = mark;
            return Some(self.of_another_length(
                settings,
                limit,
                Refusal::Length { declared, found },
            ));
        }
        let whole = whole.filter(inside);
        if whole.is_none() && ends && settings.accepts(Tolerance::BadCrc) {
            return Some(self.damaged(declared, fault));
        }
        let next = whole.or(self.scan.next_start(&self.waiting).filter(inside));
        let reason = match next {
            Some(have) => Refusal::Truncated { declared, have },
            None if ends || !is_sum => fault,
            None => Refusal::Length {
                declared,
                found: mark,
            },
        };
        let limit = next.unwrap_or(declared);
        Some(self.of_another_length(settings, limit, reason))
    }

    fn takes_other_lengths(&self, settings: &Settings) -> bool {
        let is_ascii = self.waiting.bytes().first() == Some(&frame::ASCII_START);
        !is_ascii && settings.accepts(Tolerance::WrongLength)
    }

    /// How many bytes stand behind the body.
    fn tail(&self) -> usize {
        match self.waiting.bytes().first() {
            Some(&frame::ASCII_START) => 5,
            _ => TAIL,
        }
    }

    /// A frame with a wrong sum that is taken nevertheless.
    fn damaged(&mut self, declared: usize, fault: Refusal) -> Cut {
        let cut = self.whole(declared, None);
        match (cut, fault) {
            (Cut::Frame { raw, frame, .. }, Refusal::Crc { expected, found }) => Cut::Frame {
                raw,
                frame,
                oddities: vec![Oddity::BadCrc { expected, found }],
            },
            (cut, _) => cut,
        }
    }

    /// What begins at the start and reaches at most to `limit`: a frame with a wrong length, if that is allowed and a
    /// sum fits somewhere, or else refused.
    fn of_another_length(&mut self, settings: &Settings, limit: usize, reason: Refusal) -> Cut {
        let is_taken = self.takes_other_lengths(settings);
        let actual = is_taken.then(|| self.fitting(limit)).flatten();
        let Some(actual) = actual else {
            let raw = self.take(limit);
            return Cut::Bad { raw, reason };
        };
        let declared = frame::declared(self.waiting.bytes()).unwrap_or_default();
        match self.whole(actual, Some(Oddity::WrongLength { declared, actual })) {
            Cut::Bad { raw, .. } => Cut::Bad { raw, reason },
            cut @ Cut::Frame { .. } => cut,
        }
    }

    /// Where an end mark and a right sum stand, whatever the length says.
    fn fitting(&mut self, limit: usize) -> Option<usize> {
        let bytes = self.waiting.bytes();
        let fits = |behind: &usize| {
            let Some([end, high, low]) = bytes.get(behind - 1..behind + 2) else {
                return false;
            };
            let sum = u16::from_be_bytes([*high, *low]);
            End::of_byte(*end).is_some() && sum == self.waiting.sum(0, *behind)
        };
        let from = self.unfit.max(frame::HEX_HEAD + 1);
        let to = limit.saturating_sub(1);
        let found = (from..to).find(fits);
        if found.is_none() {
            self.unfit = self.unfit.max(to);
        }
        Some(found? + 2)
    }

    /// Line ends between frames are no loss and not reported.
    fn skip_blank(&mut self) {
        let is_line_end = |byte: &&u8| matches!(byte, b'\r' | b'\n');
        if self.skipped.kept() == 0 {
            let blank = self.waiting.bytes().iter().take_while(is_line_end).count();
            if blank > 0 {
                drop(self.take(blank));
            }
        }
    }

    fn skip(&mut self, settings: &Settings, count: usize) {
        if count > 0 {
            let bytes = self.take(count);
            self.skipped.add(&bytes, settings.limits.skipped_bytes_kept);
        }
    }

    fn take(&mut self, count: usize) -> Vec<u8> {
        let taken = self.waiting.take(count);
        self.scan.moved(self.waiting.offset());
        self.since = None;
        self.unfit = 0;
        taken
    }

    fn look(&mut self, settings: &Settings) {
        self.scan.look(settings, &self.waiting);
    }
}
