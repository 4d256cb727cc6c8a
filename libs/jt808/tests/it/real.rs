//! Real frames with what another decoder read in them. They are no part of the project.

use std::path::{Path, PathBuf};

use jiff::tz::Offset;
use serde_json::Value;
use yiwang_jt808::{Link, Received, Settings, encode};

use crate::{bytes, now, one};

/// The files are not part of the project; `YIWANG_TEST_DATA` says where they are.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the tests says so by the environment"
)]
fn real_file(name: &str) -> Option<String> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var("YIWANG_TEST_DATA").map_or_else(|_unset| beside(), PathBuf::from);
    let file = folder.join("frames/jt808").join(name);
    let text = std::fs::read_to_string(&file).ok();
    if text.is_none() {
        println!("{} is not there: nothing is compared", file.display());
    }
    text
}

fn frames(file: &str) -> Vec<String> {
    csv::Reader::from_reader(file.as_bytes())
        .records()
        .map(|record| record.unwrap()[3].to_owned())
        .collect()
}

#[test]
fn every_real_frame_is_read_and_encodes_to_itself() {
    let Some(file) = real_file("jt808_frames.csv") else {
        return;
    };
    let frames = frames(&file);
    let mut ids = std::collections::BTreeMap::new();
    let (mut whole, mut parts) = (0, 0);
    for frame in &frames {
        let received = Link::new(Settings::default()).receive(&bytes(frame), now());
        let [entry] = received.as_slice() else {
            panic!("{frame}: {received:?}");
        };
        match entry {
            Received::Message { message, .. } => {
                whole += 1;
                *ids.entry(message.header.id).or_insert(0) += 1;
                let zone = Offset::constant(8);
                let again = encode(&message.header, &message.body, message.edition, zone).unwrap();
                assert_eq!(&hex::encode(again), frame, "{message:?}");
            }
            Received::Part { header, .. } => {
                parts += 1;
                *ids.entry(header.id).or_insert(0) += 1;
            }
            other => panic!("{frame}: {other:?}"),
        }
    }
    println!("{whole} messages and {parts} parts of {} ids", ids.len());
    assert_eq!(whole + parts, frames.len());
}

#[test]
fn real_parts_become_one_message() {
    let Some(file) = real_file("JT1078.txt") else {
        return;
    };
    let mut link = Link::new(Settings::default());
    let mut all = Vec::new();
    let mut found = None;
    for line in file.lines().filter(|line| line.starts_with("7e1205")) {
        all.extend(bytes(line.trim()));
        for entry in link.receive(&bytes(line.trim()), now()) {
            if let Received::Message { raw, message, .. } = entry {
                found = Some((raw, message));
            }
        }
    }
    let (raw, message) = found.unwrap();
    assert!(
        all.starts_with(&raw),
        "the raw bytes are those of the parts, in order"
    );
    let yiwang_jt808::Body::Recordings(recordings) = &message.body else {
        panic!("{message:?}");
    };
    assert_eq!(message.header.serial, 0x42fc);
    assert_eq!(recordings.recordings.len(), 180);
}

/// Where the other decoder's word stands in ours. `*` is every entry of a list.
const WORDS: &[(u16, &[(&str, &str)])] = &[
    (
        0x0001,
        &[
            ("responseSerialNo", "serial"),
            ("responseMessageId", "id"),
            ("resultCode", "result"),
        ],
    ),
    (
        0x0100,
        &[
            ("provinceId", "province"),
            ("cityId", "city"),
            ("makerId", "maker"),
            ("deviceModel", "model"),
            ("deviceId", "terminal"),
            ("plateColor", "plate_colour"),
            ("plateNo", "plate"),
        ],
    ),
    (
        0x0102,
        &[
            ("token", "token"),
            ("imei", "imei"),
            ("softwareVersion", "software"),
        ],
    ),
    (
        0x0107,
        &[
            ("deviceType", "kind"),
            ("makerId", "maker"),
            ("deviceModel", "model"),
            ("deviceId", "terminal"),
            ("iccid", "iccid"),
            ("hardwareVersion", "hardware"),
            ("firmwareVersion", "firmware"),
            ("gnssAttribute", "gnss"),
            ("networkAttribute", "network"),
        ],
    ),
    (0x0108, &[("type", "kind"), ("result", "result")]),
    (0x0200, LOCATION),
    (0x0301, &[("eventId", "id")]),
    (
        0x0302,
        &[("responseSerialNo", "serial"), ("answerId", "id")],
    ),
    (0x0303, &[("type", "kind"), ("action", "action")]),
    (
        0x0702,
        &[
            ("status", "state"),
            ("cardStatus", "card.result"),
            ("name", "card.name"),
            ("licenseNo", "card.certificate"),
            ("institution", "card.issuer"),
            ("licenseValidPeriod", "card.valid_until"),
            ("idCard", "card.identity"),
        ],
    ),
    (
        0x0704,
        &[
            ("type", "kind"),
            ("items.*.latitude", "locations.*.latitude_micro"),
            ("items.*.longitude", "locations.*.longitude_micro"),
            ("items.*.speed", "locations.*.speed_tenths"),
            ("items.*.altitude", "locations.*.altitude"),
            ("items.*.warnBit", "locations.*.alarm"),
            ("items.*.statusBit", "locations.*.status"),
            ("items.*.direction", "locations.*.direction"),
        ],
    ),
    (
        0x0705,
        &[
            ("items.*.id", "frames.*.id"),
            ("items.*.data", "frames.*.bytes"),
        ],
    ),
    (
        0x0800,
        &[
            ("id", "id"),
            ("type", "kind"),
            ("format", "format"),
            ("event", "event"),
            ("channelId", "channel"),
        ],
    ),
    (
        0x0801,
        &[
            ("id", "event.id"),
            ("type", "event.kind"),
            ("format", "event.format"),
            ("event", "event.event"),
            ("channelId", "event.channel"),
            ("location.latitude", "location.latitude_micro"),
            ("location.direction", "location.direction"),
        ],
    ),
    (
        0x0802,
        &[
            ("responseSerialNo", "serial"),
            ("items.*.id", "entries.*.id"),
            ("items.*.channelId", "entries.*.channel"),
            (
                "items.*.location.longitude",
                "entries.*.location.longitude_micro",
            ),
        ],
    ),
    (
        0x0805,
        &[
            ("responseSerialNo", "serial"),
            ("result", "result"),
            ("id", "ids"),
        ],
    ),
    (0x0901, &[("body", "bytes")]),
    (
        0x1003,
        &[
            ("audioFormat", "audio_codec"),
            ("audioFrameLength", "audio_frame_bytes"),
            ("videoFormat", "video_codec"),
            ("maxAudioChannels", "audio_channels_max"),
            ("maxVideoChannels", "video_channels_max"),
        ],
    ),
    (0x1005, &[("getOnCount", "on"), ("getOffCount", "off")]),
    (
        0x1205,
        &[
            ("responseSerialNo", "serial"),
            ("items.*.channelNo", "recordings.*.channel"),
            ("items.*.size", "recordings.*.size"),
            ("items.*.storageType", "recordings.*.store"),
        ],
    ),
    (
        0x1206,
        &[("responseSerialNo", "serial"), ("result", "result")],
    ),
    (
        0x1210,
        &[
            ("deviceId", "terminal"),
            ("deviceId_", "mark.terminal"),
            ("sequenceNo", "mark.sequence"),
            ("fileTotal", "mark.files"),
            ("platformAlarmId", "alarm"),
            ("type", "kind"),
        ],
    ),
    (
        0x1211,
        &[("name", "name"), ("type", "kind"), ("size", "size")],
    ),
    (
        0x8001,
        &[
            ("responseSerialNo", "serial"),
            ("responseMessageId", "id"),
            ("resultCode", "result"),
        ],
    ),
    (0x8003, &[("responseSerialNo", "serial"), ("id", "parts")]),
    (
        0x8100,
        &[
            ("responseSerialNo", "serial"),
            ("resultCode", "result"),
            ("token", "token"),
        ],
    ),
    (
        0x8105,
        &[("command", "command"), ("parameter", "parameters")],
    ),
    (0x8106, &[("id", "ids")]),
    (
        0x8108,
        &[
            ("type", "kind"),
            ("makerId", "maker"),
            ("version", "version"),
            ("packet", "package"),
        ],
    ),
    (
        0x8202,
        &[("interval", "interval"), ("validityPeriod", "seconds")],
    ),
    (0x8203, &[("responseSerialNo", "serial"), ("type", "kinds")]),
    (
        0x8300,
        &[("sign", "flags"), ("type", "kind"), ("content", "text")],
    ),
    (
        0x8301,
        &[
            ("type", "action"),
            ("events.*.id", "events.*.id"),
            ("events.*.content", "events.*.text"),
        ],
    ),
    (
        0x8302,
        &[
            ("sign", "flags"),
            ("content", "text"),
            ("options.*.id", "choices.*.id"),
            ("options.*.content", "choices.*.text"),
        ],
    ),
    (
        0x8303,
        &[
            ("type", "action"),
            ("infos.*.type", "entries.*.kind"),
            ("infos.*.name", "entries.*.text"),
        ],
    ),
    (0x8304, &[("type", "kind"), ("content", "text")]),
    (0x8400, &[("type", "kind"), ("phoneNumber", "phone")]),
    (
        0x8401,
        &[
            ("type", "action"),
            ("contacts.*.phone", "contacts.*.phone"),
            ("contacts.*.name", "contacts.*.name"),
            ("contacts.*.sign", "contacts.*.kind"),
        ],
    ),
    (
        0x8600,
        &[
            ("action", "action"),
            ("items.*.id", "areas.*.id"),
            ("items.*.latitude", "areas.*.centre.latitude"),
            ("items.*.radius", "areas.*.radius"),
            ("items.*.maxSpeed", "areas.*.limit.top"),
            ("items.*.duration", "areas.*.limit.seconds"),
            ("items.*.nightMaxSpeed", "areas.*.limit.night"),
            ("items.*.name", "areas.*.name"),
        ],
    ),
    (0x8601, &[("id", "ids")]),
    (
        0x8602,
        &[
            ("action", "action"),
            ("items.*.latitudeUL", "areas.*.upper_left.latitude"),
            ("items.*.longitudeLR", "areas.*.lower_right.longitude"),
            ("items.*.nightMaxSpeed", "areas.*.limit.night"),
            ("items.*.name", "areas.*.name"),
        ],
    ),
    (
        0x8604,
        &[
            ("id", "id"),
            ("attribute", "attribute"),
            ("maxSpeed", "limit.top"),
            ("duration", "limit.seconds"),
            ("points.*.latitude", "corners.*.latitude"),
            ("nightMaxSpeed", "limit.night"),
            ("name", "name"),
        ],
    ),
    (
        0x8606,
        &[
            ("id", "id"),
            ("items.*.routeId", "points.*.segment"),
            ("items.*.longitude", "points.*.corner.longitude"),
            ("items.*.upperLimit", "points.*.time.longest"),
            ("items.*.lowerLimit", "points.*.time.shortest"),
            ("items.*.maxSpeed", "points.*.limit.top"),
            ("items.*.nightMaxSpeed", "points.*.limit.night"),
            ("name", "name"),
        ],
    ),
    (0x8608, &[("type", "kind"), ("id", "ids")]),
    (0x8800, &[("mediaId", "id"), ("id", "missing")]),
    (
        0x8801,
        &[
            ("channelId", "channel"),
            ("command", "command"),
            ("time", "seconds"),
            ("save", "keep"),
            ("resolution", "resolution"),
            ("quality", "quality"),
            ("chroma", "chroma"),
        ],
    ),
    (
        0x8804,
        &[
            ("command", "command"),
            ("time", "seconds"),
            ("save", "keep"),
            ("audioSamplingRate", "rate"),
        ],
    ),
    (0x8805, &[("id", "id"), ("delete", "delete")]),
    (
        0x9101,
        &[
            ("ip", "server"),
            ("tcpPort", "tcp_port"),
            ("udpPort", "udp_port"),
            ("channelNo", "channel"),
            ("mediaType", "media"),
            ("streamType", "stream"),
        ],
    ),
    (
        0x9102,
        &[
            ("channelNo", "channel"),
            ("command", "command"),
            ("closeType", "close"),
            ("streamType", "stream"),
        ],
    ),
    (
        0x9105,
        &[("channelNo", "channel"), ("packetLossRate", "loss")],
    ),
    (
        0x9201,
        &[
            ("ip", "server"),
            ("channelNo", "channel"),
            ("mediaType", "media"),
            ("playbackMode", "mode"),
            ("playbackSpeed", "speed"),
        ],
    ),
    (
        0x9202,
        &[
            ("channelNo", "channel"),
            ("playbackMode", "command"),
            ("playbackSpeed", "speed"),
        ],
    ),
    (
        0x9205,
        &[
            ("channelNo", "channel"),
            ("mediaType", "media"),
            ("streamType", "stream"),
            ("storageType", "store"),
        ],
    ),
    (
        0x9206,
        &[
            ("ip", "server"),
            ("port", "port"),
            ("username", "user"),
            ("password", "password"),
            ("path", "path"),
            ("condition", "condition"),
        ],
    ),
    (
        0x9207,
        &[("responseSerialNo", "serial"), ("command", "command")],
    ),
    (
        0x9208,
        &[
            ("ip", "server"),
            ("tcpPort", "tcp_port"),
            ("deviceId", "mark.terminal"),
            ("platformAlarmId", "alarm"),
        ],
    ),
    (0x9212, &[("name", "name"), ("result", "result")]),
    (
        0x9301,
        &[
            ("channelNo", "channel"),
            ("param1", "direction"),
            ("param2", "speed"),
        ],
    ),
    (0x9302, &[("channelNo", "channel"), ("param", "action")]),
];

const LOCATION: &[(&str, &str)] = &[
    ("warnBit", "alarm"),
    ("statusBit", "status"),
    ("latitude", "latitude_micro"),
    ("longitude", "longitude_micro"),
    ("altitude", "altitude"),
    ("speed", "speed_tenths"),
    ("direction", "direction"),
    ("attributes.1", "extensions.mileage"),
    ("attributes.2", "extensions.fuel"),
    ("attributes.3", "extensions.recorder_speed"),
    ("attributes.4", "extensions.confirm_alarm"),
    ("attributes.5.value", "extensions.tyre_pressures"),
    ("attributes.6", "extensions.hold_temperature"),
    ("attributes.17.areaId", "extensions.overspeed.area"),
    ("attributes.18.direction", "extensions.area.direction"),
    ("attributes.19.driveTime", "extensions.segment.seconds"),
    ("attributes.37", "extensions.vehicle_signals"),
    ("attributes.42", "extensions.io"),
    ("attributes.48", "extensions.signal"),
    ("attributes.49", "extensions.satellites"),
];

/// All values at a path.
fn at<'a>(value: &'a Value, path: &str) -> Vec<&'a Value> {
    let (head, rest) = path.split_once('.').unwrap_or((path, ""));
    let next: Vec<&Value> = match (head, value) {
        ("", _) => return vec![value],
        ("*", Value::Array(entries)) => entries.iter().collect(),
        // Our extensions are a list of kinds and values.
        (kind, Value::Array(entries)) => entries
            .iter()
            .filter(|entry| entry["kind"] == kind)
            .map(|entry| &entry["value"])
            .collect(),
        (key, _) => value.get(key).into_iter().collect(),
    };
    next.into_iter().flat_map(|value| at(value, rest)).collect()
}

/// Frames with what the other decoder says of them.
fn decoded(file: &str) -> Vec<(String, Value)> {
    file.split("hex1 ")
        .skip(1)
        .map(|block| {
            let (frame, rest) = block.split_once('\n').unwrap();
            let json = rest.split("json1 ").nth(1).unwrap();
            let mut values = serde_json::Deserializer::from_str(json).into_iter::<Value>();
            (frame.trim().to_owned(), values.next().unwrap().unwrap())
        })
        .collect()
}

#[test]
fn what_we_read_is_what_the_other_decoder_read() {
    let Some(file) = real_file("单元测试记录.txt") else {
        return;
    };
    let mut compared = 0;
    for (frame, theirs) in decoded(&file) {
        let (message, ..) = one(&frame);
        let header = &message.header;
        assert_eq!(theirs["messageId"], header.id);
        assert_eq!(theirs["serialNo"], header.serial);
        assert_eq!(theirs["clientId"], header.phone.as_str());
        let ours = serde_json::to_value(&message.body).unwrap();
        let words = WORDS.iter().find(|(id, _)| *id == header.id);
        for (their, our) in words.map_or(&[][..], |(_, words)| words) {
            let (left, right) = (at(&theirs, their), at(&ours["body"], our));
            if !left.is_empty() {
                assert_eq!(left, right, "{their} of {frame}");
                compared += left.len();
            }
        }
    }
    println!("{compared} values agree");
    assert!(compared > 500, "{compared}");
}

#[test]
fn the_times_and_the_active_safety_of_jiangsu_agree() {
    let Some(file) = real_file("单元测试记录.txt") else {
        return;
    };
    let mut alarms = 0;
    for (frame, theirs) in decoded(&file) {
        let (message, oddities, _) = one(&frame);
        let yiwang_jt808::Body::Location(location) = &message.body else {
            continue;
        };
        let zone = Offset::constant(8);
        let time = zone.to_datetime(location.time.unwrap()).to_string();
        assert_eq!(theirs["deviceTime"], time);
        for extension in &location.extensions {
            let yiwang_jt808::location::Extension::ActiveSafety(alarm) = extension else {
                continue;
            };
            let their = &theirs["attributes"][extension.id().to_string()];
            assert_eq!(their["id"], alarm.number);
            assert_eq!(their["state"], alarm.state);
            assert_eq!(their["speed"], alarm.speed);
            assert_eq!(their["altitude"], alarm.altitude);
            assert_eq!(their["latitude"], alarm.latitude_micro);
            assert_eq!(their["longitude"], alarm.longitude_micro);
            assert_eq!(their["statusBit"], alarm.vehicle);
            assert_eq!(their["deviceId"], alarm.mark.terminal);
            assert_eq!(their["sequenceNo"], alarm.mark.sequence);
            assert_eq!(their["fileTotal"], alarm.mark.files);
            alarms += 1;
        }
        println!("{}: {oddities:?}", location.extensions.len());
    }
    assert_eq!(alarms, 8);
}
