//! Frames in characters: SOH, then the header as hexadecimal digits, the body as text, the sum as four digits.
//!
//! Uncertain: put together from code and examples of others, without the standard's text.

use super::{ASCII_START, BODY_BYTES_MAX, Encoding, End, Frame, Header, Numbers, STX, SYN, unhex};
use crate::crc::crc;
use crate::refusal::{Refusal, hex as digits};

/// SOH, 22 digits, body mark.
const HEAD: usize = 24;
/// Where direction and length stand.
pub(super) const LENGTH_AT: usize = 19;
/// End mark and four digits.
const TAIL: usize = 5;
const SUM: usize = 4;
/// Two numbers of three digits.
const NUMBERS: usize = 6;

pub(super) fn declared(bytes: &[u8]) -> Option<usize> {
    let digits = unhex(bytes.get(LENGTH_AT..HEAD - 1)?)?;
    bytes.get(HEAD - 1)?;
    let [high, low] = *digits.first_chunk()?;
    Some(HEAD + super::length(high, low) + TAIL)
}

pub(super) fn is_plausible(bytes: &[u8]) -> bool {
    let digits = bytes.get(1..HEAD - 1);
    digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        && matches!(bytes.get(HEAD - 1), Some(&(STX | SYN)))
}

/// Whether more bytes could still make a header of these.
pub(crate) fn could_begin(bytes: &[u8]) -> bool {
    let digits = bytes.get(1..bytes.len().min(HEAD - 1)).unwrap_or_default();
    digits.iter().all(u8::is_ascii_hexdigit) && (bytes.len() < HEAD || is_plausible(bytes))
}

/// How many bytes are summed, and the sum that stands behind them, if it is one.
pub(super) fn sum(frame: &[u8]) -> (usize, Option<u16>) {
    let summed = frame.len().saturating_sub(SUM);
    let sum = frame.get(summed..).and_then(unhex).unwrap_or_default();
    (summed, sum.first_chunk().copied().map(u16::from_be_bytes))
}

pub(super) fn parse(frame: &[u8]) -> Result<Frame, Refusal> {
    let short = Refusal::TooShort {
        have: frame.len(),
        needed: HEAD + TAIL,
    };
    let header = frame
        .get(1..HEAD - 1)
        .and_then(unhex)
        .ok_or(short.clone())?;
    let body = frame.get(HEAD..frame.len() - TAIL).ok_or(short.clone())?;
    let header = Header::of_bytes(Encoding::Ascii, *header.first_chunk().ok_or(short)?)?;
    let end = frame.get(frame.len() - TAIL).copied().unwrap_or_default();
    let end = End::of_byte(end).ok_or(Refusal::EndMark { found: end })?;
    let (numbers, body) = match frame.get(HEAD - 1) {
        Some(&SYN) => {
            let have = body.len();
            let needed = NUMBERS;
            let (digits, body) = body
                .split_at_checked(NUMBERS)
                .ok_or(Refusal::TooShort { have, needed })?;
            (Some(numbers(digits)?), body)
        }
        _ => (None, body),
    };
    Ok(Frame {
        header,
        numbers,
        body: body.to_vec(),
        end,
    })
}

fn numbers(digits: &[u8]) -> Result<Numbers, Refusal> {
    let part = |from: usize| {
        let digits = digits.get(from..from + NUMBERS / 2)?;
        let bytes = unhex(&[b"0", digits].concat())?;
        Some(u16::from_be_bytes(*bytes.first_chunk()?))
    };
    match (part(0), part(NUMBERS / 2)) {
        (Some(total), Some(number)) => Ok(Numbers { total, number }),
        _ => Err(Refusal::PacketNumber {
            number: 0,
            total: 0,
        }),
    }
}

pub(super) fn write(frame: &Frame) -> Vec<u8> {
    let numbers = frame.numbers.map_or_else(String::new, |numbers| {
        format!(
            "{:03X}{:03X}",
            numbers.total & 0xFFF,
            numbers.number & 0xFFF
        )
    });
    let room = BODY_BYTES_MAX - numbers.len();
    let body = frame.body.get(..room).unwrap_or(&frame.body);
    let length = (numbers.len() + body.len()) as u16;
    let mut bytes = vec![ASCII_START];
    bytes.extend(digits(&frame.header.bytes(length)).into_bytes());
    bytes.push(if frame.numbers.is_some() { SYN } else { STX });
    bytes.extend(numbers.into_bytes());
    bytes.extend(body);
    bytes.push(frame.end.byte());
    let sum = crc(&bytes).to_be_bytes();
    bytes.extend(digits(&sum).into_bytes());
    bytes
}
