//! What stations do otherwise, and what is refused.

use jiff::SignedDuration;
use yiwang_sl651::{
    Body, Category, Element, Link, Message, Oddity, Received, Refusal, ReplyTime, Settings,
    StateBit, Step, Tolerance, Value,
};

use crate::samples::{
    at, bytes, messages, now, numbers, receive, refusal, report, summed, take, up,
};

const HEAD: &str = "F1F1001234567848F0F02611231010";

/// A report with these elements.
fn read(function: u8, elements: &str) -> (Message, Vec<Oddity>) {
    let taken = take(
        &Settings::default(),
        &up(function, &format!("{HEAD}{elements}")),
    );
    (taken.message, taken.oddities)
}

fn elements(message: &Message) -> &[Element] {
    &report(message).groups[0].elements
}

#[test]
fn values_may_be_below_zero_or_missing() {
    let (message, oddities) = read(0x32, "392BFF00001500031100883823FFFFFFFF2019AAAAAA");
    let values = [
        ("39", Some(-1.5)),
        ("03", Some(8.8)),
        ("38", None),
        ("20", None),
    ];
    assert_eq!(numbers(&message), values);
    assert_eq!(elements(&message)[2].value, Value::Invalid);
    assert_eq!(oddities, []);
}

#[test]
fn elements_of_a_province_are_kept() {
    let (message, oddities) = read(
        0x32,
        "E012123439230000104 9FF381212 11FF4508AB"
            .replace(' ', "")
            .as_str(),
    );
    let codes: Vec<_> = elements(&message)
        .iter()
        .map(|element| element.code.as_str())
        .collect();
    assert_eq!(codes, ["E0", "39", "FF38", "FF45"]);
    let values = [
        ("E0", Some(12.34)),
        ("39", Some(1.049)),
        ("FF38", Some(12.11)),
    ];
    assert_eq!(numbers(&message), values);
    assert_eq!(elements(&message)[3].value, Value::Raw);
    assert_eq!(elements(&message)[3].raw, [0xAB]);
    let codes: Vec<_> = oddities.iter().map(Oddity::code).collect();
    assert_eq!(
        codes,
        [
            "sl651.unknown_element",
            "sl651.unknown_element",
            "sl651.unknown_element",
            "sl651.not_decimal"
        ]
    );
}

#[test]
fn a_state_has_bits() {
    let (message, _) = read(0x33, "452000000011");
    let Value::State(state) = elements(&message)[0].value else {
        panic!("{message:?}");
    };
    assert_eq!(
        state.bits(),
        [StateBit::MainsFailed, StateBit::QualityAlarm]
    );
}

#[test]
fn a_series_is_read_even_if_its_describing_byte_is_wrong() {
    let series = format!("F55C{}38121099", "0031".repeat(12));
    let (message, oddities) = read(0x34, &series);
    assert_eq!(numbers(&message).len(), 13);
    assert_eq!(numbers(&message)[12], ("38", Some(10.99)));
    let odd = Oddity::SeriesLength {
        code: "F5".into(),
        declared: 11,
        needed: 24,
    };
    assert_eq!(oddities, [odd]);
}

#[test]
fn an_even_report_has_a_time_for_each_value() {
    let series = "041800000520190000050000 10FFFFFF000020392300000127".replace(' ', "");
    for function in [0x31, 0x38] {
        let (message, oddities) = read(function, &series);
        assert_eq!(oddities, []);
        let group = &report(&message).groups[0];
        assert_eq!(group.step, Some(Step::of_minutes(5)));
        let points: Vec<_> = report(&message).points();
        let rain = [Some(0.5), Some(1.0), None, Some(2.0)];
        assert_eq!(
            points
                .iter()
                .take(4)
                .map(|point| point.number)
                .collect::<Vec<_>>(),
            rain
        );
        assert_eq!(points[3].time, at("2026-11-23T10:25:00+08:00"));
        // The level ends the rain, and stands there once.
        assert_eq!((points[4].code, points[4].number), ("39", Some(0.127)));
        assert_eq!(points.len(), 5);
    }
}

#[test]
fn what_is_no_element_is_kept_behind_the_others() {
    let (message, oddities) = read(0x32, "20190000053923 0001".replace(' ', "").as_str());
    assert_eq!(numbers(&message), [("20", Some(0.5))]);
    assert_eq!(report(&message).leftover, bytes("39230001"));
    assert_eq!(oddities, [Oddity::Leftover { bytes: 4 }]);
}

#[test]
fn a_report_without_a_time_has_that_of_sending() {
    let taken = take(
        &Settings::default(),
        &up(0x32, "F1F10012345678482019000005"),
    );
    assert_eq!(
        report(&taken.message).groups[0].time,
        at("2026-11-23T10:15:00+08:00")
    );
    assert_eq!(taken.oddities, [Oddity::NoObservationTime]);
}

#[test]
fn a_station_without_a_clock_is_still_heard() {
    let frame =
        summed("7E7E0100123456781234320017020007FFFFFFFFFFFFF1F1001234567848F0F0261123101003");
    let taken = take(&Settings::default(), &frame);
    assert_eq!(taken.message.sent, None);
    let odd = Oddity::SendTime {
        digits: "FFFFFFFFFFFF".into(),
    };
    assert_eq!(taken.oddities, [odd]);
    let reply = summed(
        "7E7E001234567801123432800802000726112310150 21B"
            .replace(' ', "")
            .as_str(),
    );
    assert_eq!(taken.replies.stored, Some(reply));
}

#[test]
fn an_observation_at_no_time_is_refused() {
    let reason = refusal(
        &Settings::default(),
        &up(0x32, "F1F1001234567848F0F026133310102019000005"),
    );
    assert_eq!(reason.code(), "sl651.time");
    let text = reason.to_string();
    assert!(text.contains("2613331010"), "{text}");
}

#[test]
fn the_confirmation_can_carry_the_time_of_the_centre() {
    let settings = Settings {
        reply_time: ReplyTime::Centre,
        ..Settings::default()
    };
    let taken = take(&settings, &up(0x30, HEAD));
    let reply = summed(
        "7E7E0012345678011234308008020007261123101502 1B"
            .replace(' ', "")
            .as_str(),
    );
    assert_eq!(taken.replies.stored, Some(reply));
}

#[test]
fn stations_of_another_zone_have_other_times() {
    let settings = Settings {
        zone_offset_minutes: 0,
        ..Settings::default()
    };
    let taken = take(&settings, &up(0x2F, ""));
    assert_eq!(taken.message.sent, Some(at("2026-11-23T10:15:00Z")));
}

#[test]
fn a_body_about_another_station_is_marked() {
    let taken = take(
        &Settings::default(),
        &up(0x32, "F1F1009999999999F0F02611231010"),
    );
    let codes: Vec<_> = taken.oddities.iter().map(Oddity::code).collect();
    assert_eq!(codes, ["sl651.unknown_category", "sl651.other_station"]);
    assert_eq!(Category::of_code(0x99), None);
}

#[test]
fn answers_of_other_functions_are_read() {
    let body = |function, content: &str| {
        take(&Settings::default(), &up(function, content))
            .message
            .body
    };
    let version = body(
        0x45,
        "F1F10012345678 0656312E302E30".replace(' ', "").as_str(),
    );
    assert_eq!(
        version,
        Body::Version {
            text: b"V1.0.0".into()
        }
    );
    let events = body(0x50, &format!("F1F10012345678{}", "0003".repeat(32)));
    assert_eq!(
        events,
        Body::Events {
            counts: vec![3; 32]
        }
    );
    let password = body(0x49, "F1F10012345678 03104321".replace(' ', "").as_str());
    let Body::Parameters { parameters, .. } = password else {
        panic!("{password:?}");
    };
    assert_eq!(parameters[0].raw, [0x43, 0x21]);
    assert_eq!(body(0x47, "F1F10012345678"), Body::Done);
    let unknown = take(&Settings::default(), &up(0xE1, "010203"));
    assert_eq!(
        unknown.message.body,
        Body::Other {
            rest: vec![1, 2, 3]
        }
    );
    assert_eq!(
        unknown.oddities,
        [Oddity::UnknownFunction { function: 0xE1 }]
    );
    assert_eq!(unknown.replies.stored, None);
}

#[test]
fn a_picture_needs_its_mark() {
    let picture = take(
        &Settings::default(),
        &up(0x36, "F1F1001234567848F0F02611231010F3F3FFD8FFD9"),
    );
    let expected = Body::Picture {
        time: at("2026-11-23T10:10:00+08:00"),
        picture: bytes("FFD8FFD9"),
    };
    assert_eq!(picture.message.body, expected);
    assert!(picture.replies.stored.is_some());
    let reason = refusal(
        &Settings::default(),
        &up(0x36, "F1F1001234567848F0F02611231010FFD8FFD9"),
    );
    assert_eq!(reason.code(), "sl651.body");
}

#[test]
fn broken_frames_are_refused_with_the_right_reason() {
    let good = up(0x32, HEAD);
    let mut wrong_sum = good.clone();
    *wrong_sum.last_mut().unwrap() ^= 1;
    let mut too_long = good.clone();
    too_long[12] += 4;
    let cases = [
        (wrong_sum, "sl651.crc"),
        (good[..good.len() - 1].to_vec(), "sl651.stale"),
        (too_long, "sl651.stale"),
        (good[2..].to_vec(), "sl651.garbage"),
        (b"hello".to_vec(), "sl651.garbage"),
        (
            summed(
                "7E7E0100123456781234324008020007261123101500 03"
                    .replace(' ', "")
                    .as_str(),
            ),
            "sl651.direction_mark",
        ),
        (
            summed("7E7E010012345678123432000802000726112310150004"),
            "sl651.end_mark",
        ),
        (
            summed("7E7E010012345678123432000802000726112310150099"),
            "sl651.end_mark",
        ),
        (
            summed("7E7E010012345678123432000802000726112310150099")[..15].to_vec(),
            "sl651.stale",
        ),
        (
            summed(
                "7E7E0100123456781234320003020007 26 03"
                    .replace(' ', "")
                    .as_str(),
            ),
            "sl651.too_short",
        ),
        (
            summed(
                "7E7E010012345678123432000701000726112310150 3"
                    .replace(' ', "")
                    .as_str(),
            ),
            "sl651.start_mark",
        ),
    ];
    for (frame, code) in cases {
        let received = receive(Link::new(Settings::default()), &frame);
        let [Received::Refused { raw, reason }] = received.as_slice() else {
            panic!("{code}: {received:?}");
        };
        assert_eq!(reason.code(), code, "{reason}");
        assert_eq!(*raw, frame);
    }
}

#[test]
fn departures_are_taken_only_where_that_is_set() {
    let good = up(0x32, HEAD);
    let mut swapped = good.clone();
    let last = swapped.len() - 1;
    swapped.swap(last, last - 1);
    let mut damaged = good.clone();
    damaged[last] ^= 1;
    let other_length = |difference: u8| {
        let mut frame = good.clone();
        frame[12] = frame[12].wrapping_add(difference);
        summed(&hex::encode(&frame[..last - 1]))
    };
    let cases = [
        (swapped, Tolerance::LowByteFirst, "sl651.low_byte_first"),
        (damaged, Tolerance::BadCrc, "sl651.bad_crc"),
        (
            other_length(4),
            Tolerance::WrongLength,
            "sl651.wrong_length",
        ),
        (
            other_length(0xFC),
            Tolerance::WrongLength,
            "sl651.wrong_length",
        ),
    ];
    for (frame, tolerance, code) in cases {
        let received = receive(Link::new(Settings::default()), &frame);
        assert!(
            !received.is_empty() && messages(received).is_empty(),
            "{code}"
        );
        let settings = Settings {
            accept: [tolerance].into(),
            ..Settings::default()
        };
        let taken = take(&settings, &frame);
        assert_eq!(taken.raw, frame);
        assert_eq!(taken.oddities[0].code(), code);
        assert_eq!(taken.message.serial, 7);
        assert!(taken.replies.stored.is_some());
    }
}

#[test]
fn what_does_not_come_to_its_end_is_given_up_in_time() {
    let good = up(0x32, HEAD);
    let mut link = Link::new(Settings::default());
    assert_eq!(link.receive(&good[..20], now()), []);
    assert_eq!(link.pending(), 20);
    assert_eq!(link.receive(&[], now() + SignedDuration::from_secs(60)), []);
    let late = link.receive(&[], now() + SignedDuration::from_secs(61));
    let [
        Received::Refused {
            raw,
            reason: Refusal::Stale { .. },
        },
    ] = late.as_slice()
    else {
        panic!("{late:?}");
    };
    assert_eq!(*raw, good[..20]);
    assert_eq!(link.pending(), 0);
    assert_eq!(messages(link.receive(&good, now())).len(), 1);
}
