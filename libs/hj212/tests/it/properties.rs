//! What holds for every message, every split and every damage.

use jiff::Timestamp;
use jiff::tz::Offset;
use proptest::prelude::*;
use yiwang_hj212::{
    Action, Body, Command, Device, Edition, ExecutionReturn, Field, Group, History, Kind, Limits,
    Link, Mark, Message, Reading, Received, RequestReturn, Settings, Value,
};

use crate::samples::{frame, messages, now};

fn seconds() -> impl Strategy<Value = Timestamp> {
    (1_400_000_000_i64..2_000_000_000).prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn value() -> impl Strategy<Value = Value> {
    let field = prop::sample::select(Field::ALL.to_vec());
    let text = prop_oneof![
        4 => (-1e6_f64..1e6).prop_map(|number| number.to_string()),
        1 => "[A-Za-z0-9.+-]{0,8}",
    ];
    (field, text).prop_map(|(field, text)| Value::new(field, text))
}

fn mark() -> impl Strategy<Value = Mark> {
    "[NFMSDCTBXH]{1,2}".prop_map(|text| Mark::from_text(&text))
}

fn reading() -> impl Strategy<Value = Reading> {
    (
        "[a-zA-Z][a-zA-Z0-9]{0,7}",
        prop::collection::vec(value(), 1..5),
        prop::option::of(mark()),
        prop::option::of(seconds()),
        prop::option::of("[A-Z0-9]{1,4}"),
        prop::collection::vec(("x[a-z]{3,6}", "[a-z0-9]{0,4}"), 0..2),
    )
        .prop_map(
            |(code, values, mark, sampled, equipment_mark, more)| Reading {
                code,
                values,
                mark,
                sampled,
                equipment_mark,
                more,
            },
        )
}

/// Groups of different times, in each of which a code stands once: what is repeated would be put together.
fn groups() -> impl Strategy<Value = Vec<Group>> {
    let more = prop::collection::vec(("[a-z]{3,6}", "[a-z0-9]{1,4}"), 0..2);
    let group = (seconds(), prop::collection::vec(reading(), 1..6), more);
    prop::collection::vec(group, 1..4).prop_map(|groups| {
        let mut times = std::collections::HashSet::new();
        let groups = groups.into_iter().filter(|(time, ..)| times.insert(*time));
        groups
            .map(|(time, mut readings, more)| {
                let mut codes = std::collections::HashSet::new();
                readings.retain(|reading| codes.insert(reading.code.clone()));
                Group {
                    time,
                    readings,
                    more,
                }
            })
            .collect()
    })
}

fn sensor() -> impl Strategy<Value = Option<String>> {
    prop::option::of("[aw][0-9]{5}")
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        (0..99_u32, 0..9_u32)
            .prop_map(|(seconds, resends)| Command::SetTimeouts { seconds, resends }),
        sensor().prop_map(|sensor| Command::ReadClock { sensor }),
        (sensor(), seconds()).prop_map(|(sensor, time)| Command::SetClock { sensor, time }),
        (1..3600_u32).prop_map(|seconds| Command::SetRealtimeInterval { seconds }),
        (1..60_u32).prop_map(|minutes| Command::SetMinuteInterval { minutes }),
        "[0-9A-Z]{6}".prop_map(|password| Command::SetPassword { password }),
        prop::sample::select(vec![
            Command::ReadRealtimeInterval,
            Command::ReadMinuteInterval,
            Command::StartRealtime,
            Command::StopRealtime,
            Command::StartEquipmentState,
            Command::StopEquipmentState,
            Command::KeepSample,
        ]),
        (
            prop::sample::select(History::ALL.to_vec()),
            seconds(),
            seconds()
        )
            .prop_map(|(kind, from, to)| Command::ReadHistory { kind, from, to }),
        (prop::sample::select(Action::ALL.to_vec()), sensor())
            .prop_map(|(action, sensor)| Command::Instrument { action, sensor }),
        (sensor(), 0..24_u32).prop_map(|(sensor, hours)| Command::SetSamplePeriod {
            sensor,
            start: "083000".into(),
            hours
        }),
        (sensor(), prop::option::of((seconds(), seconds()))).prop_map(|(sensor, span)| {
            Command::ReadSite {
                sensor,
                item: "i11001".into(),
                span,
            }
        }),
        (sensor(), "[0-9]{1,4}\\.[0-9]").prop_map(|(sensor, value)| Command::SetSite {
            sensor,
            item: "i13004".into(),
            value
        }),
    ]
}

fn body() -> impl Strategy<Value = Body> {
    let kind = prop::sample::select(Kind::ALL.to_vec());
    prop_oneof![
        4 => (kind, groups()).prop_map(|(kind, groups)| Body::Observed { kind, groups }),
        3 => command().prop_map(Body::Command),
        1 => (prop::option::of(seconds()), prop::option::of(seconds()))
            .prop_map(|(time, restarted)| Body::Started { time, restarted }),
        1 => sensor().prop_map(|sensor| Body::ClockWanted { sensor }),
        1 => (sensor(), seconds()).prop_map(|(sensor, time)| Body::Clock { sensor, time }),
        1 => any::<u32>().prop_map(|seconds| Body::RealtimeInterval { seconds }),
        1 => any::<u32>().prop_map(|minutes| Body::MinuteInterval { minutes }),
        1 => (prop::option::of(seconds()), "[1-9]")
            .prop_map(|(time, bottle)| Body::SampleKept { time, bottle }),
        1 => (sensor(), any::<u32>())
            .prop_map(|(sensor, hours)| Body::SamplePeriod { sensor, start: "000000".into(), hours }),
        1 => (sensor(), any::<u32>()).prop_map(|(sensor, minutes)| Body::SampleDuration { sensor, minutes }),
        1 => any::<u16>().prop_map(|code| Body::RequestAnswered(RequestReturn::from_code(code))),
        1 => any::<u16>().prop_map(|code| Body::Executed(ExecutionReturn::from_code(code))),
        1 => prop::sample::select(vec![Body::NoticeReceived, Body::ReportReceived, Body::Heartbeat]),
    ]
}

prop_compose! {
    fn message()(
        body in body(),
        code in "[0-9A-F]{24}",
        system in "[2-9][0-9]",
        password in "[0-9]{6}",
        edition in prop::sample::select(vec![Edition::Year2005, Edition::Year2017, Edition::Year2025]),
        wants_answer: bool,
        is_resent: bool,
        time in seconds(),
    ) -> Message {
        let device = Device { code, system, password, edition };
        let mut message = device.report(body, wants_answer, time, &Settings::default());
        message.header.is_resent = is_resent;
        message
    }
}

fn settings() -> impl Strategy<Value = Settings> {
    let key = prop::option::of("[0-9a-f]{32}").prop_map(|key| key.map(|key| key.parse().unwrap()));
    (key, -720..840_i16, 200..1_024_usize).prop_map(
        |(sm4_key, zone_offset_minutes, split_bytes)| Settings {
            sm4_key,
            zone_offset_minutes,
            limits: Limits {
                split_bytes,
                ..Limits::default()
            },
            ..Settings::default()
        },
    )
}

/// A good frame that no damage before it may lose.
fn good() -> Vec<u8> {
    frame(
        "QN=20261123101500000;ST=39;CN=2011;PW=123456;MN=320281YD0000000000000009;Flag=5;CP=&&DataTime=20261123101500;a34001-Rtd=0.186&&",
    )
}

fn is_good(received: &Received) -> bool {
    matches!(received, Received::Message { raw, .. } if *raw == good())
}

/// What frames are made of.
const WORDS: [&str; 24] = [
    "##",
    "##0101",
    "##0020",
    "##1000",
    "QN=2026",
    "ST=",
    "CN=2011;",
    "MN=A;",
    "CP=&&",
    "DataTime=",
    "&&",
    "0000",
    "1C80",
    "aF",
    "\r\n",
    ";",
    ",",
    "=",
    "//",
    "-Rtd",
    "PNUM=2;",
    "PNO=1;",
    "Flag=7;",
    "\r",
];

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}

proptest! {
    #![proptest_config(cases(10_000))]

    #[test]
    fn what_is_written_is_read_as_it_was(message in message(), settings in settings()) {
        let frames = message.encode_parts(&settings).unwrap();
        let mut link = Link::new(settings.clone());
        let received = link.receive(&frames.concat(), now());
        prop_assert_eq!(link.pending(), 0);
        let mut found = messages(received);
        prop_assert_eq!(found.len(), 1);
        let mut found = found.remove(0);
        // Only a part says that it is one.
        if let Some(flag) = &mut found.header.flag {
            flag.is_numbered = false;
        }
        prop_assert_eq!(found, message);
    }

    #[test]
    fn how_the_stream_is_split_changes_no_message(
        bodies in prop::collection::vec(message(), 1..4),
        cuts in prop::collection::vec(1..200_usize, 1..20),
        noise in "[a-z#\r\n]{0,12}",
    ) {
        let settings = Settings::default();
        let mut stream = noise.into_bytes();
        for message in &bodies {
            stream.extend(message.encode_parts(&settings).unwrap().concat());
        }
        let whole = messages(Link::new(settings.clone()).receive(&stream, now()));
        let mut link = Link::new(settings);
        let mut found = Vec::new();
        let mut rest = stream.as_slice();
        for length in cuts.iter().cycle() {
            let (now_come, later) = rest.split_at((*length).min(rest.len()));
            found.extend(messages(link.receive(now_come, now())));
            rest = later;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(found, whole);
    }

    #[test]
    fn arbitrary_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let mut link = Link::new(Settings::default());
        link.receive(&bytes, now());
        link.close(now());
        prop_assert_eq!(link.pending(), 0);
    }

    #[test]
    fn text_that_looks_like_frames_does_no_harm(
        words in prop::collection::vec(prop::sample::select(WORDS.to_vec()), 0..60),
    ) {
        let text = words.concat();
        let mut link = Link::new(Settings::default());
        let mut received = link.receive(text.as_bytes(), now());
        received.extend(link.receive(b"\r\n", now()));
        received.extend(link.receive(&good(), now()));
        prop_assert!(received.iter().any(is_good), "{received:?}");
    }

    #[test]
    fn a_damaged_frame_does_no_harm_to_the_next(
        message in message(),
        damages in prop::collection::vec((any::<prop::sample::Index>(), 0..3_u8, any::<u8>()), 1..4),
    ) {
        let mut frame = message.encode(&Settings::default()).unwrap();
        for (index, damage, byte) in damages {
            let at = index.index(frame.len());
            match damage {
                0 => frame[at] ^= 1 << (byte % 8),
                1 => drop(frame.drain(at..(at + usize::from(byte % 64)).min(frame.len() - 1))),
                _ => frame.insert(at, byte),
            }
        }
        let mut link = Link::new(Settings::default());
        let mut received = link.receive(&frame, now());
        received.extend(link.receive(&good(), now()));
        prop_assert!(received.iter().any(is_good), "{received:?}");
    }

    #[test]
    fn a_segment_of_any_content_is_read_or_refused(
        area in "[ -~]{0,80}",
        header in "[ -~]{0,40}",
    ) {
        let segment = format!("{header};ST=31;CN=2011;MN=A;CP=&&{area}&&");
        let mut link = Link::new(Settings::default());
        link.receive(&frame(&segment), now());
        link.close(now());
    }
}

#[test]
fn endless_garbage_is_never_kept() {
    let limits = Limits::default();
    let bound = limits.segment_bytes_max + limits.skipped_bytes_kept + 8_192;
    let mut link = Link::new(Settings::default());
    let mut random = 1_u32;
    for _ in 0..200 {
        let chunk: Vec<u8> = (0..5_000)
            .map(|_| {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                b"##0129Aa\r\n&=;x"[(random >> 16) as usize % 14]
            })
            .collect();
        link.receive(&chunk, now());
        assert!(link.pending() <= bound, "{}", link.pending());
    }
    let received = link.receive(&good(), now());
    assert!(received.iter().any(is_good));
    assert_eq!(Settings::default().zone(), Offset::constant(8));
}
