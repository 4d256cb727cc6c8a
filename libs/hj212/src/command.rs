//! Requests of the platform to a device.
//!
//! The forms of the data areas follow the 2017 edition as public code and examples show it.

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::message::Kind;
use crate::time;

mod read;

/// What a device is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// 1000: how long to wait for an answer, and how often to send again.
    SetTimeouts { seconds: u32, resends: u32 },
    /// 1011: tell the time, of the device or of one of its instruments.
    ReadClock { sensor: Option<String> },
    /// 1012
    SetClock {
        sensor: Option<String>,
        time: Timestamp,
    },
    /// 1061
    ReadRealtimeInterval,
    /// 1062
    SetRealtimeInterval { seconds: u32 },
    /// 1063
    ReadMinuteInterval,
    /// 1064
    SetMinuteInterval { minutes: u32 },
    /// 1072
    SetPassword { password: String },
    /// 2011
    StartRealtime,
    /// 2012
    StopRealtime,
    /// 2021
    StartEquipmentState,
    /// 2022
    StopEquipmentState,
    /// 2031, 2041, 2051, 2061: send what was kept of these times.
    ReadHistory {
        kind: History,
        from: Timestamp,
        to: Timestamp,
    },
    /// 3011 to 3014, 3017 to 3019: something about one instrument.
    Instrument {
        action: Action,
        sensor: Option<String>,
    },
    /// 3015: keep a sample.
    KeepSample,
    /// 3016
    SetSamplePeriod {
        sensor: Option<String>,
        /// `HHmmss`.
        start: String,
        hours: u32,
    },
    /// 3020: send states, parameters or the log of the site.
    ReadSite {
        sensor: Option<String>,
        item: String,
        span: Option<(Timestamp, Timestamp)>,
    },
    /// 3021
    SetSite {
        sensor: Option<String>,
        item: String,
        value: String,
    },
}

/// Kept reports that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum History {
    Minute,
    Hour,
    Day,
    EquipmentHours,
}

impl History {
    pub const ALL: [Self; 4] = [Self::Minute, Self::Hour, Self::Day, Self::EquipmentHours];

    /// The kind of the reports that come.
    pub fn kind(self) -> Kind {
        match self {
            Self::Minute => Kind::Minute,
            Self::Hour => Kind::Hour,
            Self::Day => Kind::Day,
            Self::EquipmentHours => Kind::EquipmentHours,
        }
    }
}

/// What one instrument is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// 3011: zero and span.
    Calibrate,
    /// 3012
    SampleNow,
    /// 3013: clean or blow back.
    Clean,
    /// 3014
    CompareSample,
    /// 3017
    ReadSamplePeriod,
    /// 3018
    ReadSampleDuration,
    /// 3019
    ReadNumber,
}

impl Action {
    pub const ALL: [Self; 7] = [
        Self::Calibrate,
        Self::SampleNow,
        Self::Clean,
        Self::CompareSample,
        Self::ReadSamplePeriod,
        Self::ReadSampleDuration,
        Self::ReadNumber,
    ];

    fn command(self) -> u16 {
        match self {
            Self::Calibrate => 3011,
            Self::SampleNow => 3012,
            Self::Clean => 3013,
            Self::CompareSample => 3014,
            Self::ReadSamplePeriod => 3017,
            Self::ReadSampleDuration => 3018,
            Self::ReadNumber => 3019,
        }
    }
}

impl Command {
    /// `CN`.
    pub fn number(&self) -> u16 {
        match self {
            Self::SetTimeouts { .. } => 1000,
            Self::ReadClock { .. } => 1011,
            Self::SetClock { .. } => 1012,
            Self::ReadRealtimeInterval => 1061,
            Self::SetRealtimeInterval { .. } => 1062,
            Self::ReadMinuteInterval => 1063,
            Self::SetMinuteInterval { .. } => 1064,
            Self::SetPassword { .. } => 1072,
            Self::StartRealtime => 2011,
            Self::StopRealtime => 2012,
            Self::StartEquipmentState => 2021,
            Self::StopEquipmentState => 2022,
            Self::ReadHistory { kind, .. } => kind.kind().command(),
            Self::Instrument { action, .. } => action.command(),
            Self::KeepSample => 3015,
            Self::SetSamplePeriod { .. } => 3016,
            Self::ReadSite { .. } => 3020,
            Self::SetSite { .. } => 3021,
        }
    }

    /// The data area.
    pub(crate) fn area(&self, zone: Offset) -> String {
        let span = |from: &Timestamp, to: &Timestamp| {
            format!(
                "BeginTime={},EndTime={}",
                time::write(*from, zone),
                time::write(*to, zone)
            )
        };
        match self {
            Self::SetTimeouts { seconds, resends } => {
                format!("OverTime={seconds};ReCount={resends}")
            }
            Self::ReadClock { sensor } | Self::Instrument { sensor, .. } => {
                with(sensor.as_ref(), "")
            }
            Self::SetClock { sensor, time } => with(
                sensor.as_ref(),
                &format!("SystemTime={}", time::write(*time, zone)),
            ),
            Self::SetRealtimeInterval { seconds } => format!("RtdInterval={seconds}"),
            Self::SetMinuteInterval { minutes } => format!("MinInterval={minutes}"),
            Self::SetPassword { password } => format!("NewPW={password}"),
            Self::ReadHistory { from, to, .. } => span(from, to),
            Self::SetSamplePeriod {
                sensor,
                start,
                hours,
            } => with(
                sensor.as_ref(),
                &format!("CstartTime={start},CTime={hours}"),
            ),
            Self::ReadSite {
                sensor,
                item,
                span: asked,
            } => {
                let asked =
                    asked.map_or_else(String::new, |(from, to)| format!(";{}", span(&from, &to)));
                with(sensor.as_ref(), &format!("InfoId={item}{asked}"))
            }
            Self::SetSite {
                sensor,
                item,
                value,
            } => with(
                sensor.as_ref(),
                &format!("InfoId={item};{item}-Info={value}"),
            ),
            Self::ReadRealtimeInterval
            | Self::ReadMinuteInterval
            | Self::StartRealtime
            | Self::StopRealtime
            | Self::StartEquipmentState
            | Self::StopEquipmentState
            | Self::KeepSample => String::new(),
        }
    }
}

/// `PolId` before the rest, if there is one.
pub(crate) fn with(sensor: Option<&String>, rest: &str) -> String {
    match (sensor, rest) {
        (None, rest) => rest.to_owned(),
        (Some(sensor), "") => format!("PolId={sensor}"),
        (Some(sensor), rest) => format!("PolId={sensor};{rest}"),
    }
}
