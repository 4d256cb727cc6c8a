//! Real frames with what another decoder read in them. They are no part of the project.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::tz::Offset;
use serde_json::Value;
use yiwang_jt808::{Link, Received, Settings, encode};

use crate::words::words;
use crate::{bytes, now, one};

/// The files are not part of the project; `YIWANG_TEST_DATA` says where they are.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the tests says so by the environment"
)]
fn real_file(name: &str) -> Option<String> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var("YIWANG_TEST_DATA").map_or_else(|_unset| beside(), PathBuf::from);
    let file = folder.join("frames/jt808").join(name);
    let text = std::fs::read_to_string(&file).ok();
    if text.is_none() {
        println!("{} is not there: nothing is compared", file.display());
    }
    text
}

fn frames(file: &str) -> Vec<String> {
    csv::Reader::from_reader(file.as_bytes())
        .records()
        .map(|record| record.unwrap()[3].to_owned())
        .collect()
}

#[test]
fn every_real_frame_is_read_and_encodes_to_itself() {
    let Some(file) = real_file("jt808_frames.csv") else {
        return;
    };
    let frames = frames(&file);
    let mut ids = BTreeMap::new();
    let (mut whole, mut parts) = (0, 0);
    for frame in &frames {
        let received = Link::new(Settings::default()).receive(&bytes(frame), now());
        // A last part without the others is followed by the question for them.
        let Some(entry) = received.first() else {
            panic!("{frame}: {received:?}");
        };
        match entry {
            Received::Message { message, .. } => {
                whole += 1;
                *ids.entry(message.header.id).or_insert(0) += 1;
                let zone = Offset::constant(8);
                let again = encode(&message.header, &message.body, message.edition, zone).unwrap();
                assert_eq!(&hex::encode(again), frame, "{message:?}");
            }
            Received::Part { header, .. } => {
                parts += 1;
                *ids.entry(header.id).or_insert(0) += 1;
            }
            other => panic!("{frame}: {other:?}"),
        }
    }
    println!("{whole} messages and {parts} parts of {} ids", ids.len());
    assert!(
        ids.keys()
            .all(|id| yiwang_jt808::message_name(*id).is_some())
    );
    assert_eq!(whole + parts, frames.len());
}

#[test]
fn real_parts_become_one_message() {
    let Some(file) = real_file("JT1078.txt") else {
        return;
    };
    let mut link = Link::new(Settings::default());
    let mut all = Vec::new();
    let mut found = None;
    for line in file.lines().filter(|line| line.starts_with("7e1205")) {
        all.extend(bytes(line.trim()));
        for entry in link.receive(&bytes(line.trim()), now()) {
            if let Received::Message { raw, message, .. } = entry {
                found = Some((raw, message));
            }
        }
    }
    let (raw, message) = found.unwrap();
    assert!(
        all.starts_with(&raw),
        "the raw bytes are those of the parts, in order"
    );
    let yiwang_jt808::Body::Recordings(recordings) = &message.body else {
        panic!("{message:?}");
    };
    assert_eq!(message.header.serial, 0x42fc);
    assert_eq!(recordings.recordings.len(), 180);
}

/// All values at a path.
fn at<'a>(value: &'a Value, path: &str) -> Vec<&'a Value> {
    let (head, rest) = path.split_once('.').unwrap_or((path, ""));
    let next: Vec<&Value> = match (head, value) {
        ("", _) => return vec![value],
        ("*", Value::Array(entries)) => entries.iter().collect(),
        // Our extensions are a list of kinds and values.
        (kind, Value::Array(entries)) => entries
            .iter()
            .filter(|entry| entry["kind"] == kind)
            .map(|entry| &entry["value"])
            .collect(),
        (key, _) => value.get(key).into_iter().collect(),
    };
    next.into_iter().flat_map(|value| at(value, rest)).collect()
}

/// Frames with what the other decoder says of them.
fn decoded(file: &str) -> Vec<(String, Value)> {
    file.split("hex1 ")
        .skip(1)
        .map(|block| {
            let (frame, rest) = block.split_once('\n').unwrap();
            let json = rest.split("json1 ").nth(1).unwrap();
            let mut values = serde_json::Deserializer::from_str(json).into_iter::<Value>();
            (frame.trim().to_owned(), values.next().unwrap().unwrap())
        })
        .collect()
}

#[test]
fn what_we_read_is_what_the_other_decoder_read() {
    let Some(file) = real_file("单元测试记录.txt") else {
        return;
    };
    let mut compared = 0;
    for (frame, theirs) in decoded(&file) {
        let (message, ..) = one(&frame);
        let header = &message.header;
        assert_eq!(theirs["messageId"], header.id);
        assert_eq!(theirs["serialNo"], header.serial);
        assert_eq!(theirs["clientId"], header.phone.as_str());
        let ours = serde_json::to_value(&message.body).unwrap();
        for (their, our) in words(header.id) {
            let (left, right) = (at(&theirs, their), at(&ours["body"], our));
            if !left.is_empty() {
                assert_eq!(left, right, "{their} of {frame}");
                compared += left.len();
            }
        }
        if let Some(parameters) = theirs["parameters"].as_object() {
            let ids: BTreeSet<u64> = parameters.keys().map(|id| id.parse().unwrap()).collect();
            let found = at(&ours["body"], "parameters.*.id");
            assert_eq!(ids, found.into_iter().filter_map(Value::as_u64).collect());
            compared += ids.len();
        }
    }
    println!("{compared} values agree");
    assert!(compared > 500, "{compared}");
}

#[test]
fn the_times_and_the_active_safety_of_jiangsu_agree() {
    let Some(file) = real_file("单元测试记录.txt") else {
        return;
    };
    let mut alarms = 0;
    for (frame, theirs) in decoded(&file) {
        let (message, oddities, _) = one(&frame);
        let yiwang_jt808::Body::Location(location) = &message.body else {
            continue;
        };
        let zone = Offset::constant(8);
        let time = zone.to_datetime(location.time.unwrap()).to_string();
        assert_eq!(theirs["deviceTime"], time);
        for extension in &location.extensions {
            let yiwang_jt808::location::Extension::ActiveSafety(alarm) = extension else {
                continue;
            };
            let their = &theirs["attributes"][extension.id().to_string()];
            assert_eq!(their["id"], alarm.number);
            assert_eq!(their["state"], alarm.state);
            assert_eq!(their["speed"], alarm.speed);
            assert_eq!(their["altitude"], alarm.altitude);
            assert_eq!(their["latitude"], alarm.latitude_micro);
            assert_eq!(their["longitude"], alarm.longitude_micro);
            assert_eq!(their["statusBit"], alarm.vehicle);
            assert_eq!(their["deviceId"], alarm.mark.terminal);
            assert_eq!(their["sequenceNo"], alarm.mark.sequence);
            assert_eq!(their["fileTotal"], alarm.mark.files);
            alarms += 1;
        }
        assert!(
            oddities
                .iter()
                .all(|oddity| oddity.code() == "jt808.odd.position")
        );
    }
    assert_eq!(alarms, 8);
}
