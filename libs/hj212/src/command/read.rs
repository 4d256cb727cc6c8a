//! Reads the data area of a request. A command number alone does not say whether it asks or answers; what stands in
//! the data area does.

use jiff::tz::Offset;

use super::{Action, Command, History};
use crate::body::Fields;

impl Command {
    /// The request of this number, if the data area is that of a request.
    pub(crate) fn read(number: u16, fields: &Fields<'_>, zone: Offset) -> Option<Self> {
        let sensor = || fields.text("PolId");
        let is_empty = fields.is_empty();
        Some(match number {
            1000 => Self::SetTimeouts {
                seconds: fields.number("OverTime")?,
                resends: fields.number("ReCount")?,
            },
            1011 if !fields.has("SystemTime") => Self::ReadClock { sensor: sensor() },
            1012 => Self::SetClock {
                sensor: sensor(),
                time: fields.time("SystemTime", zone)?,
            },
            1061 if is_empty => Self::ReadRealtimeInterval,
            1062 => Self::SetRealtimeInterval {
                seconds: fields.number("RtdInterval")?,
            },
            1063 if is_empty => Self::ReadMinuteInterval,
            1064 => Self::SetMinuteInterval {
                minutes: fields.number("MinInterval")?,
            },
            1072 => Self::SetPassword {
                password: fields.text("NewPW")?,
            },
            2011 if is_empty => Self::StartRealtime,
            2012 => Self::StopRealtime,
            2021 if is_empty => Self::StartEquipmentState,
            2022 => Self::StopEquipmentState,
            3015 if is_empty => Self::KeepSample,
            3016 => Self::SetSamplePeriod {
                sensor: sensor(),
                start: fields.text("CstartTime")?,
                hours: fields.number("CTime")?,
            },
            3020 if !fields.has("DataTime") => Self::ReadSite {
                sensor: sensor(),
                item: fields.text("InfoId")?,
                span: fields
                    .time("BeginTime", zone)
                    .zip(fields.time("EndTime", zone)),
            },
            3021 => Self::set_site(fields)?,
            other => {
                return Self::history(other, fields, zone)
                    .or_else(|| Self::instrument(other, fields));
            }
        })
    }

    fn history(number: u16, fields: &Fields<'_>, zone: Offset) -> Option<Self> {
        let mut kinds = History::ALL.into_iter();
        let kind = kinds.find(|kind| kind.kind().command() == number)?;
        if fields.has("DataTime") {
            return None;
        }
        Some(Self::ReadHistory {
            kind,
            from: fields.time("BeginTime", zone)?,
            to: fields.time("EndTime", zone)?,
        })
    }

    /// A request about an instrument names it and nothing else; an answer has more.
    fn instrument(number: u16, fields: &Fields<'_>) -> Option<Self> {
        let mut actions = Action::ALL.into_iter();
        let action = actions.find(|action| action.command() == number)?;
        let names_only = fields.is_empty() || (fields.len() == 1 && fields.has("PolId"));
        names_only.then(|| Self::Instrument {
            action,
            sensor: fields.text("PolId"),
        })
    }

    fn set_site(fields: &Fields<'_>) -> Option<Self> {
        let item = fields.text("InfoId")?;
        Some(Self::SetSite {
            sensor: fields.text("PolId"),
            value: fields.text(&format!("{item}-Info"))?,
            item,
        })
    }
}
