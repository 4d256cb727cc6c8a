//! From a message to the frames that carry it, on either side.

use jiff::Timestamp;

use crate::body::begins_group;
use crate::command::Command;
use crate::crc::crc;
use crate::decode::Numbers;
use crate::flag::{Edition, Flag};
use crate::framing::{END, START};
use crate::message::{Body, Header, Message};
use crate::segment;
use crate::settings::Settings;
use crate::time;

/// The system that questions and answers between the two sides belong to.
const INTERACTION: &str = "91";
/// The length field has four digits.
const SEGMENT_BYTES_MAX: usize = 9_999;

/// Why a message cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unsendable {
    #[error("a data segment of {bytes} bytes does not fit; split the message")]
    TooLong { bytes: usize },
    #[error("one item alone has {bytes} bytes and cannot be split")]
    ItemTooLong { bytes: usize },
    #[error("{name} holds a character that separates fields")]
    Separator { name: &'static str },
}

/// Who a device says it is, and which edition it speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// `MN`
    pub code: String,
    /// `ST`
    pub system: String,
    /// `PW`
    pub password: String,
    pub edition: Edition,
}

impl Device {
    /// What the device reports of itself.
    pub fn report(
        &self,
        body: Body,
        wants_answer: bool,
        at: Timestamp,
        settings: &Settings,
    ) -> Message {
        let mut message = self.message(body, at, settings);
        message.header.flag = Some(Flag::new(self.edition, wants_answer));
        message
    }

    /// What the platform asks of the device; it always wants an answer.
    pub fn command(&self, command: Command, at: Timestamp, settings: &Settings) -> Message {
        let body = Body::Command(command);
        self.report(body, true, at, settings)
    }

    fn message(&self, body: Body, at: Timestamp, settings: &Settings) -> Message {
        let header = Header {
            number: Some(time::number(at, settings.zone())),
            system: self.system.clone(),
            command: body.command().unwrap_or_default(),
            password: Some(self.password.clone()),
            device: self.code.clone(),
            flag: None,
            is_resent: false,
            more: Vec::new(),
        };
        Message { header, body }
    }
}

impl Message {
    /// The frame of this message.
    pub fn encode(&self, settings: &Settings) -> Result<Vec<u8>, Unsendable> {
        let area = self.body.pieces(settings.zone()).join(";");
        self.frame(settings, &area, None)
    }

    /// The frames of this message: one, or as many parts as its length needs.
    pub fn encode_parts(&self, settings: &Settings) -> Result<Vec<Vec<u8>>, Unsendable> {
        let pieces = self.body.pieces(settings.zone());
        let around = self.header.text(self.header.flag, Some(MOST)).len() + AREA_FRAME;
        let room = settings.limits.split_bytes.saturating_sub(around).max(1);
        let whole: usize = pieces.iter().map(|piece| piece.len() + 1).sum();
        if whole <= room + 1 {
            return Ok(vec![self.encode(settings)?]);
        }
        let areas = split(&pieces, room)?;
        let count = areas.len() as u32;
        areas
            .iter()
            .zip(1..)
            .map(|(area, number)| self.frame(settings, area, Some(Numbers { number, count })))
            .collect()
    }

    fn frame(
        &self,
        settings: &Settings,
        area: &str,
        numbers: Option<Numbers>,
    ) -> Result<Vec<u8>, Unsendable> {
        self.header.check()?;
        let header = self.header.text(self.header.flag, numbers);
        let plain = format!("{header}CP=&&{area}&&").into_bytes();
        let sum = crc(&plain);
        let segment = if self.is_secret() {
            sealed(settings, plain)
        } else {
            plain
        };
        wrap(&segment, sum)
    }

    /// Which reports of the 2025 edition are encrypted. Uncertain.
    fn is_secret(&self) -> bool {
        let is_new = self.header.edition() == Some(Edition::Year2025);
        let is_report = !matches!(self.body, Body::Command(_));
        is_new && is_report && matches!(self.header.command, 2000..=2999 | 1014 | 3020)
    }
}

/// `CP=&&`, `&&`.
const AREA_FRAME: usize = 7;
/// The longest numbers, to reckon with.
const MOST: Numbers = Numbers {
    number: 9_999,
    count: 9_999,
};

impl Header {
    /// The frame that answers this message: same number, device and password, nothing asked in return.
    pub fn answer(&self, body: Body) -> Result<Vec<u8>, Unsendable> {
        self.answer_part(body, None)
    }

    /// The answer to one part carries its numbers, as in examples of the 2025 edition; uncertain for older ones.
    pub(crate) fn answer_part(
        &self,
        body: Body,
        numbers: Option<Numbers>,
    ) -> Result<Vec<u8>, Unsendable> {
        let flag = self.flag.map(|flag| Flag {
            wants_answer: false,
            is_numbered: false,
            ..flag
        });
        let header = Self {
            number: self.number.clone(),
            system: INTERACTION.into(),
            command: body.command().unwrap_or_default(),
            password: self.password.clone(),
            device: self.device.clone(),
            flag,
            is_resent: false,
            more: Vec::new(),
        };
        let settings = Settings::default();
        let area = body.pieces(settings.zone()).join(";");
        Message { header, body }.frame(&settings, &area, numbers)
    }

    fn text(&self, flag: Option<Flag>, numbers: Option<Numbers>) -> String {
        let flag = flag.map(|flag| Flag {
            is_numbered: numbers.is_some(),
            ..flag
        });
        let field = |name: &str, value: Option<String>| {
            value.map_or_else(String::new, |value| format!("{name}={value};"))
        };
        let mut text = field("QN", self.number.clone());
        text += &field(
            "ST",
            Some(self.system.clone()).filter(|system| !system.is_empty()),
        );
        text += &field("CN", Some(format!("{:04}", self.command)));
        text += &field("PW", self.password.clone());
        text += &field("MN", Some(self.device.clone()));
        text += &field("Flag", flag.map(|flag| flag.byte().to_string()));
        text += &field("PNUM", numbers.map(|numbers| numbers.count.to_string()));
        text += &field("PNO", numbers.map(|numbers| numbers.number.to_string()));
        text += &field("RF", self.is_resent.then(|| "1".to_owned()));
        for (name, value) in &self.more {
            text += &field(name, Some(value.clone()));
        }
        text
    }

    /// Refuses to write a field that would be read as two.
    fn check(&self) -> Result<(), Unsendable> {
        let fields = [
            ("QN", self.number.as_deref()),
            ("ST", Some(self.system.as_str())),
            ("PW", self.password.as_deref()),
            ("MN", Some(self.device.as_str())),
        ];
        let is_separator = |c: char| matches!(c, ';' | '&' | '=') || !c.is_ascii_graphic();
        let bad = fields
            .into_iter()
            .find(|(_, value)| value.is_some_and(|value| value.contains(is_separator)));
        bad.map_or(Ok(()), |(name, _)| Err(Unsendable::Separator { name }))
    }
}

/// Areas of at most `room` bytes. Each begins with the time of its group.
fn split(pieces: &[String], room: usize) -> Result<Vec<String>, Unsendable> {
    let mut areas: Vec<String> = Vec::new();
    let mut area = String::new();
    let mut time: Option<&String> = None;
    for piece in pieces {
        let fits = area.is_empty() || area.len() + 1 + piece.len() <= room;
        if !fits {
            areas.push(std::mem::take(&mut area));
            if let Some(time) = time.filter(|_| !begins_group(piece)) {
                area.push_str(time);
            }
        }
        if begins_group(piece) {
            time = Some(piece);
        }
        if !area.is_empty() {
            area.push(';');
        }
        area.push_str(piece);
        if area.len() > SEGMENT_BYTES_MAX {
            let bytes = piece.len();
            return Err(Unsendable::ItemTooLong { bytes });
        }
    }
    areas.push(area);
    Ok(areas)
}

/// The segment with its data area encrypted, if there is a key.
fn sealed(settings: &Settings, plain: Vec<u8>) -> Vec<u8> {
    let sealed = settings.sm4_key.as_ref().and_then(|key| {
        let mut area = segment::area(&plain)?.to_vec();
        key.encrypt(&mut area);
        segment::with_area(&plain, &area)
    });
    sealed.unwrap_or(plain)
}

fn wrap(segment: &[u8], sum: u16) -> Result<Vec<u8>, Unsendable> {
    let bytes = segment.len();
    if bytes > SEGMENT_BYTES_MAX {
        return Err(Unsendable::TooLong { bytes });
    }
    let length = format!("{bytes:04}");
    let sum = format!("{sum:04X}");
    Ok([START, length.as_bytes(), segment, sum.as_bytes(), END].concat())
}
