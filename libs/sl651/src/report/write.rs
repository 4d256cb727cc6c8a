//! The bodies of frames in bytes, written.

use jiff::Timestamp;
use jiff::tz::Offset;

use super::{MANUAL, PICTURE, SUBJECT, TIME};
use crate::bcd;
use crate::command::{STEP, code, write_parameters, write_step};
use crate::element::{self, Element, SERIES_VALUES, STATE, Value};
use crate::message::{Body, Message, Report, Step};

/// Writes what stands behind the number and the time of sending. None if something in it cannot be written.
pub(crate) fn write(message: &Message, zone: Offset) -> Option<Vec<u8>> {
    let subject = message.subject.map_or(vec![], |subject| {
        let category = subject.category.into_iter();
        SUBJECT
            .into_iter()
            .chain(subject.station.0)
            .chain(category)
            .collect()
    });
    let at = |time: Timestamp| [TIME.to_vec(), bcd::write_time(time, zone, 5)].concat();
    let rest = match &message.body {
        Body::KeepAlive | Body::Done | Body::Receipt { .. } => vec![],
        Body::Report(report) => write_report(report, at)?,
        Body::Manual { text } => [&MANUAL, text.as_slice()].concat(),
        Body::Picture { time, picture } => [at(*time), PICTURE.to_vec(), picture.clone()].concat(),
        Body::Parameters {
            parameters,
            leftover,
        } => [write_parameters(parameters)?, leftover.clone()].concat(),
        Body::Version { text } => [vec![u8::try_from(text.len()).ok()?], text.clone()].concat(),
        Body::State { state, leftover } => [
            vec![STATE, 0x20],
            state.0.to_be_bytes().to_vec(),
            leftover.clone(),
        ]
        .concat(),
        Body::Events { counts } => counts
            .iter()
            .flat_map(|count| count.to_be_bytes())
            .collect(),
        Body::Command(command) => command.content(zone)?,
        Body::Other { rest } => rest.clone(),
    };
    Some([subject, rest].concat())
}

fn write_report(report: &Report, at: impl Fn(Timestamp) -> Vec<u8>) -> Option<Vec<u8>> {
    let mut written = Vec::new();
    for group in &report.groups {
        written.extend(at(group.time));
        if let Some(step) = group.step {
            written.extend(STEP);
            written.extend(write_step(step)?);
        }
        for element in &group.elements {
            is_writable(element, group.step).then_some(())?;
            written.extend(code(&element.code)?);
            written.push(element.descriptor);
            written.extend(&element.raw);
        }
    }
    written.extend(&report.leftover);
    Some(written)
}

/// Whether there are as many digits as the describing byte says.
fn is_writable(element: &Element, step: Option<Step>) -> bool {
    let bytes = usize::from(element.descriptor >> 3);
    let have = element.raw.len();
    let series = element::byte_of(&element.code).and_then(element::series_shape);
    match (series, &element.value) {
        (Some((bytes, _)), _) => have == bytes * SERIES_VALUES,
        (None, Value::Series { .. }) => {
            step.is_some() && bytes > 0 && have > 0 && have.is_multiple_of(bytes)
        }
        (None, _) => have == bytes,
    }
}
