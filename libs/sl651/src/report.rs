//! The bodies of frames in bytes, read and written.

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::bcd;
use crate::command::STEP;
use crate::element::{self, EXTENDED, Element, SERIES_VALUES, STATE, State, Value, known::Known};
use crate::frame::Station;
use crate::message::{Body, Category, Group, Parameter, Report, ReportKind, Step, Subject};
use crate::refusal::{Oddities, Oddity, Refusal, hex};

pub(crate) mod text;
mod write;

pub(crate) use write::write;

const TIME: [u8; 2] = [0xF0, 0xF0];
const SUBJECT: [u8; 2] = [0xF1, 0xF1];
const MANUAL: [u8; 2] = [0xF2, 0xF2];
const PICTURE: [u8; 2] = [0xF3, 0xF3];

/// Goes through bytes and never past their end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn rest(self) -> &'a [u8] {
        self.0
    }

    pub(crate) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn skip(&mut self, mark: [u8; 2]) -> bool {
        let rest = self.0.strip_prefix(&mark);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// One byte, or `FF` and one more.
    pub(crate) fn code(&mut self) -> Option<String> {
        let first = self.byte()?;
        if first == EXTENDED {
            return Some(format!("{first:02X}{:02X}", self.byte()?));
        }
        Some(format!("{first:02X}"))
    }
}

/// What stands behind the number and the time of sending, when a station speaks.
pub(crate) struct Content {
    pub(crate) subject: Option<Subject>,
    pub(crate) body: Body,
}

/// Reads a body of the station.
pub(crate) fn read(
    function: u8,
    content: &[u8],
    sent: Option<Timestamp>,
    zone: Offset,
    oddities: &mut Oddities,
) -> Result<Content, Refusal> {
    let mut reader = Reader::new(content);
    let kind = ReportKind::of_function(function);
    let has_category = kind.is_some() || function == 0x36;
    let subject = subject(&mut reader, has_category, oddities);
    let body = match (function, kind) {
        (_, Some(kind)) => Body::Report(report(kind, reader, sent, zone, oddities)?),
        (0x2F, _) if reader.is_empty() => Body::KeepAlive,
        (0x35 | 0x39, _) if reader.skip(MANUAL) => Body::Manual {
            text: reader.rest().to_vec(),
        },
        (0x36, _) => picture(reader, sent, zone, oddities)?,
        (0x40..=0x43 | 0x49, _) if !reader.is_empty() => read_parameters(reader, oddities),
        (0x45, _) if !reader.is_empty() => version(reader),
        (0x46, _) if !reader.is_empty() => state(reader, function, oddities)?,
        (0x50, _) if !reader.is_empty() => events(reader, function)?,
        _ if subject.is_some() && reader.is_empty() => Body::Done,
        _ => {
            if !matches!(function, 0x2F..=0x51) {
                oddities.push(Oddity::UnknownFunction { function });
            }
            Body::Other {
                rest: reader.rest().to_vec(),
            }
        }
    };
    Ok(Content { subject, body })
}

fn subject(
    reader: &mut Reader<'_>,
    has_category: bool,
    oddities: &mut Oddities,
) -> Option<Subject> {
    let mut ahead = *reader;
    if !ahead.skip(SUBJECT) {
        return None;
    }
    let station = *ahead.take(5)?.first_chunk()?;
    let category = if has_category { ahead.byte() } else { None };
    if let Some(category) = category.filter(|category| Category::of_code(*category).is_none()) {
        oddities.push(Oddity::UnknownCategory { category });
    }
    *reader = ahead;
    Some(Subject {
        station: Station(station),
        category,
    })
}

/// The time of observation, if one stands here.
fn observed(reader: &mut Reader<'_>, zone: Offset) -> Result<Option<Timestamp>, Refusal> {
    if !reader.skip(TIME) {
        return Ok(None);
    }
    let digits = reader.take(5).unwrap_or(reader.rest());
    let time = bcd::time(digits, zone).filter(|_| digits.len() == 5);
    time.map(Some).ok_or_else(|| Refusal::Time {
        field: "time of observation",
        digits: hex(digits),
    })
}

/// The time of what has none of its own.
fn sent_for_observed(
    sent: Option<Timestamp>,
    oddities: &mut Oddities,
) -> Result<Timestamp, Refusal> {
    oddities.push(Oddity::NoObservationTime);
    sent.ok_or_else(|| Refusal::Time {
        field: "time of observation",
        digits: String::new(),
    })
}

fn report(
    kind: ReportKind,
    mut reader: Reader<'_>,
    sent: Option<Timestamp>,
    zone: Offset,
    oddities: &mut Oddities,
) -> Result<Report, Refusal> {
    let mut groups: Vec<Group> = Vec::new();
    let mut leftover = Vec::new();
    while !reader.is_empty() {
        if let Some(time) = observed(&mut reader, zone)? {
            groups.push(group(time));
            continue;
        }
        if groups.is_empty() {
            groups.push(group(sent_for_observed(sent, oddities)?));
        }
        let Some(last) = groups.last_mut() else { break };
        let mut ahead = reader;
        if ahead.skip(STEP)
            && let Some(read) = ahead.take(3).and_then(step)
        {
            last.step = Some(read);
            reader = ahead;
            continue;
        }
        let step = last.step.filter(|_| kind.is_even());
        if let Some(element) = next_element(&mut reader, step, oddities) {
            last.elements.push(element);
        } else {
            leftover = reader.rest().to_vec();
            let bytes = leftover.len();
            oddities.push(Oddity::Leftover { bytes });
            break;
        }
    }
    Ok(Report {
        kind,
        groups,
        leftover,
    })
}

fn group(time: Timestamp) -> Group {
    Group {
        time,
        step: None,
        elements: Vec::new(),
    }
}

/// The step of an even report.
pub(crate) fn step(digits: &[u8]) -> Option<Step> {
    let part = |place: usize| {
        let digit = digits.get(place..=place)?;
        u8::try_from(bcd::digits(digit)?).ok()
    };
    Some(Step {
        days: part(0)?,
        hours: part(1)?,
        minutes: part(2)?,
    })
}

/// The next element; nothing, and the reader where it was, if there is none.
fn next_element(
    reader: &mut Reader<'_>,
    step: Option<Step>,
    oddities: &mut Oddities,
) -> Option<Element> {
    let mut ahead = *reader;
    let code = ahead.code()?;
    let descriptor = ahead.byte()?;
    let byte = element::byte_of(&code);
    let element = match byte {
        Some(0xF0..=0xF3 | 0xFD..) => return None,
        Some(series @ 0xF4..=0xFC) => read_series(&mut ahead, series, descriptor, oddities)?,
        _ => {
            let bytes = usize::from(descriptor >> 3);
            let known = byte.and_then(Known::of_code);
            if known.is_none() && byte != Some(STATE) {
                oddities.push(Oddity::UnknownElement { code: code.clone() });
            }
            let raw = ahead.take(bytes)?;
            match step {
                Some(step) if bytes > 0 && byte != Some(STATE) => {
                    even(&mut ahead, &code, descriptor, raw, step)
                }
                _ => single(&code, descriptor, raw, oddities),
            }
        }
    };
    *reader = ahead;
    Some(element)
}

fn single(code: &str, descriptor: u8, raw: &[u8], oddities: &mut Oddities) -> Element {
    let value = if code == "45" {
        state_bits(raw).map_or(Value::Raw, Value::State)
    } else {
        element::read_number(raw, descriptor & 7)
    };
    if value == Value::Raw {
        oddities.push(Oddity::NotDecimal {
            code: code.to_owned(),
            digits: hex(raw),
        });
    }
    Element {
        code: code.to_owned(),
        descriptor,
        raw: raw.to_vec(),
        value,
    }
}

fn state_bits(raw: &[u8]) -> Option<State> {
    let fits = (1..=4).contains(&raw.len());
    fits.then(|| State(raw.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte))))
}

/// A series has its twelve values, whatever its describing byte says.
fn read_series(
    reader: &mut Reader<'_>,
    code: u8,
    descriptor: u8,
    oddities: &mut Oddities,
) -> Option<Element> {
    let (bytes, _) = element::series_shape(code)?;
    let needed = bytes * SERIES_VALUES;
    let declared = usize::from(descriptor >> 3);
    let text = format!("{code:02X}");
    let raw = reader.take(needed)?;
    if declared != needed {
        oddities.push(Oddity::SeriesLength {
            code: text.clone(),
            declared,
            needed,
        });
    }
    Some(Element {
        code: text,
        descriptor,
        value: element::read_series(code, raw),
        raw: raw.to_vec(),
    })
}

/// In an even report the code stands once and its values follow, up to what is no value any more.
fn even(reader: &mut Reader<'_>, code: &str, descriptor: u8, first: &[u8], step: Step) -> Element {
    let bytes = first.len();
    let decimals = descriptor & 7;
    let mut raw = first.to_vec();
    while !ends_values(*reader)
        && let Some(next) = reader.take(bytes)
    {
        raw.extend_from_slice(next);
    }
    Element {
        code: code.to_owned(),
        descriptor,
        value: element::read_even(&raw, bytes, decimals, step).unwrap_or(Value::Raw),
        raw,
    }
}

/// Whether a time or an element of the standard stands here, with nothing but such behind it. Digits could look like
/// one, but hardly to the end.
fn ends_values(reader: Reader<'_>) -> bool {
    let mut ahead = reader;
    if ahead.is_empty() {
        return true;
    }
    while !ahead.is_empty() {
        if ahead.skip(TIME) {
            if ahead.take(5).is_none() {
                return false;
            }
            continue;
        }
        let known = ahead.byte().zip(ahead.byte()).filter(|(code, descriptor)| {
            Known::of_code(*code).is_some_and(|known| known.descriptor() == *descriptor)
        });
        let Some((_, descriptor)) = known else {
            return false;
        };
        if ahead.take(usize::from(descriptor >> 3)).is_none() {
            return false;
        }
    }
    true
}

fn picture(
    mut reader: Reader<'_>,
    sent: Option<Timestamp>,
    zone: Offset,
    oddities: &mut Oddities,
) -> Result<Body, Refusal> {
    let time = match observed(&mut reader, zone)? {
        Some(time) => time,
        None => sent_for_observed(sent, oddities)?,
    };
    if !reader.skip(PICTURE) {
        return Err(Refusal::Body {
            function: 0x36,
            fault: "must hold a picture behind `F3F3`",
        });
    }
    let picture = reader.rest().to_vec();
    Ok(Body::Picture { time, picture })
}

/// Parameters with nothing behind them.
pub(crate) fn parameters(content: &[u8]) -> Option<Vec<Parameter>> {
    let mut reader = Reader::new(content);
    let mut parameters = Vec::new();
    while !reader.is_empty() {
        parameters.push(parameter(&mut reader)?);
    }
    Some(parameters)
}

fn parameter(reader: &mut Reader<'_>) -> Option<Parameter> {
    let mut ahead = *reader;
    let code = ahead.code()?;
    let descriptor = ahead.byte()?;
    let raw = ahead.take(usize::from(descriptor >> 3))?.to_vec();
    *reader = ahead;
    Some(Parameter {
        code,
        descriptor,
        raw,
    })
}

fn read_parameters(mut reader: Reader<'_>, oddities: &mut Oddities) -> Body {
    let mut parameters = Vec::new();
    while let Some(parameter) = parameter(&mut reader) {
        parameters.push(parameter);
    }
    let leftover = reader.rest().to_vec();
    if !leftover.is_empty() {
        let bytes = leftover.len();
        oddities.push(Oddity::Leftover { bytes });
    }
    Body::Parameters {
        parameters,
        leftover,
    }
}

/// A length, then so many characters; without a right length all of it.
fn version(mut reader: Reader<'_>) -> Body {
    let whole = reader.rest();
    let length = reader.byte().map(usize::from);
    let text = if length == Some(reader.rest().len()) {
        reader.rest()
    } else {
        whole
    };
    Body::Version {
        text: text.to_vec(),
    }
}

fn state(mut reader: Reader<'_>, function: u8, oddities: &mut Oddities) -> Result<Body, Refusal> {
    let element = next_element(&mut reader, None, oddities);
    let Some(Value::State(state)) = element.map(|element| element.value) else {
        return Err(Refusal::Body {
            function,
            fault: "must hold the state as element 45",
        });
    };
    let leftover = reader.rest().to_vec();
    if !leftover.is_empty() {
        let bytes = leftover.len();
        oddities.push(Oddity::Leftover { bytes });
    }
    Ok(Body::State { state, leftover })
}

fn events(reader: Reader<'_>, function: u8) -> Result<Body, Refusal> {
    let (pairs, rest) = reader.rest().as_chunks::<2>();
    if !rest.is_empty() {
        return Err(Refusal::Body {
            function,
            fault: "must hold counts of two bytes each",
        });
    }
    let counts = pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
    Ok(Body::Events { counts })
}
