//! Reports of the 2025 edition with an encrypted data area.

use yiwang_hj212::{
    Body, Device, Edition, Field, Group, Kind, Mark, Message, Reading, Settings, Value,
};

use crate::samples::{at, refusal, take};

fn with_key() -> Settings {
    Settings {
        sm4_key: "30303030303030303030303030303030".parse().ok(),
        ..Settings::default()
    }
}

fn report(edition: Edition) -> Message {
    let reading = Reading {
        code: "a21026".into(),
        values: vec![Value::of(Field::Rtd, 18.5)],
        mark: Some(Mark::Normal),
        ..Reading::default()
    };
    let group = Group {
        time: at("2026-11-23T10:15:00+08:00"),
        readings: vec![reading],
        more: vec![],
    };
    let body = Body::Observed {
        kind: Kind::Realtime,
        groups: vec![group],
    };
    let device = Device {
        code: "010000A8900016F000169DC0".into(),
        system: "31".into(),
        password: "123456".into(),
        edition,
    };
    device.report(
        body,
        true,
        at("2026-11-23T10:15:01+08:00"),
        &Settings::default(),
    )
}

#[test]
fn an_encrypted_report_has_the_length_and_the_sum_of_the_plain_one() {
    let message = report(Edition::Year2025);
    let plain = message.encode(&Settings::default()).unwrap();
    let sealed = message.encode(&with_key()).unwrap();
    assert_eq!(sealed.len(), plain.len());
    assert_ne!(sealed, plain);
    assert_eq!(sealed[..6], plain[..6]);
    assert_eq!(sealed[sealed.len() - 6..], plain[plain.len() - 6..]);
    let taken = take(&with_key(), &sealed);
    assert_eq!(taken.message, message);
    assert_eq!(taken.raw, sealed);
    assert_eq!(taken.oddities, []);
    let answer = take(&Settings::default(), &taken.replies.stored.unwrap());
    assert_eq!(answer.message.body, Body::ReportReceived);
}

#[test]
fn without_the_key_it_is_refused_as_encrypted() {
    let sealed = report(Edition::Year2025).encode(&with_key()).unwrap();
    assert_eq!(
        refusal(&Settings::default(), &sealed).code(),
        "hj212.encrypted"
    );
}

#[test]
fn a_device_of_2017_is_not_encrypted_and_still_read_where_there_is_a_key() {
    let message = report(Edition::Year2017);
    let frame = message.encode(&with_key()).unwrap();
    assert_eq!(frame, message.encode(&Settings::default()).unwrap());
    assert_eq!(take(&with_key(), &frame).message, message);
}
