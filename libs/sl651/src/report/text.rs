//! The bodies of frames in characters: words with a space between them, a name before its value.
//!
//! Uncertain: put together from code and examples of others, without the standard's text.

use std::iter::Peekable;
use std::str::SplitAsciiWhitespace;

use jiff::Timestamp;
use jiff::tz::Offset;

use super::{Content, group, sent_for_observed};
use crate::bcd;
use crate::element::{self, Element, SERIES_VALUES, State, Value, known::Known};
use crate::frame::{Station, unhex};
use crate::message::{Body, Category, Group, Message, Report, ReportKind, Step, Subject};
use crate::refusal::{Oddities, Oddity, Refusal, hex};

const SUBJECT: &str = "ST";
const TIME: &str = "TT";
const STATE: &str = "ZT";
/// Days, hours, minutes.
const STEPS: [&str; 3] = ["DRD", "DRH", "DRN"];

type Words<'a> = Peekable<SplitAsciiWhitespace<'a>>;

/// Reads a body of the station. Reports are understood; of others only the station is, if that is all there is.
pub(crate) fn read(
    function: u8,
    content: &[u8],
    sent: Option<Timestamp>,
    zone: Offset,
    oddities: &mut Oddities,
) -> Result<Content, Refusal> {
    let text = std::str::from_utf8(content).map_err(|_not_text| Refusal::Body {
        function,
        fault: "must consist of characters",
    })?;
    let mut words = text.split_ascii_whitespace().peekable();
    if let Some(kind) = ReportKind::of_function(function) {
        let subject = subject(&mut words, true, oddities);
        let body = Body::Report(report(kind, words, sent, zone, oddities)?);
        return Ok(Content { subject, body });
    }
    if function == 0x2F && words.peek().is_none() {
        let subject = None;
        let body = Body::KeepAlive;
        return Ok(Content { subject, body });
    }
    let subject = subject(&mut words, false, oddities);
    if subject.is_some() && words.peek().is_none() {
        let body = Body::Done;
        return Ok(Content { subject, body });
    }
    let rest = content.to_vec();
    Ok(Content {
        subject: None,
        body: Body::Other { rest },
    })
}

fn subject(words: &mut Words<'_>, has_category: bool, oddities: &mut Oddities) -> Option<Subject> {
    let mut ahead = words.clone();
    ahead.next().filter(|word| *word == SUBJECT)?;
    let station: Station = ahead.next()?.parse().ok()?;
    let letter = |word: &&str| word.len() == 1;
    let category = match ahead
        .peek()
        .filter(|_| has_category)
        .copied()
        .filter(letter)
    {
        Some(word) => {
            ahead.next();
            word.bytes().next()
        }
        None => None,
    };
    if let Some(category) = category.filter(|category| Category::of_code(*category).is_none()) {
        oddities.push(Oddity::UnknownCategory { category });
    }
    *words = ahead;
    Some(Subject { station, category })
}

fn report(
    kind: ReportKind,
    mut words: Words<'_>,
    sent: Option<Timestamp>,
    zone: Offset,
    oddities: &mut Oddities,
) -> Result<Report, Refusal> {
    let mut groups: Vec<Group> = Vec::new();
    let mut leftover = Vec::new();
    while let Some(word) = words.next() {
        if word == TIME {
            groups.push(group(time(words.next().unwrap_or_default(), zone)?));
            continue;
        }
        if groups.is_empty() {
            groups.push(group(sent_for_observed(sent, oddities)?));
        }
        let Some(last) = groups.last_mut() else { break };
        if let Some(step) = step(word, &mut words) {
            last.step = Some(step);
        } else if word.starts_with(|first: char| first.is_ascii_alphabetic()) {
            let step = last.step.filter(|_| kind.is_even());
            last.elements
                .push(next_element(word, step, &mut words, oddities));
        } else {
            let rest: Vec<&str> = std::iter::once(word).chain(words).collect();
            leftover = rest.join(" ").into_bytes();
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

fn time(digits: &str, zone: Offset) -> Result<Timestamp, Refusal> {
    let pairs = unhex(digits.as_bytes()).filter(|pairs| pairs.len() == 5);
    let time = pairs.and_then(|pairs| bcd::time(&pairs, zone));
    time.ok_or_else(|| Refusal::Time {
        field: "time of observation",
        digits: digits.chars().take(16).collect(),
    })
}

/// `DRN05`, or the same in two words.
fn step(word: &str, words: &mut Words<'_>) -> Option<Step> {
    let (unit, name) = STEPS
        .into_iter()
        .enumerate()
        .find(|(_, name)| word.starts_with(name))?;
    let number = |digits: &str| {
        let is_pair = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
        digits.parse::<u8>().ok().filter(|_| is_pair)
    };
    let number = match word.strip_prefix(name)? {
        "" => {
            let number = number(words.peek()?)?;
            words.next();
            number
        }
        digits => number(digits)?,
    };
    let of = |place: usize| if place == unit { number } else { 0 };
    Some(Step {
        days: of(0),
        hours: of(1),
        minutes: of(2),
    })
}

fn next_element(
    name: &str,
    step: Option<Step>,
    words: &mut Words<'_>,
    oddities: &mut Oddities,
) -> Element {
    let (code, is_known) = code_of(name);
    if !is_known {
        oddities.push(Oddity::UnknownElement { code: code.clone() });
    }
    let mut values = Vec::from_iter(words.next_if(|word| *word != TIME));
    while step.is_some()
        && let Some(next) = words.next_if(|word| is_value(word))
    {
        values.push(next);
    }
    let element = Element::of_words(code, &values, step);
    if element.value == Value::Raw {
        oddities.push(Oddity::NotDecimal {
            code: element.code.clone(),
            digits: String::from_utf8_lossy(&element.raw)
                .chars()
                .take(64)
                .collect(),
        });
    }
    element
}

/// The code that the standard has for this name.
fn code_of(name: &str) -> (String, bool) {
    if let Some(series) = element::series_of_name(name) {
        return (format!("{series:02X}"), true);
    }
    if name == STATE {
        return (format!("{:02X}", element::STATE), true);
    }
    let known = Known::of_name(name);
    known.map_or((name.to_owned(), false), |known| {
        (format!("{:02X}", known.code), true)
    })
}

impl Element {
    /// An element as frames in characters have it: a name, and its value as it is written there.
    pub fn in_characters(name: &str, value: &str) -> Option<Self> {
        let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && ![SUBJECT, TIME].contains(&name)
            && !STEPS.iter().any(|step| name.starts_with(step));
        let is_word =
            !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic()) && value != TIME;
        (is_name && is_word).then(|| Self::of_words(code_of(name).0, &[value], None))
    }

    fn of_words(code: String, values: &[&str], step: Option<Step>) -> Self {
        let byte = element::byte_of(&code);
        let value = match (byte, values) {
            (Some(series @ 0xF4..=0xFC), [value]) => whole_series(series, value),
            (Some(element::STATE), [value]) => state(value),
            (_, []) => Value::Raw,
            (_, values) if step.is_some() => Value::Series {
                step_minutes: step.map(Step::total_minutes).unwrap_or_default(),
                values: values.iter().map(|value| number(value)).collect(),
            },
            (_, [value, ..]) if is_nothing(value) => Value::Invalid,
            (_, [value, ..]) => number(value).map_or(Value::Raw, Value::Number),
        };
        Self {
            code,
            descriptor: 0,
            raw: values.join(" ").into_bytes(),
            value,
        }
    }
}

fn whole_series(code: u8, digits: &str) -> Value {
    let bytes = element::series_shape(code).map_or(0, |(bytes, _)| bytes * SERIES_VALUES);
    let raw = unhex(digits.as_bytes()).filter(|raw| raw.len() == bytes);
    raw.map_or(Value::Raw, |raw| element::read_series(code, &raw))
}

fn state(digits: &str) -> Value {
    let bits = u32::from_str_radix(digits, 16).ok();
    bits.map_or(Value::Raw, |bits| Value::State(State(bits)))
}

fn is_value(word: &str) -> bool {
    is_nothing(word) || number(word).is_some()
}

/// Whether the station says that there is no value.
fn is_nothing(word: &str) -> bool {
    let all = |letter| word.len() > 1 && word.bytes().all(|byte| byte == letter);
    all(b'F') || all(b'A')
}

fn number(word: &str) -> Option<f64> {
    let is_decimal = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+');
    word.parse().ok().filter(|_| word.bytes().all(is_decimal))
}

/// Writes what stands behind the number and the time of sending. None if something in it cannot be written.
pub(crate) fn write(message: &Message, zone: Offset) -> Option<Vec<u8>> {
    let mut words = Vec::new();
    if let Some(Subject { station, category }) = message.subject {
        words.extend([SUBJECT.to_owned(), station.to_string()]);
        if let Some(category) = category {
            words.push(char::from(category).to_string());
        }
    }
    match &message.body {
        Body::KeepAlive | Body::Done | Body::Receipt { .. } => {}
        Body::Report(report) => write_report(report, zone, &mut words)?,
        Body::Command(command) => command.content(zone)?.is_empty().then_some(())?,
        Body::Other { rest } => return Some(rest.clone()),
        _ => return None,
    }
    Some(words.join(" ").into_bytes())
}

fn write_report(report: &Report, zone: Offset, words: &mut Vec<String>) -> Option<()> {
    for group in &report.groups {
        words.extend([TIME.to_owned(), hex(&bcd::write_time(group.time, zone, 5))]);
        if let Some(step) = group.step {
            words.push(write_step(step)?);
        }
        for element in &group.elements {
            words.extend([element::name_of(&element.code), write_value(element)?]);
        }
    }
    if !report.leftover.is_empty() {
        words.push(String::from_utf8(report.leftover.clone()).ok()?);
    }
    Some(())
}

fn write_step(step: Step) -> Option<String> {
    let parts = [step.days, step.hours, step.minutes];
    let mut used = STEPS
        .into_iter()
        .zip(parts)
        .filter(|(_, number)| *number > 0);
    let (name, number) = used.next()?;
    (used.next().is_none() && number < 100).then(|| format!("{name}{number:02}"))
}

fn write_value(element: &Element) -> Option<String> {
    if element.descriptor == 0 {
        let text = String::from_utf8(element.raw.clone()).ok()?;
        return text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() || byte == b' ')
            .then_some(text);
    }
    let decimals = usize::from(element.descriptor & 7);
    let number = |number: f64| format!("{number:.decimals$}");
    let is_whole_series = element::byte_of(&element.code)
        .and_then(element::series_shape)
        .is_some();
    match &element.value {
        Value::Number(value) => Some(number(*value)),
        Value::Invalid => Some("F".repeat(2 * element.raw.len())),
        Value::Series { .. } if is_whole_series => Some(hex(&element.raw)),
        Value::Series { values, .. } => {
            let one = |value: &Option<f64>| value.map_or("FF".to_owned(), number);
            Some(values.iter().map(one).collect::<Vec<_>>().join(" "))
        }
        Value::State(State(bits)) => Some(format!("{bits:08X}")),
        Value::Raw => None,
    }
}
