//! What a centre asks of a station.

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::bcd;
use crate::frame::unhex;
use crate::message::{Parameter, Step};

mod read;

/// A question or an order. It ends with ENQ, and its number is zero.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// 36: take a photograph.
    QueryPicture,
    /// 37: send what is now.
    QueryCurrent,
    /// 38: send what was kept of one element, from hour to hour.
    QuerySpan {
        from: Timestamp,
        to: Timestamp,
        step: Step,
        element: Wanted,
    },
    /// 39
    QueryManual,
    /// 3A: send what is now of these.
    QueryElements { elements: Vec<Wanted> },
    /// 40: addresses, channels, mode, what is measured.
    SetBasic { parameters: Vec<Parameter> },
    /// 41
    ReadBasic { parameters: Vec<Wanted> },
    /// 42: intervals, base levels, thresholds.
    SetRunning { parameters: Vec<Parameter> },
    /// 43
    ReadRunning { parameters: Vec<Wanted> },
    /// 44
    QueryPumps,
    /// 45
    QueryVersion,
    /// 46
    QueryState,
    /// 47: forget all that is kept.
    ClearStorage,
    /// 48: be set as when it was made.
    Reset,
    /// 49
    SetPassword { old: u16, new: u16 },
    /// 4A: the clock is to be as the time of sending.
    SetClock,
    /// 50
    QueryEvents,
    /// 51
    QueryClock,
    /// Anything else, such as pumps (4C), valves (4D) and sluices (4E), whose forms are not known here.
    Other { function: u8, content: Vec<u8> },
}

/// An element or parameter that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// `39`, `FF38`.
    pub code: String,
    pub descriptor: u8,
}

impl Wanted {
    /// One of the standard's elements.
    pub fn of(code: u8) -> Option<Self> {
        let known = crate::element::known::Known::of_code(code)?;
        Some(Self {
            code: format!("{code:02X}"),
            descriptor: known.descriptor(),
        })
    }
}

/// Passwords have this identifier and two bytes.
const PASSWORD: [u8; 2] = [0x03, 0x10];
/// So has the step of an even report, and three.
pub(crate) const STEP: [u8; 2] = [0x04, 0x18];
const CLEAR: [u8; 2] = [0x97, 0x00];
const RESET: [u8; 2] = [0x98, 0x00];

impl Command {
    /// AFN.
    pub fn function(&self) -> u8 {
        match self {
            Self::QueryPicture => 0x36,
            Self::QueryCurrent => 0x37,
            Self::QuerySpan { .. } => 0x38,
            Self::QueryManual => 0x39,
            Self::QueryElements { .. } => 0x3A,
            Self::SetBasic { .. } => 0x40,
            Self::ReadBasic { .. } => 0x41,
            Self::SetRunning { .. } => 0x42,
            Self::ReadRunning { .. } => 0x43,
            Self::QueryPumps => 0x44,
            Self::QueryVersion => 0x45,
            Self::QueryState => 0x46,
            Self::ClearStorage => 0x47,
            Self::Reset => 0x48,
            Self::SetPassword { .. } => 0x49,
            Self::SetClock => 0x4A,
            Self::QueryEvents => 0x50,
            Self::QueryClock => 0x51,
            Self::Other { function, .. } => *function,
        }
    }

    /// What stands behind the time of sending. None if a code is no code.
    pub(crate) fn content(&self, zone: Offset) -> Option<Vec<u8>> {
        Some(match self {
            Self::QuerySpan {
                from,
                to,
                step,
                element,
            } => [
                bcd::write_time(*from, zone, 4),
                bcd::write_time(*to, zone, 4),
                STEP.to_vec(),
                write_step(*step)?,
                code(&element.code)?,
                vec![element.descriptor],
            ]
            .concat(),
            Self::QueryElements { elements: wanted }
            | Self::ReadBasic { parameters: wanted }
            | Self::ReadRunning { parameters: wanted } => {
                let one =
                    |wanted: &Wanted| Some([code(&wanted.code)?, vec![wanted.descriptor]].concat());
                wanted.iter().map(one).collect::<Option<Vec<_>>>()?.concat()
            }
            Self::SetBasic { parameters } | Self::SetRunning { parameters } => {
                write_parameters(parameters)?
            }
            Self::ClearStorage => CLEAR.to_vec(),
            Self::Reset => RESET.to_vec(),
            Self::SetPassword { old, new } => {
                [PASSWORD, old.to_be_bytes(), PASSWORD, new.to_be_bytes()].concat()
            }
            Self::Other { content, .. } => content.clone(),
            Self::QueryPicture
            | Self::QueryCurrent
            | Self::QueryManual
            | Self::QueryPumps
            | Self::QueryVersion
            | Self::QueryState
            | Self::SetClock
            | Self::QueryEvents
            | Self::QueryClock => vec![],
        })
    }
}

/// The bytes of a code: one, or `FF` and one.
pub(crate) fn code(text: &str) -> Option<Vec<u8>> {
    let bytes = unhex(text.as_bytes())?;
    let is_code = match bytes.as_slice() {
        [first] => *first != 0xFF,
        [first, _] => *first == 0xFF,
        _ => false,
    };
    is_code.then_some(bytes)
}

pub(crate) fn write_step(step: Step) -> Option<Vec<u8>> {
    let parts = [step.days, step.hours, step.minutes];
    let written = parts.map(|part| bcd::write(u64::from(part), 1));
    written
        .into_iter()
        .collect::<Option<Vec<_>>>()
        .map(|parts| parts.concat())
}

pub(crate) fn write_parameters(parameters: &[Parameter]) -> Option<Vec<u8>> {
    let one = |parameter: &Parameter| {
        let fits = usize::from(parameter.descriptor >> 3) == parameter.raw.len();
        let code = code(&parameter.code)?;
        fits.then(|| [code, vec![parameter.descriptor], parameter.raw.clone()].concat())
    };
    let all = parameters.iter().map(one).collect::<Option<Vec<_>>>()?;
    Some(all.concat())
}
