//! What holds for every message, every split and every damage.

use jiff::Timestamp;
use proptest::prelude::*;
use yiwang_sl651::{
    Body, Category, Command, Device, Element, Encoding, End, Group, KNOWN, Limits, Link, Message,
    Numbers, Parameter, Received, Report, ReportKind, Settings, State, Step, Tolerance, Wanted,
};

use crate::samples::{bytes, messages, now, up};

/// Whole minutes: a time of observation has no more.
fn minutes() -> impl Strategy<Value = Timestamp> {
    (16_000_000_i64..60_000_000).prop_map(|minute| Timestamp::from_second(minute * 60).unwrap())
}

fn seconds() -> impl Strategy<Value = Timestamp> {
    (960_000_000_i64..3_600_000_000).prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![4 => -1_000.0..1e4_f64, 1 => Just(0.0), 1 => 0.0..1e7_f64]
}

fn value() -> impl Strategy<Value = Option<f64>> {
    prop::option::weighted(0.9, 0.0..25.0_f64)
}

/// An element in bytes. What does not fit is invalid.
fn element() -> impl Strategy<Value = Element> {
    let known = prop::sample::select(KNOWN.to_vec());
    prop_oneof![
        6 => (known, number()).prop_map(|(known, number)| Element::of(known.code, number)
            .unwrap_or_else(|| Element::invalid(&format!("{:02X}", known.code), 3, known.decimals).unwrap())),
        2 => (code(), 1..9_u8, 0..8_u8, number()).prop_map(|(code, bytes, decimals, number)| {
            let element = Element::number(&code, bytes, decimals, number);
            element.unwrap_or_else(|| Element::invalid(&code, bytes, decimals).unwrap())
        }),
        1 => any::<u32>().prop_map(|bits| Element::state(State(bits))),
        1 => prop::array::uniform12(value()).prop_map(|values| Element::rains(values).unwrap()),
        1 => (0xF5..0xFD_u8, prop::array::uniform12(value()))
            .prop_map(|(code, values)| Element::levels(code, values).unwrap()),
    ]
}

fn code() -> impl Strategy<Value = String> {
    prop_oneof!["[7-9A-E][6-9A-F]", "FF[0-9A-F]{2}"]
}

fn words() -> impl Strategy<Value = Element> {
    let name = prop_oneof![
        4 => prop::sample::select(KNOWN.to_vec()).prop_map(|known| known.name.to_owned()),
        1 => "X[A-Z]{1,3}[0-9]",
    ];
    let text = prop_oneof!["-?[0-9]{1,5}(\\.[0-9]{1,3})?", "F{2,6}", "[G-Z]{1,3}"];
    let of = |(name, text): (String, String)| Element::in_characters(&name, &text);
    prop_oneof![
        4 => (name, text).prop_filter_map("a name", of),
        1 => "[0-9A-F]{8}".prop_map(|bits| Element::in_characters("ZT", &bits).unwrap()),
        1 => "[0-9A-F]{24}".prop_map(|rains| Element::in_characters("DRP", &rains).unwrap()),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    (0..3_usize, 1..60_u8).prop_map(|(unit, number)| Step {
        days: if unit == 0 { number } else { 0 },
        hours: if unit == 1 { number } else { 0 },
        minutes: if unit == 2 { number } else { 0 },
    })
}

/// Values that begin with zeros, as real ones do: others could look like the next element.
fn even() -> impl Strategy<Value = Group> {
    let values = prop::collection::vec(value(), 1..30);
    (minutes(), step(), values).prop_map(|(time, step, values)| Group {
        time,
        step: Some(step),
        elements: vec![Element::even("39", 4, 3, step, &values).unwrap()],
    })
}

fn plain(elements: impl Strategy<Value = Element>) -> impl Strategy<Value = Vec<Group>> {
    let group = (minutes(), prop::collection::vec(elements, 0..8));
    let group = group.prop_map(|(time, elements)| Group {
        time,
        step: None,
        elements,
    });
    prop::collection::vec(group, 1..4)
}

fn report(elements: impl Strategy<Value = Element>) -> impl Strategy<Value = Report> {
    let kind = prop::sample::select(ReportKind::ALL.to_vec());
    (kind, plain(elements)).prop_map(|(kind, groups)| Report {
        kind,
        groups,
        leftover: vec![],
    })
}

fn even_report() -> impl Strategy<Value = Report> {
    let kind = prop::sample::select(vec![ReportKind::Even, ReportKind::Span]);
    (kind, even()).prop_map(|(kind, group)| Report {
        kind,
        groups: vec![group],
        leftover: vec![],
    })
}

fn parameters() -> impl Strategy<Value = Vec<Parameter>> {
    let raw = prop::collection::vec(any::<u8>(), 0..32);
    let parameter = (0..0xFF_u8, raw).prop_map(|(code, raw)| Parameter::of(code, &raw).unwrap());
    prop::collection::vec(parameter, 1..6)
}

fn some_bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 1..40)
}

fn command() -> impl Strategy<Value = Command> {
    let wanted = prop::collection::vec((code(), any::<u8>()), 1..6).prop_map(|all| {
        all.into_iter()
            .map(|(code, descriptor)| Wanted { code, descriptor })
            .collect::<Vec<_>>()
    });
    prop_oneof![
        prop::sample::select(vec![
            Command::QueryPicture,
            Command::QueryCurrent,
            Command::QueryManual,
            Command::QueryPumps,
            Command::QueryVersion,
            Command::QueryState,
            Command::ClearStorage,
            Command::Reset,
            Command::SetClock,
            Command::QueryEvents,
            Command::QueryClock,
        ]),
        wanted.prop_map(|elements| Command::QueryElements { elements }),
        parameters().prop_map(|parameters| Command::SetBasic { parameters }),
        parameters().prop_map(|parameters| Command::SetRunning { parameters }),
        (any::<u16>(), any::<u16>()).prop_map(|(old, new)| Command::SetPassword { old, new }),
        (0x4C..0x4F_u8, some_bytes())
            .prop_map(|(function, content)| Command::Other { function, content }),
        (
            400_000..1_000_000_i64,
            400_000..1_000_000_i64,
            step(),
            code()
        )
            .prop_map(|(from, to, step, code)| {
                let hour = |hour: i64| Timestamp::from_second(hour * 3_600).unwrap();
                let element = Wanted {
                    code,
                    descriptor: 0x23,
                };
                Command::QuerySpan {
                    from: hour(from),
                    to: hour(to),
                    step,
                    element,
                }
            }),
    ]
}

/// What a station says: the function and the body.
fn said() -> impl Strategy<Value = (u8, Body)> {
    let done = prop::sample::select(vec![0x47, 0x48, 0x4A, 0x51, 0x4C]);
    prop_oneof![
        6 => report(element()).prop_map(|report| (report.kind.function(), Body::Report(report))),
        2 => even_report().prop_map(|report| (report.kind.function(), Body::Report(report))),
        1 => Just((0x2F, Body::KeepAlive)),
        1 => some_bytes().prop_map(|text| (0x35, Body::Manual { text })),
        2 => (minutes(), prop::collection::vec(any::<u8>(), 0..2_000))
            .prop_map(|(time, picture)| (0x36, Body::Picture { time, picture })),
        1 => (0x40..0x44_u8, parameters())
            .prop_map(|(function, parameters)| (function, Body::Parameters { parameters, leftover: vec![] })),
        1 => some_bytes().prop_map(|text| (0x45, Body::Version { text })),
        1 => any::<u32>().prop_map(|bits| (0x46, Body::State { state: State(bits), leftover: vec![] })),
        1 => prop::collection::vec(any::<u16>(), 1..33).prop_map(|counts| (0x50, Body::Events { counts })),
        1 => done.prop_map(|function| (function, Body::Done)),
        1 => (0xE0..=0xFF_u8, some_bytes()).prop_map(|(function, rest)| (function, Body::Other { rest })),
    ]
}

prop_compose! {
    fn device(encoding: Encoding)(
        centre: u8,
        station: [u8; 5],
        password: u16,
        category in prop::sample::select(Category::ALL.to_vec()),
    ) -> Device {
        let station = yiwang_sl651::Station(station);
        Device { encoding, centre, station, password, category: Some(category) }
    }
}

prop_compose! {
    fn up_message()(
        device in device(Encoding::Hex),
        (function, body) in said(),
        serial: u16,
        sent in prop::option::weighted(0.9, seconds()),
        has_more: bool,
    ) -> Message {
        let mut message = device.message(function, body, serial, now());
        message.sent = sent;
        message.end = if has_more { End::Etb } else { End::Etx };
        message
    }
}

prop_compose! {
    fn character_message()(
        device in device(Encoding::Ascii),
        report in report(words()),
        serial: u16,
        sent in seconds(),
    ) -> Message {
        device.report(report, serial, sent)
    }
}

prop_compose! {
    fn command_message()(device in device(Encoding::Hex), command in command(), sent in seconds()) -> Message {
        device.command(command, sent)
    }
}

prop_compose! {
    fn receipt()(
        message in up_message(),
        end in prop::sample::select(vec![End::Eot, End::Ack, End::Nak, End::Esc]),
        packet in prop::option::of((1..0x1000_u16, 1..0x1000_u16)),
        sent in seconds(),
    ) -> Message {
        message.receipt(end, packet.map(|(total, number)| Numbers { total, number }), sent)
    }
}

fn settings() -> impl Strategy<Value = Settings> {
    (-720..840_i16, 20..400_usize).prop_map(|(zone_offset_minutes, packet_bytes)| Settings {
        zone_offset_minutes: zone_offset_minutes / 60 * 60,
        limits: Limits {
            packet_bytes,
            ..Limits::default()
        },
        ..Settings::default()
    })
}

fn lenient() -> Settings {
    Settings {
        accept: [
            Tolerance::WrongLength,
            Tolerance::LowByteFirst,
            Tolerance::BadCrc,
        ]
        .into(),
        ..Settings::default()
    }
}

/// What a message is once it was written and read again.
fn again(link: Link, message: &Message, settings: &Settings) -> (Message, Message) {
    let frames = message.encode_packets(settings).unwrap();
    let mut link = link;
    let mut found = messages(link.receive(&frames.concat(), now()));
    assert_eq!((link.pending(), found.len()), (0, 1));
    let mut expected = message.clone();
    if frames.len() > 1 {
        expected.packets = Some(frames.len() as u16);
    }
    (found.remove(0), expected)
}

/// A good frame that no damage before it may lose.
fn good() -> Vec<u8> {
    up(0x32, "F1F1001234567848F0F0261123101020190000053923000104")
}

fn is_good(received: &Received) -> bool {
    matches!(received, Received::Message { raw, .. } if *raw == good())
}

/// What frames are made of.
const PIECES: [&str; 22] = [
    "7E",
    "7E7E",
    "7E7E0100123456781234",
    "32",
    "2F",
    "36",
    "0008",
    "0013",
    "8008",
    "0FFF",
    "02",
    "16",
    "0020026",
    "0007261123101500",
    "F1F10012345678",
    "F0F0",
    "03",
    "17",
    "05",
    "01",
    "30313030313233343536373831323334334630303038",
    "392300000127",
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
    fn what_a_station_writes_is_read_as_it_was(message in up_message(), settings in settings()) {
        let (found, expected) = again(Link::new(settings.clone()), &message, &settings);
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn what_a_station_writes_in_characters_is_read_as_it_was(message in character_message(), settings in settings()) {
        let (found, expected) = again(Link::new(settings.clone()), &message, &settings);
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn what_a_centre_writes_is_read_as_it_was(message in prop_oneof![command_message(), receipt()], settings in settings()) {
        let (found, expected) = if matches!(message.body, Body::Receipt { .. }) {
            let frame = message.encode(&settings).unwrap();
            let found = messages(Link::station(settings.clone()).receive(&frame, now()));
            (found[0].clone(), message)
        } else {
            again(Link::station(settings.clone()), &message, &settings)
        };
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn how_the_stream_is_split_changes_no_message(
        all in prop::collection::vec(prop_oneof![3 => up_message(), 1 => character_message()], 1..4),
        cuts in prop::collection::vec(1..200_usize, 1..20),
        noise in prop::collection::vec(prop::sample::select(vec![0x7E, 0x00, 0x0D, 0x41]), 0..5),
        is_lenient: bool,
    ) {
        let limits = Limits { packet_bytes: 300, ..Limits::default() };
        let settings = if is_lenient { lenient() } else { Settings::default() };
        let settings = Settings { limits, ..settings };
        let mut stream = noise;
        for message in &all {
            stream.extend(message.encode_packets(&settings).unwrap().concat());
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
        prop_assert_eq!(&found, &whole);
        prop_assert_eq!(found.len(), all.len());
    }

    #[test]
    fn arbitrary_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        for settings in [Settings::default(), lenient()] {
            let mut link = Link::new(settings);
            link.receive(&bytes, now());
            link.close(now());
            prop_assert_eq!(link.pending(), 0);
        }
    }

    #[test]
    fn bytes_that_look_like_frames_do_no_harm(
        pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..60),
    ) {
        let digits = pieces.concat();
        let noise = bytes(&digits[..digits.len() / 2 * 2]);
        let mut link = Link::new(Settings::default());
        let mut received = link.receive(&noise, now());
        received.extend(link.receive(&good(), now()));
        prop_assert!(received.iter().any(is_good), "{received:?}");
        let mut link = Link::new(lenient());
        link.receive(&noise, now());
        link.close(now());
        prop_assert_eq!(link.pending(), 0);
    }

    #[test]
    fn a_damaged_frame_does_no_harm_to_the_next(
        message in prop_oneof![3 => up_message(), 1 => character_message()],
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
        prop_assert!(received.iter().any(is_good), "{} {received:?}", hex::encode(&frame));
    }

    #[test]
    fn a_body_of_any_content_is_read_or_refused(
        function: u8,
        content in some_bytes(),
        has_subject: bool,
    ) {
        let subject = if has_subject { "F1F1001234567848F0F02611231010" } else { "" };
        let frame = up(function, &format!("{subject}{}", hex::encode(content)));
        for link in [Link::new(Settings::default()), Link::station(Settings::default())] {
            let mut link = link;
            prop_assert!(!link.receive(&frame, now()).is_empty());
            link.close(now());
        }
    }
}

#[test]
fn endless_garbage_is_never_kept() {
    let bound = 4_112 + Limits::default().skipped_bytes_kept + 4_096;
    for settings in [Settings::default(), lenient()] {
        let mut link = Link::new(settings);
        let mut random = 1_u32;
        for _ in 0..200 {
            let chunk: Vec<u8> = (0..5_000)
                .map(|_| {
                    random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    b"\x7E\x7E\x7E\x01\x02\x16\x00\x0F\xF00123"[(random >> 16) as usize % 13]
                })
                .collect();
            link.receive(&chunk, now());
            assert!(link.pending() <= bound, "{}", link.pending());
        }
        let mut received = link.receive(&good(), now());
        received.extend(link.close(now()));
        assert!(received.iter().any(is_good));
    }
}
