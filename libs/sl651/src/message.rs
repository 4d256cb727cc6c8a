//! What a frame says, typed.

use jiff::{SignedDuration, Timestamp};

use crate::command::Command;
use crate::element::{Element, State};
use crate::frame::{End, Header, Numbers, Station};

/// One message, joined from its packets.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub header: Header,
    /// 流水号: the station counts its messages; a centre's own questions have zero.
    pub serial: u16,
    /// When it was sent. None if the station has lost its clock.
    pub sent: Option<Timestamp>,
    /// The mark behind it: whether the station has more, or what the centre says.
    pub end: End,
    /// In how many packets it came.
    pub packets: Option<u16>,
    /// The station that the body names.
    pub subject: Option<Subject>,
    pub body: Body,
}

/// The station that a body is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Subject {
    pub station: Station,
    /// What kind of station it is; only reports say it.
    pub category: Option<u8>,
}

/// 遥测站分类码: what kind of station reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Category {
    /// 降水
    Rain = 0x50,
    /// 河道
    River = 0x48,
    /// 水库
    Reservoir = 0x4B,
    /// 闸坝
    Sluice = 0x5A,
    /// 泵站
    Pump = 0x44,
    /// 潮汐
    Tide = 0x54,
    /// 墒情
    Soil = 0x4D,
    /// 地下水
    Groundwater = 0x47,
    /// 水质
    Quality = 0x51,
    /// 取水口
    Intake = 0x49,
    /// 排水口
    Outlet = 0x4F,
}

impl Category {
    pub const ALL: [Self; 11] = [
        Self::Rain,
        Self::River,
        Self::Reservoir,
        Self::Sluice,
        Self::Pump,
        Self::Tide,
        Self::Soil,
        Self::Groundwater,
        Self::Quality,
        Self::Intake,
        Self::Outlet,
    ];

    pub fn of_code(code: u8) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|category| *category as u8 == code)
    }
}

/// What stands in the body.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Body {
    /// 2F: the connection lives.
    KeepAlive,
    /// Values with their times.
    Report(Report),
    /// 35, 39: what a person has typed in, as it is.
    Manual { text: Vec<u8> },
    /// 36: a photograph.
    Picture { time: Timestamp, picture: Vec<u8> },
    /// 40 to 43, 49: how the station is set.
    Parameters {
        parameters: Vec<Parameter>,
        leftover: Vec<u8>,
    },
    /// 45: the version of the station's program.
    Version { text: Vec<u8> },
    /// 46
    State { state: State, leftover: Vec<u8> },
    /// 50: how often each of the standard's events has happened.
    Events { counts: Vec<u16> },
    /// 47, 48, 4A, 51 and what else names only the station: done, and `sent` is the station's clock.
    Done,
    /// What the centre says to a message of the station: `end` is all of it. To a packet it says the numbers, and NAK
    /// asks for that packet again.
    Receipt { packet: Option<Numbers> },
    /// What the centre asks.
    Command(Command),
    /// Anything else, kept as it is.
    Other { rest: Vec<u8> },
}

/// Why a station reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportKind {
    /// 30 测试报
    Test,
    /// 31 均匀时段水文信息报
    Even,
    /// 32 定时报
    Timed,
    /// 33 加报报
    Additional,
    /// 34 小时报
    Hourly,
    /// 37: asked for what is now.
    Current,
    /// 38: asked for a span.
    Span,
    /// 3A: asked for some elements.
    Chosen,
    /// 44: asked for its pumps.
    Pumps,
}

impl ReportKind {
    pub const ALL: [Self; 9] = [
        Self::Test,
        Self::Even,
        Self::Timed,
        Self::Additional,
        Self::Hourly,
        Self::Current,
        Self::Span,
        Self::Chosen,
        Self::Pumps,
    ];

    /// AFN.
    pub fn function(self) -> u8 {
        match self {
            Self::Test => 0x30,
            Self::Even => 0x31,
            Self::Timed => 0x32,
            Self::Additional => 0x33,
            Self::Hourly => 0x34,
            Self::Current => 0x37,
            Self::Span => 0x38,
            Self::Chosen => 0x3A,
            Self::Pumps => 0x44,
        }
    }

    pub fn of_function(function: u8) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.function() == function)
    }

    /// Whether values of one element follow each other at equal distances.
    pub(crate) fn is_even(self) -> bool {
        matches!(self, Self::Even | Self::Span)
    }
}

/// Values with their times.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub kind: ReportKind,
    pub groups: Vec<Group>,
    /// What stands behind the last readable element.
    pub leftover: Vec<u8>,
}

/// What belongs to one time of observation.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub time: Timestamp,
    /// The distance of the values of an even report.
    pub step: Option<Step>,
    pub elements: Vec<Element>,
}

/// 时间步长码: days, hours and minutes, of which one is not zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Step {
    pub days: u8,
    pub hours: u8,
    pub minutes: u8,
}

impl Step {
    pub fn of_minutes(minutes: u8) -> Self {
        Self {
            minutes,
            ..Self::default()
        }
    }

    pub fn total_minutes(self) -> u32 {
        u32::from(self.days) * 1_440 + u32::from(self.hours) * 60 + u32::from(self.minutes)
    }

    pub fn duration(self) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.total_minutes()))
    }
}

/// One value with its time; none where the station says that it is not valid.
#[derive(Debug, Clone, PartialEq)]
pub struct Point<'a> {
    pub time: Timestamp,
    pub code: &'a str,
    pub number: Option<f64>,
}

impl Report {
    /// All numbers of the report, series taken apart.
    pub fn points<'a>(&'a self) -> Vec<Point<'a>> {
        let of_element = |time: Timestamp, element: &'a Element| {
            let point = |(time, number)| Point {
                time,
                code: element.code.as_str(),
                number,
            };
            element.points(time).into_iter().map(point)
        };
        self.groups
            .iter()
            .flat_map(|group| {
                group
                    .elements
                    .iter()
                    .flat_map(move |element| of_element(group.time, element))
            })
            .collect()
    }
}

/// How one thing about a station is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// The identifier of appendix D, as in `20`, the hours between timed reports.
    pub code: String,
    /// Bytes and decimals.
    pub descriptor: u8,
    pub raw: Vec<u8>,
}

impl Parameter {
    /// A parameter of so many bytes, none of them a fraction.
    pub fn of(code: u8, raw: &[u8]) -> Option<Self> {
        Some(Self {
            code: format!("{code:02X}"),
            descriptor: crate::element::descriptor(u8::try_from(raw.len()).ok()?, 0)?,
            raw: raw.to_vec(),
        })
    }

    /// Its number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match crate::element::read_number(&self.raw, self.descriptor & 7) {
            crate::element::Value::Number(number) => Some(number),
            _ => None,
        }
    }
}
