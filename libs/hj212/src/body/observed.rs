//! Groups of readings: each `DataTime` begins one.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::message::{Body, Field, Group, Kind, Mark, Reading, Value};
use crate::refusal::{Oddities, Oddity, Refusal};
use crate::segment::Item;
use crate::time;

const DATA_TIME: &str = "DataTime";
const SAMPLE_TIME: &str = "SampleTime";

/// Reads groups, or keeps the items as they are where the kind of report can do without a time.
pub(super) fn read(
    kind: Kind,
    items: &[Item],
    zone: Offset,
    oddities: &mut Oddities,
) -> Result<Body, Refusal> {
    let has_time = items
        .iter()
        .any(|item| item.name.eq_ignore_ascii_case(DATA_TIME));
    if !has_time && matches!(kind, Kind::Site | Kind::InstrumentNumber) {
        return Ok(Body::Other(pairs(items)));
    }
    let mut groups = Groups::default();
    for item in items {
        if item.name.eq_ignore_ascii_case(DATA_TIME) {
            groups.open(data_time(item, zone, oddities)?);
        } else {
            groups.add(item, zone, oddities)?;
        }
    }
    if groups.groups.is_empty() {
        return Err(missing_time());
    }
    Ok(Body::Observed {
        kind,
        groups: groups.groups,
    })
}

fn missing_time() -> Refusal {
    Refusal::Field {
        name: DATA_TIME.into(),
        fault: "must stand before the values",
    }
}

fn data_time(item: &Item, zone: Offset, oddities: &mut Oddities) -> Result<Timestamp, Refusal> {
    let text = Refusal::quote(item.value.as_bytes());
    let Some(time) = time::parse(&item.value, zone) else {
        return Err(Refusal::Time {
            field: DATA_TIME,
            text,
        });
    };
    if !time::is_whole(&item.value) {
        let field = DATA_TIME;
        oddities.push(Oddity::TimeForm { field, text });
    }
    Ok(time)
}

#[derive(Default)]
struct Groups {
    groups: Vec<Group>,
    /// Where the readings of the last group stand.
    places: HashMap<String, usize>,
}

impl Groups {
    /// Begins a group; a time that is repeated, as in the parts of a split message, goes on with it.
    fn open(&mut self, time: Timestamp) {
        if self.groups.last().is_some_and(|group| group.time == time) {
            return;
        }
        self.places.clear();
        self.groups.push(Group {
            time,
            readings: Vec::new(),
            more: Vec::new(),
        });
    }

    fn add(&mut self, item: &Item, zone: Offset, oddities: &mut Oddities) -> Result<(), Refusal> {
        let Some(group) = self.groups.last_mut() else {
            return Err(missing_time());
        };
        let split = item
            .name
            .rsplit_once('-')
            .filter(|(code, _)| !code.is_empty());
        let Some((code, field)) = split else {
            group.more.push((item.name.clone(), item.value.clone()));
            return Ok(());
        };
        let place = *self.places.entry(code.to_owned()).or_insert_with(|| {
            let code = code.to_owned();
            group.readings.push(Reading {
                code,
                ..Reading::default()
            });
            group.readings.len() - 1
        });
        if let Some(reading) = group.readings.get_mut(place) {
            put(reading, field, item, zone, oddities);
        }
        Ok(())
    }
}

fn put(reading: &mut Reading, field: &str, item: &Item, zone: Offset, oddities: &mut Oddities) {
    let quoted = || Refusal::quote(item.value.as_bytes());
    let name = || Refusal::quote(item.name.as_bytes());
    let mut known = |written: &str| {
        if written != field {
            oddities.push(Oddity::LetterCase { name: name() });
        }
    };
    if let Some(known_field) = Field::of_name(field) {
        known(known_field.name());
        let value = Value::new(known_field, item.value.as_str());
        if known_field.is_numeric() && value.number.is_none() {
            let (name, text) = (name(), quoted());
            oddities.push(Oddity::NotANumber { name, text });
        }
        reading.values.push(value);
    } else if field.eq_ignore_ascii_case("Flag") && reading.mark.is_none() {
        known("Flag");
        let mark = Mark::from_text(&item.value);
        if let Mark::Other(text) = &mark {
            let text = Refusal::quote(text.as_bytes());
            oddities.push(Oddity::UnknownMark { name: name(), text });
        }
        reading.mark = Some(mark);
    } else if field.eq_ignore_ascii_case("EFlag") && reading.equipment_mark.is_none() {
        known("EFlag");
        reading.equipment_mark = Some(item.value.clone());
    } else if let Some(time) = sample_time(reading, field, item, zone) {
        known(SAMPLE_TIME);
        reading.sampled = Some(time);
    } else {
        oddities.push(Oddity::UnknownItem { name: name() });
        reading.more.push((field.to_owned(), item.value.clone()));
    }
}

fn sample_time(reading: &Reading, field: &str, item: &Item, zone: Offset) -> Option<Timestamp> {
    let is_it = field.eq_ignore_ascii_case(SAMPLE_TIME) && reading.sampled.is_none();
    is_it.then(|| time::parse(&item.value, zone))?
}

/// Each group as its time, then what must not be torn apart.
pub(super) fn write(groups: &[Group], zone: Offset) -> Vec<String> {
    groups
        .iter()
        .flat_map(|group| {
            let time = format!("{DATA_TIME}={}", time::write(group.time, zone));
            let more = group.more.iter().map(pair);
            let readings = group
                .readings
                .iter()
                .map(|reading| write_reading(reading, zone));
            [time].into_iter().chain(more).chain(readings)
        })
        .collect()
}

fn write_reading(reading: &Reading, zone: Offset) -> String {
    let code = &reading.code;
    let values = reading
        .values
        .iter()
        .map(|value| format!("{code}-{}={}", value.field.name(), value.text));
    let sampled = reading
        .sampled
        .map(|time| format!("{code}-{SAMPLE_TIME}={}", time::write(time, zone)));
    let mark = reading
        .mark
        .as_ref()
        .map(|mark| format!("{code}-Flag={}", mark.text()));
    let equipment = reading
        .equipment_mark
        .as_ref()
        .map(|mark| format!("{code}-EFlag={mark}"));
    let more = reading
        .more
        .iter()
        .map(|(name, value)| format!("{code}-{name}={value}"));
    let all: Vec<String> = values
        .chain(sampled)
        .chain(mark)
        .chain(equipment)
        .chain(more)
        .collect();
    all.join(",")
}

pub(super) fn pairs(items: &[Item]) -> Vec<(String, String)> {
    items
        .iter()
        .map(|item| (item.name.clone(), item.value.clone()))
        .collect()
}

pub(super) fn pair((name, value): &(String, String)) -> String {
    if value.is_empty() {
        name.clone()
    } else {
        format!("{name}={value}")
    }
}

/// Whether a piece begins a group, so that what follows a split needs it again.
pub(crate) fn begins_group(piece: &str) -> bool {
    piece.starts_with("DataTime=")
}
