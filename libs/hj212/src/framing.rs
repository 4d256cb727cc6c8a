//! Cuts a stream into frames: `##`, four digits of length, the data segment, four digits of sum, CR LF.
//!
//! A length can be wrong, a frame can be cut off, and then its length reaches into the frames behind it. So while the
//! rest of a frame is waited for, each line end that comes in is asked whether a whole frame with a right sum ends
//! there: either the waited-for one, only shorter than it says, or one that begins inside. One bad frame costs itself
//! and nothing behind it, and work per byte is bounded.

use jiff::Timestamp;

use crate::check::{self, Checked};
use crate::refusal::{Oddity, Refusal};
use crate::settings::{Settings, Tolerance};

mod scan;
mod skipped;
#[cfg(test)]
mod tests;

use scan::{Scan, Waiting};
use skipped::Skipped;

pub(crate) const START: &[u8] = b"##";
pub(crate) const END: &[u8] = b"\r\n";
/// Where the data segment begins.
const HEAD: usize = 6;
const SUM: usize = 4;
/// What a frame has besides its data segment.
const AROUND: usize = HEAD + SUM + END.len();

/// What the stream was cut into.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    Frame { raw: Vec<u8>, checked: Checked },
    Bad { raw: Vec<u8>, reason: Refusal },
}

/// The bytes of one connection that are not cut yet.
#[derive(Debug, Default)]
pub(crate) struct Framer {
    buffer: Vec<u8>,
    /// Where the buffer begins in the stream.
    offset: u64,
    scan: Scan,
    /// When the first byte of the buffer came.
    since: Option<Timestamp>,
    /// That the frame at the start is whole by its length, and why it is none.
    fault: Option<Refusal>,
    skipped: Skipped,
}

/// What the first bytes say about the length of their segment.
enum Length {
    Declared(usize),
    /// A frame by its fields, but not by its length; they begin here.
    Fields(usize),
    None,
    Unknown,
}

impl Framer {
    /// How many bytes wait.
    pub(crate) fn pending(&self) -> usize {
        self.buffer.len() + self.skipped.kept()
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
            self.buffer.extend_from_slice(slice);
            self.scan.earn(slice.len());
            self.cut_all(settings, cuts);
            if self.skipped.is_over(&settings.limits) {
                self.report(cuts);
            }
        }
        if self.buffer.is_empty() {
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
            self.since = (!self.buffer.is_empty()).then_some(now);
        }
    }

    /// Gives up everything that waits, since nothing more will come.
    pub(crate) fn close(&mut self, settings: &Settings, cuts: &mut Vec<Cut>) {
        while !self.buffer.is_empty() {
            self.give_up(settings, cuts);
        }
        self.report(cuts);
    }

    /// Gives up the frame at the start, and cuts what stands behind it.
    fn give_up(&mut self, settings: &Settings, cuts: &mut Vec<Cut>) {
        match self.length() {
            Length::Declared(declared) => {
                let cut = self.abandon(settings, declared);
                self.emit(settings, cut, cuts);
            }
            Length::Fields(_) | Length::None | Length::Unknown => {
                let all = self.buffer.len();
                self.skip(settings, all);
            }
        }
        self.cut_all(settings, cuts);
    }

    /// A frame whose rest does not come: only its end may be missing, or more.
    fn abandon(&mut self, settings: &Settings, declared: usize) -> Cut {
        if self
            .judge(settings, declared)
            .is_some_and(|judged| judged.is_ok())
        {
            return self.ended(settings, declared, b"");
        }
        self.look(settings);
        let have = self
            .scan
            .next_start(self.waiting())
            .unwrap_or(self.buffer.len());
        let declared = declared + AROUND;
        let stale = Refusal::Stale { declared, have };
        let reason = self.fault.clone().unwrap_or(stale);
        self.bad(have, reason)
    }

    fn cut_all(&mut self, settings: &Settings, cuts: &mut Vec<Cut>) {
        while let Some(cut) = self.next(settings) {
            self.emit(settings, cut, cuts);
        }
    }

    fn emit(&mut self, settings: &Settings, cut: Cut, cuts: &mut Vec<Cut>) {
        self.report(cuts);
        // A wrong sum behind a right length is taken only if the settings ask for it.
        match cut {
            Cut::Bad {
                raw,
                reason: Refusal::Crc { expected, found },
            } if settings.accepts(Tolerance::BadCrc) => {
                let segment = raw.get(HEAD..raw.len().saturating_sub(SUM + END.len()));
                let checked = Checked {
                    segment: segment.unwrap_or_default().to_vec(),
                    oddities: vec![Oddity::BadCrc { expected, found }],
                };
                cuts.push(Cut::Frame { raw, checked });
            }
            cut => cuts.push(cut),
        }
    }

    fn report(&mut self, cuts: &mut Vec<Cut>) {
        if let Some((raw, bytes)) = self.skipped.take() {
            let reason = Refusal::Garbage { bytes };
            cuts.push(Cut::Bad { raw, reason });
        }
    }

    /// The next cut, or nothing while more bytes are needed.
    fn next(&mut self, settings: &Settings) -> Option<Cut> {
        loop {
            self.skip_to_start(settings);
            match self.length() {
                Length::Unknown => return None,
                Length::None => self.skip(settings, 1),
                Length::Fields(at) => return self.by_fields(settings, at),
                Length::Declared(declared) if declared > settings.limits.segment_bytes_max => {
                    let max = settings.limits.segment_bytes_max;
                    return Some(self.bad(HEAD, Refusal::TooLong { declared, max }));
                }
                Length::Declared(declared) => return self.by_length(settings, declared),
            }
        }
    }

    /// Whether the segment of this length has the sum behind it, once both are here.
    fn judge(&self, settings: &Settings, declared: usize) -> Option<Result<Checked, Refusal>> {
        let end = HEAD + declared;
        let segment = self.buffer.get(HEAD..end)?;
        let digits = self.buffer.get(end..end + SUM)?;
        Some(check::check(settings, segment, digits))
    }

    /// A frame that says its length.
    fn by_length(&mut self, settings: &Settings, declared: usize) -> Option<Cut> {
        if self.fault.is_none() {
            match self.judge(settings, declared) {
                Some(Ok(checked)) => {
                    self.fault = self.hides_another(settings, declared);
                    if self.fault.is_none() {
                        return self.whole(settings, declared, checked);
                    }
                }
                Some(Err(fault)) => self.fault = Some(fault),
                None => {}
            }
        }
        let sum_end = HEAD + declared + SUM;
        let total = sum_end + END.len();
        let is_ended = self.buffer.get(sum_end..total) == Some(END);
        // What stands behind a frame that ends where it says is the next one's matter.
        let extent = if is_ended { total } else { self.buffer.len() };
        self.look(settings);
        let next = self.scan.next_whole(self.waiting());
        let next = next.filter(|next| *next < extent);
        // A whole frame inside is worth more than a sum: of those there are only 256.
        let line = self.ends_at(settings, HEAD, next.unwrap_or(extent));
        if let Some(line) = line.filter(|line| *line != sum_end) {
            return Some(self.of_another_length(settings, declared, line));
        }
        if let Some(next) = next {
            return Some(self.cut_before(declared, next));
        }
        let fault = self.fault.clone()?;
        if is_ended {
            return Some(self.bad(total, fault));
        }
        if self.buffer.len() < total {
            return None;
        }
        if let Some(next) = self.scan.next_start(self.waiting()) {
            return Some(self.cut_before(declared, next));
        }
        if let Some(line) = self.scan.line(self.waiting(), HEAD) {
            return Some(self.cut_at_line(declared, line));
        }
        let have = self.buffer.len();
        let most = settings.limits.segment_bytes_max + AROUND;
        (have > most).then(|| self.bad(have - 1, fault))
    }

    /// Whether a whole frame ends where this one does. Then this one was cut off, and its sum is right by chance.
    fn hides_another(&mut self, settings: &Settings, declared: usize) -> Option<Refusal> {
        let segment = self.buffer.get(HEAD..HEAD + declared).unwrap_or_default();
        find(segment, START, 0)?;
        self.look(settings);
        let have = self.scan.next_whole(self.waiting())?;
        let declared = declared + AROUND;
        (have < declared).then_some(Refusal::Truncated { declared, have })
    }

    /// The frame at the start is none; the next one begins at `next`. It reaches to its line end, if it has one.
    fn cut_before(&mut self, declared: usize, next: usize) -> Cut {
        let line = self.scan.line(self.waiting(), HEAD);
        if let Some(line) = line.filter(|line| *line < next) {
            return self.cut_at_line(declared, line);
        }
        let sum_end = HEAD + declared + SUM;
        let is_near = next == sum_end || next == sum_end + 1;
        let truncated = Refusal::Truncated {
            declared: declared + AROUND,
            have: next,
        };
        let reason = self.fault.clone().filter(|_| is_near).unwrap_or(truncated);
        self.bad(next, reason)
    }

    fn cut_at_line(&mut self, declared: usize, line: usize) -> Cut {
        let actual = line.saturating_sub(HEAD + SUM);
        self.bad(line + END.len(), Refusal::Length { declared, actual })
    }

    /// A segment with a right sum; what stands behind the sum decides.
    fn whole(&mut self, settings: &Settings, declared: usize, checked: Checked) -> Option<Cut> {
        let sum_end = HEAD + declared + SUM;
        match self.buffer.get(sum_end..).unwrap_or_default() {
            [b'\r', b'\n', ..] => {
                let raw = self.take(sum_end + END.len());
                Some(Cut::Frame { raw, checked })
            }
            [] | [b'\r'] => None,
            [b'\r', other, ..] | [other, ..] => {
                let other = [*other];
                Some(self.ended(settings, declared, &other))
            }
        }
    }

    /// A right frame with a wrong end, of which `found` is the first byte.
    fn ended(&mut self, settings: &Settings, declared: usize, found: &[u8]) -> Cut {
        let sum_end = HEAD + declared + SUM;
        let is_line_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let length = sum_end + usize::from(self.buffer.get(sum_end).is_some_and(is_line_end));
        match self.judge(settings, declared) {
            Some(Ok(mut checked)) if settings.accepts(Tolerance::WrongEnd) => {
                checked.oddities.push(Oddity::WrongEnd);
                let raw = self.take(length);
                Cut::Frame { raw, checked }
            }
            Some(Err(reason)) => self.bad(length, reason),
            _ => {
                let found = match found {
                    [] => "nothing".to_owned(),
                    bytes => format!("{:?}", Refusal::quote(bytes)),
                };
                self.bad(length, Refusal::End { found })
            }
        }
    }

    /// A frame whose sum is right, but does not stand where the length says.
    fn of_another_length(&mut self, settings: &Settings, declared: usize, line: usize) -> Cut {
        let actual = line - SUM - HEAD;
        let oddity = Oddity::WrongLength { declared, actual };
        let refusal = Refusal::Length { declared, actual };
        self.by_line(settings, (HEAD, line), oddity, refusal)
    }

    /// A frame whose sum stands before a line end; taken with the oddity or refused, as the settings say.
    fn by_line(
        &mut self,
        settings: &Settings,
        (from, line): (usize, usize),
        oddity: Oddity,
        refusal: Refusal,
    ) -> Cut {
        let sum_at = line - SUM;
        let segment = self.buffer.get(from..sum_at).unwrap_or_default();
        let digits = self.buffer.get(sum_at..line).unwrap_or_default();
        match check::check(settings, segment, digits) {
            Ok(mut checked) if settings.accepts(Tolerance::WrongLength) => {
                checked.oddities.push(oddity);
                let raw = self.take(line + END.len());
                Cut::Frame { raw, checked }
            }
            _ => self.bad(line + END.len(), refusal),
        }
    }

    /// A frame with fields but without digits of length reaches to its line end.
    fn by_fields(&mut self, settings: &Settings, from: usize) -> Option<Cut> {
        let digits = self.buffer.get(START.len()..from).unwrap_or_default();
        let found = Refusal::quote(digits);
        self.look(settings);
        if let Some(line) = self.ends_at(settings, from, self.buffer.len()) {
            let oddity = Oddity::LengthDigits {
                found: found.clone(),
            };
            let refusal = Refusal::LengthDigits { found };
            return Some(self.by_line(settings, (from, line), oddity, refusal));
        }
        let next = self.scan.next_start(self.waiting());
        let line = self.scan.line(self.waiting(), from);
        let most = settings.limits.segment_bytes_max + AROUND;
        let extent = match (line.map(|line| line + END.len()), next) {
            (Some(line), Some(next)) => line.min(next),
            (Some(extent), None) | (None, Some(extent)) => extent,
            (None, None) if self.buffer.len() > most => most,
            (None, None) => return None,
        };
        Some(self.bad(extent, Refusal::LengthDigits { found }))
    }

    fn length(&self) -> Length {
        const FIELDS: [&[u8]; 5] = [b"QN=", b"ST=", b"CN=", b"MN=", b"PW="];
        /// How far behind the start the first field may begin.
        const NEAR: usize = 12;
        let Some(digits) = self.buffer.get(START.len()..HEAD) else {
            return Length::Unknown;
        };
        if digits.iter().all(u8::is_ascii_digit) {
            return Length::Declared(decimal(digits));
        }
        let near = self.buffer.get(..NEAR + 3).unwrap_or(&self.buffer);
        let field = (START.len()..near.len()).find(|at| {
            let here = near.get(*at..).unwrap_or_default();
            FIELDS.iter().any(|name| here.starts_with(name))
        });
        match field {
            Some(at) if near.get(START.len()..at).is_some_and(could_be_length) => {
                Length::Fields(at)
            }
            None if near.len() < NEAR + 3 && could_be_length(near.get(2..).unwrap_or_default()) => {
                Length::Unknown
            }
            _ => Length::None,
        }
    }

    /// Drops what stands before the next `##`. Line ends between frames are no loss and not reported.
    fn skip_to_start(&mut self, settings: &Settings) {
        let is_line_end = |byte: &&u8| matches!(byte, b'\r' | b'\n');
        if self.skipped.kept() == 0 {
            let blank = self.buffer.iter().take_while(is_line_end).count();
            if blank > 0 {
                drop(self.take(blank));
            }
        }
        let start = find(&self.buffer, START, 0).unwrap_or_else(|| {
            let last = self.buffer.last() == Some(&b'#');
            self.buffer.len() - usize::from(last)
        });
        self.skip(settings, start);
    }

    fn skip(&mut self, settings: &Settings, count: usize) {
        if count > 0 {
            let bytes = self.take(count);
            self.skipped.add(&bytes, settings.limits.skipped_bytes_kept);
        }
    }

    fn bad(&mut self, length: usize, reason: Refusal) -> Cut {
        let raw = self.take(length);
        Cut::Bad { raw, reason }
    }

    fn take(&mut self, count: usize) -> Vec<u8> {
        let count = count.min(self.buffer.len());
        self.offset += count as u64;
        self.scan.moved(self.offset);
        self.fault = None;
        self.since = None;
        self.buffer.drain(..count).collect()
    }

    fn waiting(&self) -> Waiting<'_> {
        Waiting {
            bytes: &self.buffer,
            offset: self.offset,
        }
    }

    fn look(&mut self, settings: &Settings) {
        let waiting = Waiting {
            bytes: &self.buffer,
            offset: self.offset,
        };
        self.scan.look(settings, waiting);
    }

    fn ends_at(&mut self, settings: &Settings, from: usize, to: usize) -> Option<usize> {
        let waiting = Waiting {
            bytes: &self.buffer,
            offset: self.offset,
        };
        self.scan.ends_at(settings, waiting, from, to)
    }
}

fn decimal(digits: &[u8]) -> usize {
    let value = |sum: usize, digit: &u8| sum * 10 + usize::from(digit - b'0');
    digits.iter().fold(0, value)
}

/// Whether these bytes may stand between `##` and the first field, or be the beginning of both.
fn could_be_length(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'=' | b'-' | b'+'))
}

fn find(bytes: &[u8], pair: &[u8], from: usize) -> Option<usize> {
    let behind = bytes.get(from..)?;
    let at = behind
        .windows(pair.len())
        .position(|window| window == pair)?;
    Some(from + at)
}
