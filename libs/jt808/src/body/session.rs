//! Coming, going and general replies.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::header::Edition;
use crate::layout::{
    Layout, ManyBy, Padded, PaddedBy, Plain, Reader, Text, TextRest, Unread, Utc6, Writer, record,
};
use crate::oddity::Oddity;

record! {
    /// 0001 and 8001.
    GeneralReply {
        /// The serial of the message that is answered.
        serial: u16,
        /// The id of the message that is answered.
        id: u16,
        /// 0 done, 1 failed, 2 message faulty, 3 not supported, 4 (of the platform) alarm confirmed.
        result: u8,
    }
}

record! {
    /// 8003 and 0005: parts that did not come.
    Missing {
        /// The serial of the first part of the message.
        serial: u16,
        parts: Vec<u16> as ManyBy,
    }
}

record! {
    /// 8004. The standard wants UTC here (from memory, not verified).
    ServerTime {
        time: Option<Timestamp> as Utc6,
    }
}

record! {
    /// 8100.
    RegistrationReply {
        /// The serial of the registration.
        serial: u16,
        /// 0 done, 1 vehicle already registered, 2 no such vehicle, 3 terminal already registered, 4 no such terminal.
        result: u8,
        /// What the terminal authenticates with from now on; empty unless done.
        token: String as TextRest,
    }
}

/// 0100: a terminal that wants to be known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// First two digits of the division code.
    pub province: u16,
    /// Following four digits of the division code.
    pub city: u16,
    pub maker: String,
    pub model: String,
    pub terminal: String,
    /// 0 not yet licensed, 1 blue, 2 yellow, 3 black, 4 white, 9 other; since 2019 as in JT/T 697.7.
    pub plate_colour: u8,
    /// The plate; the vehicle's identification number where the colour is 0.
    pub plate: String,
}

impl Registration {
    /// Bytes in front of the plate.
    fn fixed_bytes(edition: Edition) -> usize {
        match edition {
            Edition::V2011 => 25,
            Edition::V2013 => 37,
            Edition::V2019 => 76,
        }
    }

    /// Devices mix header and body of different editions; what is too short for its edition is of an older one.
    fn edition(declared: Edition, length: usize) -> Edition {
        [Edition::V2019, Edition::V2013]
            .into_iter()
            .find(|edition| *edition <= declared && length >= Self::fixed_bytes(*edition))
            .unwrap_or(Edition::V2011)
    }
}

type Maker = PaddedBy<5, 5, 11>;
type Model = PaddedBy<8, 20, 30>;
type Terminal = PaddedBy<7, 7, 30>;

impl Layout<Registration> for Plain {
    fn read(reader: &mut Reader<'_>) -> Result<Registration, Unread> {
        let declared = reader.edition;
        let edition = Registration::edition(declared, reader.left());
        if edition != declared {
            reader.oddities.push(Oddity::OtherEdition { edition });
            reader.edition = edition;
        }
        Ok(Registration {
            province: reader.at_field("province").u16()?,
            city: reader.at_field("city").u16()?,
            maker: reader.get::<_, Maker>("maker")?,
            model: reader.get::<_, Model>("model")?,
            terminal: reader.get::<_, Terminal>("terminal")?,
            plate_colour: reader.at_field("plate_colour").u8()?,
            plate: reader.get::<_, TextRest>("plate")?,
        })
    }

    fn write(value: &Registration, writer: &mut Writer) {
        writer.u16(value.province);
        writer.u16(value.city);
        writer.put::<_, Maker>("maker", &value.maker);
        writer.put::<_, Model>("model", &value.model);
        writer.put::<_, Terminal>("terminal", &value.terminal);
        writer.u8(value.plate_colour);
        writer.put::<_, TextRest>("plate", &value.plate);
    }
}

/// 0102: a terminal that comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authentication {
    /// From the registration reply.
    pub token: String,
    /// Since 2019, 15 digits.
    pub imei: Option<String>,
    /// Since 2019.
    pub software: Option<String>,
}

impl Layout<Authentication> for Plain {
    fn read(reader: &mut Reader<'_>) -> Result<Authentication, Unread> {
        let is_new = match reader.peek() {
            [length, rest @ ..] => rest.len() >= usize::from(*length) + 35,
            [] => false,
        };
        if reader.edition == Edition::V2019 && is_new {
            return Ok(Authentication {
                token: reader.get::<_, Text<u8>>("token")?,
                imei: Some(reader.get::<_, Padded<15>>("imei")?),
                software: Some(reader.get::<_, Padded<20>>("software")?),
            });
        }
        if reader.edition == Edition::V2019 {
            let edition = Edition::V2013;
            reader.oddities.push(Oddity::OtherEdition { edition });
        }
        Ok(Authentication {
            token: reader.get::<_, TextRest>("token")?,
            imei: None,
            software: None,
        })
    }

    fn write(value: &Authentication, writer: &mut Writer) {
        if writer.edition < Edition::V2019 {
            writer.put::<_, TextRest>("token", &value.token);
            return;
        }
        let empty = String::new();
        writer.put::<_, Text<u8>>("token", &value.token);
        writer.put::<_, Padded<15>>("imei", value.imei.as_ref().unwrap_or(&empty));
        writer.put::<_, Padded<20>>("software", value.software.as_ref().unwrap_or(&empty));
    }
}
