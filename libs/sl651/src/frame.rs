//! One frame: who, to whom, about what, and the bytes between its marks.

use std::fmt;
use std::str::FromStr;

use crate::crc::crc;
use crate::refusal::{Oddity, Refusal};
use crate::settings::{Settings, Tolerance};

pub(crate) mod ascii;

pub(crate) const HEX_START: &[u8] = &[0x7E, 0x7E];
pub(crate) const ASCII_START: u8 = 0x01;
/// From the start to the mark that begins the body.
pub(crate) const HEX_HEAD: usize = 14;
/// Where direction and length stand.
const LENGTH_AT: usize = 11;
/// End mark and sum.
const HEX_TAIL: usize = 3;
const STX: u8 = 0x02;
const SYN: u8 = 0x16;
/// Packet numbers have twelve bits.
pub(crate) const NUMBERS_BYTES: usize = 3;
/// The length has twelve bits.
pub(crate) const BODY_BYTES_MAX: usize = 4_095;

/// The address of a station: ten digits, as in `0012345678`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Station(pub [u8; 5]);

impl fmt::Display for Station {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

/// Said of an address that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a station's address has ten hexadecimal digits")]
pub struct StationFault;

impl FromStr for Station {
    type Err = StationFault;

    fn from_str(text: &str) -> Result<Self, StationFault> {
        let mut address = [0; 5];
        let pairs = unhex(text.as_bytes()).filter(|pairs| pairs.len() == address.len());
        address.copy_from_slice(&pairs.ok_or(StationFault)?);
        Ok(Self(address))
    }
}

/// Bytes written as hexadecimal digits.
pub(crate) fn unhex(digits: &[u8]) -> Option<Vec<u8>> {
    if !digits.len().is_multiple_of(2) || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.chunks_exact(2).map(pair).collect()
}

/// How a frame is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Bytes, numbers in BCD.
    Hex,
    /// Characters. Uncertain: only examples and code of others were seen.
    Ascii,
}

/// Which way a frame goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the station to the centre.
    Up,
    /// From the centre to the station.
    Down,
}

/// The mark behind a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum End {
    /// 03: the station has nothing more.
    Etx,
    /// 17: the station has more.
    Etb,
    /// 05: the centre asks.
    Enq,
    /// 04: taken; go offline.
    Eot,
    /// 06: taken; go on.
    Ack,
    /// 15: not taken; send again.
    Nak,
    /// 1B: taken; stay connected.
    Esc,
}

impl End {
    pub const ALL: [Self; 7] = [
        Self::Etx,
        Self::Etb,
        Self::Enq,
        Self::Eot,
        Self::Ack,
        Self::Nak,
        Self::Esc,
    ];

    pub fn byte(self) -> u8 {
        match self {
            Self::Etx => 0x03,
            Self::Etb => 0x17,
            Self::Enq => 0x05,
            Self::Eot => 0x04,
            Self::Ack => 0x06,
            Self::Nak => 0x15,
            Self::Esc => 0x1B,
        }
    }

    pub(crate) fn of_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.byte() == byte)
    }

    /// Whether a station ends with it.
    pub(crate) fn is_of_station(self) -> bool {
        matches!(self, Self::Etx | Self::Etb)
    }
}

/// Who speaks to whom about what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Header {
    pub encoding: Encoding,
    pub direction: Direction,
    pub centre: u8,
    pub station: Station,
    /// For the caller to compare.
    pub password: u16,
    /// AFN: what the frame is about.
    pub function: u8,
}

/// Addresses, password, function, direction and length.
const HEADER: usize = 11;
/// The direction of frames to the station.
const DOWN: u8 = 8;

impl Header {
    fn of_bytes(encoding: Encoding, bytes: [u8; HEADER]) -> Result<Self, Refusal> {
        let [
            addresses @ ..,
            password_high,
            password_low,
            function,
            way,
            _,
        ] = bytes;
        let (direction, centre, station) = match way >> 4 {
            0 => {
                let [centre, station @ ..] = addresses;
                (Direction::Up, centre, station)
            }
            DOWN => {
                let [station @ .., centre] = addresses;
                (Direction::Down, centre, station)
            }
            found => return Err(Refusal::DirectionMark { found }),
        };
        Ok(Self {
            encoding,
            direction,
            centre,
            station: Station(station),
            password: u16::from_be_bytes([password_high, password_low]),
            function,
        })
    }

    fn bytes(self, length: u16) -> Vec<u8> {
        let (centre, station) = ([self.centre], self.station.0);
        let (addresses, way) = match self.direction {
            Direction::Up => ([&centre[..], &station].concat(), 0),
            Direction::Down => ([&station[..], &centre].concat(), u16::from(DOWN) << 12),
        };
        let mut bytes = addresses;
        bytes.extend(self.password.to_be_bytes());
        bytes.push(self.function);
        bytes.extend((way | length).to_be_bytes());
        bytes
    }
}

/// Which packet of a message this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Numbers {
    pub total: u16,
    pub number: u16,
}

impl Numbers {
    pub(crate) fn of_bytes(bytes: [u8; NUMBERS_BYTES]) -> Self {
        let [high, middle, low] = bytes.map(u16::from);
        Self {
            total: high << 4 | middle >> 4,
            number: (middle & 0x0F) << 8 | low,
        }
    }

    pub(crate) fn bytes(self) -> [u8; NUMBERS_BYTES] {
        let both = u32::from(self.total & 0xFFF) << 12 | u32::from(self.number & 0xFFF);
        let [_, high, middle, low] = both.to_be_bytes();
        [high, middle, low]
    }
}

/// A frame taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) header: Header,
    pub(crate) numbers: Option<Numbers>,
    /// Without the numbers.
    pub(crate) body: Vec<u8>,
    pub(crate) end: End,
}

/// How long the frame at the start of these bytes says to be, once its header is here.
pub(crate) fn declared(bytes: &[u8]) -> Option<usize> {
    if bytes.first() == Some(&ASCII_START) {
        return ascii::declared(bytes);
    }
    let [high, low] = *bytes.get(LENGTH_AT..LENGTH_AT + 2)?.first_chunk()?;
    bytes.get(HEX_HEAD - 1)?;
    Some(HEX_HEAD + length(high, low) + HEX_TAIL)
}

fn length(high: u8, low: u8) -> usize {
    usize::from(high & 0x0F) << 8 | usize::from(low)
}

/// Whether a frame could begin here: its direction, its body mark and its length are possible.
pub(crate) fn is_plausible(bytes: &[u8]) -> bool {
    if bytes.first() == Some(&ASCII_START) {
        return ascii::is_plausible(bytes);
    }
    let (Some([high, low]), Some(mark)) = (
        bytes
            .get(LENGTH_AT..LENGTH_AT + 2)
            .and_then(|bytes| bytes.first_chunk()),
        bytes.get(HEX_HEAD - 1),
    ) else {
        return false;
    };
    let least = match *mark {
        STX => 8,
        SYN => NUMBERS_BYTES,
        _ => return false,
    };
    matches!(high >> 4, 0 | DOWN) && length(*high, *low) >= least
}

/// Compares the sum at the end of a whole frame with that of its first so many bytes, and looks for its end mark: by
/// chance one sum in 65,536 fits, and then hardly an end mark stands there.
pub(crate) fn check(
    settings: &Settings,
    frame: &[u8],
    sum_of: impl FnOnce(usize) -> u16,
) -> Result<Option<Oddity>, Refusal> {
    let (summed, found) = if frame.first() == Some(&ASCII_START) {
        ascii::sum(frame)
    } else {
        let sum = frame.last_chunk().copied().map(u16::from_be_bytes);
        (frame.len().saturating_sub(2), sum)
    };
    let expected = sum_of(summed);
    let oddity = match found {
        Some(found) if found == expected => None,
        Some(found)
            if found == expected.swap_bytes() && settings.accepts(Tolerance::LowByteFirst) =>
        {
            Some(Oddity::LowByteFirst)
        }
        found => {
            let found = found.unwrap_or_default();
            return Err(Refusal::Crc { expected, found });
        }
    };
    let end = summed.checked_sub(1).and_then(|end| frame.get(end));
    let end = end.copied().unwrap_or_default();
    let is_end = End::of_byte(end).is_some_and(|end| !is_up(frame) || end.is_of_station());
    let found = end;
    is_end.then_some(oddity).ok_or(Refusal::EndMark { found })
}

fn is_up(frame: &[u8]) -> bool {
    match frame.first() {
        Some(&ASCII_START) => frame.get(ascii::LENGTH_AT) == Some(&b'0'),
        _ => frame.get(LENGTH_AT).is_some_and(|high| high >> 4 == 0),
    }
}

/// Takes a whole frame with a right sum apart.
pub(crate) fn parse(frame: &[u8]) -> Result<Frame, Refusal> {
    if frame.first() == Some(&ASCII_START) {
        return ascii::parse(frame);
    }
    let short = Refusal::TooShort {
        have: frame.len(),
        needed: HEX_HEAD + HEX_TAIL,
    };
    let head: &[u8; HEX_HEAD] = frame.first_chunk().ok_or(short.clone())?;
    let body = frame.get(HEX_HEAD..frame.len() - HEX_TAIL).ok_or(short)?;
    let [_, _, header @ .., mark] = *head;
    let header = Header::of_bytes(Encoding::Hex, header)?;
    let end = frame
        .get(frame.len() - HEX_TAIL)
        .copied()
        .unwrap_or_default();
    let end = End::of_byte(end).ok_or(Refusal::EndMark { found: end })?;
    let (numbers, body) = match mark {
        STX => (None, body),
        SYN => {
            let (numbers, body) = body.split_first_chunk().ok_or(Refusal::TooShort {
                have: body.len(),
                needed: NUMBERS_BYTES,
            })?;
            (Some(Numbers::of_bytes(*numbers)), body)
        }
        found => return Err(Refusal::StartMark { found }),
    };
    Ok(Frame {
        header,
        numbers,
        body: body.to_vec(),
        end,
    })
}

/// Puts a frame together. A body that is too long loses what is over; callers split before.
pub(crate) fn write(frame: &Frame) -> Vec<u8> {
    if frame.header.encoding == Encoding::Ascii {
        return ascii::write(frame);
    }
    let numbers = frame
        .numbers
        .map_or(vec![], |numbers| numbers.bytes().to_vec());
    let room = BODY_BYTES_MAX - numbers.len();
    let body = frame.body.get(..room).unwrap_or(&frame.body);
    let length = (numbers.len() + body.len()) as u16;
    let mut bytes = HEX_START.to_vec();
    bytes.extend(frame.header.bytes(length));
    bytes.push(if frame.numbers.is_some() { SYN } else { STX });
    bytes.extend(numbers);
    bytes.extend(body);
    bytes.push(frame.end.byte());
    let sum = crc(&bytes);
    bytes.extend(sum.to_be_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packet_numbers_have_twelve_bits_each() {
        let numbers = Numbers {
            total: 13,
            number: 2,
        };
        assert_eq!(numbers.bytes(), [0x00, 0xD0, 0x02]);
        for bytes in [[0xFF, 0xF0, 0x01], [0x12, 0x34, 0x56]] {
            assert_eq!(Numbers::of_bytes(bytes).bytes(), bytes);
        }
    }

    #[test]
    fn a_station_is_read_as_it_is_shown() {
        let station: Station = "0012345678".parse().unwrap();
        assert_eq!(station.to_string(), "0012345678");
        assert!("12345".parse::<Station>().is_err());
        assert!("00123456é".parse::<Station>().is_err());
    }
}
