//! Frames of public code, if they are there, against what is plain to see in them.

use std::path::Path;

use yiwang_sl651::{Body, Link, Message, Received, Settings};

use crate::samples::{at, now, numbers, receive, refusal, report, take};

/// The files are not part of the project; `YIWANG_TEST_DATA` says where they are.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the tests says so by the environment"
)]
fn frames() -> Vec<Vec<u8>> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var("YIWANG_TEST_DATA").map_or_else(|_unset| beside(), Into::into);
    let file = folder.join("frames/sl651/sl651_frames.csv");
    if !file.is_file() {
        println!("{} is not there: no real frame is read", file.display());
        return vec![];
    }
    let mut rows = csv::Reader::from_path(file).unwrap();
    let frame = |row: csv::StringRecord| hex::decode(&row[3]).unwrap();
    rows.records().map(|row| frame(row.unwrap())).collect()
}

fn is_packet(frame: &[u8]) -> bool {
    frame[13] == 0x16
}

#[test]
fn whole_frames_are_read() {
    let whole: Vec<_> = frames()
        .into_iter()
        .filter(|frame| !is_packet(frame))
        .collect();
    for frame in &whole {
        let taken = take(&Settings::default(), frame);
        assert_eq!(taken.raw, *frame);
        assert_eq!(taken.oddities, []);
        assert_eq!(taken.message.header.function, frame[10]);
        check(&taken.message);
        // What was read is enough to write it again.
        assert_eq!(taken.message.encode(&Settings::default()).unwrap(), *frame);
    }
    let stream: Vec<u8> = whole.concat();
    let count = receive(Link::new(Settings::default()), &stream).len();
    assert_eq!(count, whole.len());
    println!("{count} whole frames read");
}

fn check(message: &Message) {
    let rain_level_voltage = |rain, level, voltage| {
        assert_eq!(
            numbers(message),
            [
                ("20", Some(rain)),
                ("26", Some(rain)),
                ("39", Some(level)),
                ("38", Some(voltage))
            ]
        );
    };
    match (message.header.function, &message.body) {
        (0x2F, Body::KeepAlive) | (0x48 | 0x4A | 0x51, Body::Done) => {}
        (0x32, _) => rain_level_voltage(4.0, 10.49, 10.99),
        (0x37, _) => rain_level_voltage(1.5, 0.122, 11.08),
        (0x34, _) => check_hour(message),
        (0x44, _) => assert!(
            numbers(message)
                .iter()
                .all(|(_, value)| *value == Some(2200.3))
        ),
        (0x39, Body::Manual { text }) => assert_eq!(text, b"Q 1.234"),
        (0x40, Body::Parameters { parameters, .. }) => assert_eq!(parameters.len(), 7),
        (0x42, Body::Parameters { parameters, .. }) => {
            assert_eq!(parameters.len(), 13);
            assert_eq!(parameters[0].number(), Some(1.0));
        }
        (0x46, Body::State { state, .. }) => assert_eq!(state.0, 0x400),
        other => panic!("{other:?}"),
    }
}

/// The hour up to eleven, every five minutes; nothing was measured in five of them.
fn check_hour(message: &Message) {
    let points = report(message).points();
    let series = |code| {
        let of_code = points.iter().filter(move |point| point.code == code);
        of_code
            .map(|point| (point.time, point.number))
            .collect::<Vec<_>>()
    };
    let (rain, level) = (series("F4"), series("F5"));
    for values in [&rain, &level] {
        assert_eq!(values.len(), 12);
        assert_eq!(values[0].0, at("2017-07-18T10:05:00+08:00"));
        assert_eq!(values[11].0, at("2017-07-18T11:00:00+08:00"));
        assert_eq!(
            values.iter().filter(|(_, number)| number.is_none()).count(),
            5
        );
    }
    assert_eq!(rain[0].1, Some(0.5));
    assert_eq!(rain[4].1, Some(2.0));
    assert_eq!(level[0].1, Some(0.12));
    assert_eq!(level[11].1, Some(0.49));
    assert_eq!(
        series("39"),
        [(at("2017-07-18T11:00:00+08:00"), Some(10.49))]
    );
}

#[test]
fn a_picture_of_which_packets_are_missing_is_asked_for_and_then_given_up() {
    let packets: Vec<_> = frames()
        .into_iter()
        .filter(|frame| is_packet(frame))
        .collect();
    if packets.is_empty() {
        return;
    }
    let mut link = Link::new(Settings::default());
    let received = link.receive(&packets.concat(), now());
    assert!(
        received
            .iter()
            .all(|one| matches!(one, Received::Part { .. }))
    );
    assert_eq!(received.len(), 6);
    let received = link.receive(&[], now() + jiff::SignedDuration::from_secs(20));
    let [
        Received::Ask {
            missing, total: 13, ..
        },
    ] = received.as_slice()
    else {
        panic!("{received:?}");
    };
    assert_eq!(*missing, [1, 3, 5, 7, 9, 11, 13]);
    let given_up = link.close(now());
    let [Received::Refused { raw, reason }] = given_up.as_slice() else {
        panic!("{given_up:?}");
    };
    assert_eq!(reason.code(), "sl651.packets_missing");
    assert_eq!(*raw, packets.concat());
}

#[test]
fn each_frame_with_one_wrong_bit_is_refused() {
    for frame in frames() {
        let is_long = frame.len() > 100;
        for at in (2..frame.len()).step_by(if is_long { 7 } else { 1 }) {
            let mut broken = frame.clone();
            broken[at] ^= 1 << (at % 8);
            let received = receive(Link::new(Settings::default()), &broken);
            for one in received {
                assert!(matches!(one, Received::Refused { .. }), "{at}: {one:?}");
            }
        }
        let mut broken = frame.clone();
        broken[15] ^= 1;
        assert_eq!(refusal(&Settings::default(), &broken).code(), "sl651.crc");
    }
}
