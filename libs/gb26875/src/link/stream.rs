//! Finds frames in a stream of bytes.
//!
//! A frame begins by `40 40`, says its length and ends by `23 23`. Both marks may stand within a frame too, so a frame
//! counts when length, end and checksum agree. A beginning whose frame turns out to be none costs the bytes up to the
//! next beginning; while a frame waits for its rest, a whole one within it shows that the rest will not come.

use jiff::Timestamp;

use crate::header::{HEADER_BYTES, TAIL_BYTES, checksum};
use crate::oddity::Oddity;
use crate::refusal::Refusal;
use crate::settings::Settings;

const START: [u8; 2] = *b"@@";
const END: [u8; 2] = *b"##";

/// A piece of the stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A frame from start to end marks; the oddity is a wrong checksum that the settings accept.
    Frame {
        raw: Vec<u8>,
        checksum: Option<Oddity>,
    },
    Refused {
        raw: Vec<u8>,
        length: usize,
        reason: Refusal,
    },
}

/// What stands at a beginning.
enum Found {
    /// So many bytes are a frame.
    Frame(usize, Option<Oddity>),
    /// Whole by its length and end, but for the checksum.
    Damaged(usize, Refusal),
    None(Refusal),
    /// More bytes are needed: of so many.
    Wait(usize),
}

/// Bytes that are being passed over.
struct Run {
    start: usize,
    reason: Refusal,
}

#[derive(Debug)]
pub(super) struct Stream {
    held: Vec<u8>,
    /// When the first of the held bytes came.
    since: Option<Timestamp>,
    unit_bytes_max: usize,
    refused_bytes_max: usize,
    patience: std::time::Duration,
    accepts_wrong_checksum: bool,
}

impl Stream {
    pub(super) fn new(settings: &Settings) -> Self {
        let limits = &settings.limits;
        Self {
            held: Vec::new(),
            since: None,
            unit_bytes_max: limits.unit_bytes_max,
            refused_bytes_max: limits.refused_bytes_max,
            patience: std::time::Duration::from_secs(limits.half_frame_seconds_max.into()),
            accepts_wrong_checksum: settings.accept_wrong_checksum,
        }
    }

    /// Gives up what has waited too long for its rest.
    pub(super) fn expire(&mut self, now: Timestamp, out: &mut Vec<Piece>) {
        let Some(since) = self.since else {
            return;
        };
        let patience = self
            .patience
            .try_into()
            .unwrap_or(jiff::SignedDuration::MAX);
        if now.duration_since(since) < patience {
            return;
        }
        let held = std::mem::take(&mut self.held);
        self.since = None;
        let found = held.len();
        let declared = declared(&held).map_or(HEADER_BYTES + TAIL_BYTES, |unit| {
            HEADER_BYTES + unit + TAIL_BYTES
        });
        out.push(self.refused(&held, Refusal::Late { declared, found }));
    }

    pub(super) fn push(&mut self, bytes: &[u8], now: Timestamp, out: &mut Vec<Piece>) {
        let mut all = std::mem::take(&mut self.held);
        let had = all.len();
        all.extend_from_slice(bytes);
        let kept_from = self.cut(&all, out);
        let kept = all.get(kept_from..).unwrap_or_default();
        // What is held began to wait when its first byte came.
        self.since = if kept.is_empty() {
            None
        } else if kept_from < had {
            self.since.or(Some(now))
        } else {
            Some(now)
        };
        self.held = kept.to_vec();
    }

    /// Takes off all pieces and answers from where on the bytes wait for more.
    fn cut(&self, all: &[u8], out: &mut Vec<Piece>) -> usize {
        let mut at = 0;
        let mut run: Option<Run> = None;
        while at < all.len() {
            let start = next_start(all, at);
            if start > at {
                run.get_or_insert(Run {
                    start: at,
                    reason: Refusal::NoFrame,
                });
            }
            at = start;
            let Some(rest) = all.get(at..).filter(|rest| !rest.is_empty()) else {
                break;
            };
            match self.look(rest) {
                Found::Frame(length, checksum) => {
                    self.flush(&mut run, all, at, out);
                    let raw = rest.get(..length).unwrap_or(rest).to_vec();
                    out.push(Piece::Frame { raw, checksum });
                    at += length;
                }
                Found::Damaged(length, reason) => {
                    self.flush(&mut run, all, at, out);
                    let within = rest.get(..length).unwrap_or(rest);
                    let end = self.goes_on_within(rest, length);
                    out.push(self.refused(within.get(..end).unwrap_or(within), reason));
                    at += end;
                }
                Found::None(reason) => {
                    run.get_or_insert(Run { start: at, reason });
                    at += 1;
                }
                Found::Wait(declared) => match self.whole_frame_within(rest) {
                    Some(found) => {
                        self.flush(&mut run, all, at, out);
                        let cut = rest.get(..found).unwrap_or(rest);
                        out.push(self.refused(cut, Refusal::Cut { declared, found }));
                        at += found;
                    }
                    None => break,
                },
            }
        }
        self.flush(&mut run, all, at, out);
        at
    }

    fn flush(&self, run: &mut Option<Run>, all: &[u8], end: usize, out: &mut Vec<Piece>) {
        if let Some(Run { start, reason }) = run.take() {
            out.push(self.refused(all.get(start..end).unwrap_or_default(), reason));
        }
    }

    fn refused(&self, bytes: &[u8], reason: Refusal) -> Piece {
        Piece::Refused {
            raw: bytes
                .get(..self.refused_bytes_max)
                .unwrap_or(bytes)
                .to_vec(),
            length: bytes.len(),
            reason,
        }
    }

    /// `rest` begins by a start mark, or by what may become one.
    fn look(&self, rest: &[u8]) -> Found {
        let Some(unit) = declared(rest) else {
            return Found::Wait(HEADER_BYTES + TAIL_BYTES);
        };
        if unit > self.unit_bytes_max {
            return Found::None(Refusal::Length {
                declared: unit,
                most: self.unit_bytes_max,
            });
        }
        let length = HEADER_BYTES + unit + TAIL_BYTES;
        let Some(frame) = rest.get(..length) else {
            return Found::Wait(length);
        };
        let [.., sent, first, second] = frame else {
            return Found::Wait(length);
        };
        let found = [*first, *second];
        if found != END {
            let declared = length;
            return Found::None(Refusal::End { declared, found });
        }
        let sent = *sent;
        let computed = checksum(frame.get(2..length - TAIL_BYTES).unwrap_or_default());
        if sent == computed {
            Found::Frame(length, None)
        } else if self.accepts_wrong_checksum && self.whole_frame_within(frame).is_none() {
            Found::Frame(length, Some(Oddity::Checksum { sent, computed }))
        } else {
            Found::Damaged(length, Refusal::Checksum { sent, computed })
        }
    }

    /// Where behind the first byte of a damaged frame of `length` another begins: one that is whole and right, or one
    /// that would end behind it, which only what comes next can tell.
    fn goes_on_within(&self, rest: &[u8], length: usize) -> usize {
        let mut at = next_start(rest, 1);
        while at < length {
            let inner = rest.get(at..).unwrap_or_default();
            let is_longer = at + HEADER_BYTES > length
                || declared(inner).is_some_and(|unit| {
                    unit <= self.unit_bytes_max && at + HEADER_BYTES + unit + TAIL_BYTES > length
                });
            if is_longer || self.is_right(inner) {
                return at;
            }
            at = next_start(rest, at + 1);
        }
        length
    }

    /// Where behind the first byte a frame begins that is whole and right.
    fn whole_frame_within(&self, bytes: &[u8]) -> Option<usize> {
        let mut at = next_start(bytes, 1);
        while let Some(rest) = bytes
            .get(at..)
            .filter(|rest| rest.len() >= HEADER_BYTES + TAIL_BYTES)
        {
            if self.is_right(rest) {
                return Some(at);
            }
            at = next_start(bytes, at + 1);
        }
        None
    }

    fn is_right(&self, rest: &[u8]) -> bool {
        let Some(unit) = declared(rest).filter(|unit| *unit <= self.unit_bytes_max) else {
            return false;
        };
        let Some(frame) = rest.get(..HEADER_BYTES + unit + TAIL_BYTES) else {
            return false;
        };
        matches!(frame, [.., sent, b'#', b'#']
            if *sent == checksum(frame.get(2..HEADER_BYTES + unit).unwrap_or_default()))
    }
}

/// The length of the data unit, if it has come.
fn declared(frame: &[u8]) -> Option<usize> {
    let low = frame.get(24)?;
    let high = frame.get(25)?;
    Some(usize::from(u16::from_le_bytes([*low, *high])))
}

/// Where the next start mark stands, or half of one at the very end; the end if there is none.
fn next_start(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let whole = rest.windows(2).position(|pair| pair == START);
    let half = || {
        rest.last()
            .filter(|byte| **byte == START[0])
            .map(|_| rest.len() - 1)
    };
    from + whole.or_else(half).unwrap_or(rest.len())
}
