//! Frames of public code, if they are there, against what is plain to see in them.

use std::path::Path;

use yiwang_hj212::{Body, Received, Settings, Tolerance};

use crate::samples::{at, receive};

/// The files are not part of the project; `YIWANG_TEST_DATA` says where they are.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the tests says so by the environment"
)]
fn texts() -> Vec<String> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var("YIWANG_TEST_DATA").map_or_else(|_unset| beside(), Into::into);
    let file = folder.join("frames/hj212/hj212_frames.csv");
    if !file.is_file() {
        println!("{} is not there: no real frame is read", file.display());
        return vec![];
    }
    let mut rows = csv::Reader::from_path(file).unwrap();
    let text = |row: csv::StringRecord| row[2].replace("\\r", "\r").replace("\\n", "\n");
    rows.records().map(|row| text(row.unwrap())).collect()
}

/// The code of a refusal, or how many values came.
fn outcome(settings: &Settings, text: &str) -> Vec<String> {
    let word = |received: Received| match received {
        Received::Message { message, .. } => {
            let Body::Observed { groups, .. } = message.body else {
                panic!("{message:?}");
            };
            assert_eq!(groups[0].time, at("2016-08-24T00:38:17+08:00"));
            assert_eq!(message.header.device, "LD130133000015");
            let values: Vec<_> = groups[0]
                .readings
                .iter()
                .map(|reading| (reading.code.clone(), reading.values[0].number.unwrap()))
                .collect();
            for (code, number) in [("B01", 36.91), ("011", 231.0), ("060", 1.803)] {
                assert!(values.contains(&(code.to_owned(), number)), "{values:?}");
            }
            format!("{} values", values.len())
        }
        Received::Part { .. } => "part".into(),
        Received::Refused { reason, .. } => reason.code().into(),
    };
    receive(settings, text.as_bytes())
        .into_iter()
        .map(word)
        .collect()
}

/// The sum of appendix A, written here anew, and what stands in the frame.
fn sums(text: &str) -> (u16, u16) {
    let body = text[6..].trim_end();
    let (segment, sum) = body.split_at(body.len() - 4);
    let mut register = 0xFFFF_u16;
    for byte in segment.bytes() {
        register = (register >> 8) ^ u16::from(byte);
        for _ in 0..8 {
            let low = register & 1;
            register = (register >> 1) ^ (low * 0xA001);
        }
    }
    (register, u16::from_str_radix(sum, 16).unwrap())
}

#[test]
fn whole_frames_are_read_and_broken_ones_refused_with_their_reason() {
    let mut read = 0;
    for text in texts() {
        let found = outcome(&Settings::default(), &text);
        if !text.starts_with("##") {
            // Pieces without a start are no frames, and there is nothing else in them.
            assert_eq!(found, ["hj212.garbage"], "{text}");
            continue;
        }
        let (expected, given) = sums(&text);
        let right = match (expected == given, text.ends_with("\r\n")) {
            (false, _) => "hj212.crc",
            (true, false) => "hj212.end",
            (true, true) => "3 values",
        };
        assert_eq!(found, [right], "{text}");
        read += usize::from(expected == given && text.ends_with("\r\n"));
        let lenient = Settings {
            accept: [
                Tolerance::WrongEnd,
                Tolerance::BadCrc,
                Tolerance::LowerCaseCrc,
            ]
            .into(),
            ..Settings::default()
        };
        assert_eq!(outcome(&lenient, &text), ["3 values"], "{text}");
    }
    println!("{read} whole frames read");
}
