//! Lines of CSV, a million in a moment: nothing is allocated for a line, and the minute that most lines share is worded
//! once. RFC 4180, times RFC 3339 in UTC.

use yiwang_contracts::{Quality, Sample, Series};
use yiwang_kernel::from_micros;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;

/// What a line can say of a last value.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, serde::Serialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LastColumn {
    Device,
    Property,
    Time,
    Received,
    Value,
    Text,
    Quality,
}

impl LastColumn {
    pub(crate) const ALL: [Self; 7] = [
        Self::Device,
        Self::Property,
        Self::Time,
        Self::Received,
        Self::Value,
        Self::Text,
        Self::Quality,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Property => "property",
            Self::Time => "time",
            Self::Received => "received",
            Self::Value => "value",
            Self::Text => "text",
            Self::Quality => "quality",
        }
    }
}

/// The first line.
pub(super) fn head(columns: &[LastColumn]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
    format!("{}\n", names.join(","))
}

/// Lines of these columns.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    columns: &'a [LastColumn],
    bytes: Vec<u8>,
    time: Minute,
    received: Minute,
}

/// A minute of UTC and how it is written, `2026-11-26T11:27:`.
#[derive(Debug, Default)]
struct Minute {
    number: Option<i64>,
    words: String,
}

impl<'a> Lines<'a> {
    pub(super) fn with_capacity(columns: &'a [LastColumn], bytes: usize) -> Self {
        Self {
            columns,
            bytes: Vec::with_capacity(bytes),
            time: Minute::default(),
            received: Minute::default(),
        }
    }

    pub(super) fn push(&mut self, series: &Series, last: &Sample) {
        let bytes = &mut self.bytes;
        for (at, column) in self.columns.iter().enumerate() {
            if at > 0 {
                bytes.push(b',');
            }
            match column {
                LastColumn::Device => put_text(bytes, &series.device),
                LastColumn::Property => put_text(bytes, &series.property),
                LastColumn::Time => self.time.put(bytes, last.time),
                LastColumn::Received => self.received.put(bytes, last.received),
                LastColumn::Value if last.value.is_finite() => {
                    let mut number = ryu::Buffer::new();
                    bytes.extend_from_slice(number.format_finite(last.value).as_bytes());
                }
                LastColumn::Value => {}
                LastColumn::Text => put_text(bytes, last.text.as_deref().unwrap_or_default()),
                LastColumn::Quality => bytes.extend_from_slice(word(last.quality).as_bytes()),
            }
        }
        bytes.push(b'\n');
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

impl Minute {
    fn put(&mut self, bytes: &mut Vec<u8>, micros: i64) {
        let number = micros.div_euclid(MINUTE);
        if self.number != Some(number) {
            self.words = from_micros(number * MINUTE).to_string();
            // The seconds, which are none, and the Z.
            self.words.truncate(self.words.len() - "00Z".len());
            self.number = Some(number);
        }
        bytes.extend_from_slice(self.words.as_bytes());
        let within = micros.rem_euclid(MINUTE);
        put_digits(bytes, within / SECOND, 2);
        let mut fraction = within % SECOND;
        if fraction != 0 {
            let mut width = 6;
            while fraction % 10 == 0 {
                (fraction, width) = (fraction / 10, width - 1);
            }
            bytes.push(b'.');
            put_digits(bytes, fraction, width);
        }
        bytes.push(b'Z');
    }
}

fn put_digits(bytes: &mut Vec<u8>, number: i64, width: u32) {
    for place in (0..width).rev() {
        bytes.push(b'0' + (number / 10_i64.pow(place) % 10) as u8);
    }
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    let needs_quotes = |byte: u8| matches!(byte, b',' | b'"' | b'\r' | b'\n');
    if text.bytes().any(needs_quotes) {
        bytes.push(b'"');
        bytes.extend_from_slice(text.replace('"', "\"\"").as_bytes());
        bytes.push(b'"');
    } else {
        bytes.extend_from_slice(text.as_bytes());
    }
}

/// As it is called in JSON.
fn word(quality: Quality) -> &'static str {
    match quality {
        Quality::Good => "good",
        Quality::OutOfRange => "out_of_range",
        Quality::Maintenance => "maintenance",
        Quality::Calibration => "calibration",
        Quality::Fault => "fault",
        Quality::Stopped => "stopped",
        Quality::Manual => "manual",
        Quality::Invalid => "invalid",
        Quality::Deleted => "deleted",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;
    use serde::Serialize;
    use yiwang_kernel::Timestamp;

    use super::*;

    #[derive(Serialize)]
    struct Line<'a> {
        device: &'a str,
        property: &'a str,
        time: Timestamp,
        received: Timestamp,
        value: Option<f64>,
        text: Option<&'a str>,
        quality: Quality,
    }

    fn by_the_library(series: &Series, last: &Sample) -> Vec<u8> {
        let mut lines = csv::WriterBuilder::new()
            .has_headers(false)
            .from_writer(Vec::new());
        let line = Line {
            device: &series.device,
            property: &series.property,
            time: from_micros(last.time),
            received: from_micros(last.received),
            value: Some(last.value).filter(|value| value.is_finite()),
            text: last.text.as_deref(),
            quality: last.quality,
        };
        lines.serialize(line).unwrap();
        lines.into_inner().unwrap()
    }

    fn sample() -> impl Strategy<Value = Sample> {
        let time = || {
            prop_oneof![
                -9_000_000_000_000_000_i64..9_000_000_000_000_000,
                (0_i64..4_000_000_000).prop_map(|second| second * SECOND),
                (0_i64..4_000_000_000).prop_map(|second| second * SECOND + 120_000),
            ]
        };
        let text = proptest::option::of("[a-z,\"\\r\\n水]{0,8}");
        let fields = (time(), time(), any::<f64>(), text, 0_u8..=8);
        fields.prop_map(|(time, received, value, text, quality)| Sample {
            time,
            received,
            value,
            text: text.map(Arc::from),
            quality: Quality::from_code(quality),
        })
    }

    proptest! {
        #[test]
        fn they_are_what_a_csv_library_writes(samples in prop::collection::vec(sample(), 1..9)) {
            let series = Series::new("320281YL0001", "level");
            let mut lines = Lines::with_capacity(&LastColumn::ALL, 0);
            let mut expected = Vec::new();
            for sample in &samples {
                lines.push(&series, sample);
                expected.extend(by_the_library(&series, sample));
            }
            let (lines, expected) = (lines.into_bytes(), expected);
            prop_assert_eq!(String::from_utf8_lossy(&lines), String::from_utf8_lossy(&expected));
        }
    }
}
