//! Frames to messages.

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::bcd;
use crate::command::Command;
use crate::frame::{Direction, Encoding, End, Frame, unhex};
use crate::message::{Body, Message};
use crate::refusal::{Oddities, Oddity, Refusal};
use crate::report::{self, Content};
use crate::settings::Settings;

/// Bytes of the number and the time of sending.
pub(crate) const START: usize = 8;
const SERIAL: usize = 2;

/// How a body begins.
pub(crate) struct Start {
    pub(crate) serial: u16,
    pub(crate) time: [u8; 6],
}

/// Takes number and time off a body.
pub(crate) fn start(encoding: Encoding, body: &[u8]) -> Result<(Start, &[u8]), Refusal> {
    let needed = start_bytes(encoding);
    let short = || Refusal::TooShort {
        have: body.len(),
        needed,
    };
    let (start, content) = body.split_at_checked(needed).ok_or_else(short)?;
    let start = match encoding {
        Encoding::Hex => start.to_vec(),
        Encoding::Ascii => unhex(start).ok_or(Refusal::Time {
            field: "time of sending",
            digits: String::from_utf8_lossy(start).into_owned(),
        })?,
    };
    let (serial, time) = start.split_first_chunk::<SERIAL>().ok_or_else(short)?;
    let start = Start {
        serial: u16::from_be_bytes(*serial),
        time: *time.first_chunk().ok_or_else(short)?,
    };
    Ok((start, content))
}

pub(crate) fn start_bytes(encoding: Encoding) -> usize {
    match encoding {
        Encoding::Hex => START,
        Encoding::Ascii => 2 * START,
    }
}

/// Reads a frame, or what was joined of several.
pub(crate) fn message(
    settings: &Settings,
    frame: &Frame,
    packets: Option<u16>,
    oddities: &mut Oddities,
) -> Result<Message, Refusal> {
    let zone = settings.zone();
    let header = frame.header;
    let (Start { serial, time }, content) = start(header.encoding, &frame.body)?;
    let sent = bcd::time(&time, zone);
    if sent.is_none() {
        let digits = crate::refusal::hex(&time);
        oddities.push(Oddity::SendTime { digits });
    }
    let Content { subject, body } = match header.direction {
        Direction::Up => from_station(frame, content, sent, zone, oddities)?,
        Direction::Down => from_centre(frame, content, zone),
    };
    if let Some(named) = subject.filter(|subject| subject.station != header.station) {
        let named = named.station.to_string();
        oddities.push(Oddity::OtherStation { named });
    }
    Ok(Message {
        header,
        serial,
        sent,
        end: frame.end,
        packets,
        subject,
        body,
    })
}

fn from_station(
    frame: &Frame,
    content: &[u8],
    sent: Option<Timestamp>,
    zone: Offset,
    oddities: &mut Oddities,
) -> Result<Content, Refusal> {
    if !frame.end.is_of_station() {
        return Err(Refusal::EndMark {
            found: frame.end.byte(),
        });
    }
    let read = match frame.header.encoding {
        Encoding::Hex => report::read,
        Encoding::Ascii => report::text::read,
    };
    read(frame.header.function, content, sent, zone, oddities)
}

fn from_centre(frame: &Frame, content: &[u8], zone: Offset) -> Content {
    let body = match frame.end {
        End::Enq => Body::Command(Command::read(frame.header.function, content, zone)),
        _ if content.is_empty() => Body::Receipt {
            packet: frame.numbers,
        },
        _ => Body::Other {
            rest: content.to_vec(),
        },
    };
    Content {
        subject: None,
        body,
    }
}
