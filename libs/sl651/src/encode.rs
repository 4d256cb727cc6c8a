//! Messages to frames, of both sides.

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::bcd;
use crate::command::Command;
use crate::decode::start_bytes;
use crate::frame::{
    self, BODY_BYTES_MAX, Direction, Encoding, End, Frame, Header, Numbers, Station,
};
use crate::message::{Body, Category, Message, Report, Subject};
use crate::refusal::hex;
use crate::report;
use crate::settings::Settings;

/// Why a message cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unsendable {
    #[error("function {function:02X} of this direction has no such body")]
    Function { function: u8 },
    #[error("a code, a length or a number in the body cannot be written")]
    Content,
    #[error("the body has {bytes} bytes, and one frame takes {max}")]
    TooLong { bytes: usize, max: usize },
    #[error("the body has {bytes} bytes, too many for packets of {each}")]
    TooManyPackets { bytes: usize, each: usize },
}

/// One station and the centre it speaks with, to write what either says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub encoding: Encoding,
    pub centre: u8,
    pub station: Station,
    pub password: u16,
    /// Stands in reports.
    pub category: Option<Category>,
}

impl Device {
    /// What the station reports.
    pub fn report(&self, report: Report, serial: u16, time: Timestamp) -> Message {
        self.message(report.kind.function(), Body::Report(report), serial, time)
    }

    /// What the station says about this function.
    pub fn message(&self, function: u8, body: Body, serial: u16, time: Timestamp) -> Message {
        let names_station = !matches!(body, Body::KeepAlive | Body::Manual { .. });
        let has_category = matches!(body, Body::Report(_) | Body::Picture { .. });
        let subject = Subject {
            station: self.station,
            category: self
                .category
                .filter(|_| has_category)
                .map(|category| category as u8),
        };
        Message {
            header: self.header(Direction::Up, function),
            serial,
            sent: Some(time),
            end: End::Etx,
            packets: None,
            subject: names_station.then_some(subject),
            body,
        }
    }

    /// What the centre asks.
    pub fn command(&self, command: Command, time: Timestamp) -> Message {
        Message {
            header: self.header(Direction::Down, command.function()),
            serial: 0,
            sent: Some(time),
            end: End::Enq,
            packets: None,
            subject: None,
            body: Body::Command(command),
        }
    }

    fn header(&self, direction: Direction, function: u8) -> Header {
        Header {
            encoding: self.encoding,
            direction,
            centre: self.centre,
            station: self.station,
            password: self.password,
            function,
        }
    }
}

impl Message {
    /// The centre's word about this message: ACK, ESC, EOT, or NAK to have it again; of a packet, with its numbers.
    #[must_use]
    pub fn receipt(&self, end: End, packet: Option<Numbers>, time: Timestamp) -> Self {
        receipt(self.header, self.serial, end, packet, time)
    }

    /// The one frame of this message.
    pub fn encode(&self, settings: &Settings) -> Result<Vec<u8>, Unsendable> {
        let numbers = match self.body {
            Body::Receipt { packet } => packet,
            _ => None,
        };
        let body = self.whole_body(settings.zone())?;
        let taken = numbers.map_or(0, |_| self.numbers_bytes());
        let (bytes, max) = (body.len(), BODY_BYTES_MAX - taken);
        if bytes > max {
            return Err(Unsendable::TooLong { bytes, max });
        }
        Ok(self.frame(body, numbers, self.end))
    }

    /// The frames of this message: one, or packets if it is too long or came in some.
    pub fn encode_packets(&self, settings: &Settings) -> Result<Vec<Vec<u8>>, Unsendable> {
        let room = BODY_BYTES_MAX - self.numbers_bytes();
        let each = settings
            .limits
            .packet_bytes
            .clamp(start_bytes(self.header.encoding), room);
        let body = self.whole_body(settings.zone())?;
        if self.packets.is_none() && body.len() <= each {
            return Ok(vec![self.encode(settings)?]);
        }
        let bytes = body.len();
        let total = u16::try_from(bytes.div_ceil(each))
            .ok()
            .filter(|total| *total < 0x1000);
        let total = total.ok_or(Unsendable::TooManyPackets { bytes, each })?;
        let packet = |(piece, number): (&[u8], u16)| {
            let end = if number == total { self.end } else { End::Etb };
            self.frame(piece.to_vec(), Some(Numbers { total, number }), end)
        };
        Ok(body.chunks(each).zip(1..).map(packet).collect())
    }

    fn numbers_bytes(&self) -> usize {
        match self.header.encoding {
            Encoding::Hex => frame::NUMBERS_BYTES,
            Encoding::Ascii => 2 * frame::NUMBERS_BYTES,
        }
    }

    fn frame(&self, body: Vec<u8>, numbers: Option<Numbers>, end: End) -> Vec<u8> {
        frame::write(&Frame {
            header: self.header,
            numbers,
            body,
            end,
        })
    }

    fn whole_body(&self, zone: Offset) -> Result<Vec<u8>, Unsendable> {
        let function = self.header.function;
        if !self.is_of_its_function() {
            return Err(Unsendable::Function { function });
        }
        let time = self
            .sent
            .map_or(vec![0xFF; 6], |sent| bcd::write_time(sent, zone, 6));
        let start = [self.serial.to_be_bytes().to_vec(), time].concat();
        let (start, content) = match self.header.encoding {
            Encoding::Hex => (start, report::write(self, zone)),
            Encoding::Ascii => (hex(&start).into_bytes(), report::text::write(self, zone)),
        };
        Ok([start, content.ok_or(Unsendable::Content)?].concat())
    }

    /// Whether it would be read as what it is.
    fn is_of_its_function(&self) -> bool {
        let function = self.header.function;
        let direction = match self.body {
            Body::Command(_) | Body::Receipt { .. } => Direction::Down,
            Body::Other { .. } => self.header.direction,
            _ => Direction::Up,
        };
        let fits = match &self.body {
            Body::KeepAlive => function == 0x2F,
            Body::Report(report) => function == report.kind.function(),
            Body::Manual { .. } => matches!(function, 0x35 | 0x39),
            Body::Picture { .. } => function == 0x36,
            Body::Parameters { .. } => matches!(function, 0x40..=0x43 | 0x49),
            Body::Version { .. } => function == 0x45,
            Body::State { .. } => function == 0x46,
            Body::Events { .. } => function == 0x50,
            Body::Command(command) => function == command.function() && self.end == End::Enq,
            Body::Receipt { .. } => matches!(self.end, End::Eot | End::Ack | End::Nak | End::Esc),
            Body::Done | Body::Other { .. } => true,
        };
        let ends = direction == Direction::Down || self.end.is_of_station();
        fits && ends && direction == self.header.direction
    }
}

pub(crate) fn receipt(
    header: Header,
    serial: u16,
    end: End,
    packet: Option<Numbers>,
    time: Timestamp,
) -> Message {
    let direction = Direction::Down;
    Message {
        header: Header {
            direction,
            ..header
        },
        serial,
        sent: Some(time),
        end,
        packets: None,
        subject: None,
        body: Body::Receipt { packet },
    }
}
