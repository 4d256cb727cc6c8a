//! The frames that are known bit for bit.

use yiwang_hj212::{
    Body, Command, Device, Edition, Field, Flag, Kind, Mark, RequestReturn, Settings,
};

use crate::samples::{at, take};

const OFFICIAL: &str = "##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&1C80\r\n";
const DUST: &str = "##0194QN=20261123101500000;ST=39;CN=2011;PW=123456;MN=320281YD0000000000000001;Flag=5;CP=&&DataTime=20261123101500;a34001-Rtd=0.186,a34001-Flag=N;a34002-Rtd=0.082,a34002-Flag=N;LA-Rtd=62.4,LA-Flag=N&&B8C1\r\n";
const SEWAGE: &str = "##0218QN=20261123110000000;ST=32;CN=2061;PW=123456;MN=320281WS0000000000000001;Flag=5;CP=&&DataTime=20261123100000;w01018-Cou=3.211,w01018-Min=24.1,w01018-Avg=28.6,w01018-Max=33.0,w01018-Flag=N;w21003-Avg=1.0,w21003-Flag=N&&5F00\r\n";
const REPORT_RECEIVED: &str = "##0087QN=20261123101500000;ST=91;CN=9014;PW=123456;MN=320281YD0000000000000001;Flag=4;CP=&&&&03C0\r\n";
const REQUEST_ANSWERED: &str = "##0094QN=20160801085857223;ST=91;CN=9011;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&QnRtn=1&&1B00\r\n";

fn plain() -> Settings {
    Settings::default()
}

#[test]
fn the_official_example_is_a_request_and_is_written_as_printed() {
    let taken = take(&plain(), OFFICIAL.as_bytes());
    assert_eq!(taken.raw, OFFICIAL.as_bytes());
    assert_eq!(taken.oddities, []);
    let header = &taken.message.header;
    assert_eq!(header.number.as_deref(), Some("20160801085857223"));
    assert_eq!(header.system, "32");
    assert_eq!(header.password.as_deref(), Some("100000"));
    assert_eq!(header.device, "010000A8900016F000169DC0");
    assert_eq!(header.flag, Some(Flag::from_byte(5)));
    let command = Command::SetRealtimeInterval { seconds: 30 };
    assert_eq!(taken.message.body, Body::Command(command.clone()));

    let device = Device {
        code: "010000A8900016F000169DC0".into(),
        system: "32".into(),
        password: "100000".into(),
        edition: Edition::Year2017,
    };
    let message = device.command(command, at("2016-08-01T08:58:57.223+08:00"), &plain());
    assert_eq!(message.encode(&plain()).unwrap(), OFFICIAL.as_bytes());
}

#[test]
fn a_dust_site_reports_three_values_and_gets_the_known_answer() {
    let taken = take(&plain(), DUST.as_bytes());
    assert_eq!(taken.oddities, []);
    let Body::Observed { kind, groups } = &taken.message.body else {
        panic!("{:?}", taken.message.body);
    };
    assert_eq!(*kind, Kind::Realtime);
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0].time, at("2026-11-23T10:15:00+08:00"));
    let found: Vec<_> = groups[0]
        .readings
        .iter()
        .map(|reading| {
            assert_eq!(reading.mark, Some(Mark::Normal));
            assert_eq!(reading.values[0].field, Field::Rtd);
            (reading.code.as_str(), reading.values[0].number)
        })
        .collect();
    let expected = [
        ("a34001", Some(0.186)),
        ("a34002", Some(0.082)),
        ("LA", Some(62.4)),
    ];
    assert_eq!(found, expected);
    assert_eq!(taken.replies.stored.unwrap(), REPORT_RECEIVED.as_bytes());
    assert_eq!(taken.replies.refused, None);
    assert_eq!(taken.message.encode(&plain()).unwrap(), DUST.as_bytes());
}

#[test]
fn a_sewage_outlet_reports_an_hour() {
    let taken = take(&plain(), SEWAGE.as_bytes());
    let Body::Observed { kind, groups } = &taken.message.body else {
        panic!("{:?}", taken.message.body);
    };
    assert_eq!(*kind, Kind::Hour);
    assert_eq!(groups[0].time, at("2026-11-23T10:00:00+08:00"));
    let cod = &groups[0].readings[0];
    assert_eq!(cod.code, "w01018");
    let values: Vec<_> = cod
        .values
        .iter()
        .map(|value| (value.field, value.number.unwrap()))
        .collect();
    let expected = [
        (Field::Cou, 3.211),
        (Field::Min, 24.1),
        (Field::Avg, 28.6),
        (Field::Max, 33.0),
    ];
    assert_eq!(values, expected);
    assert_eq!(cod.values[3].text, "33.0");
    assert_eq!(taken.message.encode(&plain()).unwrap(), SEWAGE.as_bytes());
}

#[test]
fn a_device_reads_what_answers_its_report() {
    let taken = take(&plain(), REPORT_RECEIVED.as_bytes());
    assert_eq!(taken.message.body, Body::ReportReceived);
    assert_eq!(taken.replies, yiwang_hj212::Replies::default());
    assert_eq!(
        taken.message.encode(&plain()).unwrap(),
        REPORT_RECEIVED.as_bytes()
    );
}

#[test]
fn a_request_is_answered_as_known() {
    let taken = take(&plain(), REQUEST_ANSWERED.as_bytes());
    assert_eq!(
        taken.message.body,
        Body::RequestAnswered(RequestReturn::Ready)
    );
    assert_eq!(
        taken.message.encode(&plain()).unwrap(),
        REQUEST_ANSWERED.as_bytes()
    );

    // The request that it answers, with the password of the answer.
    let asked = OFFICIAL
        .replace("PW=100000", "PW=123456")
        .replace("1C80", "");
    let segment = asked[6..].trim_end();
    let taken = take(&plain(), &crate::samples::frame(segment));
    assert_eq!(taken.replies.stored.unwrap(), REQUEST_ANSWERED.as_bytes());
    let refused = String::from_utf8(taken.replies.refused.unwrap()).unwrap();
    assert!(
        refused.contains("CN=9011;PW=123456;") && refused.contains("QnRtn=2"),
        "{refused}"
    );
}

#[test]
fn a_refusal_can_name_its_reason() {
    let taken = take(&plain(), OFFICIAL.as_bytes());
    let body = Body::RequestAnswered(RequestReturn::WrongPassword);
    let answer = taken.message.header.answer(body).unwrap();
    let answer = take(&plain(), &answer).message;
    assert_eq!(
        answer.body,
        Body::RequestAnswered(RequestReturn::WrongPassword)
    );
    assert_eq!(answer.header.flag, Some(Flag::from_byte(4)));
    assert_eq!(answer.header.number.as_deref(), Some("20160801085857223"));
}

#[test]
fn the_example_of_the_2025_edition_is_read_by_its_flag() {
    let text = "##0087QN=20240601085857223;ST=32;CN=1011;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&&&2200\r\n";
    let taken = take(&plain(), text.as_bytes());
    assert_eq!(taken.message.header.edition(), Some(Edition::Year2025));
    assert_eq!(
        taken.message.body,
        Body::Command(Command::ReadClock { sensor: None })
    );
    let answer = String::from_utf8(taken.replies.stored.unwrap()).unwrap();
    assert!(answer.contains(";Flag=8;"), "{answer}");
}

#[test]
fn nothing_is_answered_unless_the_flag_asks() {
    for flag in [0, 4, 8] {
        let segment = DUST[6..].trim_end().trim_end_matches("B8C1");
        let segment = segment.replace("Flag=5", &format!("Flag={flag}"));
        let taken = take(&plain(), &crate::samples::frame(&segment));
        assert_eq!(taken.replies, yiwang_hj212::Replies::default(), "{flag}");
    }
}

#[test]
fn a_notice_is_answered_as_a_notice() {
    let wanted = "QN=20160801085857223;ST=32;CN=1013;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&PolId=w01018&&";
    let taken = take(&plain(), &crate::samples::frame(wanted));
    let sensor = Some("w01018".to_owned());
    assert_eq!(taken.message.body, Body::ClockWanted { sensor });
    let answer = take(&plain(), &taken.replies.stored.unwrap());
    assert_eq!(answer.message.body, Body::NoticeReceived);

    let alive =
        "QN=20260801085857223;ST=91;CN=9015;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&&&";
    let taken = take(&plain(), &crate::samples::frame(alive));
    assert_eq!(taken.message.body, Body::Heartbeat);
    let answer = take(&plain(), &taken.replies.stored.unwrap());
    assert_eq!(answer.message.body, Body::NoticeReceived);
}
