//! Reads what a centre asks, for the station's side.

use jiff::tz::Offset;

use super::{CLEAR, Command, PASSWORD, RESET, STEP, Wanted};
use crate::bcd;
use crate::report::{self, Reader};

impl Command {
    /// The command of this function; one that cannot be read is kept as it is.
    pub(crate) fn read(function: u8, content: &[u8], zone: Offset) -> Self {
        let known = Self::known(function, content, zone);
        known.unwrap_or_else(|| Self::Other {
            function,
            content: content.to_vec(),
        })
    }

    fn known(function: u8, content: &[u8], zone: Offset) -> Option<Self> {
        let plain = |command: Self| content.is_empty().then_some(command);
        match function {
            0x36 => plain(Self::QueryPicture),
            0x37 => plain(Self::QueryCurrent),
            0x38 => span(content, zone),
            0x39 => plain(Self::QueryManual),
            0x3A => Some(Self::QueryElements {
                elements: wanted(content)?,
            }),
            0x40 => Some(Self::SetBasic {
                parameters: report::parameters(content)?,
            }),
            0x41 => Some(Self::ReadBasic {
                parameters: wanted(content)?,
            }),
            0x42 => Some(Self::SetRunning {
                parameters: report::parameters(content)?,
            }),
            0x43 => Some(Self::ReadRunning {
                parameters: wanted(content)?,
            }),
            0x44 => plain(Self::QueryPumps),
            0x45 => plain(Self::QueryVersion),
            0x46 => plain(Self::QueryState),
            0x47 => (content == CLEAR).then_some(Self::ClearStorage),
            0x48 => (content == RESET).then_some(Self::Reset),
            0x49 => password(content),
            0x4A => plain(Self::SetClock),
            0x50 => plain(Self::QueryEvents),
            0x51 => plain(Self::QueryClock),
            _ => None,
        }
    }
}

fn span(content: &[u8], zone: Offset) -> Option<Command> {
    let mut reader = Reader::new(content);
    let from = bcd::time(reader.take(4)?, zone)?;
    let to = bcd::time(reader.take(4)?, zone)?;
    let step = reader.take(2).filter(|step| *step == STEP)?;
    let step = (step == STEP)
        .then(|| reader.take(3))
        .flatten()
        .and_then(report::step)?;
    let element = Wanted {
        code: reader.code()?,
        descriptor: reader.byte()?,
    };
    reader.is_empty().then_some(Command::QuerySpan {
        from,
        to,
        step,
        element,
    })
}

fn wanted(content: &[u8]) -> Option<Vec<Wanted>> {
    let mut reader = Reader::new(content);
    let mut all = Vec::new();
    while !reader.is_empty() {
        all.push(Wanted {
            code: reader.code()?,
            descriptor: reader.byte()?,
        });
    }
    Some(all)
}

fn password(content: &[u8]) -> Option<Command> {
    let [a, b, old_high, old_low, c, d, new_high, new_low] = *content.first_chunk::<8>()?;
    let is_one = content.len() == 8 && [a, b] == PASSWORD && [c, d] == PASSWORD;
    is_one.then(|| Command::SetPassword {
        old: u16::from_be_bytes([old_high, old_low]),
        new: u16::from_be_bytes([new_high, new_low]),
    })
}
