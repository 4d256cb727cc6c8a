//! Frames whose meaning is printed, bit for bit.

use yiwang_gb26875::body::{DeviceOperation, PartState};
use yiwang_gb26875::names::{DeviceOperationFlags, part_name, system_name};
use yiwang_gb26875::{Body, Command, Link, Received, Refusal, Settings, encode};

use crate::{ZONE, bytes, now, one};

const LINK_TEST: &str = "4040690010000a110e030615000000000000ac103cd56d1d01000216302323";
const OPERATION: &str =
    "404031131000160F11030316000000000000C0A801046D1D0A000218010200160F11030316162323";
const FIRE: &str = "4040140010000509091b07152c312c320000784d07918e23300002020101012a01000100020031bac5bdd3bfdab0e531bbd8c2b731bac500bac5d6f7bbfaf898cfa000000025110301060c472323";

fn same_again(frame: &str) {
    let (message, ..) = one(&bytes(frame));
    let again = encode(&message.header, &message.body, ZONE).unwrap();
    assert_eq!(hex::encode(again), frame.to_lowercase());
}

#[test]
fn a_link_test() {
    let (message, oddities, _) = one(&bytes(LINK_TEST));
    assert_eq!(oddities, []);
    let header = &message.header;
    assert_eq!((header.serial, header.version), (0x69, [0x10, 0]));
    assert_eq!(header.command, Command::Send);
    assert_eq!(header.time.unwrap().to_string(), "2021-06-03T06:17:10Z");
    assert_eq!(header.source.number(), 0);
    assert_eq!(header.destination.to_string(), "1d6dd53c10ac");
    assert_eq!(message.body, Body::LinkTest);
    same_again(LINK_TEST);
}

#[test]
fn an_operation_on_the_device() {
    let (message, oddities, _) = one(&bytes(OPERATION));
    assert_eq!(oddities, []);
    assert_eq!(message.header.serial, 0x1331);
    let done = DeviceOperation {
        done: DeviceOperationFlags(2),
        operator: 0,
        time: Some("2022-03-03T09:15:22Z".parse().unwrap()),
    };
    assert_eq!(message.body, Body::DeviceOperations(vec![done]));
    same_again(OPERATION);
}

#[test]
fn a_smoke_detector_sees_fire() {
    let (message, oddities, _) = one(&bytes(FIRE));
    assert_eq!(oddities, []);
    assert_eq!(message.header.source.to_string(), "0000322c312c");
    let Body::PartStates(states) = &message.body else {
        panic!("{message:?}");
    };
    let [
        PartState {
            at,
            state,
            description,
            time,
        },
    ] = states.as_slice()
    else {
        panic!("{states:?}");
    };
    assert_eq!(system_name(at.system.system).unwrap().zh, "火灾报警系统");
    assert_eq!(part_name(at.part).unwrap().zh, "点型光电感烟火灾探测器");
    assert_eq!((at.text().as_str(), at.words()), ("00010001", (1, 1)));
    assert_eq!(state.0, 2);
    assert!(state.is_fire() && !state.is_fault());
    assert_eq!(state.set().map(|bit| bit.zh).collect::<Vec<_>>(), ["火警"]);
    assert_eq!(description, "1号接口板1回路1号");
    let time = ZONE.to_datetime(time.unwrap());
    assert_eq!(time.to_string(), "2012-06-01T03:17:37");
}

/// Public code prints a confirmation whose checksum is too low by two; the sum runs from the serial number to the end
/// of the data, and nothing else is right.
#[test]
fn a_confirmation_has_the_right_checksum_and_the_wrong_one_is_refused() {
    let (.., replies) = one(&bytes(LINK_TEST));
    let confirmation = replies.stored.unwrap();
    // 69 + 10 + (0 + 0 + 10 + 23 + 11 + 26) + (ac + 10 + 3c + d5 + 6d + 1d) + 3, modulo 256.
    assert_eq!(
        hex::encode(&confirmation),
        "40406900100000000a170b1aac103cd56d1d00000000000000000319 2323".replace(' ', "")
    );
    let mut wrong = confirmation;
    let at = wrong.len() - 3;
    wrong[at] = wrong[at].wrapping_sub(2);
    let received = Link::device(Settings::default()).receive(&wrong, now());
    assert!(
        matches!(
            received.as_slice(),
            [Received::Refused {
                reason: Refusal::Checksum { .. },
                ..
            }]
        ),
        "{received:?}"
    );
}
