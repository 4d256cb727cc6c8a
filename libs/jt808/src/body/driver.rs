//! Who drives, and what the vehicle's own instruments recorded.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::header::Edition;
use crate::layout::{
    Bcd6, Digits, Fixed, IfMore, Layout, Padded, Plain, Reader, Rest, Since2019, Text, Unread,
    Writer, record,
};
use crate::oddity::Oddity;

record! {
    /// 0700: a block of the driving recorder (GB/T 19056), not interpreted.
    RecorderAnswer {
        /// The serial of the command.
        serial: u16,
        command: u8,
        block: Vec<u8> as Rest,
    }
}

record! {
    /// 8700 and 8701: a command of the driving recorder (GB/T 19056).
    RecorderCommand {
        command: u8,
        block: Vec<u8> as Rest,
    }
}

record! {
    /// One frame of the CAN bus.
    CanEntry {
        /// Bit 31 channel, 30 extended frame, 29 mean value, the rest the CAN id.
        id: u32,
        bytes: Vec<u8> as Fixed<8>,
    }
}

/// 0705.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CanFrames {
    /// `hhmmss` and four digits of a second, of the first frame.
    pub time: String,
    pub frames: Vec<CanEntry>,
}

impl Layout<CanFrames> for Plain {
    fn read(reader: &mut Reader<'_>) -> Result<CanFrames, Unread> {
        let declared = usize::from(reader.at_field("count").u16()?);
        let time = reader.get::<_, Digits<5>>("time")?;
        let mut frames = Vec::new();
        while frames.len() < declared && reader.left() > 0 {
            frames.push(reader.get::<_, Self>("frames")?);
        }
        if frames.len() < declared {
            reader.oddities.push(Oddity::Count {
                field: "frames",
                declared,
                found: frames.len(),
            });
        }
        Ok(CanFrames { time, frames })
    }

    fn write(value: &CanFrames, writer: &mut Writer) {
        writer
            .at_field("frames")
            .put_count::<u16>(value.frames.len());
        writer.put::<_, Digits<5>>("time", &value.time);
        for frame in &value.frames {
            Self::write(frame, writer);
        }
    }
}

/// 0702: the driver put the licence card in or took it out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Driver {
    /// 1 in, 2 out. The layout of 2011 does not say; 1 stands there.
    pub state: u8,
    pub time: Option<Timestamp>,
    /// May be absent when the card was taken out.
    pub card: Option<DriverCard>,
}

record! {
    /// What is on the card.
    DriverCard {
        /// 0 read, 1 not authenticated, 2 locked, 3 taken out, 4 checksum.
        result: u8,
        name: String as Text<u8>,
        certificate: String as Padded<20>,
        issuer: String as Text<u8>,
        /// `yyyyMMdd`.
        valid_until: String as Digits<4>,
        /// Since 2019; in the layout of 2011 it is there too.
        identity: Option<String> as Since2019<Padded<20>>,
    }
}

impl Layout<Driver> for Plain {
    fn read(reader: &mut Reader<'_>) -> Result<Driver, Unread> {
        if reader.edition == Edition::V2011 {
            return read_2011(reader);
        }
        Ok(Driver {
            state: reader.at_field("state").u8()?,
            time: reader.get::<_, Bcd6>("time")?,
            card: reader.get::<_, IfMore<Self>>("card")?,
        })
    }

    fn write(value: &Driver, writer: &mut Writer) {
        if writer.edition == Edition::V2011 {
            write_2011(value, writer);
            return;
        }
        writer.u8(value.state);
        writer.put::<_, Bcd6>("time", &value.time);
        writer.put::<_, IfMore<Self>>("card", &value.card);
    }
}

/// The layout of 2011 (from memory, not verified): name, identity card, certificate of 40 bytes, issuer.
fn read_2011(reader: &mut Reader<'_>) -> Result<Driver, Unread> {
    let name = reader.get::<_, Text<u8>>("name")?;
    let identity = Some(reader.get::<_, Padded<20>>("identity")?);
    Ok(Driver {
        state: 1,
        time: None,
        card: Some(DriverCard {
            result: 0,
            name,
            certificate: reader.get::<_, Padded<40>>("certificate")?,
            issuer: reader.get::<_, Text<u8>>("issuer")?,
            valid_until: String::new(),
            identity,
        }),
    })
}

fn write_2011(value: &Driver, writer: &mut Writer) {
    let Some(card) = &value.card else {
        return;
    };
    let empty = String::new();
    writer.put::<_, Text<u8>>("name", &card.name);
    writer.put::<_, Padded<20>>("identity", card.identity.as_ref().unwrap_or(&empty));
    writer.put::<_, Padded<40>>("certificate", &card.certificate);
    writer.put::<_, Text<u8>>("issuer", &card.issuer);
}
