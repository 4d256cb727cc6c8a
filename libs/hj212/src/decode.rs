//! From a plain data segment to a header and the text of its data area, and from there to a message.

use crate::body;
use crate::flag::{Edition, Flag};
use crate::message::{Header, Message};
use crate::refusal::{Oddities, Oddity, Refusal};
use crate::segment::{self, Item};
use crate::settings::Settings;
use crate::time;

/// What the standard allows for one data segment; devices send more.
const SEGMENT_BYTES: usize = 1_024;
/// No field of a header is longer.
const FIELD_BYTES_MAX: usize = 64;

/// Which part of a split message this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbers {
    pub(crate) number: u32,
    pub(crate) count: u32,
}

/// A data segment whose header is read.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) header: Header,
    pub(crate) numbers: Option<Numbers>,
    pub(crate) area: String,
}

/// Reads the header of a plain data segment.
pub(crate) fn open(
    settings: &Settings,
    segment: &[u8],
    oddities: &mut Oddities,
) -> Result<Opened, Refusal> {
    if segment.len() > SEGMENT_BYTES {
        let bytes = segment.len();
        oddities.push(Oddity::OverLong { bytes });
    }
    let halves = segment::halves(settings, segment, oddities)?;
    let mut raw = RawHeader::default();
    for item in halves.header {
        raw.put(item, oddities)?;
    }
    let header = raw.header(settings, oddities)?;
    let numbers = raw.numbers(settings, header.flag, oddities)?;
    Ok(Opened {
        header,
        numbers,
        area: halves.area,
    })
}

/// Reads the data area of a message that is whole.
pub(crate) fn message(
    settings: &Settings,
    header: Header,
    area: &str,
    oddities: &mut Oddities,
) -> Result<Message, Refusal> {
    let items = segment::items(settings, area, oddities)?;
    let body = body::read(header.command, &items, settings.zone(), oddities)?;
    Ok(Message { header, body })
}

/// The known fields as texts, each at most once.
#[derive(Default)]
struct RawHeader {
    known: [Option<String>; NAMES.len()],
    more: Vec<(String, String)>,
}

const NAMES: [&str; 9] = ["QN", "ST", "CN", "PW", "MN", "Flag", "PNUM", "PNO", "RF"];

impl RawHeader {
    fn put(&mut self, item: Item, oddities: &mut Oddities) -> Result<(), Refusal> {
        let is_graphic = item.value.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_graphic || item.value.len() > FIELD_BYTES_MAX {
            return Err(Refusal::Field {
                name: Refusal::quote(item.name.as_bytes()),
                fault: "has characters that no such field may have, or too many",
            });
        }
        let mut slots = NAMES.iter().zip(&mut self.known);
        let slot =
            slots.find(|(name, slot)| slot.is_none() && name.eq_ignore_ascii_case(&item.name));
        if let Some((name, slot)) = slot {
            if *name != item.name {
                oddities.push(Oddity::LetterCase { name: item.name });
            }
            *slot = Some(item.value);
        } else {
            let name = Refusal::quote(item.name.as_bytes());
            oddities.push(Oddity::UnknownItem { name });
            self.more.push((item.name, item.value));
        }
        Ok(())
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let mut slots = NAMES.iter().zip(&mut self.known);
        let (_, slot) = slots.find(|(known, _)| **known == name)?;
        slot.take().filter(|value| !value.is_empty())
    }

    fn header(&mut self, settings: &Settings, oddities: &mut Oddities) -> Result<Header, Refusal> {
        let command = self.required("CN")?;
        let command = command.parse().ok().filter(|_| command.len() == 4);
        let flag = self.take("Flag").map(|text| {
            let byte = text
                .parse()
                .map_err(|_not_a_byte| field("Flag", "must be a number up to 255"))?;
            Ok(Flag::from_byte(byte))
        });
        let header = Header {
            number: self.take("QN"),
            system: self.take("ST").unwrap_or_default(),
            command: command.ok_or_else(|| field("CN", "must have four digits"))?,
            password: self.take("PW"),
            device: self.required("MN")?,
            flag: flag.transpose()?,
            is_resent: self.is_resent(),
            more: std::mem::take(&mut self.more),
        };
        note_oddities(settings, &header, oddities);
        Ok(header)
    }

    fn required(&mut self, name: &'static str) -> Result<String, Refusal> {
        self.take(name).ok_or_else(|| field(name, "is missing"))
    }

    fn is_resent(&mut self) -> bool {
        match self.take("RF") {
            None => false,
            Some(one) if one == "1" => true,
            Some(other) => {
                self.more.push(("RF".into(), other));
                false
            }
        }
    }

    /// The numbers of a part; a message in one part has none.
    fn numbers(
        &mut self,
        settings: &Settings,
        flag: Option<Flag>,
        oddities: &mut Oddities,
    ) -> Result<Option<Numbers>, Refusal> {
        let (count, number) = (self.take("PNUM"), self.take("PNO"));
        let says_so = flag.is_some_and(|flag| flag.is_numbered);
        if says_so != (count.is_some() && number.is_some()) {
            oddities.push(Oddity::PartFlag);
        }
        let (Some(count), Some(number)) = (count, number) else {
            return Ok(None);
        };
        let digits = |name, text: String| {
            text.parse::<u32>()
                .map_err(|_not_a_number| field(name, "must be a number"))
        };
        let (count, number) = (digits("PNUM", count)?, digits("PNO", number)?);
        let max = settings.limits.parts_max;
        if count == 0 || count > max || number == 0 || number > count {
            return Err(Refusal::PartNumber { number, count, max });
        }
        Ok((count > 1).then_some(Numbers { number, count }))
    }
}

fn field(name: &str, fault: &'static str) -> Refusal {
    Refusal::Field {
        name: name.into(),
        fault,
    }
}

/// What is missing or strange but no reason to refuse.
fn note_oddities(settings: &Settings, header: &Header, oddities: &mut Oddities) {
    /// The length of a device's code since 2017.
    const DEVICE: usize = 24;
    let edition = settings.edition.or_else(|| header.edition());
    if settings.edition.is_none() && edition.is_none() {
        let version = header.version();
        oddities.push(Oddity::Version { version });
    }
    if header.system.is_empty() {
        oddities.push(Oddity::NoField { name: "ST" });
    }
    if header.password.is_none() {
        oddities.push(Oddity::NoField { name: "PW" });
    }
    let is_old = settings.edition == Some(Edition::Year2005);
    if header.flag.is_none() && !is_old {
        oddities.push(Oddity::NoField { name: "Flag" });
    }
    match &header.number {
        None if !is_old => oddities.push(Oddity::NoField { name: "QN" }),
        Some(text) if text.len() != 17 || time::parse(text, settings.zone()).is_none() => {
            let text = text.clone();
            oddities.push(Oddity::RequestNumber { text });
        }
        _ => {}
    }
    let length = header.device.len();
    if edition.is_some_and(|edition| edition != Edition::Year2005) && length != DEVICE {
        oddities.push(Oddity::DeviceLength { length });
    }
}
