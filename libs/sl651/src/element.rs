//! Elements: a code, a byte that describes the number, and its digits.

use jiff::{SignedDuration, Timestamp};

use crate::bcd;
use crate::message::Step;

pub(crate) mod known;

use known::{Known, SERIES};

/// Values of a series of one hour.
pub(crate) const SERIES_VALUES: usize = 12;
/// Minutes between them.
pub(crate) const SERIES_MINUTES: u32 = 5;
/// The code of what follows is two bytes.
pub(crate) const EXTENDED: u8 = 0xFF;
/// State and alarms.
pub(crate) const STATE: u8 = 0x45;

/// One element of a report.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// The code of the standard, `39`, or of an extension, `FF38`. Of a frame in characters the name, if it has none.
    pub code: String,
    /// The describing byte as it was sent; none in characters.
    pub descriptor: u8,
    /// The digits as they were sent: BCD, or characters.
    pub raw: Vec<u8>,
    pub value: Value,
}

/// What the digits say.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Number(f64),
    /// The station says that there is no value (all `FF` or all `AA`).
    Invalid,
    /// Values at equal distances; the first is that of the group's time. What is missing is not valid.
    Series {
        step_minutes: u32,
        values: Vec<Option<f64>>,
    },
    /// State and alarms.
    State(State),
    /// Something else; see `raw`.
    Raw,
}

/// State and alarms of a station, 32 bits of which twelve have a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct State(pub u32);

/// What a set bit means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum StateBit {
    MainsFailed = 0,
    BatteryLow = 1,
    LevelAlarm = 2,
    FlowAlarm = 3,
    QualityAlarm = 4,
    FlowMeterFaulty = 5,
    LevelMeterFaulty = 6,
    DoorClosed = 7,
    StorageFaulty = 8,
    CardValid = 9,
    PumpStopped = 10,
    WaterUsedUp = 11,
}

impl StateBit {
    pub const ALL: [Self; 12] = [
        Self::MainsFailed,
        Self::BatteryLow,
        Self::LevelAlarm,
        Self::FlowAlarm,
        Self::QualityAlarm,
        Self::FlowMeterFaulty,
        Self::LevelMeterFaulty,
        Self::DoorClosed,
        Self::StorageFaulty,
        Self::CardValid,
        Self::PumpStopped,
        Self::WaterUsedUp,
    ];
}

impl State {
    pub fn is_set(self, bit: StateBit) -> bool {
        self.0 >> (bit as u8) & 1 == 1
    }

    /// The bits that are set and have a meaning.
    pub fn bits(self) -> Vec<StateBit> {
        StateBit::ALL
            .into_iter()
            .filter(|bit| self.is_set(*bit))
            .collect()
    }
}

impl Element {
    /// An element with the digits that the standard gives it. None if it is no known one, or the value does not fit.
    pub fn of(code: u8, value: f64) -> Option<Self> {
        let known = Known::of_code(code)?;
        let negative = u8::from(value < 0.0);
        let bytes = known.digits.div_ceil(2) + negative;
        Self::number(&format!("{code:02X}"), bytes, known.decimals, value)
    }

    /// An element of any code with a number in so many bytes, of which a negative one needs one more.
    pub fn number(code: &str, bytes: u8, decimals: u8, value: f64) -> Option<Self> {
        let raw = write_number(usize::from(bytes), decimals, value)?;
        let value = read_number(&raw, decimals);
        let is_number = matches!(value, Value::Number(_));
        is_number.then(|| Self::plain(code, bytes, decimals, raw, value))?
    }

    /// An element without a value.
    pub fn invalid(code: &str, bytes: u8, decimals: u8) -> Option<Self> {
        let raw = vec![0xFF; usize::from(bytes)];
        let is_something = bytes > 0;
        is_something.then(|| Self::plain(code, bytes, decimals, raw, Value::Invalid))?
    }

    /// An element of an even report: values in so many bytes each, at the step of their group.
    pub fn even(
        code: &str,
        bytes: u8,
        decimals: u8,
        step: Step,
        values: &[Option<f64>],
    ) -> Option<Self> {
        let one = |value: &Option<f64>| match value {
            Some(value) => write_number(usize::from(bytes), decimals, *value),
            None => Some(vec![0xFF; usize::from(bytes)]),
        };
        let raw = values.iter().map(one).collect::<Option<Vec<_>>>()?.concat();
        let value = read_even(&raw, usize::from(bytes), decimals, step)?;
        Self::plain(code, bytes, decimals, raw, value)
    }

    /// State and alarms.
    pub fn state(state: State) -> Self {
        Self {
            code: format!("{STATE:02X}"),
            descriptor: 4 << 3,
            raw: state.0.to_be_bytes().to_vec(),
            value: Value::State(state),
        }
    }

    /// None if the code is none, or one whose digits are no numbers.
    fn plain(code: &str, bytes: u8, decimals: u8, raw: Vec<u8>, value: Value) -> Option<Self> {
        crate::command::code(code)?;
        let is_plain = !matches!(byte_of(code), Some(STATE | 0xF0..));
        is_plain.then_some(Self {
            code: code.to_owned(),
            descriptor: descriptor(bytes, decimals)?,
            raw,
            value,
        })
    }

    /// Twelve rains of five minutes (F4), up to 25.4 mm.
    pub fn rains(values: [Option<f64>; SERIES_VALUES]) -> Option<Self> {
        Self::series(0xF4, &values)
    }

    /// Twelve levels every five minutes (F5 is the first gauge, FC the eighth), up to 655.34 m.
    pub fn levels(code: u8, values: [Option<f64>; SERIES_VALUES]) -> Option<Self> {
        (0xF5..=0xFC)
            .contains(&code)
            .then(|| Self::series(code, &values))?
    }

    fn series(code: u8, values: &[Option<f64>]) -> Option<Self> {
        let (bytes, scale) = series_shape(code)?;
        let write = |value: &Option<f64>| {
            let none = u16::MAX >> (16 - 8 * bytes);
            let scaled = value.map_or(f64::from(none), |value| (value * scale).round());
            let fits = scaled >= 0.0 && (scaled < f64::from(none) || value.is_none());
            let both = (scaled as u16).to_be_bytes();
            fits.then(|| both.get(2 - bytes..).unwrap_or_default().to_vec())
        };
        let raw = values
            .iter()
            .map(write)
            .collect::<Option<Vec<_>>>()?
            .concat();
        Some(Self {
            code: format!("{code:02X}"),
            descriptor: (raw.len() as u8) << 3,
            value: read_series(code, &raw),
            raw,
        })
    }

    /// Each value with its time, if this belongs to a group of that time.
    pub fn points(&self, time: Timestamp) -> Vec<(Timestamp, Option<f64>)> {
        match &self.value {
            Value::Number(number) => vec![(time, Some(*number))],
            Value::Invalid => vec![(time, None)],
            Value::Series {
                step_minutes,
                values,
            } => {
                let step = i64::from(*step_minutes);
                let at = |place: i64| time + SignedDuration::from_mins(step * place);
                (0..)
                    .zip(values)
                    .map(|(place, value)| (at(place), *value))
                    .collect()
            }
            Value::State(_) | Value::Raw => vec![],
        }
    }
}

pub(crate) fn descriptor(bytes: u8, decimals: u8) -> Option<u8> {
    (bytes < 32 && decimals < 8).then_some(bytes << 3 | decimals)
}

/// Bytes of one value, and what it is multiplied by.
pub(crate) fn series_shape(code: u8) -> Option<(usize, f64)> {
    match code {
        0xF4 => Some((1, 10.0)),
        0xF5..=0xFC => Some((2, 100.0)),
        _ => None,
    }
}

pub(crate) fn read_series(code: u8, raw: &[u8]) -> Value {
    let Some((bytes, scale)) = series_shape(code) else {
        return Value::Raw;
    };
    let read = |value: &[u8]| {
        let number = value
            .iter()
            .fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
        let is_valid = value.iter().any(|byte| *byte != 0xFF);
        is_valid.then(|| f64::from(number) / scale)
    };
    Value::Series {
        step_minutes: SERIES_MINUTES,
        values: raw.chunks_exact(bytes).map(read).collect(),
    }
}

/// Values of so many bytes, at equal distances.
pub(crate) fn read_even(raw: &[u8], bytes: usize, decimals: u8, step: Step) -> Option<Value> {
    if bytes == 0 || raw.is_empty() {
        return None;
    }
    let value = |digits: &[u8]| match read_number(digits, decimals) {
        Value::Number(number) => Some(number),
        _ => None,
    };
    Some(Value::Series {
        step_minutes: step.total_minutes(),
        values: raw.chunks_exact(bytes).map(value).collect(),
    })
}

/// What BCD digits say. A leading `FF` is a minus.
pub(crate) fn read_number(raw: &[u8], decimals: u8) -> Value {
    let all = |byte: u8| !raw.is_empty() && raw.iter().all(|other| *other == byte);
    if all(0xFF) || all(0xAA) {
        return Value::Invalid;
    }
    let (sign, digits) = match raw {
        [0xFF, rest @ ..] => (-1.0, rest),
        raw => (1.0, raw),
    };
    let scale = 10_f64.powi(i32::from(decimals));
    bcd::digits(digits).map_or(Value::Raw, |number| {
        Value::Number(sign * number as f64 / scale)
    })
}

fn write_number(bytes: usize, decimals: u8, value: f64) -> Option<Vec<u8>> {
    /// A number of a double is exact up to here.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let scaled = (value.abs() * 10_f64.powi(i32::from(decimals))).round();
    let is_exact = scaled < EXACT;
    if !is_exact || bytes == 0 {
        return None;
    }
    if value < 0.0 && scaled > 0.0 {
        let digits = bcd::write(scaled as u64, bytes - 1)?;
        return (bytes > 1).then(|| [vec![0xFF], digits].concat());
    }
    bcd::write(scaled as u64, bytes)
}

/// The code of a series by its name in characters.
pub(crate) fn series_of_name(name: &str) -> Option<u8> {
    let mut series = SERIES.into_iter();
    let (code, _) = series.find(|(_, known)| known.eq_ignore_ascii_case(name))?;
    Some(code)
}

/// The byte that is this code, if it is one of the standard's.
pub(crate) fn byte_of(code: &str) -> Option<u8> {
    let byte = u8::from_str_radix(code, 16).ok();
    byte.filter(|_| code.len() == 2)
}

/// The name in characters of a code.
pub(crate) fn name_of(code: &str) -> String {
    let byte = byte_of(code);
    let series = byte.and_then(|byte| SERIES.into_iter().find(|(code, _)| *code == byte));
    let known = byte.and_then(Known::of_code);
    match (series, known, byte) {
        (Some((_, name)), ..) => name.to_owned(),
        (_, Some(known), _) => known.name.to_owned(),
        (_, _, Some(STATE)) => "ZT".to_owned(),
        _ => code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_signs_decimals_and_a_way_to_say_nothing() {
        assert_eq!(read_number(&[0x00, 0x00, 0x05], 1), Value::Number(0.5));
        assert_eq!(
            read_number(&[0x00, 0x01, 0x04, 0x90], 3),
            Value::Number(10.49)
        );
        assert_eq!(read_number(&[0xFF, 0x00, 0x12], 1), Value::Number(-1.2));
        assert_eq!(read_number(&[0xFF; 4], 3), Value::Invalid);
        assert_eq!(read_number(&[0xAA; 2], 1), Value::Invalid);
        assert_eq!(read_number(&[0x0A, 0x12], 1), Value::Raw);
        assert_eq!(read_number(&[], 0), Value::Raw);
    }

    #[test]
    fn an_element_is_written_as_the_standard_has_it() {
        let level = Element::of(0x39, 0.127).unwrap();
        assert_eq!(
            (level.descriptor, level.raw),
            (0x23, vec![0, 0, 0x01, 0x27])
        );
        let below = Element::of(0x39, -1.5).unwrap();
        assert_eq!(
            (below.descriptor, below.raw),
            (0x2B, vec![0xFF, 0, 0, 0x15, 0x00])
        );
        assert_eq!(below.value, Value::Number(-1.5));
        assert_eq!(Element::of(0x38, 100.0), None);
        assert_eq!(Element::of(0x38, f64::NAN), None);
        assert_eq!(Element::of(0xEE, 1.0), None);
    }

    #[test]
    fn a_series_has_its_times_and_its_gaps() {
        let mut rains = [Some(0.0); 12];
        rains[0] = Some(0.5);
        rains[11] = None;
        let element = Element::rains(rains).unwrap();
        assert_eq!(element.descriptor, 0x60);
        assert_eq!(element.raw, [5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF]);
        let points = element.points(Timestamp::UNIX_EPOCH);
        assert_eq!(points[0], (Timestamp::UNIX_EPOCH, Some(0.5)));
        assert_eq!(points[11], (Timestamp::from_second(55 * 60).unwrap(), None));
        let levels = Element::levels(0xF5, [Some(27.3); 12]).unwrap();
        assert_eq!(
            (levels.descriptor, &levels.raw[..2]),
            (0xC0, &[0x0A, 0xAA][..])
        );
        assert_eq!(Element::levels(0xF4, [None; 12]), None);
        assert_eq!(Element::rains([Some(25.5); 12]), None);
    }

    #[test]
    fn the_bits_of_a_state_have_names() {
        assert_eq!(State(0x0400).bits(), [StateBit::PumpStopped]);
        assert_eq!(
            State(0x48).bits(),
            [StateBit::FlowAlarm, StateBit::LevelMeterFaulty]
        );
    }

    #[test]
    fn codes_have_names_in_characters() {
        assert_eq!(name_of("39"), "Z");
        assert_eq!(name_of("F5"), "DRZ1");
        assert_eq!(name_of("45"), "ZT");
        assert_eq!(name_of("FF38"), "FF38");
        assert_eq!(series_of_name("DRP"), Some(0xF4));
    }
}
