//! What a frame says, typed.

use jiff::Timestamp;

use crate::command::Command;
use crate::flag::{Edition, Flag};

mod observed;

pub use observed::{Field, Group, Kind, Mark, Reading, Value};

/// The fields before the data area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// `QN`: the request or report number, a time to the millisecond. Devices of the 2005 edition may leave it out.
    pub number: Option<String>,
    /// `ST`: the kind of system, such as 39 for dust at building sites.
    pub system: String,
    /// `CN`: what this message is.
    pub command: u16,
    /// `PW`: for the caller to compare.
    pub password: Option<String>,
    /// `MN`: which device.
    pub device: String,
    /// `Flag`; without one the device is of the 2005 edition and waits for no answer.
    pub flag: Option<Flag>,
    /// `RF=1`: sent again after an interruption. Of the 2025 edition; uncertain.
    pub is_resent: bool,
    /// Fields that the standard does not know.
    pub more: Vec<(String, String)>,
}

impl Header {
    /// Whether the sender waits for an answer.
    pub fn wants_answer(&self) -> bool {
        self.flag.is_some_and(|flag| flag.wants_answer)
    }

    /// The edition that the flag names.
    pub fn edition(&self) -> Option<Edition> {
        Edition::of_version(self.version())
    }

    pub(crate) fn version(&self) -> u8 {
        self.flag.map_or(0, |flag| flag.version)
    }
}

/// One message, joined from its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub header: Header,
    pub body: Body,
}

/// What stands in the data area.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Body {
    /// Measured values, states of equipment and reports of the site, each with its time. What a device sends again
    /// after an interruption is the same with an older time.
    Observed { kind: Kind, groups: Vec<Group> },
    /// 2081: the data logger was started.
    Started {
        time: Option<Timestamp>,
        restarted: Option<Timestamp>,
    },
    /// 1013: the device asks for the time.
    ClockWanted { sensor: Option<String> },
    /// 1011 answered.
    Clock {
        sensor: Option<String>,
        time: Timestamp,
    },
    /// 1061 answered.
    RealtimeInterval { seconds: u32 },
    /// 1063 answered.
    MinuteInterval { minutes: u32 },
    /// 3015 answered: a sample was kept in this bottle.
    SampleKept {
        time: Option<Timestamp>,
        bottle: String,
    },
    /// 3017 answered.
    SamplePeriod {
        sensor: Option<String>,
        /// `HHmmss`.
        start: String,
        hours: u32,
    },
    /// 3018 answered.
    SampleDuration {
        sensor: Option<String>,
        minutes: u32,
    },
    /// 9011: whether a request will be carried out.
    RequestAnswered(RequestReturn),
    /// 9012: how a request went.
    Executed(ExecutionReturn),
    /// 9013: a notice was received.
    NoticeReceived,
    /// 9014: what was reported has been received.
    ReportReceived,
    /// 9015: the connection lives. Of the 2025 edition; uncertain.
    Heartbeat,
    /// A request of the platform.
    Command(Command),
    /// Anything else, kept as names and values.
    Other(Vec<(String, String)>),
}

/// `QnRtn`: what a device answers to a request before it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RequestReturn {
    Ready,
    Refused,
    WrongPassword,
    WrongDevice,
    WrongSystem,
    WrongFlag,
    WrongNumber,
    WrongCommand,
    WrongCrc,
    Unknown,
    /// A code that the standard does not know.
    Other(u16),
}

impl RequestReturn {
    pub fn from_code(code: u16) -> Self {
        match code {
            1 => Self::Ready,
            2 => Self::Refused,
            3 => Self::WrongPassword,
            4 => Self::WrongDevice,
            5 => Self::WrongSystem,
            6 => Self::WrongFlag,
            7 => Self::WrongNumber,
            8 => Self::WrongCommand,
            9 => Self::WrongCrc,
            100 => Self::Unknown,
            other => Self::Other(other),
        }
    }

    pub fn code(self) -> u16 {
        match self {
            Self::Ready => 1,
            Self::Refused => 2,
            Self::WrongPassword => 3,
            Self::WrongDevice => 4,
            Self::WrongSystem => 5,
            Self::WrongFlag => 6,
            Self::WrongNumber => 7,
            Self::WrongCommand => 8,
            Self::WrongCrc => 9,
            Self::Unknown => 100,
            Self::Other(code) => code,
        }
    }
}

/// `ExeRtn`: how the execution of a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExecutionReturn {
    Done,
    Failed,
    WrongCondition,
    TimedOut,
    Busy,
    Faulty,
    NothingThere,
    /// A code that the standard does not know.
    Other(u16),
}

impl ExecutionReturn {
    pub fn from_code(code: u16) -> Self {
        match code {
            1 => Self::Done,
            2 => Self::Failed,
            3 => Self::WrongCondition,
            4 => Self::TimedOut,
            5 => Self::Busy,
            6 => Self::Faulty,
            100 => Self::NothingThere,
            other => Self::Other(other),
        }
    }

    pub fn code(self) -> u16 {
        match self {
            Self::Done => 1,
            Self::Failed => 2,
            Self::WrongCondition => 3,
            Self::TimedOut => 4,
            Self::Busy => 5,
            Self::Faulty => 6,
            Self::NothingThere => 100,
            Self::Other(code) => code,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_read_as_what_writes_it() {
        for code in 0..=200 {
            assert_eq!(RequestReturn::from_code(code).code(), code);
            assert_eq!(ExecutionReturn::from_code(code).code(), code);
        }
    }
}
