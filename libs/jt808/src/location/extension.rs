//! The extensions of a location. Whatever stands in one, it never costs the location: an extension that cannot be what
//! its id says is kept raw and noted.

use serde::{Deserialize, Serialize};

use super::Measured;
use super::active_safety::{self, ActiveSafety};
use super::bits::{Bit, named};
use crate::layout::{Reader, Unread, Writer};
use crate::oddity::Oddity;

/// One extension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Extension {
    /// 01: odometer, tenths of a kilometre.
    Mileage(u32),
    /// 02: tenths of a litre.
    Fuel(u16),
    /// 03: speed of the driving recorder, tenths of km/h.
    RecorderSpeed(u16),
    /// 04: number of the alarm that wants a person's confirmation.
    ConfirmAlarm(u16),
    /// 05 (2019): Pa per wheel; bytes that stand for nothing are `FF`.
    TyrePressures(Vec<u8>),
    /// 06 (2019): °C in the hold.
    HoldTemperature(i16),
    /// 11: where the speed was too high; the area is absent where the place is of no kind (0).
    Overspeed { place: u8, area: Option<u32> },
    /// 12: area or route entered (0) or left (1).
    Area { place: u8, area: u32, direction: u8 },
    /// 13: too short (0) or too long (1) on a segment of a route.
    Segment {
        segment: u32,
        seconds: u16,
        result: u8,
    },
    /// 14 (JT/T 1078): video alarms by bit.
    VideoAlarm(u32),
    /// 15 (JT/T 1078): channels without signal.
    VideoLost(u32),
    /// 16 (JT/T 1078): channels covered.
    VideoCovered(u32),
    /// 17 (JT/T 1078): stores that fail; bits 0 to 11 main, 12 to 15 emergency.
    StoreFault(u16),
    /// 18 (JT/T 1078): abnormal driving by bit, and how tired the driver seems, 0 to 100.
    AbnormalDriving { kinds: u16, fatigue: Option<u8> },
    /// 25: signals of the vehicle by bit.
    VehicleSignals(u32),
    /// 2A: inputs and outputs; bit 0 deep sleep, bit 1 sleep.
    Io(u16),
    /// 2B: two analogue inputs.
    Analogue { ad0: u16, ad1: u16 },
    /// 30: strength of the radio signal.
    Signal(u8),
    /// 31: satellites in use.
    Satellites(u8),
    /// 64 to 67: active safety of Jiangsu.
    ActiveSafety(Box<ActiveSafety>),
    /// Everything else, and what is not as its id says.
    Raw { id: u8, bytes: Vec<u8> },
}

/// Bits of extension 25.
pub(crate) const VEHICLE_SIGNALS: &[Bit] = &[
    signal(0, "low_beam", "近光灯信号", "low beam"),
    signal(1, "high_beam", "远光灯信号", "high beam"),
    signal(2, "right_turn", "右转向灯信号", "right turn signal"),
    signal(3, "left_turn", "左转向灯信号", "left turn signal"),
    signal(4, "brake", "制动信号", "brake"),
    signal(5, "reverse", "倒档信号", "reverse gear"),
    signal(6, "fog_lamp", "雾灯信号", "fog lamp"),
    signal(7, "clearance_lamp", "示廓灯", "clearance lamp"),
    signal(8, "horn", "喇叭信号", "horn"),
    signal(9, "air_conditioning", "空调状态", "air conditioning"),
    signal(10, "neutral", "空挡信号", "neutral gear"),
    signal(11, "retarder", "缓速器工作", "retarder"),
    signal(12, "abs", "ABS工作", "ABS"),
    signal(13, "heater", "加热器工作", "heater"),
    signal(14, "clutch", "离合器状态", "clutch"),
];

/// Bits of extension 14 (JT/T 1078-2016, table 14; from memory, not verified).
pub(crate) const VIDEO_ALARMS: &[Bit] = &[
    signal(0, "video_lost", "视频信号丢失报警", "video signal lost"),
    signal(
        1,
        "video_covered",
        "视频信号遮挡报警",
        "video signal covered",
    ),
    signal(2, "store_fault", "存储单元故障报警", "store faulty"),
    signal(
        3,
        "video_fault",
        "其他视频设备故障报警",
        "other video equipment faulty",
    ),
    signal(4, "overcrowded", "客车超员报警", "overcrowded"),
    signal(
        5,
        "abnormal_driving",
        "异常驾驶行为报警",
        "abnormal driving",
    ),
    signal(
        6,
        "special_store_full",
        "特殊报警录像达到存储阈值",
        "alarm recordings at their limit",
    ),
];

const fn signal(bit: u8, code: &'static str, zh: &'static str, en: &'static str) -> Bit {
    Bit { bit, code, zh, en }
}

impl Extension {
    /// The id on the wire.
    pub fn id(&self) -> u8 {
        match self {
            Self::Mileage(_) => 0x01,
            Self::Fuel(_) => 0x02,
            Self::RecorderSpeed(_) => 0x03,
            Self::ConfirmAlarm(_) => 0x04,
            Self::TyrePressures(_) => 0x05,
            Self::HoldTemperature(_) => 0x06,
            Self::Overspeed { .. } => 0x11,
            Self::Area { .. } => 0x12,
            Self::Segment { .. } => 0x13,
            Self::VideoAlarm(_) => 0x14,
            Self::VideoLost(_) => 0x15,
            Self::VideoCovered(_) => 0x16,
            Self::StoreFault(_) => 0x17,
            Self::AbnormalDriving { .. } => 0x18,
            Self::VehicleSignals(_) => 0x25,
            Self::Io(_) => 0x2a,
            Self::Analogue { .. } => 0x2b,
            Self::Signal(_) => 0x30,
            Self::Satellites(_) => 0x31,
            Self::ActiveSafety(alarm) => alarm.kind.id(),
            Self::Raw { id, .. } => *id,
        }
    }

    /// What the bits of the extension say, where it has bits.
    pub fn bits(&self) -> Vec<&'static Bit> {
        match self {
            Self::VideoAlarm(word) => named(*word, VIDEO_ALARMS).collect(),
            Self::VehicleSignals(word) => named(*word, VEHICLE_SIGNALS).collect(),
            _ => Vec::new(),
        }
    }

    /// The numbers in it, in the unit of the quantity.
    pub(crate) fn measured(&self) -> Vec<Measured> {
        let tenths = |value: u32| f64::from(value) / 10.0;
        match self {
            Self::Mileage(value) => vec![Measured::new("01", tenths(*value), "km")],
            Self::Fuel(value) => vec![Measured::new("02", tenths(u32::from(*value)), "L")],
            Self::RecorderSpeed(value) => {
                vec![Measured::new("03", tenths(u32::from(*value)), "km/h")]
            }
            Self::HoldTemperature(value) => vec![Measured::new("06", *value, "℃")],
            Self::Analogue { ad0, ad1 } => vec![
                Measured::new("2b.0", *ad0, ""),
                Measured::new("2b.1", *ad1, ""),
            ],
            Self::Signal(value) => vec![Measured::new("30", *value, "")],
            Self::Satellites(value) => vec![Measured::new("31", *value, "")],
            _ => Vec::new(),
        }
    }
}

/// All extensions up to the end of the body.
pub(crate) fn read_all(reader: &mut Reader<'_>) -> Vec<Extension> {
    let mut extensions = Vec::new();
    while let [id, length, rest @ ..] = reader.peek() {
        let (id, declared) = (*id, usize::from(*length));
        let found = declared.min(rest.len());
        // Cannot fail: as much is there.
        let Ok([_, _, value @ ..]) = reader.take(2 + found) else {
            break;
        };
        if found < declared {
            reader.oddities.push(Oddity::ExtensionCut {
                id,
                declared,
                found,
            });
            extensions.push(raw(id, value));
        } else {
            extensions.push(read_one(id, value, reader));
        }
    }
    let bytes = reader.left();
    if bytes > 0 {
        reader.oddities.push(Oddity::Trailing { bytes });
        let _one_stray_byte = reader.take(bytes);
    }
    extensions
}

fn raw(id: u8, bytes: &[u8]) -> Extension {
    Extension::Raw {
        id,
        bytes: bytes.to_vec(),
    }
}

fn read_one(id: u8, value: &[u8], reader: &mut Reader<'_>) -> Extension {
    let mut inner = reader.within(value);
    match known(id, &mut inner) {
        None => {
            reader.oddities.push(Oddity::UnknownExtension { id });
            raw(id, value)
        }
        Some(Ok(extension)) if inner.left() == 0 => {
            reader.oddities.append(&mut inner.oddities);
            extension
        }
        Some(_) => {
            let found = value.len();
            reader.oddities.push(Oddity::ExtensionLength { id, found });
            raw(id, value)
        }
    }
}

fn known(id: u8, reader: &mut Reader<'_>) -> Option<Result<Extension, Unread>> {
    Some(match id {
        0x01 => reader.u32().map(Extension::Mileage),
        0x02 => reader.u16().map(Extension::Fuel),
        0x03 => reader.u16().map(Extension::RecorderSpeed),
        0x04 => reader.u16().map(Extension::ConfirmAlarm),
        0x05 => reader
            .take(30)
            .map(|bytes| Extension::TyrePressures(bytes.to_vec())),
        0x06 => reader
            .u16()
            .map(|word| Extension::HoldTemperature(from_signed(word))),
        0x11..=0x13 => place(id, reader),
        0x14 => reader.u32().map(Extension::VideoAlarm),
        0x15 => reader.u32().map(Extension::VideoLost),
        0x16 => reader.u32().map(Extension::VideoCovered),
        0x17 => reader.u16().map(Extension::StoreFault),
        0x18 => abnormal_driving(reader),
        0x25 => reader.u32().map(Extension::VehicleSignals),
        0x2a => reader.u16().map(Extension::Io),
        0x2b => reader.u32().map(|word| Extension::Analogue {
            ad0: word as u16,
            ad1: (word >> 16) as u16,
        }),
        0x30 => reader.u8().map(Extension::Signal),
        0x31 => reader.u8().map(Extension::Satellites),
        0x64..=0x67 => {
            active_safety::read(id, reader).map(|alarm| Extension::ActiveSafety(Box::new(alarm)))
        }
        _ => return None,
    })
}

fn place(id: u8, reader: &mut Reader<'_>) -> Result<Extension, Unread> {
    Ok(match id {
        0x11 => Extension::Overspeed {
            place: reader.u8()?,
            area: (reader.left() > 0).then(|| reader.u32()).transpose()?,
        },
        0x12 => Extension::Area {
            place: reader.u8()?,
            area: reader.u32()?,
            direction: reader.u8()?,
        },
        _ => Extension::Segment {
            segment: reader.u32()?,
            seconds: reader.u16()?,
            result: reader.u8()?,
        },
    })
}

fn abnormal_driving(reader: &mut Reader<'_>) -> Result<Extension, Unread> {
    Ok(Extension::AbnormalDriving {
        kinds: reader.u16()?,
        fatigue: (reader.left() > 0).then(|| reader.u8()).transpose()?,
    })
}

/// The highest bit is the sign, the rest the amount.
fn from_signed(word: u16) -> i16 {
    let amount = (word & 0x7fff).cast_signed();
    if word & 0x8000 == 0 { amount } else { -amount }
}

fn to_signed(value: i16) -> u16 {
    let amount = value.unsigned_abs().min(0x7fff);
    if value < 0 { amount | 0x8000 } else { amount }
}

pub(crate) fn write_all(extensions: &[Extension], writer: &mut Writer) {
    for extension in extensions {
        writer.at_field("extension").u8(extension.id());
        let mut value = writer.within();
        value.at_field("extension");
        write_value(extension, &mut value);
        writer.absorb::<u8>(value);
    }
}

fn write_value(extension: &Extension, writer: &mut Writer) {
    match extension {
        Extension::Mileage(value)
        | Extension::VideoAlarm(value)
        | Extension::VideoLost(value)
        | Extension::VideoCovered(value)
        | Extension::VehicleSignals(value) => writer.u32(*value),
        Extension::Fuel(value)
        | Extension::RecorderSpeed(value)
        | Extension::ConfirmAlarm(value)
        | Extension::StoreFault(value)
        | Extension::Io(value) => writer.u16(*value),
        Extension::Signal(value) | Extension::Satellites(value) => writer.u8(*value),
        Extension::HoldTemperature(value) => writer.u16(to_signed(*value)),
        Extension::Overspeed { place, area } => {
            writer.u8(*place);
            if let Some(area) = area {
                writer.u32(*area);
            }
        }
        Extension::Area {
            place,
            area,
            direction,
        } => {
            writer.u8(*place);
            writer.u32(*area);
            writer.u8(*direction);
        }
        Extension::Segment {
            segment,
            seconds,
            result,
        } => {
            writer.u32(*segment);
            writer.u16(*seconds);
            writer.u8(*result);
        }
        Extension::AbnormalDriving { kinds, fatigue } => {
            writer.u16(*kinds);
            writer.bytes.extend(*fatigue);
        }
        Extension::Analogue { ad0, ad1 } => writer.u32(u32::from(*ad1) << 16 | u32::from(*ad0)),
        Extension::ActiveSafety(alarm) => active_safety::write(alarm, writer),
        Extension::TyrePressures(bytes) | Extension::Raw { bytes, .. } => {
            writer.bytes.extend_from_slice(bytes);
        }
    }
}
