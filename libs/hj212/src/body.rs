//! The data area of each command, read and written.

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::command::{Command, with};
use crate::message::{Body, ExecutionReturn, Kind, RequestReturn};
use crate::refusal::{Oddities, Refusal};
use crate::segment::Item;
use crate::time;

mod observed;

pub(crate) use observed::begins_group;

/// The items of a data area by their names.
pub(crate) struct Fields<'a>(&'a [Item]);

impl Fields<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.find(name).map(str::to_owned)
    }

    pub(crate) fn number<N: std::str::FromStr>(&self, name: &str) -> Option<N> {
        self.find(name)?.parse().ok()
    }

    pub(crate) fn time(&self, name: &str, zone: Offset) -> Option<Timestamp> {
        time::parse(self.find(name)?, zone)
    }

    fn find(&self, name: &str) -> Option<&str> {
        let named = |item: &&Item| item.name.eq_ignore_ascii_case(name);
        self.0.iter().find(named).map(|item| item.value.as_str())
    }

    /// A field that the command cannot do without.
    fn required<V>(name: &'static str, value: Option<V>) -> Result<V, Refusal> {
        value.ok_or_else(|| Refusal::Field {
            name: name.into(),
            fault: "is missing or cannot be read",
        })
    }
}

/// Reads the data area of this command.
pub(crate) fn read(
    command: u16,
    items: &[Item],
    zone: Offset,
    oddities: &mut Oddities,
) -> Result<Body, Refusal> {
    let fields = Fields(items);
    if let Some(command) = Command::read(command, &fields, zone) {
        return Ok(Body::Command(command));
    }
    if let Some(kind) = Kind::of_command(command) {
        return observed::read(kind, items, zone, oddities);
    }
    let sensor = || fields.text("PolId");
    Ok(match command {
        1013 => Body::ClockWanted { sensor: sensor() },
        1011 => Body::Clock {
            sensor: sensor(),
            time: Fields::required("SystemTime", fields.time("SystemTime", zone))?,
        },
        1061 => Body::RealtimeInterval {
            seconds: Fields::required("RtdInterval", fields.number("RtdInterval"))?,
        },
        1063 => Body::MinuteInterval {
            minutes: Fields::required("MinInterval", fields.number("MinInterval"))?,
        },
        2081 => Body::Started {
            time: fields.time("DataTime", zone),
            restarted: fields.time("RestartTime", zone),
        },
        3015 => Body::SampleKept {
            time: fields.time("DataTime", zone),
            bottle: Fields::required("VaseNo", fields.text("VaseNo"))?,
        },
        3017 => Body::SamplePeriod {
            sensor: sensor(),
            start: Fields::required("CstartTime", fields.text("CstartTime"))?,
            hours: Fields::required("CTime", fields.number("CTime"))?,
        },
        3018 => Body::SampleDuration {
            sensor: sensor(),
            minutes: Fields::required("Stime", fields.number("Stime"))?,
        },
        9011 => Body::RequestAnswered(RequestReturn::from_code(Fields::required(
            "QnRtn",
            fields.number("QnRtn"),
        )?)),
        9012 => Body::Executed(ExecutionReturn::from_code(Fields::required(
            "ExeRtn",
            fields.number("ExeRtn"),
        )?)),
        9013 => Body::NoticeReceived,
        9014 => Body::ReportReceived,
        9015 => Body::Heartbeat,
        _ => Body::Other(observed::pairs(items)),
    })
}

impl Body {
    /// `CN`, unless the body does not say which command it belongs to.
    pub fn command(&self) -> Option<u16> {
        Some(match self {
            Self::Observed { kind, .. } => kind.command(),
            Self::Started { .. } => 2081,
            Self::ClockWanted { .. } => 1013,
            Self::Clock { .. } => 1011,
            Self::RealtimeInterval { .. } => 1061,
            Self::MinuteInterval { .. } => 1063,
            Self::SampleKept { .. } => 3015,
            Self::SamplePeriod { .. } => 3017,
            Self::SampleDuration { .. } => 3018,
            Self::RequestAnswered(_) => 9011,
            Self::Executed(_) => 9012,
            Self::NoticeReceived => 9013,
            Self::ReportReceived => 9014,
            Self::Heartbeat => 9015,
            Self::Command(command) => command.number(),
            Self::Other(_) => return None,
        })
    }

    /// The items of the data area, each with what must not be torn from it.
    pub(crate) fn pieces(&self, zone: Offset) -> Vec<String> {
        let at = |name: &str, time: &Option<Timestamp>| {
            time.map(|time| format!("{name}={}", time::write(time, zone)))
        };
        match self {
            Self::Observed { groups, .. } => observed::write(groups, zone),
            Self::Started { time, restarted } => at("DataTime", time)
                .into_iter()
                .chain(at("RestartTime", restarted))
                .collect(),
            Self::SampleKept { time, bottle } => at("DataTime", time)
                .into_iter()
                .chain([format!("VaseNo={bottle}")])
                .collect(),
            Self::Other(pairs) => pairs.iter().map(observed::pair).collect(),
            plain => {
                let area = plain.plain(zone);
                if area.is_empty() { vec![] } else { vec![area] }
            }
        }
    }

    /// The data area of what has only a few items.
    fn plain(&self, zone: Offset) -> String {
        match self {
            Self::ClockWanted { sensor } => with(sensor.as_ref(), ""),
            Self::Clock { sensor, time } => with(
                sensor.as_ref(),
                &format!("SystemTime={}", time::write(*time, zone)),
            ),
            Self::RealtimeInterval { seconds } => format!("RtdInterval={seconds}"),
            Self::MinuteInterval { minutes } => format!("MinInterval={minutes}"),
            Self::SamplePeriod {
                sensor,
                start,
                hours,
            } => with(
                sensor.as_ref(),
                &format!("CstartTime={start},CTime={hours}"),
            ),
            Self::SampleDuration { sensor, minutes } => {
                with(sensor.as_ref(), &format!("Stime={minutes}"))
            }
            Self::RequestAnswered(code) => format!("QnRtn={}", code.code()),
            Self::Executed(code) => format!("ExeRtn={}", code.code()),
            Self::Command(command) => command.area(zone),
            _ => String::new(),
        }
    }
}
