//! Values with their times.

use jiff::Timestamp;

/// What is reported, by the command that reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// 2011: as it is now.
    Realtime,
    /// 2051: of the last minutes.
    Minute,
    /// 2061: of an hour.
    Hour,
    /// 2031: of a day.
    Day,
    /// 2021: whether equipment runs.
    EquipmentState,
    /// 2041: how long equipment ran on a day.
    EquipmentHours,
    /// 2013: raw figures of one measurement. Of the 2025 edition; uncertain.
    Raw,
    /// 2052: one measurement of noise. Of the 2025 edition; uncertain.
    SingleNoise,
    /// 2062: a check against a standard sample. Of the 2025 edition; uncertain.
    StandardCheck,
    /// 2111: five-minute means of a furnace. Of the 2025 edition; uncertain.
    Furnace,
    /// 3019: the number of an instrument.
    InstrumentNumber,
    /// 3020: states, parameters and the log of the site.
    Site,
}

impl Kind {
    pub const ALL: [Self; 12] = [
        Self::Realtime,
        Self::Minute,
        Self::Hour,
        Self::Day,
        Self::EquipmentState,
        Self::EquipmentHours,
        Self::Raw,
        Self::SingleNoise,
        Self::StandardCheck,
        Self::Furnace,
        Self::InstrumentNumber,
        Self::Site,
    ];

    /// `CN`.
    pub fn command(self) -> u16 {
        match self {
            Self::Realtime => 2011,
            Self::Raw => 2013,
            Self::EquipmentState => 2021,
            Self::Day => 2031,
            Self::EquipmentHours => 2041,
            Self::Minute => 2051,
            Self::SingleNoise => 2052,
            Self::Hour => 2061,
            Self::StandardCheck => 2062,
            Self::Furnace => 2111,
            Self::InstrumentNumber => 3019,
            Self::Site => 3020,
        }
    }

    pub fn of_command(command: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.command() == command)
    }
}

/// What belongs to one `DataTime`.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub time: Timestamp,
    pub readings: Vec<Reading>,
    /// Items of the group that are no readings, such as `PolId`.
    pub more: Vec<(String, String)>,
}

/// All that is said of one factor or piece of equipment at one time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// The code of the standard, such as `a34001`, or of the equipment, such as `SB1`.
    pub code: String,
    pub values: Vec<Value>,
    pub mark: Option<Mark>,
    /// `SampleTime`: when the sample was taken.
    pub sampled: Option<Timestamp>,
    /// `EFlag`: the state of the instrument, as its maker writes it.
    pub equipment_mark: Option<String>,
    /// Fields of the reading that are not known.
    pub more: Vec<(String, String)>,
}

/// One value of a reading.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    pub field: Field,
    /// As it was sent: its digits say how exact it is.
    pub text: String,
    /// Nothing where the text is no number.
    pub number: Option<f64>,
}

impl Value {
    pub fn new(field: Field, text: impl Into<String>) -> Self {
        let text = text.into();
        let number = number(&text);
        Self {
            field,
            text,
            number,
        }
    }

    pub fn of(field: Field, number: f64) -> Self {
        Self::new(field, number.to_string())
    }
}

/// A decimal number; what else Rust would read as one is none.
fn number(text: &str) -> Option<f64> {
    let is_plain =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E');
    let number: f64 = text.bytes().all(is_plain).then(|| text.parse().ok())??;
    number.is_finite().then_some(number)
}

/// Which value it is. `Zs` (折算) marks what is converted to standard conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    Rtd,
    Avg,
    Min,
    Max,
    /// The sum over the time.
    Cou,
    ZsRtd,
    ZsAvg,
    ZsMin,
    ZsMax,
    /// Of noise over a day, by day, by night (2005 edition).
    Data,
    DayData,
    NightData,
    /// Whether equipment runs.
    Rs,
    /// Hours that equipment ran.
    Rt,
    /// A text about the site.
    Info,
    /// The number of an instrument.
    Sn,
}

impl Field {
    pub const ALL: [Self; 16] = [
        Self::Rtd,
        Self::Avg,
        Self::Min,
        Self::Max,
        Self::Cou,
        Self::ZsRtd,
        Self::ZsAvg,
        Self::ZsMin,
        Self::ZsMax,
        Self::Data,
        Self::DayData,
        Self::NightData,
        Self::Rs,
        Self::Rt,
        Self::Info,
        Self::Sn,
    ];

    /// As it stands behind the code.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rtd => "Rtd",
            Self::Avg => "Avg",
            Self::Min => "Min",
            Self::Max => "Max",
            Self::Cou => "Cou",
            Self::ZsRtd => "ZsRtd",
            Self::ZsAvg => "ZsAvg",
            Self::ZsMin => "ZsMin",
            Self::ZsMax => "ZsMax",
            Self::Data => "Data",
            Self::DayData => "DayData",
            Self::NightData => "NightData",
            Self::Rs => "RS",
            Self::Rt => "RT",
            Self::Info => "Info",
            Self::Sn => "SN",
        }
    }

    /// Whether its value is to be a number.
    pub fn is_numeric(self) -> bool {
        !matches!(self, Self::Info | Self::Sn)
    }

    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|field| field.name().eq_ignore_ascii_case(name))
    }
}

/// `Flag` of a reading (数据标记): how it came about. Only `Normal` counts as measured.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Mark {
    /// N 正常
    Normal,
    /// F 停运
    Stopped,
    /// M 维护
    Maintenance,
    /// S 手工输入
    Manual,
    /// D 故障
    Fault,
    /// C 校准
    Calibration,
    /// T 超测量上限
    OverRange,
    /// B 通讯异常
    NoContact,
    /// A mark of a province, a vendor or a later edition.
    Other(String),
}

impl Mark {
    pub fn from_text(text: &str) -> Self {
        match text.to_ascii_uppercase().as_str() {
            "N" => Self::Normal,
            "F" => Self::Stopped,
            "M" => Self::Maintenance,
            "S" => Self::Manual,
            "D" => Self::Fault,
            "C" => Self::Calibration,
            "T" => Self::OverRange,
            "B" => Self::NoContact,
            _ => Self::Other(text.to_owned()),
        }
    }

    pub fn text(&self) -> &str {
        match self {
            Self::Normal => "N",
            Self::Stopped => "F",
            Self::Maintenance => "M",
            Self::Manual => "S",
            Self::Fault => "D",
            Self::Calibration => "C",
            Self::OverRange => "T",
            Self::NoContact => "B",
            Self::Other(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_fields_and_marks_are_read_as_what_writes_them() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of_command(kind.command()), Some(kind));
        }
        for field in Field::ALL {
            assert_eq!(Field::of_name(field.name()), Some(field));
        }
        for text in ["N", "F", "M", "S", "D", "C", "T", "B", "Hd"] {
            assert_eq!(Mark::from_text(text).text(), text);
        }
    }

    #[test]
    fn a_value_is_a_number_only_if_it_is_written_as_one() {
        let value = |text: &str| Value::new(Field::Rtd, text).number;
        assert_eq!(value("0.186"), Some(0.186));
        assert_eq!(value("-12"), Some(-12.0));
        assert_eq!(value("1.5e3"), Some(1500.0));
        for text in ["", "NaN", "inf", "--", "N", "1,5", "1e999"] {
            assert_eq!(value(text), None, "{text}");
        }
    }
}
