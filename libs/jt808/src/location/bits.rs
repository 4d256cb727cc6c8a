//! What the bits of the alarm and the status word mean. The names are those of 2019; where 2013 used a bit otherwise,
//! its meaning stands behind the stroke. Bits 15 to 17 of the alarms, 6, 7 and 22 of the status exist since 2019.

use serde::{Deserialize, Serialize};

/// A bit with its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Bit {
    pub bit: u8,
    /// Stable, for programs.
    pub code: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
}

const fn bit(bit: u8, code: &'static str, zh: &'static str, en: &'static str) -> Bit {
    Bit { bit, code, zh, en }
}

/// Names of the bits that are set, out of a table.
pub(crate) fn named(word: u32, table: &'static [Bit]) -> impl Iterator<Item = &'static Bit> {
    table
        .iter()
        .filter(move |entry| word.checked_shr(u32::from(entry.bit)).unwrap_or(0) & 1 == 1)
}

/// The alarm word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Alarm(pub u32);

impl Alarm {
    pub const BITS: &'static [Bit] = &[
        bit(0, "emergency", "紧急报警", "emergency button"),
        bit(1, "overspeed", "超速报警", "overspeed"),
        bit(2, "fatigue", "疲劳驾驶报警", "fatigued driving"),
        bit(
            3,
            "dangerous_driving",
            "危险驾驶行为报警/危险预警",
            "dangerous driving / danger warning",
        ),
        bit(4, "gnss_fault", "GNSS模块发生故障", "GNSS module faulty"),
        bit(
            5,
            "gnss_antenna_open",
            "GNSS天线未接或被剪断",
            "GNSS antenna cut or not connected",
        ),
        bit(
            6,
            "gnss_antenna_short",
            "GNSS天线短路",
            "GNSS antenna shorted",
        ),
        bit(7, "power_low", "终端主电源欠压", "main power low"),
        bit(8, "power_lost", "终端主电源掉电", "main power lost"),
        bit(9, "display_fault", "终端LCD或显示器故障", "display faulty"),
        bit(10, "tts_fault", "TTS模块故障", "speech module faulty"),
        bit(11, "camera_fault", "摄像头故障", "camera faulty"),
        bit(
            12,
            "card_reader_fault",
            "道路运输证IC卡模块故障",
            "licence card module faulty",
        ),
        bit(13, "overspeed_warning", "超速预警", "overspeed warning"),
        bit(14, "fatigue_warning", "疲劳驾驶预警", "fatigue warning"),
        bit(
            15,
            "driving_violation",
            "违规行驶报警",
            "driving against the rules",
        ),
        bit(
            16,
            "tyre_pressure_warning",
            "胎压预警",
            "tyre pressure warning",
        ),
        bit(
            17,
            "right_turn_blind_spot",
            "右转盲区异常报警",
            "right-turn blind spot",
        ),
        bit(
            18,
            "daily_driving_exceeded",
            "当天累计驾驶超时报警",
            "driven too long today",
        ),
        bit(19, "parking_exceeded", "超时停车报警", "parked too long"),
        bit(20, "area", "进出区域报警", "area entered or left"),
        bit(21, "route", "进出路线报警", "route entered or left"),
        bit(
            22,
            "segment_time",
            "路段行驶时间不足/过长报警",
            "too short or too long on a segment",
        ),
        bit(23, "route_deviation", "路线偏离报警", "off the route"),
        bit(24, "vss_fault", "车辆VSS故障", "speed sensor faulty"),
        bit(
            25,
            "fuel_abnormal",
            "车辆油量异常报警",
            "fuel level abnormal",
        ),
        bit(26, "stolen", "车辆被盗报警", "vehicle stolen"),
        bit(
            27,
            "illegal_ignition",
            "车辆非法点火报警",
            "illegal ignition",
        ),
        bit(
            28,
            "illegal_movement",
            "车辆非法位移报警",
            "illegal movement",
        ),
        bit(
            29,
            "collision",
            "碰撞侧翻报警/碰撞预警",
            "collision or rollover / collision warning",
        ),
        bit(30, "rollover_warning", "侧翻预警", "rollover warning"),
        bit(
            31,
            "illegal_door",
            "非法开门报警（2013）",
            "illegal door opening (2013)",
        ),
    ];

    /// The alarms that are raised.
    pub fn raised(self) -> impl Iterator<Item = &'static Bit> {
        named(self.0, Self::BITS)
    }

    /// Is there any?
    pub fn is_raised(self) -> bool {
        self.0 != 0
    }
}

/// How full a vehicle is (bits 8 and 9 of the status).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Load {
    Empty,
    Half,
    Reserved,
    Full,
}

/// The status word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Status(pub u32);

impl Status {
    /// Bits 8 and 9 are a number together: [`Status::load`].
    pub const BITS: &'static [Bit] = &[
        bit(0, "acc_on", "ACC开", "ignition on"),
        bit(1, "located", "定位", "position fixed"),
        bit(2, "south", "南纬", "southern latitude"),
        bit(3, "west", "西经", "western longitude"),
        bit(4, "out_of_service", "停运状态", "out of service"),
        bit(
            5,
            "position_encrypted",
            "经纬度已经保密插件加密",
            "position encrypted",
        ),
        bit(
            6,
            "forward_collision_warning",
            "紧急刹车系统采集的前撞预警",
            "forward collision warning",
        ),
        bit(
            7,
            "lane_departure_warning",
            "车道偏移预警",
            "lane departure warning",
        ),
        bit(10, "fuel_cut", "车辆油路断开", "fuel line cut"),
        bit(11, "circuit_cut", "车辆电路断开", "circuit cut"),
        bit(12, "doors_locked", "车门加锁", "doors locked"),
        bit(13, "front_door_open", "前门开", "front door open"),
        bit(14, "middle_door_open", "中门开", "middle door open"),
        bit(15, "rear_door_open", "后门开", "rear door open"),
        bit(16, "driver_door_open", "驾驶席门开", "driver's door open"),
        bit(17, "fifth_door_open", "门5开", "fifth door open"),
        bit(18, "gps", "使用GPS卫星定位", "located by GPS"),
        bit(19, "beidou", "使用北斗卫星定位", "located by BeiDou"),
        bit(20, "glonass", "使用GLONASS卫星定位", "located by GLONASS"),
        bit(21, "galileo", "使用Galileo卫星定位", "located by Galileo"),
        bit(22, "moving", "车辆处于行驶状态", "moving"),
    ];

    /// The states that are set.
    pub fn set(self) -> impl Iterator<Item = &'static Bit> {
        named(self.0, Self::BITS)
    }

    pub fn is_acc_on(self) -> bool {
        self.0 & 1 != 0
    }

    /// Did the device have a position when it sent this?
    pub fn is_located(self) -> bool {
        self.0 & 1 << 1 != 0
    }

    pub fn is_south(self) -> bool {
        self.0 & 1 << 2 != 0
    }

    pub fn is_west(self) -> bool {
        self.0 & 1 << 3 != 0
    }

    pub fn load(self) -> Load {
        match (self.0 >> 8) & 3 {
            0 => Load::Empty,
            1 => Load::Half,
            2 => Load::Reserved,
            _ => Load::Full,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_stands_once_and_in_order() {
        for table in [Alarm::BITS, Status::BITS] {
            assert!(table.windows(2).all(|pair| pair[0].bit < pair[1].bit));
            let mut codes: Vec<_> = table.iter().map(|entry| entry.code).collect();
            codes.sort_unstable();
            codes.dedup();
            assert_eq!(codes.len(), table.len());
        }
    }

    #[test]
    fn raised_alarms_are_named() {
        let codes: Vec<_> = Alarm(1 << 10 | 1).raised().map(|bit| bit.code).collect();
        assert_eq!(codes, ["emergency", "tts_fault"]);
        assert_eq!(Status(0x0300).load(), Load::Full);
    }
}
