//! What vendors do otherwise, and what is refused with its reason.

use yiwang_hj212::{
    Body, Command, Edition, Field, History, Kind, Mark, Oddity, Refusal, Settings, Tolerance,
};

use crate::samples::{at, frame, receive, refusal, take};

const HEAD: &str =
    "QN=20261123101500000;ST=39;CN=2011;PW=123456;MN=320281YD0000000000000001;Flag=5;";

fn observed(area: &str) -> (Vec<yiwang_hj212::Group>, Vec<Oddity>) {
    let taken = take(
        &Settings::default(),
        &frame(&format!("{HEAD}CP=&&{area}&&")),
    );
    match taken.message.body {
        Body::Observed { groups, .. } => (groups, taken.oddities),
        other => panic!("{other:?}"),
    }
}

fn codes(oddities: &[Oddity]) -> Vec<&'static str> {
    oddities.iter().map(Oddity::code).collect()
}

#[test]
fn spaces_are_taken_and_marked() {
    let spaced = format!("{HEAD} CP=&&DataTime=20261123101500; a34001-Rtd= 0.186, a34001-Flag=N&&");
    let taken = take(&Settings::default(), &frame(&spaced));
    assert_eq!(codes(&taken.oddities), ["hj212.spaces", "hj212.spaces"]);
    let strict = Settings {
        accept: [Tolerance::WrongLength].into(),
        ..Settings::default()
    };
    assert_eq!(refusal(&strict, &frame(&spaced)).code(), "hj212.field");
}

#[test]
fn several_times_are_several_groups() {
    let (groups, oddities) = observed(
        "DataTime=20261123100000;a34001-Avg=0.1,a34001-Flag=N;DataTime=20261123101000;a34001-Avg=0.2,a34001-Flag=D",
    );
    assert_eq!(oddities, []);
    assert_eq!(groups.len(), 2);
    assert_eq!(groups[1].time, at("2026-11-23T10:10:00+08:00"));
    assert_eq!(groups[1].readings[0].mark, Some(Mark::Fault));
}

#[test]
fn what_belongs_to_one_code_is_one_reading_however_it_is_separated() {
    let (groups, _) = observed(
        "DataTime=20261123100000;LA-Rtd=50;b-Rtd=1;LA-Flag=T,LA-EFlag=A01,LA-SampleTime=20261123095900",
    );
    let reading = &groups[0].readings[0];
    assert_eq!(reading.mark, Some(Mark::OverRange));
    assert_eq!(reading.equipment_mark.as_deref(), Some("A01"));
    assert_eq!(reading.sampled, Some(at("2026-11-23T09:59:00+08:00")));
    assert_eq!(groups[0].readings.len(), 2);
}

#[test]
fn unknown_things_are_kept_and_marked() {
    let (groups, oddities) = observed(
        "DataTime=20261123100000;a34001-Rtd=0.1,a34001-Quality=good,a34001-Flag=Hd;Site=west;a05024-Rtd=--",
    );
    let reading = &groups[0].readings[0];
    assert_eq!(reading.more, [("Quality".to_owned(), "good".to_owned())]);
    assert_eq!(reading.mark, Some(Mark::Other("Hd".into())));
    assert_eq!(groups[0].more, [("Site".to_owned(), "west".to_owned())]);
    let ozone = &groups[0].readings[1].values[0];
    assert_eq!((ozone.text.as_str(), ozone.number), ("--", None));
    assert_eq!(
        codes(&oddities),
        [
            "hj212.unknown_item",
            "hj212.unknown_mark",
            "hj212.not_a_number"
        ]
    );
}

#[test]
fn the_case_of_letters_does_not_matter() {
    let text = "qn=20261123101500000;st=39;cn=2011;pw=123456;mn=320281YD0000000000000001;flag=5;cp=&&datatime=20261123101500;a34001-RTD=1,a34001-flag=n&&";
    let taken = take(&Settings::default(), &frame(text));
    let Body::Observed { groups, .. } = &taken.message.body else {
        panic!("{:?}", taken.message.body);
    };
    assert_eq!(groups[0].readings[0].values[0].field, Field::Rtd);
    assert_eq!(groups[0].readings[0].mark, Some(Mark::Normal));
    assert!(taken.oddities.contains(&Oddity::LetterCase {
        name: "flag".into()
    }));
}

#[test]
fn a_device_of_2005_has_no_number_and_no_flag_and_gets_no_answer() {
    let text =
        "ST=32;CN=2011;PW=123456;MN=LD130133000015;CP=&&DataTime=20160824003817;B01-Rtd=36.91&&";
    let taken = take(&Settings::default(), &frame(text));
    assert_eq!(taken.message.header.edition(), Some(Edition::Year2005));
    assert_eq!(taken.replies.stored, None);
    assert_eq!(codes(&taken.oddities), ["hj212.no_field", "hj212.no_field"]);
    let told = Settings {
        edition: Some(Edition::Year2005),
        ..Settings::default()
    };
    assert_eq!(take(&told, &frame(text)).oddities, []);
    // With a flag of one the same device waits for an answer, and gets one without a number.
    let asks = text.replace("MN=LD130133000015;", "MN=LD130133000015;Flag=1;");
    let answer = take(&told, &frame(&asks)).replies.stored.unwrap();
    let text = String::from_utf8(answer.clone()).unwrap();
    assert!(
        text.contains("ST=91;CN=9014;PW=123456;MN=LD130133000015;Flag=0;CP=&&&&"),
        "{text}"
    );
    assert_eq!(take(&told, &answer).message.body, Body::ReportReceived);
}

#[test]
fn text_comes_in_either_encoding() {
    let area = "DataTime=20261123101500;PolId=w01018;i11001-Info=//换膜,完成;正常//";
    let head = HEAD.replace("2011", "3020");
    let utf8 = format!("{head}CP=&&{area}&&");
    // 换膜,完成;正常 in GB 2312.
    let gb = [
        0xBB, 0xBB, 0xC4, 0xA4, b',', 0xCD, 0xEA, 0xB3, 0xC9, b';', 0xD5, 0xFD, 0xB3, 0xA3,
    ];
    let mut old = utf8.split("//").next().unwrap().as_bytes().to_vec();
    old.extend_from_slice(b"//");
    old.extend_from_slice(&gb);
    old.extend_from_slice(b"//&&");
    let sum = format!("{:04X}\r\n", yiwang_hj212::crc(&old));
    let old = [
        format!("##{:04}", old.len()).as_bytes(),
        &old,
        sum.as_bytes(),
    ]
    .concat();
    for bytes in [frame(&utf8), old] {
        let taken = take(&Settings::default(), &bytes);
        let Body::Observed {
            kind: Kind::Site,
            groups,
        } = &taken.message.body
        else {
            panic!("{:?}", taken.message.body);
        };
        assert_eq!(groups[0].readings[0].values[0].text, "//换膜,完成;正常//");
    }
}

#[test]
fn history_that_is_sent_again_is_known_by_its_time_or_its_mark() {
    let head = HEAD
        .replace("CN=2011", "CN=2051")
        .replace("Flag=5;", "Flag=9;RF=1;");
    let area = "DataTime=20261101000000;a34001-Avg=0.1,a34001-Flag=N";
    let taken = take(
        &Settings::default(),
        &frame(&format!("{head}CP=&&{area}&&")),
    );
    assert!(taken.message.header.is_resent);
    let Body::Observed { kind, groups } = &taken.message.body else {
        panic!("{:?}", taken.message.body);
    };
    assert_eq!(*kind, Kind::Minute);
    assert_eq!(groups[0].time, at("2026-11-01T00:00:00+08:00"));
}

#[test]
fn a_number_of_a_command_says_only_with_its_area_whether_it_asks() {
    let head = HEAD.replace("2011", "2061");
    let asked = format!("{head}CP=&&BeginTime=20261101000000,EndTime=20261102000000&&");
    let command = Command::ReadHistory {
        kind: History::Hour,
        from: at("2026-11-01T00:00:00+08:00"),
        to: at("2026-11-02T00:00:00+08:00"),
    };
    let taken = take(&Settings::default(), &frame(&asked));
    assert_eq!(taken.message.body, Body::Command(command));
}

#[test]
fn equipment_has_states_and_hours() {
    let state = format!(
        "{}CP=&&DataTime=20261123101500;SB1-RS=1;SB2-RS=0&&",
        HEAD.replace("2011", "2021")
    );
    let hours = format!(
        "{}CP=&&DataTime=20261122000000;SB1-RT=1.5&&",
        HEAD.replace("2011", "2041")
    );
    for (text, kind, field, number) in [
        (state, Kind::EquipmentState, Field::Rs, 1.0),
        (hours, Kind::EquipmentHours, Field::Rt, 1.5),
    ] {
        let taken = take(&Settings::default(), &frame(&text));
        let Body::Observed {
            kind: found,
            groups,
        } = &taken.message.body
        else {
            panic!("{:?}", taken.message.body);
        };
        assert_eq!(*found, kind);
        let value = &groups[0].readings[0].values[0];
        assert_eq!((value.field, value.number), (field, Some(number)));
    }
}

#[test]
fn a_time_of_another_form_is_marked_and_one_that_is_none_refused() {
    let (groups, oddities) = observed("DataTime=20261123101500000;a-Rtd=1");
    assert_eq!(groups[0].time, at("2026-11-23T10:15:00+08:00"));
    assert_eq!(codes(&oddities), ["hj212.time_form"]);
    let bad = frame(&format!("{HEAD}CP=&&DataTime=20261323101500;a-Rtd=1&&"));
    assert_eq!(
        refusal(&Settings::default(), &bad),
        Refusal::Time {
            field: "DataTime",
            text: "20261323101500".into(),
        }
    );
}

#[test]
fn what_misses_its_fields_is_refused_with_their_names() {
    let cases = [
        (
            "ST=32;PW=1;MN=A;CP=&&DataTime=20261123101500;a-Rtd=1&&",
            "CN",
        ),
        (
            "ST=32;CN=2011;PW=1;CP=&&DataTime=20261123101500;a-Rtd=1&&",
            "MN",
        ),
        (
            "ST=32;CN=2011;PW=1;MN=;CP=&&DataTime=20261123101500;a-Rtd=1&&",
            "MN",
        ),
        ("ST=32;CN=20;PW=1;MN=A;CP=&&&&", "CN"),
        ("ST=32;CN=2011;PW=1;MN=A;Flag=300;CP=&&&&", "Flag"),
        ("ST=32;CN=2011;PW=1;MN=A", "CP"),
        ("ST=32;CN=2011;PW=1;MN=A;CP=&&a-Rtd=1&&", "DataTime"),
        ("ST=91;CN=9011;PW=1;MN=A;CP=&&&&", "QnRtn"),
        (
            "ST=32;CN=2011;PW=1;MN=A;Flag=7;PNUM=x;PNO=1;CP=&&&&",
            "PNUM",
        ),
    ];
    for (segment, name) in cases {
        let reason = refusal(&Settings::default(), &frame(segment));
        assert!(
            matches!(&reason, Refusal::Field { name: found, .. } if found == name),
            "{segment}: {reason}"
        );
        assert_eq!(reason.code(), "hj212.field");
    }
}

#[test]
fn a_bad_frame_leaves_those_before_and_behind_it() {
    let good = frame(&format!("{HEAD}CP=&&DataTime=20261123101500;a-Rtd=1&&"));
    let bad = frame(&format!("{HEAD}CP=&&a-Rtd=1&&"));
    let received = receive(
        &Settings::default(),
        &[good.clone(), bad, b"junk".to_vec(), good].concat(),
    );
    let words: Vec<&str> = received
        .iter()
        .map(|received| match received {
            yiwang_hj212::Received::Message { .. } => "message",
            yiwang_hj212::Received::Part { .. } => "part",
            yiwang_hj212::Received::Refused { reason, .. } => reason.code(),
        })
        .collect();
    assert_eq!(
        words,
        ["message", "hj212.field", "hj212.garbage", "message"]
    );
}
