//! What is known of the bytes that wait: where lines end, where frames seem to begin, and which of them are whole.
//!
//! Positions count from the beginning of the stream, so that what was found stays found when bytes are cut off in
//! front. Each byte is looked at once. How many sums are made is up to the sender, who may write many starts that all
//! claim to end at the same place; so they are paid for by the bytes that come in.

use std::collections::{BTreeMap, VecDeque};

use super::{END, HEAD, START, SUM};
use crate::check;
use crate::crc;
use crate::settings::{Settings, Tolerance};

/// Steps of a sum that one incoming byte pays for.
const STEPS_PER_BYTE: usize = 16;
/// Steps that are saved up at most.
const STEPS_MAX: usize = 256 * 1024;
/// The frame at the start is asked at so many line ends whether it ends there against its length.
const LINES: usize = 4;

#[derive(Debug)]
pub(super) struct Scan {
    /// Line ends before this are known.
    lines_known: u64,
    lines: VecDeque<u64>,
    /// Starts before this are known.
    starts_known: u64,
    starts: VecDeque<u64>,
    /// Seeming frames by where their line end must stand.
    claims: BTreeMap<u64, Vec<u64>>,
    /// Frames with a right sum that are whole.
    whole: VecDeque<u64>,
    steps_left: usize,
    here: Here,
}

/// The sums of the frame at the start up to its next line ends.
#[derive(Debug)]
struct Here {
    lines_asked: usize,
    asked_to: u64,
    summed_to: usize,
    sum: u16,
    modbus: u16,
}

impl Default for Here {
    fn default() -> Self {
        Self {
            lines_asked: 0,
            asked_to: 0,
            summed_to: 0,
            sum: crc::START,
            modbus: crc::START,
        }
    }
}

impl Default for Scan {
    fn default() -> Self {
        Self {
            lines_known: 0,
            lines: VecDeque::new(),
            starts_known: 0,
            starts: VecDeque::new(),
            claims: BTreeMap::new(),
            whole: VecDeque::new(),
            steps_left: STEPS_MAX / 4,
            here: Here::default(),
        }
    }
}

/// The bytes that wait, and where they begin in the stream.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiting<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) offset: u64,
}

impl Waiting<'_> {
    fn end(self) -> u64 {
        self.offset + self.bytes.len() as u64
    }

    /// Where the pair stands next.
    fn find(self, pair: &[u8], from: u64) -> Option<u64> {
        let from = from.saturating_sub(self.offset) as usize;
        super::find(self.bytes, pair, from).map(|at| self.offset + at as u64)
    }
}

impl Scan {
    /// Bytes pay for what is done about them.
    pub(super) fn earn(&mut self, bytes: usize) {
        self.steps_left = (self.steps_left + bytes * STEPS_PER_BYTE).min(STEPS_MAX);
    }

    /// Forgets what stands before this.
    pub(super) fn moved(&mut self, offset: u64) {
        self.here = Here::default();
        for known in [&mut self.lines, &mut self.starts, &mut self.whole] {
            while known.front().is_some_and(|at| *at < offset) {
                known.pop_front();
            }
        }
        if self
            .claims
            .first_key_value()
            .is_some_and(|(line, _)| *line < offset)
        {
            self.claims = self.claims.split_off(&offset);
        }
    }

    /// Looks at the bytes that are new.
    pub(super) fn look(&mut self, settings: &Settings, waiting: Waiting<'_>) {
        self.look_for_starts(waiting);
        self.lines_known = self.lines_known.max(waiting.offset);
        while let Some(line) = waiting.find(END, self.lines_known) {
            self.lines_known = line + 1;
            self.lines.push_back(line);
            self.ask_claims(settings, waiting, line);
        }
        // The last byte may be the first half of a line end.
        self.lines_known = self.lines_known.max(waiting.end().saturating_sub(1));
    }

    fn look_for_starts(&mut self, waiting: Waiting<'_>) {
        self.starts_known = self.starts_known.max(waiting.offset + 1);
        while let Some(start) = waiting.find(START, self.starts_known) {
            let at = (start - waiting.offset) as usize;
            let Some(digits) = waiting.bytes.get(at + START.len()..at + HEAD) else {
                return;
            };
            self.starts_known = start + 1;
            if digits.iter().all(u8::is_ascii_digit) {
                self.starts.push_back(start);
                let line = at + HEAD + super::decimal(digits) + SUM;
                let claim = self.claims.entry(waiting.offset + line as u64);
                claim.or_default().push(start);
            }
        }
        self.starts_known = self.starts_known.max(waiting.end().saturating_sub(1));
    }

    /// Which of those that must end at this line end are whole.
    fn ask_claims(&mut self, settings: &Settings, waiting: Waiting<'_>, line: u64) {
        let Some(starts) = self.claims.remove(&line) else {
            return;
        };
        let line = (line - waiting.offset) as usize;
        let digits = line
            .checked_sub(SUM)
            .and_then(|sum| waiting.bytes.get(sum..line));
        let Some(digits) = digits.filter(|digits| check::sum_of(digits).is_ok()) else {
            return;
        };
        for start in starts {
            let from = start.saturating_sub(waiting.offset) as usize + HEAD;
            let segment = waiting.bytes.get(from..line - SUM).unwrap_or_default();
            let is_paid = self.pay(segment.len());
            if is_paid && check::check(settings, segment, digits).is_ok() {
                let place = self.whole.partition_point(|known| *known < start);
                self.whole.insert(place, start);
            }
        }
    }

    fn pay(&mut self, steps: usize) -> bool {
        let left = self.steps_left.checked_sub(steps);
        self.steps_left = left.unwrap_or(self.steps_left);
        left.is_some()
    }

    /// The first whole frame behind the one at the start.
    pub(super) fn next_whole(&self, waiting: Waiting<'_>) -> Option<usize> {
        let next = self.whole.iter().find(|start| **start > waiting.offset)?;
        Some((next - waiting.offset) as usize)
    }

    /// Where the next frame seems to begin.
    pub(super) fn next_start(&self, waiting: Waiting<'_>) -> Option<usize> {
        let next = self.starts.iter().find(|start| **start > waiting.offset)?;
        Some((next - waiting.offset) as usize)
    }

    /// The first line end at or behind `from`.
    pub(super) fn line(&self, waiting: Waiting<'_>, from: usize) -> Option<usize> {
        let from = waiting.offset + from as u64;
        let place = self.lines.partition_point(|line| *line < from);
        let line = self.lines.get(place)?;
        Some((line - waiting.offset) as usize)
    }

    /// The line end before `to` at which the frame at the start ends by its sum, wherever its length says that it
    /// does. Its segment begins at `from`.
    pub(super) fn ends_at(
        &mut self,
        settings: &Settings,
        waiting: Waiting<'_>,
        from: usize,
        to: usize,
    ) -> Option<usize> {
        let mut place = self.here.asked_to.saturating_sub(waiting.offset) as usize;
        place = place.max(from + SUM);
        while self.here.lines_asked < LINES {
            let line = self.line(waiting, place).filter(|line| *line < to)?;
            place = line + 1;
            self.here.asked_to = waiting.offset + place as u64;
            self.here.lines_asked += 1;
            let digits = waiting.bytes.get(line - SUM..line).unwrap_or_default();
            let Ok(sum) = check::sum_of(digits) else {
                continue;
            };
            if !self.is_segment(waiting, from, line - SUM) {
                continue;
            }
            let summed_to = self.here.summed_to.max(from);
            let more = waiting.bytes.get(summed_to..line - SUM).unwrap_or_default();
            if !self.pay(more.len()) {
                return None;
            }
            self.here.add(more, line - SUM);
            let is_modbus = settings.accepts(Tolerance::ModbusCrc) && self.here.modbus == sum;
            if self.here.sum == sum || is_modbus {
                return Some(line);
            }
        }
        None
    }
}

impl Scan {
    /// Whether this could be one segment: the sum alone says little, it has only 256 values.
    fn is_segment(&self, waiting: Waiting<'_>, from: usize, to: usize) -> bool {
        let segment = waiting.bytes.get(from..to).unwrap_or_default();
        segment.ends_with(b"&&") && self.next_start(waiting).is_none_or(|start| start >= to)
    }
}

impl Here {
    fn add(&mut self, bytes: &[u8], to: usize) {
        for byte in bytes {
            self.sum = crc::step(self.sum, *byte);
            self.modbus = crc::modbus_step(self.modbus, *byte);
        }
        self.summed_to = self.summed_to.max(to);
    }
}
