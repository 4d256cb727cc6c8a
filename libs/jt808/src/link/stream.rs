//! Finds frames in a stream of bytes.
//!
//! Every flag both closes what stands before it and opens what follows; nothing between two flags is no frame. So a
//! frame without end costs itself alone, and the next one is read whatever came before it.

use crate::frame::FLAG;
use crate::refusal::Refusal;
use crate::settings::Limits;

/// A piece of the stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A frame with its two flags.
    Segment(Vec<u8>),
    /// Bytes that belong to none.
    Skipped {
        raw: Vec<u8>,
        length: usize,
        reason: Refusal,
    },
}

#[derive(Debug)]
pub(super) struct Stream {
    /// The open frame from its flag on; empty while none is open.
    open: Vec<u8>,
    frame_bytes_max: usize,
    refused_bytes_max: usize,
}

impl Stream {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            open: Vec::new(),
            frame_bytes_max: limits.frame_bytes_max,
            refused_bytes_max: limits.refused_bytes_max,
        }
    }

    pub(super) fn push(&mut self, mut bytes: &[u8], out: &mut Vec<Piece>) {
        while !bytes.is_empty() {
            let flag = bytes.iter().position(|byte| *byte == FLAG);
            let (before, after) = bytes.split_at(flag.unwrap_or(bytes.len()));
            self.take(before, out);
            if let [_flag, rest @ ..] = after {
                self.flag(out);
                bytes = rest;
            } else {
                bytes = after;
            }
        }
    }

    fn flag(&mut self, out: &mut Vec<Piece>) {
        if self.open.len() > 1 {
            self.open.push(FLAG);
            out.push(Piece::Segment(std::mem::take(&mut self.open)));
        }
        self.open.clear();
        self.open.push(FLAG);
    }

    /// Bytes without a flag among them.
    fn take(&mut self, bytes: &[u8], out: &mut Vec<Piece>) {
        if bytes.is_empty() {
            return;
        }
        if self.open.is_empty() {
            self.skip(bytes, 0, Refusal::NoFrame, out);
        } else if self.open.len() + bytes.len() > self.frame_bytes_max {
            let mut all = std::mem::take(&mut self.open);
            let held = all.len();
            all.extend(bytes.iter().take(self.refused_bytes_max));
            let most = self.frame_bytes_max;
            self.skip(&all, held + bytes.len(), Refusal::Endless { most }, out);
        } else {
            self.open.extend_from_slice(bytes);
        }
    }

    fn skip(&self, bytes: &[u8], length: usize, reason: Refusal, out: &mut Vec<Piece>) {
        out.push(Piece::Skipped {
            raw: bytes
                .get(..self.refused_bytes_max)
                .unwrap_or(bytes)
                .to_vec(),
            length: length.max(bytes.len()),
            reason,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(stream: &mut Stream, bytes: &[u8]) -> Vec<Piece> {
        let mut out = Vec::new();
        stream.push(bytes, &mut out);
        out
    }

    #[test]
    fn a_flag_closes_and_opens() {
        let mut stream = Stream::new(&Limits::default());
        let found = pieces(&mut stream, &[0x7e, 1, 2, 0x7e, 0x7e, 3, 0x7e, 4, 0x7e]);
        let segments = [&[0x7e, 1, 2, 0x7e][..], &[0x7e, 3, 0x7e], &[0x7e, 4, 0x7e]];
        assert_eq!(
            found,
            segments.map(|segment| Piece::Segment(segment.to_vec()))
        );
    }

    #[test]
    fn what_stands_before_the_first_flag_is_skipped_and_said() {
        let mut stream = Stream::new(&Limits::default());
        let found = pieces(&mut stream, &[9, 9]);
        assert_eq!(
            found,
            [Piece::Skipped {
                raw: vec![9, 9],
                length: 2,
                reason: Refusal::NoFrame
            }]
        );
        assert_eq!(pieces(&mut stream, &[0x7e, 5]), []);
        assert_eq!(
            pieces(&mut stream, &[0x7e]),
            [Piece::Segment(vec![0x7e, 5, 0x7e])]
        );
    }

    #[test]
    fn a_frame_without_end_is_given_up_at_the_limit() {
        let mut stream = Stream::new(&Limits::default());
        assert_eq!(pieces(&mut stream, &[0x7e]), []);
        let found = pieces(&mut stream, &vec![1; 100_000]);
        assert!(
            matches!(found.as_slice(), [Piece::Skipped { raw, length: 100_001, reason: Refusal::Endless { .. } }]
                if raw.len() == 1024),
            "{found:?}"
        );
        assert!(stream.open.is_empty());
        assert_eq!(
            pieces(&mut stream, &[0x7e, 7, 0x7e]),
            [Piece::Segment(vec![0x7e, 7, 0x7e])]
        );
    }
}
