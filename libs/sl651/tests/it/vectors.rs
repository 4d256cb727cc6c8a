//! Known frames, bit for bit.

use yiwang_sl651::{
    After, Body, Category, Command, Device, Direction, Element, Encoding, End, Group, Header, Mode,
    Report, ReportKind, Settings, Step, Subject, Wanted,
};

use crate::samples::{at, bytes, numbers, report, summed, take, take_down};

const KEEP_ALIVE: &str = "7E7E01001234567812342F0008020003591011155111036BCA";
const TEST: &str = "7E7E010012345678123430002B020003591011154947F1F1001234567848F0F0591011154920190000052619000005392300000127381211150320FA";
const TEST_ACK: &str = "7E7E00123456780112343080080200035910111549471B75D4";
const TIMED: &str = "7E7E05001122334403E832002B020034170718110016F1F1001122334448F0F01707181100201900004026190000403923000104903812109903A421";
const TIMED_ACK: &str = "7E7E00112233440503E83280080200341707181100161BE5D4";

fn device() -> Device {
    Device {
        encoding: Encoding::Hex,
        centre: 1,
        station: "0012345678".parse().unwrap(),
        password: 0x1234,
        category: Some(Category::River),
    }
}

#[test]
fn a_sign_of_life_is_not_answered() {
    let taken = take(&Settings::default(), &bytes(KEEP_ALIVE));
    let header = Header {
        encoding: Encoding::Hex,
        direction: Direction::Up,
        centre: 1,
        station: "0012345678".parse().unwrap(),
        password: 0x1234,
        function: 0x2F,
    };
    assert_eq!(taken.message.header, header);
    assert_eq!(taken.message.serial, 3);
    assert_eq!(taken.message.sent, Some(at("2059-10-11T15:51:11+08:00")));
    assert_eq!(taken.message.body, Body::KeepAlive);
    assert_eq!(taken.raw, bytes(KEEP_ALIVE));
    assert_eq!(taken.oddities, []);
    assert_eq!(taken.replies.stored, None);
    assert_eq!(taken.replies.refused, None);
    let again = device().message(0x2F, Body::KeepAlive, 3, taken.message.sent.unwrap());
    assert_eq!(
        again.encode(&Settings::default()).unwrap(),
        bytes(KEEP_ALIVE)
    );
}

#[test]
fn a_test_report_has_its_values_and_its_confirmation() {
    let taken = take(&Settings::default(), &bytes(TEST));
    let subject = Subject {
        station: "0012345678".parse().unwrap(),
        category: Some(Category::River as u8),
    };
    assert_eq!(taken.message.subject, Some(subject));
    assert_eq!(report(&taken.message).kind, ReportKind::Test);
    let values = [
        ("20", Some(0.5)),
        ("26", Some(0.5)),
        ("39", Some(0.127)),
        ("38", Some(11.15)),
    ];
    assert_eq!(numbers(&taken.message), values);
    assert_eq!(
        report(&taken.message).groups[0].time,
        at("2059-10-11T15:49:00+08:00")
    );
    assert_eq!(taken.oddities, []);
    assert_eq!(taken.replies.stored.as_deref(), Some(&*bytes(TEST_ACK)));
}

#[test]
fn a_test_report_is_written_as_it_was() {
    let group = Group {
        time: at("2059-10-11T15:49:00+08:00"),
        step: None,
        elements: [(0x20, 0.5), (0x26, 0.5), (0x39, 0.127), (0x38, 11.15)]
            .map(|(code, value)| Element::of(code, value).unwrap())
            .into(),
    };
    let report = Report {
        kind: ReportKind::Test,
        groups: vec![group],
        leftover: vec![],
    };
    let message = device().report(report, 3, at("2059-10-11T15:49:47+08:00"));
    assert_eq!(message.encode(&Settings::default()).unwrap(), bytes(TEST));
}

#[test]
fn a_timed_report_has_its_values_and_its_confirmation() {
    let taken = take(&Settings::default(), &bytes(TIMED));
    assert_eq!(taken.message.header.centre, 5);
    assert_eq!(taken.message.header.password, 0x03E8);
    let values = [
        ("20", Some(4.0)),
        ("26", Some(4.0)),
        ("39", Some(10.49)),
        ("38", Some(10.99)),
    ];
    assert_eq!(numbers(&taken.message), values);
    assert_eq!(taken.replies.stored.as_deref(), Some(&*bytes(TIMED_ACK)));
    let nak = summed("7E7E00112233440503E832800802003417071811001615");
    assert_eq!(taken.replies.refused, Some(nak));
}

#[test]
fn a_station_reads_its_confirmation() {
    let taken = take_down(&Settings::default(), &bytes(TEST_ACK));
    assert_eq!(taken.message.header.direction, Direction::Down);
    assert_eq!(taken.message.header.centre, 1);
    assert_eq!(taken.message.header.station.to_string(), "0012345678");
    assert_eq!(taken.message.serial, 3);
    assert_eq!(taken.message.end, End::Esc);
    assert_eq!(taken.message.body, Body::Receipt { packet: None });
    assert_eq!(
        taken.message.encode(&Settings::default()).unwrap(),
        bytes(TEST_ACK)
    );
}

#[test]
fn modes_decide_what_is_confirmed() {
    let confirmed = |mode| {
        let settings = Settings {
            mode,
            after: After::Leave,
            ..Settings::default()
        };
        take(&settings, &bytes(TEST)).replies.stored
    };
    assert_eq!(confirmed(Mode::M1), None);
    assert_eq!(confirmed(Mode::M4), None);
    let leave = summed(
        "7E7E00123456780112343080080200035910111549 4704"
            .replace(' ', "")
            .as_str(),
    );
    assert_eq!(confirmed(Mode::M2), Some(leave.clone()));
    assert_eq!(confirmed(Mode::M3), Some(leave));
}

#[test]
fn a_station_with_more_to_say_is_told_to_go_on() {
    let more = TEST.strip_suffix("0320FA").unwrap().to_owned() + "17";
    let taken = take(&Settings::default(), &summed(&more));
    let go_on = summed("7E7E001234567801123430800802000359101115494706");
    assert_eq!(taken.replies.stored, Some(go_on));
}

#[test]
fn commands_are_read_by_the_station_as_the_centre_wrote_them() {
    let element = Wanted::of(0x39).unwrap();
    let (from, to) = (
        at("2026-11-22T08:00:00+08:00"),
        at("2026-11-23T08:00:00+08:00"),
    );
    let commands = [
        Command::QueryPicture,
        Command::QueryCurrent,
        Command::QuerySpan {
            from,
            to,
            step: Step {
                hours: 1,
                ..Step::default()
            },
            element: element.clone(),
        },
        Command::QueryManual,
        Command::QueryElements {
            elements: vec![element.clone(), Wanted::of(0x20).unwrap()],
        },
        Command::ReadRunning {
            parameters: vec![element],
        },
        Command::QueryPumps,
        Command::QueryVersion,
        Command::QueryState,
        Command::ClearStorage,
        Command::Reset,
        Command::SetPassword {
            old: 0x1234,
            new: 0x4321,
        },
        Command::SetClock,
        Command::QueryEvents,
        Command::QueryClock,
        Command::Other {
            function: 0x4C,
            content: vec![1, 2],
        },
    ];
    for command in commands {
        let message = device().command(command.clone(), at("2026-11-23T10:15:00+08:00"));
        let frame = message.encode(&Settings::default()).unwrap();
        let taken = take_down(&Settings::default(), &frame);
        assert_eq!(taken.message, message);
        assert_eq!(taken.message.body, Body::Command(command));
        assert_eq!(taken.replies.stored, None);
    }
}

#[test]
fn a_question_has_the_bytes_that_are_expected() {
    let time = at("2026-11-23T10:15:00+08:00");
    let command = Command::QuerySpan {
        from: at("2026-11-22T08:00:00+08:00"),
        to: at("2026-11-23T08:00:00+08:00"),
        step: Step {
            hours: 1,
            ..Step::default()
        },
        element: Wanted::of(0x39).unwrap(),
    };
    let frame = device()
        .command(command, time)
        .encode(&Settings::default())
        .unwrap();
    let expected = summed(
        "7E7E0012345678011234388017020000261123101500261122082611230804180001003923 05"
            .replace(' ', "")
            .as_str(),
    );
    assert_eq!(hex::encode(frame), hex::encode(expected));
    let clock = device()
        .command(Command::SetClock, time)
        .encode(&Settings::default())
        .unwrap();
    assert_eq!(
        hex::encode(clock),
        hex::encode(summed("7E7E00123456780112344A800802000026112310150005"))
    );
}

#[test]
fn a_message_of_the_other_side_is_refused_by_its_name() {
    let reason = crate::samples::refusal(&Settings::default(), &bytes(TEST_ACK));
    assert_eq!(reason.code(), "sl651.direction");
    assert_eq!(reason.to_string(), "a frame of the other direction came");
}
