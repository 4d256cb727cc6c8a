//! Active safety of Jiangsu (苏标, T/JSATL 12): extensions 64 to 67 of a location.
//!
//! The layouts agree with the real frames at hand; the names of the kinds of alarm are from memory, not verified.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::header::Edition;
use crate::layout::{Bcd6, Fixed, Layout, Many, Padded, Plain, Reader, Unread, Writer, record};

/// Bytes of a mark whose terminal id has 7 bytes; with 30 bytes it has 40.
const SHORT_MARK: usize = 16;
const LONG_MARK: usize = 40;

/// Which of the four systems raised the alarm, and its own part of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "system", rename_all = "snake_case")]
pub enum SafetyKind {
    /// 64: advanced driver assistance (ADAS).
    Assistance(Assistance),
    /// 65: the driver's state (DSM).
    DriverState(DriverState),
    /// 66: tyre pressure (TPMS).
    TyrePressure(TyrePressure),
    /// 67: blind spots (BSD).
    BlindSpot(BlindSpot),
}

/// One alarm of active safety.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveSafety {
    /// Counts from power-on.
    pub number: u32,
    /// 0 none, 1 begins, 2 ends.
    pub state: u8,
    pub kind: SafetyKind,
    /// km/h.
    pub speed: u8,
    pub altitude: u16,
    /// Millionths of a degree.
    pub latitude_micro: u32,
    pub longitude_micro: u32,
    pub time: Option<Timestamp>,
    /// Bit 0 ignition, 1 left turn, 2 right turn, 3 wipers, 4 brake, 5 card in, 10 located.
    pub vehicle: u16,
    pub mark: AlarmMark,
}

/// Names an alarm for the files that follow it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmMark {
    pub terminal: String,
    pub time: Option<Timestamp>,
    pub sequence: u8,
    /// Files that belong to the alarm.
    pub files: u8,
    /// One byte, or two where the terminal id has 30; its length tells the two layouts apart.
    pub reserved: Vec<u8>,
}

record! {
    /// What driver assistance saw.
    Assistance {
        /// 1 forward collision, 2 lane departure, 3 too near, 4 pedestrian, 5 changes lanes often, 6 road sign exceeded,
        /// 7 obstacle, 10h road sign seen, 11h picture taken.
        alarm: u8,
        level: u8,
        /// km/h of the vehicle in front.
        front_speed: u8,
        /// Tenths of a second to the vehicle in front.
        front_distance: u8,
        /// 1 left, 2 right.
        deviation: u8,
        road_sign: u8,
        road_sign_value: u8,
    }
}

record! {
    /// What the camera saw of the driver.
    DriverState {
        /// 1 fatigue, 2 phone, 3 smoking, 4 distracted, 5 abnormal, 10h picture taken, 11h driver changed.
        alarm: u8,
        level: u8,
        /// 1 to 10.
        fatigue: u8,
        reserved: Vec<u8> as Fixed<4>,
    }
}

record! {
    /// What the blind-spot radar saw.
    BlindSpot {
        /// 1 behind, 2 left behind, 3 right behind.
        alarm: u8,
    }
}

/// Tyres out of order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TyrePressure {
    pub tyres: Vec<TyreReading>,
}

record! {
    /// One tyre.
    TyreReading {
        position: u8,
        /// Bit 0 timed report, 1 pressure high, 2 low, 3 temperature high, 4 sensor, 5 unbalanced, 6 leaking, 7 battery.
        alarm: u16,
        /// kPa.
        pressure: u16,
        /// ℃.
        temperature: u16,
        /// Percent.
        battery: u16,
    }
}

impl SafetyKind {
    pub(crate) fn id(&self) -> u8 {
        match self {
            Self::Assistance(_) => 0x64,
            Self::DriverState(_) => 0x65,
            Self::TyrePressure(_) => 0x66,
            Self::BlindSpot(_) => 0x67,
        }
    }

    fn read(id: u8, reader: &mut Reader<'_>) -> Result<Self, Unread> {
        Ok(match id {
            0x64 => Self::Assistance(Plain::read(reader)?),
            0x65 => Self::DriverState(Plain::read(reader)?),
            // The tyres stand at the very end.
            0x66 => Self::TyrePressure(TyrePressure { tyres: Vec::new() }),
            _ => Self::BlindSpot(Plain::read(reader)?),
        })
    }

    fn write(&self, writer: &mut Writer) {
        match self {
            Self::Assistance(seen) => Plain::write(seen, writer),
            Self::DriverState(seen) => Plain::write(seen, writer),
            Self::TyrePressure(_) => {}
            Self::BlindSpot(seen) => Plain::write(seen, writer),
        }
    }

    /// The name of the alarm; for tyres the names of its bits are joined by the caller.
    pub fn name(&self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::Assistance(seen) => match seen.alarm {
                0x01 => ("前向碰撞报警", "forward collision"),
                0x02 => ("车道偏离报警", "lane departure"),
                0x03 => ("车距过近报警", "too near"),
                0x04 => ("行人碰撞报警", "pedestrian collision"),
                0x05 => ("频繁变道报警", "changes lanes often"),
                0x06 => ("道路标识超限报警", "road sign exceeded"),
                0x07 => ("障碍物报警", "obstacle"),
                0x10 => ("道路标志识别事件", "road sign seen"),
                0x11 => ("主动抓拍事件", "picture taken"),
                _ => return None,
            },
            Self::DriverState(seen) => match seen.alarm {
                0x01 => ("疲劳驾驶报警", "fatigued driving"),
                0x02 => ("接打手持电话报警", "on the phone"),
                0x03 => ("抽烟报警", "smoking"),
                0x04 => ("分神驾驶报警", "distracted"),
                0x05 => ("驾驶员异常报警", "driver abnormal"),
                0x10 => ("自动抓拍事件", "picture taken"),
                0x11 => ("驾驶员变更事件", "driver changed"),
                _ => return None,
            },
            Self::TyrePressure(_) => ("胎压报警", "tyre pressure"),
            Self::BlindSpot(seen) => match seen.alarm {
                0x01 => ("后方接近报警", "vehicle behind"),
                0x02 => ("左侧后方接近报警", "vehicle behind left"),
                0x03 => ("右侧后方接近报警", "vehicle behind right"),
                _ => return None,
            },
        })
    }
}

/// The value of extension `id`, which is one of 64 to 67.
pub(super) fn read(id: u8, reader: &mut Reader<'_>) -> Result<ActiveSafety, Unread> {
    let mut alarm = ActiveSafety {
        number: reader.u32()?,
        state: reader.u8()?,
        kind: SafetyKind::read(id, reader)?,
        speed: reader.u8()?,
        altitude: reader.u16()?,
        latitude_micro: reader.u32()?,
        longitude_micro: reader.u32()?,
        time: reader.get::<_, Bcd6>("alarm time")?,
        vehicle: reader.u16()?,
        mark: AlarmMark {
            terminal: String::new(),
            time: None,
            sequence: 0,
            files: 0,
            reserved: Vec::new(),
        },
    };
    alarm.mark = read_mark(mark_is_long(&alarm.kind, reader.peek()), reader)?;
    if let SafetyKind::TyrePressure(pressure) = &mut alarm.kind {
        pressure.tyres = reader.get::<_, Many<u8>>("tyres")?;
    }
    Ok(alarm)
}

/// What is left tells the layout: a mark, and for tyres a count and nine bytes for each.
fn mark_is_long(kind: &SafetyKind, rest: &[u8]) -> bool {
    if !matches!(kind, SafetyKind::TyrePressure(_)) {
        return rest.len() >= LONG_MARK;
    }
    let fits = |mark: usize| {
        rest.get(mark)
            .is_some_and(|count| rest.len() == mark + 1 + 9 * usize::from(*count))
    };
    fits(LONG_MARK) || !fits(SHORT_MARK) && rest.len() > LONG_MARK
}

fn read_mark(is_long: bool, reader: &mut Reader<'_>) -> Result<AlarmMark, Unread> {
    let terminal = if is_long {
        reader.get::<_, Padded<30>>("terminal")?
    } else {
        reader.get::<_, Padded<7>>("terminal")?
    };
    Ok(AlarmMark {
        terminal,
        time: reader.get::<_, Bcd6>("mark time")?,
        sequence: reader.u8()?,
        files: reader.u8()?,
        reserved: reader.take(if is_long { 2 } else { 1 })?.to_vec(),
    })
}

pub(super) fn write(value: &ActiveSafety, writer: &mut Writer) {
    writer.u32(value.number);
    writer.u8(value.state);
    value.kind.write(writer);
    writer.u8(value.speed);
    writer.u16(value.altitude);
    writer.u32(value.latitude_micro);
    writer.u32(value.longitude_micro);
    writer.put::<_, Bcd6>("alarm time", &value.time);
    writer.u16(value.vehicle);
    write_mark(value.mark.reserved.len() > 1, &value.mark, writer);
    if let SafetyKind::TyrePressure(pressure) = &value.kind {
        writer.put::<_, Many<u8>>("tyres", &pressure.tyres);
    }
}

fn write_mark(is_long: bool, mark: &AlarmMark, writer: &mut Writer) {
    if is_long {
        writer.put::<_, Padded<30>>("terminal", &mark.terminal);
    } else {
        writer.put::<_, Padded<7>>("terminal", &mark.terminal);
    }
    writer.put::<_, Bcd6>("mark time", &mark.time);
    writer.u8(mark.sequence);
    writer.u8(mark.files);
    if is_long {
        writer.put::<_, Fixed<2>>("reserved", &mark.reserved);
    } else {
        writer.put::<_, Fixed<1>>("reserved", &mark.reserved);
    }
}

/// A mark in a message of its own: long since 2019.
pub(crate) struct MarkByEdition;

impl Layout<AlarmMark> for MarkByEdition {
    fn read(reader: &mut Reader<'_>) -> Result<AlarmMark, Unread> {
        read_mark(reader.edition == Edition::V2019, reader)
    }

    fn write(value: &AlarmMark, writer: &mut Writer) {
        write_mark(writer.edition == Edition::V2019, value, writer);
    }
}
