//! Frames in characters.

use yiwang_sl651::{
    Body, Category, Command, Device, Element, Encoding, End, Group, Link, Received, Report,
    ReportKind, Settings, Step, Unsendable, Value, crc,
};

use crate::samples::{at, messages, now, numbers, receive, refusal, report, take, take_down};

fn device() -> Device {
    Device {
        encoding: Encoding::Ascii,
        centre: 1,
        station: "0012345678".parse().unwrap(),
        password: 0x1234,
        category: Some(Category::River),
    }
}

/// A frame to the centre with this function and text behind number and time of sending.
fn up(function: u8, text: &str) -> Vec<u8> {
    let length = 16 + text.len();
    let frame =
        format!("\u{1}0100123456781234{function:02X}{length:04X}\u{2}0007261123101500{text}\u{3}");
    let sum = crc(frame.as_bytes());
    format!("{frame}{sum:04X}").into_bytes()
}

const TIMED: &str = "ST 0012345678 H TT 2611231010 PT 12.5 Z 10.490 VT 11.15";

#[test]
fn a_report_in_characters_has_the_codes_of_one_in_bytes() {
    let frame = up(0x32, TIMED);
    let taken = take(&Settings::default(), &frame);
    assert_eq!(taken.message.header.encoding, Encoding::Ascii);
    assert_eq!(taken.message.header.station.to_string(), "0012345678");
    assert_eq!(taken.message.header.password, 0x1234);
    assert_eq!(taken.message.serial, 7);
    assert_eq!(taken.message.sent, Some(at("2026-11-23T10:15:00+08:00")));
    let subject = taken.message.subject.unwrap();
    assert_eq!(subject.category, Some(Category::River as u8));
    assert_eq!(
        report(&taken.message).groups[0].time,
        at("2026-11-23T10:10:00+08:00")
    );
    let values = [("26", Some(12.5)), ("39", Some(10.49)), ("38", Some(11.15))];
    assert_eq!(numbers(&taken.message), values);
    assert_eq!(taken.oddities, []);
    assert_eq!(taken.message.encode(&Settings::default()).unwrap(), frame);
}

#[test]
fn it_is_confirmed_in_characters() {
    let taken = take(&Settings::default(), &up(0x32, TIMED));
    let reply = taken.replies.stored.unwrap();
    assert!(
        reply.starts_with(b"\x0100123456780112343280 10".replace_space().as_slice()),
        "{reply:?}"
    );
    let read = take_down(&Settings::default(), &reply).message;
    assert_eq!((read.end, read.serial), (End::Esc, 7));
    assert_eq!(read.body, Body::Receipt { packet: None });
}

/// Lets a long text be written in groups.
trait ReplaceSpace {
    fn replace_space(&self) -> Vec<u8>;
}

impl ReplaceSpace for [u8] {
    fn replace_space(&self) -> Vec<u8> {
        self.iter().copied().filter(|byte| *byte != b' ').collect()
    }
}

#[test]
fn series_states_and_names_of_a_province_are_read() {
    let text = format!(
        "ST 0012345678 P TT 2611231010 DRP 05{}FF DRZ1 {} ZT 00000011 XY9 3 Q -1.5 ZB FFFF PJ M",
        "00".repeat(10),
        "0031".repeat(12)
    );
    let taken = take(&Settings::default(), &up(0x34, &text));
    let found = numbers(&taken.message);
    assert_eq!(found.iter().filter(|(code, _)| *code == "F4").count(), 12);
    assert_eq!(found[0], ("F4", Some(0.5)));
    assert_eq!(found[11], ("F4", None));
    assert_eq!(found[12], ("F5", Some(0.49)));
    assert_eq!(
        found[24..],
        [("XY9", Some(3.0)), ("27", Some(-1.5)), ("3A", None)]
    );
    let codes: Vec<_> = taken
        .oddities
        .iter()
        .map(yiwang_sl651::Oddity::code)
        .collect();
    assert_eq!(codes, ["sl651.unknown_element", "sl651.not_decimal"]);
    let last = report(&taken.message).groups[0].elements.last().unwrap();
    assert_eq!(
        (last.code.as_str(), &last.value, &*last.raw),
        ("20", &Value::Raw, &b"M"[..])
    );
}

#[test]
fn an_even_report_in_characters_has_a_time_for_each_value() {
    for step in ["DRN05", "DRN 05"] {
        let text = format!("ST 0012345678 H TT 2611231000 {step} Z 10.1 10.2 FFFF 10.4 PJ 0.5");
        let taken = take(&Settings::default(), &up(0x31, &text));
        let points = report(&taken.message).points();
        let values: Vec<_> = points.iter().map(|point| point.number).collect();
        assert_eq!(
            values,
            [Some(10.1), Some(10.2), None, Some(10.4), Some(0.5)]
        );
        assert_eq!(points[3].time, at("2026-11-23T10:15:00+08:00"));
        assert_eq!(
            report(&taken.message).groups[0].step,
            Some(Step::of_minutes(5))
        );
    }
}

#[test]
fn elements_made_for_bytes_are_written_in_characters() {
    let elements = [
        Element::of(0x39, 10.49),
        Element::of(0x20, 0.5),
        Element::rains([Some(0.1); 12]),
    ];
    let group = Group {
        time: at("2026-11-23T10:10:00+08:00"),
        step: None,
        elements: elements.into_iter().map(Option::unwrap).collect(),
    };
    let body = Report {
        kind: ReportKind::Timed,
        groups: vec![group],
        leftover: vec![],
    };
    let frame = device()
        .report(body, 7, at("2026-11-23T10:15:00+08:00"))
        .encode(&Settings::default())
        .unwrap();
    let rains = "01".repeat(12);
    let text = format!("ST 0012345678 H TT 2611231010 Z 10.490 PJ 0.5 DRP {rains}");
    assert_eq!(frame, up(0x32, &text));
}

#[test]
fn a_sign_of_life_and_a_question_are_read() {
    let alive = up(0x2F, "");
    let taken = take(&Settings::default(), &alive);
    assert_eq!(taken.message.body, Body::KeepAlive);
    assert_eq!(taken.message.encode(&Settings::default()).unwrap(), alive);
    let question = device().command(Command::QueryCurrent, now());
    let frame = question.encode(&Settings::default()).unwrap();
    assert_eq!(take_down(&Settings::default(), &frame).message, question);
    let picture = Body::Picture {
        time: now(),
        picture: vec![1],
    };
    let picture = device().message(0x36, picture, 1, now());
    assert_eq!(
        picture.encode(&Settings::default()),
        Err(Unsendable::Content)
    );
}

#[test]
fn characters_and_bytes_may_follow_each_other() {
    let stream = [
        up(0x2F, ""),
        crate::samples::up(0x2F, ""),
        up(0x32, TIMED),
        b"\r\n".to_vec(),
        up(0x2F, ""),
    ]
    .concat();
    let mut link = Link::new(Settings::default());
    let mut found = Vec::new();
    for byte in stream {
        found.extend(link.receive(&[byte], now()));
    }
    assert_eq!(found.len(), 4);
    assert_eq!(messages(found).len(), 4);
}

#[test]
fn they_are_refused_where_that_is_set_and_where_they_are_broken() {
    let settings = Settings {
        ascii: false,
        ..Settings::default()
    };
    assert_eq!(refusal(&settings, &up(0x2F, "")).code(), "sl651.ascii");
    let mut broken = up(0x32, TIMED);
    broken[50] ^= 1;
    assert_eq!(refusal(&Settings::default(), &broken).code(), "sl651.crc");
    let no_time = up(0x32, "ST 0012345678 H TT 26112 PT 1");
    assert_eq!(refusal(&Settings::default(), &no_time).code(), "sl651.time");
    let received = receive(Link::new(Settings::default()), &up(0x32, TIMED)[..60]);
    let [Received::Refused { reason, .. }] = received.as_slice() else {
        panic!("{received:?}");
    };
    assert_eq!(reason.code(), "sl651.stale");
}
